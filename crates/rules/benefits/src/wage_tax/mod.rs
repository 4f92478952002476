//! Wage tax by the plan of the Federal Ministry of Finance (Programmablaufplan, PAP), monthly mode.
//!
//! Only the part the BEEG needs (§ 2e(1)): no pensions in the wage, no other allowances, statutory
//! health insurance, no childless surcharge and no Saxony rule. All arithmetic is exact: money in
//! units of a millionth of a cent where the plan keeps fractions, whole euro where it cuts.

mod plan;
mod tariff;

pub use plan::{Contingency, Edition, Plan, Tariff};

use einmal_model::Cents;

/// Highest monthly wage accepted, so that no step of the plan leaves 64 bits.
pub const HIGHEST_MONTHLY_WAGE: Cents = Cents(1_000_000_000);

/// Millionths of a cent in one cent.
const MICRO: i64 = 1_000_000;
/// Millionths of a cent in one euro.
const MICRO_EURO: i64 = 100 * MICRO;

/// Wage tax class (Steuerklasse, § 38b EStG).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaxClass {
    /// Single.
    I,
    /// Lone parent.
    II,
    /// Married, other spouse in V or without wage.
    III,
    /// Married, both in IV.
    IV,
    /// Married, other spouse in III.
    V,
    /// Second job.
    VI,
}

/// What the plan is run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WageTaxInput {
    /// Gross wage of the month (RE4).
    pub gross: Cents,
    /// Tax class (STKL).
    pub class: TaxClass,
    /// Factor of class IV in permille (F); `None` without the factor procedure.
    pub factor_permille: Option<i64>,
    /// Child allowances in tenths (ZKF × 10).
    pub child_allowances_tenths: i64,
    /// Whether church tax is due (R).
    pub church_member: bool,
    /// Whether pension insurance is taken into account (KRV).
    pub pension_insured: bool,
    /// Whether unemployment insurance is taken into account (ALV, from 2026).
    pub unemployment_insured: bool,
    /// Additional contribution of the health insurance in basis points (KVZ × 100).
    pub health_addon_basis_points: i64,
}

/// What the plan yields for the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WageTax {
    /// Wage tax (LSTLZZ).
    pub wage_tax: Cents,
    /// Solidarity surcharge (SOLZLZZ).
    pub solidarity_surcharge: Cents,
    /// Base of the church tax (BK); zero if no church tax is due.
    pub church_tax_base: Cents,
}

/// Rounds up to whole euro.
fn ceil_euro(micro: i64) -> i64 {
    (micro + MICRO_EURO - 1) / MICRO_EURO * MICRO_EURO
}

/// Runs a plan on a month's wage.
///
/// The caller keeps `gross` within 0 and [`HIGHEST_MONTHLY_WAGE`]; more is cut to that.
#[must_use]
pub fn calculate(plan: &Plan, input: &WageTaxInput) -> WageTax {
    let year_cents = input.gross.0.clamp(0, HIGHEST_MONTHLY_WAGE.0) * 12;
    let fixed = fixed_allowances(plan, input.class, year_cents);
    let contingency = contingency_allowance(plan, input, year_cents);
    let splitting = if input.class == TaxClass::III { 2 } else { 1 };

    let annual_tax = |allowances_cents: i64| {
        let taxable = (year_cents - allowances_cents) * MICRO - contingency;
        let income = if taxable < MICRO_EURO {
            0
        } else {
            taxable / (splitting * MICRO_EURO)
        };
        match input.class {
            TaxClass::V | TaxClass::VI => tariff::classes_five_and_six(plan, income),
            _ => tariff::classes_one_to_four(plan, income, splitting),
        }
    };

    let factor = input.factor_permille.unwrap_or(1_000);
    // Annual amounts with the factor are whole milli-euro; a tenth of that is a cent.
    let wage_tax_milli = annual_tax(fixed) * factor;
    let child_cents = child_allowance_cents(plan, input);
    let base_milli = if input.child_allowances_tenths > 0 {
        annual_tax(fixed + child_cents) * factor
    } else {
        wage_tax_milli
    };

    WageTax {
        wage_tax: Cents(wage_tax_milli / 120),
        solidarity_surcharge: surcharge(plan, base_milli, splitting),
        church_tax_base: if input.church_member {
            Cents(base_milli / 120)
        } else {
            Cents(0)
        },
    }
}

/// Fixed allowances of the table without the contingency allowance, in cents (MZTABFB).
fn fixed_allowances(plan: &Plan, class: TaxClass, year_cents: i64) -> i64 {
    if class == TaxClass::VI {
        return 0;
    }
    let employee = if year_cents < plan.employee_allowance * 100 {
        (year_cents + 99) / 100 * 100
    } else {
        plan.employee_allowance * 100
    };
    let special_expenses = 3_600;
    let lone_parent = if class == TaxClass::II {
        plan.lone_parent_relief * 100
    } else {
        0
    };
    employee + special_expenses + lone_parent
}

