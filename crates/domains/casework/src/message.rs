//! Checks a decrypted submission against its metadata (FIT-Connect metadata 2.x) and its form.
//! Pure functions of bytes.

use std::collections::BTreeSet;

use aws_lc_rs::digest;
use einmal_jose::strict;
use einmal_model::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::CaseworkError;
use crate::ids::AttachmentId;
use crate::origins;
use crate::port::{FetchFailure, ReceivedSubmission};
use crate::problem::ProblemType;
use crate::service::Schemas;

/// Numbers and names from outside are cut to this many characters before they are stored.
const MAX_TEXT: usize = 200;
/// How many violations the cause names.
const SHOWN_VIOLATIONS: usize = 5;

/// A submission that may become a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Checked {
    /// Number that the sender gave it.
    pub(crate) reference: Option<String>,
    /// Day of the application.
    pub(crate) application_date: Option<Date>,
    /// Address of the form's schema.
    pub(crate) schema_uri: Option<String>,
    /// Title of the form, when we know it.
    pub(crate) title: Option<String>,
    /// The attachments in the order of the metadata, with their place in the submission's list.
    pub(crate) attachments: Vec<(usize, AttachmentId, AttachmentAbout)>,
}

/// What the sender says about an attachment. Stored sealed: file names name people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AttachmentAbout {
    pub(crate) filename: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) purpose: String,
    pub(crate) mime_type: String,
}

impl AttachmentAbout {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, CaseworkError> {
        serde_json::from_slice(bytes).map_err(|_| CaseworkError::Stored("attachment"))
    }

    /// The file name without folders and control characters.
    pub(crate) fn name(&self) -> String {
        let name = self.filename.as_deref().unwrap_or_default();
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let name: String = name.chars().filter(|c| !c.is_control()).collect();
        match name.trim() {
            "" | "." | ".." => "Anlage".to_owned(),
            name => name.to_owned(),
        }
    }

    pub(crate) fn holds_origins(&self) -> bool {
        self.is_technical() && self.filename.as_deref() == Some(origins::FILE_NAME)
    }

