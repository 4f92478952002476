//! Every rule of §§ 4, 4a, 4b, 4c BEEG as a check of its own.
//!
//! A check looks at the whole plan and answers with the months concerned. What a parent is shown
//! leaves out rules that only fail because another one does.

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::family::PlanInput;
use super::quota::{Quota, Used, halves, quota, used, window};
use crate::calendar::LIFE_MONTHS;
use crate::elterngeld::Draw;
use crate::trace::Language;

macro_rules! codes {
    ($($name:ident $text:literal $doc:literal;)*) => {
        /// Name of a rule.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = $doc] $name,)* }

        impl Code {
            /// All rules in the order they are reported in.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Stable name for machines.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

codes! {
    MaternityMonthsAreBasis "maternity_months_are_basis" "Months with maternity benefits are Basis (§ 4(4) s. 3).";
    BasisQuota "basis_quota" "Basis months of both together (§ 4(3)).";
    PlusQuota "plus_quota" "Plus months of both together (§ 4a(2)).";
    BonusQuota "bonus_quota" "Four bonus months per parent (§ 4b(1)).";
    ParallelBasis "parallel_basis_once_in_first_12" "Basis of both once, within twelve months (§ 4(6)).";
    PerParentLimit "per_parent_limit_12" "Twelve Basis months per parent (§ 4(4)).";
    BonusNeedsTwo "bonus_needs_two_parents_or_lone" "Bonus for two parents or a lone one (§§ 4b, 4c).";
    BonusOnlyParallel "bonus_only_parallel" "Bonus for both at once (§ 4b(1)).";
    BonusAtLeastTwo "bonus_at_least_two_months" "At least two bonus months (§ 4b(1)).";
    BonusConsecutive "bonus_consecutive" "Bonus months follow each other (§ 4b(1)).";
    ContinuousFrom "continuous_from_month_15" "No gap from month 15 on (§ 4(1) s. 3).";
    NoBasisAfter "no_basis_after_month_14" "Basis until month 14 (§ 4(1) s. 2).";
    AtLeastOneMonth "at_least_one_month" "Something must be drawn.";
    ZeroOrTwoMonths "each_parent_zero_or_two_months" "Two months at least per parent (§ 4(4)).";
    BonusNeedsIncome "bonus_months_need_income" "Bonus months are months of work (§ 4b(1) no. 1).";
    BonusHours "bonus_hours_24_to_32" "24 to 32 hours in bonus months (§ 4b(1) no. 1).";
    AtMostHours "at_most_32_hours" "At most 32 hours while drawing (§ 1(6)).";
}

impl Code {
    /// Rules that are looked at only when the parents hand the plan in.
    #[must_use]
    pub fn is_closing(self) -> bool {
        matches!(
            self,
            Self::AtLeastOneMonth | Self::ZeroOrTwoMonths | Self::BonusNeedsIncome
        )
    }

    /// Whether this rule says nothing new while another one fails.
    fn is_hidden_by(self, failing: &[Violation]) -> bool {
        let fails = |code: Self| failing.iter().any(|v| v.code == code);
        match self {
            Self::BonusQuota => fails(Self::BonusNeedsTwo),
            Self::ParallelBasis
            | Self::PerParentLimit
            | Self::ContinuousFrom
            | Self::NoBasisAfter => fails(Self::BasisQuota),
            Self::BonusOnlyParallel | Self::BonusAtLeastTwo | Self::BonusConsecutive => {
                fails(Self::BonusQuota) && !Self::BonusQuota.is_hidden_by(failing)
            }
            _ => false,
        }
    }
}

/// A rule that a plan breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The rule.
    pub code: Code,
    /// Months of life concerned, ascending; empty if it is about the plan as a whole.
    pub months: Vec<u8>,
    /// The limit the sentence names, as months.
    pub limit: u8,
}

impl Violation {
    /// What a parent is told.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        super::sentences::sentence(self, language)
    }
}

/// What the rules say about a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Every rule that fails on its own, in the order of [`Code::ALL`].
    pub violations: Vec<Violation>,
    /// Months there are.
    pub quota: Quota,
    /// Months used.
    pub used: Used,
}

impl Report {
    /// Whether the plan can be applied for.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.violations.is_empty()
    }

    /// Whether the plan can still become one that can be applied for.
    #[must_use]
    pub fn is_valid_while_choosing(&self) -> bool {
        self.violations.iter().all(|v| v.code.is_closing())
    }

    /// The violations a parent is shown, without those that follow from others.
    pub fn shown(&self) -> impl Iterator<Item = &Violation> {
        self.violations
            .iter()
            .filter(|v| !v.code.is_hidden_by(&self.violations))
    }
}

