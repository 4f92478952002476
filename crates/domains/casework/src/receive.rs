//! Opens a case for every submission that waits: exactly once, however often this runs, is killed
//! or runs twice at the same time.

use std::collections::HashSet;

use einmal_storage::{Kind, Query, Tx, args, transaction};
use serde_json::json;

use crate::error::CaseworkError;
use crate::history::{self, HistoryKind};
use crate::ids::CaseId;
use crate::inbox::reference_key;
use crate::message::{self, AttachmentAbout};
use crate::port::{FetchFailure, ReceivedSubmission, SubmissionRef};
use crate::post;
use crate::problem::ProblemType;
use crate::service::Casework;
use crate::state::CaseState;
use crate::store;
use crate::tenant::{Tenant, TenantId};

/// What one call of [`Casework::receive_once`] did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReceiveReport {
    /// Cases opened.
    pub opened: usize,
    /// Submissions that cannot be read; their rejection is ordered.
    pub refused: usize,
    /// Submissions to be fetched again later.
    pub postponed: usize,
    /// The first reason for that, for operators.
    pub first_cause: Option<String>,
    /// Submissions that were left for the next call, because the batch was full.
    pub left: usize,
}

impl ReceiveReport {
    /// How much was done; nothing means: sleep.
    #[must_use]
    pub const fn work_done(&self) -> usize {
        self.opened + self.refused
    }
}

/// Sealed values of a new case, ready for the transaction (which may run more than once).
struct NewCase {
    id: CaseId,
    row: Vec<einmal_storage::Value>,
    attachments: Vec<Vec<einmal_storage::Value>>,
    readable: bool,
}

const KNOWN_SQLITE: &str = "select c.submission_id from json_each($2) listed
    join case_file c on c.tenant_id = $1 and c.submission_id = listed.value";
const KNOWN_POSTGRES: &str = "select c.submission_id
    from json_array_elements_text(cast($2 as json)) listed (value)
    join case_file c on c.tenant_id = $1 and c.submission_id = listed.value";

const COLUMNS: &[&str] = &[
    "id",
    "tenant_id",
    "submission_id",
    "delivery_case_id",
    "state",
    "reference",
    "reference_key",
    "title",
    "schema_uri",
    "application_date",
    "receipt",
    "metadata",
    "data",
    "problem_type",
    "problem_instance",
    "cause",
    "submitted_at",
    "received_at",
    "decided_at",
];

impl Casework {
    /// Fetches what waits for one tenant and opens cases. A submission that cannot be fetched now
    /// does not stop the others.
    ///
    /// # Errors
    /// [`CaseworkError::Inbox`] when the list cannot be read, [`CaseworkError::UnknownTenant`],
    /// [`CaseworkError::Storage`].
    pub async fn receive_once(&self, tenant: &TenantId) -> Result<ReceiveReport, CaseworkError> {
        let tenant = self.tenant(tenant).await?;
        let listed = self.inbox.list(&tenant).await?;
        let mut waiting = self.unknown(&tenant, listed).await?;
        let batch = self.settings.receive_batch.max(1);
        let mut report = ReceiveReport {
            left: waiting.len().saturating_sub(batch),
            ..ReceiveReport::default()
        };
        self.choose(&mut waiting, batch);
        for submission in waiting {
            self.receive(&tenant, submission, &mut report).await?;
        }
        Ok(report)
    }

    /// Cuts the list to a batch: most from the front (the oldest), some from anywhere behind it, so
    /// that submissions that fail again and again at the front never hold up the rest for good.
    fn choose(&self, waiting: &mut Vec<SubmissionRef>, batch: usize) {
        if waiting.len() <= batch {
            return;
        }
        let mut rest = waiting.split_off(batch - batch / 4);
        let mut bytes = [0_u8; 8];
        self.random.fill(&mut bytes);
        let length = u64::try_from(rest.len()).unwrap_or(u64::MAX);
        let start = u64::from_le_bytes(bytes) % length;
        rest.rotate_left(usize::try_from(start).unwrap_or_default());
        rest.truncate(batch / 4);
        waiting.append(&mut rest);
    }

    /// The submissions of the list that have no case yet; one question to the database.
    async fn unknown(
        &self,
        tenant: &Tenant,
        listed: Vec<SubmissionRef>,
    ) -> Result<Vec<SubmissionRef>, CaseworkError> {
        if listed.is_empty() {
            return Ok(listed);
        }
        let ids: Vec<String> = listed
            .iter()
            .map(|submission| submission.submission_id.to_string())
            .collect();
        let sql = match self.db.kind() {
            Kind::Sqlite => KNOWN_SQLITE,
            Kind::Postgres => KNOWN_POSTGRES,
        };
        let rows = self
            .db
            .read()
            .await?
            .fetch_all(sql, args![tenant.id.as_str(), json!(ids).to_string()])
            .await?;
        let mut seen = HashSet::new();
        for row in &rows {
            seen.insert(row.parse("submission_id")?);
        }
        // A list that names a submission twice opens it once, too.
        Ok(listed
            .into_iter()
            .filter(|submission| seen.insert(submission.submission_id))
            .collect())
    }

