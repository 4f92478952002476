//! `plans.jsonl` and `plans_statute.jsonl`, exactly.

use einmal_benefits::plan::{PlanInput, check};

use crate::vectors::lines;

fn run(file: &str) {
    let Some(lines) = lines(file) else {
        return;
    };
    let mut wrong = Vec::new();
    for line in &lines {
        let input: PlanInput = serde_json::from_value(line["input"].clone()).unwrap();
        assert!(input.problems().is_empty(), "{line}");
        let got = serde_json::to_value(check(&input)).unwrap();
        for (key, value) in line["expected"].as_object().unwrap() {
            if *value != got[key] {
                wrong.push(format!("{key}: got {} for {line}", got[key]));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} differ:\n{}",
        wrong.len(),
        lines.len(),
        wrong.join("\n")
    );
}

#[test]
fn plans_are_judged_as_by_the_peer() {
    run("plans.jsonl");
}

#[test]
fn plans_are_judged_by_the_statute() {
    run("plans_statute.jsonl");
}
