//! Why a delivery was refused, and where.

use std::fmt;

/// A place in a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// Line, counted from 1.
    pub line: u64,
    /// Byte within the line, counted from 1.
    pub column: u64,
    /// Byte from the start of the (unpacked) delivery, counted from 0.
    pub offset: u64,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// A refusal. Reading ends with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{position}: {kind}")]
pub struct ReadError {
    /// Where the reader stood; for a faulty record the start of that record.
    pub position: Position,
    /// What is wrong.
    pub kind: ReadErrorKind,
}

/// What is wrong with a delivery.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadErrorKind {
    /// The bytes could not be read, for example a broken gzip stream.
    #[error("the source cannot be read: {0}")]
    Source(String),
    /// Not well-formed XML.
    #[error("not well-formed XML: {0}")]
    NotWellFormed(String),
    /// The delivery ends before its root element does.
    #[error("the delivery ends early")]
    EndsEarly,
    /// A document type declaration; none is accepted, so that nothing outside is ever loaded.
    #[error("a document type declaration is not accepted")]
    DocumentType,
    /// A reference to an entity other than the five of XML itself.
    #[error("the entity `{0}` is not accepted")]
    Entity(String),
    /// A character that XML does not allow.
    #[error("a character that XML does not allow")]
    Character,
    /// The root element is in no known namespace of XZuFi.
    #[error("the namespace `{0}` is no XZuFi namespace")]
    Namespace(String),
    /// One of the [`crate::Limits`] was passed.
    #[error("the limit of {limit} {what} is passed")]
    Limit {
        /// What was counted.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// An element that the standard requires is missing.
    #[error("`{parent}` lacks `{element}`")]
    Missing {
        /// The element in which it should stand.
        parent: String,
        /// The missing element or attribute.
        element: &'static str,
    },
    /// An element that may stand once stands more often.
    #[error("`{parent}` has more than one `{element}`")]
    Repeated {
        /// The element in which it stands.
        parent: String,
        /// The repeated element.
        element: String,
    },
    /// A value that its type does not allow.
    #[error("`{element}` has no valid value")]
    Value {
        /// The element or attribute.
        element: String,
    },
}

impl ReadErrorKind {
    /// A short name of the kind of error, for reports and statistics.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Source(_) => "source",
            Self::NotWellFormed(_) => "not-well-formed",
            Self::EndsEarly => "ends-early",
            Self::DocumentType => "document-type",
            Self::Entity(_) => "entity",
            Self::Character => "character",
            Self::Namespace(_) => "namespace",
            Self::Limit { .. } => "limit",
            Self::Missing { .. } => "missing",
            Self::Repeated { .. } => "repeated",
            Self::Value { .. } => "value",
        }
    }
}
