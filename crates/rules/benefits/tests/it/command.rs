//! The stream of lines: every vector file through the one entry, and what wrong lines get.

use std::str::FromStr;

use einmal_benefits::{Command, Mode, answer_line};
use proptest::prelude::*;
use serde_json::Value;

use crate::vectors::lines;

fn answer(command: &str, mode: Mode, trace: bool, line: &str) -> Value {
    let command = Command::from_str(command).unwrap();
    serde_json::from_str(&answer_line(command, mode, trace, line)).unwrap()
}

#[test]
fn every_exact_file_is_answered_with_the_fields_expected() {
    for (file, command, mode) in [
        ("lohnsteuer.jsonl", "wage-tax", Mode::Statute),
        ("kindergeld.jsonl", "kindergeld", Mode::Statute),
        (
            "bemessungszeitraum.jsonl",
            "assessment-period",
            Mode::Statute,
        ),
        ("mutterschutz.jsonl", "maternity", Mode::Statute),
        ("lebensmonate.jsonl", "life-months", Mode::Statute),
        ("plans.jsonl", "plan", Mode::Peer),
        ("plans.jsonl", "plan", Mode::Statute),
        ("plans_statute.jsonl", "plan", Mode::Statute),
    ] {
        for line in lines(file).unwrap_or_default() {
            let got = answer(command, mode, false, &line.to_string());
            assert_eq!(got["id"], line["id"]);
            for (key, value) in line["expected"].as_object().unwrap() {
                assert_eq!(got["result"][key], *value, "{key} of {line}");
            }
        }
    }
}

fn cents(node: &Value) -> i64 {
    node["value"]["cents"].as_i64().unwrap_or(0)
}

/// Sum of the parts of a month that are money.
fn parts_sum(node: &Value) -> i64 {
    node["parts"].as_array().unwrap().iter().map(cents).sum()
}

#[test]
fn the_trace_adds_up_and_the_result_is_the_same() {
    for line in lines("elterngeld.jsonl").unwrap_or_default() {
        let text = line.to_string();
        for mode in [Mode::Peer, Mode::Statute] {
            let plain = answer("elterngeld", mode, false, &text);
            let traced = answer("elterngeld", mode, true, &text);
            assert_eq!(plain["result"], traced["result"]);
            assert!(plain.get("trace").is_none());
            let root = &traced["trace"][0];
            assert_eq!(root["value"]["cents"], plain["result"]["total_cents"]);
            let months: Vec<&Value> = root["parts"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|part| part["line"] == "month")
                .collect();
            assert_eq!(months.iter().map(|m| cents(m)).sum::<i64>(), cents(root));
            for month in months {
                assert_eq!(parts_sum(month), cents(month), "{month}");
            }
        }
    }
}

