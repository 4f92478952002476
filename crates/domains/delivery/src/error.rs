//! Why the delivery service refused something. The HTTP edge maps each to a status and a problem
//! document; the texts go to partners and carry no content.

use einmal_jose::JoseError;
use einmal_storage::StorageError;

use crate::{AttachmentId, SetIssue, SubmissionState};

/// A refusal or a failure of the delivery service.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// No access token, or one that is forged or expired.
    #[error("{0}")]
    Unauthorized(&'static str),
    /// A valid token that does not give this right.
    #[error("{0}")]
    Forbidden(&'static str),
    /// No such destination.
    #[error("there is no such destination")]
    DestinationNotFound,
    /// The destination takes no submissions at present.
    #[error("the destination does not take submissions, its status is `{0}`")]
    DestinationState(&'static str),
    /// No such submission, or none that may be read in its present state.
    #[error("there is no such submission")]
    SubmissionNotFound,
    /// No such case.
    #[error("there is no such case")]
    CaseNotFound,
    /// No such attachment, or not uploaded.
    #[error("there is no such attachment")]
    AttachmentNotFound,
    /// No such key.
    #[error("there is no such key")]
    KeyNotFound,
    /// The attachment is not on the list given when the submission was created.
    #[error("the attachment was not announced")]
    AttachmentNotAnnounced,
    /// Announced attachments were not uploaded.
    #[error("{} announced attachments are missing", .0.len())]
    AttachmentsMissing(Vec<AttachmentId>),
    /// The submission's state does not allow the step.
    #[error("not allowed while the submission is `{}`", .0.as_str())]
    StateTransition(SubmissionState),
    /// The security event token is not acceptable (FIT-Connect checks on posted events).
    #[error("the security event token was refused: {0}")]
    InvalidEvent(#[from] SetIssue),
    /// The header of a JWE is not acceptable.
    #[error("Invalid JWE Header '{member}' of {part}: {reason}")]
    InvalidJwe {
        /// Which of the encrypted parts: `metadata`, `data` or `attachment`.
        part: &'static str,
        /// The header member.
        member: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// Larger than the limits allow.
    #[error("{what} is larger than {limit} bytes")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// The limit in bytes.
        limit: u64,
    },
    /// A request that is wrong in itself.
    #[error("{0}")]
    BadRequest(String),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A key of the service itself cannot be used, or signing failed.
    #[error("signing key: {0}")]
    Signing(#[source] JoseError),
    /// Stored data contradict themselves: a mistake of ours or a damaged database.
    #[error("stored data are damaged: {0}")]
    Corrupt(&'static str),
}
