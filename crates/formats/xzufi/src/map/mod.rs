//! From the tree of one record to the model.
//!
//! Every mapping walks the children once. What it does not know is counted in [`Unread`], never
//! fatal; what the standard requires is checked.

mod modules;
mod objects;
mod service;

use std::collections::BTreeMap;

use crate::tree::Node;
use crate::{
    Class, Code, Entry, Header, Identifier, Link, Object, Position, ReadErrorKind, Text, Validity,
};

type Result<T> = std::result::Result<T, ReadErrorKind>;

/// Elements that no mapping understood.
#[derive(Debug, Default)]
pub(crate) struct Unread(BTreeMap<String, u64>);

impl Unread {
    /// Names kept at most, so that hostile input cannot grow the table.
    const NAMES: usize = 500;

    pub(crate) const fn names(&self) -> &BTreeMap<String, u64> {
        &self.0
    }

    fn note(&mut self, parent: Node<'_>, child: Node<'_>) {
        let label = |node: Node<'_>| node.label().chars().take(60).collect::<String>();
        let name = format!("{}/{}", label(parent), label(child));
        if let Some(count) = self.0.get_mut(&name) {
            *count += 1;
        } else if self.0.len() < Self::NAMES {
            self.0.insert(name, 1);
        }
    }
}

/// What a child of the root element says; nothing for the parts of the frame that carry no record.
pub(crate) fn entry(
    node: Node<'_>,
    position: Position,
    root: &Header,
    unread: &mut Unread,
) -> Result<Option<Entry>> {
    let unknown = |name: &str| {
        Ok(Some(Entry::Unknown {
            name: name.chars().take(60).collect(),
            position,
        }))
    };
    match node.name() {
        "nachrichtenkopf" => Ok(Some(Entry::Header(header(node, root)))),
        "transaktionID" | "transaktionPosition" => Ok(None),
        "schreibe" => {
            let mut children = node.children();
            let child = children.next().ok_or_else(|| missing(node, "object"))?;
            if let Some(second) = children.next() {
                return Err(repeated(node, second));
            }
            let object = match child.name() {
                "leistung" => Object::Service(Box::new(service::service(child, unread)?)),
                "organisationseinheit" => {
                    Object::Organisation(Box::new(objects::organisation(child, unread)?))
                }
                "onlinedienst" => {
                    Object::OnlineService(Box::new(objects::online_service(child, unread)?))
                }
                "zustaendigkeitTransferObjekt" => {
                    Object::Responsibility(Box::new(objects::transfer(child, unread)?))
                }
                _ => return unknown(child.label()),
            };
            Ok(Some(Entry::Write(object)))
        }
        "loesche" => {
            let class = node
                .attribute("klasse")
                .ok_or_else(|| missing(node, "klasse"))?;
            let class = match class {
                "Leistung" => Class::Service,
                "LeistungSpezialisierung" => Class::Specialisation,
                "Organisationseinheit" => Class::Organisation,
                "Onlinedienst" => Class::OnlineService,
                "Zustaendigkeit" => Class::Responsibility,
                other => return unknown(other),
            };
            let mut id = Once::new();
            for child in node.children() {
                match child.name() {
                    "id" => id.set(node, child, identifier(child)?)?,
                    _ => unread.note(node, child),
                }
            }
            let id = id.require(node, "id")?;
            Ok(Some(Entry::Delete { class, id }))
        }
        _ => unknown(node.label()),
    }
}

fn header(node: Node<'_>, root: &Header) -> Header {
    let mut header = root.clone();
    for child in node.children() {
        match child.name() {
            "nachrichtUUID" => header.message_id = string(child),
            "erstelltDatumZeit" => header.created = Some(string(child)),
            _ => {}
        }
    }
    header
}

/// A value that must stand exactly once.
struct Once<T>(Option<T>);

impl<T> Once<T> {
    const fn new() -> Self {
        Self(None)
    }

    fn set(&mut self, parent: Node<'_>, child: Node<'_>, value: T) -> Result<()> {
        if self.0.is_some() {
            return Err(repeated(parent, child));
        }
        self.0 = Some(value);
        Ok(())
    }

