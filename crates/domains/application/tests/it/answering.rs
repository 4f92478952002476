//! Answers pages as a person would, with values that fit.

use einmal_application::Answers;
use einmal_application::content::{FactKind, FactSpec, LifeEvent, Question};
use einmal_application::input::{FoundPlaces, PageInput, place_queries, tax_id};
use einmal_application::journey::Journey;
use einmal_application::page::{self, PageErrors};
use einmal_application::view::Place;
use einmal_model::testing::FixedClock;

pub(crate) fn place(typed: &str) -> Vec<Place> {
    let place = |ars: &str, name: &str, postcode: Option<&str>, within: &str| Place {
        ars: ars.parse().unwrap(),
        name: name.to_owned(),
        postcode: postcode.map(str::to_owned),
        within: Some(within.to_owned()),
    };
    match typed {
        "28195 Bremen" | "28195" | "Bremen" => {
            vec![place("040110000000", "Bremen", None, "Land Bremen")]
        }
        "27568" | "27568 Bremerhaven" | "Bremerhaven" => {
            vec![place(
                "040120000000",
                "Bremerhaven",
                Some("27568"),
                "Land Bremen",
            )]
        }
        "Neuenkirchen" => vec![
            place("032515401024", "Neuenkirchen", None, "Landkreis Diepholz"),
            place(
                "033575402033",
                "Neuenkirchen",
                None,
                "Landkreis Rotenburg (Wümme)",
            ),
        ],
        _ => Vec::new(),
    }
}

pub(crate) fn clock() -> FixedClock {
    FixedClock::at("2026-11-23T10:00:00Z")
}

/// A synthetic tax id: it begins with 0.
pub(crate) fn synthetic_tax_id() -> String {
    (0..10)
        .find_map(|check| tax_id(&format!("0123456788{check}")))
        .unwrap()
}

/// Something that fits, chosen by `dice`.
pub(crate) fn fitting(spec: &FactSpec, dice: u8) -> String {
    let turn = usize::from(dice);
    match spec.kind {
        FactKind::Bool | FactKind::Choice => spec.options[turn % spec.options.len()].code.clone(),
        FactKind::Number => {
            let (min, max) = (spec.min.unwrap_or(0), spec.max.unwrap_or(9));
            match spec.at_least {
                Some(_) => max.to_string(),
                None => (min + i64::from(dice) % (max - min + 1)).to_string(),
            }
        }
        FactKind::Date { .. } => ["7.11.2026", "07 11 1996", "2026-01-31"][turn % 3].to_owned(),
        FactKind::Place { .. } => ["28195 Bremen", "27568"][turn % 2].to_owned(),
        FactKind::Iban => "DE89 3704 0044 0532 0130 00".to_owned(),
        FactKind::TaxId => synthetic_tax_id(),
        _ if spec.optional && dice.is_multiple_of(2) => String::new(),
        FactKind::Email => "mia@example.org".to_owned(),
        FactKind::Phone => "0421 123456".to_owned(),
        FactKind::Text => "12 a".to_owned(),
        FactKind::Name => ["Mia Ḥanna", "D’Angelo-Müller"][turn % 2].to_owned(),
    }
}

pub(crate) fn fitting_page(
    event: &LifeEvent,
    question: &Question,
    mut dice: impl FnMut() -> u8,
) -> PageInput {
    question
        .facts
        .iter()
        .map(|fact| (fact.clone(), fitting(&event.facts[fact], dice())))
        .collect()
}

pub(crate) fn found(event: &LifeEvent, question: &Question, typed: &PageInput) -> FoundPlaces {
    place_queries(question, &event.facts, typed)
        .into_iter()
        .map(|query| (query.clone(), place(&query)))
        .collect()
}

/// Posts one page; the answers change only when the page fits.
pub(crate) fn post(
    event: &LifeEvent,
    legs: &[String],
    answers: &mut Answers,
    question: &Question,
    typed: &PageInput,
) -> Result<(), PageErrors> {
    let found = found(event, question, typed);
    let read = {
        let journey = Journey::new(event, legs, answers);
        page::read_page(&journey, question, typed, &found, &clock())?
    };
    page::apply(answers, question, read);
    Ok(())
}
