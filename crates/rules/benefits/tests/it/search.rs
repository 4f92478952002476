//! The best plans: admissible, and beaten by no other admissible plan.

use einmal_benefits::elterngeld::{Claim, Draw, Mode, Months, Rules};
use einmal_benefits::kindergeld::Hours;
use einmal_benefits::plan::{
    Amounts, Family, Goal, MaternityMonths, MonthlyAmounts, PlanInput, best, check, plan_total,
};
use einmal_model::Cents;
use jiff::civil::date;
use proptest::prelude::*;

fn family() -> Family {
    Family {
        birth_date: date(2025, 7, 1),
        parents: 2,
        lone_parent: false,
        parent_was_employed: true,
        multiples: false,
        disabled_sibling: false,
        newborn_disabled: false,
        weeks_early: None,
        maternity: None,
        income: None,
        hours: None,
    }
}

fn monthly(basis: i64, bonus: i64) -> MonthlyAmounts {
    MonthlyAmounts {
        basis_cents: Cents(basis),
        plus_cents: Cents(basis / 2),
        bonus_cents: Cents(bonus),
    }
}

fn measure(goal: Goal, p1: &Months, p2: Option<&Months>, amounts: &Amounts) -> (i64, i64) {
    let total = plan_total(p1, p2, amounts).0;
    let at = |month: u8| (p1.at(month), p2.map_or(Draw::Open, |p| p.at(month)));
    let count = |matches: &dyn Fn((Draw, Draw)) -> bool| {
        i64::try_from((1..=32).filter(|m| matches(at(*m))).count()).unwrap()
    };
    let half = |draw: Draw| matches!(draw, Draw::Plus | Draw::Bonus);
    let primary = match goal {
        Goal::MostMoney => 0,
        Goal::Longest => count(&|(a, b)| a.is_drawn() || b.is_drawn()),
        Goal::BothHalfTime => count(&|(a, b)| half(a) && half(b)),
        Goal::FirstYear => {
            let cut = |months: &Months| {
                let mut months = *months;
                for slot in months.0.iter_mut().skip(12) {
                    *slot = Draw::Open;
                }
                months
            };
            plan_total(&cut(p1), p2.map(cut).as_ref(), amounts).0
        }
    };
    (primary, total)
}

#[test]
fn most_money_uses_up_every_month_there_is() {
    let amounts = Amounts::even(monthly(180_000, 90_000), monthly(120_000, 60_000));
    let found = best(&family(), &amounts, Goal::MostMoney).unwrap();
    // Twelve months of the larger Basis, two of the smaller, four bonus months of both.
    assert_eq!(
        found.total_cents,
        Cents(12 * 180_000 + 2 * 120_000 + 4 * 150_000)
    );
}

#[test]
fn the_longest_plan_covers_all_that_the_quota_allows() {
    let amounts = Amounts::even(monthly(180_000, 90_000), monthly(120_000, 60_000));
    let found = best(&family(), &amounts, Goal::Longest).unwrap();
    // 28 months of Plus and four of bonus fill the 32 months of life.
    assert_eq!(found.months, 32);
}

#[test]
fn one_parent_without_lone_parenthood_gets_no_bonus() {
    let mut family = family();
    family.parents = 1;
    let amounts = Amounts::even(monthly(100_000, 50_000), MonthlyAmounts::default());
    let found = best(&family, &amounts, Goal::MostMoney).unwrap();
    assert_eq!(found.total_cents, Cents(1_200_000));
    family.lone_parent = true;
    let found = best(&family, &amounts, Goal::MostMoney).unwrap();
    assert_eq!(found.total_cents, Cents(1_400_000 + 200_000));
}

#[test]
fn a_change_tells_its_effect_on_rules_and_money() {
    let amounts = Amounts::even(monthly(180_000, 90_000), monthly(120_000, 60_000));
    let mut plan = PlanInput {
        family: family(),
        p1: Months::default(),
        p2: Some(Months::default()),
    };
    for month in 1..=12 {
        plan = plan.with_change(1, month, Draw::Basis);
    }
    let effect = plan.effect(&amounts, 2, 13, Draw::Basis);
    assert_eq!(effect.difference, Cents(120_000));
    // One month alone is too few for the second parent; two are allowed.
    assert!(!effect.report.is_valid() && effect.report.is_valid_while_choosing());
    let second = effect.plan.effect(&amounts, 2, 14, Draw::Basis);
    assert!(second.report.is_valid());
}

