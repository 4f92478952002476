//! Where the statute and the federal calculator part: what we answer, written from the paragraph.

use einmal_benefits::elterngeld::{Claim, Mode, Rules, compute};
use einmal_benefits::trace::Silent;
use proptest::prelude::*;
use serde_json::{Value, json};

fn claim(fields: Value) -> Claim {
    let mut claim = json!({
        "birth_date": "2025-07-10",
        "employment_before_birth": "employee_insured",
        "gross_monthly_cents": 300_000,
        "tax_class": "I",
        "statutory_health_insurance": true,
        "statutory_pension_insurance": true,
        "plan": "BBBBBBBBBBBB....................",
    });
    for (key, value) in fields.as_object().unwrap() {
        claim[key] = value.clone();
    }
    let claim: Claim = serde_json::from_value(claim).unwrap();
    assert!(claim.problems().is_empty(), "{:?}", claim.problems());
    claim
}

fn run(fields: Value, rules: Rules) -> Value {
    serde_json::to_value(compute(&claim(fields), rules, &mut Silent)).unwrap()
}

fn statute(fields: Value) -> Value {
    run(fields, Rules::of(Mode::Statute))
}

fn peer(fields: Value) -> Value {
    run(fields, Rules::of(Mode::Peer))
}

#[test]
fn midijob_limits_are_those_of_the_months_earned() {
    // § 2f(2) BEEG, § 20(2a) SGB IV: a birth in January 2026 has all its months in 2025 with
    // G = 556: 0.6667·556 + (2000 − 0.6667·556)/1444·(1200 − 556) = 1097.33 €, of it 21 %.
    let fields = json!({ "birth_date": "2026-01-10", "gross_monthly_cents": 120_000 });
    assert_eq!(statute(fields.clone())["income"]["social_cents"], 23_044);
    // The peer stays at G = 538: 0.6667·538 + (2000 − 0.6667·538)/1462·662 = 1101.88 €.
    assert_eq!(peer(fields)["income"]["social_cents"], 23_139);
}

#[test]
fn the_midijob_formula_is_for_employment_only() {
    // § 20(2) SGB IV speaks of employment: deductions of 19 % on the full profit.
    let fields = json!({
        "employment_before_birth": "self_employed",
        "gross_monthly_cents": 150_000,
    });
    assert_eq!(statute(fields.clone())["income"]["social_cents"], 28_500);
    assert!(peer(fields)["income"]["social_cents"].as_i64() < Some(28_500));
}

#[test]
fn a_minijob_while_drawing_carries_no_social_deductions() {
    // § 2f(2) sentence 2: income from minijobs is left out of the base.
    let fields = json!({ "income_after_birth": [{ "month": 4, "gross_cents": 50_000 }] });
    let now = statute(fields.clone())["basis_with_income"].clone();
    // 500 € less an allowance of 102.50 €.
    assert_eq!(now["average_net_cents"], 39_750);
    assert_eq!(
        peer(fields)["basis_with_income"]["average_net_cents"],
        39_750 - 10_500
    );
}

#[test]
fn maternity_benefits_are_offset_by_calendar_day() {
    // § 3(1) sentence 2: born on 10 July, benefits until 4 September (8 weeks). Month 2 runs from
    // 10 August to 9 September, 31 days; 26 of them are covered, five are paid.
    let fields = json!({ "maternity_benefits": [
        { "from": "2025-06-01", "to": "2025-09-04", "daily_cents": 10_000 },
    ]});
    let result = statute(fields);
    let basis = result["basis_cents"].as_i64().unwrap();
    assert_eq!(result["months"][0][1], 0);
    assert_eq!(result["months"][1][1], basis - (basis * 26 * 2 + 31) / 62);
    assert_eq!(result["months"][2][1], basis);
    let whole = peer(json!({ "maternity_benefit_months": 2 }));
    assert_eq!(whole["months"][1][1], 0);
}

#[test]
fn small_maternity_benefits_leave_the_rest() {
    // 5 € a day are less than the Elterngeld of a day: only they are taken off.
    let fields = json!({ "maternity_benefits": [
        { "from": "2025-07-10", "to": "2025-08-09", "daily_cents": 500 },
    ]});
    let result = statute(fields);
    assert_eq!(
        result["months"][0][1].as_i64().unwrap(),
        result["basis_cents"].as_i64().unwrap() - 31 * 500
    );
}

#[test]
fn other_benefits_leave_three_hundred_euro_free() {
    // § 3(2): 300 € stay free, half of it with Plus.
    let fields = |plan: &str| {
        json!({
            "plan": plan,
            "other_benefits": [{ "month": 3, "gross_cents": 900_000 }],
        })
    };
    let basis = statute(fields("BBBB............................"));
    assert_eq!(basis["months"][2][1], 30_000);
    let plus = statute(fields("BBPP............................"));
    assert_eq!(plus["months"][2][1], 15_000);
}

#[test]
fn an_application_reaches_back_three_months_of_life() {
    // § 7(1): received in month 6, so month 3 is the first that is paid.
    let result = statute(json!({ "received": "2025-12-15" }));
    assert_eq!(result["months"][1][1], 0);
    assert_eq!(result["months"][2][1], result["basis_cents"]);
}

