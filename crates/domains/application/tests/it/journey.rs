//! Properties of the form graph, whatever people answer.

use std::collections::BTreeSet;

use einmal_application::Answers;
use einmal_application::content::LifeEvent;
use einmal_application::input::PageInput;
use einmal_application::journey::Journey;
use einmal_application::message;
use einmal_application::view::SectionStatus;
use einmal_model::{Language, Origin};
use einmal_xdatenfelder::validate;
use proptest::prelude::*;

use crate::answering::{fitting_page, post};
use crate::content::birth;

struct Dice(Vec<u8>, usize);

impl Dice {
    fn throw(&mut self) -> u8 {
        let value = self.0[self.1 % self.0.len()];
        self.1 += 1;
        value
    }
}

/// Answers question after question until none is open; returns the questions in the order asked.
fn walk(event: &LifeEvent, legs: &[String], dice: &mut Dice, answers: &mut Answers) -> Vec<String> {
    let mut asked: Vec<String> = Vec::new();
    loop {
        let next = {
            let journey = Journey::new(event, legs, answers);
            let last = asked.last().map_or("", String::as_str);
            journey.next(last).map(|question| question.id.clone())
        };
        let Some(id) = next else { return asked };
        assert!(asked.len() < event.questions.len(), "no end: {asked:?}");
        let question = event.question(&id).unwrap();
        let page = fitting_page(event, question, || dice.throw());
        post(event, legs, answers, question, &page).unwrap();
        asked.push(id);
    }
}

