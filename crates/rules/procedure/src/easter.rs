//! Easter Sunday, from which the movable holidays are counted.

use jiff::civil::Date;

/// Easter Sunday of a year of the Gregorian calendar.
///
/// The tabular rule of the calendar reform (golden number, epact with solar and lunar correction,
/// Sunday letter) in whole numbers; nothing for a year outside the calendar.
#[must_use]
pub fn easter_sunday(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let golden = y.rem_euclid(19);
    let century = y.div_euclid(100);
    let of_century = y.rem_euclid(100);
    let solar = century - century.div_euclid(4);
    let lunar = (century - (century + 8).div_euclid(25) + 1).div_euclid(3);
    // Days from 21 March to the paschal full moon.
    let moon = (19 * golden + solar - lunar + 15).rem_euclid(30);
    let sunday_letter = (32 + 2 * century.rem_euclid(4) + 2 * of_century.div_euclid(4)
        - moon
        - of_century.rem_euclid(4))
    .rem_euclid(7);
    // Keeps the full moon from falling on the same day twice in nineteen years.
    let correction = (golden + 11 * moon + 22 * sunday_letter).div_euclid(451);
    let days = moon + sunday_letter - 7 * correction + 114;
    let month = i8::try_from(days.div_euclid(31)).ok()?;
    let day = i8::try_from(days.rem_euclid(31) + 1).ok()?;
    Date::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn matches_published_dates() {
        for (year, month, day) in [
            (1991, 3, 31),
            (2000, 4, 23),
            (2008, 3, 23),
            (2011, 4, 24),
            (2019, 4, 21),
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2027, 3, 28),
            (2038, 4, 25),
            (2049, 4, 18),
            (2076, 4, 19),
            (2100, 3, 28),
        ] {
            assert_eq!(easter_sunday(year), Some(date(year, month, day)));
        }
    }
}