#[test]
fn a_wrong_line_is_answered_with_field_reason_and_remedy() {
    let problem = |command: &str, line: &str| {
        let got = answer(command, Mode::Statute, false, line);
        assert!(got.get("result").is_none(), "{got}");
        let first = got["error"]["problems"][0].clone();
        assert!(
            first["reason"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        );
        assert!(
            first["remedy"]
                .as_str()
                .is_some_and(|text| !text.is_empty())
        );
        (
            got["id"].clone(),
            first["field"].as_str().unwrap().to_owned(),
        )
    };
    assert_eq!(
        problem("kindergeld", "not json"),
        (Value::Null, String::new())
    );
    assert_eq!(problem("kindergeld", ""), (Value::Null, String::new()));
    let (id, field) = problem(
        "life-months",
        r#"{"id":"a","input":{"birth_date":"2025-02-30","month":1}}"#,
    );
    assert_eq!((id, field.as_str()), ("a".into(), "birth_date"));
    let (id, field) = problem(
        "life-months",
        r#"{"id":7,"input":{"birth_date":"2025-02-03"}}"#,
    );
    assert_eq!((id, field.as_str()), (7.into(), "month"));
    let (_, field) = problem(
        "wage-tax",
        r#"{"id":"b","year":1999,"input":{"gross_monthly_cents":1,"tax_class":1}}"#,
    );
    assert_eq!(field, "year");
    let (_, field) = problem(
        "elterngeld",
        r#"{"id":"c","input":{"birth_date":"2025-02-03","employment_before_birth":"none","tax_class":"IV","plan":"BBQ............................."}}"#,
    );
    assert_eq!(field, "plan");
    let (_, field) = problem(
        "elterngeld",
        r#"{"id":"c","variants":{"plan_of_2025":"other"},"input":{"birth_date":"2025-02-03","employment_before_birth":"none","tax_class":"IV","plan":"BB.............................."}}"#,
    );
    assert_eq!(field, "variants.plan_of_2025");
}

#[test]
fn hostile_numbers_neither_panic_nor_stop_the_stream() {
    for line in [
        r#"{"id":1,"input":{"birth_date":"9999-12-31","month":255}}"#,
        r#"{"id":1,"input":{"birth_date":"-009999-01-01","month":255}}"#,
    ] {
        answer("life-months", Mode::Statute, true, line);
    }
    let exclusion = r#"{"from":"0001-01-01","to":"9999-12-31"}"#;
    for kind in ["employee", "self_employed"] {
        let line = format!(
            r#"{{"id":1,"input":{{"birth_date":"0001-01-01","kind":"{kind}","exclusions":[{exclusion}]}}}}"#
        );
        answer("assessment-period", Mode::Statute, true, &line);
    }
    answer(
        "maternity",
        Mode::Statute,
        true,
        r#"{"id":1,"input":{"due_date":"9999-12-31","birth_date":"-009999-01-01","extended":true}}"#,
    );
    let letters = "X".repeat(32);
    answer(
        "plan",
        Mode::Statute,
        true,
        &format!(
            r#"{{"id":1,"input":{{"birth_date":"2025-01-01","parents":1,"p1":"{letters}","maternity":{{"parent":1,"last_month":32}},"weeks_early":1e300}}}}"#
        ),
    );
    answer(
        "kindergeld",
        Mode::Statute,
        true,
        r#"{"id":1,"input":{"policy_date":"2025-01-01","children":[{"age":255,"weekly_hours":1e308}]}}"#,
    );
}

proptest! {
    #[test]
    fn no_spoiled_line_stops_the_stream(
        at in any::<prop::sample::Index>(),
        byte in prop_oneof![Just(b'9'), Just(b'-'), Just(b'"'), Just(b'0'), Just(b'e'), any::<u8>()],
        twice in any::<bool>(),
    ) {
        let lines = [
            r#"{"id":1,"input":{"birth_date":"2025-09-01","children_born":2,"siblings":[{"birth_date":"2023-01-02","disabled":true}],"employment_before_birth":"mixed","gross_monthly_cents":0,"tax_class":"IV_FACTOR","factor_permille":900,"child_allowances_tenths":5,"activities":[{"type":"employee","gross_monthly_cents":106318,"months":"000011000000","pension_insured":true}],"plan":"BBBBPPPPPPPPPPPP................","income_after_birth":[{"month":4,"gross_cents":10000}],"maternity_benefit_months":2,"received":"2026-01-01"}}"#,
            r#"{"id":1,"input":{"birth_date":"2025-05-02","parents":2,"weeks_early":6.5,"maternity":{"parent":1,"last_month":3},"hours":[{"parent":1,"month":4,"weekly_hours":32}],"p1":"BBBBBBBBBBBBBB..................","p2":"..............B.................","amounts":[{"basis_cents":180000,"plus_cents":90000,"bonus_cents":1}]}}"#,
            r#"{"id":1,"year":2025,"input":{"gross_monthly_cents":313546,"tax_class":1,"factor_permille":null,"child_allowances_tenths":10,"church_member":false,"pension_insured":true,"health_addon_basis_points":130}}"#,
            r#"{"id":1,"input":{"policy_date":"2022-07-01","children":[{"age":21,"in_education":true,"weekly_hours":20.0,"recipient":0}]}}"#,
            r#"{"id":1,"input":{"birth_date":"2025-09-20","kind":"self_employed","exclusions":[{"from":"2025-05-19","to":"2025-06-13"}]}}"#,
            r#"{"id":1,"input":{"due_date":"2025-09-29","birth_date":"2025-10-05","extended":false}}"#,
            r#"{"id":1,"input":{"birth_date":"2025-05-02","parent1_name":"Kern-Öhl","parent2_name":"ß"}}"#,
        ];
        for line in lines {
            let mut spoiled = line.as_bytes().to_vec();
            let place = at.index(spoiled.len());
            if twice {
                spoiled.insert(place, byte);
            }
            spoiled[place] = byte;
            let text = String::from_utf8_lossy(&spoiled);
            for command in Command::NAMES {
                let got = answer(command, Mode::Statute, true, &text);
                prop_assert!(got.get("result").is_some() != got.get("error").is_some());
            }
        }
    }
}

#[test]
fn suggestions_come_with_the_plan_if_amounts_are_given() {
    let plan = ".".repeat(32);
    let got = answer(
        "plan",
        Mode::Statute,
        false,
        &format!(
            r#"{{"id":1,"input":{{"birth_date":"2025-07-01","parents":2,"p1":"{plan}","p2":"{plan}","amounts":[{{"basis_cents":180000,"plus_cents":90000,"bonus_cents":50000}},{{"basis_cents":120000,"plus_cents":60000,"bonus_cents":40000}}]}}}}"#
        ),
    );
    let suggestions = got["result"]["suggestions"].as_array().unwrap();
    assert_eq!(suggestions.len(), 4, "{got}");
    assert!(
        suggestions
            .iter()
            .all(|s| s["total_cents"].as_i64() > Some(0))
    );
}
