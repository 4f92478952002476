//! A life event as data: which benefits belong to it, which questions are asked in which order,
//! which fact fills which field of which office's form. Loaded from a folder, checked as a whole.

mod check;
mod facts;
mod load;
mod raw;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use einmal_model::{Language, LocalText};
use einmal_xdatenfelder::Schema;

use crate::view::{Label, LifeEventCard};

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// Everything about one life event.
#[derive(Debug, Clone)]
pub struct LifeEvent {
    /// Path segment, for example `geburt`.
    pub id: String,
    /// Version of the content; a draft remembers it.
    pub version: String,
    /// Title.
    pub title: LocalText,
    /// Teaser.
    pub teaser: LocalText,
    /// Words people search with.
    pub search: BTreeMap<Language, Vec<String>>,
    /// Days until an untouched draft is erased.
    pub draft_days: u32,
    /// Places that can be given before login.
    pub places: Vec<PlaceRole>,
    /// Sections in order.
    pub sections: Vec<Section>,
    /// Benefits.
    pub legs: Vec<Leg>,
    /// Questions in the order of the journey.
    pub questions: Vec<Question>,
    /// Facts that follow from others.
    pub derived: Vec<Derived>,
    /// Facts by key.
    pub facts: BTreeMap<String, FactSpec>,
    /// Attribute of the identification → fact it prefills.
    pub identification: BTreeMap<String, String>,
    /// Names of groups by FIM id, where a translation exists.
    pub groups: BTreeMap<String, LocalText>,
}

/// A place that decides which office is responsible.
#[derive(Debug, Clone)]
pub struct PlaceRole {
    /// Name, for example `birth`.
    pub role: String,
    /// Fact it prefills.
    pub fact: String,
    /// What to ask.
    pub label: LocalText,
    /// Hint.
    pub hint: LocalText,
}

/// A section of the task list.
#[derive(Debug, Clone)]
pub struct Section {
    /// Key.
    pub id: String,
    /// Title.
    pub title: LocalText,
}

/// One benefit at one office.
#[derive(Debug, Clone)]
pub struct Leg {
    /// Key, for example `kindergeld`.
    pub id: String,
    /// LeiKa key of the service.
    pub leika: String,
    /// The office's form.
    pub schema: Schema,
    /// Which place decides, for the preview.
    pub role: String,
    /// Which place decides, from the answers: the first rule that holds.
    pub places: Vec<PlaceRule>,
    /// Field of the form ← fact.
    pub fields: Vec<Mapping>,
    /// Facts the leg needs, with those that decide whether others are asked.
    pub needs: BTreeSet<String>,
    /// Title.
    pub title: LocalText,
    /// What the person gets.
    pub teaser: LocalText,
    /// Why this office.
    pub why: LocalText,
    /// Until when to act.
    pub deadline: LocalText,
    /// Kind of office, for example "Standesamt".
    pub office: LocalText,
    /// What happens after delivery.
    pub next: LocalText,
}

impl Leg {
    /// A URI for the leg's schema, as named in the metadata of a submission.
    #[must_use]
    pub fn schema_uri(&self) -> String {
        let identifier = &self.schema.base.identifier;
        let version = identifier.version.as_deref().unwrap_or("latest");
        format!("urn:einmal:xdatenfelder:{}:{version}", identifier.id)
    }
}

/// A place from the answers, under a condition.
#[derive(Debug, Clone)]
pub struct PlaceRule {
    /// Fact with the place.
    pub fact: String,
    /// When it holds.
    pub when: Condition,
}

/// One field of a form and the fact that fills it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// Ids from the first level down, with the index for repeated elements.
    pub path: Vec<Step>,
    /// The fact.
    pub fact: String,
    /// Which part of the fact.
    pub part: Part,
}

/// One step of a path in a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// FIM id.
    pub id: String,
    /// Index for repeated elements, from 0.
    pub index: Option<usize>,
}

/// Part of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The value as it is.
    Whole,
    /// Name of a place.
    Name,
    /// Region key of a place.
    Ars,
    /// Postcode of a place.
    Postcode,
}

/// One question page.
#[derive(Debug, Clone)]
pub struct Question {
    /// Key and path segment.
    pub id: String,
    /// Section it belongs to.
    pub section: String,
    /// Facts it asks for, in order.
    pub facts: Vec<String>,
    /// When it is asked.
    pub when: Condition,
    /// The `h1`.
    pub title: LocalText,
    /// Hint.
    pub hint: LocalText,
    /// Longer explanation.
    pub details: LocalText,
}

