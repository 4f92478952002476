//! Tells the delivery service what was decided. The order is a job in the transaction of the
//! decision; its key is the case, so a decision is ordered once. Posting repeats until the service
//! has answered; the case is decided only then.

use einmal_model::Instant;
use einmal_storage::jobs::{self, AfterFailure, ClaimedJob, Job};
use einmal_storage::{Query, StorageError, Tx, args, transaction};

use crate::error::CaseworkError;
use crate::history::{self, HistoryKind};
use crate::ids::CaseId;
use crate::port::{PortFailure, PostOutcome, SubmissionRef};
use crate::problem::{ProblemType, RejectionProblem};
use crate::service::Casework;
use crate::state::{CaseState, Sending, Verdict};
use crate::store;
use crate::tenant::{Tenant, TenantId};

/// The queue of the decisions, for the operators' page.
pub const DECISION_QUEUE: &str = "casework.decision";

/// What one call of [`Casework::post_decisions_once`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PostReport {
    /// Decisions that the delivery service confirmed.
    pub confirmed: usize,
    /// Decisions to be posted again later.
    pub postponed: usize,
    /// Decisions that were given up and wait for an operator.
    pub stuck: usize,
}

impl PostReport {
    /// How much was done; nothing means: sleep.
    #[must_use]
    pub const fn work_done(&self) -> usize {
        self.confirmed + self.postponed + self.stuck
    }
}

/// Orders the message in the transaction of the decision.
pub(crate) async fn order(tx: &mut Tx, case: CaseId, now: Instant) -> Result<(), CaseworkError> {
    let job = Job {
        queue: DECISION_QUEUE,
        key: case.to_string(),
        payload: "{}".to_owned(),
        run_at: now,
    };
    jobs::enqueue(tx, &job).await?;
    Ok(())
}

/// A decision that is to be posted.
struct Order {
    case: CaseId,
    tenant: Tenant,
    submission: SubmissionRef,
    sending: Sending,
    receipt: Vec<u8>,
    problem: RejectionProblem,
}

impl Casework {
    /// Posts due decisions of all tenants. `worker` names the node.
    ///
    /// # Errors
    /// [`CaseworkError::Storage`]; failures of the delivery service are in the report and lead to
    /// another attempt.
    pub async fn post_decisions_once(&self, worker: &str) -> Result<PostReport, CaseworkError> {
        let lease = self.settings.post_lease_seconds;
        let mut report = PostReport::default();
        for _ in 0..self.settings.post_batch {
            // One at a time: the lease covers one post only, and nothing waits for it after a crash
            // but that one decision.
            let claimed = jobs::claim(&self.db, DECISION_QUEUE, worker, lease, 1).await?;
            let Some(job) = claimed.first() else {
                break;
            };
            match self.post_one(job, &mut report).await {
                Ok(()) => {}
                // Another worker took over: it records the outcome.
                Err(CaseworkError::Storage(StorageError::LeaseLost { .. })) => {}
                Err(error @ CaseworkError::Storage(_)) => return Err(error),
                // A key or a tenant is missing: this decision waits, the others go on.
                Err(error) => self.set_aside(job, &error, &mut report).await?,
            }
        }
        Ok(report)
    }

    async fn set_aside(
        &self,
        job: &ClaimedJob,
        error: &CaseworkError,
        report: &mut PostReport,
    ) -> Result<(), CaseworkError> {
        tracing::error!(case = %job.key, %error, "decision cannot be posted");
        let pause = i64::from(self.settings.post_retry.longest_pause);
        let run_at = self.clock.now().plus_seconds(pause);
        let cause = error.to_string();
        transaction!(self.db, "casework.post_set_aside", |tx| {
            jobs::retry(tx, job, &cause, run_at).await
        })?;
        report.postponed += 1;
        Ok(())
    }

    async fn post_one(
        &self,
        job: &ClaimedJob,
        report: &mut PostReport,
    ) -> Result<(), CaseworkError> {
        let case: CaseId = job
            .key
            .parse()
            .map_err(|_| CaseworkError::Stored("key of a decision"))?;
        let Some(order) = self.load_order(case).await? else {
            // Confirmed before, by a worker that died before it could complete the job: cannot
            // happen while both stand in one transaction, and would be harmless.
            return transaction!(self.db, "casework.post_obsolete", |tx| {
                Ok(jobs::complete(tx, job, self.clock.now()).await?)
            });
        };
        let outcome = match order.sending.verdict() {
            Verdict::Accepted => {
                self.inbox
                    .accept(&order.tenant, order.submission, &order.receipt)
                    .await
            }
            Verdict::Rejected => {
                let problems = std::slice::from_ref(&order.problem);
                self.inbox
                    .reject(&order.tenant, order.submission, problems)
                    .await
            }
        };
        let recorded = match outcome {
            Ok(PostOutcome::Posted) => order.sending.verdict(),
            Ok(PostOutcome::AlreadyDone(verdict)) => verdict,
            Err(failure) => return self.try_again(job, &order, &failure, report).await,
        };
        match order.sending.confirmed(recorded) {
            Some(state) => self.confirm(job, &order, recorded, state, report).await,
            None => {
                let cause = "die Einreichung ist beim Zustelldienst als angenommen verzeichnet";
                self.give_up(job, case, cause, report).await
            }
        }
    }

