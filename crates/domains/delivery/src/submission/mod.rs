//! Submissions (Einreichungen): what they are, and the steps of their life in the submodules.
//! Attachments are in `content`, events in `event_log`.

mod announce;
mod complete;
mod receive;
mod store;

use einmal_model::Instant;

use crate::{AttachmentId, CaseId, DeliveryError, DestinationId, SubmissionId};

pub(crate) use store::{Stored, attachments, expected_key, finish, load, load_own, stored_tags};

/// The version of the submission API a request came through; the rules differ a little.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiVersion {
    /// Version 1: compression allowed, `cty`, `kid` and data optional.
    V1,
    /// Version 2: no compression, `cty`, `kid` and data required.
    V2,
}

/// The states of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SubmissionState {
    /// Announced, not complete.
    Incomplete,
    /// Complete; the receiver may fetch it.
    Submitted,
    /// Passed on by a system behind the service; still readable.
    Forwarded,
    /// Confirmed by the receiver.
    Accepted,
    /// Refused by the receiver, or by the service after 14 days.
    Rejected,
    /// Erased.
    Deleted,
}

impl SubmissionState {
    const ALL: [Self; 6] = [
        Self::Incomplete,
        Self::Submitted,
        Self::Forwarded,
        Self::Accepted,
        Self::Rejected,
        Self::Deleted,
    ];

    /// The state in one word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Incomplete => "incomplete",
            Self::Submitted => "submitted",
            Self::Forwarded => "forwarded",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Deleted => "deleted",
        }
    }

    /// True while the receiver may read the content and decide.
    pub(crate) const fn is_open(self) -> bool {
        matches!(self, Self::Submitted | Self::Forwarded)
    }
}

/// The public service (Verwaltungsleistung) a submission applies for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceRef {
    /// URN of the service.
    pub identifier: String,
    /// Its name; may be empty.
    pub name: String,
}

/// What a sender announces.
#[derive(Debug, Clone)]
pub struct NewSubmission {
    /// Where it goes.
    pub destination: DestinationId,
    /// Ids of the attachments that will follow; a repeated id counts once.
    pub announced_attachments: Vec<AttachmentId>,
    /// What it applies for.
    pub service: ServiceRef,
    /// The region it concerns, as `DE` and digits.
    pub region: Option<String>,
    /// An existing case of the same sender to add it to.
    pub case: Option<CaseId>,
}

/// The ids the service gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Created {
    /// The new submission.
    pub submission: SubmissionId,
    /// Its case.
    pub case: CaseId,
    /// Where it goes.
    pub destination: DestinationId,
}

/// A piece of a long list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    limit: u32,
    offset: u32,
}

impl Page {
    /// The largest page.
    pub const MAX: u32 = 500;

    /// `limit` entries (1 to 500, by default 100) after the first `offset` (by default 0).
    ///
    /// # Errors
    /// [`DeliveryError::BadRequest`].
    pub fn new(limit: Option<u32>, offset: Option<u32>) -> Result<Self, DeliveryError> {
        let limit = limit.unwrap_or(100);
        if !(1..=Self::MAX).contains(&limit) {
            let text = "`limit` must be between 1 and 500".to_owned();
            return Err(DeliveryError::BadRequest(text));
        }
        Ok(Self {
            limit,
            offset: offset.unwrap_or(0),
        })
    }

    /// Entries before this page.
    #[must_use]
    pub const fn offset(self) -> u32 {
        self.offset
    }

    pub(crate) const fn limit(self) -> u32 {
        self.limit
    }
}

/// An entry of the list of waiting submissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    /// Where it went.
    pub destination: DestinationId,
    /// The submission.
    pub submission: SubmissionId,
    /// Its case.
    pub case: CaseId,
}

/// A submission without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Its id.
    pub id: SubmissionId,
    /// Its case.
    pub case: CaseId,
    /// Where it goes.
    pub destination: DestinationId,
    /// What it applies for.
    pub service: ServiceRef,
    /// The region it concerns.
    pub region: Option<String>,
    /// Ids of the attachments that were uploaded.
    pub attachments: Vec<AttachmentId>,
    /// When it became complete.
    pub submitted_at: Option<Instant>,
}

/// A submission with its ciphertext, byte for byte as it came.
#[derive(Debug, Clone)]
pub struct SubmissionContent {
    /// The submission.
    pub submission: Submission,
    /// JWE of the metadata.
    pub encrypted_metadata: String,
    /// JWE of the data.
    pub encrypted_data: Option<String>,
}
