//! The way through the questions: which apply, which is next, how far each section is. Pure
//! functions of content, chosen legs and answers.

use std::collections::BTreeMap;

use einmal_model::{Date, Fact, Origin};

use crate::content::{Condition, FactKind, Leg, LifeEvent, Question, Section};
use crate::value::{Answer, Answers, FactValue};
use crate::view::SectionStatus;

/// A view on one draft.
#[derive(Debug, Clone)]
pub struct Journey<'a> {
    event: &'a LifeEvent,
    answers: &'a Answers,
    legs: Vec<&'a Leg>,
    path: Vec<&'a Question>,
    values: BTreeMap<&'a str, Answer>,
    needed: Vec<&'a Question>,
}

impl<'a> Journey<'a> {
    /// Walks through all questions once. Legs that the life event does not have are ignored.
    #[must_use]
    pub fn new(event: &'a LifeEvent, legs: &[String], answers: &'a Answers) -> Self {
        let legs: Vec<&Leg> = event
            .legs
            .iter()
            .filter(|leg| legs.contains(&leg.id))
            .collect();
        let needed: Vec<&Question> = event
            .questions
            .iter()
            .filter(|question| {
                let needs = |fact: &String| legs.iter().any(|leg| leg.needs.contains(fact));
                question.facts.iter().any(needs)
            })
            .collect();
        let mut journey = Self {
            event,
            answers,
            legs,
            path: Vec::new(),
            values: BTreeMap::new(),
            needed: needed.clone(),
        };
        for question in needed {
            if !journey.holds(&question.when) {
                continue;
            }
            journey.path.push(question);
            for fact in &question.facts {
                if let Some(answer) = answers.confirmed(fact) {
                    journey.values.insert(fact, answer.clone());
                }
            }
        }
        for derived in &event.derived {
            if derived.when.0.is_empty() || !journey.holds(&derived.when) {
                continue;
            }
            let spec = event.facts.get(&derived.fact);
            let Some(value) = spec.and_then(|spec| from_canonical(spec.kind, &derived.value))
            else {
                continue;
            };
            // As old as the youngest answer it follows from.
            let at = derived
                .when
                .facts()
                .filter_map(|fact| journey.values.get(fact))
                .map(|answer| answer.fact.at)
                .max();
            if let Some(at) = at {
                let answer = Answer {
                    fact: Fact {
                        value,
                        origin: Origin::Computed {
                            rule: derived.rule.clone(),
                        },
                        at,
                        dispute: None,
                    },
                    confirmed: true,
                };
                journey.values.insert(&derived.fact, answer);
            }
        }
        journey
    }

