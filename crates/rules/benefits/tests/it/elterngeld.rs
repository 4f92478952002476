//! `elterngeld.jsonl`: every line in peer mode, lines without notes in statute mode.

use einmal_benefits::elterngeld::{Claim, Mode, Rules, compute};
use einmal_benefits::trace::Silent;
use serde_json::Value;

use crate::vectors::lines;

/// Where two results part by more than the tolerance.
fn compare(path: &str, want: &Value, got: &Value, tolerance: i64, wrong: &mut Vec<String>) {
    match (want, got) {
        (Value::Object(want), Value::Object(got)) => {
            for (key, value) in want {
                let path = format!("{path}.{key}");
                compare(&path, value, &got[key], tolerance, wrong);
            }
        }
        (Value::Array(want), Value::Array(got)) if want.len() == got.len() => {
            for (position, (want, got)) in want.iter().zip(got).enumerate() {
                compare(&format!("{path}[{position}]"), want, got, tolerance, wrong);
            }
        }
        (Value::Number(want), Value::Number(got))
            if path.contains("cents") || path.contains("months") =>
        {
            if (want.as_i64().unwrap() - got.as_i64().unwrap()).abs() > tolerance {
                wrong.push(format!("{path}: want {want}, got {got}"));
            }
        }
        _ => {
            if want != got {
                wrong.push(format!("{path}: want {want}, got {got}"));
            }
        }
    }
}

fn run(mode: Mode, only_without_notes: bool) {
    let Some(lines) = lines("elterngeld.jsonl") else {
        return;
    };
    let (mut failed, mut tried) = (Vec::new(), 0);
    for line in &lines {
        let notes = line["notes"].as_array().unwrap();
        if only_without_notes && !notes.is_empty() {
            continue;
        }
        tried += 1;
        let claim: Claim = serde_json::from_value(line["input"].clone()).unwrap();
        assert!(claim.problems().is_empty(), "{:?}", claim.problems());
        let result = compute(&claim, Rules::of(mode), &mut Silent);
        let got = serde_json::to_value(result).unwrap();
        let mut want = line["expected"].clone();
        // A block whose plan has no month with income is without meaning.
        for block in ["basis_with_income", "plus_with_income"] {
            if want[block]["average_gross_cents"] == 0 && want[block]["average_net_cents"] == 0 {
                want.as_object_mut().unwrap().remove(block);
            }
        }
        let mixed = notes.iter().any(|note| note == "mixed_net_not_rounded");
        let tolerance = if mixed { 2 } else { 1 };
        let mut wrong = Vec::new();
        let total = want.as_object_mut().unwrap().remove("total_cents").unwrap();
        compare("", &want, &got, tolerance, &mut wrong);
        let drawn = i64::try_from(want["months"].as_array().unwrap().len()).unwrap();
        compare(
            ".total_cents",
            &total,
            &got["total_cents"],
            tolerance * drawn.max(1),
            &mut wrong,
        );
        if !wrong.is_empty() {
            wrong.truncate(6);
            failed.push(format!("{} {wrong:?}\n  {}", line["id"], line["input"]));
        }
    }
    assert!(
        failed.is_empty(),
        "{} of {tried} lines differ:\n{}",
        failed.len(),
        failed
            .iter()
            .take(12)
            .cloned()
            .collect::<Vec<_>>()
            .join("\n")
    );
}

#[test]
fn peer_mode_meets_every_line() {
    run(Mode::Peer, false);
}

#[test]
fn statute_mode_meets_the_lines_without_notes() {
    run(Mode::Statute, true);
}
