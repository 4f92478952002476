//! Delivery of legs, each on its own: one job per leg, one step of the transport at a time,
//! progress stored between steps. A crash at any point is a normal event: the job runs again and
//! goes on after the last stored step.

use std::sync::Arc;

use einmal_model::{Clock, Instant, Random};
use einmal_storage::jobs::{self, AfterFailure, ClaimedJob, Job, RetryPolicy};
use einmal_storage::{Crypter, Db, Query, StorageError, Tx, args, audit, transaction};
use futures_util::future::join_all;

use crate::error::ApplicationError;
use crate::ids::LegId;
use crate::port::{
    EventKind, LegTransport, TransportFailure, TransportProgress, TransportStep, VerifiedEvent,
};
use crate::send::DELIVER;
use crate::store::{self, InDelivery};
use crate::view::LegState;

/// Queue of the jobs that ask what became of a leg.
const POLL: &str = "application.poll";

/// How deliveries behave.
#[derive(Debug, Clone)]
pub struct DeliverySettings {
    /// Name of this worker, unique among the nodes.
    pub worker: String,
    /// Legs handled at the same time.
    pub parallel: u32,
    /// Seconds after which another worker may take over; longer than the slowest step.
    pub lease_seconds: u32,
    /// How failed deliveries are tried again.
    pub retry: RetryPolicy,
    /// Seconds between two looks at the events of a young leg. Older legs are looked at less
    /// often: after ten minutes every minute at most, after a day every quarter of an hour.
    pub poll_seconds: u32,
}

impl Default for DeliverySettings {
    fn default() -> Self {
        Self {
            worker: "portal".to_owned(),
            parallel: 8,
            lease_seconds: 120,
            retry: RetryPolicy::default(),
            poll_seconds: 5,
        }
    }
}

/// Delivers legs and follows what becomes of them. Cheap to clone.
#[derive(Clone)]
pub struct Deliveries {
    db: Db,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    crypter: Crypter,
    transport: Arc<dyn LegTransport>,
    settings: DeliverySettings,
}

