//! The last step of the sender: metadata and data arrive, and nothing can change any more.

use aws_lc_rs::digest;
use einmal_storage::{args, transaction};

use super::store::{
    self, Stored, StoredAttachment, attachment_tags, expected_key, load, load_own, view,
};
use super::{ApiVersion, Submission, SubmissionState};
use crate::{
    Delivery, DeliveryError, Event, Principal, Scope, SubmissionId, Tags, event_log, jwe_check,
};

/// How often a submission whose attachments changed while it was being signed is signed anew.
const MAX_SIGNING_ATTEMPTS: u32 = 4;

impl Delivery {
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
            let attachments = store::attachments(&mut read, id).await?;
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
                let attachments = store::attachments(tx, id).await?;
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
