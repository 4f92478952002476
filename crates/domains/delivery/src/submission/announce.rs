//! The first step: a sender announces a submission and its attachments.

use einmal_storage::{args, transaction};

use super::{Created, NewSubmission, SubmissionState};
use crate::{
    AttachmentId, CaseId, Delivery, DeliveryError, DestinationStatus, Event, Principal, Scope,
    SubmissionId, destination, event_log,
};

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
}
