//! The cursor over a delivery: XML events in, records out.

use std::collections::BTreeMap;
use std::io::BufRead;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use crate::map::{self, Unread};
use crate::source::{OverBudget, Source};
use crate::tree::{Space, Tree, limit};
use crate::{Class, Header, Identifier, Limits, Object, Position, ReadError, ReadErrorKind};

/// The version of the standard, taken from the namespace of the root element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// `…/xzufi/2_1_0`
    V2_1,
    /// `…/xzufi/2_2_0`
    V2_2,
    /// `…/xzufi/2_3_0` and later 2.3; read as far as the shape is that of 2.2.
    V2_3,
}

impl Version {
    const BASE: &'static str = "http://xoev.de/schemata/xzufi/";

    fn of_namespace(namespace: &str) -> Option<Self> {
        match namespace.strip_prefix(Self::BASE)? {
            "2_1_0" => Some(Self::V2_1),
            "2_2_0" => Some(Self::V2_2),
            version if version.starts_with("2_3_") => Some(Self::V2_3),
            _ => None,
        }
    }
}

/// One step of a delivery, in the order of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// The head of the message.
    Header(Header),
    /// An object is written; it replaces the one with the same identity as a whole (schreibe).
    Write(Object),
    /// An object is deleted (loesche); one that is not there is nothing special.
    Delete {
        /// The kind of object.
        class: Class,
        /// Its identifier.
        id: Identifier,
    },
    /// Something that this reader does not know. It is skipped; the records around it count.
    Unknown {
        /// Name of the element, or of the class of a deletion.
        name: String,
        /// Where it begins.
        position: Position,
    },
}

/// A delivery as an iterator over its entries. After an error it ends.
#[derive(Debug)]
pub struct Delivery<R> {
    xml: NsReader<Source<R>>,
    limits: Limits,
    version: Option<Version>,
    state: State,
    tree: Tree,
    buffer: Vec<u8>,
    records: u64,
    header: Header,
    unread: Unread,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    BeforeRoot,
    Inside,
    AfterRoot,
    Finished,
}

/// What one XML event means for the cursor.
enum Step {
    /// Go on.
    Continue,
    /// A record is complete in the tree.
    Record,
    /// The root element has been read.
    Root(Header),
    /// End of the source.
    End,
}

impl<R: BufRead> Delivery<R> {
    /// Reads with the default limits.
    pub fn new(source: R) -> Self {
        Self::with_limits(source, Limits::default())
    }

    /// Reads with limits of the caller's own.
    pub fn with_limits(source: R, limits: Limits) -> Self {
        let mut xml = NsReader::from_reader(Source::new(source, limits.text));
        let config = xml.config_mut();
        config.check_end_names = true;
        config.allow_dangling_amp = false;
        config.allow_unmatched_ends = false;
        Self {
            xml,
            limits,
            version: None,
            state: State::BeforeRoot,
            tree: Tree::default(),
            buffer: Vec::new(),
            records: 0,
            header: Header::default(),
            unread: Unread::default(),
        }
    }

    /// The version of the standard; known once the first entry has been read.
    #[must_use]
    pub const fn version(&self) -> Option<Version> {
        self.version
    }

    /// Elements that were not understood, `parent/child` with their number. At most 500 names.
    #[must_use]
    pub const fn unread(&self) -> &BTreeMap<String, u64> {
        self.unread.names()
    }

    /// Where the reader stands.
    #[must_use]
    pub fn position(&mut self) -> Position {
        self.xml.get_mut().position()
    }

    fn next_entry(&mut self) -> Result<Option<Entry>, ReadError> {
        let mut begin = self.position();
        loop {
            if self.tree.is_empty() {
                begin = self.position();
            }
            let step = self.step().map_err(|kind| ReadError {
                position: self.position(),
                kind,
            })?;
            match step {
                Step::Continue => {}
                Step::End => return Ok(None),
                Step::Root(header) => self.header = header,
                Step::Record => {
                    let entry = self.record(begin).map_err(|kind| ReadError {
                        position: begin,
                        kind,
                    })?;
                    self.tree.clear();
                    if let Some(entry) = entry {
                        return Ok(Some(entry));
                    }
                }
            }
        }
    }

