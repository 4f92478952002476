//! What an office receives: form data by its schema, metadata, and the origin of every value.
//! Pure functions of the answers. The page "Wer bekommt welche Angaben?" is made from the same
//! values as the message.

use std::collections::{BTreeMap, BTreeSet};

use aws_lc_rs::digest;
use einmal_model::{Date, Language};
use einmal_xdatenfelder::{DataType, Element, Field, Position, Violation};
use serde_json::{Map, Value as Json, json};

use crate::content::{Leg, Mapping, Part, Step};
use crate::journey::Journey;
use crate::port::{OutgoingAttachment, OutgoingMessage};
use crate::value::{Answer, FactValue};
use crate::view::ReceiverRow;
use crate::words;

/// The metadata version that messages carry.
pub const METADATA_SCHEMA: &str =
    "https://schema.fitko.de/fit-connect/metadata/2.1.0/metadata.schema.json";

/// File name of the attachment with the origin of every value.
pub const ORIGINS_FILE: &str = "origins.json";

/// A message does not fit its schema: the content of the life event has a gap.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the message for `{leg}` does not fit its schema: {}", violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct MessageError {
    /// Key of the leg.
    pub leg: String,
    /// What does not fit, without values.
    pub violations: Vec<Violation>,
}

/// One value in a form.
struct Leaf<'a> {
    mapping: &'a Mapping,
    field: &'a Field,
    answer: &'a Answer,
    value: Json,
    /// Position in the schema, to sort by.
    order: Vec<(usize, usize)>,
    /// Path with the final index of repeated elements.
    path: Vec<Step>,
}

/// The data of a form: an object keyed by FIM ids.
///
/// # Errors
/// [`MessageError`] when the answers do not fit the schema.
pub fn form_data(journey: &Journey<'_>, leg: &Leg) -> Result<Json, MessageError> {
    let mut root = Json::Object(Map::new());
    for leaf in leaves(journey, leg) {
        insert(&mut root, &leaf.path, leaf.value);
    }
    let violations = einmal_xdatenfelder::validate(&leg.schema, &root);
    if violations.is_empty() {
        Ok(root)
    } else {
        Err(MessageError {
            leg: leg.id.clone(),
            violations,
        })
    }
}

/// The origin of every value of a form, by JSON pointer.
#[must_use]
pub fn origins(journey: &Journey<'_>, leg: &Leg) -> Json {
    let entries: Vec<Json> = leaves(journey, leg)
        .into_iter()
        .map(|leaf| {
            let mut entry = json!({
                "path": pointer(&leaf.path),
                "origin": leaf.answer.fact.origin,
                "at": leaf.answer.fact.at,
            });
            if let (Some(dispute), Some(entry)) = (&leaf.answer.fact.dispute, entry.as_object_mut())
            {
                entry.insert("dispute".to_owned(), json!(dispute));
            }
            entry
        })
        .collect();
    json!({ "schema": leg.schema_uri(), "origins": entries })
}

/// The values of a form in words, in the order of the form.
#[must_use]
pub fn receiver_rows(journey: &Journey<'_>, leg: &Leg, language: Language) -> Vec<ReceiverRow> {
    leaves(journey, leg)
        .into_iter()
        .map(|leaf| ReceiverRow {
            group: group_label(journey, leg, &leaf, language),
            label: field_label(journey, &leaf, language),
            value: value_in_words(journey, &leaf, language),
            origin: words::origin(leaf.answer, journey.event(), language),
        })
        .collect()
}

/// What a message is about, besides the answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// FIT-Connect destination of the office.
    pub destination: String,
    /// UUID of the attachment with the origins.
    pub attachment: String,
    /// The person's reference number.
    pub reference: String,
    /// The day of the application.
    pub date: Date,
}

