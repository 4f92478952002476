//! How fast it is, on one core: `cargo test --release -p einmal-benefits speed -- --ignored --nocapture`.
#![expect(
    clippy::disallowed_methods,
    reason = "measuring needs the monotonic clock"
)]

use std::hint::black_box;
use std::str::FromStr;
use std::time::Instant;

use einmal_benefits::elterngeld::{Claim, Mode, Rules, compute};
use einmal_benefits::plan::{Amounts, Goal, MonthlyAmounts, PlanInput, best};
use einmal_benefits::trace::Silent;
use einmal_benefits::wage_tax::{Edition, TaxClass, WageTaxInput, calculate};
use einmal_benefits::{Command, answer_line};
use einmal_model::Cents;

use crate::vectors::lines;

fn per_second(name: &str, count: usize, work: impl FnOnce()) {
    let start = Instant::now();
    work();
    let elapsed = start.elapsed();
    let rate = u128::try_from(count).unwrap() * 1_000_000_000 / elapsed.as_nanos().max(1);
    eprintln!("{name}: {count} in {elapsed:?}, {rate} a second");
}

#[test]
#[ignore = "measures"]
fn speed() {
    let claims: Vec<Claim> = lines("elterngeld.jsonl")
        .unwrap_or_default()
        .into_iter()
        .map(|line| serde_json::from_value(line["input"].clone()).unwrap())
        .collect();
    for mode in [Mode::Peer, Mode::Statute] {
        let rules = Rules::of(mode);
        per_second(
            &format!("elterngeld {mode:?}"),
            claims.len() * 1_000,
            || {
                for _ in 0..1_000 {
                    for claim in &claims {
                        black_box(compute(black_box(claim), rules, &mut Silent));
                    }
                }
            },
        );
    }
    let plan = Edition::Y2025Amended.plan();
    per_second("wage tax", 5_000_000, || {
        for gross in 0..5_000_000_i64 {
            let class = if gross % 2 == 0 {
                TaxClass::I
            } else {
                TaxClass::V
            };
            black_box(calculate(
                plan,
                &WageTaxInput {
                    gross: Cents(black_box(gross % 900_000)),
                    class,
                    factor_permille: None,
                    child_allowances_tenths: 10,
                    church_member: true,
                    pension_insured: true,
                    unemployment_insured: true,
                    health_addon_basis_points: 250,
                },
            ));
        }
    });
    for (file, command) in [
        ("kindergeld.jsonl", "kindergeld"),
        ("elterngeld.jsonl", "elterngeld"),
    ] {
        let texts: Vec<String> = lines(file)
            .unwrap_or_default()
            .iter()
            .map(ToString::to_string)
            .collect();
        let command = Command::from_str(command).unwrap();
        per_second(&format!("lines of {file}"), texts.len() * 250, || {
            for _ in 0..250 {
                for text in &texts {
                    black_box(answer_line(command, Mode::Peer, false, text));
                }
            }
        });
    }
    let input: PlanInput = serde_json::from_value(serde_json::json!({
        "birth_date": "2025-07-01", "parents": 2,
        "p1": ".".repeat(32), "p2": ".".repeat(32),
    }))
    .unwrap();
    let of = |basis: i64| MonthlyAmounts {
        basis_cents: Cents(basis),
        plus_cents: Cents(basis / 2),
        bonus_cents: Cents(basis / 3),
    };
    let amounts = Amounts::even(of(180_000), of(123_456));
    for goal in Goal::ALL {
        per_second(&format!("best plan {goal:?}"), 10, || {
            for _ in 0..10 {
                black_box(best(&input.family, &amounts, goal));
            }
        });
    }
}