/// A fact that follows from others and is not asked.
#[derive(Debug, Clone)]
pub struct Derived {
    /// The fact.
    pub fact: String,
    /// Its value in canonical form.
    pub value: String,
    /// When it follows.
    pub when: Condition,
    /// Name of the rule, as origin of the value.
    pub rule: String,
    /// The rule in words.
    pub explanation: LocalText,
}

/// When something holds: one of the alternatives, of which each condition must hold. No
/// alternative at all means always.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Condition(pub Vec<BTreeMap<String, Vec<String>>>);

impl Condition {
    /// True when the condition holds for the canonical values that `value` knows.
    pub fn holds(&self, value: impl Fn(&str) -> Option<String>) -> bool {
        self.0.is_empty()
            || self.0.iter().any(|alternative| {
                alternative.iter().all(|(fact, accepted)| {
                    value(fact).is_some_and(|value| accepted.contains(&value))
                })
            })
    }

    /// The facts it looks at.
    pub fn facts(&self) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .flat_map(|alternative| alternative.keys().map(String::as_str))
    }
}

/// What a fact is and which input it takes.
#[derive(Debug, Clone)]
pub struct FactSpec {
    /// Key.
    pub key: String,
    /// Kind of input.
    pub kind: FactKind,
    /// May stay empty.
    pub optional: bool,
    /// Least value.
    pub min: Option<i64>,
    /// Greatest value.
    pub max: Option<i64>,
    /// Least length in characters.
    pub min_length: Option<usize>,
    /// Greatest length in characters.
    pub max_length: Option<usize>,
    /// Options of a choice.
    pub options: Vec<OptionSpec>,
    /// Must be greater than another fact of the same question: the fact and by how much.
    pub at_least: Option<(String, i64)>,
    /// Width of the input in characters.
    pub width: usize,
    /// Value of the `autocomplete` attribute.
    pub autocomplete: String,
    /// Label, also used as short statement.
    pub label: LocalText,
    /// Hint.
    pub hint: LocalText,
    /// Error texts, one for every rule that can fail.
    pub errors: BTreeMap<RuleCode, LocalText>,
}

/// Kinds of input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactKind {
    /// Any text.
    Text,
    /// A person's name.
    Name,
    /// A date.
    Date {
        /// Must not lie in the future.
        past: bool,
    },
    /// Yes or no.
    Bool,
    /// A whole number.
    Number,
    /// One of the options.
    Choice,
    /// A place.
    Place {
        /// Needs a postcode.
        postcode: bool,
    },
    /// IBAN (ISO 13616).
    Iban,
    /// Tax identification number (§ 139b AO).
    TaxId,
    /// E-mail address.
    Email,
    /// Telephone number.
    Phone,
}

/// One option of a choice.
#[derive(Debug, Clone)]
pub struct OptionSpec {
    /// Code.
    pub code: String,
    /// Label.
    pub label: LocalText,
    /// Explanation.
    pub hint: LocalText,
}

/// Rules an input can break. Each has a text with the name of the field and the remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleCode {
    /// Nothing was entered.
    Missing,
    /// No calendar date.
    NotADate,
    /// Lies in the future.
    Future,
    /// Lies too far back.
    TooOld,
    /// No whole number.
    NotANumber,
    /// Below the minimum.
    Below,
    /// Above the maximum.
    Above,
    /// Too long.
    TooLong,
    /// Too short.
    TooShort,
    /// Characters that do not belong into a name.
    Characters,
    /// Not one of the options.
    Option,
    /// Wrong IBAN.
    Iban,
    /// Wrong tax id.
    TaxId,
    /// Wrong e-mail address.
    Email,
    /// Wrong telephone number.
    Phone,
    /// No such place.
    NoPlace,
    /// Several places.
    SeveralPlaces,
    /// The postcode is missing.
    Postcode,
    /// Not greater than the other value.
    Order,
}

