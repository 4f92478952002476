//! Reasons for a rejection in the form that FIT-Connect gives them (reject-submission).

/// Kinds of problem (`https://schema.fitko.de/fit-connect/events/problems/…`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProblemType {
    /// A part cannot be decrypted with the key it names.
    Encryption,
    /// A part is not what its media type says.
    Syntax,
    /// The metadata do not name their schema.
    MissingSchema,
    /// A part does not fit its schema.
    SchemaViolation,
    /// A version of the metadata that this receiver does not read.
    UnsupportedSchema,
    /// The service is not offered at this destination.
    UnsupportedService,
    /// Metadata and submission name different services.
    ServiceMismatch,
    /// Announced attachments and attachments in the metadata differ.
    AttachmentsMismatch,
    /// The metadata announce data that are not there.
    MissingData,
    /// The metadata announce an attachment that is not there.
    MissingAttachment,
    /// A part has another hash than the metadata say.
    HashMismatch,
    /// A part has another authentication tag than the event log says.
    AuthenticationTag,
    /// The event log does not hold together.
    EventLog,
    /// The event log has no or several submit events.
    SubmitEvent,
    /// Something else: also the reason that staff give.
    Other,
}

impl ProblemType {
    /// All kinds.
    pub const ALL: [Self; 15] = [
        Self::Encryption,
        Self::Syntax,
        Self::MissingSchema,
        Self::SchemaViolation,
        Self::UnsupportedSchema,
        Self::UnsupportedService,
        Self::ServiceMismatch,
        Self::AttachmentsMismatch,
        Self::MissingData,
        Self::MissingAttachment,
        Self::HashMismatch,
        Self::AuthenticationTag,
        Self::EventLog,
        Self::SubmitEvent,
        Self::Other,
    ];

    /// The last part of the URI.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Encryption => "encryption-issue",
            Self::Syntax => "syntax-violation",
            Self::MissingSchema => "missing-schema",
            Self::SchemaViolation => "schema-violation",
            Self::UnsupportedSchema => "unsupported-schema",
            Self::UnsupportedService => "unsupported-service",
            Self::ServiceMismatch => "service-mismatch",
            Self::AttachmentsMismatch => "attachments-mismatch",
            Self::MissingData => "missing-data",
            Self::MissingAttachment => "missing-attachment",
            Self::HashMismatch => "hash-mismatch",
            Self::AuthenticationTag => "incorrect-authentication-tag",
            Self::EventLog => "invalid-event-log",
            Self::SubmitEvent => "not-exactly-one-submit-event",
            Self::Other => "other",
        }
    }

    /// The URI.
    #[must_use]
    pub fn uri(self) -> String {
        format!(
            "https://schema.fitko.de/fit-connect/events/problems/{}",
            self.code()
        )
    }

    /// One fixed sentence for the sender: partners get no internals (architecture rule 5).
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Encryption => "Ein Teil der Einreichung lässt sich nicht entschlüsseln.",
            Self::Syntax => "Ein Teil der Einreichung hat ein fehlerhaftes Format.",
            Self::MissingSchema => "Die Metadaten nennen ihr Schema nicht.",
            Self::SchemaViolation => "Die Daten passen nicht zum vereinbarten Schema.",
            Self::UnsupportedSchema => "Diese Version der Metadaten wird nicht unterstützt.",
            Self::UnsupportedService => "Diese Leistung wird hier nicht angeboten.",
            Self::ServiceMismatch => "Metadaten und Einreichung nennen verschiedene Leistungen.",
            Self::AttachmentsMismatch => {
                "Angekündigte Anlagen und Anlagen in den Metadaten stimmen nicht überein."
            }
            Self::MissingData => "Die Daten fehlen.",
            Self::MissingAttachment => "Eine Anlage fehlt.",
            Self::HashMismatch => {
                "Ein Teil der Einreichung stimmt nicht mit seinem Hashwert überein."
            }
            Self::AuthenticationTag => {
                "Ein Teil der Einreichung stimmt nicht mit dem Ereignisprotokoll überein."
            }
            Self::EventLog => "Das Ereignisprotokoll ist nicht in Ordnung.",
            Self::SubmitEvent => "Das Ereignisprotokoll enthält nicht genau eine Einreichung.",
            Self::Other => "Die Einreichung wurde zurückgewiesen.",
        }
    }

    /// The kind of a URI; [`ProblemType::Other`] for kinds we do not know.
    #[must_use]
    pub fn from_uri(uri: &str) -> Self {
        let code = uri.rsplit('/').next().unwrap_or_default();
        Self::from_code(code).unwrap_or(Self::Other)
    }

    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// One reason of a rejection, as it goes into the event log. **The event log is signed but not
/// encrypted**: the delivery service can read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectionProblem {
    /// The kind; `type` is its [`ProblemType::uri`].
    pub kind: ProblemType,
    /// A short title for this kind.
    pub title: String,
    /// What is wrong, in words.
    pub detail: String,
    /// The part concerned: `metadata`, `data`, `attachment:<id>`, `submission`.
    pub instance: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_back_as_they_are_written() {
        for kind in ProblemType::ALL {
            assert_eq!(ProblemType::from_code(kind.code()), Some(kind));
            assert!(!kind.sentence().is_empty());
        }
        assert_eq!(
            ProblemType::HashMismatch.uri(),
            "https://schema.fitko.de/fit-connect/events/problems/hash-mismatch"
        );
    }
}
