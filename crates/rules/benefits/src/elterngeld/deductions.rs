//! Taxes and flat social deductions (§§ 2e, 2f BEEG).

use einmal_model::Cents;

use super::claim::{Claim, Employment, StatedTaxClass};
use super::parameters::{EmploymentLimits, MIDIJOB_FACTOR};
use crate::number::round_div;
use crate::trace::{Line, Sink, Value};
use crate::wage_tax::{Plan, TaxClass, WageTaxInput, calculate};

/// Compulsory insurance of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Insurance {
    pub health: bool,
    pub pension: bool,
    pub unemployment: bool,
}

/// Tax class with its factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Class {
    pub class: TaxClass,
    pub factor_permille: Option<i64>,
}

impl Class {
    /// Class IV without factor (§ 2e(3) sentence 2 BEEG).
    pub(super) const FOUR: Self = Self {
        class: TaxClass::IV,
        factor_permille: None,
    };

    /// The class the parent stated.
    pub(super) fn stated(claim: &Claim) -> Self {
        let class = match claim.tax_class {
            StatedTaxClass::I => TaxClass::I,
            StatedTaxClass::II => TaxClass::II,
            StatedTaxClass::III => TaxClass::III,
            StatedTaxClass::IV => TaxClass::IV,
            StatedTaxClass::IvFactor => {
                return Self {
                    class: TaxClass::IV,
                    factor_permille: claim.factor_permille,
                };
            }
            StatedTaxClass::V => TaxClass::V,
        };
        Self {
            class,
            factor_permille: None,
        }
    }

    fn word(self) -> &'static str {
        match (self.class, self.factor_permille) {
            (TaxClass::I, _) => "I",
            (TaxClass::II, _) => "II",
            (TaxClass::III, _) => "III",
            (TaxClass::IV, None) => "IV",
            (TaxClass::IV, Some(_)) => "IV/F",
            (TaxClass::V, _) => "V",
            (TaxClass::VI, _) => "VI",
        }
    }
}

/// Wage tax, surcharge and church tax on a monthly income (§ 2e BEEG).
pub(super) fn taxes<S: Sink>(
    claim: &Claim,
    plan: &'static Plan,
    class: Class,
    kind: Employment,
    gross: i64,
    allowance: i64,
    sink: &mut S,
) -> i64 {
    // A profit carries no employee allowance; adding it makes the plan's own cancel out.
    let profit = kind == Employment::SelfEmployed;
    let wage = if profit { gross + allowance } else { gross };
    sink.open();
    sink.leaf(Line::TaxClass, Value::Word(class.word()));
    let result = calculate(
        plan,
        &WageTaxInput {
            gross: Cents(wage),
            class: class.class,
            factor_permille: class.factor_permille,
            child_allowances_tenths: claim.child_allowances_tenths,
            church_member: claim.church_tax,
            pension_insured: kind != Employment::EmployeeUninsured,
            unemployment_insured: kind == Employment::EmployeeInsured,
            health_addon_basis_points: plan.average_health_addon,
        },
    );
    let church = round_div(result.church_tax_base.0 * 8, 100);
    sink.leaf_from(Line::WageTax, Value::Money(result.wage_tax), plan.source);
    sink.leaf_from(
        Line::Surcharge,
        Value::Money(result.solidarity_surcharge),
        plan.source,
    );
    sink.leaf(Line::ChurchTax, Value::Money(Cents(church)));
    let sum = result.wage_tax.0 + result.solidarity_surcharge.0 + church;
    sink.close(Line::Taxes, Value::Money(Cents(sum)));
    sum
}

/// The reduced base of a wage in the midijob range (§ 2f(2) BEEG, § 20(2a) SGB IV).
///
/// Outside the range the wage itself; `F·G + (OG/(OG−G) − G/(OG−G)·F)·(AE−G)` within.
pub(super) fn midijob_base(wage: i64, limits: &EmploymentLimits) -> i64 {
    let (low, high) = (limits.minijob.0, limits.midijob.0);
    if wage <= low || wage > high {
        return wage;
    }
    let slope = high * 10_000 - low * MIDIJOB_FACTOR;
    let range = high - low;
    round_div(
        MIDIJOB_FACTOR * low * range + slope * (wage - low),
        range * 10_000,
    )
}

/// Flat social deductions on a base (§ 2f(1) BEEG).
pub(super) fn social<S: Sink>(base: i64, insurance: Insurance, sink: &mut S) -> i64 {
    sink.open();
    sink.leaf(Line::SocialBase, Value::Money(Cents(base)));
    let mut permille = 0;
    for (due, rate, line) in [
        (insurance.health, 90, Line::Health),
        (insurance.pension, 100, Line::Pension),
        (insurance.unemployment, 20, Line::Unemployment),
    ] {
        if due {
            permille += rate;
            sink.leaf(line, Value::Permille(rate));
        }
    }
    let sum = round_div(base * permille, 1_000);
    sink.close(Line::Social, Value::Money(Cents(sum)));
    sum
}
