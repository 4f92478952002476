//! Income before birth: from gross to the income the rate applies to (§§ 2c–2f BEEG).

use einmal_model::Cents;
use jiff::civil::Date;

use super::claim::{ActiveMonths, Activity, ActivityKind, Claim, Employment, StatedTaxClass};
use super::deductions::{Class, Insurance, midijob_base, social, taxes};
use super::parameters::{FROZEN_LIMITS, ProfitClass, Rules, employment_limits};
use super::rate::replacement_rate;
use crate::calendar::month_after;
use crate::number::round_div;
use crate::trace::{Line, Sink, Value};

/// Income before birth with its steps, in cents a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IncomeBefore {
    /// The kind of income decided on.
    pub status: Employment,
    /// One twelfth of the employee allowance.
    pub allowance: Cents,
    /// Gross; for mixed income less the allowance.
    pub gross: Cents,
    /// Wage tax, surcharge and church tax.
    pub taxes: Cents,
    /// Flat social deductions.
    pub social: Cents,
    /// Gross less taxes and social deductions.
    pub net: Cents,
    /// What the rate applies to.
    pub elterngeld_net: Cents,
    /// Replacement rate in permille.
    pub rate_permille: i64,
}

/// What the income while drawing is treated with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Treatment {
    pub kind: Employment,
    pub insurance: Insurance,
    pub class: Class,
    pub allowance: i64,
}

/// Whether an employee allowance is deducted from this kind of income (§ 2c(1) BEEG).
pub(super) fn has_allowance(kind: Employment) -> bool {
    matches!(
        kind,
        Employment::EmployeeInsured | Employment::EmployeeUninsured | Employment::Minijob
    )
}

/// Compulsory insurance that a single kind of income brings (§ 2f(1) BEEG).
fn insurance_of(kind: Employment, claim: &Claim) -> Insurance {
    match kind {
        Employment::EmployeeInsured => Insurance {
            health: claim.statutory_health_insurance,
            pension: true,
            unemployment: true,
        },
        Employment::SelfEmployed => Insurance {
            health: claim.statutory_health_insurance,
            pension: claim.statutory_pension_insurance,
            unemployment: false,
        },
        _ => Insurance::default(),
    }
}

/// The base of the social deductions on a wage earned in some months (§ 2f(2) BEEG).
///
/// Minijob and midijob limits are those of each month; the base is the average of the months.
pub(super) fn social_base(
    rules: Rules,
    kind: Employment,
    amount: i64,
    months: impl Iterator<Item = Date>,
) -> i64 {
    if rules.peer() {
        return midijob_base(amount, &FROZEN_LIMITS);
    }
    if kind == Employment::SelfEmployed {
        return amount;
    }
    let (mut sum, mut count) = (0, 0);
    for month in months {
        let limits = employment_limits(month);
        count += 1;
        if amount > limits.minijob.0 {
            sum += midijob_base(amount, limits);
        }
    }
    if count == 0 {
        amount
    } else {
        round_div(sum, count)
    }
}

/// Whether a monthly income is so low that no tax is withheld from it.
pub(super) fn below_tax(rules: Rules, kind: Employment, amount: i64, month: Date) -> bool {
    if rules.peer() {
        amount <= FROZEN_LIMITS.minijob.0
    } else {
        kind != Employment::SelfEmployed && amount <= employment_limits(month).minijob.0
    }
}

/// The twelve calendar months before the month of birth (§ 2b(1) BEEG).
fn months_before(birth: Date) -> impl Iterator<Item = Date> {
    (1..=12).map(move |back| month_after(birth, -back))
}

/// Works out the income before birth and how income while drawing is to be treated.
pub(super) fn before_birth<S: Sink>(
    claim: &Claim,
    rules: Rules,
    sink: &mut S,
) -> (IncomeBefore, Treatment) {
    sink.open();
    let (allowance, source) = rules.allowance(claim.birth_date);
    sink.leaf_from(Line::Allowance, Value::Money(Cents(allowance)), source);
    let (income, treatment) = match claim.employment_before_birth {
        Employment::Mixed => mixed(claim, rules, allowance, sink),
        kind => single(claim, rules, kind, allowance, sink),
    };
    sink.close(Line::ElterngeldNet, Value::Money(income.elterngeld_net));
    (income, treatment)
}

