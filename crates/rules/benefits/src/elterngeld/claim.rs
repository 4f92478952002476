//! What a parent states: the input of the Elterngeld calculation.

use einmal_model::Cents;
use jiff::civil::Date;
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};

use crate::calendar::{Days, LIFE_MONTHS};
use crate::problem::Problem;
use crate::wage_tax::HIGHEST_MONTHLY_WAGE;

/// What is drawn in a month of life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Draw {
    /// Basiselterngeld (§ 4a(1) BEEG), letter `B`.
    Basis,
    /// ElterngeldPlus (§ 4a(2) BEEG), letter `P`.
    Plus,
    /// Partnerschaftsbonus (§ 4b BEEG), letter `X`.
    Bonus,
    /// Deliberately nothing, letter `0`.
    Nothing,
    /// Not planned, letter `.`.
    #[default]
    Open,
}

impl Draw {
    /// Whether something is drawn.
    #[must_use]
    pub fn is_drawn(self) -> bool {
        matches!(self, Self::Basis | Self::Plus | Self::Bonus)
    }

    /// The letter of the plan notation.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::Basis => 'B',
            Self::Plus => 'P',
            Self::Bonus => 'X',
            Self::Nothing => '0',
            Self::Open => '.',
        }
    }
}

/// The choice of one parent for all 32 months of life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Months(pub [Draw; LIFE_MONTHS]);

impl Months {
    /// What is drawn in a month of life counted from 1.
    #[must_use]
    pub fn at(&self, month: u8) -> Draw {
        usize::from(month)
            .checked_sub(1)
            .and_then(|index| self.0.get(index).copied())
            .unwrap_or_default()
    }

    /// Months of life with what is drawn in them.
    pub fn iter(&self) -> impl Iterator<Item = (u8, Draw)> + '_ {
        (1..).zip(self.0.iter().copied())
    }

    /// The letters of the plan notation.
    #[must_use]
    pub fn letters(&self) -> String {
        self.0.iter().map(|draw| draw.letter()).collect()
    }
}

impl<'de> Deserialize<'de> for Months {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Letters;
        impl Visitor<'_> for Letters {
            type Value = Months;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("32 letters out of B, P, X, 0 and .")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Months, E> {
                let mut months = Months::default();
                if text.len() != LIFE_MONTHS {
                    return Err(E::invalid_length(text.len(), &self));
                }
                for (draw, letter) in months.0.iter_mut().zip(text.bytes()) {
                    *draw = match letter {
                        b'B' => Draw::Basis,
                        b'P' => Draw::Plus,
                        b'X' => Draw::Bonus,
                        b'0' => Draw::Nothing,
                        b'.' => Draw::Open,
                        _ => return Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                    };
                }
                Ok(months)
            }
        }
        deserializer.deserialize_str(Letters)
    }
}

impl Serialize for Months {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.letters())
    }
}

/// Which of the twelve months of the assessment period an activity was carried out in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ActiveMonths(u16);

impl ActiveMonths {
    /// Number of active months.
    #[must_use]
    pub fn count(self) -> i64 {
        i64::from(self.0.count_ones())
    }

    /// Union with other months.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the last month in `of` is active here.
    #[must_use]
    pub fn holds_last_of(self, of: Self) -> bool {
        match u16::BITS - of.0.leading_zeros() {
            0 => false,
            length => self.0 & (1 << (length - 1)) != 0,
        }
    }
}

impl<'de> Deserialize<'de> for ActiveMonths {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digits;
        impl Visitor<'_> for Digits {
            type Value = ActiveMonths;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("12 digits 0 or 1, oldest month first")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<ActiveMonths, E> {
                if text.len() != 12 {
                    return Err(E::invalid_length(text.len(), &self));
                }
                let mut months = 0;
                for (position, digit) in text.bytes().enumerate() {
                    match digit {
                        b'1' => months |= 1 << position,
                        b'0' => {}
                        _ => return Err(E::invalid_value(de::Unexpected::Str(text), &self)),
                    }
                }
                Ok(ActiveMonths(months))
            }
        }
        deserializer.deserialize_str(Digits)
    }
}

