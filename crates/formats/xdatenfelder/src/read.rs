//! The reader: one function per kind of element, recursive over groups.

use std::io::BufRead;

use crate::cursor::{Cursor, Tag, Token};
use crate::error::{ReadError, ReadErrorKind, cut};
use crate::model::{
    Base, Change, CodeListReference, Constraints, DataType, Document, Element, ElementKind, Field,
    FieldKind, Group, Identifier, Keyword, Multiplicity, Number, Position, Prefill, Reference,
    Rule, RuleKind, Schema, Status, Value,
};

/// Limits of the reader. The defaults leave room for ten times the largest published schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a whole message.
    pub bytes: u64,
    /// Depth of elements.
    pub depth: usize,
    /// Elements that are read, and elements in one skipped part.
    pub elements: usize,
    /// Attributes of one element.
    pub attributes: usize,
    /// Bytes of one text or attribute.
    pub text: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            depth: 100,
            elements: 1_000_000,
            attributes: 32,
            text: 1 << 20,
        }
    }
}

/// Reads one message: schema, group or field.
///
/// # Errors
/// [`ReadError`] with the path to the place when the bytes are no such message.
pub fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    read_with(bytes, Limits::default())
}

/// Reads a schema; other messages are refused.
///
/// # Errors
/// As [`read`].
pub fn read_schema(bytes: &[u8]) -> Result<Schema, ReadError> {
    match read(bytes)? {
        Document::Schema(schema) => Ok(*schema),
        Document::Group(_) | Document::Field(_) => Err(ReadError {
            kind: ReadErrorKind::WrongRoot("group or field instead of schema".to_owned()),
            path: String::new(),
            position: 0,
        }),
    }
}

/// Reads one message from a stream under the given limits.
///
/// # Errors
/// As [`read`]; a broken stream is reported as not well-formed.
pub fn read_with(input: impl BufRead, limits: Limits) -> Result<Document, ReadError> {
    // One byte more than allowed tells a message that is too long from one that just fits.
    let mut limited = input.take(limits.bytes.saturating_add(1));
    let outcome = message(&mut Cursor::new(&mut limited, limits));
    if limited.limit() == 0 {
        return Err(ReadError {
            kind: ReadErrorKind::Limit("length of the message"),
            path: String::new(),
            position: limits.bytes,
        });
    }
    outcome
}

fn message<R: BufRead>(cursor: &mut Cursor<R>) -> Result<Document, ReadError> {
    let root = match cursor.next()? {
        Token::Start(tag) => tag,
        Token::Eof => return Err(cursor.error(ReadErrorKind::Missing("root element"))),
        Token::Text(_) | Token::End => return Err(cursor.error(ReadErrorKind::UnexpectedText)),
    };
    let content = match root.name.as_str() {
        "xdatenfelder.stammdatenschema.0102" => "stammdatenschema",
        "xdatenfelder.datenfeldgruppe.0103" => "datenfeldgruppe",
        "xdatenfelder.datenfeld.0104" => "datenfeld",
        other => return Err(cursor.error(ReadErrorKind::WrongRoot(cut(other)))),
    };
    let mut document = None;
    while let Some(tag) = cursor.child()? {
        match tag.name.as_str() {
            "header" => cursor.skip()?,
            name if name == content && document.is_none() => {
                document = Some(match content {
                    "stammdatenschema" => Document::Schema(Box::new(schema(cursor)?)),
                    "datenfeldgruppe" => Document::Group(Box::new(group(cursor)?)),
                    _ => Document::Field(Box::new(field(cursor)?)),
                });
            }
            _ => return Err(cursor.unexpected(&tag)),
        }
    }
    let document = document.ok_or_else(|| cursor.error(ReadErrorKind::Missing("content")))?;
    match cursor.next()? {
        Token::Eof => Ok(document),
        Token::Start(_) | Token::Text(_) | Token::End => {
            Err(cursor.error(ReadErrorKind::UnexpectedText))
        }
    }
}