fn single<S: Sink>(
    claim: &Claim,
    rules: Rules,
    kind: Employment,
    allowance: i64,
    sink: &mut S,
) -> (IncomeBefore, Treatment) {
    let birth = claim.birth_date;
    let gross = match kind {
        Employment::None => 0,
        _ => claim.gross_monthly_cents.0,
    };
    let insurance = insurance_of(kind, claim);
    let stated = Class::stated(claim);
    let profit = kind == Employment::SelfEmployed;
    let class = if profit && rules.readings.profit_class == ProfitClass::ClassIv && !rules.peer() {
        Class::FOUR
    } else {
        stated
    };
    sink.open();
    sink.leaf(Line::Gross, Value::Money(Cents(gross)));
    let (mut tax, mut contributions) = (0, 0);
    if !matches!(kind, Employment::None | Employment::Minijob) {
        if !below_tax(rules, kind, gross, month_after(birth, -1)) {
            let plan = rules.plan(birth);
            tax = taxes(claim, plan, class, kind, gross, allowance, sink);
        }
        if insurance != Insurance::default() {
            let base = social_base(rules, kind, gross, months_before(birth));
            contributions = social(base, insurance, sink);
        }
    }
    let net = gross - tax - contributions;
    sink.close(Line::Net, Value::Money(Cents(net)));
    let elterngeld_net = if has_allowance(kind) {
        net - allowance
    } else {
        net
    }
    .max(0);
    let income = IncomeBefore {
        status: kind,
        allowance: Cents(allowance),
        gross: Cents(gross),
        taxes: Cents(tax),
        social: Cents(contributions),
        net: Cents(net),
        elterngeld_net: Cents(elterngeld_net),
        rate_permille: replacement_rate(elterngeld_net),
    };
    let treatment = Treatment {
        kind,
        insurance,
        class: if profit { Class::FOUR } else { stated },
        allowance,
    };
    (income, treatment)
}

/// Sums of the kinds of income of a person with several activities, in cents a year.
#[derive(Debug, Default)]
struct Sums {
    profit: i64,
    wage: i64,
    wage_base: i64,
    minijob: i64,
    active: ActiveMonths,
    with_allowance: ActiveMonths,
    health: ActiveMonths,
    pension: ActiveMonths,
    unemployment: ActiveMonths,
}

impl Sums {
    fn add(&mut self, activity: &Activity, rules: Rules, birth: Date) {
        let months = activity.months;
        let gross = activity.gross_monthly_cents.0;
        let sum = gross * months.count();
        self.active = self.active.or(months);
        match activity.kind {
            ActivityKind::SelfEmployed => self.profit += sum,
            ActivityKind::Employee => {
                self.wage += sum;
                let kind = Employment::EmployeeInsured;
                let base = social_base(rules, kind, gross, months_before(birth));
                self.wage_base += base * months.count();
            }
            ActivityKind::Minijob => self.minijob += sum,
        }
        if activity.kind != ActivityKind::SelfEmployed {
            self.with_allowance = self.with_allowance.or(months);
        }
        if activity.kind != ActivityKind::Minijob {
            for (insured, all) in [
                (activity.health_insured, &mut self.health),
                (activity.pension_insured, &mut self.pension),
                (activity.unemployment_insured, &mut self.unemployment),
            ] {
                if insured {
                    *all = all.or(months);
                }
            }
        }
    }

    /// Insured in more than half of the months counted; at exactly half the last month decides.
    fn mostly(&self, insured: ActiveMonths) -> bool {
        let twice = insured.count() * 2;
        let counted = self.active.count();
        twice > counted || (twice == counted && insured.holds_last_of(self.active) && counted > 0)
    }
}

