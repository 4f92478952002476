//! What this domain needs from the delivery service, stated as a trait. The binary implements it.

use std::future::Future;
use std::pin::Pin;

use einmal_model::Instant;

use crate::ids::{AttachmentId, DeliveryCaseId, SubmissionId};
use crate::problem::{ProblemType, RejectionProblem};
use crate::state::Verdict;
use crate::tenant::Tenant;

/// A boxed future, so that the port can be used as a trait object.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A submission that waits at the delivery service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SubmissionRef {
    /// The submission.
    pub submission_id: SubmissionId,
    /// The delivery service's case it belongs to.
    pub case_id: DeliveryCaseId,
}

/// A submission in clear. The implementation has verified the event log, compared the
/// authentication tags and decrypted every part before it hands this out.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceivedSubmission {
    /// The submission.
    pub submission_id: SubmissionId,
    /// The delivery service's case.
    pub case_id: DeliveryCaseId,
    /// When the sender handed it over: `iat` of the verified submit event.
    pub submitted_at: Instant,
    /// Metadata, JSON as it was encrypted.
    pub metadata: Vec<u8>,
    /// The data as they were encrypted; nothing when the submission has none.
    pub data: Option<Vec<u8>>,
    /// The attachments, by their id.
    pub attachments: Vec<(AttachmentId, Vec<u8>)>,
    /// What the implementation needs to accept the submission later (the checked authentication
    /// tags); kept as it is and handed back to [`Inbox::accept`].
    pub receipt: Vec<u8>,
}

impl std::fmt::Debug for ReceivedSubmission {
    /// Ids and sizes only: the content is personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReceivedSubmission")
            .field("submission_id", &self.submission_id)
            .field("case_id", &self.case_id)
            .field("metadata_bytes", &self.metadata.len())
            .field("data_bytes", &self.data.as_ref().map(Vec::len))
            .field("attachments", &self.attachments.len())
            .finish()
    }
}

/// Why a submission could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchFailure {
    /// Trying again later can help: network, server, a key of ours that is not loaded, or the
    /// submission is gone from the service.
    #[error("{0}")]
    Temporary(
        /// What happened, for operators; without personal data.
        String,
    ),
    /// The submission itself is wrong and will stay so. It is rejected automatically; be sure.
    #[error("{}: {cause}", problem_type.code())]
    Unacceptable {
        /// The machine-readable kind.
        problem_type: ProblemType,
        /// The part concerned: `metadata`, `data`, `attachment:<id>`, `submission`.
        instance: String,
        /// The cause in plain words, for staff and operators. Not sent out.
        cause: String,
    },
}

/// What the delivery service made of a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostOutcome {
    /// It recorded the verdict.
    Posted,
    /// It had recorded a verdict before: ours from an attempt whose answer was lost, or another
    /// one (the service rejects by itself after 14 days). The verdict is the one in the verified
    /// event log.
    AlreadyDone(Verdict),
}

/// The delivery service did not answer or not as expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct PortFailure {
    /// True when trying again later can help.
    pub retryable: bool,
    /// What happened, for operators and staff; without personal data.
    pub cause: String,
}

/// The letterboxes of the tenants at the delivery service.
pub trait Inbox: Send + Sync {
    /// Everything that waits for the tenant, oldest first when the service tells.
    fn list<'a>(
        &'a self,
        tenant: &'a Tenant,
    ) -> BoxFuture<'a, Result<Vec<SubmissionRef>, PortFailure>>;

    /// Fetches, verifies and decrypts one submission.
    fn fetch<'a>(
        &'a self,
        tenant: &'a Tenant,
        submission: SubmissionRef,
    ) -> BoxFuture<'a, Result<ReceivedSubmission, FetchFailure>>;

    /// Posts the event `accept-submission` with the authentication tags from `receipt`. The call
    /// is repeated after a crash: it must not fail because a verdict stands already.
    fn accept<'a>(
        &'a self,
        tenant: &'a Tenant,
        submission: SubmissionRef,
        receipt: &'a [u8],
    ) -> BoxFuture<'a, Result<PostOutcome, PortFailure>>;

    /// Posts the event `reject-submission`. Repeated like [`Inbox::accept`].
    fn reject<'a>(
        &'a self,
        tenant: &'a Tenant,
        submission: SubmissionRef,
        problems: &'a [RejectionProblem],
    ) -> BoxFuture<'a, Result<PostOutcome, PortFailure>>;
}
