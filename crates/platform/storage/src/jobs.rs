//! Work to do after a commit: the transactional outbox and every other background job.
//!
//! [`enqueue`] runs in the transaction that makes the work necessary. A worker [`claim`]s due jobs
//! under a lease, does the outside effect, and [`complete`]s the job in the transaction that
//! records the effect. A worker that dies loses its lease and the job runs again: outside effects
//! must therefore carry the job's idempotency key. A worker whose lease ran out cannot complete or
//! fail the job any more ([`StorageError::LeaseLost`]), so two workers never both record an effect.
//!
//! Payloads hold ids, not personal data: they are stored in clear.
//!
//! ```no_run
//! # use einmal_storage::{jobs, transaction, Db, StorageError};
//! # async fn example(db: &Db) -> Result<(), StorageError> {
//! for job in jobs::claim(db, "post", "node-1", 60, 10).await? {
//!     // … the outside effect …
//!     transaction!(db, "post.done", |tx| {
//!         jobs::complete(tx, &job, db.clock().now()).await
//!     })?;
//! }
//! # Ok(())
//! # }
//! ```

use einmal_model::{Instant, Random};

use crate::{Db, Kind, Query, Result, Row, StorageError, Tx, args, transaction};

/// How much of an error's text is kept.
const ERROR_LENGTH: usize = 500;

/// A job to enqueue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The queue, for example `application.deliver`.
    pub queue: &'static str,
    /// Unique in its queue, also among finished jobs: a second job with this key is not enqueued.
    pub key: String,
    /// JSON for the worker.
    pub payload: String,
    /// Not before.
    pub run_at: Instant,
}

/// A job that a worker holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedJob {
    /// The queue.
    pub queue: String,
    /// The idempotency key.
    pub key: String,
    /// JSON for the worker.
    pub payload: String,
    /// How often it was claimed, this time included.
    pub attempts: u32,
    worker: String,
}

/// How often and how fast a failed job is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Pause after the first failure, in seconds; doubles with each further one.
    pub first_pause: u32,
    /// Longest pause, in seconds.
    pub longest_pause: u32,
    /// After so many attempts the job is dead and waits for a person.
    pub attempts: u32,
}

impl Default for RetryPolicy {
    /// One second to fifteen minutes; dead after 3 000 attempts, about a month.
    fn default() -> Self {
        Self {
            first_pause: 1,
            longest_pause: 15 * 60,
            attempts: 3_000,
        }
    }
}

/// What a failure led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterFailure {
    /// It runs again at this time.
    Again(Instant),
    /// It is dead.
    Dead,
}

/// The counts of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueueState {
    /// Waiting, due or not.
    pub waiting: u64,
    /// Held by a worker, or by one that died.
    pub running: u64,
    /// Done and not yet forgotten.
    pub done: u64,
    /// Given up; waiting for a person.
    pub dead: u64,
    /// When the oldest unfinished job was due.
    pub oldest_due: Option<Instant>,
}

/// A job that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadJob {
    /// The idempotency key.
    pub key: String,
    /// JSON for the worker.
    pub payload: String,
    /// How often it was tried.
    pub attempts: u32,
    /// What went wrong last.
    pub last_error: String,
}

impl RetryPolicy {
    /// When a job that failed its `attempts`-th attempt runs again; `None` when it is given up.
    /// Half of the pause is chance, so that jobs that failed together do not come back together.
    #[must_use]
    pub fn next(&self, attempts: u32, now: Instant, random: &dyn Random) -> Option<Instant> {
        if attempts >= self.attempts {
            return None;
        }
        let doubled = 1_u64
            .checked_shl(attempts.saturating_sub(1))
            .unwrap_or(u64::MAX);
        let pause = u64::from(self.first_pause)
            .saturating_mul(doubled)
            .min(u64::from(self.longest_pause))
            .saturating_mul(1_000);
        let mut bytes = [0_u8; 8];
        random.fill(&mut bytes);
        let half = pause / 2;
        let millis = half + u64::from_le_bytes(bytes) % (half + 1);
        Some(now.plus_millis(i64::try_from(millis).unwrap_or(i64::MAX)))
    }
}

/// Enqueues a job in the caller's transaction. Tells whether it is new: a job with the same queue
/// and key, even a finished one, makes this a no-op.
///
/// # Errors
/// Any [`StorageError`].
pub async fn enqueue(tx: &mut Tx, job: &Job) -> Result<bool> {
    let added = tx
        .execute(
            "insert into job (queue, idempotency_key, payload, state, due_at, attempts)
             values ($1, $2, $3, 'waiting', $4, 0)
             on conflict (queue, idempotency_key) do nothing",
            args![job.queue, &job.key, &job.payload, job.run_at],
        )
        .await?;
    Ok(added == 1)
}

const CLAIM_SQLITE: &str = "update job
    set state = 'running', due_at = $3, worker = $4, attempts = attempts + 1
    where queue = $1 and idempotency_key in (
        select idempotency_key from job where queue = $1 and due_at <= $2
        order by due_at, idempotency_key limit $5)
    returning queue, idempotency_key, payload, attempts";
