//! A cursor over the XML stream: elements of the one namespace, text with limits, skipping without
//! memory.

use std::io::BufRead;

use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

use crate::error::{ReadError, ReadErrorKind, cut};
use crate::read::Limits;

pub(crate) const NAMESPACE: &str = "urn:xoev-de:fim:standard:xdatenfelder_3.0.0";

/// A start tag: local name and the attributes without a prefix.
pub(crate) struct Tag {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
}

impl Tag {
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        self.attributes
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.clone())
    }
}

pub(crate) enum Token {
    Start(Tag),
    Text(String),
    End,
    Eof,
}

pub(crate) struct Cursor<R> {
    reader: NsReader<R>,
    buffer: Vec<u8>,
    path: Vec<String>,
    limits: Limits,
    elements: usize,
}

impl<R: BufRead> Cursor<R> {
    pub(crate) fn new(input: R, limits: Limits) -> Self {
        let mut reader = NsReader::from_reader(input);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = true;
        Self {
            reader,
            buffer: Vec::new(),
            path: Vec::new(),
            limits,
            elements: 0,
        }
    }

    pub(crate) fn error(&self, kind: ReadErrorKind) -> ReadError {
        ReadError {
            kind,
            path: self
                .path
                .iter()
                .fold(String::new(), |path, name| path + "/" + name),
            position: self.reader.buffer_position(),
        }
    }

    /// The next start tag, end tag or text. `code` is accepted without namespace, as all real files
    /// have it; everything else must be in the namespace of the standard.
    pub(crate) fn next(&mut self) -> Result<Token, ReadError> {
        loop {
            self.buffer.clear();
            let outcome = self.reader.read_resolved_event_into(&mut self.buffer);
            let (namespace, event) = match outcome {
                Ok(found) => found,
                Err(error) => {
                    let kind = ReadErrorKind::NotWellFormed(cut(&error.to_string()));
                    return Err(self.error(kind));
                }
            };
            let found = match event {
                Event::Start(start) => self.limits.start(&namespace, &start).map(Token::Start),
                Event::Empty(_) => Err(ReadErrorKind::NotWellFormed(String::new())),
                Event::End(_) => Ok(Token::End),
                Event::Text(text) => {
                    let text = text.xml10_content();
                    if text.trim().is_empty() && text.len() < 4096 {
                        continue;
                    }
                    Ok(Token::Text(text.into_owned()))
                }
                Event::CData(text) => Ok(Token::Text(text.xml10_content().into_owned())),
                Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                    Ok(Some(character)) => Ok(Token::Text(character.to_string())),
                    Ok(None) => quick_xml::escape::resolve_predefined_entity(
                        reference.xml10_content().as_ref(),
                    )
                    .map(|text| Token::Text(text.to_owned()))
                    .ok_or_else(|| ReadErrorKind::UnknownEntity(cut(&reference.xml10_content()))),
                    Err(error) => Err(ReadErrorKind::NotWellFormed(cut(&error.to_string()))),
                },
                Event::DocType(_) => Err(ReadErrorKind::DocumentType),
                Event::Eof => Ok(Token::Eof),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => continue,
            };
            return match found {
                Ok(Token::Start(tag)) => {
                    self.elements += 1;
                    if self.elements > self.limits.elements {
                        return Err(self.error(ReadErrorKind::Limit("number of elements")));
                    }
                    if self.path.len() >= self.limits.depth {
                        return Err(self.error(ReadErrorKind::Limit("depth")));
                    }
                    self.path.push(tag.name.clone());
                    Ok(Token::Start(tag))
                }
                Ok(Token::End) => {
                    self.path.pop();
                    Ok(Token::End)
                }
                Ok(token) => Ok(token),
                Err(kind) => Err(self.error(kind)),
            };
        }
    }

    /// The next child of the element that is open; nothing at its end. Text between is refused.
    pub(crate) fn child(&mut self) -> Result<Option<Tag>, ReadError> {
        match self.next()? {
            Token::Start(tag) => Ok(Some(tag)),
            Token::End => Ok(None),
            Token::Text(text) if text.trim().is_empty() => self.child(),
            Token::Text(_) => Err(self.error(ReadErrorKind::UnexpectedText)),
            Token::Eof => Err(self.error(ReadErrorKind::NotWellFormed("early end".to_owned()))),
        }
    }

    /// The text of the element that is open, up to its end; without surrounding white space.
    pub(crate) fn text(&mut self) -> Result<String, ReadError> {
        let mut text = String::new();
        loop {
            match self.next()? {
                Token::Text(part) => {
                    if text.len().saturating_add(part.len()) > self.limits.text {
                        return Err(self.error(ReadErrorKind::Limit("length of a text")));
                    }
                    text.push_str(&part);
                }
                Token::End => return Ok(text.trim().to_owned()),
                Token::Start(tag) => return Err(self.unexpected(&tag)),
                Token::Eof => {
                    let kind = ReadErrorKind::NotWellFormed("early end".to_owned());
                    return Err(self.error(kind));
                }
            }
        }
    }

    /// Skips the element that is open with everything in it.
    pub(crate) fn skip(&mut self) -> Result<(), ReadError> {
        let mut open = 1_usize;
        let mut seen = 0_usize;
        while open > 0 {
            self.buffer.clear();
            let kind = match self.reader.read_event_into(&mut self.buffer) {
                Ok(Event::Start(_)) => {
                    open += 1;
                    seen += 1;
                    let too_deep = self.path.len().saturating_add(open) > self.limits.depth;
                    if !too_deep && seen <= self.limits.elements {
                        continue;
                    }
                    ReadErrorKind::Limit("depth or number of skipped elements")
                }
                Ok(Event::End(_)) => {
                    open -= 1;
                    continue;
                }
                Ok(Event::DocType(_)) => ReadErrorKind::DocumentType,
                Ok(Event::Eof) => ReadErrorKind::NotWellFormed("early end".to_owned()),
                Ok(_) => continue,
                Err(error) => ReadErrorKind::NotWellFormed(cut(&error.to_string())),
            };
            return Err(self.error(kind));
        }
        self.path.pop();
        Ok(())
    }

    pub(crate) fn unexpected(&self, tag: &Tag) -> ReadError {
        self.error(ReadErrorKind::UnexpectedElement(cut(&tag.name)))
    }
}

