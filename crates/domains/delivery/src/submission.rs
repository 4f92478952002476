//! Submissions (Einreichungen): announce, complete, list, fetch. Attachments are in `content`,
//! events in `event_log`.

use std::collections::BTreeMap;

use aws_lc_rs::digest;
use einmal_jose::AuthenticationTag;
use einmal_model::Instant;
use einmal_storage::{Query, Row, Tx, args, transaction};

use crate::jwe_check::{self, ExpectedKey};
use crate::{
    AttachmentId, CaseId, ClientId, Delivery, DeliveryError, DestinationId, DestinationStatus,
    Event, EventToken, Issuer, Principal, Scope, SubmissionId, Tags, destination, event_log,
};

/// How often a submission whose attachments changed while it was being signed is signed anew.
const MAX_SIGNING_ATTEMPTS: u32 = 4;

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

/// A row of the submission table.
pub(crate) struct Stored {
    pub(crate) id: SubmissionId,
    pub(crate) case: CaseId,
    pub(crate) destination: DestinationId,
    pub(crate) sender: ClientId,
    pub(crate) state: SubmissionState,
    service: ServiceRef,
    region: Option<String>,
    content_digest: Option<Vec<u8>>,
    submitted_at: Option<Instant>,
}

/// A row of the attachment table.
pub(crate) struct StoredAttachment {
    pub(crate) id: AttachmentId,
    pub(crate) content_id: Option<String>,
    pub(crate) size: u64,
    pub(crate) tag: Option<AuthenticationTag>,
}

impl Delivery {
    /// Announces a submission: event `create-submission`, state `incomplete`.
    ///
    /// # Errors
    /// [`DeliveryError::Forbidden`], [`DeliveryError::BadRequest`],
    /// [`DeliveryError::DestinationNotFound`], [`DeliveryError::DestinationState`],
    /// [`DeliveryError::CaseNotFound`], [`DeliveryError::Storage`], [`DeliveryError::Signing`].
    pub async fn create_submission(
        &self,
        principal: &Principal,
        new: &NewSubmission,
    ) -> Result<Created, DeliveryError> {
        principal.require(Scope::Send)?;
        let attachments = self.check_new(new)?;
        let mut read = self.inner.db.read().await?;
        let target = destination::load(&mut read, new.destination).await?;
        if target.status != DestinationStatus::Active {
            return Err(DeliveryError::DestinationState(target.status.as_str()));
        }
        if let Some(case) = new.case {
            let owner = event_log::load_case(&mut read, case).await?;
            if owner.sender != *principal.client() {
                return Err(DeliveryError::Forbidden(
                    "the case was opened by another client",
                ));
            }
            if owner.destination != new.destination {
                let text = "the case belongs to another destination".to_owned();
                return Err(DeliveryError::BadRequest(text));
            }
        }
        drop(read);

        let created = Created {
            submission: SubmissionId(self.new_uuid()),
            case: new.case.unwrap_or_else(|| CaseId(self.new_uuid())),
            destination: new.destination,
        };
        let event = self.own_event(created.submission, created.case, Event::Create);
        let token = self.inner.signer.sign(&event).await?;
        let now = self.now();
        let (submission, case) = (created.submission.to_string(), created.case.to_string());
        transaction!(self.inner.db, "delivery.submission.create", |tx| {
            if new.case.is_none() {
                tx.execute(
                    "insert into delivery_case (id, destination_id, sender, events, created_at)
                     values ($1, $2, $3, 0, $4)",
                    args![
                        case.as_str(),
                        new.destination.to_string(),
                        principal.client().as_str(),
                        now
                    ],
                )
                .await?;
            }
            tx.execute(
                "insert into delivery_submission (id, case_id, destination_id, sender, state,
                     service_identifier, service_name, region, created_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                args![
                    submission.as_str(),
                    case.as_str(),
                    new.destination.to_string(),
                    principal.client().as_str(),
                    SubmissionState::Incomplete.as_str(),
                    new.service.identifier.as_str(),
                    new.service.name.as_str(),
                    new.region.clone(),
                    now
                ],
            )
            .await?;
            let rows = (0_i64..)
                .zip(&attachments)
                .map(|(position, id)| args![submission.as_str(), id.to_string(), position]);
            let columns = &["submission_id", "id", "position"];
            tx.insert_many("delivery_attachment", columns, rows.collect(), "")
                .await?;
            event_log::append(tx, &event, &token).await
        })?;
        Ok(created)
    }

