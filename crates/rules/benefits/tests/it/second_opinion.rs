//! `elterngeld_gettsim.jsonl`: the amount formula against a second peer, lines without notes.

use einmal_benefits::elterngeld::{basis_amount, replacement_rate};

use crate::vectors::lines;

#[test]
fn the_amount_formula_agrees_with_a_second_peer() {
    let mut tried = 0;
    for line in lines("elterngeld_gettsim.jsonl").unwrap_or_default() {
        if !line["notes"].as_array().unwrap().is_empty() {
            continue;
        }
        let parents = line["input"]["parents"].as_array().unwrap();
        for (parent, expected) in parents.iter().zip(line["expected"].as_array().unwrap()) {
            let before = parent["net_before_birth_cents"].as_i64().unwrap();
            let now = parent["net_now_cents"].as_i64().unwrap();
            let unbounded = expected["unbounded_base_cents"].as_i64().unwrap();
            let want = unbounded.clamp(30_000, 180_000);
            let got = basis_amount(before, now);
            assert!((want - got).abs() <= 1, "want {want}, got {got}: {line}");
            assert!(replacement_rate(before) >= 650);
            tried += 1;
        }
    }
    assert!(tried == 0 || tried > 100, "only {tried} parents compared");
}
