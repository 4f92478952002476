//! Problem details for HTTP APIs (RFC 9457), as data. The HTTP crates turn it into an answer.

use serde::{Deserialize, Serialize};

/// A problem document. All members are always written: known clients read `type`, `title` and
/// `detail` without checking that they are there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A URI that names the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// A short text that is the same for every problem of this kind.
    pub title: String,
    /// The HTTP status code.
    pub status: u16,
    /// What happened this time, without personal data.
    pub detail: String,
    /// A URI that names this occurrence.
    pub instance: String,
}

impl Problem {
    /// The media type of the document.
    pub const MEDIA_TYPE: &'static str = "application/problem+json";
}
