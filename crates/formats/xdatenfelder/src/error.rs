//! What can be wrong with a file, with the place where it was seen.

/// Why a file was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at {path} (byte {position})")]
pub struct ReadError {
    /// What is wrong.
    pub kind: ReadErrorKind,
    /// The elements from the root down to the place, by local name: `/a/b/c`.
    pub path: String,
    /// Offset in the input, in bytes; near the place, not always exactly on it.
    pub position: u64,
}

impl ReadError {
    /// A stable word for the kind of error, for tests and statistics.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.kind.code()
    }
}

/// Kinds of errors, with the offending data cut to a harmless length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadErrorKind {
    /// Not well-formed XML.
    #[error("not well-formed: {0}")]
    NotWellFormed(String),
    /// A document type declaration: never accepted.
    #[error("document types are not accepted")]
    DocumentType,
    /// An entity other than the five of XML.
    #[error("unknown entity `{0}`")]
    UnknownEntity(String),
    /// A limit was exceeded.
    #[error("limit exceeded: {0}")]
    Limit(&'static str),
    /// The root is no message of this standard.
    #[error("`{0}` is no message of XDatenfelder 3.0.0")]
    WrongRoot(String),
    /// An element of another namespace or version.
    #[error("unknown namespace `{0}`")]
    UnknownNamespace(String),
    /// An element that the standard does not know here.
    #[error("unexpected element `{0}`")]
    UnexpectedElement(String),
    /// Text where only elements belong.
    #[error("unexpected text")]
    UnexpectedText,
    /// An element that may occur once occurs again.
    #[error("element `{0}` occurs twice")]
    Duplicate(&'static str),
    /// A mandatory element is missing or empty.
    #[error("element `{0}` is missing or empty")]
    Missing(&'static str),
    /// A value outside its closed list or form.
    #[error("`{value}` is no {what}")]
    Invalid {
        /// What was expected.
        what: &'static str,
        /// What was found, cut to 64 characters.
        value: String,
    },
}

impl ReadErrorKind {
    pub(crate) fn invalid(what: &'static str, value: &str) -> Self {
        Self::Invalid {
            what,
            value: cut(value),
        }
    }

    const fn code(&self) -> &'static str {
        match self {
            Self::NotWellFormed(_) => "not_well_formed",
            Self::DocumentType => "document_type",
            Self::UnknownEntity(_) => "unknown_entity",
            Self::Limit(_) => "limit",
            Self::WrongRoot(_) => "wrong_root",
            Self::UnknownNamespace(_) => "unknown_namespace",
            Self::UnexpectedElement(_) => "unexpected_element",
            Self::UnexpectedText => "unexpected_text",
            Self::Duplicate(_) => "duplicate",
            Self::Missing(_) => "missing",
            Self::Invalid { .. } => "invalid",
        }
    }
}

pub(crate) fn cut(text: &str) -> String {
    text.chars().take(64).collect()
}
