//! Income while drawing Elterngeld (§ 2(3), § 4a(2) BEEG).

use einmal_model::Cents;

use super::claim::{Claim, Employment};
use super::deductions::{Insurance, social, taxes};
use super::income::{Treatment, below_tax, has_allowance, social_base};
use super::parameters::{Rules, employment_limits};
use crate::calendar::{LIFE_MONTHS, life_month_start};
use crate::number::round_div;
use crate::trace::{Line, Sink, Value};

/// Average income in the months of one kind of Elterngeld that have income.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IncomeNow {
    /// Average gross less the allowance of each month.
    pub gross: Cents,
    /// The same less taxes and social deductions of the average gross.
    pub net: Cents,
}

/// Gross income by month of life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GrossByMonth([i64; LIFE_MONTHS]);

impl GrossByMonth {
    /// Sums up the statements of a claim by month.
    pub(super) fn of(claim: &Claim) -> Self {
        let mut months = [0; LIFE_MONTHS];
        for entry in &claim.income_after_birth {
            if let Some(sum) = usize::from(entry.month)
                .checked_sub(1)
                .and_then(|index| months.get_mut(index))
            {
                *sum += entry.gross_cents.0;
            }
        }
        Self(months)
    }

    /// Gross income of a month of life counted from 1.
    pub(super) fn at(&self, month: u8) -> i64 {
        usize::from(month)
            .checked_sub(1)
            .and_then(|index| self.0.get(index).copied())
            .unwrap_or(0)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u8, i64)> + '_ {
        (1..).zip(self.0.iter().copied())
    }
}

/// Average income of the months that `counts` accepts; `None` if none of them has income.
pub(super) fn while_drawing<S: Sink>(
    claim: &Claim,
    rules: Rules,
    treatment: &Treatment,
    gross: &GrossByMonth,
    counts: impl Fn(u8) -> bool,
    sink: &mut S,
) -> Option<IncomeNow> {
    let earning = || {
        gross
            .iter()
            .filter(|(month, sum)| *sum > 0 && counts(*month))
    };
    let (mut sum, mut less_allowance, mut number) = (0, 0, 0);
    for (_, month_gross) in earning() {
        sum += month_gross;
        less_allowance += (month_gross - treatment.allowance).max(0);
        number += 1;
    }
    if number == 0 {
        return None;
    }
    let average = round_div(sum, number);
    let now = if has_allowance(treatment.kind) {
        round_div(less_allowance, number)
    } else {
        average
    };
    sink.open();
    sink.leaf(Line::Gross, Value::Money(Cents(now)));
    let first = earning().next().map_or(1, |(month, _)| month);
    let first_day = life_month_start(claim.birth_date, first);
    let mut treatment = *treatment;
    if !rules.peer() && average > employment_limits(first_day).minijob.0 {
        // The minijob before birth says nothing about a larger job now.
        if treatment.kind == Employment::Minijob {
            treatment.kind = Employment::EmployeeInsured;
            treatment.insurance = Insurance {
                health: claim.statutory_health_insurance,
                pension: true,
                unemployment: true,
            };
        }
    }
    let mut deductions = 0;
    if treatment.kind != Employment::Minijob {
        if !below_tax(rules, treatment.kind, average, first_day) {
            let plan = rules.plan(claim.birth_date);
            let (kind, allowance) = (treatment.kind, treatment.allowance);
            deductions += taxes(claim, plan, treatment.class, kind, average, allowance, sink);
        }
        let days = earning().map(|(month, _)| life_month_start(claim.birth_date, month));
        let base = social_base(rules, treatment.kind, average, days);
        deductions += social(base, treatment.insurance, sink);
    }
    let net = (now - deductions).max(0);
    sink.close(Line::Net, Value::Money(Cents(net)));
    Some(IncomeNow {
        gross: Cents(now),
        net: Cents(net),
    })
}
