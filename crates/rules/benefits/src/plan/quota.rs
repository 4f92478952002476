//! How many months there are and how many a plan uses (§ 4(3)–(5), § 4b BEEG).

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::family::{Family, PlanInput};
use crate::elterngeld::{Draw, Months};

/// Months available. Basis counts in half months: one Basis month is two Plus months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Basis in half months, both parents together.
    pub basis_halves: u8,
    /// Half months of one of two parents at most; one alone is bound by the sum only.
    pub per_parent_halves: Option<u8>,
    /// Bonus months, counted per parent and added up.
    pub bonus: u8,
    /// Whether the number of Plus months is shown, too.
    shows_plus: bool,
}

/// Months used by a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Used {
    /// Half months of Basis: two for a Basis, one for a Plus month.
    pub basis_halves: u8,
    /// Bonus months of all parents.
    pub bonus: u8,
    shows_plus: bool,
}

/// The limits by month of life, moved by a premature birth (§ 4(1), (5) BEEG).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Last month in which both may draw Basis in parallel.
    pub parallel_until: u8,
    /// Last month with Basiselterngeld.
    pub basis_until: u8,
    /// First month from which nothing may be left out.
    pub continuous_from: u8,
}

/// The months of a family.
#[must_use]
pub fn quota(family: &Family) -> Quota {
    let early = 2 * family.early_months();
    let both_count = family.parents == 2 || family.lone_parent;
    let partner = if family.parent_was_employed && both_count {
        4
    } else {
        0
    };
    let basis_halves = 24 + early + partner;
    Quota {
        basis_halves,
        per_parent_halves: (family.parents == 2).then_some(24 + early),
        bonus: match (family.may_have_bonus(), family.parents) {
            (false, _) => 0,
            (true, 1) => 4,
            (true, _) => 8,
        },
        shows_plus: family.weeks_early.is_none(),
    }
}

/// The limits by month of a family.
#[must_use]
pub fn window(family: &Family) -> Window {
    let early = family.early_months();
    Window {
        parallel_until: 12 + early,
        basis_until: 14 + early,
        continuous_from: 15 + early,
    }
}

/// Half months of Basis one parent uses.
pub(super) fn halves(months: &Months) -> u8 {
    months
        .0
        .iter()
        .map(|draw| match draw {
            Draw::Basis => 2,
            Draw::Plus => 1,
            _ => 0,
        })
        .sum()
}

/// What a plan uses.
#[must_use]
pub fn used(input: &PlanInput) -> Used {
    let mut sum = Used {
        shows_plus: input.family.weeks_early.is_none(),
        ..Used::default()
    };
    for (_, months) in input.parents() {
        sum.basis_halves += halves(months);
        for draw in months.0 {
            if draw == Draw::Bonus {
                sum.bonus += 1;
            }
        }
    }
    sum
}

fn counts<S: Serializer>(
    serializer: S,
    basis_halves: u8,
    bonus: u8,
    shows_plus: bool,
) -> Result<S::Ok, S::Error> {
    let mut counts = serializer.serialize_struct("Counts", 3)?;
    counts.serialize_field("basis_halves", &basis_halves)?;
    if shows_plus {
        // One Plus month uses half a Basis month, so both run out together.
        counts.serialize_field("plus", &basis_halves)?;
    }
    counts.serialize_field("bonus", &bonus)?;
    counts.end()
}

impl Serialize for Quota {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        counts(serializer, self.basis_halves, self.bonus, self.shows_plus)
    }
}

impl Serialize for Used {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        counts(serializer, self.basis_halves, self.bonus, self.shows_plus)
    }
}
