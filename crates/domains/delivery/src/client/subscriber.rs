//! Receiving: list, and fetch with all checks.

use std::fmt;
use std::sync::Arc;

use einmal_jose::{CompactJwe, JoseError};
use einmal_model::{Clock, Random};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::api::{Api, ClientError, ClientSettings};
use super::metadata::{AttachmentEntry, Metadata};
use super::receiver_keys::ReceiverKeys;
use super::transport::Transport;
use super::verify::{Subject, VerifiedEvent, submitted_tags};
use crate::{AttachmentId, CaseId, DestinationId, Event, Rejection, SubmissionId, Tags};

const SMALL: usize = 1 << 20;
/// Metadata and data together, encrypted.
const MAX_DOCUMENTS: usize = 40 << 20;
const MAX_ATTACHMENT: usize = 500 << 20;
const PAGE: usize = 500;
/// Submissions taken from the list in one go; the rest comes in the next round.
const MAX_WAITING: usize = 10_000;

/// An entry of the list of waiting submissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    /// Where it went.
    pub destination_id: DestinationId,
    /// The submission.
    pub submission_id: SubmissionId,
    /// Its case.
    pub case_id: CaseId,
}

/// A submission in clear, after all checks of the protocol.
pub struct Received {
    /// Which submission.
    pub waiting: Waiting,
    /// URN of the public service.
    pub service_identifier: String,
    /// The metadata, JSON.
    pub metadata: Zeroizing<Vec<u8>>,
    /// The data, JSON or XML.
    pub data: Option<Zeroizing<Vec<u8>>>,
    /// The attachments.
    pub attachments: Vec<ReceivedAttachment>,
    /// The authentication tags; an acceptance echoes them.
    pub tags: Tags,
    /// When the service took the complete submission, from its signed event.
    pub submitted_at: einmal_model::Instant,
}

/// An attachment in clear.
pub struct ReceivedAttachment {
    /// Its id.
    pub id: AttachmentId,
    /// Its file name, if it has one; not to be trusted as a path.
    pub filename: Option<String>,
    /// Its media type.
    pub media_type: Option<String>,
    /// Its purpose: `form`, `attachment`, `report`, `data`.
    pub purpose: Option<String>,
    /// Its content.
    pub content: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for Received {
    /// Ids and sizes only: the content is personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("submission", &self.waiting.submission_id)
            .field("attachments", &self.attachments.len())
            .finish_non_exhaustive()
    }
}