const CLAIM_POSTGRES: &str = "update job
    set state = 'running', due_at = $3, worker = $4, attempts = attempts + 1
    where queue = $1 and idempotency_key in (
        select idempotency_key from job where queue = $1 and due_at <= $2
        order by due_at, idempotency_key limit $5 for update skip locked)
    returning queue, idempotency_key, payload, attempts";

/// Claims due jobs for `lease_seconds`, oldest first, and jobs whose lease ran out. After the lease
/// another worker may claim them.
///
/// # Errors
/// Any [`StorageError`].
pub async fn claim(
    db: &Db,
    queue: &str,
    worker: &str,
    lease_seconds: u32,
    limit: u32,
) -> Result<Vec<ClaimedJob>> {
    // Most looks find nothing; they must not cost a write transaction.
    if !has_due(db, queue).await? {
        return Ok(Vec::new());
    }
    let now = db.clock().now();
    let lease_end = now.plus_seconds(i64::from(lease_seconds));
    let sql = match db.kind() {
        Kind::Sqlite => CLAIM_SQLITE,
        Kind::Postgres => CLAIM_POSTGRES,
    };
    let mut attempt = 0;
    loop {
        let mut tx = db.begin_relaxed("jobs.claim").await?;
        let outcome = tx
            .fetch_all(sql, args![queue, now, lease_end, worker, limit])
            .await;
        match tx.finish(outcome, attempt).await {
            crate::Finished::Done(rows) => {
                return rows?.iter().map(|row| claimed(row, worker)).collect();
            }
            crate::Finished::Retry => attempt += 1,
        }
    }
}

async fn has_due(db: &Db, queue: &str) -> Result<bool> {
    let now = db.clock().now();
    let row = db
        .read()
        .await?
        .fetch_optional(
            "select attempts from job where queue = $1 and due_at <= $2 limit 1",
            args![queue, now],
        )
        .await?;
    Ok(row.is_some())
}

fn claimed(row: &Row, worker: &str) -> Result<ClaimedJob> {
    Ok(ClaimedJob {
        queue: row.text("queue")?,
        key: row.text("idempotency_key")?,
        payload: row.text("payload")?,
        attempts: count(row.int("attempts")?),
        worker: worker.to_owned(),
    })
}

/// Marks the job done, in the transaction that records its effect.
///
/// # Errors
/// [`StorageError::LeaseLost`] when another worker holds the job by now; the caller's transaction
/// must not commit then.
pub async fn complete(tx: &mut Tx, job: &ClaimedJob, now: Instant) -> Result<()> {
    let changed = tx
        .execute(
            "update job set state = 'done', due_at = null, worker = null, last_error = null,
                    finished_at = $5
             where queue = $1 and idempotency_key = $2 and state = 'running'
               and worker = $3 and attempts = $4",
            args![&job.queue, &job.key, &job.worker, job.attempts, now],
        )
        .await?;
    still_held(changed, job)
}

/// Gives the job back to run at `run_at`, with the reason. Texts must not hold personal data.
///
/// # Errors
/// [`StorageError::LeaseLost`] as in [`complete`].
pub async fn retry(tx: &mut Tx, job: &ClaimedJob, error: &str, run_at: Instant) -> Result<()> {
    let changed = tx
        .execute(
            "update job set state = 'waiting', due_at = $5, worker = null, last_error = $6
             where queue = $1 and idempotency_key = $2 and state = 'running'
               and worker = $3 and attempts = $4",
            args![
                &job.queue,
                &job.key,
                &job.worker,
                job.attempts,
                run_at,
                cut(error)
            ],
        )
        .await?;
    still_held(changed, job)
}

/// Gives the job back although nothing went wrong, for work that repeats itself (looking again
/// later). Attempts start anew.
///
/// # Errors
/// [`StorageError::LeaseLost`] as in [`complete`].
pub async fn postpone(tx: &mut Tx, job: &ClaimedJob, run_at: Instant) -> Result<()> {
    let changed = tx
        .execute(
            "update job set state = 'waiting', due_at = $5, worker = null, last_error = null,
                    attempts = 0
             where queue = $1 and idempotency_key = $2 and state = 'running'
               and worker = $3 and attempts = $4",
            args![&job.queue, &job.key, &job.worker, job.attempts, run_at],
        )
        .await?;
    still_held(changed, job)
}

/// Gives back whatever a worker of this name holds. A process calls it at its start, before it
/// claims: what its predecessor held when it was killed need not wait for the end of the lease.
/// Names of workers must be unique among running processes.
///
/// # Errors
/// Any [`StorageError`].
pub async fn release(db: &Db, worker: &str) -> Result<u64> {
    let now = db.clock().now();
    transaction!(db, "jobs.release", |tx| {
        tx.execute(
            "update job set state = 'waiting', due_at = $2, worker = null
             where state = 'running' and worker = $1",
            args![worker, now],
        )
        .await
    })
}

