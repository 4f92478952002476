//! Income tax by tariff (§ 32a EStG), also for classes V and VI (§ 39b(2) sentence 7 EStG).

use super::plan::Plan;

/// Start of the 45 % zone in cents: 277 826 €.
const TOP_ZONE_FROM: i64 = 27_782_600;

/// Tax in whole euro on an income in cents, single tariff (UPTAB of the plan).
///
/// The plan keeps six decimals of a ten-thousandth of the income: that is one unit per cent, so
/// integers hold every step exactly.
fn single(plan: &Plan, income_cents: i64) -> i64 {
    let t = &plan.tariff;
    if income_cents < (t.basic_allowance + 1) * 100 {
        0
    } else if income_cents < t.second_zone_from * 100 {
        let y = income_cents - t.basic_allowance * 100;
        (y * t.first_slope + 140_000_000_000) * y / 100_000_000_000_000
    } else if income_cents < t.third_zone_from * 100 {
        let y = income_cents - (t.second_zone_from - 1) * 100;
        ((y * t.second_slope + 239_700_000_000) * y + t.second_constant * 1_000_000_000_000)
            / 100_000_000_000_000
    } else if income_cents < TOP_ZONE_FROM {
        (income_cents * 42 - t.third_constant * 100) / 10_000
    } else {
        (income_cents * 45 - t.top_constant * 100) / 10_000
    }
}

/// Annual tax in whole euro for classes I to IV.
///
/// `income` is the taxable income in whole euro divided by `splitting`, which is 2 in class III.
pub(super) fn classes_one_to_four(plan: &Plan, income: i64, splitting: i64) -> i64 {
    single(plan, income * 100) * splitting
}

/// Annual tax in whole euro for classes V and VI (MST5-6 of the plan).
pub(super) fn classes_five_and_six(plan: &Plan, income: i64) -> i64 {
    let (first, second, third) = (
        plan.class_five_first,
        plan.class_five_second,
        plan.class_five_third,
    );
    if income > third {
        let to_third = steep(plan, second) + (third - second) * 42 / 100;
        to_third + (income - third) * 45 / 100
    } else if income > second {
        steep(plan, second) + (income - second) * 42 / 100
    } else if income > first {
        let ceiling = steep(plan, first) + (income - first) * 42 / 100;
        steep(plan, income).min(ceiling)
    } else {
        steep(plan, income)
    }
}

/// Twice the tax between 0.75 and 1.25 times the income, at least 14 % (UP5-6 of the plan).
fn steep(plan: &Plan, income: i64) -> i64 {
    let cut = |cents: i64| {
        if plan.class_five_whole_euro {
            cents / 100 * 100
        } else {
            cents
        }
    };
    let upper = single(plan, cut(income * 125));
    let lower = single(plan, cut(income * 75));
    ((upper - lower) * 2).max(income * 14 / 100)
}
