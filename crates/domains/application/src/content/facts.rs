//! Facts: kind, limits and options from the schemas, words from the texts.

use std::collections::{BTreeMap, BTreeSet};

use einmal_model::{Language, LocalText};
use einmal_xdatenfelder::{DataType, Element, Field, FieldKind, Position};
use serde::Deserialize as _;
use serde::de::value::{Error as ValueError, StrDeserializer};

use super::load::{EVENT, TEXTS, Texts, find_field};
use super::{Derived, FactKind, FactSpec, Leg, OptionSpec, Part, Question, RuleCode, raw};

/// A field of a form that a fact fills.
struct Use<'a> {
    field: &'a Field,
    part: Part,
}

pub(super) fn build_facts(
    legs: &[Leg],
    questions: &[Question],
    derived: &[Derived],
    written: &BTreeMap<String, raw::Fact>,
    texts: &mut Texts<'_, '_>,
) -> BTreeMap<String, FactSpec> {
    let mut uses: BTreeMap<&str, Vec<Use<'_>>> = BTreeMap::new();
    for leg in legs {
        for mapping in &leg.fields {
            if let Ok(field) = find_field(&leg.schema, &mapping.path) {
                uses.entry(&mapping.fact).or_default().push(Use {
                    field,
                    part: mapping.part,
                });
            }
        }
    }
    let asked: BTreeSet<&str> = questions
        .iter()
        .flat_map(|question| question.facts.iter().map(String::as_str))
        .collect();
    for (fact, file_key) in uses
        .keys()
        .map(|fact| (*fact, "legs"))
        .chain(written.keys().map(|fact| (fact.as_str(), "facts")))
        .chain(
            derived
                .iter()
                .map(|derived| (derived.fact.as_str(), "derived")),
        )
    {
        if !asked.contains(fact) {
            texts.problems.add(
                EVENT,
                format!("{file_key}: {fact}"),
                "no question asks for this fact",
            );
        }
    }
    let default = raw::Fact::default();
    asked
        .into_iter()
        .map(|key| {
            let written = written.get(key).unwrap_or(&default);
            let uses = uses.get(key).map_or(&[][..], Vec::as_slice);
            (key.to_owned(), build_fact(key, written, uses, texts))
        })
        .collect()
}

