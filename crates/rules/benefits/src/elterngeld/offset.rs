//! Benefits that are offset against Elterngeld (§ 3 BEEG).

use jiff::civil::Date;

use super::claim::Claim;
use super::parameters::{OffsetRounding, Rules};
use crate::calendar::{Days, life_month, plus_days};
use crate::number::round_div;

/// Days that the protection period is taken to last if only its months are stated (§ 3(2) MuSchG).
fn assumed_days(claim: &Claim) -> Option<Days> {
    let weeks = match claim.maternity_benefit_months {
        0 => return None,
        1 | 2 => 8,
        _ => 12,
    };
    Some(Days {
        from: claim.birth_date,
        to: plus_days(claim.birth_date, weeks * 7),
    })
}

/// What maternity benefits take from the Elterngeld of a month (§ 3(1) sentences 1 and 2 BEEG).
///
/// Benefits for part of a month are offset only against the same part of the Elterngeld.
pub(super) fn maternity_offset(claim: &Claim, rules: Rules, month: u8, amount: i64) -> i64 {
    if rules.peer() {
        return if month <= claim.maternity_benefit_months {
            amount
        } else {
            0
        };
    }
    if claim.maternity_benefits.is_empty() && claim.maternity_benefit_months == 0 {
        return 0;
    }
    let days = life_month(claim.birth_date, month);
    let length = days.count().max(1);
    let part = |covered: i64| match rules.readings.offset_rounding {
        OffsetRounding::PartOnce => round_div(amount * covered, length),
        OffsetRounding::DayFirst if covered == length => amount,
        OffsetRounding::DayFirst => round_div(amount, length) * covered,
    };
    let offset = if claim.maternity_benefits.is_empty() {
        // Without stated amounts the benefits, which replace the wage, exceed the Elterngeld.
        assumed_days(claim).map_or(0, |protection| part(protection.shared_with(days)))
    } else {
        let mut sum = 0;
        for benefit in &claim.maternity_benefits {
            let covered = benefit.days.shared_with(days);
            sum += part(covered).min(covered * benefit.daily_cents.0);
        }
        sum
    };
    offset.min(amount)
}

/// What other benefits take from the Elterngeld of a month (§ 3(1) no. 5, (2) BEEG).
///
/// 300 € stay free and 300 € more for each further child of the same birth, half of it for Plus.
pub(super) fn other_offset(claim: &Claim, month: u8, amount: i64, halved: bool) -> i64 {
    let mut benefits = 0;
    for benefit in &claim.other_benefits {
        if benefit.month == month {
            benefits += benefit.gross_cents.0;
        }
    }
    let free = claim.children_born.max(1) * if halved { 15_000 } else { 30_000 };
    benefits.min((amount - free).max(0))
}

/// The first month of life that is still paid when the application came in on a day (§ 7(1) BEEG).
#[must_use]
pub fn first_paid_month(birth: Date, received: Date) -> u8 {
    crate::calendar::life_month_of(birth, received)
        .map_or(1, |month| month.saturating_sub(3).max(1))
}
