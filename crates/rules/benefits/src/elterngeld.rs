//! Elterngeld: from what a parent states to the amount of each month of life (BEEG).
//!
//! [`compute`] runs the whole pipeline; [`Rules`] say whether it follows the statute or reproduces
//! the federal calculator, and which reading of the open points it takes.

mod claim;
mod deductions;
mod drawing;
mod income;
mod offset;
mod parameters;
mod rate;
mod result;
mod siblings;

pub use claim::{
    ActiveMonths, Activity, ActivityKind, Claim, Draw, Employment, MaternityBenefit, MonthIncome,
    Months, OtherBenefit, Sibling, StatedTaxClass,
};
pub use drawing::IncomeNow;
pub use income::IncomeBefore;
pub use offset::first_paid_month;
pub use parameters::{
    AllowanceFor2024, EmploymentLimits, HIGHEST_BASIS, HIGHEST_INCOME, LOWEST_BASIS, Mode,
    OffsetRounding, PlanOf2025, ProfitClass, Readings, Rules, VARIANTS, Variant, employment_limits,
    income_limit,
};
pub use rate::{basis_amount, plus_amount, plus_amount_with_income, replacement_rate};
pub use result::{AmountWithIncome, Elterngeld, MonthAmount};
pub use siblings::{bonus_lapses_on, multiples_supplement, sibling_bonus};

use einmal_model::Cents;
use jiff::Span;
use jiff::civil::Date;

use crate::calendar::{LIFE_MONTHS, life_month_start};
use crate::trace::{Line, Sink, Value};

/// Computes one parent's Elterngeld, month by month.
///
/// The claim is expected to have no [`Claim::problems`]; what is out of range is cut, not refused.
pub fn compute<S: Sink>(claim: &Claim, rules: Rules, sink: &mut S) -> Elterngeld {
    sink.open();
    trace_open_points(claim, rules, sink);
    sink.open();
    let (income, treatment) = income::before_birth(claim, rules, sink);
    let before = income.elterngeld_net.0;
    sink.leaf(Line::Rate, Value::Permille(income.rate_permille));
    let basis = basis_amount(before, 0);
    sink.close(Line::BasisAmount, Value::Money(Cents(basis)));
    let plus = plus_amount(basis);
    sink.leaf(Line::PlusAmount, Value::Money(Cents(plus)));

    let gross = drawing::GrossByMonth::of(claim);
    let (mut basis_with, mut plus_with) = (None, None);
    // Without income before there is no difference to compensate: the minimum is paid.
    if income.status != Employment::None && !claim.income_after_birth.is_empty() {
        let mut block = |line: Line, counts: &dyn Fn(Draw) -> bool, amount: &dyn Fn(i64) -> i64| {
            sink.open();
            let drawn = |month: u8| counts(claim.plan.at(month));
            let now = drawing::while_drawing(claim, rules, &treatment, &gross, drawn, sink);
            let amount = amount(now.unwrap_or_default().net.0);
            sink.close(line, Value::Money(Cents(amount)));
            now.map(|now| AmountWithIncome {
                average_gross: now.gross,
                average_net: now.net,
                amount: Cents(amount),
            })
        };
        basis_with = block(Line::BasisWithIncome, &|draw| draw == Draw::Basis, &|now| {
            basis_amount(before, now)
        });
        plus_with = block(
            Line::PlusWithIncome,
            &|draw| matches!(draw, Draw::Plus | Draw::Bonus),
            &|now| plus_amount_with_income(before, now, plus),
        );
    }

    let mut result = Elterngeld {
        income,
        basis: Cents(basis),
        plus: Cents(plus),
        basis_with_income: basis_with,
        plus_with_income: plus_with,
        months: [MonthAmount::default(); LIFE_MONTHS],
        total: Cents(0),
        over_income_limit: over_income_limit(claim, sink),
    };
    fill_months(claim, rules, &gross, &mut result, sink);
    sink.close(Line::Total, Value::Money(result.total));
    result
}

/// Whether the taxable income stated excludes the claim (§ 1(8) BEEG).
fn over_income_limit<S: Sink>(claim: &Claim, sink: &mut S) -> bool {
    let Some(income) = claim.taxable_income_euro else {
        return false;
    };
    let limit = income_limit(claim.birth_date, claim.lone_parent);
    sink.open();
    sink.leaf(
        Line::TaxableIncome,
        Value::Money(Cents(income.saturating_mul(100))),
    );
    sink.close(Line::IncomeLimit, Value::Money(Cents(limit * 100)));
    income > limit
}