    /// The announced attachments, each once.
    fn check_new(&self, new: &NewSubmission) -> Result<Vec<AttachmentId>, DeliveryError> {
        let bad = |text: &str| Err(DeliveryError::BadRequest(text.to_owned()));
        let mut attachments: Vec<AttachmentId> = Vec::new();
        for id in new.announced_attachments.iter().take(10_000) {
            if !attachments.contains(id) {
                attachments.push(*id);
            }
            if attachments.len() > self.inner.settings.limits.attachments {
                return bad("too many attachments are announced");
            }
        }
        let service = &new.service;
        if !(7..=255).contains(&service.identifier.len()) || !service.identifier.starts_with("urn:")
        {
            return bad("the identifier of the service is not a URN of 7 to 255 characters");
        }
        if service.name.len() > 1_000 || new.region.as_ref().is_some_and(|r| r.len() > 14) {
            return bad("a text is too long");
        }
        Ok(attachments)
    }

    /// Completes a submission: event `submit-submission` with all authentication tags, state
    /// `submitted`. From then on nothing about its content can change.
    ///
    /// Repeating the call with identical content is answered like the first time, so that a
    /// sender that missed the answer may ask again.
    ///
    /// # Errors
    /// [`DeliveryError::Forbidden`], [`DeliveryError::SubmissionNotFound`],
    /// [`DeliveryError::StateTransition`] for other content after the first time,
    /// [`DeliveryError::InvalidJwe`], [`DeliveryError::AttachmentsMissing`],
    /// [`DeliveryError::TooLarge`], [`DeliveryError::Storage`], [`DeliveryError::Signing`].
    pub async fn submit(
        &self,
        principal: &Principal,
        id: SubmissionId,
        encrypted_metadata: &str,
        encrypted_data: Option<&str>,
        version: ApiVersion,
    ) -> Result<Submission, DeliveryError> {
        principal.require(Scope::Send)?;
        let digest = content_digest(encrypted_metadata, encrypted_data);
        for _ in 0..MAX_SIGNING_ATTEMPTS {
            let mut read = self.inner.db.read().await?;
            let stored = load_own(&mut read, principal, id).await?;
            let attachments = attachments(&mut read, id).await?;
            if stored.state != SubmissionState::Incomplete {
                return repeated(stored, &attachments, &digest);
            }
            let expected = expected_key(&mut read, stored.destination).await?;
            drop(read);

            let limit = self.inner.settings.limits.document;
            let check = |part, token| jwe_check::document(part, token, limit, &expected, version);
            let metadata = check("metadata", encrypted_metadata)?;
            let data = match (encrypted_data, version) {
                (Some(data), _) => Some(check("data", data)?),
                (None, ApiVersion::V1) => None,
                (None, ApiVersion::V2) => {
                    let text = "`encryptedData` is required".to_owned();
                    return Err(DeliveryError::BadRequest(text));
                }
            };
            let tags = Tags {
                metadata,
                data,
                attachments: attachment_tags(&attachments)?,
            };
            let event = self.own_event(id, stored.case, Event::Submit(tags.clone()));
            let token = self.inner.signer.sign(&event).await?;

            let now = self.now();
            let done = transaction!(self.inner.db, "delivery.submission.submit", |tx| {
                let stored = load(tx, id).await?;
                let attachments = self::attachments(tx, id).await?;
                if stored.state != SubmissionState::Incomplete {
                    return repeated(stored, &attachments, &digest).map(Some);
                }
                if attachment_tags(&attachments)? != tags.attachments {
                    // An attachment was replaced while we signed: the event would be wrong.
                    return Ok(None);
                }
                // First of all writes: it locks the row, so that a second submit waits here and
                // then sees what this one did.
                tx.execute(
                    "update delivery_submission
                     set state = $1, content_digest = $2, submitted_at = $3 where id = $4",
                    args![
                        SubmissionState::Submitted.as_str(),
                        digest.as_slice(),
                        now,
                        id.to_string()
                    ],
                )
                .await?;
                tx.execute(
                    "insert into delivery_document (submission_id, encrypted_metadata, encrypted_data)
                     values ($1, $2, $3)",
                    args![id.to_string(), encrypted_metadata, encrypted_data.map(str::to_owned)],
                )
                .await?;
                event_log::append(tx, &event, &token).await?;
                let mut view = view(stored, &attachments);
                view.submitted_at = Some(now);
                Ok::<_, DeliveryError>(Some(view))
            })?;
            if let Some(view) = done {
                return Ok(view);
            }
        }
        Err(DeliveryError::BadRequest(
            "attachments keep changing while the submission is being completed".to_owned(),
        ))
    }