    async fn load_order(&self, case: CaseId) -> Result<Option<Order>, CaseworkError> {
        let mut read = self.db.read().await?;
        let row = read
            .fetch_one(
                "select tenant_id, submission_id, delivery_case_id, state, receipt, reason,
                        problem_type, problem_instance
                 from case_file where id = $1",
                args![case.to_string()],
            )
            .await?;
        let state: CaseState = row.parse("state")?;
        let Some(sending) = state.sending() else {
            return Ok(None);
        };
        let tenant: TenantId = row.parse("tenant_id")?;
        let kind = row.opt_text("problem_type")?;
        let kind = kind.as_deref().and_then(ProblemType::from_code);
        let kind = kind.unwrap_or(ProblemType::Other);
        let instance = row.opt_text("problem_instance")?;
        let reason = self.open_text(case, "reason", &row)?;
        let problem = RejectionProblem {
            kind,
            title: kind.sentence().to_owned(),
            detail: reason.unwrap_or_else(|| kind.sentence().to_owned()),
            instance: instance.unwrap_or_else(|| "submission".to_owned()),
        };
        Ok(Some(Order {
            case,
            tenant: store::tenant(&mut read, &tenant).await?,
            submission: store::submission_from(&row)?,
            sending,
            receipt: row.opt_bytes("receipt")?.unwrap_or_default(),
            problem,
        }))
    }

    async fn confirm(
        &self,
        job: &ClaimedJob,
        order: &Order,
        recorded: Verdict,
        state: CaseState,
        report: &mut PostReport,
    ) -> Result<(), CaseworkError> {
        let ours = recorded == order.sending.verdict();
        let kind = match (recorded, ours) {
            (Verdict::Accepted, true) => HistoryKind::ConfirmedAccept,
            (Verdict::Rejected, true) => HistoryKind::ConfirmedReject,
            (Verdict::Accepted, false) => HistoryKind::OvertakenAccept,
            (Verdict::Rejected, false) => HistoryKind::OvertakenReject,
        };
        if !ours {
            tracing::warn!(case = %order.case, recorded = recorded.code(), "the delivery service had recorded another verdict");
        }
        let now = self.clock.now();
        transaction!(self.db, "casework.confirm", |tx| {
            tx.execute(
                "update case_file set state = $2, closed_at = $3, last_error = null
                 where id = $1 and state in ('accepting', 'rejecting', 'not_readable')",
                args![order.case.to_string(), state.code(), now],
            )
            .await?;
            history::append(tx, order.case, kind, now).await?;
            store::audit(tx, order.case, kind, None, now).await?;
            jobs::complete(tx, job, now).await?;
            Ok::<_, CaseworkError>(())
        })?;
        report.confirmed += 1;
        Ok(())
    }

    async fn try_again(
        &self,
        job: &ClaimedJob,
        order: &Order,
        failure: &PortFailure,
        report: &mut PostReport,
    ) -> Result<(), CaseworkError> {
        tracing::warn!(case = %order.case, tenant = %order.tenant.id, cause = %failure.cause,
            attempt = job.attempts, "decision not delivered");
        let now = self.clock.now();
        let policy = self.settings.post_retry;
        let after = transaction!(self.db, "casework.post_failed", |tx| {
            tx.execute(
                "update case_file set last_error = $2 where id = $1",
                args![order.case.to_string(), cut(&failure.cause)],
            )
            .await?;
            let after = if failure.retryable || job.attempts >= policy.attempts {
                jobs::fail(tx, job, &failure.cause, &policy, now, &*self.random).await?
            } else {
                // Refused for good, as far as the service knows. A decision is never dropped:
                // somebody may mend the key or the registration behind it, so look again slowly.
                let run_at = now.plus_seconds(i64::from(policy.longest_pause));
                jobs::retry(tx, job, &failure.cause, run_at).await?;
                AfterFailure::Again(run_at)
            };
            if after == AfterFailure::Dead {
                history::append(tx, order.case, HistoryKind::Stuck, now).await?;
                store::audit(tx, order.case, HistoryKind::Stuck, None, now).await?;
            }
            Ok::<_, CaseworkError>(after)
        })?;
        match after {
            AfterFailure::Again(_) => report.postponed += 1,
            AfterFailure::Dead => report.stuck += 1,
        }
        Ok(())
    }

    async fn give_up(
        &self,
        job: &ClaimedJob,
        case: CaseId,
        cause: &'static str,
        report: &mut PostReport,
    ) -> Result<(), CaseworkError> {
        tracing::error!(%case, cause, "decision given up");
        let now = self.clock.now();
        transaction!(self.db, "casework.post_stuck", |tx| {
            tx.execute(
                "update case_file set last_error = $2 where id = $1",
                args![case.to_string(), cause],
            )
            .await?;
            history::append(tx, case, HistoryKind::Stuck, now).await?;
            store::audit(tx, case, HistoryKind::Stuck, None, now).await?;
            jobs::bury(tx, job, cause, now).await?;
            Ok::<_, CaseworkError>(())
        })?;
        report.stuck += 1;
        Ok(())
    }
}

fn cut(text: &str) -> String {
    text.chars().take(500).collect()
}