/// The whole message for one office.
///
/// # Errors
/// [`MessageError`] when the answers do not fit the schema.
pub fn build(
    journey: &Journey<'_>,
    leg: &Leg,
    envelope: &Envelope,
) -> Result<OutgoingMessage, MessageError> {
    let data = form_data(journey, leg)?.to_string().into_bytes();
    let origins = origins(journey, leg).to_string().into_bytes();
    let metadata = json!({
        "$schema": METADATA_SCHEMA,
        "contentStructure": {
            "data": {
                "submissionSchema": {
                    "schemaUri": leg.schema_uri(),
                    "mimeType": "application/json",
                },
                "hash": hash(&data),
            },
            "attachments": [{
                "attachmentId": envelope.attachment,
                "purpose": "data",
                "mimeType": "application/json",
                "filename": ORIGINS_FILE,
                "description": "Herkunft der Angaben",
                "hash": hash(&origins),
            }],
        },
        "author": {
            "name": "Einmal",
            "product": {
                "name": "Einmal",
                "version": env!("CARGO_PKG_VERSION"),
                "manufacturer": "Einmal",
            },
        },
        "additionalReferenceInfo": {
            "senderReference": envelope.reference,
            "applicationDate": envelope.date.to_string(),
        },
    });
    Ok(OutgoingMessage {
        destination: envelope.destination.clone(),
        leika: leg.leika.clone(),
        service_name: leg.title.in_language(Language::De).to_owned(),
        metadata: metadata.to_string().into_bytes(),
        data,
        attachments: vec![OutgoingAttachment {
            id: envelope.attachment.clone(),
            content: origins,
        }],
    })
}

fn hash(bytes: &[u8]) -> Json {
    let content: String = digest::digest(&digest::SHA512, bytes)
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    json!({ "type": "sha512", "content": content })
}

fn leaves<'a>(journey: &'a Journey<'_>, leg: &'a Leg) -> Vec<Leaf<'a>> {
    let mut leaves: Vec<Leaf<'a>> = leg
        .fields
        .iter()
        .filter_map(|mapping| {
            let answer = journey.value(&mapping.fact)?;
            let (field, order) = locate(&leg.schema.structure, &mapping.path)?;
            Some(Leaf {
                mapping,
                field,
                answer,
                value: json_value(field.data_type, mapping.part, &answer.fact.value)?,
                order,
                path: mapping.path.clone(),
            })
        })
        .collect();
    leaves.sort_by(|one, other| one.order.cmp(&other.order));
    close_gaps(&mut leaves);
    leaves
}

/// Finds a field and its place in the order of the schema.
fn locate<'s>(
    structure: &'s [Position],
    path: &[Step],
) -> Option<(&'s Field, Vec<(usize, usize)>)> {
    let (mut level, mut order) = (structure, Vec::new());
    let mut steps = path.iter().peekable();
    while let Some(step) = steps.next() {
        let place = level
            .iter()
            .position(|position| position.element.id() == step.id)?;
        order.push((place, step.index.unwrap_or_default()));
        match &level.get(place)?.element {
            Element::Group(group) => level = &group.structure,
            Element::Field(field) if steps.peek().is_none() => return Some((field, order)),
            Element::Field(_) => return None,
        }
    }
    None
}