impl Deliveries {
    /// Puts the parts together. Database and keys are those of [`crate::Applications`].
    #[must_use]
    pub fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        crypter: Crypter,
        transport: Arc<dyn LegTransport>,
        settings: DeliverySettings,
    ) -> Self {
        Self {
            db,
            clock,
            random,
            crypter,
            transport,
            settings,
        }
    }

    /// Delivers the legs that are due, side by side: one that hangs or fails does not hold up
    /// another. Returns how many were handled.
    ///
    /// # Errors
    /// Database. Failures of a delivery are recorded with the leg and are no errors here.
    pub async fn run_once(&self) -> Result<usize, ApplicationError> {
        let claimed = self.claim(DELIVER).await?;
        let runs = claimed.iter().map(|job| async move {
            let outcome = Box::pin(self.deliver(job)).await;
            self.note(job, outcome).await
        });
        settle(join_all(runs).await)
    }

    /// Asks what became of delivered legs; states change only by verified events. Returns how many
    /// legs were looked at.
    ///
    /// # Errors
    /// Database.
    pub async fn poll_once(&self) -> Result<usize, ApplicationError> {
        let claimed = self.claim(POLL).await?;
        let runs = claimed.iter().map(|job| async move {
            let outcome = Box::pin(self.follow(job)).await;
            self.note(job, outcome).await
        });
        settle(join_all(runs).await)
    }

    async fn claim(&self, queue: &'static str) -> Result<Vec<ClaimedJob>, ApplicationError> {
        Ok(jobs::claim(
            &self.db,
            queue,
            &self.settings.worker,
            self.settings.lease_seconds,
            self.settings.parallel,
        )
        .await?)
    }

    /// Turns the outcome of one job into a result for the worker: a lost lease is another worker's
    /// success, damaged rows concern their job only.
    async fn note(
        &self,
        job: &ClaimedJob,
        outcome: Result<(), ApplicationError>,
    ) -> Result<(), ApplicationError> {
        match outcome {
            Ok(()) | Err(ApplicationError::Storage(StorageError::LeaseLost { .. })) => Ok(()),
            Err(
                error @ (ApplicationError::Crypter(_)
                | ApplicationError::Corrupt { .. }
                | ApplicationError::NotFound),
            ) => {
                tracing::error!(leg = job.key, %error, "leg cannot be handled");
                let now = self.clock.now();
                transaction!(self.db, "application.leg_unusable", |tx| {
                    jobs::bury(tx, job, &error.to_string(), now)
                        .await
                        .map_err(ApplicationError::from)
                })
            }
            Err(error) => Err(error),
        }
    }

    async fn load(&self, job: &ClaimedJob) -> Result<InDelivery, ApplicationError> {
        let leg: LegId = job
            .key
            .parse()
            .map_err(|_| ApplicationError::Corrupt { what: "job" })?;
        let mut read = self.db.read().await?;
        store::in_delivery(&mut read, &self.crypter, leg).await
    }

    // --------------------------------------------------------------------------- deliver

    async fn deliver(&self, job: &ClaimedJob) -> Result<(), ApplicationError> {
        let mut leg = self.load(job).await?;
        loop {
            if let Some(progress) = &leg.progress
                && progress.step == TransportStep::Submitted
            {
                return self.handed_over(job, &leg).await;
            }
            match self
                .transport
                .advance(&leg.message, leg.progress.as_ref())
                .await
            {
                Ok(progress) => self.step_done(&mut leg, progress).await?,
                Err(failure) => return self.step_failed(job, &leg, &failure).await,
            }
        }
    }

    /// Stores how far the delivery has come, before the next step begins.
    async fn step_done(
        &self,
        leg: &mut InDelivery,
        progress: TransportProgress,
    ) -> Result<(), ApplicationError> {
        let now = self.clock.now();
        let sealed = store::seal_progress(&self.crypter, leg.id, &progress)?;
        let (id, from) = (leg.id, leg.state);
        let submission = progress.submission.clone();
        transaction!(self.db, "application.leg_step", |tx| {
            tx.execute(
                "update application_leg set progress = $2, submission = $3 where id = $1",
                args![id.to_string(), &sealed, submission.clone()],
            )
            .await?;
            change_state(tx, id, from, LegState::Delivering, now, None).await
        })?;
        leg.state = LegState::Delivering;
        leg.progress = Some(progress);
        Ok(())
    }

    async fn step_failed(
        &self,
        job: &ClaimedJob,
        leg: &InDelivery,
        failure: &TransportFailure,
    ) -> Result<(), ApplicationError> {
        tracing::warn!(leg = %leg.id, cause = failure.cause, retryable = failure.retryable, "delivery failed");
        let now = self.clock.now();
        transaction!(self.db, "application.leg_failed", |tx| {
            let after = if failure.retryable {
                jobs::fail(
                    tx,
                    job,
                    &failure.cause,
                    &self.settings.retry,
                    now,
                    &*self.random,
                )
                .await?
            } else {
                jobs::bury(tx, job, &failure.cause, now).await?;
                AfterFailure::Dead
            };
            let state = match after {
                AfterFailure::Again(_) => LegState::Retrying,
                AfterFailure::Dead => LegState::Undeliverable,
            };
            change_state(tx, leg.id, leg.state, state, now, Some(&failure.cause)).await
        })
    }

    /// The delivery service has the message: from now on its events count.
    async fn handed_over(
        &self,
        job: &ClaimedJob,
        leg: &InDelivery,
    ) -> Result<(), ApplicationError> {
        let now = self.clock.now();
        transaction!(self.db, "application.leg_submitted", |tx| {
            jobs::complete(tx, job, now).await?;
            let poll = Job {
                queue: POLL,
                key: job.key.clone(),
                payload: job.payload.clone(),
                run_at: now,
            };
            jobs::enqueue(tx, &poll).await?;
            Ok::<_, ApplicationError>(())
        })?;
        tracing::debug!(leg = %leg.id, "leg handed over");
        Ok(())
    }

    // ---------------------------------------------------------------------------- follow

    async fn follow(&self, job: &ClaimedJob) -> Result<(), ApplicationError> {
        let leg = self.load(job).await?;
        let now = self.clock.now();
        let Some(progress) = &leg.progress else {
            return Err(ApplicationError::Corrupt { what: "progress" });
        };
        let events = match self.transport.events(progress).await {
            Ok(events) => events,
            Err(failure) => {
                tracing::warn!(leg = %leg.id, cause = failure.cause, "events cannot be read");
                let pause = i64::from(self.settings.poll_seconds.max(30));
                return transaction!(self.db, "application.leg_unheard", |tx| {
                    jobs::retry(tx, job, &failure.cause, now.plus_seconds(pause))
                        .await
                        .map_err(ApplicationError::from)
                });
            }
        };
        let news = news(leg.state, &events);
        let state = news.last().map_or(leg.state, |news| news.state);
        transaction!(self.db, "application.leg_news", |tx| {
            let mut from = leg.state;
            for item in &news {
                change_state(tx, leg.id, from, item.state, item.at, None).await?;
                if !item.reasons.is_empty() {
                    tx.execute(
                        "update application_leg set reasons = $2 where id = $1",
                        args![leg.id.to_string(), store::list_text(&item.reasons)],
                    )
                    .await?;
                }
                from = item.state;
            }
            if matches!(state, LegState::Accepted | LegState::Rejected) {
                jobs::complete(tx, job, now).await?;
            } else {
                let since = news.last().map_or(leg.since, |news| news.at);
                let next = now.plus_seconds(self.pause(since, now));
                jobs::postpone(tx, job, next).await?;
            }
            Ok::<_, ApplicationError>(())
        })
    }

    /// Seconds until the next look at a leg.
    fn pause(&self, since: Instant, now: Instant) -> i64 {
        let young = i64::from(self.settings.poll_seconds);
        match now.as_seconds().saturating_sub(since.as_seconds()) {
            ..600 => young,
            600..86_400 => young.max(60),
            _ => young.max(900),
        }
    }
}