#[test]
fn amounts_of_claims_carry_bonuses_offsets_and_part_time_income() {
    let claim: Claim = serde_json::from_value(serde_json::json!({
        "birth_date": "2025-07-10",
        "employment_before_birth": "employee_insured",
        "gross_monthly_cents": 300_000,
        "tax_class": "IV",
        "statutory_health_insurance": true,
        "siblings": [{ "birth_date": "2023-01-01" }],
        "maternity_benefit_months": 2,
        "plan": "................................",
    }))
    .unwrap();
    let rules = Rules::of(Mode::Statute);
    let Amounts([first, second]) =
        Amounts::of_claims(&claim, None, rules, [Cents(150_000), Cents(0)]);
    assert_eq!(first[0].basis_cents, Cents(0));
    // The sibling turns three at the start of 2026: month 6 has the bonus, month 7 has not.
    assert!(first[5].basis_cents > first[6].basis_cents);
    assert!(first[6].bonus_cents < first[6].plus_cents);
    assert_eq!(second[0], MonthlyAmounts::default());
}

fn any_family() -> impl Strategy<Value = Family> {
    (
        1_u8..=2,
        any::<[bool; 4]>(),
        prop_oneof![Just(0_i64), Just(600), Just(850), Just(1_250), Just(1_700)],
        prop_oneof![Just(None), (1_u8..=2, 2_u8..=3).prop_map(Some)],
    )
        .prop_map(
            |(parents, [lone, employed, multiples, disabled], early, maternity)| Family {
                parents,
                lone_parent: parents == 1 && lone,
                parent_was_employed: employed,
                multiples,
                newborn_disabled: disabled,
                weeks_early: Some(Hours(early)),
                maternity: maternity
                    .filter(|(parent, _)| *parent <= parents)
                    .map(|(parent, last_month)| MaternityMonths { parent, last_month }),
                ..family()
            },
        )
}

fn any_amounts() -> impl Strategy<Value = Amounts> {
    (
        30_000_i64..180_000,
        15_000_i64..90_000,
        30_000_i64..180_000,
        15_000_i64..90_000,
    )
        .prop_map(|(a, x, b, y)| Amounts::even(monthly(a, x), monthly(b, y)))
}

fn any_months() -> impl Strategy<Value = Months> {
    // Runs, so that a fair share of the plans is admissible.
    proptest::collection::vec((0_u8..4, 1_usize..12), 1..6).prop_map(|runs| {
        let mut months = Months::default();
        let draws = runs.iter().flat_map(|(draw, length)| {
            let draw = [Draw::Open, Draw::Basis, Draw::Plus, Draw::Bonus][usize::from(*draw)];
            std::iter::repeat_n(draw, if draw == Draw::Bonus { 3 } else { *length })
        });
        for (slot, draw) in months.0.iter_mut().zip(draws) {
            *slot = draw;
        }
        months
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_found_is_admissible(family in any_family(), amounts in any_amounts()) {
        for goal in Goal::ALL {
            let Some(found) = best(&family, &amounts, goal) else { continue };
            let input = PlanInput { family: family.clone(), p1: found.p1, p2: found.p2 };
            let report = check(&input);
            prop_assert!(
                report.is_valid(),
                "{} {:?} {:?}", found.p1.letters(), found.p2.map(|p| p.letters()), report
            );
        }
    }

    #[test]
    fn nothing_admissible_beats_it(
        family in any_family(),
        amounts in any_amounts(),
        others in proptest::collection::vec((any_months(), any_months()), 200),
    ) {
        let two = family.parents == 2;
        let admissible: Vec<_> = others
            .into_iter()
            .map(|(p1, p2)| PlanInput { family: family.clone(), p1, p2: two.then_some(p2) })
            .filter(|input| check(input).is_valid())
            .collect();
        for goal in Goal::ALL {
            let found = best(&family, &amounts, goal);
            for input in &admissible {
                let found = found.as_ref().unwrap();
                let known = measure(goal, &found.p1, found.p2.as_ref(), &amounts);
                let other = measure(goal, &input.p1, input.p2.as_ref(), &amounts);
                prop_assert!(known >= other, "{goal:?}: {known:?} < {other:?}");
            }
        }
    }
}