/// What fetching gave.
pub enum Fetched {
    /// All checks passed.
    Good(Box<Received>),
    /// The content breaks the rules of the protocol; to be rejected for these reasons.
    Bad(Vec<Rejection>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListAnswer {
    submissions: Vec<Waiting>,
    total_count: Option<usize>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SubmissionAnswer {
    destination_id: Option<DestinationId>,
    case_id: CaseId,
    #[serde(default)]
    attachments: Vec<AttachmentId>,
    public_service: Option<ServiceAnswer>,
    encrypted_metadata: String,
    encrypted_data: Option<String>,
}

#[derive(Deserialize)]
struct ServiceAnswer {
    identifier: String,
}

/// Why a submission was not fetched.
enum Failure {
    /// Not its fault: try again.
    Client(ClientError),
    /// Its fault: reject it.
    Content(Rejection),
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        Self::Client(error)
    }
}

impl From<Rejection> for Failure {
    fn from(rejection: Rejection) -> Self {
        Self::Content(rejection)
    }
}

/// Receives submissions. Share one: it keeps the access token.
pub struct Subscriber {
    pub(super) api: Api,
    pub(super) random: Arc<dyn Random>,
}

impl Subscriber {
    /// A subscriber for one OAuth client.
    #[must_use]
    pub fn new(
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        settings: ClientSettings,
    ) -> Self {
        Self {
            api: Api::new(transport, clock, settings),
            random,
        }
    }

    /// The submissions that wait for a destination, oldest first.
    ///
    /// # Errors
    /// Any [`ClientError`].
    pub async fn waiting(&self, destination: DestinationId) -> Result<Vec<Waiting>, ClientError> {
        let mut all: Vec<Waiting> = Vec::new();
        while all.len() < MAX_WAITING {
            let path = format!(
                "/v2/submissions?destinationId={destination}&limit={PAGE}&offset={}",
                all.len()
            );
            let answer: ListAnswer = self.api.get(&path, SMALL).await?;
            let received = answer.submissions.len();
            all.extend(answer.submissions);
            if received == 0 || answer.total_count.is_none_or(|total| all.len() >= total) {
                break;
            }
        }
        // The list may move while it is paged through.
        let mut seen = std::collections::HashSet::new();
        all.retain(|entry| entry.destination_id == destination && seen.insert(entry.submission_id));
        Ok(all)
    }

    /// Fetches a submission, verifies the event log, compares the authentication tags, decrypts
    /// and compares the hashes.
    ///
    /// # Errors
    /// [`ClientError`] when something is wrong that the sender did not cause: try again.
    pub async fn fetch(
        &self,
        waiting: Waiting,
        keys: &ReceiverKeys,
    ) -> Result<Fetched, ClientError> {
        match self.fetch_checked(waiting, keys).await {
            Ok(received) => Ok(Fetched::Good(Box::new(received))),
            Err(Failure::Content(rejection)) => Ok(Fetched::Bad(vec![rejection])),
            Err(Failure::Client(error)) => Err(error),
        }
    }

    async fn fetch_checked(
        &self,
        waiting: Waiting,
        keys: &ReceiverKeys,
    ) -> Result<Received, Failure> {
        let untrusted = |text: &str| ClientError::Untrusted(text.to_owned());
        if waiting.destination_id != keys.destination {
            return Err(untrusted("the keys belong to another destination").into());
        }
        let id = waiting.submission_id;
        let path = format!("/v2/submissions/{id}");
        let answer: SubmissionAnswer = self.api.get(&path, MAX_DOCUMENTS).await?;
        let same_destination = answer.destination_id.is_none_or(|d| d == keys.destination);
        if answer.case_id != waiting.case_id || !same_destination {
            return Err(untrusted("the submission belongs to another case").into());
        }
        let events = self.events(waiting).await?;
        let missing_event = || {
            Rejection::new(
                "not-exactly-one-submit-event",
                "Event log",
                "The event log has no submit event.",
                "submission",
            )
        };
        let tags = submitted_tags(&events)?.ok_or_else(missing_event)?.clone();
        let submitted = events.iter().find(|e| matches!(e.event, Event::Submit(_)));
        let submitted_at = submitted.map(|event| event.at).ok_or_else(missing_event)?;

        compare_attachments(&answer.attachments, &tags)?;
        let metadata_jwe = answer.encrypted_metadata;
        let metadata = open(metadata_jwe, Some(&tags.metadata), keys, "metadata").await?;
        let data = match (answer.encrypted_data, &tags.data) {
            (Some(jwe), tag) => Some(open(jwe, tag.as_ref(), keys, "data").await?),
            (None, Some(_)) => return Err(wrong_tag("data").into()),
            (None, None) => None,
        };
        let described = Metadata::parse(&metadata)?;
        described.check_data(data.as_deref().map(Vec::as_slice))?;
        described.check_complete(&answer.attachments)?;

        let mut attachments = Vec::with_capacity(answer.attachments.len());
        for attachment in answer.attachments {
            let instance = format!("attachment:{attachment}");
            let path = format!("/v2/submissions/{id}/attachments/{attachment}");
            let jwe = self.api.get_bytes(&path, MAX_ATTACHMENT).await?;
            let jwe = String::from_utf8(jwe.into()).map_err(|_| encryption_issue(&instance))?;
            let tag = tags.attachments.get(&attachment);
            let content = open(jwe, tag, keys, &instance).await?;
            let entry: &AttachmentEntry = described.check_attachment(attachment, &content)?;
            attachments.push(ReceivedAttachment {
                id: attachment,
                filename: entry.filename.clone(),
                media_type: entry.mime_type.clone(),
                purpose: entry.purpose.clone(),
                content,
            });
        }
        Ok(Received {
            waiting,
            service_identifier: answer
                .public_service
                .map(|service| service.identifier)
                .unwrap_or_default(),
            metadata,
            data,
            attachments,
            tags,
            submitted_at,
        })
    }

    /// All verified events of a submission, oldest first.
    ///
    /// # Errors
    /// Any [`ClientError`].
    pub async fn events(&self, waiting: Waiting) -> Result<Vec<VerifiedEvent>, ClientError> {
        let subject = Subject {
            submission: waiting.submission_id,
            case: waiting.case_id,
            destination: waiting.destination_id,
        };
        self.api.verified_events(subject).await
    }
}

fn compare_attachments(received: &[AttachmentId], tags: &Tags) -> Result<(), Rejection> {
    let same = received.len() == tags.attachments.len()
        && received.iter().all(|id| tags.attachments.contains_key(id));
    if same {
        return Ok(());
    }
    Err(Rejection::new(
        "attachments-mismatch",
        "Attachments mismatch",
        "The attachments are not those of the submit event.",
        "submission",
    ))
}

/// Compares the tag first, then decrypts off the asynchronous threads.
async fn open(
    jwe: String,
    tag: Option<&einmal_jose::AuthenticationTag>,
    keys: &ReceiverKeys,
    instance: &str,
) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let parsed = CompactJwe::parse(&jwe, MAX_ATTACHMENT).map_err(|_| encryption_issue(instance))?;
    if Some(parsed.authentication_tag()) != tag {
        return Err(wrong_tag(instance).into());
    }
    let key = keys
        .find(parsed.header().kid.as_deref())
        .ok_or_else(|| encryption_issue(instance))?;
    let work = move || {
        let parsed = CompactJwe::parse(&jwe, MAX_ATTACHMENT)?;
        parsed.decrypt(&key.key, MAX_ATTACHMENT)
    };
    let clear = tokio::task::spawn_blocking(work).await;
    let clear = clear.map_err(|_| ClientError::Jose(JoseError::Library))?;
    Ok(clear.map_err(|_| encryption_issue(instance))?)
}

fn encryption_issue(instance: &str) -> Rejection {
    Rejection::new(
        "encryption-issue",
        "Encryption issue",
        "The content cannot be decrypted.",
        instance,
    )
}

fn wrong_tag(instance: &str) -> Rejection {
    Rejection::new(
        "incorrect-authentication-tag",
        "Incorrect authentication tag",
        "The authentication tag differs from the submit event.",
        instance,
    )
}