const MONTHS: std::ops::RangeInclusive<u8> = 1..=32;
const _: () = assert!(LIFE_MONTHS == 32, "the range of months follows LIFE_MONTHS");

/// Checks every rule.
#[must_use]
pub fn check(input: &PlanInput) -> Report {
    let quota = quota(&input.family);
    let used = used(input);
    let mut violations = Vec::new();
    for code in Code::ALL {
        let Some((limit, months)) = concerned(*code, input, &quota, &used) else {
            continue;
        };
        violations.push(Violation {
            code: *code,
            months,
            limit,
        });
    }
    Report {
        violations,
        quota,
        used,
    }
}

/// The limit and the months concerned if the rule is broken.
fn concerned(code: Code, input: &PlanInput, quota: &Quota, used: &Used) -> Option<(u8, Vec<u8>)> {
    let window = window(&input.family);
    let some = |limit: u8, months: Vec<u8>| (!months.is_empty()).then_some((limit, months));
    match code {
        Code::MaternityMonthsAreBasis => {
            let last = input.family.maternity.map_or(0, |m| m.last_month);
            some(last, maternity_months_without_basis(input))
        }
        Code::BasisQuota => (used.basis_halves > quota.basis_halves)
            .then(|| (quota.basis_halves / 2, months_of(input, Draw::Basis))),
        Code::PlusQuota => (used.basis_halves > quota.basis_halves)
            .then(|| (quota.basis_halves, months_of(input, Draw::Plus))),
        Code::BonusQuota => (used.bonus > quota.bonus).then(|| {
            (
                quota.bonus / input.family.parents.max(1),
                months_of(input, Draw::Bonus),
            )
        }),
        Code::ParallelBasis => some(
            window.parallel_until,
            parallel_basis(input, window.parallel_until),
        ),
        Code::PerParentLimit => quota
            .per_parent_halves
            .and_then(|limit| per_parent(input, limit)),
        Code::BonusNeedsTwo => {
            if input.family.may_have_bonus() {
                None
            } else {
                some(2, months_of(input, Draw::Bonus))
            }
        }
        Code::BonusOnlyParallel => {
            if input.family.parents == 2 {
                some(2, months_where(|m| is_bonus_of_one(input.at(m))))
            } else {
                None
            }
        }
        Code::BonusAtLeastTwo => {
            let months = common_bonus_months(input);
            (months.len() == 1).then_some((2, months))
        }
        Code::BonusConsecutive => {
            let months = common_bonus_months(input);
            has_gap(&months).then_some((2, months))
        }
        Code::ContinuousFrom => some(window.continuous_from, gaps(input, window.continuous_from)),
        Code::NoBasisAfter => some(
            window.basis_until,
            months_where(|m| {
                let (a, b) = input.at(m);
                m > window.basis_until && (a == Draw::Basis || b == Draw::Basis)
            }),
        ),
        Code::AtLeastOneMonth => last_drawn(input).is_none().then(|| (1, Vec::new())),
        Code::ZeroOrTwoMonths => input
            .parents()
            .map(|(_, months)| -> Vec<u8> {
                months
                    .iter()
                    .filter(|(_, draw)| draw.is_drawn())
                    .map(|(month, _)| month)
                    .collect()
            })
            .find(|months| months.len() == 1)
            .map(|months| (2, months)),
        Code::BonusNeedsIncome => some(1, bonus_without_income(input)),
        Code::BonusHours => some(
            32,
            hours_outside(input, |draw, hours| {
                draw == Draw::Bonus && !(2_400..=3_200).contains(&hours)
            }),
        ),
        Code::AtMostHours => some(
            32,
            hours_outside(input, |draw, hours| {
                matches!(draw, Draw::Basis | Draw::Plus) && hours > 3_200
            }),
        ),
    }
}

fn months_where(matches: impl Fn(u8) -> bool) -> Vec<u8> {
    MONTHS.filter(|month| matches(*month)).collect()
}

fn months_of(input: &PlanInput, draw: Draw) -> Vec<u8> {
    months_where(|month| {
        let (a, b) = input.at(month);
        a == draw || b == draw
    })
}

