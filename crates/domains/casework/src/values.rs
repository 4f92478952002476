//! Form data with the labels of their schema, in the order of the schema, each value with its
//! origin.

use einmal_model::{Cents, Date, Instant, Language, german_date, german_date_time};
use einmal_xdatenfelder::{DataType, Element, Field, FieldKind, Position, Schema};
use serde_json::{Map, Value};

use crate::origins::Origins;
use crate::view::{ContentView, GroupView, ValueRow};
use crate::words;

/// Longest text of unknown data that a page shows, in characters.
const MAX_RAW: usize = 100_000;

/// The values in groups; nothing when the data do not fit the schema (any more).
pub(crate) fn groups(
    schema: &Schema,
    data: &[u8],
    origins: &Origins,
    language: Language,
) -> Option<Vec<GroupView>> {
    let data: Value = serde_json::from_slice(data).ok()?;
    if !einmal_xdatenfelder::validate(schema, &data).is_empty() {
        return None;
    }
    let mut walk = Walk {
        origins,
        language,
        groups: Vec::new(),
    };
    let top = Place {
        label: String::new(),
        path: String::new(),
    };
    walk.members(&schema.structure, data.as_object()?, &top, &schema.title);
    Some(walk.groups)
}

/// Data that we have no labels for.
pub(crate) fn raw(schema_uri: Option<String>, data: &[u8], language: Language) -> ContentView {
    let text = match serde_json::from_slice::<Value>(data) {
        Ok(value) => serde_json::to_string_pretty(&value).unwrap_or_default(),
        Err(_) => String::from_utf8_lossy(data).into_owned(),
    };
    let cut = text.chars().nth(MAX_RAW).is_some();
    let shown = |c: &char| !c.is_control() || *c == '\n' || *c == '\t';
    ContentView::Raw {
        note: words::unknown_form(language),
        schema_uri,
        text: text.chars().take(MAX_RAW).filter(shown).collect(),
        cut,
    }
}

/// Where in the form: the names of the groups around, and the JSON pointer.
struct Place {
    label: String,
    path: String,
}

impl Place {
    /// One step down; `number` is set for one of several entries.
    fn below(&self, name: &str, id: &str, index: Option<usize>, number: Option<usize>) -> Self {
        let mut label = self.label.clone();
        if !label.is_empty() {
            label.push_str(", ");
        }
        label.push_str(name);
        if let Some(number) = number {
            label.push_str(&format!(" {number}"));
        }
        let mut path = format!("{}/{id}", self.path);
        if let Some(index) = index {
            path.push_str(&format!("/{index}"));
        }
        Self { label, path }
    }
}

struct Walk<'a> {
    origins: &'a Origins,
    language: Language,
    groups: Vec<GroupView>,
}

impl Walk<'_> {
    /// The schema bounds the depth: data that go deeper have been refused.
    fn members(
        &mut self,
        structure: &[Position],
        members: &Map<String, Value>,
        place: &Place,
        title: &str,
    ) {
        // Fields of one group stay together even when a nested group stands between them, so that
        // no heading appears twice. The group comes before the groups inside it.
        let at = self.groups.len();
        let mut rows = Vec::new();
        for position in structure {
            let Some(value) = members.get(position.element.id()) else {
                continue;
            };
            for (index, value) in entries(position, value) {
                let several = matches!(index, Some((_, count)) if count > 1);
                let number = index.filter(|_| several).map(|(index, _)| index + 1);
                let index = index.map(|(index, _)| index);
                match &position.element {
                    Element::Field(field) => {
                        let place = place.below("", position.element.id(), index, number);
                        rows.extend(self.row(field, value, number, place.path));
                    }
                    Element::Group(group) => {
                        let place = place.below(
                            name(&group.label_output, &group.base.name),
                            &group.base.identifier.id,
                            index,
                            number,
                        );
                        if let Some(members) = value.as_object() {
                            self.members(&group.structure, members, &place, title);
                        }
                    }
                }
            }
        }
        if !rows.is_empty() {
            let label = if place.label.is_empty() {
                title.to_owned()
            } else {
                place.label.clone()
            };
            self.groups.insert(at, GroupView { label, rows });
        }
    }

    fn row(
        &self,
        field: &Field,
        value: &Value,
        number: Option<usize>,
        path: String,
    ) -> Option<ValueRow> {
        if field.field_kind == FieldKind::Label {
            return None;
        }
        let label = name(&field.label_output, &field.base.name);
        let entry = self.origins.of(&path);
        let (origin_kind, origin) = words::origin(entry, self.language);
        Some(ValueRow {
            label: match number {
                Some(number) => format!("{label} {number}"),
                None => label.to_owned(),
            },
            value: in_words(field, value),
            origin_kind,
            origin,
            dispute: entry
                .and_then(|entry| entry.dispute.as_ref())
                .map(|dispute| words::dispute(dispute, self.language)),
            path,
        })
    }
}

/// The label; the internal name when the schema has none.
fn name<'a>(label: &'a str, internal: &'a str) -> &'a str {
    if label.trim().is_empty() {
        internal
    } else {
        label
    }
}

/// The entries of a position, with index and count when it is a list.
fn entries<'v>(position: &Position, value: &'v Value) -> Vec<(Option<(usize, usize)>, &'v Value)> {
    match value {
        Value::Array(list) if position.multiplicity.is_list() => list
            .iter()
            .enumerate()
            .map(|(index, value)| (Some((index, list.len())), value))
            .collect(),
        single => vec![(None, single)],
    }
}

/// A value as people read it. German like the labels of the form.
fn in_words(field: &Field, value: &Value) -> String {
    match value {
        Value::Bool(true) => "Ja".to_owned(),
        Value::Bool(false) => "Nein".to_owned(),
        Value::Number(number) => {
            let text = number.to_string().replace('.', ",");
            if field.data_type == DataType::Currency
                && let Ok(amount) = text.parse::<Cents>()
            {
                return format!("{amount}\u{a0}€");
            }
            text
        }
        Value::String(text) => string_in_words(field, text),
        other => other.to_string(),
    }
}

fn string_in_words(field: &Field, text: &str) -> String {
    if let Some(option) = field.values.iter().find(|option| option.code == text) {
        return option.name.clone();
    }
    match field.data_type {
        DataType::Date => text
            .parse::<Date>()
            .map_or_else(|_| text.to_owned(), |date| german_date(date, Language::De)),
        DataType::DateTime => text.parse::<Instant>().map_or_else(
            |_| text.to_owned(),
            |instant| german_date_time(instant, Language::De),
        ),
        _ => text.to_owned(),
    }
}