/// The amount of every month drawn.
fn fill_months<S: Sink>(
    claim: &Claim,
    rules: Rules,
    gross: &drawing::GrossByMonth,
    result: &mut Elterngeld,
    sink: &mut S,
) {
    let lapse = bonus_lapses_on(claim);
    if let Some(day) = lapse {
        sink.leaf(Line::SiblingBonusUntil, Value::Day(day));
    }
    let first_paid = claim
        .received
        .map_or(1, |day| first_paid_month(claim.birth_date, day));
    let months = (1..).zip(claim.plan.0.iter());
    for ((month, draw), slot) in months.zip(result.months.iter_mut()) {
        if !draw.is_drawn() {
            continue;
        }
        let halved = *draw != Draw::Basis;
        let (without, with) = if halved {
            (result.plus, result.plus_with_income)
        } else {
            (result.basis, result.basis_with_income)
        };
        let base = match with {
            Some(with) if gross.at(month) > 0 => with.amount.0,
            _ => without.0,
        };
        sink.open();
        sink.leaf(Line::Base, Value::Money(Cents(base)));
        let has_bonus = lapse.is_some_and(|day| bonus_day(claim, rules, month) < day);
        let mut siblings = 0;
        if has_bonus {
            siblings = sibling_bonus(base, halved);
            sink.leaf(Line::SiblingBonus, Value::Money(Cents(siblings)));
        }
        let mut multiples = multiples_supplement(claim.children_born, halved);
        if multiples > 0 {
            sink.leaf(Line::Multiples, Value::Money(Cents(multiples)));
        }
        let mut total = base + siblings + multiples;
        let by_maternity = offset::maternity_offset(claim, rules, month, total);
        let mut offset = by_maternity;
        if by_maternity > 0 {
            sink.leaf(Line::MaternityOffset, Value::Money(Cents(-by_maternity)));
        }
        let by_others = offset::other_offset(claim, month, total - by_maternity, halved);
        if by_others > 0 {
            offset += by_others;
            sink.leaf(Line::OtherOffset, Value::Money(Cents(-by_others)));
        }
        let unpaid = month < first_paid || result.over_income_limit;
        if unpaid {
            let rest = total - offset;
            let line = if result.over_income_limit {
                Line::IncomeLimit
            } else {
                Line::BackPayment
            };
            sink.leaf(line, Value::Money(Cents(-rest)));
            offset = total;
        }
        total -= offset;
        if total == 0 {
            (siblings, multiples) = (0, 0);
        }
        sink.close_as(
            Line::Month,
            Some(month),
            Value::Money(Cents(total)),
            Line::Month.norm(),
        );
        *slot = MonthAmount {
            drawn: true,
            total: Cents(total),
            sibling_bonus: Cents(siblings),
            multiples: Cents(multiples),
            offset: Cents(offset),
        };
        result.total.0 += total;
    }
}

/// The day on which the conditions of the sibling bonus are looked at for a month of life.
fn bonus_day(claim: &Claim, rules: Rules, month: u8) -> Date {
    if rules.peer() {
        // The peer lets a month without the day start on its last day instead of the next first.
        claim
            .birth_date
            .saturating_add(Span::new().months(i64::from(month) - 1))
    } else {
        life_month_start(claim.birth_date, month)
    }
}

/// Names the readings of open points that this birth is touched by.
fn trace_open_points<S: Sink>(claim: &Claim, rules: Rules, sink: &mut S) {
    let readings = rules.readings;
    match claim.birth_date.year() {
        2024 => sink.leaf_from(
            Line::OpenPoint,
            Value::Word(match readings.allowance_for_2024 {
                AllowanceFor2024::Guidelines => "allowance_for_2024=guidelines",
                AllowanceFor2024::Statute => "allowance_for_2024=statute",
            }),
            "§ 2c(1) s. 4 BEEG",
        ),
        2026 => sink.leaf_from(
            Line::OpenPoint,
            Value::Word(match readings.plan_of_2025 {
                PlanOf2025::Amended => "plan_of_2025=amended",
                PlanOf2025::First => "plan_of_2025=first",
            }),
            "§ 2e(1) BEEG",
        ),
        _ => {}
    }
}