/// Kind of income before birth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Employment {
    /// No income.
    None,
    /// Wage, subject to pension and unemployment insurance.
    EmployeeInsured,
    /// Wage without social insurance, for example of a civil servant.
    EmployeeUninsured,
    /// Marginal employment (§ 8 SGB IV).
    Minijob,
    /// Profit (§ 2d BEEG).
    SelfEmployed,
    /// Several kinds, listed as activities.
    Mixed,
}

/// Kind of an activity within mixed income.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActivityKind {
    /// Wage above the minijob limit.
    Employee,
    /// Marginal employment.
    Minijob,
    /// Profit.
    SelfEmployed,
}

/// One activity of a person with mixed income.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Activity {
    /// Its kind.
    #[serde(rename = "type")]
    pub kind: ActivityKind,
    /// Average gross of the active months.
    pub gross_monthly_cents: Cents,
    /// Active months.
    pub months: ActiveMonths,
    /// Compulsory pension insurance.
    #[serde(default)]
    pub pension_insured: bool,
    /// Compulsory health insurance.
    #[serde(default)]
    pub health_insured: bool,
    /// Compulsory unemployment insurance.
    #[serde(default)]
    pub unemployment_insured: bool,
}

/// Tax class as the Elterngeld form asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub enum StatedTaxClass {
    /// Class I.
    I,
    /// Class II.
    II,
    /// Class III.
    III,
    /// Class IV.
    IV,
    /// Class IV with factor.
    #[serde(rename = "IV_FACTOR")]
    IvFactor,
    /// Class V.
    V,
}

/// Another child in the household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Sibling {
    /// Day of birth.
    pub birth_date: Date,
    /// Degree of disability of at least 20 (§ 2 SGB IX).
    #[serde(default)]
    pub disabled: bool,
    /// For an adopted child: the day it joined the household (§ 2a(3) BEEG).
    #[serde(default)]
    pub joined_household: Option<Date>,
}

/// Gross income in one month of life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct MonthIncome {
    /// Month of life, from 1.
    pub month: u8,
    /// Gross income.
    pub gross_cents: Cents,
}

/// Maternity benefits of a period (§ 3(1) sentence 1 nos. 1 to 4 BEEG).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct MaternityBenefit {
    /// Days they are paid for.
    #[serde(flatten)]
    pub days: Days,
    /// Benefit per calendar day, employer's top-up included.
    pub daily_cents: Cents,
}

/// Elterngeld of an older child or a wage replacement benefit in a month of life (§ 3(1) no. 5).
pub type OtherBenefit = MonthIncome;

fn one() -> i64 {
    1
}

/// Everything the amount of one parent depends on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Claim {
    /// Birth of the child.
    pub birth_date: Date,
    /// Children of this birth.
    #[serde(default = "one")]
    pub children_born: i64,
    /// Other children in the household.
    #[serde(default)]
    pub siblings: Vec<Sibling>,
    /// Kind of income before birth.
    pub employment_before_birth: Employment,
    /// Average gross (profit: a twelfth of the year's); not used for mixed income.
    #[serde(default)]
    pub gross_monthly_cents: Cents,
    /// Tax class of the last month, or the class valid for most months.
    pub tax_class: StatedTaxClass,
    /// Factor of class IV.
    #[serde(default)]
    pub factor_permille: Option<i64>,
    /// Child allowances × 10.
    #[serde(default)]
    pub child_allowances_tenths: i64,
    /// Liable to church tax.
    #[serde(default)]
    pub church_tax: bool,
    /// Compulsory health insurance.
    #[serde(default)]
    pub statutory_health_insurance: bool,
    /// Compulsory pension insurance.
    #[serde(default)]
    pub statutory_pension_insurance: bool,
    /// Activities of a person with mixed income.
    #[serde(default)]
    pub activities: Vec<Activity>,
    /// What is drawn.
    pub plan: Months,
    /// Income while drawing.
    #[serde(default)]
    pub income_after_birth: Vec<MonthIncome>,
    /// Months of life that maternity benefits reach into, if their days are not stated.
    #[serde(default)]
    pub maternity_benefit_months: u8,
    /// Maternity benefits by day; more exact than the months.
    #[serde(default)]
    pub maternity_benefits: Vec<MaternityBenefit>,
    /// Other benefits that are offset.
    #[serde(default)]
    pub other_benefits: Vec<OtherBenefit>,
    /// Taxable income of the last closed assessment year, both parents if both qualify, in euro.
    #[serde(default)]
    pub taxable_income_euro: Option<i64>,
    /// The parent fulfils § 4c BEEG; matters for the income limit of older births.
    #[serde(default)]
    pub lone_parent: bool,
    /// Day the application was received.
    #[serde(default)]
    pub received: Option<Date>,
}

