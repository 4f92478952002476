//! Checks filled data against a schema.
//!
//! Data are an object keyed by FIM ids; a position that may occur more than once is a list.
//! Text, dates and codes are strings, yes and no are booleans, amounts are numbers. Labels have no
//! data. Rules are free text in the schema and are not checked here.

use regex::Regex;
use serde_json::{Map, Value as Json};

use crate::model::{DataType, Element, Field, FieldKind, Group, Number, Position, Schema};

/// More violations than this are not reported: nobody reads them, and hostile data could make
/// millions.
const MAX_VIOLATIONS: usize = 200;

/// One thing that is wrong with the data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {code}")]
pub struct Violation {
    /// Where, as a JSON pointer (RFC 6901): `/G99000000001/0/F99000000002`.
    pub path: String,
    /// What.
    pub code: ViolationCode,
}

/// What can be wrong with data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ViolationCode {
    /// Another JSON type than the schema wants.
    #[error("expected {0}")]
    WrongType(&'static str),
    /// A mandatory element is missing.
    #[error("is missing")]
    Missing,
    /// A key that the schema does not have here.
    #[error("is not in the schema")]
    Unknown,
    /// Fewer entries than the schema wants.
    #[error("needs at least {min} entries, has {found}")]
    TooFew {
        /// At least.
        min: u32,
        /// Found.
        found: usize,
    },
    /// More entries than the schema allows.
    #[error("takes at most {max} entries, has {found}")]
    TooMany {
        /// At most.
        max: u32,
        /// Found.
        found: usize,
    },
    /// Fewer characters than the schema wants.
    #[error("needs at least {min} characters, has {found}")]
    TooShort {
        /// At least.
        min: u32,
        /// Found.
        found: usize,
    },
    /// More characters than the schema allows.
    #[error("takes at most {max} characters, has {found}")]
    TooLong {
        /// At most.
        max: u32,
        /// Found.
        found: usize,
    },
    /// The value does not match the pattern.
    #[error("does not match the pattern `{0}`")]
    Pattern(String),
    /// The number or date is below the limit.
    #[error("is below {0}")]
    BelowMinimum(String),
    /// The number or date is above the limit.
    #[error("is above {0}")]
    AboveMaximum(String),
    /// The code is not one of the options.
    #[error("is not one of the {0} options")]
    UnknownOption(usize),
    /// A choice group holds another number of members than one.
    #[error("takes one member, has {0}")]
    Choice(usize),
    /// The schema's own pattern is no regular expression; the value cannot be accepted.
    #[error("the pattern of the schema is unusable")]
    UnusablePattern,
}

/// Everything that is wrong with `data`, in the order of the schema; empty when the data fit.
/// After 200 violations the check stops.
#[must_use]
pub fn validate(schema: &Schema, data: &Json) -> Vec<Violation> {
    let mut check = Check {
        path: String::new(),
        violations: Vec::new(),
    };
    match data {
        Json::Object(members) => check.members(&schema.structure, members),
        _ => check.report(ViolationCode::WrongType("an object")),
    }
    check.violations
}

struct Check {
    path: String,
    violations: Vec<Violation>,
}

impl Check {
    fn report(&mut self, code: ViolationCode) {
        if self.violations.len() < MAX_VIOLATIONS {
            self.violations.push(Violation {
                path: self.path.clone(),
                code,
            });
        }
    }

    fn below(&mut self, step: &str, check: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push('/');
        self.path
            .push_str(&step.replace('~', "~0").replace('/', "~1"));
        check(self);
        self.path.truncate(length);
    }

    fn members(&mut self, structure: &[Position], members: &Map<String, Json>) {
        for position in structure {
            let id = position.element.id();
            match members.get(id) {
                Some(value) => self.below(id, |check| check.position(position, value)),
                None if position.multiplicity.is_required() && has_data(&position.element) => {
                    self.below(id, |check| check.report(ViolationCode::Missing));
                }
                None => {}
            }
        }
        for key in members.keys() {
            let known = structure
                .iter()
                .any(|position| position.element.id() == key && has_data(&position.element));
            if !known {
                let shown: String = key.chars().take(64).collect();
                self.below(&shown, |check| check.report(ViolationCode::Unknown));
            }
        }
    }

    fn position(&mut self, position: &Position, value: &Json) {
        if !position.multiplicity.is_list() {
            self.element(position, value);
            return;
        }
        let Json::Array(entries) = value else {
            self.report(ViolationCode::WrongType("a list"));
            return;
        };
        let (min, max) = (position.multiplicity.min, position.multiplicity.max);
        let found = entries.len();
        if found < usize::try_from(min).unwrap_or(usize::MAX) {
            self.report(ViolationCode::TooFew { min, found });
        }
        if let Some(max) = max
            && found > usize::try_from(max).unwrap_or(usize::MAX)
        {
            self.report(ViolationCode::TooMany { max, found });
            return;
        }
        for (index, entry) in entries.iter().enumerate() {
            if self.violations.len() >= MAX_VIOLATIONS {
                return;
            }
            self.below(&index.to_string(), |check| check.element(position, entry));
        }
    }

    fn element(&mut self, position: &Position, value: &Json) {
        match &position.element {
            Element::Group(group) => self.group(group, position.multiplicity.is_required(), value),
            Element::Field(field) => self.field(field, value),
        }
    }