    async fn receive(
        &self,
        tenant: &Tenant,
        submission: SubmissionRef,
        report: &mut ReceiveReport,
    ) -> Result<(), CaseworkError> {
        let fetched = self.inbox.fetch(tenant, submission).await;
        let checked = fetched.and_then(|received| {
            let same = received.submission_id == submission.submission_id
                && received.case_id == submission.case_id;
            if !same {
                let cause = "the port handed out another submission than asked for";
                return Err(FetchFailure::Temporary(cause.to_owned()));
            }
            let checked = message::check(&received, &self.schemas)?;
            Ok((received, checked))
        });
        let case = match checked {
            Ok((received, checked)) => self.readable(tenant, &received, &checked)?,
            Err(FetchFailure::Temporary(cause)) => {
                tracing::warn!(tenant = %tenant.id, submission = %submission.submission_id, %cause,
                    "submission not fetched");
                report.postponed += 1;
                report.first_cause.get_or_insert(cause);
                return Ok(());
            }
            Err(FetchFailure::Unacceptable {
                problem_type,
                instance,
                cause,
            }) => {
                // Not the cause: it may quote the content.
                tracing::warn!(tenant = %tenant.id, submission = %submission.submission_id,
                    problem = problem_type.code(), %instance, "submission cannot be read");
                self.not_readable(tenant, submission, problem_type, &instance, &cause)?
            }
        };
        let opened = self.store_case(&case).await?;
        match (opened, case.readable) {
            (true, true) => report.opened += 1,
            (true, false) => report.refused += 1,
            // Another poller was faster.
            (false, _) => {}
        }
        Ok(())
    }

    fn readable(
        &self,
        tenant: &Tenant,
        received: &ReceivedSubmission,
        checked: &message::Checked,
    ) -> Result<NewCase, CaseworkError> {
        let id = CaseId::new(&*self.clock, &*self.random);
        let data = received
            .data
            .as_ref()
            .map(|data| self.seal(id, "data", data))
            .transpose()?;
        let row = args![
            id.to_string(),
            tenant.id.as_str(),
            received.submission_id.to_string(),
            received.case_id.to_string(),
            CaseState::Received.code(),
            checked.reference.clone(),
            checked.reference.as_deref().map(reference_key),
            checked.title.clone(),
            checked.schema_uri.clone(),
            checked.application_date.map(|date| date.to_string()),
            &received.receipt,
            self.seal(id, "metadata", &received.metadata)?,
            data,
            None::<String>,
            None::<String>,
            None::<Vec<u8>>,
            received.submitted_at,
            self.clock.now(),
            None::<i64>,
        ];
        let mut attachments = Vec::with_capacity(checked.attachments.len());
        for (place, attachment, about) in &checked.attachments {
            let Some((_, content)) = received.attachments.get(*place) else {
                continue;
            };
            let position = i64::try_from(attachments.len()).unwrap_or(i64::MAX);
            attachments.push(self.attachment_row(id, *attachment, position, about, content)?);
        }
        Ok(NewCase {
            id,
            row,
            attachments,
            readable: true,
        })
    }

    fn attachment_row(
        &self,
        case: CaseId,
        attachment: crate::ids::AttachmentId,
        position: i64,
        about: &AttachmentAbout,
        content: &[u8],
    ) -> Result<Vec<einmal_storage::Value>, CaseworkError> {
        let key = attachment.to_string();
        let about = serde_json::to_vec(about).map_err(|_| CaseworkError::Stored("attachment"))?;
        Ok(args![
            case.to_string(),
            &key,
            position,
            i64::try_from(content.len()).unwrap_or(i64::MAX),
            self.seal_attachment(case, &key, "about", &about)?,
            self.seal_attachment(case, &key, "content", content)?,
        ])
    }

    /// Keeps the cause, not the content: the sender still has it, and nobody here may need it.
    fn not_readable(
        &self,
        tenant: &Tenant,
        submission: SubmissionRef,
        problem: ProblemType,
        instance: &str,
        cause: &str,
    ) -> Result<NewCase, CaseworkError> {
        let id = CaseId::new(&*self.clock, &*self.random);
        let now = self.clock.now();
        let instance: String = instance.chars().take(200).collect();
        let cause: String = cause.chars().take(2_000).collect();
        let row = args![
            id.to_string(),
            tenant.id.as_str(),
            submission.submission_id.to_string(),
            submission.case_id.to_string(),
            CaseState::NotReadable.code(),
            None::<String>,
            None::<String>,
            None::<String>,
            None::<String>,
            None::<String>,
            None::<Vec<u8>>,
            None::<Vec<u8>>,
            None::<Vec<u8>>,
            problem.code(),
            instance,
            self.seal(id, "cause", cause.as_bytes())?,
            None::<i64>,
            now,
            now,
        ];
        Ok(NewCase {
            id,
            row,
            attachments: Vec::new(),
            readable: false,
        })
    }

    /// One transaction: the case, its content, history, audit, and the order to reject what cannot
    /// be read. False when the submission has a case already.
    async fn store_case(&self, case: &NewCase) -> Result<bool, CaseworkError> {
        let now = self.clock.now();
        transaction!(self.db, "casework.receive", |tx| {
            let rest = "on conflict (tenant_id, submission_id) do nothing";
            let rows = vec![case.row.clone()];
            if tx.insert_many("case_file", COLUMNS, rows, rest).await? == 0 {
                return Ok(false);
            }
            let kind = if case.readable {
                HistoryKind::Received
            } else {
                HistoryKind::NotReadable
            };
            store_attachments(tx, case).await?;
            history::append(tx, case.id, kind, now).await?;
            store::audit(tx, case.id, kind, None, now).await?;
            if !case.readable {
                post::order(tx, case.id, now).await?;
            }
            Ok(true)
        })
    }
}

async fn store_attachments(tx: &mut Tx, case: &NewCase) -> Result<(), CaseworkError> {
    let columns = &[
        "case_id",
        "attachment_id",
        "position",
        "size",
        "about",
        "content",
    ];
    let rows = case.attachments.clone();
    tx.insert_many("case_attachment", columns, rows, "").await?;
    Ok(())
}