    /// A data set, not a document for people.
    pub(crate) fn is_technical(&self) -> bool {
        self.purpose == "data"
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    content_structure: ContentStructure,
    additional_reference_info: Option<ReferenceInfo>,
}

#[derive(Deserialize)]
struct ContentStructure {
    data: DataEntry,
    attachments: Vec<AttachmentEntry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DataEntry {
    hash: Hash,
    submission_schema: SubmissionSchema,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SubmissionSchema {
    schema_uri: String,
    mime_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AttachmentEntry {
    attachment_id: AttachmentId,
    hash: Hash,
    purpose: String,
    mime_type: String,
    filename: Option<String>,
    description: Option<String>,
    #[serde(default)]
    fragments: Vec<Value>,
}

#[derive(Deserialize)]
struct Hash {
    #[serde(rename = "type")]
    kind: String,
    content: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReferenceInfo {
    sender_reference: Option<String>,
    application_date: Option<String>,
}

/// Why a submission is not accepted; causes are plain words without values of the content.
fn refuse(kind: ProblemType, instance: &str, cause: impl Into<String>) -> FetchFailure {
    FetchFailure::Unacceptable {
        problem_type: kind,
        instance: instance.to_owned(),
        cause: cause.into(),
    }
}

/// Checks metadata, hashes and form.
pub(crate) fn check(
    submission: &ReceivedSubmission,
    schemas: &Schemas,
) -> Result<Checked, FetchFailure> {
    let metadata = read_metadata(&submission.metadata)?;
    let entry = &metadata.content_structure.data;
    let Some(data) = &submission.data else {
        return Err(refuse(
            ProblemType::MissingData,
            "data",
            "die Metadaten kündigen Daten an, die Einreichung hat keine",
        ));
    };
    check_hash(&entry.hash, data, "data")?;
    let attachments = check_attachments(&metadata.content_structure.attachments, submission)?;
    let form = &entry.submission_schema;
    let schema = schemas
        .get(&form.schema_uri)
        .filter(|_| is_json(&form.mime_type));
    if let Some(schema) = schema {
        let data = read_data(data)?;
        let violations = einmal_xdatenfelder::validate(schema, &data);
        if !violations.is_empty() {
            let shown: Vec<String> = violations
                .iter()
                .take(SHOWN_VIOLATIONS)
                .map(ToString::to_string)
                .collect();
            let count = violations.len();
            let cause = format!(
                "{count} Abweichungen vom Schema {}: {}",
                schema.base.identifier.id,
                shown.join("; ")
            );
            return Err(refuse(ProblemType::SchemaViolation, "data", cause));
        }
    }
    let info = metadata.additional_reference_info;
    let (reference, date) = info.map_or((None, None), |info| {
        (info.sender_reference, info.application_date)
    });
    Ok(Checked {
        reference: reference.and_then(|text| one_line(&text)),
        application_date: date.and_then(|date| date.parse().ok()),
        schema_uri: one_line(&form.schema_uri),
        title: schema.map(|schema| schema.title.clone()),
        attachments,
    })
}

fn read_metadata(bytes: &[u8]) -> Result<Metadata, FetchFailure> {
    let metadata =
        strict::object(bytes).map_err(|error| refuse(ProblemType::Syntax, "metadata", error))?;
    let version = match metadata.get("$schema") {
        Some(Value::String(uri)) => uri
            .strip_prefix("https://schema.fitko.de/fit-connect/metadata/")
            .and_then(|rest| rest.strip_suffix("/metadata.schema.json")),
        _ => {
            let cause = "die Metadaten nennen ihr Schema nicht";
            return Err(refuse(ProblemType::MissingSchema, "metadata", cause));
        }
    };
    if !version.is_some_and(|version| version.starts_with("2.")) {
        let cause = "gelesen werden nur Metadaten der Version 2";
        return Err(refuse(ProblemType::UnsupportedSchema, "metadata", cause));
    }
    // The error of the JSON reader names members and types, and may quote short values of the
    // metadata; it is stored sealed like the metadata.
    serde_json::from_value(Value::Object(metadata))
        .map_err(|error| refuse(ProblemType::SchemaViolation, "metadata", error.to_string()))
}

fn check_attachments(
    entries: &[AttachmentEntry],
    submission: &ReceivedSubmission,
) -> Result<Vec<(usize, AttachmentId, AttachmentAbout)>, FetchFailure> {
    let mut seen = BTreeSet::new();
    let mut attachments = Vec::with_capacity(entries.len());
    for entry in entries {
        let instance = format!("attachment:{}", entry.attachment_id);
        if !seen.insert(entry.attachment_id) {
            let cause = "die Metadaten nennen die Anlage zweimal";
            return Err(refuse(ProblemType::AttachmentsMismatch, &instance, cause));
        }
        if !entry.fragments.is_empty() {
            let cause = "zerlegte Anlagen werden noch nicht gelesen";
            return Err(refuse(ProblemType::Other, &instance, cause));
        }
        let found = submission
            .attachments
            .iter()
            .enumerate()
            .find(|(_, (id, _))| *id == entry.attachment_id);
        let Some((place, (_, content))) = found else {
            let cause = "die Metadaten nennen eine Anlage, die die Einreichung nicht hat";
            return Err(refuse(ProblemType::MissingAttachment, &instance, cause));
        };
        check_hash(&entry.hash, content, &instance)?;
        let about = AttachmentAbout {
            filename: entry.filename.as_deref().and_then(one_line),
            description: entry.description.as_deref().and_then(one_line),
            purpose: cut(&entry.purpose),
            mime_type: cut(&entry.mime_type),
        };
        attachments.push((place, entry.attachment_id, about));
    }
    if submission.attachments.len() != attachments.len() {
        let cause = "die Einreichung hat eine Anlage, die die Metadaten nicht nennen";
        let kind = ProblemType::AttachmentsMismatch;
        return Err(refuse(kind, "submission", cause));
    }
    Ok(attachments)
}

fn check_hash(hash: &Hash, bytes: &[u8], instance: &str) -> Result<(), FetchFailure> {
    if hash.kind != "sha512" {
        let cause = "die Metadaten nennen ein anderes Hashverfahren als SHA-512";
        return Err(refuse(ProblemType::SchemaViolation, instance, cause));
    }
    if hash.content == sha512_hex(bytes) {
        return Ok(());
    }
    let cause = "der Hashwert in den Metadaten ist ein anderer als der des Inhalts";
    Err(refuse(ProblemType::HashMismatch, instance, cause))
}

/// The data as JSON; names no value.
fn read_data(bytes: &[u8]) -> Result<Value, FetchFailure> {
    strict::object(bytes)
        .map(Value::Object)
        .map_err(|error| refuse(ProblemType::Syntax, "data", error))
}

pub(crate) fn sha512_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let hash = digest::digest(&digest::SHA512, bytes);
    hash.as_ref()
        .iter()
        .fold(String::with_capacity(128), |mut text, byte| {
            // Writing into a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

fn is_json(mime_type: &str) -> bool {
    mime_type.eq_ignore_ascii_case("application/json")
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_TEXT).collect()
}

/// Short, without control characters; nothing when nothing is left.
fn one_line(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    let text = cut(text.trim());
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use einmal_model::Instant;
    use proptest::prelude::*;

    fn submission(metadata: Vec<u8>, data: Option<Vec<u8>>) -> ReceivedSubmission {
        let id = einmal_model::parse_uuid("0bf6dba9-0000-4000-8000-000000000001").unwrap();
        ReceivedSubmission {
            submission_id: crate::ids::SubmissionId(id),
            case_id: crate::ids::DeliveryCaseId(id),
            submitted_at: Instant::from_micros(0),
            metadata,
            data,
            attachments: vec![(AttachmentId(id), Vec::new())],
            receipt: Vec::new(),
        }
    }

    #[test]
    fn hashes_like_the_standard() {
        // FIPS 180-4, the message "abc".
        assert!(sha512_hex(b"abc").starts_with("ddaf35a193617abacc417349ae204131"));
        assert_eq!(sha512_hex(b"abc").len(), 128);
    }

    #[test]
    fn names_are_harmless() {
        let name = |name: &str| {
            let about = AttachmentAbout {
                filename: Some(name.to_owned()),
                description: None,
                purpose: "attachment".to_owned(),
                mime_type: "application/pdf".to_owned(),
            };
            about.name()
        };
        for (given, shown) in [
            ("/etc/passwd", "passwd"),
            ("..", "Anlage"),
            ("a/", "Anlage"),
            ("Bescheid\r\n.pdf", "Bescheid.pdf"),
            (" Geburtsurkunde Žofia.pdf ", "Geburtsurkunde Žofia.pdf"),
        ] {
            assert_eq!(name(given), shown);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(
            metadata in proptest::collection::vec(any::<u8>(), 0..200),
            data in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..50)),
        ) {
            prop_assert!(check(&submission(metadata, data), &Schemas::new()).is_err());
        }

        #[test]
        fn no_member_may_be_missing_or_of_another_type(
            remove in 0_usize..7,
            replacement in prop_oneof![
                Just(Value::Null), Just(Value::Bool(true)), Just(serde_json::json!([])),
                Just(serde_json::json!({})), Just(serde_json::json!(1)),
            ],
        ) {
            let id = "0bf6dba9-0000-4000-8000-000000000001";
            let hash = |bytes: &[u8]| serde_json::json!({"type": "sha512", "content": sha512_hex(bytes)});
            let good = serde_json::json!({
                "$schema": "https://schema.fitko.de/fit-connect/metadata/2.1.0/metadata.schema.json",
                "contentStructure": {
                    "data": {"hash": hash(b"x"), "submissionSchema": {"schemaUri": "s", "mimeType": "m"}},
                    "attachments": [{"attachmentId": id, "hash": hash(b""), "purpose": "data", "mimeType": "m/m"}],
                },
            });
            let check_it = |metadata: &Value| {
                let bytes = metadata.to_string().into_bytes();
                check(&submission(bytes, Some(b"x".to_vec())), &Schemas::new())
            };
            prop_assert!(check_it(&good).is_ok());
            let paths = [
                "/$schema", "/contentStructure", "/contentStructure/data",
                "/contentStructure/data/hash", "/contentStructure/data/submissionSchema/schemaUri",
                "/contentStructure/attachments", "/contentStructure/attachments/0",
            ];
            let mut bad = good;
            *bad.pointer_mut(paths[remove]).unwrap() = replacement;
            prop_assert!(check_it(&bad).is_err(), "{bad}");
        }
    }
}