impl Limits {
    fn start(
        self,
        namespace: &ResolveResult<'_>,
        start: &BytesStart<'_>,
    ) -> Result<Tag, ReadErrorKind> {
        let name = start.local_name().into_inner();
        match namespace {
            ResolveResult::Bound(bound) if bound.into_inner() == NAMESPACE => {}
            ResolveResult::Unbound if name == "code" => {}
            ResolveResult::Bound(bound) => {
                return Err(ReadErrorKind::UnknownNamespace(cut(bound.into_inner())));
            }
            ResolveResult::Unbound if start.name().into_inner().contains(':') => {
                return Err(ReadErrorKind::UnknownNamespace(String::new()));
            }
            ResolveResult::Unbound => return Err(ReadErrorKind::WrongRoot(cut(name))),
            ResolveResult::Unknown(prefix) => {
                return Err(ReadErrorKind::UnknownNamespace(cut(prefix)));
            }
        }
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute =
                attribute.map_err(|error| ReadErrorKind::NotWellFormed(cut(&error.to_string())))?;
            if attributes.len() >= self.attributes {
                return Err(ReadErrorKind::Limit("number of attributes"));
            }
            let key = attribute.key.into_inner();
            if key.contains(':') || key == "xmlns" {
                continue;
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| ReadErrorKind::NotWellFormed(cut(&error.to_string())))?;
            if value.len() > self.text {
                return Err(ReadErrorKind::Limit("length of an attribute"));
            }
            attributes.push((key.to_owned(), value.into_owned()));
        }
        Ok(Tag {
            name: name.to_owned(),
            attributes,
        })
    }
}
