//! Names of the things this domain deals with.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

einmal_model::id_type!(
    /// A place where submissions arrive (Zustellpunkt).
    DestinationId
);
einmal_model::id_type!(
    /// One hand-over (Einreichung).
    SubmissionId
);
einmal_model::id_type!(
    /// A case (Vorgang): one or more submissions with one event log.
    CaseId
);
einmal_model::id_type!(
    /// An attachment; the sender invents the id.
    AttachmentId
);

/// Name of an OAuth client: 1 to 64 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClientId(String);

/// A text that is no client name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a client name has 1 to 64 visible ASCII characters")]
pub struct ClientIdError;

impl ClientId {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ClientId {
    type Err = ClientIdError;

    fn from_str(text: &str) -> Result<Self, ClientIdError> {
        text.to_owned().try_into()
    }
}

impl TryFrom<String> for ClientId {
    type Error = ClientIdError;

    fn try_from(text: String) -> Result<Self, ClientIdError> {
        if (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Self(text))
        } else {
            Err(ClientIdError)
        }
    }
}

impl From<ClientId> for String {
    fn from(id: ClientId) -> Self {
        id.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
