//! The ciphertext of attachments: streamed in and out in pieces, so that half a gigabyte passes
//! through with little memory. The only module that knows where the bytes lie.

use einmal_jose::JweScan;
use einmal_model::reexport::Uuid;
use einmal_storage::{Db, Query, Tx, args, transaction};

use crate::jwe_check::{self, ExpectedKey, refused};
use crate::submission::{attachments, expected_key, load, load_own};
use crate::{
    ApiVersion, AttachmentId, Delivery, DeliveryError, Principal, Scope, SubmissionId,
    SubmissionState,
};

/// Bytes per stored piece.
const PIECE: usize = 1 << 20;
/// An upload that has not ended after a day never will.
const ORPHANED_AFTER_SECONDS: i64 = 86_400;

/// An upload in progress. What was written becomes the attachment only with
/// [`finish`](Self::finish); an upload that breaks off leaves the attachment as it was.
pub struct AttachmentUpload {
    delivery: Delivery,
    submission: SubmissionId,
    attachment: AttachmentId,
    version: ApiVersion,
    expected: ExpectedKey,
    scan: JweScan,
    content: Uuid,
    buffer: Vec<u8>,
    pieces: i64,
    size: u64,
    limit: u64,
}

/// A stored attachment that is read piece by piece.
pub struct AttachmentReader {
    db: Db,
    content: String,
    next: i64,
    size: u64,
}

impl Delivery {
    /// Begins to upload an announced attachment, replacing an earlier upload.
    ///
    /// # Errors
    /// [`DeliveryError::Forbidden`], [`DeliveryError::SubmissionNotFound`],
    /// [`DeliveryError::AttachmentNotAnnounced`], [`DeliveryError::StateTransition`] once the
    /// submission is complete, [`DeliveryError::Storage`].
    pub async fn upload_attachment(
        &self,
        principal: &Principal,
        submission: SubmissionId,
        attachment: AttachmentId,
        version: ApiVersion,
    ) -> Result<AttachmentUpload, DeliveryError> {
        principal.require(Scope::Send)?;
        let mut read = self.inner.db.read().await?;
        let stored = load_own(&mut read, principal, submission).await?;
        let announced = attachments(&mut read, submission).await?;
        if !announced.iter().any(|known| known.id == attachment) {
            return Err(DeliveryError::AttachmentNotAnnounced);
        }
        if stored.state != SubmissionState::Incomplete {
            return Err(DeliveryError::StateTransition(stored.state));
        }
        let others = announced.iter().filter(|known| known.id != attachment);
        let others: u64 = others.map(|known| known.size).sum();
        let limits = &self.inner.settings.limits;
        Ok(AttachmentUpload {
            delivery: self.clone(),
            submission,
            attachment,
            version,
            expected: expected_key(&mut read, stored.destination).await?,
            scan: JweScan::default(),
            content: self.new_uuid(),
            buffer: Vec::new(),
            pieces: 0,
            size: 0,
            limit: limits
                .attachment
                .min(limits.submission.saturating_sub(others)),
        })
    }

    /// Opens an attachment of a waiting submission.
    ///
    /// # Errors
    /// [`DeliveryError::Forbidden`], [`DeliveryError::SubmissionNotFound`],
    /// [`DeliveryError::AttachmentNotFound`], [`DeliveryError::Storage`].
    pub async fn fetch_attachment(
        &self,
        principal: &Principal,
        submission: SubmissionId,
        attachment: AttachmentId,
    ) -> Result<AttachmentReader, DeliveryError> {
        let mut read = self.inner.db.read().await?;
        self.load_readable(&mut read, principal, submission).await?;
        let found = attachments(&mut read, submission)
            .await?
            .into_iter()
            .find(|known| known.id == attachment)
            .ok_or(DeliveryError::AttachmentNotFound)?;
        Ok(AttachmentReader {
            db: self.inner.db.clone(),
            content: found.content_id.ok_or(DeliveryError::AttachmentNotFound)?,
            next: 0,
            size: found.size,
        })
    }

    /// Erases the pieces of uploads that broke off more than a day ago; to be called now and
    /// then. Gives the number of pieces.
    ///
    /// # Errors
    /// [`DeliveryError::Storage`].
    pub async fn remove_orphaned_content(&self) -> Result<u64, DeliveryError> {
        // Content ids are time-ordered (UUID version 7): one comparison tells their age.
        let newest = self.now().plus_seconds(-ORPHANED_AFTER_SECONDS);
        let millis = u64::try_from(newest.as_micros() / 1_000).unwrap_or_default();
        let bound = format!("{:08x}-{:04x}", millis >> 16, millis & 0xffff);
        transaction!(self.inner.db, "delivery.content.orphans", |tx| {
            let removed = tx
                .execute(
                    "delete from delivery_content where id < $1 and not exists (
                         select 1 from delivery_attachment a
                         where a.content_id = delivery_content.id)",
                    args![bound.as_str()],
                )
                .await?;
            Ok::<_, DeliveryError>(removed)
        })
    }
}