    fn record(&mut self, position: Position) -> Result<Option<Entry>, ReadErrorKind> {
        self.records += 1;
        if self.records > self.limits.records {
            return Err(ReadErrorKind::Limit {
                what: "records in one delivery",
                limit: self.limits.records,
            });
        }
        let Some(node) = self.tree.root() else {
            return Ok(None);
        };
        map::entry(node, position, &self.header, &mut self.unread)
    }

    fn step(&mut self) -> Result<Step, ReadErrorKind> {
        self.buffer.clear();
        self.xml.get_mut().refill();
        let event = match self.xml.read_event_into(&mut self.buffer) {
            Ok(event) => event,
            Err(error) => return Err(xml_error(&error, &self.limits)),
        };
        match event {
            Event::Start(start) => {
                let inside = self.state == State::Inside;
                let header = open(
                    &start,
                    &self.xml,
                    &mut self.tree,
                    &mut self.version,
                    self.state,
                    &self.limits,
                )?;
                self.state = State::Inside;
                Ok(if inside {
                    Step::Continue
                } else {
                    Step::Root(header)
                })
            }
            Event::Empty(start) => {
                let inside = self.state == State::Inside;
                let header = open(
                    &start,
                    &self.xml,
                    &mut self.tree,
                    &mut self.version,
                    self.state,
                    &self.limits,
                )?;
                if !inside {
                    self.state = State::AfterRoot;
                    return Ok(Step::Root(header));
                }
                self.tree.close();
                Ok(if self.tree.depth() == 0 {
                    Step::Record
                } else {
                    Step::Continue
                })
            }
            Event::End(_) => {
                if self.tree.depth() == 0 {
                    self.state = State::AfterRoot;
                    return Ok(Step::Continue);
                }
                self.tree.close();
                Ok(if self.tree.depth() == 0 {
                    Step::Record
                } else {
                    Step::Continue
                })
            }
            Event::Text(text) => {
                let content = text.xml10_content();
                text_of(&mut self.tree, self.state, &content, &self.limits)
            }
            Event::CData(data) => {
                let content = data.xml10_content();
                text_of(&mut self.tree, self.state, &content, &self.limits)
            }
            Event::GeneralRef(reference) => {
                let resolved = match reference.resolve_char_ref() {
                    Ok(Some(character)) => character,
                    Ok(None) => predefined(&reference)
                        .ok_or_else(|| ReadErrorKind::Entity(shorten(&reference)))?,
                    Err(_) => return Err(ReadErrorKind::Character),
                };
                let mut bytes = [0_u8; 4];
                let content = resolved.encode_utf8(&mut bytes);
                if self.state != State::Inside {
                    return Err(outside());
                }
                text_of(&mut self.tree, self.state, content, &self.limits)
            }
            Event::DocType(_) => Err(ReadErrorKind::DocumentType),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => Ok(Step::Continue),
            Event::Eof => match self.state {
                State::AfterRoot => Ok(Step::End),
                _ => Err(ReadErrorKind::EndsEarly),
            },
        }
    }
}

impl<R: BufRead> Iterator for Delivery<R> {
    type Item = Result<Entry, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state == State::Finished {
            return None;
        }
        match self.next_entry() {
            Ok(Some(entry)) => Some(Ok(entry)),
            Ok(None) => {
                self.state = State::Finished;
                None
            }
            Err(error) => {
                self.state = State::Finished;
                Some(Err(error))
            }
        }
    }
}

