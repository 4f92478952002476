//! The benefits by line: one JSON object in, one out, for streams of any length.
//!
//! A wrong line is answered with an error object, so the stream goes on.

use std::collections::BTreeMap;
use std::str::FromStr;

use einmal_model::Cents;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::assessment::{self, Assessment};
use crate::calendar::life_month;
use crate::elterngeld::{self, Claim, Mode, Rules, VARIANTS};
use crate::kindergeld::{self, Household};
use crate::maternity::{self, Maternity};
use crate::names::{self, NameCase};
use crate::plan::{self, Amounts, Goal, MonthlyAmounts, PlanInput};
use crate::problem::Problem;
use crate::trace::{
    Language, Line as TraceLine, Node, Recorder, Silent, Sink, Value as TraceValue,
};
use crate::wage_tax::{self, Edition, HIGHEST_MONTHLY_WAGE, TaxClass, WageTaxInput};

/// Longest line accepted, in bytes.
pub const LONGEST_LINE: usize = 1 << 20;

/// What a stream of lines asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Command {
    /// Elterngeld of one parent, month by month.
    Elterngeld,
    /// Kindergeld of a household in a month.
    Kindergeld,
    /// Whether a plan of months is allowed.
    Plan,
    /// Wage tax of a month.
    WageTax,
    /// The assessment period.
    AssessmentPeriod,
    /// Maternity protection.
    Maternity,
    /// First and last day of a month of life.
    LifeMonths,
    /// Birth names.
    Names,
}

/// There is no such command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown benefit {0:?}, known are {known}", known = Command::NAMES.join(", "))]
pub struct UnknownCommand(pub String);

impl Command {
    /// The names in the order of the help text.
    pub const NAMES: [&str; 8] = [
        "elterngeld",
        "kindergeld",
        "plan",
        "wage-tax",
        "assessment-period",
        "maternity",
        "life-months",
        "names",
    ];
}

impl FromStr for Command {
    type Err = UnknownCommand;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Ok(match name {
            "elterngeld" => Self::Elterngeld,
            "kindergeld" => Self::Kindergeld,
            "plan" => Self::Plan,
            "wage-tax" => Self::WageTax,
            "assessment-period" => Self::AssessmentPeriod,
            "maternity" => Self::Maternity,
            "life-months" => Self::LifeMonths,
            "names" => Self::Names,
            _ => return Err(UnknownCommand(name.to_owned())),
        })
    }
}

impl FromStr for Mode {
    type Err = UnknownCommand;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "statute" => Ok(Self::Statute),
            "peer" => Ok(Self::Peer),
            _ => Err(UnknownCommand(name.to_owned())),
        }
    }
}

/// A line of a stream.
#[derive(Deserialize)]
struct Envelope<T> {
    #[serde(default)]
    id: Value,
    input: T,
    /// Year of the wage tax plan.
    #[serde(default)]
    year: Option<i64>,
    /// Readings of open points by name.
    #[serde(default)]
    variants: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct WageTaxLine {
    gross_monthly_cents: Cents,
    tax_class: u8,
    #[serde(default)]
    factor_permille: Option<i64>,
    #[serde(default)]
    child_allowances_tenths: i64,
    #[serde(default)]
    church_member: bool,
    #[serde(default)]
    pension_insured: bool,
    #[serde(default)]
    unemployment_insured: Option<bool>,
    #[serde(default)]
    health_addon_basis_points: Option<i64>,
}

#[derive(Deserialize)]
struct LifeMonthLine {
    birth_date: Date,
    month: u8,
}

#[derive(Deserialize)]
struct PlanLine {
    #[serde(flatten)]
    plan: PlanInput,
    /// Monthly amounts of the parents: asks for the best plans.
    #[serde(default)]
    amounts: Option<Vec<MonthlyAmounts>>,
}

#[derive(Serialize)]
struct Answer<'a, T> {
    id: &'a Value,
    result: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace: Option<Vec<Value>>,
}