    fn group(&mut self, group: &Group, required: bool, value: &Json) {
        let Json::Object(members) = value else {
            self.report(ViolationCode::WrongType("an object"));
            return;
        };
        // The standard leaves open whether a choice is "at most" or "exactly" one: we take exactly
        // one where the group itself is mandatory.
        if group.is_choice && (members.len() > 1 || (required && members.is_empty())) {
            self.report(ViolationCode::Choice(members.len()));
        }
        self.members(&group.structure, members);
    }

    fn field(&mut self, field: &Field, value: &Json) {
        match (field.data_type, value) {
            (DataType::Text | DataType::TextLatin, Json::String(text)) => {
                if field.field_kind == FieldKind::Select && !field.values.is_empty() {
                    if !field.values.iter().any(|option| option.code == *text) {
                        self.report(ViolationCode::UnknownOption(field.values.len()));
                    }
                } else {
                    self.text(field, text);
                }
            }
            (DataType::Date, Json::String(text)) => self.date(field, text),
            (DataType::Time | DataType::DateTime, Json::String(text)) => {
                let fits = match field.data_type {
                    DataType::Time => is_time(text),
                    _ => text.parse::<einmal_model::Instant>().is_ok(),
                };
                if !fits {
                    self.report(ViolationCode::WrongType("a time"));
                }
            }
            (DataType::File | DataType::Object, Json::String(text)) => self.text(field, text),
            (DataType::Bool, Json::Bool(_)) => {}
            (DataType::Integer | DataType::Number | DataType::Currency, Json::Number(number)) => {
                self.number(field, &number.to_string());
            }
            (data_type, _) => self.report(ViolationCode::WrongType(expected(data_type))),
        }
    }

    fn text(&mut self, field: &Field, text: &str) {
        let found = text.chars().count();
        let constraints = &field.constraints;
        if let Some(min) = constraints.min_length
            && found < usize::try_from(min).unwrap_or(usize::MAX)
        {
            self.report(ViolationCode::TooShort { min, found });
        }
        if let Some(max) = constraints.max_length
            && found > usize::try_from(max).unwrap_or(usize::MAX)
        {
            self.report(ViolationCode::TooLong { max, found });
        }
        if let Some(pattern) = &constraints.pattern {
            match whole_value(pattern) {
                Some(regex) if regex.is_match(text) => {}
                Some(_) => self.report(ViolationCode::Pattern(pattern.clone())),
                None => self.report(ViolationCode::UnusablePattern),
            }
        }
    }

    fn date(&mut self, field: &Field, text: &str) {
        let date = parse_date(text);
        let Some(date) = date else {
            self.report(ViolationCode::WrongType("a date as YYYY-MM-DD"));
            return;
        };
        if let Some(min) = &field.constraints.min_date
            && parse_date(min).is_some_and(|min| date < min)
        {
            self.report(ViolationCode::BelowMinimum(min.clone()));
        }
        if let Some(max) = &field.constraints.max_date
            && parse_date(max).is_some_and(|max| date > max)
        {
            self.report(ViolationCode::AboveMaximum(max.clone()));
        }
    }

    fn number(&mut self, field: &Field, text: &str) {
        let number = Number::parse(text);
        let granularity = match field.data_type {
            DataType::Integer => 1_000_000,
            DataType::Currency => 10_000,
            _ => 1,
        };
        let Some(number) = number.filter(|number| number.millionths % granularity == 0) else {
            self.report(ViolationCode::WrongType(expected(field.data_type)));
            return;
        };
        if let Some(min) = &field.constraints.min_value
            && number.millionths < min.millionths
        {
            self.report(ViolationCode::BelowMinimum(min.text.clone()));
        }
        if let Some(max) = &field.constraints.max_value
            && number.millionths > max.millionths
        {
            self.report(ViolationCode::AboveMaximum(max.text.clone()));
        }
    }
}

/// Patterns hold for the whole value (XML Schema semantics), whatever anchors the author wrote.
fn whole_value(pattern: &str) -> Option<Regex> {
    regex::RegexBuilder::new(&format!("^(?:{pattern})$"))
        .size_limit(1 << 20)
        .build()
        .ok()
}

fn has_data(element: &Element) -> bool {
    !matches!(element, Element::Field(field) if field.field_kind == FieldKind::Label)
}

fn parse_date(text: &str) -> Option<einmal_model::Date> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    shape.then(|| text.parse().ok()).flatten()
}

fn is_time(text: &str) -> bool {
    let parts: Vec<Option<u8>> = text
        .split(':')
        .map(|part| (part.len() == 2).then(|| part.parse().ok()).flatten())
        .collect();
    match parts.as_slice() {
        [Some(hour), Some(minute)] => *hour < 24 && *minute < 60,
        [Some(hour), Some(minute), Some(second)] => *hour < 24 && *minute < 60 && *second < 60,
        _ => false,
    }
}

const fn expected(data_type: DataType) -> &'static str {
    match data_type {
        DataType::Text | DataType::TextLatin => "a text",
        DataType::Date => "a date as YYYY-MM-DD",
        DataType::Time | DataType::DateTime => "a time",
        DataType::Bool => "true or false",
        DataType::Number => "a number",
        DataType::Integer => "a whole number",
        DataType::Currency => "an amount with at most two decimals",
        DataType::File | DataType::Object => "a text",
    }
}
