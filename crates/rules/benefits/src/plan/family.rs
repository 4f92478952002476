//! What the rules for a plan depend on.

use einmal_model::Cents;
use jiff::civil::{Date, date};
use serde::Deserialize;

use crate::elterngeld::{Draw, Months};
use crate::kindergeld::Hours;
use crate::problem::Problem;

/// Months with maternity benefits of a parent (§ 4(4) sentence 3 BEEG).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct MaternityMonths {
    /// 1 or 2.
    pub parent: u8,
    /// Last month of life with benefits.
    pub last_month: u8,
}

/// Income of a parent in a month of life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct IncomeInMonth {
    /// 1 or 2.
    pub parent: u8,
    /// Month of life.
    pub month: u8,
    /// Gross income.
    pub gross_cents: Cents,
}

/// Working hours of a parent in a month of life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct HoursInMonth {
    /// 1 or 2.
    pub parent: u8,
    /// Month of life.
    pub month: u8,
    /// Hours a week on the month's average.
    pub weekly_hours: Hours,
}

fn yes() -> bool {
    true
}

/// The family a plan is made for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Family {
    /// Birth of the child.
    pub birth_date: Date,
    /// Parents who apply: 1 or 2.
    pub parents: u8,
    /// The one parent fulfils § 4c BEEG.
    #[serde(default)]
    pub lone_parent: bool,
    /// At least one parent earned in the assessment period (§ 4(3) sentence 2 BEEG).
    #[serde(default = "yes")]
    pub parent_was_employed: bool,
    /// More than one child of this birth.
    #[serde(default)]
    pub multiples: bool,
    /// A sibling's disability gives the sibling bonus.
    #[serde(default)]
    pub disabled_sibling: bool,
    /// The newborn has a disability.
    #[serde(default)]
    pub newborn_disabled: bool,
    /// Weeks between birth and due date, if early; `None` if the line does not speak of it.
    #[serde(default)]
    pub weeks_early: Option<Hours>,
    /// Months with maternity benefits.
    #[serde(default)]
    pub maternity: Option<MaternityMonths>,
    /// Income while drawing; `None` if incomes are not asked for.
    #[serde(default)]
    pub income: Option<Vec<IncomeInMonth>>,
    /// Hours while drawing; months that are not listed are not judged.
    #[serde(default)]
    pub hours: Option<Vec<HoursInMonth>>,
}

impl Family {
    /// Months that a premature birth adds (§ 4(5) BEEG).
    #[must_use]
    pub fn early_months(&self) -> u8 {
        match self.weeks_early.unwrap_or_default().0 {
            1_600.. => 4,
            1_200.. => 3,
            800.. => 2,
            600.. => 1,
            _ => 0,
        }
    }

    /// Whether Basiselterngeld may run in parallel only once (§ 4(6) BEEG, births from 2024-04-01).
    #[must_use]
    pub fn parallel_basis_is_limited(&self) -> bool {
        self.birth_date >= date(2024, 4, 1)
            && !self.multiples
            && !self.disabled_sibling
            && !self.newborn_disabled
            && self.early_months() == 0
    }

    /// Whether bonus months are open to the parents at all (§§ 4b, 4c BEEG).
    #[must_use]
    pub fn may_have_bonus(&self) -> bool {
        self.parents == 2 || self.lone_parent
    }

    /// Last month with maternity benefits of a parent, 0 if there is none.
    #[must_use]
    pub fn maternity_until(&self, parent: u8) -> u8 {
        self.maternity
            .filter(|maternity| maternity.parent == parent)
            .map_or(0, |maternity| maternity.last_month)
    }
}

/// A family with the choices of its parents.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PlanInput {
    /// The family.
    #[serde(flatten)]
    pub family: Family,
    /// Choices of the first parent.
    pub p1: Months,
    /// Choices of the second parent.
    #[serde(default)]
    pub p2: Option<Months>,
}

impl PlanInput {
    /// The choices of every parent, with the parent's number.
    pub fn parents(&self) -> impl Iterator<Item = (u8, &Months)> {
        (1..).zip(std::iter::once(&self.p1).chain(self.p2.as_ref()))
    }

    /// What both parents chose for a month; the second is open if there is only one.
    #[must_use]
    pub fn at(&self, month: u8) -> (Draw, Draw) {
        (
            self.p1.at(month),
            self.p2.map_or(Draw::Open, |months| months.at(month)),
        )
    }

    /// What is wrong with the input.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if !(1..=2).contains(&self.family.parents) {
            problems.push(Problem::new(
                "parents",
                "one or two parents draw Elterngeld",
                "state 1 or 2",
            ));
        }
        if (self.family.parents == 2) != self.p2.is_some() {
            problems.push(Problem::new(
                "p2",
                "there must be as many plans as parents",
                "state the second plan for two parents only",
            ));
        }
        if let Some(maternity) = self.family.maternity
            && (maternity.parent == 0
                || maternity.parent > self.family.parents
                || maternity.last_month > 32)
        {
            problems.push(Problem::new(
                "maternity",
                "names a parent or month that does not exist",
                "state parent 1 or 2 and a month from 1 to 32",
            ));
        }
        problems
    }
}
