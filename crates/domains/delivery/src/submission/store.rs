//! The rows of submissions and attachments.

use std::collections::BTreeMap;

use einmal_jose::AuthenticationTag;
use einmal_model::Instant;
use einmal_storage::{Query, Row, Tx, args};

use super::{ServiceRef, Submission, SubmissionState};
use crate::jwe_check::ExpectedKey;
use crate::{
    AttachmentId, CaseId, ClientId, DeliveryError, DestinationId, Principal, SubmissionId, Tags,
    destination,
};

/// A row of the submission table.
pub(crate) struct Stored {
    pub(crate) id: SubmissionId,
    pub(crate) case: CaseId,
    pub(crate) destination: DestinationId,
    pub(crate) sender: ClientId,
    pub(crate) state: SubmissionState,
    pub(super) service: ServiceRef,
    pub(super) region: Option<String>,
    pub(super) content_digest: Option<Vec<u8>>,
    pub(super) submitted_at: Option<Instant>,
}

/// A row of the attachment table.
pub(crate) struct StoredAttachment {
    pub(crate) id: AttachmentId,
    pub(crate) content_id: Option<String>,
    pub(crate) size: u64,
    pub(crate) tag: Option<AuthenticationTag>,
}

pub(super) fn view(stored: Stored, attachments: &[StoredAttachment]) -> Submission {
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
pub(super) fn attachment_tags(
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
