//! Amounts for the planner from the parents' claims, and what one change of a plan would do.

use einmal_model::Cents;

use super::checks::{Report, check};
use super::family::PlanInput;
use super::search::{Amounts, MonthlyAmounts, plan_total};
use crate::calendar::LIFE_MONTHS;
use crate::elterngeld::{Claim, Draw, MonthIncome, Months, Rules, compute};
use crate::trace::Silent;

/// What a change of one month would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// The plan with the change.
    pub plan: PlanInput,
    /// What the rules say about it.
    pub report: Report,
    /// How much more both parents get together; negative if less.
    pub difference: Cents,
}

impl Amounts {
    /// What each month of life would pay of each kind, from the claims of the parents.
    ///
    /// Sibling bonus, multiples and offsets are in; income while drawing is taken into account only
    /// as the same monthly `bonus_income` in bonus months, since averages over other months depend
    /// on the plan itself (§ 2(3) BEEG).
    #[must_use]
    pub fn of_claims(
        first: &Claim,
        second: Option<&Claim>,
        rules: Rules,
        bonus_income: [Cents; 2],
    ) -> Self {
        let [of_first, of_second] = bonus_income;
        let none = [MonthlyAmounts::default(); LIFE_MONTHS];
        Self([
            of_claim(first, rules, of_first),
            second.map_or(none, |claim| of_claim(claim, rules, of_second)),
        ])
    }
}

fn of_claim(claim: &Claim, rules: Rules, bonus_income: Cents) -> [MonthlyAmounts; LIFE_MONTHS] {
    let run = |draw: Draw, income: Cents| {
        let mut claim = claim.clone();
        claim.plan = Months([draw; LIFE_MONTHS]);
        claim.income_after_birth = (1..=32)
            .filter(|_| income.0 > 0)
            .map(|month| MonthIncome {
                month,
                gross_cents: income,
            })
            .collect();
        compute(&claim, rules, &mut Silent).months
    };
    let mut amounts = [MonthlyAmounts::default(); LIFE_MONTHS];
    let basis = run(Draw::Basis, Cents(0));
    let plus = run(Draw::Plus, Cents(0));
    let bonus = run(Draw::Bonus, bonus_income);
    for (((slot, basis), plus), bonus) in amounts.iter_mut().zip(basis).zip(plus).zip(bonus) {
        *slot = MonthlyAmounts {
            basis_cents: basis.total,
            plus_cents: plus.total,
            bonus_cents: bonus.total,
        };
    }
    amounts
}

impl PlanInput {
    /// The same plan with one choice changed; months and parents that do not exist change nothing.
    #[must_use]
    pub fn with_change(&self, parent: u8, month: u8, draw: Draw) -> Self {
        let mut changed = self.clone();
        let months = match parent {
            1 => Some(&mut changed.p1),
            2 => changed.p2.as_mut(),
            _ => None,
        };
        let slot = months.and_then(|months| {
            usize::from(month)
                .checked_sub(1)
                .and_then(|index| months.0.get_mut(index))
        });
        if let Some(slot) = slot {
            *slot = draw;
        }
        changed
    }

    /// What a change would do to rules and money.
    #[must_use]
    pub fn effect(&self, amounts: &Amounts, parent: u8, month: u8, draw: Draw) -> Effect {
        let plan = self.with_change(parent, month, draw);
        let before = plan_total(&self.p1, self.p2.as_ref(), amounts);
        let after = plan_total(&plan.p1, plan.p2.as_ref(), amounts);
        Effect {
            report: check(&plan),
            plan,
            difference: Cents(after.0 - before.0),
        }
    }
}