fn settle(outcomes: Vec<Result<(), ApplicationError>>) -> Result<usize, ApplicationError> {
    let handled = outcomes.len();
    outcomes
        .into_iter()
        .collect::<Result<Vec<()>, _>>()
        .map(|_| handled)
}

/// A change of state that events bring.
#[derive(Debug, PartialEq, Eq)]
struct News {
    state: LegState,
    at: Instant,
    reasons: Vec<String>,
}

/// What the events say beyond the known state. States only go forward, so events that are told
/// again change nothing, and a late "submitted" does not undo an acceptance.
fn news(known: LegState, events: &[VerifiedEvent]) -> Vec<News> {
    let rank = |state: LegState| match state {
        LegState::Delivered => 1,
        LegState::Accepted | LegState::Rejected => 2,
        _ => 0,
    };
    let mut reached = rank(known);
    let mut found = Vec::new();
    for event in events {
        let (state, reasons) = match &event.kind {
            EventKind::Submitted => (LegState::Delivered, Vec::new()),
            EventKind::Accepted => (LegState::Accepted, Vec::new()),
            EventKind::Rejected { reasons } => (LegState::Rejected, reasons.clone()),
            EventKind::Notified | EventKind::Forwarded | EventKind::Deleted => continue,
        };
        if rank(state) > reached {
            reached = rank(state);
            found.push(News {
                state,
                at: event.at,
                reasons,
            });
        }
    }
    found
}

/// Writes a state and its entry in the history; nothing when the state stays.
async fn change_state(
    tx: &mut Tx,
    leg: LegId,
    from: LegState,
    to: LegState,
    at: Instant,
    cause: Option<&str>,
) -> Result<(), ApplicationError> {
    if from == to {
        return Ok(());
    }
    let id = leg.to_string();
    tx.execute(
        "update application_leg set state = $2, since = $3 where id = $1",
        args![&id, store::state_name(to), at],
    )
    .await?;
    let last = tx
        .fetch_one(
            "select coalesce(max(number), 0) as last from application_leg_event where leg_id = $1",
            args![&id],
        )
        .await?
        .int("last")?;
    tx.execute(
        "insert into application_leg_event (leg_id, number, at, state, cause)
         values ($1, $2, $3, $4, $5)",
        args![&id, last + 1, at, store::state_name(to), cause],
    )
    .await?;
    // Steps on the way are history; what others rely on goes into the audit log as well.
    if matches!(
        to,
        LegState::Delivered | LegState::Accepted | LegState::Rejected | LegState::Undeliverable
    ) {
        let kind = format!("leg.{}", store::state_name(to));
        audit::append(tx, &format!("leg:{id}"), &kind, "{}", at).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(second: i64, kind: EventKind) -> VerifiedEvent {
        VerifiedEvent {
            id: second.to_string(),
            at: Instant::from_micros(second),
            kind,
        }
    }

    #[test]
    fn states_only_go_forward() {
        let rejected = EventKind::Rejected {
            reasons: vec!["unleserlich".to_owned()],
        };
        let events = [
            event(1, EventKind::Submitted),
            event(2, EventKind::Notified),
            event(3, EventKind::Accepted),
            event(4, EventKind::Submitted),
            event(5, rejected),
        ];
        let states: Vec<LegState> = news(LegState::Delivering, &events)
            .into_iter()
            .map(|news| news.state)
            .collect();
        assert_eq!(states, [LegState::Delivered, LegState::Accepted]);
        assert_eq!(news(LegState::Accepted, &events), []);
        assert_eq!(news(LegState::Delivered, &events[..2]), []);
    }
}