fn build_fact(
    key: &str,
    written: &raw::Fact,
    uses: &[Use<'_>],
    texts: &mut Texts<'_, '_>,
) -> FactSpec {
    let whole: Vec<&Field> = uses
        .iter()
        .filter(|usage| usage.part == Part::Whole)
        .map(|usage| usage.field)
        .collect();
    let first = whole.first().copied();
    let kind = kind_of(key, written, first, texts);
    let is_place = matches!(kind, FactKind::Place { .. });
    if uses
        .iter()
        .any(|usage| (usage.part == Part::Whole) == is_place)
    {
        texts.problems.add(
            EVENT,
            format!("facts.{key}"),
            "places are used by their parts (#name, #ars, #postcode), other facts as a whole",
        );
    }
    let length = |get: fn(&Field) -> Option<u32>| {
        whole
            .iter()
            .filter_map(move |field| get(field).and_then(|length| usize::try_from(length).ok()))
    };
    let value = |get: fn(&Field) -> Option<i128>| {
        whole.iter().filter_map(move |field| {
            get(field).and_then(|value| i64::try_from(value / 1_000_000).ok())
        })
    };
    let max_length = length(|field| field.constraints.max_length).min();
    let min = value(|field| {
        field
            .constraints
            .min_value
            .as_ref()
            .map(|min| min.millionths)
    })
    .max();
    let max = value(|field| {
        field
            .constraints
            .max_value
            .as_ref()
            .map(|max| max.millionths)
    })
    .min();
    let mut spec = FactSpec {
        key: key.to_owned(),
        kind,
        optional: written.optional,
        min,
        max,
        min_length: length(|field| field.constraints.min_length).max(),
        max_length,
        options: options(key, kind, written, &whole, texts),
        at_least: written
            .at_least
            .clone()
            .map(|other| (other.fact, other.plus)),
        width: written.width.unwrap_or(match kind {
            FactKind::Number => 4,
            FactKind::TaxId => 14,
            FactKind::Iban => 30,
            _ => max_length.unwrap_or(40).min(40),
        }),
        autocomplete: written.autocomplete.clone(),
        label: LocalText::default(),
        hint: LocalText::default(),
        errors: BTreeMap::new(),
    };
    fact_texts(&mut spec, first, texts);
    spec
}

fn kind_of(
    key: &str,
    written: &raw::Fact,
    field: Option<&Field>,
    texts: &mut Texts<'_, '_>,
) -> FactKind {
    let kind = written.kind.or_else(|| {
        field.and_then(|field| match (field.field_kind, field.data_type) {
            (FieldKind::Select, _) => Some(raw::Kind::Choice),
            (_, DataType::Text | DataType::TextLatin) => Some(raw::Kind::Text),
            (_, DataType::Date) => Some(raw::Kind::Date),
            (_, DataType::Bool) => Some(raw::Kind::Bool),
            (_, DataType::Integer) => Some(raw::Kind::Number),
            _ => None,
        })
    });
    match kind {
        Some(raw::Kind::Text) => FactKind::Text,
        Some(raw::Kind::Name) => FactKind::Name,
        Some(raw::Kind::Date) => FactKind::Date { past: written.past },
        Some(raw::Kind::Bool) => FactKind::Bool,
        Some(raw::Kind::Number) => FactKind::Number,
        Some(raw::Kind::Choice) => FactKind::Choice,
        Some(raw::Kind::Place) => FactKind::Place {
            postcode: written.postcode,
        },
        Some(raw::Kind::Iban) => FactKind::Iban,
        Some(raw::Kind::TaxId) => FactKind::TaxId,
        Some(raw::Kind::Email) => FactKind::Email,
        Some(raw::Kind::Phone) => FactKind::Phone,
        None => {
            texts.problems.add(
                EVENT,
                format!("facts.{key}"),
                "the kind of input is unknown",
            );
            FactKind::Text
        }
    }
}

fn options(
    key: &str,
    kind: FactKind,
    written: &raw::Fact,
    fields: &[&Field],
    texts: &mut Texts<'_, '_>,
) -> Vec<OptionSpec> {
    if kind == FactKind::Bool {
        return ["yes", "no"]
            .into_iter()
            .map(|code| OptionSpec {
                code: code.to_owned(),
                label: texts.required(&format!("options.bool.{code}"), |texts| {
                    texts.options.get("bool")?.get(code).cloned()
                }),
                hint: LocalText::default(),
            })
            .collect();
    }
    if kind != FactKind::Choice {
        return Vec::new();
    }
    if !written.options.is_empty() {
        return written
            .options
            .iter()
            .map(|code| OptionSpec {
                label: texts.required(&format!("options.{key}.{code}"), |texts| {
                    texts.options.get(key)?.get(code).cloned()
                }),
                code: code.clone(),
                hint: LocalText::default(),
            })
            .collect();
    }
    let Some(first) = fields.first() else {
        texts.problems.add(
            EVENT,
            format!("facts.{key}.options"),
            "a choice without options",
        );
        return Vec::new();
    };
    let codes = |field: &Field| -> Vec<String> {
        field
            .values
            .iter()
            .map(|value| value.code.clone())
            .collect()
    };
    if fields.iter().any(|field| codes(field) != codes(first)) || first.values.is_empty() {
        texts.problems.add(
            EVENT,
            format!("facts.{key}"),
            "the schemas have no options for it, or different ones",
        );
    }
    let id = &first.base.identifier.id;
    first
        .values
        .iter()
        .map(|value| {
            let mut label =
                texts.optional(|texts| texts.options.get(id)?.get(&value.code).cloned());
            label
                .0
                .entry(Language::De)
                .or_insert_with(|| value.name.clone());
            texts.complete(&format!("options.{id}.{}", value.code), &label);
            OptionSpec {
                code: value.code.clone(),
                label,
                hint: value
                    .help
                    .clone()
                    .map(LocalText::german)
                    .unwrap_or_default(),
            }
        })
        .collect()
}

fn fact_texts(spec: &mut FactSpec, field: Option<&Field>, texts: &mut Texts<'_, '_>) {
    let key = spec.key.clone();
    let written = |texts: &raw::Texts, name: &str| texts.facts.get(&key)?.get(name).cloned();
    spec.label = texts.optional(|texts| written(texts, "label"));
    if let Some(field) = field {
        spec.label
            .0
            .entry(Language::De)
            .or_insert_with(|| field.label_input.clone());
    }
    texts.complete(&format!("facts.{key}.label"), &spec.label);
    spec.hint = texts.optional(|texts| written(texts, "hint"));
    // An empty hint in the German texts switches the hint of the schema off.
    let german_hint = texts
        .texts
        .get(&Language::De)
        .and_then(|texts| written(texts, "hint"));
    if german_hint.is_none()
        && let Some(help) = field.and_then(|field| field.help_input.clone())
        && !matches!(spec.kind, FactKind::Bool | FactKind::Choice)
        && spec.hint.0.contains_key(&Language::En)
    {
        spec.hint.0.entry(Language::De).or_insert(help);
    }
    let mut errors = BTreeMap::new();
    for rule in spec.rules() {
        let name = rule_name(rule);
        let text = texts.required(&format!("facts.{key}.{name}"), |texts| {
            written(texts, &name).or_else(|| texts.rules.get(&rule).cloned())
        });
        errors.insert(rule, text);
    }
    spec.errors = errors;
    for (language, file) in TEXTS {
        let Some(entries) = texts
            .texts
            .get(&language)
            .and_then(|texts| texts.facts.get(&key))
        else {
            continue;
        };
        let unknown: Vec<&String> = entries
            .keys()
            .filter(|name| {
                !matches!(name.as_str(), "label" | "hint")
                    && !rule_code(name).is_some_and(|rule| spec.errors.contains_key(&rule))
            })
            .collect();
        for name in unknown {
            texts.problems.add(
                file,
                format!("facts.{key}.{name}"),
                "neither label, hint nor a rule that this fact can break",
            );
        }
    }
}

fn rule_code(name: &str) -> Option<RuleCode> {
    RuleCode::deserialize(StrDeserializer::<ValueError>::new(name)).ok()
}

/// The name of a rule in the files: its variant in snake case.
fn rule_name(rule: RuleCode) -> String {
    let mut name = String::new();
    for character in format!("{rule:?}").chars() {
        if character.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(character.to_lowercase());
    }
    name
}

pub(super) fn group_names(legs: &[Leg], texts: &mut Texts<'_, '_>) -> BTreeMap<String, LocalText> {
    let mut names = BTreeMap::new();
    let mut open: Vec<&Position> = legs.iter().flat_map(|leg| &leg.schema.structure).collect();
    while let Some(position) = open.pop() {
        if let Element::Group(group) = &position.element {
            open.extend(&group.structure);
            let id = &group.base.identifier.id;
            if !names.contains_key(id) {
                let mut name = texts.optional(|texts| texts.groups.get(id).cloned());
                name.0
                    .entry(Language::De)
                    .or_insert_with(|| group.label_output.clone());
                texts.complete(&format!("groups.{id}"), &name);
                names.insert(id.clone(), name);
            }
        }
    }
    names
}