/// Remembers which elements that may occur once were seen with content. Real files repeat empty
/// elements; an empty element counts as absent.
#[derive(Default)]
struct Once(Vec<&'static str>);

impl Once {
    fn text<R: BufRead>(
        &mut self,
        cursor: &mut Cursor<R>,
        name: &'static str,
        target: &mut Option<String>,
    ) -> Result<(), ReadError> {
        let text = cursor.text()?;
        if !text.is_empty() {
            self.mark(cursor, name)?;
            *target = Some(text);
        }
        Ok(())
    }

    fn mark<R: BufRead>(
        &mut self,
        cursor: &Cursor<R>,
        name: &'static str,
    ) -> Result<(), ReadError> {
        if self.0.contains(&name) {
            return Err(cursor.error(ReadErrorKind::Duplicate(name)));
        }
        self.0.push(name);
        Ok(())
    }
}

fn required<R, T>(cursor: &Cursor<R>, value: Option<T>, name: &'static str) -> Result<T, ReadError>
where
    R: BufRead,
{
    value.ok_or_else(|| cursor.error(ReadErrorKind::Missing(name)))
}

/// Reads the child `code` of a code-typed element.
fn code<R: BufRead, T>(
    cursor: &mut Cursor<R>,
    what: &'static str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, ReadError> {
    let mut found = None;
    while let Some(tag) = cursor.child()? {
        if tag.name != "code" {
            return Err(cursor.unexpected(&tag));
        }
        let text = cursor.text()?;
        if found.is_some() {
            return Err(cursor.error(ReadErrorKind::Duplicate("code")));
        }
        let value =
            parse(&text).ok_or_else(|| cursor.error(ReadErrorKind::invalid(what, &text)))?;
        found = Some(value);
    }
    Ok(found)
}

fn identifier<R: BufRead>(
    cursor: &mut Cursor<R>,
    letters: &[char],
    what: &'static str,
) -> Result<Identifier, ReadError> {
    let (mut id, mut version) = (None, None);
    while let Some(tag) = cursor.child()? {
        let text = match tag.name.as_str() {
            "id" | "version" => cursor.text()?,
            _ => return Err(cursor.unexpected(&tag)),
        };
        let (target, name) = if tag.name == "id" {
            (&mut id, "id")
        } else {
            (&mut version, "version")
        };
        if target.is_some() {
            return Err(cursor.error(ReadErrorKind::Duplicate(name)));
        }
        *target = Some(text);
    }
    let id = required(cursor, id.filter(|id| !id.is_empty()), "id")?;
    let mut characters = id.chars();
    let letter_fits = characters.next().is_some_and(|c| letters.contains(&c));
    let digits = characters.as_str();
    let digits_fit = (1..=20).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if !letter_fits || !digits_fit {
        return Err(cursor.error(ReadErrorKind::invalid(what, &id)));
    }
    Ok(Identifier {
        id,
        version: version.filter(|version| !version.is_empty()),
    })
}

fn reference<R: BufRead>(
    cursor: &mut Cursor<R>,
    tag: &Tag,
    list: &mut Vec<Reference>,
) -> Result<(), ReadError> {
    let (text, link) = (cursor.text()?, tag.attribute("link"));
    if !text.is_empty() || link.is_some() {
        list.push(Reference { text, link });
    }
    Ok(())
}

/// Handles the elements common to schema, group and field; false when the element is another.
fn base<R: BufRead>(
    cursor: &mut Cursor<R>,
    tag: &Tag,
    base: &mut Base,
    once: &mut Once,
    letter: char,
) -> Result<bool, ReadError> {
    match tag.name.as_str() {
        "identifikation" => {
            once.mark(cursor, "identifikation")?;
            base.identifier = identifier(cursor, &[letter], "id of this element")?;
        }
        "name" => {
            let mut name = None;
            once.text(cursor, "name", &mut name)?;
            base.name = name.unwrap_or_default();
        }
        "beschreibung" => once.text(cursor, "beschreibung", &mut base.description)?,
        "definition" => once.text(cursor, "definition", &mut base.definition)?,
        "bezug" => reference(cursor, tag, &mut base.references)?,
        "freigabestatus" => {
            once.mark(cursor, "freigabestatus")?;
            base.status = code(cursor, Status::WHAT, Status::from_code)?;
        }
        "statusGesetztAm" => once.text(cursor, "statusGesetztAm", &mut base.status_set_at)?,
        "statusGesetztDurch" => once.text(cursor, "statusGesetztDurch", &mut base.status_set_by)?,
        "gueltigAb" => once.text(cursor, "gueltigAb", &mut base.valid_from)?,
        "gueltigBis" => once.text(cursor, "gueltigBis", &mut base.valid_until)?,
        "versionshinweis" => once.text(cursor, "versionshinweis", &mut base.version_note)?,
        "veroeffentlichungsdatum" => {
            once.text(cursor, "veroeffentlichungsdatum", &mut base.published_at)?;
        }
        "letzteAenderung" => once.text(cursor, "letzteAenderung", &mut base.last_change)?,
        "relation" => {
            cursor.skip()?;
            base.relations = base.relations.saturating_add(1);
        }
        "stichwort" => {
            let (text, uri) = (cursor.text()?, tag.attribute("uri"));
            if !text.is_empty() {
                base.keywords.push(Keyword { text, uri });
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn check_base<R: BufRead>(cursor: &Cursor<R>, base: &Base) -> Result<(), ReadError> {
    if base.identifier.id.is_empty() {
        return Err(cursor.error(ReadErrorKind::Missing("identifikation")));
    }
    if base.name.is_empty() {
        return Err(cursor.error(ReadErrorKind::Missing("name")));
    }
    Ok(())
}

fn schema<R: BufRead>(cursor: &mut Cursor<R>) -> Result<Schema, ReadError> {
    let mut once = Once::default();
    let mut common = Base::default();
    let (mut title, mut help, mut document_profile) = (None, None, None);
    let (mut structure_changes, mut presentation_changes) = (None, None);
    let (mut rules, mut structure) = (Vec::new(), Vec::new());
    while let Some(tag) = cursor.child()? {
        if base(cursor, &tag, &mut common, &mut once, 'S')? {
            continue;
        }
        match tag.name.as_str() {
            "bezeichnung" => once.text(cursor, "bezeichnung", &mut title)?,
            "hilfetext" => once.text(cursor, "hilfetext", &mut help)?,
            "ableitungsmodifikationenStruktur" => {
                once.mark(cursor, "ableitungsmodifikationenStruktur")?;
                structure_changes = code(cursor, Change::WHAT, Change::from_code)?;
            }
            "ableitungsmodifikationenRepraesentation" => {
                once.mark(cursor, "ableitungsmodifikationenRepraesentation")?;
                presentation_changes = code(cursor, Change::WHAT, Change::from_code)?;
            }
            "dokumentsteckbrief" => {
                once.mark(cursor, "dokumentsteckbrief")?;
                document_profile = Some(identifier(cursor, &['D'], "id of a document profile")?);
            }
            "regel" => rules.push(rule(cursor)?),
            "struktur" => structure.push(position(cursor)?),
            _ => return Err(cursor.unexpected(&tag)),
        }
    }
    check_base(cursor, &common)?;
    Ok(Schema {
        title: required(cursor, title, "bezeichnung")?,
        base: common,
        help,
        structure_changes,
        presentation_changes,
        document_profile,
        rules,
        structure,
    })
}

fn group<R: BufRead>(cursor: &mut Cursor<R>) -> Result<Group, ReadError> {
    let mut once = Once::default();
    let mut common = Base::default();
    let (mut label_input, mut label_output) = (None, None);
    let (mut help_input, mut help_output, mut kind) = (None, None, None);
    let mut is_choice = false;
    let (mut rules, mut structure) = (Vec::new(), Vec::new());
    while let Some(tag) = cursor.child()? {
        if base(cursor, &tag, &mut common, &mut once, 'G')? {
            continue;
        }
        match tag.name.as_str() {
            "bezeichnungEingabe" => once.text(cursor, "bezeichnungEingabe", &mut label_input)?,
            "bezeichnungAusgabe" => once.text(cursor, "bezeichnungAusgabe", &mut label_output)?,
            "hilfetextEingabe" => once.text(cursor, "hilfetextEingabe", &mut help_input)?,
            "hilfetextAusgabe" => once.text(cursor, "hilfetextAusgabe", &mut help_output)?,
            "schemaelementart" => {
                once.mark(cursor, "schemaelementart")?;
                kind = code(cursor, ElementKind::WHAT, ElementKind::from_code)?;
            }
            "art" => {
                once.mark(cursor, "art")?;
                let choice = code(cursor, "group kind", |code| (code == "X").then_some(()))?;
                is_choice = choice.is_some();
            }
            "regel" => rules.push(rule(cursor)?),
            "struktur" => structure.push(position(cursor)?),
            _ => return Err(cursor.unexpected(&tag)),
        }
    }
    check_base(cursor, &common)?;
    Ok(Group {
        label_input: label_input.unwrap_or_else(|| common.name.clone()),
        label_output: label_output.unwrap_or_else(|| common.name.clone()),
        base: common,
        kind,
        help_input,
        help_output,
        is_choice,
        rules,
        structure,
    })
}

fn position<R: BufRead>(cursor: &mut Cursor<R>) -> Result<Position, ReadError> {
    let (mut count, mut element, mut references) = (None, None, Vec::new());
    while let Some(tag) = cursor.child()? {
        match tag.name.as_str() {
            "anzahl" if count.is_some() => {
                return Err(cursor.error(ReadErrorKind::Duplicate("anzahl")));
            }
            "anzahl" => {
                let text = cursor.text()?;
                let parsed = multiplicity(&text).ok_or_else(|| {
                    cursor.error(ReadErrorKind::invalid("multiplicity `min:max`", &text))
                })?;
                count = Some(parsed);
            }
            "bezug" => reference(cursor, &tag, &mut references)?,
            "enthaelt" => {
                while let Some(inner) = cursor.child()? {
                    if element.is_some() {
                        return Err(cursor.error(ReadErrorKind::Duplicate("enthaelt")));
                    }
                    element = Some(match inner.name.as_str() {
                        "datenfeld" => Element::Field(Box::new(field(cursor)?)),
                        "datenfeldgruppe" => Element::Group(Box::new(group(cursor)?)),
                        _ => return Err(cursor.unexpected(&inner)),
                    });
                }
            }
            _ => return Err(cursor.unexpected(&tag)),
        }
    }
    Ok(Position {
        multiplicity: required(cursor, count, "anzahl")?,
        references,
        element: required(cursor, element, "enthaelt")?,
    })
}

fn multiplicity(text: &str) -> Option<Multiplicity> {
    let (min, max) = text.split_once(':')?;
    let number = |part: &str| -> Option<u32> {
        let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse().ok()).flatten()
    };
    let min = number(min)?;
    let max = match max {
        "*" => None,
        number_text => Some(number(number_text)?),
    };
    max.is_none_or(|max| max >= min)
        .then_some(Multiplicity { min, max })
}

fn field<R: BufRead>(cursor: &mut Cursor<R>) -> Result<Field, ReadError> {
    let mut once = Once::default();
    let mut common = Base::default();
    let (mut label_input, mut label_output) = (None, None);
    let (mut help_input, mut help_output, mut kind) = (None, None, None);
    let (mut field_kind, mut data_type, mut prefill) = (None, None, None);
    let (mut content, mut raw, mut code_list) = (None, RawConstraints::default(), None);
    let (mut values, mut columns, mut rules) = (Vec::new(), [None, None, None], Vec::new());
    let (mut max_size, mut media_types) = (None, Vec::new());
    while let Some(tag) = cursor.child()? {
        if base(cursor, &tag, &mut common, &mut once, 'F')? {
            continue;
        }
        let [code_column, name_column, help_column] = &mut columns;
        match tag.name.as_str() {
            "bezeichnungEingabe" => once.text(cursor, "bezeichnungEingabe", &mut label_input)?,
            "bezeichnungAusgabe" => once.text(cursor, "bezeichnungAusgabe", &mut label_output)?,
            "hilfetextEingabe" => once.text(cursor, "hilfetextEingabe", &mut help_input)?,
            "hilfetextAusgabe" => once.text(cursor, "hilfetextAusgabe", &mut help_output)?,
            "schemaelementart" => {
                once.mark(cursor, "schemaelementart")?;
                kind = code(cursor, ElementKind::WHAT, ElementKind::from_code)?;
            }
            "feldart" => {
                once.mark(cursor, "feldart")?;
                field_kind = code(cursor, FieldKind::WHAT, FieldKind::from_code)?;
            }
            "datentyp" => {
                once.mark(cursor, "datentyp")?;
                data_type = code(cursor, DataType::WHAT, DataType::from_code)?;
            }
            "vorbefuellung" => {
                once.mark(cursor, "vorbefuellung")?;
                prefill = code(cursor, Prefill::WHAT, Prefill::from_code)?;
            }
            "praezisierung" => {
                once.mark(cursor, "praezisierung")?;
                raw = RawConstraints::new(&tag, cursor.text()?);
            }
            "inhalt" => once.text(cursor, "inhalt", &mut content)?,
            "werte" => {
                once.mark(cursor, "werte")?;
                while let Some(inner) = cursor.child()? {
                    if inner.name != "wert" {
                        return Err(cursor.unexpected(&inner));
                    }
                    values.push(value(cursor)?);
                }
            }
            "codelisteReferenz" => {
                once.mark(cursor, "codelisteReferenz")?;
                code_list = code_list_reference(cursor)?;
            }
            "codeKey" => once.text(cursor, "codeKey", code_column)?,
            "nameKey" => once.text(cursor, "nameKey", name_column)?,
            "helpKey" => once.text(cursor, "helpKey", help_column)?,
            "regel" => rules.push(rule(cursor)?),
            "maxSize" => {
                let mut text = None;
                once.text(cursor, "maxSize", &mut text)?;
                max_size = match text {
                    None => None,
                    Some(text) => Some(text.parse().map_err(|_| {
                        cursor.error(ReadErrorKind::invalid("size in bytes", &text))
                    })?),
                };
            }
            "mediaType" => {
                let text = cursor.text()?;
                if !text.is_empty() {
                    media_types.push(text);
                }
            }
            _ => return Err(cursor.unexpected(&tag)),
        }
    }
    check_base(cursor, &common)?;
    let data_type = required(cursor, data_type, "datentyp")?;
    Ok(Field {
        label_input: label_input.unwrap_or_else(|| common.name.clone()),
        label_output: label_output.unwrap_or_else(|| common.name.clone()),
        base: common,
        kind,
        help_input,
        help_output,
        field_kind: required(cursor, field_kind, "feldart")?,
        data_type,
        constraints: raw
            .into_constraints(data_type)
            .map_err(|kind| cursor.error(kind))?,
        content,
        prefill,
        values,
        code_list,
        code_list_columns: columns,
        rules,
        max_size,
        media_types,
    })
}

/// The attributes of `praezisierung` before the data type is known.
#[derive(Default)]
struct RawConstraints {
    min_length: Option<String>,
    max_length: Option<String>,
    min_value: Option<String>,
    max_value: Option<String>,
    pattern: Option<String>,
    note: Option<String>,
}

impl RawConstraints {
    fn new(tag: &Tag, note: String) -> Self {
        Self {
            min_length: tag.attribute("minLength"),
            max_length: tag.attribute("maxLength"),
            min_value: tag.attribute("minValue"),
            max_value: tag.attribute("maxValue"),
            pattern: tag.attribute("pattern"),
            note: (!note.is_empty()).then_some(note),
        }
    }

    fn into_constraints(self, data_type: DataType) -> Result<Constraints, ReadErrorKind> {
        let length = |text: Option<String>| match text {
            None => Ok(None),
            Some(text) => text
                .parse()
                .map(Some)
                .map_err(|_| ReadErrorKind::invalid("length", &text)),
        };
        let mut constraints = Constraints {
            min_length: length(self.min_length)?,
            max_length: length(self.max_length)?,
            pattern: self.pattern,
            note: self.note,
            ..Constraints::default()
        };
        if matches!(
            data_type,
            DataType::Date | DataType::DateTime | DataType::Time
        ) {
            constraints.min_date = self.min_value;
            constraints.max_date = self.max_value;
        } else {
            let number = |text: Option<String>| match text {
                None => Ok(None),
                Some(text) => match Number::parse(&text) {
                    Some(number) => Ok(Some(number)),
                    None => Err(ReadErrorKind::invalid("number", &text)),
                },
            };
            constraints.min_value = number(self.min_value)?;
            constraints.max_value = number(self.max_value)?;
        }
        Ok(constraints)
    }
}

impl Number {
    /// Reads a decimal number with a dot or comma and at most six decimals that count.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let trimmed = text.trim();
        let (sign, digits) = match trimmed.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, trimmed),
        };
        let (whole, fraction) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let fits = !whole.is_empty() && whole.len() <= 24 && fraction.len() <= 24;
        if !fits || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let whole: i128 = whole.parse().ok()?;
        let six: String = fraction.chars().chain("000000".chars()).take(6).collect();
        let fraction: i128 = six.parse().ok()?;
        Some(Self {
            text: trimmed.to_owned(),
            millionths: sign * (whole * 1_000_000 + fraction),
        })
    }
}

fn value<R: BufRead>(cursor: &mut Cursor<R>) -> Result<Value, ReadError> {
    let mut once = Once::default();
    let (mut code, mut name, mut help) = (None, None, None);
    while let Some(tag) = cursor.child()? {
        match tag.name.as_str() {
            "code" => once.text(cursor, "code", &mut code)?,
            "name" => once.text(cursor, "name", &mut name)?,
            "hilfe" => once.text(cursor, "hilfe", &mut help)?,
            _ => return Err(cursor.unexpected(&tag)),
        }
    }
    Ok(Value {
        code: required(cursor, code, "code")?,
        name: required(cursor, name, "name")?,
        help,
    })
}

fn code_list_reference<R: BufRead>(
    cursor: &mut Cursor<R>,
) -> Result<Option<CodeListReference>, ReadError> {
    let mut once = Once::default();
    let (mut identification, mut version, mut version_uri) = (None, None, None);
    while let Some(tag) = cursor.child()? {
        match tag.name.as_str() {
            "canonicalIdentification" => {
                once.text(cursor, "canonicalIdentification", &mut identification)?;
            }
            "version" => once.text(cursor, "version", &mut version)?,
            "canonicalVersionUri" => {
                once.text(cursor, "canonicalVersionUri", &mut version_uri)?;
            }
            _ => return Err(cursor.unexpected(&tag)),
        }
    }
    Ok(identification.map(|identification| CodeListReference {
        identification,
        version,
        version_uri,
    }))
}

fn rule<R: BufRead>(cursor: &mut Cursor<R>) -> Result<Rule, ReadError> {
    let mut once = Once::default();
    let mut rule = Rule {
        identifier: Identifier::default(),
        name: String::new(),
        description: None,
        text: None,
        references: Vec::new(),
        author: None,
        last_change: None,
        kind: None,
        script: None,
    };
    while let Some(tag) = cursor.child()? {
        match tag.name.as_str() {
            "identifikation" => {
                once.mark(cursor, "identifikation")?;
                rule.identifier = identifier(cursor, &['R'], "id of a rule")?;
            }
            "name" => {
                let mut name = None;
                once.text(cursor, "name", &mut name)?;
                rule.name = name.unwrap_or_default();
            }
            "beschreibung" => once.text(cursor, "beschreibung", &mut rule.description)?,
            "freitextRegel" => once.text(cursor, "freitextRegel", &mut rule.text)?,
            "bezug" => reference(cursor, &tag, &mut rule.references)?,
            "fachlicherErsteller" => once.text(cursor, "fachlicherErsteller", &mut rule.author)?,
            "letzteAenderung" => once.text(cursor, "letzteAenderung", &mut rule.last_change)?,
            "typ" => {
                once.mark(cursor, "typ")?;
                rule.kind = code(cursor, RuleKind::WHAT, RuleKind::from_code)?;
            }
            "script" | "skript" => once.text(cursor, "script", &mut rule.script)?,
            // Published examples disagree on the shape of these; nothing of ours reads them.
            "stichwort" | "param" | "ziel" | "fehler" => cursor.skip()?,
            _ => return Err(cursor.unexpected(&tag)),
        }
    }
    if rule.identifier.id.is_empty() {
        return Err(cursor.error(ReadErrorKind::Missing("identifikation")));
    }
    Ok(rule)
}
