//! What this domain needs from others, stated as traits. The binary implements them.

use std::future::Future;
use std::pin::Pin;

use einmal_model::{Ars, Instant};

use crate::view::Place;

/// A boxed future, so that ports can be used as trait objects.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A port did not answer. The text is for operators.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{port} did not answer: {cause}")]
pub struct PortError {
    /// Which port.
    pub port: &'static str,
    /// What happened, without personal data.
    pub cause: String,
}

/// The office responsible for a benefit at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Name as people know it.
    pub name: String,
    /// Postal address in one line.
    pub address: Option<String>,
    /// Where electronic applications go (FIT-Connect destination); nothing when the office takes
    /// none.
    pub destination: Option<String>,
}

/// Finds the responsible office.
pub trait AuthorityDirectory: Send + Sync {
    /// The office for a LeiKa key at a region key; nothing when none is registered.
    fn find<'a>(
        &'a self,
        leika: &'a str,
        ars: Ars,
    ) -> BoxFuture<'a, Result<Option<Authority>, PortError>>;
}

/// Finds places by what people type.
pub trait PlaceDirectory: Send + Sync {
    /// Places for a postcode, a name, both ("28195 Bremen") or a region key. Several when
    /// ambiguous, most likely first; at most about ten.
    fn find<'a>(&'a self, typed: &'a str) -> BoxFuture<'a, Result<Vec<Place>, PortError>>;
}

/// One message for one office, ready to be encrypted.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct OutgoingMessage {
    /// FIT-Connect destination of the office.
    pub destination: String,
    /// LeiKa key of the benefit.
    pub leika: String,
    /// Title of the benefit, as the service's name in the submission.
    pub service_name: String,
    /// Metadata 2.1.0 as JSON; names every attachment by id and hash.
    #[serde(with = "crate::bytes")]
    pub metadata: Vec<u8>,
    /// The form data as JSON.
    #[serde(with = "crate::bytes")]
    pub data: Vec<u8>,
    /// Attachments.
    pub attachments: Vec<OutgoingAttachment>,
}

/// One attachment of a message.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct OutgoingAttachment {
    /// UUID announced in the metadata.
    pub id: String,
    /// Unencrypted content.
    #[serde(with = "crate::bytes")]
    pub content: Vec<u8>,
}

impl std::fmt::Debug for OutgoingMessage {
    /// Names the receiver and sizes only: the content is personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutgoingMessage")
            .field("destination", &self.destination)
            .field("leika", &self.leika)
            .field("data_bytes", &self.data.len())
            .field("attachments", &self.attachments.len())
            .finish()
    }
}

impl std::fmt::Debug for OutgoingAttachment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutgoingAttachment")
            .field("id", &self.id)
            .field("bytes", &self.content.len())
            .finish()
    }
}

/// How far the delivery of one leg has come. Persisted after every step, before the next one
/// begins; the transport puts into `opaque` whatever it needs to go on after a crash (ciphertext,
/// attachment ids).
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TransportProgress {
    /// The step that is done.
    pub step: TransportStep,
    /// Id at the delivery service, once it gave one.
    pub submission: Option<String>,
    /// The transport's own state; may hold ciphertext, never plaintext.
    #[serde(with = "crate::bytes")]
    pub opaque: Vec<u8>,
}

impl std::fmt::Debug for TransportProgress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TransportProgress")
            .field("step", &self.step)
            .field("submission", &self.submission)
            .field("opaque_bytes", &self.opaque.len())
            .finish()
    }
}

/// The steps of a delivery, in order.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum TransportStep {
    /// Encrypted to the key of the office; nothing has left the house.
    Prepared,
    /// Announced at the delivery service, which gave an id.
    Created,
    /// All attachments are uploaded.
    Uploaded,
    /// Handed over: the delivery service answered.
    Submitted,
}

/// Why a step failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct TransportFailure {
    /// True when trying again later can help.
    pub retryable: bool,
    /// What happened, for operators and the history; without personal data.
    pub cause: String,
}

/// An event of the delivery service or of the office whose signature was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedEvent {
    /// Id of the token (`jti`): the same event is told once.
    pub id: String,
    /// When it was issued.
    pub at: Instant,
    /// What it says.
    pub kind: EventKind,
}

/// What an event says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    /// The delivery service holds the submission for the office.
    Submitted,
    /// The office (or its software) was told.
    Notified,
    /// Forwarded to another system.
    Forwarded,
    /// The office confirmed it.
    Accepted,
    /// The office refused it.
    Rejected {
        /// Reasons in words.
        reasons: Vec<String>,
    },
    /// The delivery service has erased the content.
    Deleted,
}

/// Delivers legs and reads what became of them. Implemented with the delivery client.
pub trait LegTransport: Send + Sync {
    /// Does the next single step after `progress` (nothing = not begun) and says how far the
    /// delivery has come then. Repeating a step after a crash must not deliver twice: a submit
    /// whose outcome is unknown is repeated with identical bytes.
    fn advance<'a>(
        &'a self,
        message: &'a OutgoingMessage,
        progress: Option<&'a TransportProgress>,
    ) -> BoxFuture<'a, Result<TransportProgress, TransportFailure>>;

    /// All verified events of a submitted leg, oldest first. An event whose signature does not
    /// hold is an error, never an event.
    fn events<'a>(
        &'a self,
        progress: &'a TransportProgress,
    ) -> BoxFuture<'a, Result<Vec<VerifiedEvent>, TransportFailure>>;
}