/// What keeps a line from being answered.
struct Refusal {
    id: Value,
    problems: Vec<Problem>,
}

/// Answers one line: `{"id":…,"result":{…}}`, with `"trace":[…]` if asked for, or
/// `{"id":…,"error":{"problems":[{"field","reason","remedy"}]}}`. No line feed at the end.
#[must_use]
pub fn answer_line(command: Command, mode: Mode, trace: bool, line: &str) -> String {
    let answered = if line.len() > LONGEST_LINE {
        Err(Refusal {
            id: Value::Null,
            problems: vec![Problem::new(
                "",
                "the line is longer than a mebibyte",
                "send one object per line",
            )],
        })
    } else {
        match command {
            Command::Elterngeld => elterngeld(mode, trace, line),
            Command::Kindergeld => kindergeld(trace, line),
            Command::Plan => plan(line),
            Command::WageTax => wage_tax(trace, line),
            Command::AssessmentPeriod => assessment_period(trace, line),
            Command::Maternity => maternity(trace, line),
            Command::LifeMonths => life_months(trace, line),
            Command::Names => names(line),
        }
    };
    answered.unwrap_or_else(|refusal| {
        json!({ "id": refusal.id, "error": { "problems": refusal.problems } }).to_string()
    })
}

fn read<T: DeserializeOwned>(line: &str) -> Result<Envelope<T>, Refusal> {
    serde_json::from_str(line).map_err(|error| {
        let id = serde_json::from_str::<Value>(line)
            .ok()
            .and_then(|value| value.get("id").cloned())
            .unwrap_or(Value::Null);
        Refusal {
            id,
            problems: vec![problem_of(line, &error)],
        }
    })
}

/// Names the field a reading error is about.
fn problem_of(line: &str, error: &serde_json::Error) -> Problem {
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or(&text).to_owned();
    if error.is_syntax() || error.is_eof() {
        return Problem::new(
            "",
            &reason,
            "send one JSON object with id and input per line",
        );
    }
    let missing = reason
        .strip_prefix("missing field `")
        .and_then(|rest| rest.strip_suffix('`'))
        .map(str::to_owned);
    let field = missing.unwrap_or_else(|| {
        // The reader stops behind the value; the last key before it is the field.
        let before = line.get(..error.column()).unwrap_or(line);
        let key_end = before.rfind("\":").unwrap_or(0);
        let key = before.get(..key_end).unwrap_or("");
        let key_start = key.rfind('"').map_or(0, |position| position + 1);
        key.get(key_start..).unwrap_or("").to_owned()
    });
    Problem::new(
        &field,
        &reason,
        "state the field as the documentation of the input says",
    )
}

fn refuse_if_wrong(id: &Value, problems: Vec<Problem>) -> Result<(), Refusal> {
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Refusal {
            id: id.clone(),
            problems,
        })
    }
}

fn done<T: Serialize>(id: &Value, result: T, trace: Option<Vec<Node>>) -> Result<String, Refusal> {
    let trace = trace.map(|nodes| {
        nodes
            .iter()
            .map(|node| node.json(Language::German))
            .collect()
    });
    serde_json::to_string(&Answer { id, result, trace }).map_err(|error| Refusal {
        id: id.clone(),
        problems: vec![Problem::new("", &error.to_string(), "report this line")],
    })
}

/// A trace of values that follow from one rule each.
fn leaves(trace: bool, lines: &[(TraceLine, TraceValue)]) -> Option<Vec<Node>> {
    trace.then(|| {
        let mut recorder = Recorder::default();
        for (line, value) in lines {
            recorder.leaf(*line, *value);
        }
        recorder.into_nodes()
    })
}

fn rules(
    mode: Mode,
    id: &Value,
    variants: Option<BTreeMap<String, String>>,
) -> Result<Rules, Refusal> {
    let mut rules = Rules::of(mode);
    for (point, reading) in variants.unwrap_or_default() {
        rules = rules.choose(&point, &reading).ok_or_else(|| {
            let known: Vec<String> = VARIANTS
                .iter()
                .map(|v| format!("{}={}", v.point, v.reading))
                .collect();
            Refusal {
                id: id.clone(),
                problems: vec![Problem::new(
                    &format!("variants.{point}"),
                    "there is no such reading of an open point",
                    &format!("choose one of {}", known.join(", ")),
                )],
            }
        })?;
    }
    Ok(rules)
}