/// Gives the job up at once: trying again cannot help.
///
/// # Errors
/// [`StorageError::LeaseLost`] as in [`complete`].
pub async fn bury(tx: &mut Tx, job: &ClaimedJob, error: &str, now: Instant) -> Result<()> {
    let changed = tx
        .execute(
            "update job set state = 'dead', due_at = null, worker = null, last_error = $5,
                    finished_at = $6
             where queue = $1 and idempotency_key = $2 and state = 'running'
               and worker = $3 and attempts = $4",
            args![
                &job.queue,
                &job.key,
                &job.worker,
                job.attempts,
                cut(error),
                now
            ],
        )
        .await?;
    still_held(changed, job)
}

/// Records a failure: tries again later as the policy says, or gives up.
///
/// # Errors
/// [`StorageError::LeaseLost`] as in [`complete`].
pub async fn fail(
    tx: &mut Tx,
    job: &ClaimedJob,
    error: &str,
    policy: &RetryPolicy,
    now: Instant,
    random: &dyn Random,
) -> Result<AfterFailure> {
    match policy.next(job.attempts, now, random) {
        Some(run_at) => {
            retry(tx, job, error, run_at).await?;
            Ok(AfterFailure::Again(run_at))
        }
        None => {
            bury(tx, job, error, now).await?;
            Ok(AfterFailure::Dead)
        }
    }
}

/// Puts a dead job back to work. Tells whether there was one.
///
/// # Errors
/// Any [`StorageError`].
pub async fn revive(tx: &mut Tx, queue: &str, key: &str, run_at: Instant) -> Result<bool> {
    let changed = tx
        .execute(
            "update job set state = 'waiting', due_at = $3, attempts = 0, finished_at = null
             where queue = $1 and idempotency_key = $2 and state = 'dead'",
            args![queue, key, run_at],
        )
        .await?;
    Ok(changed == 1)
}

/// Deletes jobs that were done before `before`. Their keys may be enqueued again afterwards.
///
/// # Errors
/// Any [`StorageError`].
pub async fn forget_done(tx: &mut Tx, before: Instant) -> Result<u64> {
    tx.execute(
        "delete from job where state = 'done' and finished_at < $1",
        args![before],
    )
    .await
}

/// The counts of a queue.
///
/// # Errors
/// Any [`StorageError`].
pub async fn queue_state(query: &mut impl Query, queue: &str) -> Result<QueueState> {
    let rows = query
        .fetch_all(
            "select state, count(*) as number, min(due_at) as oldest from job
             where queue = $1 group by state",
            args![queue],
        )
        .await?;
    let mut counts = QueueState::default();
    for row in &rows {
        let number = u64::try_from(row.int("number")?).unwrap_or_default();
        match row.text("state")?.as_str() {
            "waiting" => counts.waiting = number,
            "running" => counts.running = number,
            "done" => counts.done = number,
            _ => counts.dead = number,
        }
        if let Some(due) = row.opt_instant("oldest")? {
            counts.oldest_due = Some(counts.oldest_due.map_or(due, |known| known.min(due)));
        }
    }
    Ok(counts)
}

/// The dead jobs of a queue, at most `limit`.
///
/// # Errors
/// Any [`StorageError`].
pub async fn dead_jobs(query: &mut impl Query, queue: &str, limit: u32) -> Result<Vec<DeadJob>> {
    let rows = query
        .fetch_all(
            "select idempotency_key, payload, attempts, last_error from job
             where queue = $1 and state = 'dead' order by finished_at, idempotency_key limit $2",
            args![queue, limit],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(DeadJob {
                key: row.text("idempotency_key")?,
                payload: row.text("payload")?,
                attempts: count(row.int("attempts")?),
                last_error: row.opt_text("last_error")?.unwrap_or_default(),
            })
        })
        .collect()
}

fn still_held(changed: u64, job: &ClaimedJob) -> Result<()> {
    if changed == 1 {
        Ok(())
    } else {
        Err(StorageError::LeaseLost {
            queue: job.queue.clone(),
            key: job.key.clone(),
        })
    }
}

fn cut(error: &str) -> String {
    error.chars().take(ERROR_LENGTH).collect()
}

fn count(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use einmal_model::testing::SeededRandom;

    #[test]
    fn pauses_double_up_to_the_longest_and_never_fall_below_half() {
        let (policy, random) = (RetryPolicy::default(), SeededRandom::new(3));
        let now = Instant::from_micros(0);
        for attempts in 1..200 {
            let pause = policy.next(attempts, now, &random).unwrap().as_micros() / 1_000;
            let full = 1_000
                * i64::min(
                    900,
                    1_i64
                        .checked_shl(attempts - 1)
                        .map_or(900, |n| if n <= 0 { 900 } else { n }),
                );
            assert!((full / 2..=full).contains(&pause), "{attempts}: {pause}");
        }
    }

    #[test]
    fn gives_up_after_the_last_attempt() {
        let policy = RetryPolicy {
            attempts: 3,
            ..RetryPolicy::default()
        };
        let (now, random) = (Instant::from_micros(0), SeededRandom::new(3));
        assert!(policy.next(2, now, &random).is_some());
        assert!(policy.next(3, now, &random).is_none());
    }
}