fn maternity_months_without_basis(input: &PlanInput) -> Vec<u8> {
    input
        .parents()
        .flat_map(|(parent, months)| {
            let last = input.family.maternity_until(parent);
            (1..=last.min(32)).filter(|month| months.at(*month) != Draw::Basis)
        })
        .collect()
}

/// Months of parallel Basis, if they are more than one or lie too late.
fn parallel_basis(input: &PlanInput, until: u8) -> Vec<u8> {
    if !input.family.parallel_basis_is_limited() {
        return Vec::new();
    }
    let parallel = months_where(|m| input.at(m) == (Draw::Basis, Draw::Basis));
    if parallel.len() > 1 || parallel.iter().any(|month| *month > until) {
        parallel
    } else {
        Vec::new()
    }
}

fn per_parent(input: &PlanInput, limit: u8) -> Option<(u8, Vec<u8>)> {
    input
        .parents()
        .find(|(_, months)| halves(months) > limit)
        .map(|(_, months)| {
            let drawn = months
                .iter()
                .filter(|(_, draw)| matches!(draw, Draw::Basis | Draw::Plus))
                .map(|(month, _)| month)
                .collect();
            (limit / 2, drawn)
        })
}

fn is_bonus_of_one((a, b): (Draw, Draw)) -> bool {
    (a == Draw::Bonus) != (b == Draw::Bonus)
}

/// Months in which every parent has the bonus: the only ones that count as bonus months.
fn common_bonus_months(input: &PlanInput) -> Vec<u8> {
    months_where(|month| {
        input
            .parents()
            .all(|(_, months)| months.at(month) == Draw::Bonus)
    })
}

fn has_gap(months: &[u8]) -> bool {
    months
        .iter()
        .zip(months.iter().skip(1))
        .any(|(month, next)| month + 1 != *next)
}

fn is_drawn(input: &PlanInput, month: u8) -> bool {
    let (a, b) = input.at(month);
    a.is_drawn() || b.is_drawn()
}

fn last_drawn(input: &PlanInput) -> Option<u8> {
    MONTHS.rev().find(|month| is_drawn(input, *month))
}

/// Months without any draw between `from` and the last month drawn.
fn gaps(input: &PlanInput, from: u8) -> Vec<u8> {
    let last = last_drawn(input).unwrap_or(0);
    (from..=last)
        .filter(|month| !is_drawn(input, *month))
        .collect()
}

fn bonus_without_income(input: &PlanInput) -> Vec<u8> {
    let Some(incomes) = &input.family.income else {
        return Vec::new();
    };
    months_where(|month| {
        input.parents().any(|(parent, months)| {
            months.at(month) == Draw::Bonus
                && !incomes
                    .iter()
                    .any(|i| i.parent == parent && i.month == month && i.gross_cents.0 > 0)
        })
    })
}

fn hours_outside(input: &PlanInput, outside: impl Fn(Draw, i64) -> bool) -> Vec<u8> {
    let Some(hours) = &input.family.hours else {
        return Vec::new();
    };
    months_where(|month| {
        input.parents().any(|(parent, months)| {
            hours.iter().any(|h| {
                h.parent == parent
                    && h.month == month
                    && outside(months.at(month), h.weekly_hours.0)
            })
        })
    })
}

/// Names of rules as a list.
struct Names<I>(I);

impl<'a, I: Iterator<Item = &'a Violation> + Clone> Serialize for Names<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone().map(|violation| violation.code.name()))
    }
}

impl Serialize for Violation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut violation = serializer.serialize_struct("Violation", 4)?;
        violation.serialize_field("code", self.code.name())?;
        violation.serialize_field("months", &self.months)?;
        violation.serialize_field("de", &self.sentence(Language::German))?;
        violation.serialize_field("en", &self.sentence(Language::English))?;
        violation.end()
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shown: Vec<&Violation> = self.shown().collect();
        let mut sorted: Vec<&str> = self.violations.iter().map(|v| v.code.name()).collect();
        sorted.sort_unstable();
        let mut report = serializer.serialize_struct("Report", 7)?;
        report.serialize_field("valid", &self.is_valid())?;
        report.serialize_field("valid_while_choosing", &self.is_valid_while_choosing())?;
        report.serialize_field("violations", &Names(shown.iter().copied()))?;
        report.serialize_field("violations_isolated", &sorted)?;
        report.serialize_field("quota", &self.quota)?;
        report.serialize_field("used", &self.used)?;
        report.serialize_field("messages", &shown)?;
        report.end()
    }
}