    /// The content.
    #[must_use]
    pub const fn event(&self) -> &'a LifeEvent {
        self.event
    }

    /// The answers as they are stored.
    #[must_use]
    pub const fn answers(&self) -> &'a Answers {
        self.answers
    }

    /// The chosen legs.
    #[must_use]
    pub fn legs(&self) -> &[&'a Leg] {
        &self.legs
    }

    /// The questions that apply, in order. Questions behind open ones appear as answers come in.
    #[must_use]
    pub fn path(&self) -> &[&'a Question] {
        &self.path
    }

    /// The value of a fact as it would be sent: confirmed, or following from confirmed ones, and
    /// its question applies.
    #[must_use]
    pub fn value(&self, fact: &str) -> Option<&Answer> {
        self.values.get(fact)
    }

    /// True when a condition holds for the values.
    #[must_use]
    pub fn holds(&self, condition: &Condition) -> bool {
        condition.holds(|fact| {
            self.values
                .get(fact)
                .map(|answer| answer.fact.value.canonical())
        })
    }

    /// The question on the path with this key.
    #[must_use]
    pub fn question(&self, id: &str) -> Option<&'a Question> {
        self.path.iter().copied().find(|question| question.id == id)
    }

    /// True when the page was saved and everything mandatory on it is there.
    #[must_use]
    pub fn is_done(&self, question: &Question) -> bool {
        self.answers.saved.contains(&question.id)
            && question.facts.iter().all(|fact| {
                let optional = self.event.facts.get(fact).is_some_and(|spec| spec.optional);
                optional || self.answers.confirmed(fact).is_some()
            })
    }

    /// Questions that are open.
    pub fn open(&self) -> impl Iterator<Item = &'a Question> + '_ {
        self.path
            .iter()
            .copied()
            .filter(|question| !self.is_done(question))
    }

    /// True when nothing is open.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !self.legs.is_empty() && self.open().next().is_none()
    }

    /// The question to show after `after`: the first open one behind it, else the first open one
    /// at all, else none: then the answers are to be checked. After a change on the check page the
    /// person comes straight back unless new questions opened.
    #[must_use]
    pub fn next(&self, after: &str) -> Option<&'a Question> {
        let place = self
            .path
            .iter()
            .position(|question| question.id == after)
            .map_or(0, |place| place + 1);
        self.path
            .iter()
            .copied()
            .skip(place)
            .find(|question| !self.is_done(question))
            .or_else(|| self.open().next())
    }

    /// The question before this one on the path.
    #[must_use]
    pub fn previous(&self, id: &str) -> Option<&'a Question> {
        let place = self.path.iter().position(|question| question.id == id)?;
        self.path.get(place.checked_sub(1)?).copied()
    }

    /// The sections with their state, and the question that the link of each leads to. Sections
    /// without a question for the chosen legs are left out.
    #[must_use]
    pub fn sections(&self) -> Vec<(&'a Section, SectionStatus, Option<&'a Question>)> {
        let mut sections = Vec::new();
        for section in &self.event.sections {
            let in_section = |question: &&&Question| question.section == section.id;
            let questions: Vec<&Question> = self.path.iter().filter(in_section).copied().collect();
            if questions.is_empty() {
                let later = self.needed.iter().any(|question| {
                    question.section == section.id
                        && question
                            .when
                            .facts()
                            .any(|fact| !self.values.contains_key(fact))
                });
                if later && !self.is_complete() {
                    sections.push((section, SectionStatus::NotYet, None));
                }
                continue;
            }
            let open = questions
                .iter()
                .copied()
                .find(|question| !self.is_done(question));
            let unconfirmed = questions
                .iter()
                .flat_map(|question| &question.facts)
                .any(|fact| {
                    let answer = self.answers.facts.get(fact);
                    answer.is_some_and(|answer| !answer.confirmed)
                });
            let started = questions.iter().any(|question| self.is_done(question));
            let status = match open {
                None => SectionStatus::Done,
                Some(_) if unconfirmed => SectionStatus::PleaseCheck,
                Some(_) if started => SectionStatus::InProgress,
                Some(_) => SectionStatus::NotStarted,
            };
            sections.push((section, status, open.or_else(|| questions.first().copied())));
        }
        sections
    }

    /// The fact whose place decides which office gets a leg.
    #[must_use]
    pub fn deciding_place(&self, leg: &'a Leg) -> Option<&'a str> {
        leg.places
            .iter()
            .find(|rule| self.holds(&rule.when))
            .map(|rule| rule.fact.as_str())
    }
}

/// The value that a canonical text stands for.
#[must_use]
pub fn from_canonical(kind: FactKind, text: &str) -> Option<FactValue> {
    match kind {
        FactKind::Bool => match text {
            "yes" => Some(FactValue::Bool(true)),
            "no" => Some(FactValue::Bool(false)),
            _ => None,
        },
        FactKind::Choice => Some(FactValue::Choice(text.to_owned())),
        FactKind::Number => text.parse().ok().map(FactValue::Number),
        FactKind::Date { .. } => text.parse::<Date>().ok().map(FactValue::Date),
        FactKind::Place { .. } => None,
        FactKind::Text
        | FactKind::Name
        | FactKind::Iban
        | FactKind::TaxId
        | FactKind::Email
        | FactKind::Phone => Some(FactValue::Text(text.to_owned())),
    }
}
