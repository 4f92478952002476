//! Sibling bonus and supplement for multiples (§ 2a BEEG).

use jiff::civil::Date;

use super::claim::{Claim, Sibling};
use crate::calendar::birthday;
use crate::number::round_div;

/// The first day on which no condition of the sibling bonus holds any more; `None` if none ever did.
///
/// Two children under 3, three under 6 (the new child counted), or one with a disability under 14.
/// Children of the same birth do not count (§ 2a(1) sentence 2); for adopted children the time since
/// they joined takes the place of the age. The bonus is due for every month of life that begins
/// before this day, since it ends with the month in which the condition lapses.
#[must_use]
pub fn bonus_lapses_on(claim: &Claim) -> Option<Date> {
    let (mut youngest, mut second): (Option<Date>, Option<Date>) = (None, None);
    let mut lapse: Option<Date> = None;
    let counted = |sibling: &&Sibling| sibling.birth_date != claim.birth_date;
    for sibling in claim.siblings.iter().filter(counted) {
        let since = sibling.joined_household.unwrap_or(sibling.birth_date);
        if sibling.disabled {
            lapse = lapse.max(Some(birthday(since, 14)));
        }
        if Some(since) > youngest {
            second = youngest;
            youngest = Some(since);
        } else if Some(since) > second {
            second = Some(since);
        }
    }
    lapse
        .max(youngest.map(|since| birthday(since, 3)))
        .max(second.map(|since| birthday(since, 6)))
        .filter(|day| *day > claim.birth_date)
}

/// Sibling bonus on an amount of a month in cents.
#[must_use]
pub fn sibling_bonus(amount: i64, halved: bool) -> i64 {
    round_div(amount, 10).max(if halved { 3_750 } else { 7_500 })
}

/// Supplement for the second and each further child of the same birth, in cents.
#[must_use]
pub fn multiples_supplement(children_born: i64, halved: bool) -> i64 {
    (children_born - 1).max(0) * if halved { 15_000 } else { 30_000 }
}
