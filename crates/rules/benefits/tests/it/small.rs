//! The exact files: Kindergeld, assessment period, maternity protection, months of life.

use einmal_benefits::assessment::{Assessment, periods};
use einmal_benefits::calendar::life_month;
use einmal_benefits::kindergeld::{self, Household};
use einmal_benefits::maternity::{Maternity, protection};
use einmal_benefits::trace::Silent;
use serde_json::{Value, json};

use crate::vectors::lines;

fn exact(file: &str, answer: impl Fn(&Value) -> Value) {
    let Some(lines) = lines(file) else {
        return;
    };
    let wrong: Vec<String> = lines
        .iter()
        .filter_map(|line| {
            let got = answer(&line["input"]);
            (got != line["expected"]).then(|| format!("{line} got {got}"))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} lines differ:\n{}",
        wrong.len(),
        lines.len(),
        wrong.join("\n")
    );
}

#[test]
fn kindergeld_is_exact() {
    exact("kindergeld.jsonl", |input| {
        let household: Household = serde_json::from_value(input.clone()).unwrap();
        serde_json::to_value(kindergeld::compute(&household, &mut Silent)).unwrap()
    });
}

#[test]
fn assessment_periods_are_exact() {
    exact("bemessungszeitraum.jsonl", |input| {
        let assessment: Assessment = serde_json::from_value(input.clone()).unwrap();
        json!({ "periods": periods(&assessment) })
    });
}

#[test]
fn maternity_protection_is_exact() {
    exact("mutterschutz.jsonl", |input| {
        let maternity: Maternity = serde_json::from_value(input.clone()).unwrap();
        let days = protection(maternity);
        json!({ "start": days.from, "end": days.to })
    });
}

#[test]
fn months_of_life_are_exact() {
    exact("lebensmonate.jsonl", |input| {
        let birth = input["birth_date"].as_str().unwrap().parse().unwrap();
        let month = u8::try_from(input["month"].as_u64().unwrap()).unwrap();
        serde_json::to_value(life_month(birth, month)).unwrap()
    });
}