impl FactSpec {
    /// The rules that an input for this fact can break.
    #[must_use]
    pub fn rules(&self) -> Vec<RuleCode> {
        let mut rules = Vec::new();
        if !self.optional {
            rules.push(RuleCode::Missing);
        }
        match self.kind {
            FactKind::Text => {}
            FactKind::Name => rules.push(RuleCode::Characters),
            FactKind::Date { past } => {
                rules.extend([RuleCode::NotADate, RuleCode::TooOld]);
                if past {
                    rules.push(RuleCode::Future);
                }
            }
            FactKind::Number => rules.push(RuleCode::NotANumber),
            FactKind::Bool | FactKind::Choice => rules.push(RuleCode::Option),
            FactKind::Place { postcode } => {
                rules.extend([RuleCode::NoPlace, RuleCode::SeveralPlaces]);
                if postcode {
                    rules.push(RuleCode::Postcode);
                }
            }
            FactKind::Iban => rules.push(RuleCode::Iban),
            FactKind::TaxId => rules.push(RuleCode::TaxId),
            FactKind::Email => rules.push(RuleCode::Email),
            FactKind::Phone => rules.push(RuleCode::Phone),
        }
        let is_text = matches!(
            self.kind,
            FactKind::Text | FactKind::Name | FactKind::Email | FactKind::Phone
        );
        for (present, rule) in [
            (is_text && self.max_length.is_some(), RuleCode::TooLong),
            (is_text && self.min_length > Some(1), RuleCode::TooShort),
            (
                self.kind == FactKind::Number && self.min.is_some(),
                RuleCode::Below,
            ),
            (
                self.kind == FactKind::Number && self.max.is_some(),
                RuleCode::Above,
            ),
            (self.at_least.is_some(), RuleCode::Order),
        ] {
            if present {
                rules.push(rule);
            }
        }
        rules
    }

    /// The text for a broken rule, with the name of the field and the limits filled in.
    #[must_use]
    pub fn error(&self, rule: RuleCode, language: Language) -> String {
        let number = |value: Option<i64>, length: Option<usize>| {
            value
                .map(|value| value.to_string())
                .or_else(|| length.map(|length| length.to_string()))
                .unwrap_or_default()
        };
        self.errors
            .get(&rule)
            .map(|text| text.in_language(language))
            .unwrap_or_default()
            .replace("{label}", self.label.in_language(language))
            .replace("{min}", &number(self.min, self.min_length))
            .replace("{max}", &number(self.max, self.max_length))
    }
}

/// Something is wrong with the content of a life event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: `{key}`: {problem}")]
pub struct ContentProblem {
    /// File in the folder of the life event.
    pub file: String,
    /// Key in the file.
    pub key: String,
    /// What is wrong.
    pub problem: String,
}

/// Why a life event was not loaded: everything that is wrong, not only the first thing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the life event `{folder}` is unusable: {}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct ContentError {
    /// Name of the folder.
    pub folder: String,
    /// All problems.
    pub problems: Vec<ContentProblem>,
}

impl LifeEvent {
    /// The life events that are part of the binary, by folder name.
    ///
    /// # Errors
    /// [`ContentError`]; tests make sure that it cannot happen to a released binary.
    pub fn embedded() -> Result<Vec<Self>, ContentError> {
        EMBEDDED
            .iter()
            .map(|(folder, files)| {
                load::load(folder, &|name| {
                    files
                        .iter()
                        .find(|(file, _)| *file == name)
                        .map(|(_, content)| (*content).to_owned())
                })
            })
            .collect()
    }

    /// Loads a life event from a folder with `event.toml`, `texts.de.toml`, `texts.en.toml` and
    /// the schemas that the legs name.
    ///
    /// # Errors
    /// [`ContentError`] with every problem, its file and its key.
    pub fn load(folder: &Path) -> Result<Self, ContentError> {
        let name = folder
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        load::load(&name, &|file| {
            std::fs::read_to_string(folder.join(file)).ok()
        })
    }

    /// Loads from files that `read` gives by name: for tests that change one file.
    ///
    /// # Errors
    /// As [`LifeEvent::load`].
    pub fn load_with(
        folder: &str,
        read: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ContentError> {
        load::load(folder, read)
    }

    /// For start and search pages.
    #[must_use]
    pub fn card(&self, language: Language) -> LifeEventCard {
        LifeEventCard {
            id: self.id.clone(),
            title: label(&self.title, language),
            teaser: label(&self.teaser, language),
        }
    }

    /// A leg by key.
    #[must_use]
    pub fn leg(&self, id: &str) -> Option<&Leg> {
        self.legs.iter().find(|leg| leg.id == id)
    }

    /// A question by key.
    #[must_use]
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// The question that asks for a fact.
    #[must_use]
    pub fn question_for(&self, fact: &str) -> Option<&Question> {
        self.questions
            .iter()
            .find(|question| question.facts.iter().any(|asked| asked == fact))
    }
}

/// A text for a page in the wanted language, with the mark when it is in another one.
#[must_use]
pub fn label(text: &LocalText, language: Language) -> Label {
    match text.get(language) {
        Some((found, text)) => Label {
            text: text.to_owned(),
            lang: (found != language).then(|| found.code()),
        },
        None => Label::default(),
    }
}