/// Child allowances for surcharge and church tax, in cents (KFB).
fn child_allowance_cents(plan: &Plan, input: &WageTaxInput) -> i64 {
    let per_tenth = plan.child_allowance * 10;
    match input.class {
        TaxClass::I | TaxClass::II | TaxClass::III => input.child_allowances_tenths * per_tenth,
        TaxClass::IV => input.child_allowances_tenths * per_tenth / 2,
        TaxClass::V | TaxClass::VI => 0,
    }
}

/// Contingency allowance in millionths of a cent (UPEVP, MVSP).
fn contingency_allowance(plan: &Plan, input: &WageTaxInput, year_cents: i64) -> i64 {
    // Without pension insurance the plan does not apply the pension ceiling first; the health
    // ceiling is the lower one, so only the 12 % share could tell, and that is capped far below.
    let pension_wage = year_cents.min(plan.pension_ceiling * 100);
    let pension = if input.pension_insured {
        pension_wage * plan.pension_millionths
    } else {
        0
    };
    let health_wage = year_cents.min(plan.health_ceiling * 100);
    // The plan halves the additional contribution and adds the employee's general 7 %.
    let health_millionths = input.health_addon_basis_points * 50 + 70_000;
    let health = health_wage * (health_millionths + plan.care_millionths);
    match plan.contingency {
        Contingency::MinimumShare { rounds_up } => {
            let ceiling = if input.class == TaxClass::III {
                3_000
            } else {
                1_900
            };
            let minimum = (year_cents * 120_000).min(ceiling * MICRO_EURO);
            let actual = pension + health;
            let actual = if rounds_up { ceil_euro(actual) } else { actual };
            actual.max(ceil_euro(pension + minimum))
        }
        Contingency::UnemploymentPart { rate_millionths } => {
            let actual = ceil_euro(pension + health);
            if input.unemployment_insured && input.class != TaxClass::VI {
                let part = pension_wage * rate_millionths + health;
                actual.max(ceil_euro(pension + part.min(1_900 * MICRO_EURO)))
            } else {
                actual
            }
        }
    }
}

/// Solidarity surcharge of the month (MSOLZ, §§ 3, 4 SolzG): 5.5 %, at most 11.9 % of the excess.
fn surcharge(plan: &Plan, base_milli: i64, splitting: i64) -> Cents {
    let excess = base_milli - plan.surcharge_threshold * splitting * 1_000;
    if excess <= 0 {
        return Cents(0);
    }
    let full_cents = base_milli * 55 / 10_000;
    // The excess share keeps its fraction of a cent until the twelfth is taken.
    if excess * 119 < full_cents * 10_000 {
        Cents(excess * 119 / 120_000)
    } else {
        Cents(full_cents / 12)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn yearly(edition: Edition, wage: i64, class: TaxClass) -> i64 {
        // The announcement's test table is by year; a twelfth of it in cents is close enough to
        // tell every line apart, and whole euro of tax return when multiplied.
        let plan = edition.plan();
        let input = WageTaxInput {
            gross: Cents(wage * 100 / 12),
            class,
            factor_permille: None,
            child_allowances_tenths: 0,
            church_member: false,
            pension_insured: true,
            unemployment_insured: true,
            health_addon_basis_points: plan.average_health_addon,
        };
        (calculate(plan, &input).wage_tax.0 * 12 + 50) / 100
    }

    #[test]
    fn nothing_is_due_below_the_basic_allowance_and_something_in_class_five() {
        assert_eq!(yearly(Edition::Y2025Amended, 12_000, TaxClass::I), 0);
        assert_eq!(yearly(Edition::Y2025Amended, 12_000, TaxClass::III), 0);
        assert!(yearly(Edition::Y2025Amended, 12_000, TaxClass::V) > 1_000);
    }

    #[test]
    fn an_amended_tariff_takes_less() {
        let before = yearly(Edition::Y2025First, 45_000, TaxClass::I);
        let after = yearly(Edition::Y2025Amended, 45_000, TaxClass::I);
        assert!(after < before, "{after} < {before}");
    }

    proptest! {
        #[test]
        fn more_wage_never_lowers_the_tax(gross in 0_i64..3_000_000, more in 0_i64..100_000) {
            for edition in [Edition::Y2022, Edition::Y2024, Edition::Y2025Amended, Edition::Y2026] {
                for class in [TaxClass::I, TaxClass::II, TaxClass::III, TaxClass::V, TaxClass::VI] {
                    let input = WageTaxInput {
                        gross: Cents(gross),
                        class,
                        factor_permille: None,
                        child_allowances_tenths: 0,
                        church_member: true,
                        pension_insured: true,
                        unemployment_insured: true,
                        health_addon_basis_points: 170,
                    };
                    let less = calculate(edition.plan(), &input);
                    let more = calculate(
                        edition.plan(),
                        &WageTaxInput { gross: Cents(gross + more), ..input },
                    );
                    // The plan rounds the allowance up to whole euro, so a cent may move the
                    // income down by one euro: the tax of one euro is the slack.
                    prop_assert!(more.wage_tax.0 + 5 >= less.wage_tax.0);
                }
            }
        }
    }
}