fn legs_of(event: &LifeEvent, mask: u8) -> Vec<String> {
    let legs: Vec<String> = event
        .legs
        .iter()
        .enumerate()
        .filter(|(index, _)| mask & (1 << index) != 0)
        .map(|(_, leg)| leg.id.clone())
        .collect();
    if legs.is_empty() {
        vec![event.legs[0].id.clone()]
    } else {
        legs
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_path_ends_asks_nothing_twice_and_fills_every_form(
        mask in 1_u8..8,
        dice in proptest::collection::vec(any::<u8>(), 40..60),
    ) {
        let event = birth();
        let legs = legs_of(&event, mask);
        let mut answers = Answers::default();
        let asked = walk(&event, &legs, &mut Dice(dice, 0), &mut answers);
        let distinct: BTreeSet<&String> = asked.iter().collect();
        prop_assert_eq!(distinct.len(), asked.len(), "a question came twice");
        let facts: Vec<&String> = asked
            .iter()
            .flat_map(|id| &event.question(id).unwrap().facts)
            .collect();
        let distinct: BTreeSet<&&String> = facts.iter().collect();
        prop_assert_eq!(distinct.len(), facts.len(), "a fact was asked twice");

        let journey = Journey::new(&event, &legs, &answers);
        prop_assert!(journey.is_complete());
        for (section, status, _) in journey.sections() {
            prop_assert_eq!(status, SectionStatus::Done, "{}", section.id);
        }
        for leg in journey.legs() {
            let data = message::form_data(&journey, leg).unwrap();
            prop_assert_eq!(validate(&leg.schema, &data), []);
            prop_assert!(journey.deciding_place(leg).is_some());
            // Every value in the message has an origin, and the table shows the same values.
            let origins = message::origins(&journey, leg);
            let entries = origins["origins"].as_array().unwrap();
            prop_assert_eq!(entries.len(), count_leaves(&data));
            for entry in entries {
                let path = entry["path"].as_str().unwrap();
                prop_assert!(data.pointer(path).is_some(), "{}", path);
            }
            for language in Language::ALL {
                let rows = message::receiver_rows(&journey, leg, language);
                prop_assert_eq!(rows.len(), entries.len());
                for row in rows {
                    prop_assert!(!row.label.is_empty() && !row.group.is_empty());
                    prop_assert!(!row.value.is_empty() && !row.origin.is_empty());
                }
            }
        }
    }

    #[test]
    fn going_back_and_forth_loses_nothing(
        dice in proptest::collection::vec(any::<u8>(), 40..60),
        which in any::<prop::sample::Index>(),
        other in any::<u8>(),
    ) {
        let event = birth();
        let legs = legs_of(&event, 7);
        let mut answers = Answers::default();
        let asked = walk(&event, &legs, &mut Dice(dice, 0), &mut answers);
        let question = event.question(which.get::<String>(&asked)).unwrap();
        let before: Vec<String> = Journey::new(&event, &legs, &answers)
            .path()
            .iter()
            .map(|question| question.id.clone())
            .collect();
        let original: PageInput = question
            .facts
            .iter()
            .map(|fact| {
                let value = answers.facts.get(fact).map(|answer| {
                    einmal_application::words::editable(&event.facts[fact], &answer.fact.value)
                });
                (fact.clone(), value.unwrap_or_default())
            })
            .collect();
        let stored = answers.clone();
        let changed = fitting_page(&event, question, || other);
        post(&event, &legs, &mut answers, question, &changed).unwrap();
        post(&event, &legs, &mut answers, question, &original).unwrap();
        let journey = Journey::new(&event, &legs, &answers);
        let after: Vec<String> = journey.path().iter().map(|question| question.id.clone()).collect();
        prop_assert_eq!(before, after);
        prop_assert!(journey.is_complete());
        for (fact, answer) in &stored.facts {
            prop_assert_eq!(&answers.facts[fact].fact.value, &answer.fact.value);
        }
    }
}

fn count_leaves(data: &serde_json::Value) -> usize {
    match data {
        serde_json::Value::Object(members) => members.values().map(count_leaves).sum(),
        serde_json::Value::Array(entries) => entries.iter().map(count_leaves).sum(),
        _ => 1,
    }
}

fn complete(changes: &[(&str, &str)]) -> (LifeEvent, Vec<String>, Answers) {
    let event = birth();
    let legs = legs_of(&event, 7);
    let mut answers = Answers::default();
    loop {
        let next = {
            let journey = Journey::new(&event, &legs, &answers);
            journey.open().next().map(|question| question.id.clone())
        };
        let Some(id) = next else { break };
        let question = event.question(&id).unwrap();
        let mut page = fitting_page(&event, question, || 0);
        for (fact, value) in changes {
            if let Some(typed) = page.get_mut(*fact) {
                *typed = (*value).to_owned();
            }
        }
        post(&event, &legs, &mut answers, question, &page).unwrap();
    }
    (event, legs, answers)
}

#[test]
fn twins_become_two_children_in_the_forms() {
    let (event, legs, answers) = complete(&[("child.count", "2")]);
    let journey = Journey::new(&event, &legs, &answers);
    let data = message::form_data(&journey, event.leg("name").unwrap()).unwrap();
    assert_eq!(data["F99000000006"], 2);
    assert_eq!(data["G99000000001"].as_array().unwrap().len(), 2);
}

#[test]
fn answers_that_no_longer_apply_are_kept_but_not_sent() {
    let (event, legs, mut answers) = complete(&[("parent.2.known", "yes")]);
    let question = event.question("anderer-elternteil").unwrap();
    let no = PageInput::from([("parent.2.known".to_owned(), "no".to_owned())]);
    post(&event, &legs, &mut answers, question, &no).unwrap();
    assert!(answers.facts.contains_key("parent.2.last_name"));
    let journey = Journey::new(&event, &legs, &answers);
    let leg = event.leg("kindergeld").unwrap();
    let data = message::form_data(&journey, leg).unwrap();
    assert!(data.get("G99000000011").is_none());
    // What follows from it is not the person's statement.
    assert_eq!(data["F99000000028"], "person1");
    let recipient = journey.value("child_benefit.recipient").unwrap();
    assert!(matches!(&recipient.fact.origin, Origin::Computed { rule } if rule == "one_parent"));
}

#[test]
fn the_place_of_the_right_person_decides() {
    let changes = [
        ("parent.2.known", "yes"),
        ("parents.same_address", "no"),
        ("parent.1.place", "28195 Bremen"),
        ("parent.2.place", "27568"),
        ("child_benefit.recipient", "person2"),
        ("child.household", "person1"),
    ];
    let (event, legs, answers) = complete(&changes);
    let journey = Journey::new(&event, &legs, &answers);
    let place = |leg: &str| journey.deciding_place(event.leg(leg).unwrap()).unwrap();
    assert_eq!(place("name"), "child.birth_place");
    assert_eq!(place("kindergeld"), "parent.2.place");
    assert_eq!(place("elterngeld"), "parent.1.place");
}

#[test]
fn a_single_leg_asks_only_what_it_needs() {
    let event = birth();
    let legs = vec!["name".to_owned()];
    let mut answers = Answers::default();
    let asked = walk(&event, &legs, &mut Dice(vec![0], 0), &mut answers);
    for id in ["konto", "ihre-steuer-id", "einkommen", "gleiche-anschrift"] {
        assert!(!asked.contains(&id.to_owned()), "{id}");
    }
    assert!(asked.contains(&"urkunden".to_owned()));
}

#[test]
fn months_must_be_in_order() {
    let (event, legs, mut answers) = complete(&[("parental_allowance.planning", "jetzt")]);
    let question = event.question("monate").unwrap();
    let months = |first: &str, last: &str| {
        PageInput::from([
            (
                "parental_allowance.first_month".to_owned(),
                first.to_owned(),
            ),
            ("parental_allowance.last_month".to_owned(), last.to_owned()),
        ])
    };
    let errors = post(&event, &legs, &mut answers, question, &months("5", "5")).unwrap_err();
    assert_eq!(errors.len(), 1);
    assert!(errors.contains_key("parental_allowance.last_month"));
    post(&event, &legs, &mut answers, question, &months("5", "6")).unwrap();
}