/// Puts an element into the tree, or checks the root element.
fn open<R: BufRead>(
    start: &BytesStart<'_>,
    xml: &NsReader<Source<R>>,
    tree: &mut Tree,
    version: &mut Option<Version>,
    state: State,
    limits: &Limits,
) -> Result<Header, ReadErrorKind> {
    let (space, local) = xml.resolver().resolve_element(start.name());
    let mut header = Header::default();
    match state {
        State::Inside => {
            let space = match space {
                ResolveResult::Bound(namespace)
                    if Version::of_namespace(namespace.0) == *version =>
                {
                    Space::Xzufi
                }
                ResolveResult::Bound(_) => Space::Foreign,
                ResolveResult::Unbound => Space::None,
                ResolveResult::Unknown(_) => return Err(unbound_prefix()),
            };
            if tree.depth() + 1 >= limits.depth {
                return Err(limit("levels of elements", limits.depth));
            }
            tree.open(local.as_ref(), space, limits)?;
        }
        State::BeforeRoot => {
            let namespace = match space {
                ResolveResult::Bound(namespace) => namespace.0,
                ResolveResult::Unbound => "",
                ResolveResult::Unknown(_) => return Err(unbound_prefix()),
            };
            *version = Version::of_namespace(namespace);
            if version.is_none() {
                return Err(ReadErrorKind::Namespace(shorten(namespace)));
            }
        }
        State::AfterRoot | State::Finished => return Err(outside()),
    }
    let mut count = 0;
    for attribute in start.attributes() {
        count += 1;
        if count > limits.attributes {
            return Err(limit("attributes of one element", limits.attributes));
        }
        let attribute =
            attribute.map_err(|error| ReadErrorKind::NotWellFormed(shorten(&error.to_string())))?;
        if attribute.key.as_namespace_binding().is_some() {
            continue;
        }
        let value = attribute
            .normalized_value(XmlVersion::Explicit1_0)
            .map_err(|error| ReadErrorKind::NotWellFormed(shorten(&error.to_string())))?;
        check_characters(&value)?;
        let name = attribute.key.local_name();
        if state == State::Inside {
            tree.attribute(name.as_ref(), &value, limits)?;
        } else if name.as_ref() == "produktbezeichnung" {
            header.product = Some(value.into_owned());
        } else if name.as_ref() == "xzufiVersion" {
            header.version = Some(value.into_owned());
        }
    }
    Ok(header)
}

fn text_of(
    tree: &mut Tree,
    state: State,
    text: &str,
    limits: &Limits,
) -> Result<Step, ReadErrorKind> {
    check_characters(text)?;
    if state == State::Inside {
        tree.text(text, limits)?;
    } else if !text.trim_start_matches('\u{feff}').trim().is_empty() {
        return Err(outside());
    }
    Ok(Step::Continue)
}

/// XML 1.0 § 2.2: no control characters but tab and line ends, no U+FFFE and U+FFFF.
fn check_characters(text: &str) -> Result<(), ReadErrorKind> {
    let control = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    let unusual = text.bytes().any(|byte| control(byte) || byte == 0xef);
    if unusual
        && text
            .chars()
            .any(|c| matches!(c, '\u{fffe}' | '\u{ffff}') || (c < '\u{20}' && control(c as u8)))
    {
        return Err(ReadErrorKind::Character);
    }
    Ok(())
}

fn predefined(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => None,
    }
}

fn xml_error(error: &quick_xml::Error, limits: &Limits) -> ReadErrorKind {
    match error {
        quick_xml::Error::Io(io) => {
            if io
                .get_ref()
                .is_some_and(<dyn std::error::Error + Send + Sync>::is::<OverBudget>)
            {
                limit("bytes in one text or tag", limits.text)
            } else {
                ReadErrorKind::Source(shorten(&io.to_string()))
            }
        }
        quick_xml::Error::Escape(_) => ReadErrorKind::Character,
        other => ReadErrorKind::NotWellFormed(shorten(&other.to_string())),
    }
}

fn outside() -> ReadErrorKind {
    ReadErrorKind::NotWellFormed("content outside the root element".to_owned())
}

fn unbound_prefix() -> ReadErrorKind {
    ReadErrorKind::NotWellFormed("a prefix without namespace".to_owned())
}

/// Foreign text in messages is cut: an error must not carry a megabyte.
fn shorten(text: &str) -> String {
    text.chars().take(120).collect()
}