#[test]
fn the_income_limit_excludes_only_above_it() {
    // § 1(8): more than 175 000 € for births from 2025-04-01; exactly that is allowed.
    let at = statute(json!({ "taxable_income_euro": 175_000 }));
    assert!(at["total_cents"].as_i64() > Some(0));
    let above = statute(json!({ "taxable_income_euro": 175_001 }));
    assert_eq!(above["total_cents"], 0);
    assert_eq!(above["over_income_limit"], true);
    let older = statute(json!({
        "birth_date": "2025-03-31",
        "taxable_income_euro": 200_000,
    }));
    assert!(older["total_cents"].as_i64() > Some(0));
}

#[test]
fn the_readings_of_open_points_differ_and_can_be_chosen() {
    let with = |point: &str, reading: &str, fields: Value| {
        let rules = Rules::of(Mode::Statute).choose(point, reading).unwrap();
        run(fields, rules)["income"].clone()
    };
    let born_2026 = json!({ "birth_date": "2026-02-01" });
    let first = with("plan_of_2025", "first", born_2026.clone());
    let amended = with("plan_of_2025", "amended", born_2026);
    assert!(first["taxes_cents"].as_i64() > amended["taxes_cents"].as_i64());
    let born_2024 = json!({ "birth_date": "2024-06-01" });
    let guidelines = with("allowance_for_2024", "guidelines", born_2024.clone());
    let words = with("allowance_for_2024", "statute", born_2024);
    assert_eq!(guidelines["allowance_cents"], 10_000);
    assert_eq!(words["allowance_cents"], 10_250);
    let profit = json!({ "employment_before_birth": "self_employed", "tax_class": "III" });
    let stated = with("profit_class", "stated", profit.clone());
    let four = with("profit_class", "class_iv", profit);
    assert!(four["taxes_cents"].as_i64() > stated["taxes_cents"].as_i64());
    assert!(Rules::default().choose("plan_of_2025", "none").is_none());
}

#[test]
fn twins_earn_their_supplement_but_no_sibling_bonus() {
    // § 2a(1) sentence 2: children of the same birth do not count.
    let result = statute(json!({
        "children_born": 2,
        "siblings": [{ "birth_date": "2025-07-10", "disabled": false }],
    }));
    assert_eq!(result["months"][0][2], 0);
    assert_eq!(result["months"][0][3], 30_000);
}

#[test]
fn the_sibling_bonus_ends_with_the_month_in_which_the_sibling_turns_three() {
    // § 2a(1), (2): the sibling turns three on 20 October 2025, within month 4 (10 October to 9
    // November); that month still has the bonus, the next has not.
    let result = statute(json!({
        "siblings": [{ "birth_date": "2022-10-20", "disabled": false }],
    }));
    assert!(result["months"][3][2].as_i64() > Some(0));
    assert_eq!(result["months"][4][2], 0);
}

proptest! {
    #[test]
    fn the_order_of_siblings_is_irrelevant(
        births in proptest::collection::vec((2010_i16..2025, 1_i8..=12, 1_i8..=28, any::<bool>()), 0..6),
    ) {
        let siblings: Vec<Value> = births
            .iter()
            .map(|(year, month, day, disabled)| json!({
                "birth_date": format!("{year}-{month:02}-{day:02}"),
                "disabled": disabled,
            }))
            .collect();
        let reversed: Vec<Value> = siblings.iter().rev().cloned().collect();
        let plan = "P".repeat(32);
        let forwards = statute(json!({ "siblings": siblings, "plan": plan }));
        let backwards = statute(json!({ "siblings": reversed, "plan": plan }));
        prop_assert_eq!(forwards, backwards);
    }

    #[test]
    fn every_month_stays_within_minimum_and_cap(
        gross in 0_i64..1_500_000,
        now in 0_i64..800_000,
        class in prop_oneof![Just("I"), Just("II"), Just("III"), Just("IV"), Just("V")],
        kind in prop_oneof![
            Just("employee_insured"), Just("employee_uninsured"), Just("minijob"),
            Just("self_employed"), Just("none"),
        ],
        year in 2024_i16..=2027,
    ) {
        for mode in [Mode::Statute, Mode::Peer] {
            let result = run(json!({
                "birth_date": format!("{year}-05-31"),
                "employment_before_birth": kind,
                "gross_monthly_cents": gross,
                "tax_class": class,
                "plan": "BBBBPPPPXX......................",
                "income_after_birth": [
                    { "month": 2, "gross_cents": now }, { "month": 6, "gross_cents": now },
                ],
            }), Rules::of(mode));
            for month in result["months"].as_array().unwrap() {
                let amount = month[1].as_i64().unwrap();
                let halved = month[0].as_i64() > Some(4);
                let bounds = if halved { 15_000..=90_000 } else { 30_000..=180_000 };
                prop_assert!(bounds.contains(&amount), "{month} of {result}");
            }
        }
    }
}