impl AttachmentUpload {
    /// Takes the next bytes of the JWE text.
    ///
    /// # Errors
    /// [`DeliveryError::TooLarge`], [`DeliveryError::InvalidJwe`], [`DeliveryError::Storage`].
    pub async fn write(&mut self, mut bytes: &[u8]) -> Result<(), DeliveryError> {
        self.size = self.size.saturating_add(bytes.len() as u64);
        if self.size > self.limit {
            return Err(DeliveryError::TooLarge {
                what: "attachment",
                limit: self.limit,
            });
        }
        self.scan
            .feed(bytes)
            .map_err(|error| refused("attachment", error))?;
        while self.buffer.len() + bytes.len() > PIECE {
            let (head, tail) = bytes.split_at(PIECE.saturating_sub(self.buffer.len()));
            self.buffer.extend_from_slice(head);
            bytes = tail;
            self.store_piece().await?;
        }
        self.buffer.extend_from_slice(bytes);
        Ok(())
    }

    async fn store_piece(&mut self) -> Result<(), DeliveryError> {
        let piece = std::mem::take(&mut self.buffer);
        let (content, number) = (self.content.to_string(), self.pieces);
        transaction!(self.delivery.inner.db, "delivery.content.piece", |tx| {
            insert_piece(tx, &content, number, &piece).await
        })?;
        self.pieces += 1;
        Ok(())
    }

    /// Ends the upload: from now on this is the attachment.
    ///
    /// # Errors
    /// [`DeliveryError::InvalidJwe`] for an incomplete token, [`DeliveryError::StateTransition`]
    /// when the submission was completed meanwhile, [`DeliveryError::TooLarge`],
    /// [`DeliveryError::Storage`].
    pub async fn finish(mut self) -> Result<(), DeliveryError> {
        let scan = std::mem::take(&mut self.scan);
        let (header, tag) = scan
            .finish()
            .map_err(|error| refused("attachment", error))?;
        jwe_check::header("attachment", &header, &self.expected, self.version)?;
        let (submission, attachment) = (self.submission, self.attachment.to_string());
        let content = self.content.to_string();
        let limit = self.delivery.inner.settings.limits.submission;
        let size = i64::try_from(self.size).unwrap_or(i64::MAX);
        transaction!(self.delivery.inner.db, "delivery.attachment.finish", |tx| {
            let stored = load(tx, submission).await?;
            if stored.state != SubmissionState::Incomplete {
                return Err(DeliveryError::StateTransition(stored.state));
            }
            let mut total = self.size;
            for known in attachments(tx, submission).await? {
                if known.id != self.attachment {
                    total = total.saturating_add(known.size);
                } else if let Some(old) = known.content_id {
                    let sql = "delete from delivery_content where id = $1";
                    tx.execute(sql, args![old]).await?;
                }
            }
            if total > limit {
                return Err(DeliveryError::TooLarge {
                    what: "submission",
                    limit,
                });
            }
            insert_piece(tx, &content, self.pieces, &self.buffer).await?;
            tx.execute(
                "update delivery_attachment set content_id = $1, size = $2, tag = $3
                 where submission_id = $4 and id = $5",
                args![
                    content.as_str(),
                    size,
                    tag.as_str(),
                    submission.to_string(),
                    attachment.as_str()
                ],
            )
            .await?;
            Ok(())
        })
    }
}

impl AttachmentReader {
    /// Total length in bytes.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The next piece, nothing after the last.
    ///
    /// # Errors
    /// [`DeliveryError::Storage`].
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, DeliveryError> {
        let row = self
            .db
            .read()
            .await?
            .fetch_optional(
                "select bytes from delivery_content where id = $1 and part = $2",
                args![self.content.as_str(), self.next],
            )
            .await?;
        self.next += 1;
        Ok(row.map(|row| row.bytes("bytes")).transpose()?)
    }
}

async fn insert_piece(
    tx: &mut Tx,
    content: &str,
    number: i64,
    bytes: &[u8],
) -> Result<(), DeliveryError> {
    tx.execute(
        "insert into delivery_content (id, part, bytes) values ($1, $2, $3)",
        args![content, number, bytes],
    )
    .await?;
    Ok(())
}
