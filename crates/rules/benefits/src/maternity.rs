//! Maternity protection around the birth (Mutterschutzfristen, § 3 MuSchG).

use jiff::civil::Date;
use serde::Deserialize;

use crate::calendar::{Days, days_between, plus_days};

/// Days of protection before the due date (§ 3(1) MuSchG).
const BEFORE: i64 = 42;

/// What the protection period depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Maternity {
    /// The due date of the certificate.
    pub due_date: Date,
    /// The day of birth; `None` if the child is not yet born.
    pub birth_date: Option<Date>,
    /// Premature birth in the medical sense, multiples, or a disability found within eight weeks:
    /// twelve weeks instead of eight (§ 3(2) sentence 2 MuSchG).
    #[serde(default)]
    pub extended: bool,
}

/// First and last day of protection.
///
/// After the birth it lasts 56 or 84 days; the days before the birth that were lost to an early
/// birth are added (§ 3(2) sentence 3 MuSchG).
#[must_use]
pub fn protection(maternity: Maternity) -> Days {
    let birth = maternity.birth_date.unwrap_or(maternity.due_date);
    let regular_start = plus_days(maternity.due_date, -BEFORE);
    let lost = days_between(birth, maternity.due_date)
        .unwrap_or(0)
        .clamp(0, BEFORE);
    let after = if maternity.extended { 84 } else { 56 };
    Days {
        from: regular_start.min(birth),
        to: plus_days(birth, after + lost),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_late_birth_prolongs_and_an_early_one_loses_nothing() {
        let days = |due, birth, extended| {
            protection(Maternity {
                due_date: due,
                birth_date: Some(birth),
                extended,
            })
        };
        let late = days(date(2025, 9, 29), date(2025, 10, 5), false);
        assert_eq!(
            (late.from, late.to),
            (date(2025, 8, 18), date(2025, 11, 30))
        );
        let early = days(date(2024, 10, 13), date(2024, 8, 4), true);
        assert_eq!(
            (early.from, early.to),
            (date(2024, 8, 4), date(2024, 12, 8))
        );
    }
}
