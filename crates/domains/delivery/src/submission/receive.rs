//! What a receiver sees: the list of what waits, and the ciphertext.

use einmal_storage::{Query, args};

use super::store::{Stored, attachments, load, view};
use super::{Listed, Page, SubmissionContent};
use crate::{Delivery, DeliveryError, DestinationId, Principal, Scope, SubmissionId};

impl Delivery {
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
                args![client, destination, page.limit(), page.offset()],
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
}