fn elterngeld(mode: Mode, trace: bool, line: &str) -> Result<String, Refusal> {
    let envelope = read::<Claim>(line)?;
    refuse_if_wrong(&envelope.id, envelope.input.problems())?;
    let rules = rules(mode, &envelope.id, envelope.variants)?;
    if trace {
        let mut recorder = Recorder::default();
        let result = elterngeld::compute(&envelope.input, rules, &mut recorder);
        done(&envelope.id, result, Some(recorder.into_nodes()))
    } else {
        let result = elterngeld::compute(&envelope.input, rules, &mut Silent);
        done(&envelope.id, result, None)
    }
}

fn kindergeld(trace: bool, line: &str) -> Result<String, Refusal> {
    let envelope = read::<Household>(line)?;
    refuse_if_wrong(&envelope.id, envelope.input.problems())?;
    if trace {
        let mut recorder = Recorder::default();
        let result = kindergeld::compute(&envelope.input, &mut recorder);
        done(&envelope.id, result, Some(recorder.into_nodes()))
    } else {
        let result = kindergeld::compute(&envelope.input, &mut Silent);
        done(&envelope.id, result, None)
    }
}

fn plan(line: &str) -> Result<String, Refusal> {
    let envelope = read::<PlanLine>(line)?;
    let input = &envelope.input.plan;
    refuse_if_wrong(&envelope.id, input.problems())?;
    let report = plan::check(input);
    let Some(amounts) = &envelope.input.amounts else {
        return done(&envelope.id, report, None);
    };
    let of = |parent: usize| amounts.get(parent).copied().unwrap_or_default();
    let amounts = Amounts::even(of(0), of(1));
    let suggestions: Vec<_> = Goal::ALL
        .iter()
        .filter_map(|goal| plan::best(&input.family, &amounts, *goal))
        .collect();
    #[derive(Serialize)]
    struct WithSuggestions<'a> {
        #[serde(flatten)]
        report: &'a plan::Report,
        suggestions: Vec<plan::Best>,
    }
    let result = WithSuggestions {
        report: &report,
        suggestions,
    };
    done(&envelope.id, result, None)
}

