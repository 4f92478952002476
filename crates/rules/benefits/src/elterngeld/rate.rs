//! Replacement rate and the amounts that follow from it (§§ 2, 4a BEEG).

use super::parameters::{HIGHEST_BASIS, HIGHEST_INCOME, LOWEST_BASIS};
use crate::number::round_div;

/// Replacement rate in permille for an income before birth in cents (§ 2(1), (2) BEEG).
#[must_use]
pub fn replacement_rate(net: i64) -> i64 {
    if net < 100_000 {
        (670 + (100_000 - net) / 200).min(1_000)
    } else if net > 120_000 {
        (670 - (net - 120_000) / 200).max(650)
    } else {
        670
    }
}

/// Basiselterngeld in cents for an income before birth and an income while drawing (§ 2(1)–(4)).
#[must_use]
pub fn basis_amount(before: i64, now: i64) -> i64 {
    share(before, now).clamp(LOWEST_BASIS, HIGHEST_BASIS)
}

/// Half of the Basiselterngeld without income: what ElterngeldPlus is at most (§ 4a(2) BEEG).
#[must_use]
pub fn plus_amount(basis: i64) -> i64 {
    round_div(basis, 2)
}

/// ElterngeldPlus in cents with income while drawing (§ 4a(2) BEEG).
#[must_use]
pub fn plus_amount_with_income(before: i64, now: i64, highest: i64) -> i64 {
    share(before, now).max(LOWEST_BASIS / 2).min(highest)
}

/// The rate of the income before applied to what is missing now (§ 2(3) BEEG).
fn share(before: i64, now: i64) -> i64 {
    let missing = (before.min(HIGHEST_INCOME) - now).max(0);
    round_div(missing * replacement_rate(before), 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_rate_moves_by_full_steps_of_two_euro() {
        for (net, rate) in [
            (0, 1_000),
            (34_000, 1_000),
            (34_001, 999),
            (99_800, 671),
            (99_801, 670),
            (120_199, 670),
            (120_200, 669),
            (123_999, 651),
            (124_000, 650),
            (500_000, 650),
        ] {
            assert_eq!(replacement_rate(net), rate, "{net}");
        }
    }

    #[test]
    fn the_cap_of_the_income_binds_only_with_income_while_drawing() {
        assert_eq!(basis_amount(400_000, 0), 180_000);
        assert_eq!(basis_amount(400_000, 77_000), 130_000);
    }

    proptest! {
        #[test]
        fn amounts_stay_within_their_bounds(before in 0_i64..2_000_000, now in 0_i64..2_000_000) {
            let basis = basis_amount(before, 0);
            prop_assert!((30_000..=180_000).contains(&basis));
            prop_assert!(basis_amount(before, now) <= basis);
            let plus = plus_amount_with_income(before, now, plus_amount(basis));
            prop_assert!((15_000..=90_000).contains(&plus));
        }

        #[test]
        fn more_income_before_never_lowers_basis(before in 0_i64..400_000, more in 0_i64..100_000) {
            // By law the rate falls by 0.1 point at every second full euro, so right behind a step
            // the amount is lower by up to a thousandth of the income: 1 201.99 € yield 805.33 €,
            // 1 202 € yield 804.14 €. More than one step never loses anything.
            let slack = if more < 200 { 125 } else { 0 };
            prop_assert!(basis_amount(before + more, 0) + slack >= basis_amount(before, 0));
        }
    }
}