impl Claim {
    /// What is wrong with the input; empty if it can be computed.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut check = |right: bool, field: &str, reason: &str, remedy: &str| {
            if !right {
                problems.push(Problem::new(field, reason, remedy));
            }
        };
        let money = |cents: Cents| (0..=HIGHEST_MONTHLY_WAGE.0).contains(&cents.0);
        let year = self.birth_date.year();
        check(
            (2023..=2027).contains(&year),
            "birth_date",
            "only births from 2023 to 2027 can be computed",
            "state the day of birth, or the expected day",
        );
        check(
            (1..=9).contains(&self.children_born),
            "children_born",
            "must lie between 1 and 9",
            "state the number of children of this birth",
        );
        check(
            money(self.gross_monthly_cents),
            "gross_monthly_cents",
            "must lie between 0 and 10 000 000 euro",
            "state the monthly average in cents",
        );
        check(
            (0..=200).contains(&self.child_allowances_tenths),
            "child_allowances_tenths",
            "must lie between 0 and 200",
            "state ten times the child allowances of the payslip",
        );
        let factor = self.tax_class == StatedTaxClass::IvFactor;
        check(
            !factor
                || self
                    .factor_permille
                    .is_some_and(|f| (1..=1_000).contains(&f)),
            "factor_permille",
            "class IV with factor needs a factor between 0.001 and 1",
            "state the factor of the payslip times 1 000",
        );
        check(
            self.employment_before_birth != Employment::Mixed || !self.activities.is_empty(),
            "activities",
            "mixed income needs at least one activity",
            "list the activities with their months",
        );
        check(
            self.activities.len() <= 100 && self.siblings.len() <= 100,
            "activities",
            "at most 100 entries",
            "combine activities of the same kind",
        );
        for (position, activity) in self.activities.iter().enumerate() {
            check(
                money(activity.gross_monthly_cents),
                &format!("activities[{position}].gross_monthly_cents"),
                "must lie between 0 and 10 000 000 euro",
                "state the average of the active months in cents",
            );
        }
        for (field, list) in [
            ("income_after_birth", &self.income_after_birth),
            ("other_benefits", &self.other_benefits),
        ] {
            for (position, entry) in list.iter().enumerate() {
                check(
                    (1..=32).contains(&entry.month) && money(entry.gross_cents),
                    &format!("{field}[{position}]"),
                    "the month must lie between 1 and 32 and the amount between 0 and 10 000 000 euro",
                    "state month of life and amount in cents",
                );
            }
        }
        check(
            self.maternity_benefit_months <= 5,
            "maternity_benefit_months",
            "must lie between 0 and 5",
            "state the number of months with maternity benefits, or their days",
        );
        for (position, benefit) in self.maternity_benefits.iter().enumerate() {
            check(
                money(benefit.daily_cents) && benefit.days.from <= benefit.days.to,
                &format!("maternity_benefits[{position}]"),
                "needs a first and a later last day and an amount that is not negative",
                "state the days as on the certificate of the health insurer",
            );
        }
        problems
    }
}
