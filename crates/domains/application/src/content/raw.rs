//! The files of a life event as they are written.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::RuleCode;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Event {
    pub(super) id: String,
    pub(super) version: String,
    pub(super) sections: Vec<String>,
    pub(super) draft_days: u32,
    #[serde(default)]
    pub(super) places: Vec<PlaceRole>,
    #[serde(default)]
    pub(super) identification: BTreeMap<String, String>,
    pub(super) legs: Vec<Leg>,
    pub(super) questions: Vec<Question>,
    #[serde(default)]
    pub(super) derived: Vec<Derived>,
    #[serde(default)]
    pub(super) facts: BTreeMap<String, Fact>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceRole {
    pub(super) role: String,
    pub(super) fact: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Leg {
    pub(super) id: String,
    pub(super) leika: String,
    pub(super) schema: String,
    pub(super) role: String,
    pub(super) places: Vec<PlaceRule>,
    pub(super) fields: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlaceRule {
    pub(super) fact: String,
    pub(super) when: Option<BTreeMap<String, OneOrMany>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    pub(super) id: String,
    pub(super) section: String,
    pub(super) facts: Vec<String>,
    #[serde(default)]
    pub(super) when: Vec<BTreeMap<String, OneOrMany>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Derived {
    pub(super) fact: String,
    pub(super) value: String,
    pub(super) when: Vec<BTreeMap<String, OneOrMany>>,
    pub(super) rule: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub(super) fn into_vec(self) -> Vec<String> {
        match self {
            Self::One(value) => vec![value],
            Self::Many(values) => values,
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fact {
    pub(super) kind: Option<Kind>,
    #[serde(default)]
    pub(super) optional: bool,
    #[serde(default)]
    pub(super) past: bool,
    #[serde(default)]
    pub(super) postcode: bool,
    #[serde(default)]
    pub(super) options: Vec<String>,
    pub(super) at_least: Option<AtLeast>,
    pub(super) width: Option<usize>,
    #[serde(default)]
    pub(super) autocomplete: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Text,
    Name,
    Date,
    Bool,
    Number,
    Choice,
    Place,
    Iban,
    TaxId,
    Email,
    Phone,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AtLeast {
    pub(super) fact: String,
    #[serde(default)]
    pub(super) plus: i64,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Texts {
    pub(super) title: String,
    pub(super) teaser: String,
    pub(super) search: Vec<String>,
    pub(super) sections: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) places: BTreeMap<String, Titled>,
    pub(super) legs: BTreeMap<String, LegTexts>,
    #[serde(default)]
    pub(super) derived: BTreeMap<String, String>,
    pub(super) questions: BTreeMap<String, QuestionTexts>,
    #[serde(default)]
    pub(super) facts: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    pub(super) rules: BTreeMap<RuleCode, String>,
    #[serde(default)]
    pub(super) options: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    pub(super) groups: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Titled {
    pub(super) label: String,
    #[serde(default)]
    pub(super) hint: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LegTexts {
    pub(super) title: String,
    pub(super) teaser: String,
    pub(super) why: String,
    #[serde(default)]
    pub(super) deadline: String,
    pub(super) office: String,
    pub(super) next: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QuestionTexts {
    pub(super) title: String,
    #[serde(default)]
    pub(super) hint: String,
    #[serde(default)]
    pub(super) details: String,
}