    /// The submissions that wait for the client, oldest first: of one destination or of all
    /// connected ones. The second value counts all of them.
    ///
    /// # Errors
    /// [`DeliveryError::Forbidden`], also for an unknown destination; [`DeliveryError::Storage`].
    pub async fn waiting_submissions(
        &self,
        principal: &Principal,
        destination: Option<DestinationId>,
        page: Page,
    ) -> Result<(Vec<Listed>, u64), DeliveryError> {
        principal.require(Scope::Subscribe)?;
        let mut read = self.inner.db.read().await?;
        if let Some(destination) = destination {
            self.require_connection(&mut read, principal, destination)
                .await?;
        }
        let client = principal.client().as_str();
        let destination = destination.map(|id| id.to_string());
        let total = read
            .fetch_one(
                "select count(*) as total from delivery_submission s
                 join delivery_connection c on c.destination_id = s.destination_id
                 where c.client_id = $1 and s.state = 'submitted'
                   and s.destination_id = coalesce($2, s.destination_id)",
                args![client, destination.clone()],
            )
            .await?
            .int("total")?;
        let rows = read
            .fetch_all(
                "select s.id, s.case_id, s.destination_id from delivery_submission s
                 join delivery_connection c on c.destination_id = s.destination_id
                 where c.client_id = $1 and s.state = 'submitted'
                   and s.destination_id = coalesce($2, s.destination_id)
                 order by s.submitted_at, s.id limit $3 offset $4",
                args![client, destination, page.limit, page.offset],
            )
            .await?;
        let listed = rows.iter().map(|row| {
            Ok(Listed {
                destination: row.parse("destination_id")?,
                submission: row.parse("id")?,
                case: row.parse("case_id")?,
            })
        });
        let listed = listed.collect::<Result<_, DeliveryError>>()?;
        Ok((listed, u64::try_from(total).unwrap_or_default()))
    }

    /// A waiting submission with its ciphertext.
    ///
    /// # Errors
    /// [`DeliveryError::Forbidden`], [`DeliveryError::SubmissionNotFound`] also once it was
    /// decided, [`DeliveryError::Storage`].
    pub async fn fetch_submission(
        &self,
        principal: &Principal,
        id: SubmissionId,
    ) -> Result<SubmissionContent, DeliveryError> {
        let mut read = self.inner.db.read().await?;
        let stored = self.load_readable(&mut read, principal, id).await?;
        let attachments = attachments(&mut read, id).await?;
        let row = read
            .fetch_optional(
                "select encrypted_metadata, encrypted_data from delivery_document
                 where submission_id = $1",
                args![id.to_string()],
            )
            .await?
            .ok_or(DeliveryError::SubmissionNotFound)?;
        Ok(SubmissionContent {
            submission: view(stored, &attachments),
            encrypted_metadata: row.text("encrypted_metadata")?,
            encrypted_data: row.opt_text("encrypted_data")?,
        })
    }

    /// A submission that a subscriber may read at present.
    pub(crate) async fn load_readable(
        &self,
        query: &mut impl Query,
        principal: &Principal,
        id: SubmissionId,
    ) -> Result<Stored, DeliveryError> {
        principal.require(Scope::Subscribe)?;
        let stored = load(query, id).await?;
        self.require_connection(query, principal, stored.destination)
            .await?;
        if stored.state.is_open() {
            Ok(stored)
        } else {
            Err(DeliveryError::SubmissionNotFound)
        }
    }

    /// An event of the service itself, not signed yet.
    fn own_event(&self, submission: SubmissionId, case: CaseId, event: Event) -> EventToken {
        EventToken {
            id: self.new_uuid(),
            issuer: Issuer::Service(self.inner.settings.base_url.clone()),
            issued_at: self.now(),
            submission,
            case,
            event,
        }
    }
}

/// The answer to a submit that comes after the first.
fn repeated(
    stored: Stored,
    attachments: &[StoredAttachment],
    digest: &[u8],
) -> Result<Submission, DeliveryError> {
    if stored.content_digest.as_deref() == Some(digest) {
        Ok(view(stored, attachments))
    } else {
        Err(DeliveryError::StateTransition(stored.state))
    }
}

fn view(stored: Stored, attachments: &[StoredAttachment]) -> Submission {
    let uploaded = attachments.iter().filter(|a| a.content_id.is_some());
    Submission {
        id: stored.id,
        case: stored.case,
        destination: stored.destination,
        service: stored.service,
        region: stored.region,
        attachments: uploaded.map(|attachment| attachment.id).collect(),
        submitted_at: stored.submitted_at,
    }
}

/// The tags of all attachments, or the ids of those that are missing.
fn attachment_tags(
    attachments: &[StoredAttachment],
) -> Result<BTreeMap<AttachmentId, AuthenticationTag>, DeliveryError> {
    let missing: Vec<AttachmentId> = attachments
        .iter()
        .filter(|attachment| attachment.tag.is_none())
        .map(|attachment| attachment.id)
        .collect();
    if !missing.is_empty() {
        return Err(DeliveryError::AttachmentsMissing(missing));
    }
    let tags = attachments
        .iter()
        .filter_map(|attachment| Some((attachment.id, attachment.tag.clone()?)));
    Ok(tags.collect())
}

