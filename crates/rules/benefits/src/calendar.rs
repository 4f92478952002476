//! Months of a child's life (Lebensmonate) and birthdays, by §§ 187(2), 188(2), (3) BGB.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// Months of life that Elterngeld can fall into (§ 4(1) BEEG).
pub const LIFE_MONTHS: usize = 32;

/// First and last day of a period, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Days {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

impl Days {
    /// Number of days, never negative.
    #[must_use]
    pub fn count(self) -> i64 {
        days_between(self.from, self.to).map_or(0, |days| (days + 1).max(0))
    }

    /// Days that both periods share.
    #[must_use]
    pub fn shared_with(self, other: Self) -> i64 {
        Self {
            from: self.from.max(other.from),
            to: self.to.min(other.to),
        }
        .count()
    }
}

/// Days from one date to a later one; negative if it is earlier.
pub(crate) fn days_between(from: Date, to: Date) -> Option<i64> {
    Some(i64::from(from.until(to).ok()?.get_days()))
}

/// A date moved by whole days; stays where it is at the end of the calendar.
pub(crate) fn plus_days(date: Date, days: i64) -> Date {
    date.saturating_add(Span::new().days(days.clamp(-100_000, 100_000)))
}

/// First day of the month that lies `months` after the month of `date`.
pub(crate) fn month_after(date: Date, months: i64) -> Date {
    date.first_of_month()
        .saturating_add(Span::new().months(months.clamp(-12_000, 12_000)))
}

/// Last day of the month of life `n`: the day before the birth day's number, or the month's last
/// day if it has no such day.
fn last_day(birth: Date, n: i64) -> Date {
    let month = month_after(birth, n);
    if birth.day() <= month.days_in_month() {
        plus_days(month, i64::from(birth.day()) - 2)
    } else {
        month.last_of_month()
    }
}

/// The days of the month of life `n`, counted from 1.
#[must_use]
pub fn life_month(birth: Date, n: u8) -> Days {
    Days {
        from: life_month_start(birth, n),
        to: last_day(birth, i64::from(n)),
    }
}

/// The first day of the month of life `n`, counted from 1.
#[must_use]
pub fn life_month_start(birth: Date, n: u8) -> Date {
    if n <= 1 {
        birth
    } else {
        plus_days(last_day(birth, i64::from(n) - 1), 1)
    }
}

/// The month of life that a day falls into, counted from 1; `None` before birth.
#[must_use]
pub fn life_month_of(birth: Date, day: Date) -> Option<u8> {
    if day < birth {
        return None;
    }
    (1..=u8::MAX).find(|n| day <= last_day(birth, i64::from(*n)))
}

/// The day on which someone is `years` old; born on 29 February it is 1 March in other years.
pub(crate) fn birthday(birth: Date, years: i16) -> Date {
    let clamped = birth.saturating_add(i64::from(years).years());
    if clamped.day() < birth.day() {
        plus_days(clamped, 1)
    } else {
        clamped
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn a_month_without_the_day_ends_with_its_last_day() {
        let birth = date(2024, 12, 31);
        assert_eq!(life_month(birth, 4).to, date(2025, 4, 30));
        assert_eq!(life_month(birth, 5).from, date(2025, 5, 1));
        assert_eq!(life_month(birth, 5).to, date(2025, 5, 30));
    }

    #[test]
    fn a_leap_day_child_has_its_birthday_on_the_first_of_march() {
        assert_eq!(birthday(date(2024, 2, 29), 3), date(2027, 3, 1));
        assert_eq!(birthday(date(2024, 2, 29), 4), date(2028, 2, 29));
    }

    proptest! {
        #[test]
        fn months_of_life_follow_each_other_without_gap(days in 0_i64..3000, n in 1_u8..32) {
            let birth = plus_days(date(2021, 1, 1), days);
            let month = life_month(birth, n);
            prop_assert!(month.from <= month.to);
            prop_assert_eq!(plus_days(month.to, 1), life_month(birth, n + 1).from);
            prop_assert_eq!(life_month_of(birth, month.from), Some(n));
            prop_assert_eq!(life_month_of(birth, month.to), Some(n));
        }
    }
}