    fn require(self, parent: Node<'_>, element: &'static str) -> Result<T> {
        self.0.ok_or_else(|| missing(parent, element))
    }
}

fn missing(parent: Node<'_>, element: &'static str) -> ReadErrorKind {
    ReadErrorKind::Missing {
        parent: parent.label().chars().take(60).collect(),
        element,
    }
}

fn repeated(parent: Node<'_>, child: Node<'_>) -> ReadErrorKind {
    ReadErrorKind::Repeated {
        parent: parent.label().chars().take(60).collect(),
        element: child.label().chars().take(60).collect(),
    }
}

fn invalid(node: Node<'_>) -> ReadErrorKind {
    ReadErrorKind::Value {
        element: node.label().chars().take(60).collect(),
    }
}

fn string(node: Node<'_>) -> String {
    node.text().to_owned()
}

fn optional(node: Node<'_>) -> Option<String> {
    let text = node.text();
    (!text.is_empty()).then(|| text.to_owned())
}

fn position_number(node: Node<'_>) -> Option<i64> {
    node.text().parse().ok()
}

/// An identifier that must have a value.
fn identifier(node: Node<'_>) -> Result<Identifier> {
    let identifier = reference(node);
    if identifier.value.is_empty() {
        return Err(invalid(node));
    }
    Ok(identifier)
}

/// An identifier that may be empty: a reference that says nothing is no reason to refuse.
fn reference(node: Node<'_>) -> Identifier {
    let attribute = |name| node.attribute(name).map(|value| value.trim().to_owned());
    Identifier {
        value: string(node),
        agency: attribute("schemeAgencyID").unwrap_or_default(),
        agency_name: attribute("schemeAgencyName"),
        scheme: attribute("schemeID"),
        scheme_name: attribute("schemeName"),
        scheme_uri: attribute("schemeURI"),
        scheme_version: attribute("schemeVersionID"),
        data_uri: attribute("schemeDataURI"),
    }
}

fn code(node: Node<'_>) -> Code {
    let mut code = Code {
        list: node.attribute("listURI").map(str::to_owned),
        list_version: node.attribute("listVersionID").map(str::to_owned),
        ..Code::default()
    };
    for child in node.children() {
        match child.name() {
            "code" => code.code = string(child),
            "name" => code.name = optional(child),
            _ => {}
        }
    }
    code
}

fn text(node: Node<'_>) -> Text {
    Text {
        language: node
            .attribute("languageCode")
            .unwrap_or_default()
            .to_owned(),
        text: string(node),
    }
}

/// Adds a text unless it is empty.
fn add_text(texts: &mut Vec<Text>, node: Node<'_>) {
    let text = text(node);
    if !text.text.is_empty() {
        texts.push(text);
    }
}

fn link(node: Node<'_>, unread: &mut Unread) -> Link {
    let mut link = Link {
        language: node
            .attribute("languageCode")
            .unwrap_or_default()
            .to_owned(),
        ..Link::default()
    };
    for child in node.children() {
        match child.name() {
            "uri" => link.uri = string(child),
            "titel" => link.title = optional(child),
            "beschreibung" => link.description = optional(child),
            "positionDarstellung" => link.position = position_number(child),
            _ => unread.note(node, child),
        }
    }
    link
}

fn validity(node: Node<'_>, unread: &mut Unread) -> Result<Validity> {
    let mut validity = Validity::default();
    for child in node.children() {
        match child.name() {
            "beginn" => validity.from = date(child)?,
            "ende" => validity.to = date(child)?,
            "zusatz" => add_text(&mut validity.remarks, child),
            _ => unread.note(node, child),
        }
    }
    Ok(validity)
}

/// A day, with or without time and zone behind it.
fn date(node: Node<'_>) -> Result<Option<einmal_model::Date>> {
    let text = node.text();
    if text.is_empty() {
        return Ok(None);
    }
    let day = text.get(..10).ok_or_else(|| invalid(node))?;
    let rest_is_fine = text
        .get(10..)
        .is_none_or(|rest| rest.is_empty() || rest.starts_with(['T', 'Z', '+', '-']));
    match day.parse() {
        Ok(date) if rest_is_fine => Ok(Some(date)),
        _ => Err(invalid(node)),
    }
}