/// Repeated elements are numbered without gaps, whichever of them have values.
fn close_gaps(leaves: &mut [Leaf<'_>]) {
    let depth = leaves
        .iter()
        .map(|leaf| leaf.path.len())
        .max()
        .unwrap_or_default();
    for at in 0..depth {
        let mut used: BTreeMap<Vec<(String, Option<usize>)>, BTreeSet<usize>> = BTreeMap::new();
        let key = |path: &[Step]| -> Vec<(String, Option<usize>)> {
            path.iter()
                .take(at + 1)
                .enumerate()
                .map(|(depth, step)| (step.id.clone(), step.index.filter(|_| depth < at)))
                .collect()
        };
        for leaf in leaves.iter() {
            if let Some(index) = leaf.path.get(at).and_then(|step| step.index) {
                used.entry(key(&leaf.path)).or_default().insert(index);
            }
        }
        for leaf in leaves.iter_mut() {
            let path_key = key(&leaf.path);
            if let Some(step) = leaf.path.get_mut(at)
                && let (Some(index), Some(used)) = (step.index, used.get(&path_key))
            {
                step.index = Some(used.range(..index).count());
            }
        }
    }
}

fn json_value(data_type: DataType, part: Part, value: &FactValue) -> Option<Json> {
    let text = match (part, value) {
        (Part::Name, FactValue::Place(place)) => place.name.clone(),
        (Part::Ars, FactValue::Place(place)) => place.ars.to_string(),
        (Part::Postcode, FactValue::Place(place)) => place.postcode.clone()?,
        (Part::Whole, FactValue::Place(_)) => return None,
        (Part::Whole, FactValue::Bool(truth)) if data_type == DataType::Bool => {
            return Some(Json::Bool(*truth));
        }
        (Part::Whole, value) => value.canonical(),
        _ => return None,
    };
    match data_type {
        DataType::Integer => text.parse::<i64>().ok().map(Json::from),
        DataType::Bool | DataType::Number | DataType::Currency => None,
        _ => Some(Json::String(text)),
    }
}

fn insert(node: &mut Json, path: &[Step], value: Json) {
    let Some((step, rest)) = path.split_first() else {
        *node = value;
        return;
    };
    let Some(members) = node.as_object_mut() else {
        return;
    };
    let empty = || {
        if rest.is_empty() {
            Json::Null
        } else {
            Json::Object(Map::new())
        }
    };
    let child = match step.index {
        None => members.entry(step.id.clone()).or_insert_with(empty),
        Some(index) => {
            let list = members
                .entry(step.id.clone())
                .or_insert_with(|| Json::Array(Vec::new()));
            let Some(list) = list.as_array_mut() else {
                return;
            };
            while list.len() <= index {
                list.push(empty());
            }
            match list.get_mut(index) {
                Some(child) => child,
                None => return,
            }
        }
    };
    insert(child, rest, value);
}

fn pointer(path: &[Step]) -> String {
    let mut text = String::new();
    for step in path {
        text.push('/');
        text.push_str(&step.id);
        if let Some(index) = step.index {
            text.push('/');
            text.push_str(&index.to_string());
        }
    }
    text
}

fn group_label(journey: &Journey<'_>, leg: &Leg, leaf: &Leaf<'_>, language: Language) -> String {
    let groups = leaf.path.len().saturating_sub(1);
    let names: Vec<String> = leaf
        .path
        .iter()
        .take(groups)
        .map(|step| {
            let name = journey
                .event()
                .groups
                .get(&step.id)
                .map(|name| name.in_language(language))
                .unwrap_or_default();
            match step.index {
                Some(index) => format!("{name} {}", index + 1),
                None => name.to_owned(),
            }
        })
        .collect();
    if names.is_empty() {
        leg.title.in_language(language).to_owned()
    } else {
        names.join(", ")
    }
}

fn field_label(journey: &Journey<'_>, leaf: &Leaf<'_>, language: Language) -> String {
    match (language, leaf.mapping.part) {
        (Language::De, _) => leaf.field.label_output.clone(),
        (Language::En, Part::Name) => "Place".to_owned(),
        (Language::En, Part::Ars) => "Region key".to_owned(),
        (Language::En, Part::Postcode) => "Postcode".to_owned(),
        (Language::En, Part::Whole) => journey
            .event()
            .facts
            .get(&leaf.mapping.fact)
            .map(|spec| spec.label.in_language(language).to_owned())
            .unwrap_or_default(),
    }
}

fn value_in_words(journey: &Journey<'_>, leaf: &Leaf<'_>, language: Language) -> String {
    let value = &leaf.answer.fact.value;
    match (leaf.mapping.part, value) {
        (Part::Whole, _) => journey.event().facts.get(&leaf.mapping.fact).map_or_else(
            || value.canonical(),
            |spec| words::value(spec, value, language),
        ),
        (Part::Name, FactValue::Place(place)) => place.name.clone(),
        (Part::Ars, FactValue::Place(place)) => place.ars.to_string(),
        (Part::Postcode, FactValue::Place(place)) => place.postcode.clone().unwrap_or_default(),
        _ => value.canonical(),
    }
}
