//! Data against a schema.

use einmal_xdatenfelder::{Schema, ViolationCode, read_schema, validate};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::reading::EXAMPLE;

fn schema() -> Schema {
    read_schema(EXAMPLE.as_bytes()).unwrap()
}

fn good() -> Value {
    json!({
        "F99000000901": true,
        "G99000000902": [
            {"F99000000903": "28195", "F99000000904": "001"},
            {"F99000000903": "01067"},
        ],
        "G99000000905": {"F99000000907": 12.5},
        "F99000000909": 9,
    })
}

fn violations(pointer: &str, value: Value) -> Vec<(String, String)> {
    let mut data = good();
    match data.pointer_mut(pointer) {
        Some(place) => *place = value,
        None => {
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            data.pointer_mut(parent).unwrap()[key] = value;
        }
    }
    validate(&schema(), &data)
        .into_iter()
        .map(|violation| (violation.path, violation.code.to_string()))
        .collect()
}

fn one(pointer: &str, value: Value, message: &str) {
    assert_eq!(
        violations(pointer, value),
        [(pointer.to_owned(), message.to_owned())]
    );
}

#[test]
fn fitting_data_have_no_violations() {
    assert_eq!(validate(&schema(), &good()), []);
}

#[test]
fn each_constraint_is_checked_at_its_place() {
    one("/F99000000901", json!("ja"), "expected true or false");
    one(
        "/G99000000902/0/F99000000904",
        json!("003"),
        "is not one of the 2 options",
    );
    one("/F99000000909", json!(9.5), "expected a whole number");
    one("/F99000000909", json!(10), "is above 9");
    one(
        "/G99000000905/F99000000907",
        json!(1.234),
        "expected an amount with at most two decimals",
    );
    one("/G99000000905/F99000000907", json!(1000), "is above 999,99");
    one("/G99000000905/F99000000907", json!(-0.01), "is below 0");
    one("/unknown", json!(1), "is not in the schema");
    one(
        "/F99000000908",
        json!("text of a label"),
        "is not in the schema",
    );
    one("/G99000000902", json!({}), "expected a list");
    one(
        "/G99000000902",
        json!([{"F99000000903": "28195"}]),
        "needs at least 2 entries, has 1",
    );
    one("/G99000000902/1", json!("x"), "expected an object");
}

#[test]
fn patterns_hold_for_the_whole_value() {
    assert!(violations("/G99000000902/0/F99000000903", json!("2819x")).len() == 1);
    // The pattern ends with `$` but does not begin with `^`.
    let found = violations("/G99000000902/0/F99000000903", json!("x28195"));
    assert!(
        found
            .iter()
            .any(|(_, message)| message.starts_with("does not match"))
    );
}

#[test]
fn a_mandatory_choice_takes_exactly_one_member() {
    let pointer = "/G99000000905";
    let both = json!({"F99000000906": "2026-11-07", "F99000000907": 1});
    one(pointer, both, "takes one member, has 2");
    one(pointer, json!({}), "takes one member, has 0");
    assert!(violations(pointer, json!({"F99000000906": "2026-11-07"})).is_empty());
    let date = |text: &str| violations(pointer, json!({"F99000000906": text})).len();
    assert_eq!(
        (date("2026-11-31"), date("7.11.2026"), date("2019-12-31")),
        (1, 1, 1)
    );
}

#[test]
fn names_what_is_missing() {
    let found = validate(&schema(), &json!({}));
    assert_eq!(found.len(), 3);
    assert!(
        found
            .iter()
            .all(|violation| violation.code == ViolationCode::Missing)
    );
}

#[test]
fn does_not_report_without_end() {
    let data = json!({"G99000000902": vec![json!(1); 5], "z": 1});
    assert!(validate(&schema(), &data).len() < 20);
    let many: serde_json::Map<String, Value> = (0..5_000)
        .map(|number| (format!("k{number}"), json!(0)))
        .collect();
    assert_eq!(validate(&schema(), &Value::Object(many)).len(), 200);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,8}".prop_map(Value::from),
    ];
    let key = prop_oneof![
        Just("F99000000903".to_owned()),
        Just("G99000000902".to_owned()),
        Just("F99000000909".to_owned()),
        "\\PC{0,4}",
    ];
    leaf.prop_recursive(4, 32, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::hash_map(key.clone(), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_data_make_the_check_panic(data in any_json()) {
        let _ = validate(&schema(), &data);
    }
}
