//! Where each value came from, as the sending portal says in the attachment `origins.json`:
//!
//! ```json
//! {"schema": "https://…", "origins": [
//!   {"path": "/G99000000001/F99000000002", "origin": {"kind": "person"}, "at": "2026-11-23T10:00:00Z"}]}
//! ```
//!
//! A portal that sends none, or one that is damaged, makes every origin "unknown": the page says
//! so, nothing fails.

use std::collections::BTreeMap;

use einmal_model::{Dispute, Instant, Origin};
use serde::Deserialize;

/// Name of the attachment.
pub(crate) const FILE_NAME: &str = "origins.json";

/// The origin of one value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Entry {
    path: String,
    pub(crate) origin: Origin,
    pub(crate) at: Instant,
    pub(crate) dispute: Option<Dispute>,
}

/// Origins by JSON pointer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Origins(BTreeMap<String, Entry>);

#[derive(Deserialize)]
struct File {
    origins: Vec<serde_json::Value>,
}

impl Origins {
    /// Reads the attachment; entries that cannot be read are left out.
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let Ok(file) = serde_json::from_slice::<File>(bytes) else {
            return Self::default();
        };
        let entries = file.origins.into_iter();
        let entries = entries.filter_map(|entry| serde_json::from_value::<Entry>(entry).ok());
        Self(entries.map(|entry| (entry.path.clone(), entry)).collect())
    }

    pub(crate) fn of(&self, path: &str) -> Option<&Entry> {
        self.0.get(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_portal_writes_and_leaves_out_what_it_cannot_read() {
        let text = br#"{"schema":"s","origins":[
            {"path":"/F1","origin":{"kind":"person"},"at":"2026-11-23T10:00:00Z"},
            {"path":"/F2","origin":{"kind":"oracle"},"at":"2026-11-23T10:00:00Z"},
            {"path":"/F3","origin":{"kind":"register","evidence":"e","register":"Melderegister"},
             "at":"2026-11-23T10:00:00Z","dispute":{"claim":"x","at":"2026-11-23T10:00:00Z"}}]}"#;
        let origins = Origins::read(text);
        assert_eq!(origins.of("/F1").unwrap().origin, Origin::Person);
        assert_eq!(origins.of("/F2"), None);
        assert!(origins.of("/F3").unwrap().dispute.is_some());
    }

    #[test]
    fn damaged_files_say_nothing() {
        for bytes in [&b""[..], b"[]", b"{\"origins\":1}", &[0xff; 9]] {
            assert_eq!(Origins::read(bytes), Origins::default());
        }
    }
}
