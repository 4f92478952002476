//! Answers: values of facts with their origin.

use std::collections::{BTreeMap, BTreeSet};

use einmal_model::{Date, Fact};
use serde::{Deserialize, Serialize};

use crate::view::Place;

/// The value of one fact.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
pub enum FactValue {
    /// Text; also IBAN, tax id, e-mail address and telephone number in their normal form.
    Text(String),
    /// Civil date.
    Date(Date),
    /// Yes or no.
    Bool(bool),
    /// Whole number.
    Number(i64),
    /// Code of an option.
    Choice(String),
    /// A place from the directory.
    Place(Place),
}

impl std::fmt::Debug for FactValue {
    /// The kind only: values are personal data and must not reach logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text(…)",
            Self::Date(_) => "Date(…)",
            Self::Bool(_) => "Bool(…)",
            Self::Number(_) => "Number(…)",
            Self::Choice(_) => "Choice(…)",
            Self::Place(_) => "Place(…)",
        })
    }
}

impl FactValue {
    /// The value as conditions of a life event compare it: `yes` and `no`, codes, digits, ISO
    /// dates, region keys.
    #[must_use]
    pub fn canonical(&self) -> String {
        match self {
            Self::Text(text) | Self::Choice(text) => text.clone(),
            Self::Date(date) => date.to_string(),
            Self::Bool(true) => "yes".to_owned(),
            Self::Bool(false) => "no".to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Place(place) => place.ars.to_string(),
        }
    }
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The value with its origin.
    pub fact: Fact<FactValue>,
    /// False while a value from elsewhere (login, preview of the plan) has been shown to nobody.
    /// Such a value prefills the question; it is never sent.
    pub confirmed: bool,
}

/// Everything a draft holds: the answers by fact, and the questions that were answered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Answers {
    /// Answers by fact. Answers to questions that no longer apply stay here, so that going back
    /// loses nothing; they are never sent.
    pub facts: BTreeMap<String, Answer>,
    /// Questions whose page was saved, also when all its fields are optional and empty.
    pub saved: BTreeSet<String>,
}

impl Answers {
    /// The confirmed value of a fact.
    #[must_use]
    pub fn confirmed(&self, fact: &str) -> Option<&Answer> {
        self.facts.get(fact).filter(|answer| answer.confirmed)
    }
}