/// The tags that stand in the `submit-submission` event, computed from the stored bytes.
pub(crate) async fn stored_tags(
    query: &mut impl Query,
    id: SubmissionId,
) -> Result<Tags, DeliveryError> {
    let row = query
        .fetch_optional(
            "select encrypted_metadata, encrypted_data from delivery_document
             where submission_id = $1",
            args![id.to_string()],
        )
        .await?
        .ok_or(DeliveryError::SubmissionNotFound)?;
    let tag = |token: &str| {
        let last = token.rsplit('.').next().unwrap_or_default();
        last.parse::<AuthenticationTag>()
            .map_err(|_| DeliveryError::Corrupt("ciphertext"))
    };
    Ok(Tags {
        metadata: tag(&row.text("encrypted_metadata")?)?,
        data: row
            .opt_text("encrypted_data")?
            .as_deref()
            .map(tag)
            .transpose()?,
        attachments: attachment_tags(&attachments(query, id).await?)?,
    })
}

pub(crate) async fn load(
    query: &mut impl Query,
    id: SubmissionId,
) -> Result<Stored, DeliveryError> {
    let row = query
        .fetch_optional(
            "select id, case_id, destination_id, sender, state, service_identifier, service_name,
                 region, content_digest, submitted_at
             from delivery_submission where id = $1",
            args![id.to_string()],
        )
        .await?
        .ok_or(DeliveryError::SubmissionNotFound)?;
    read_stored(&row)
}

fn read_stored(row: &Row) -> Result<Stored, DeliveryError> {
    let state = row.text("state")?;
    let state = SubmissionState::ALL
        .into_iter()
        .find(|known| known.as_str() == state);
    Ok(Stored {
        id: row.parse("id")?,
        case: row.parse("case_id")?,
        destination: row.parse("destination_id")?,
        sender: row.parse("sender")?,
        state: state.ok_or(DeliveryError::Corrupt("state of a submission"))?,
        service: ServiceRef {
            identifier: row.text("service_identifier")?,
            name: row.text("service_name")?,
        },
        region: row.opt_text("region")?,
        content_digest: row.opt_bytes("content_digest")?,
        submitted_at: row.opt_instant("submitted_at")?,
    })
}

/// A submission of the client itself.
pub(crate) async fn load_own(
    query: &mut impl Query,
    principal: &Principal,
    id: SubmissionId,
) -> Result<Stored, DeliveryError> {
    let stored = load(query, id).await?;
    if stored.sender == *principal.client() {
        Ok(stored)
    } else {
        Err(DeliveryError::Forbidden(
            "the submission was created by another client",
        ))
    }
}

pub(crate) async fn attachments(
    query: &mut impl Query,
    id: SubmissionId,
) -> Result<Vec<StoredAttachment>, DeliveryError> {
    let rows = query
        .fetch_all(
            "select id, content_id, size, tag from delivery_attachment
             where submission_id = $1 order by position",
            args![id.to_string()],
        )
        .await?;
    let read = |row: &Row| {
        let tag = row.opt_text("tag")?;
        let tag = tag.map(|tag| tag.parse()).transpose();
        Ok(StoredAttachment {
            id: row.parse("id")?,
            content_id: row.opt_text("content_id")?,
            size: u64::try_from(row.opt_int("size")?.unwrap_or_default()).unwrap_or_default(),
            tag: tag.map_err(|_| DeliveryError::Corrupt("tag of an attachment"))?,
        })
    };
    rows.iter().map(read).collect()
}

pub(crate) async fn expected_key(
    query: &mut impl Query,
    id: DestinationId,
) -> Result<ExpectedKey, DeliveryError> {
    let target = destination::load(query, id).await?;
    let key = destination::key(query, id, &target.encryption_kid)
        .await?
        .ok_or(DeliveryError::Corrupt("key of a destination"))?;
    Ok(ExpectedKey::new(&target.encryption_kid, &key))
}

/// Sets the state after a decision of the receiver.
pub(crate) async fn finish(
    tx: &mut Tx,
    id: SubmissionId,
    state: SubmissionState,
    at: Instant,
) -> Result<(), DeliveryError> {
    tx.execute(
        "update delivery_submission set state = $1, finished_at = $2 where id = $3",
        args![state.as_str(), at, id.to_string()],
    )
    .await?;
    Ok(())
}

/// Identifies the content of a submit, so that a repetition is recognised even after the content
/// itself was erased.
fn content_digest(metadata: &str, data: Option<&str>) -> Vec<u8> {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in [Some(metadata), data] {
        let part = part.unwrap_or_default();
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    context.finish().as_ref().to_vec()
}