/// Several activities: sums by kind, one run of the plan, insurance by majority of months.
fn mixed<S: Sink>(
    claim: &Claim,
    rules: Rules,
    allowance: i64,
    sink: &mut S,
) -> (IncomeBefore, Treatment) {
    let birth = claim.birth_date;
    let mut sums = Sums::default();
    for activity in &claim.activities {
        sums.add(activity, rules, birth);
    }
    let deducted = sums.with_allowance.count() * allowance;
    let gross = round_div(sums.profit + sums.wage + sums.minijob - deducted, 12);
    let tax_base = round_div(sums.profit + sums.wage, 12);
    let base = round_div(sums.profit + sums.wage_base, 12);
    let insurance = Insurance {
        health: sums.mostly(sums.health),
        pension: sums.mostly(sums.pension),
        unemployment: sums.mostly(sums.unemployment),
    };
    let last_month = month_after(birth, -1);
    let minijob_limit = if rules.peer() {
        FROZEN_LIMITS.minijob.0
    } else {
        employment_limits(last_month).minijob.0
    };
    let kind = if sums.profit > sums.wage + sums.minijob {
        Employment::SelfEmployed
    } else if gross <= minijob_limit {
        Employment::Minijob
    } else if insurance == Insurance::default() {
        Employment::EmployeeUninsured
    } else {
        Employment::EmployeeInsured
    };
    let profit = kind == Employment::SelfEmployed;
    // The peer drops the factor of class IV for anyone with mixed income.
    let drops_factor = rules.peer() && claim.tax_class == StatedTaxClass::IvFactor;
    let class = if profit || drops_factor {
        Class::FOUR
    } else {
        Class::stated(claim)
    };
    sink.open();
    sink.leaf(Line::Status, Value::Word(status_word(kind)));
    sink.leaf(Line::Gross, Value::Money(Cents(gross)));
    let (mut tax, mut contributions) = (0, 0);
    let applied = Insurance {
        unemployment: kind == Employment::EmployeeInsured
            && (rules.peer() || insurance.unemployment),
        ..insurance
    };
    if kind != Employment::Minijob {
        contributions = social(base, applied, sink);
        if !below_tax(rules, kind, tax_base, last_month) {
            let plan = rules.plan(birth);
            tax = taxes(claim, plan, class, kind, tax_base, allowance, sink);
        }
    }
    let net = gross - tax - contributions;
    sink.close(Line::Net, Value::Money(Cents(net)));
    let elterngeld_net = net.max(0);
    let income = IncomeBefore {
        status: kind,
        allowance: Cents(allowance),
        gross: Cents(gross),
        taxes: Cents(tax),
        social: Cents(contributions),
        net: Cents(net),
        elterngeld_net: Cents(elterngeld_net),
        rate_permille: replacement_rate(elterngeld_net),
    };
    let treatment = Treatment {
        kind,
        insurance: insurance_while_drawing(claim, rules, kind, applied),
        class,
        allowance,
    };
    (income, treatment)
}

/// Compulsory insurance while drawing after mixed income.
///
/// The majority of the months before goes on to hold; the peer adds what was stated for the person.
fn insurance_while_drawing(
    claim: &Claim,
    rules: Rules,
    kind: Employment,
    before: Insurance,
) -> Insurance {
    if !rules.peer() {
        return before;
    }
    let stated = insurance_of(kind, claim);
    Insurance {
        health: stated.health || (before.health && kind != Employment::EmployeeUninsured),
        pension: stated.pension || (before.pension && kind != Employment::EmployeeUninsured),
        unemployment: stated.unemployment,
    }
}

/// The name of a kind of income in the interface.
pub(super) fn status_word(kind: Employment) -> &'static str {
    match kind {
        Employment::None => "none",
        Employment::EmployeeInsured => "employee_insured",
        Employment::EmployeeUninsured => "employee_uninsured",
        Employment::Minijob => "minijob",
        Employment::SelfEmployed => "self_employed",
        Employment::Mixed => "mixed",
    }
}