fn wage_tax(trace: bool, line: &str) -> Result<String, Refusal> {
    let envelope = read::<WageTaxLine>(line)?;
    let input = &envelope.input;
    let edition = envelope.year.and_then(Edition::for_year);
    let class = match input.tax_class {
        1 => Some(TaxClass::I),
        2 => Some(TaxClass::II),
        3 => Some(TaxClass::III),
        4 => Some(TaxClass::IV),
        5 => Some(TaxClass::V),
        6 => Some(TaxClass::VI),
        _ => None,
    };
    let mut problems = Vec::new();
    let mut check = |right: bool, field: &str, reason: &str, remedy: &str| {
        if !right {
            problems.push(Problem::new(field, reason, remedy));
        }
    };
    check(
        edition.is_some(),
        "year",
        "there are wage tax plans for 2022 to 2026",
        "state one of these years",
    );
    check(
        class.is_some(),
        "tax_class",
        "must lie between 1 and 6",
        "state the tax class of the payslip",
    );
    check(
        (0..=HIGHEST_MONTHLY_WAGE.0).contains(&input.gross_monthly_cents.0),
        "gross_monthly_cents",
        "must lie between 0 and 10 000 000 euro",
        "state the wage of a month in cents",
    );
    check(
        input
            .factor_permille
            .is_none_or(|f| (1..=1_000).contains(&f)),
        "factor_permille",
        "must lie between 1 and 1 000",
        "state the factor times 1 000, or leave it out",
    );
    check(
        (0..=200).contains(&input.child_allowances_tenths),
        "child_allowances_tenths",
        "must lie between 0 and 200",
        "state ten times the child allowances",
    );
    check(
        input
            .health_addon_basis_points
            .is_none_or(|points| (0..=2_000).contains(&points)),
        "health_addon_basis_points",
        "must lie between 0 and 2 000",
        "state a hundred times the percentage",
    );
    refuse_if_wrong(&envelope.id, problems)?;
    let (Some(edition), Some(class)) = (edition, class) else {
        return Err(Refusal {
            id: envelope.id,
            problems: Vec::new(),
        });
    };
    let plan = edition.plan();
    let tax = wage_tax::calculate(
        plan,
        &WageTaxInput {
            gross: input.gross_monthly_cents,
            class,
            factor_permille: input.factor_permille,
            child_allowances_tenths: input.child_allowances_tenths,
            church_member: input.church_member,
            pension_insured: input.pension_insured,
            unemployment_insured: input.unemployment_insured.unwrap_or(input.pension_insured),
            health_addon_basis_points: input
                .health_addon_basis_points
                .unwrap_or(plan.average_health_addon),
        },
    );
    let nodes = trace.then(|| {
        let mut recorder = Recorder::default();
        let amounts = [
            (TraceLine::WageTax, tax.wage_tax),
            (TraceLine::Surcharge, tax.solidarity_surcharge),
            (TraceLine::ChurchTaxBase, tax.church_tax_base),
        ];
        for (line, amount) in amounts {
            recorder.leaf_from(line, TraceValue::Money(amount), plan.source);
        }
        recorder.into_nodes()
    });
    let result = json!({
        "wage_tax_cents": tax.wage_tax,
        "solidarity_surcharge_cents": tax.solidarity_surcharge,
        "church_tax_base_cents": tax.church_tax_base,
    });
    done(&envelope.id, result, nodes)
}

fn assessment_period(trace: bool, line: &str) -> Result<String, Refusal> {
    let envelope = read::<Assessment>(line)?;
    let periods = assessment::periods(&envelope.input);
    let lines: Vec<_> = periods
        .iter()
        .flat_map(|period| {
            [
                (TraceLine::PeriodFrom, TraceValue::Day(period.from_month)),
                (
                    TraceLine::PeriodTo,
                    TraceValue::Day(period.to_month.last_of_month()),
                ),
            ]
        })
        .collect();
    let nodes = leaves(trace, &lines);
    done(&envelope.id, json!({ "periods": periods }), nodes)
}

fn maternity(trace: bool, line: &str) -> Result<String, Refusal> {
    let envelope = read::<Maternity>(line)?;
    let days = maternity::protection(envelope.input);
    let nodes = leaves(
        trace,
        &[
            (TraceLine::ProtectionFrom, TraceValue::Day(days.from)),
            (TraceLine::ProtectionTo, TraceValue::Day(days.to)),
        ],
    );
    done(
        &envelope.id,
        json!({ "start": days.from, "end": days.to }),
        nodes,
    )
}

fn life_months(trace: bool, line: &str) -> Result<String, Refusal> {
    let envelope = read::<LifeMonthLine>(line)?;
    let LifeMonthLine { birth_date, month } = envelope.input;
    if month == 0 {
        let problem = Problem::new("month", "months of life count from 1", "state 1 or more");
        refuse_if_wrong(&envelope.id, vec![problem])?;
    }
    let days = life_month(birth_date, month);
    let nodes = leaves(
        trace,
        &[
            (TraceLine::LifeMonthFrom, TraceValue::Day(days.from)),
            (TraceLine::LifeMonthTo, TraceValue::Day(days.to)),
        ],
    );
    done(&envelope.id, days, nodes)
}

fn names(line: &str) -> Result<String, Refusal> {
    let envelope = read::<NameCase>(line)?;
    refuse_if_wrong(&envelope.id, envelope.input.problems())?;
    done(&envelope.id, names::answer(&envelope.input), None)
}
