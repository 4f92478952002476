//! What the receiver has to know of the metadata: the hashes that bind data and attachments to
//! it (FIT-Connect metadata, all versions).

use aws_lc_rs::digest;
use serde::Deserialize;

use crate::{AttachmentId, Rejection};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Metadata {
    content_structure: ContentStructure,
}

#[derive(Deserialize)]
struct ContentStructure {
    data: Option<DataEntry>,
    #[serde(default)]
    attachments: Vec<AttachmentEntry>,
}

#[derive(Deserialize)]
struct DataEntry {
    hash: Hash,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AttachmentEntry {
    pub(crate) attachment_id: AttachmentId,
    hash: Hash,
    pub(crate) mime_type: Option<String>,
    pub(crate) filename: Option<String>,
    pub(crate) purpose: Option<String>,
}

#[derive(Deserialize)]
struct Hash {
    #[serde(rename = "type")]
    kind: String,
    content: String,
}

impl Hash {
    fn fits(&self, bytes: &[u8]) -> bool {
        self.kind == "sha512" && self.content == sha512_hex(bytes)
    }
}

/// SHA-512 in lower-case hexadecimal digits, as metadata wants it.
pub(crate) fn sha512_hex(bytes: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA512, bytes);
    digest
        .as_ref()
        .iter()
        .fold(String::new(), |mut text, byte| {
            text.push_str(&format!("{byte:02x}"));
            text
        })
}

impl Metadata {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, Rejection> {
        serde_json::from_slice(bytes).map_err(|error| {
            let detail = format!("The metadata cannot be read: {error}");
            Rejection::new("schema-violation", "Schema violation", &detail, "metadata")
        })
    }

    pub(crate) fn check_data(&self, data: Option<&[u8]>) -> Result<(), Rejection> {
        match (&self.content_structure.data, data) {
            (Some(entry), Some(data)) if !entry.hash.fits(data) => {
                Err(hash_mismatch("The data do not fit the hash.", "data"))
            }
            (None, Some(_)) => Err(hash_mismatch("The data have no hash.", "data")),
            (Some(_), None) => Err(Rejection::new(
                "missing-data",
                "Missing data",
                "The metadata describe data that were not sent.",
                "data",
            )),
            _ => Ok(()),
        }
    }

    /// The entry of an attachment, after comparing the hash.
    pub(crate) fn check_attachment(
        &self,
        id: AttachmentId,
        bytes: &[u8],
    ) -> Result<&AttachmentEntry, Rejection> {
        let entries = &self.content_structure.attachments;
        let instance = format!("attachment:{id}");
        let entry = entries.iter().find(|entry| entry.attachment_id == id);
        let entry = entry.ok_or_else(|| {
            Rejection::new(
                "attachments-mismatch",
                "Attachments mismatch",
                "An attachment is not described in the metadata.",
                &instance,
            )
        })?;
        if !entry.hash.fits(bytes) {
            return Err(hash_mismatch(
                "The attachment does not fit the hash.",
                &instance,
            ));
        }
        Ok(entry)
    }

    /// Refuses metadata that describe more attachments than were sent.
    pub(crate) fn check_complete(&self, received: &[AttachmentId]) -> Result<(), Rejection> {
        let entries = &self.content_structure.attachments;
        let missing = entries
            .iter()
            .find(|entry| !received.contains(&entry.attachment_id));
        missing.map_or(Ok(()), |entry| {
            Err(Rejection::new(
                "missing-attachment",
                "Missing attachment",
                "An attachment described in the metadata was not sent.",
                &format!("attachment:{}", entry.attachment_id),
            ))
        })
    }
}

fn hash_mismatch(detail: &str, instance: &str) -> Rejection {
    Rejection::new("hash-mismatch", "Hash mismatch", detail, instance)
}
