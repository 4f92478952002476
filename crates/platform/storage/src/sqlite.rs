//! SQLite: one writer with group commit, a pool of readers.
//!
//! A write transaction is a *member* of a group. Members run one after the other on the only
//! writing connection, each inside its own savepoint of one outer transaction. The outer
//! transaction commits when nobody else is waiting, when the group is full or old. Until then a
//! finished member waits: it is acknowledged only after the commit that carries it is on disk
//! (`synchronous=FULL`). So one `fsync` serves many, and a member's failure undoes only itself.
//!
//! Any caller may go away at any point (a request is cancelled). Steps that others depend on, the
//! end of a member and the commit, therefore run in tasks of their own; and each group has a
//! closer that ends it when nobody else did.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Executor};
use tokio::sync::{Mutex, OwnedMutexGuard, watch};
use tokio::time::Instant;

use crate::Result;

const READERS: u32 = 8;
const LARGEST_GROUP: usize = 128;
const OLDEST_GROUP: Duration = Duration::from_millis(5);
/// How long a statement waits for another process that holds the write lock.
const BUSY: Duration = Duration::from_secs(10);
/// How long a transaction waits for its turn. Whoever waits longer sits behind a transaction that
/// does something else than writing, or inside another transaction of its own.
const LONGEST_QUEUE: Duration = Duration::from_secs(60);

/// The outcome of a group's commit as its members hear it: nothing yet, on disk, or lost.
type Verdict = Option<std::result::Result<(), ()>>;

pub(crate) struct Sqlite {
    pub(crate) readers: SqlitePool,
    writer: Arc<Mutex<Writer>>,
    waiting: Arc<AtomicUsize>,
    options: SqliteConnectOptions,
}

struct Writer {
    /// None after the connection broke; the next member opens a new one.
    connection: Option<SqliteConnection>,
    group: Option<Group>,
    /// How many groups there have been; names the open one.
    groups: u64,
    member: MemberState,
    /// A `begin` was sent and its outcome not heard, because the caller went away.
    uncertain: bool,
}

/// Seen other than `None` by the next member only when a member was dropped half-way: its
/// savepoint must be undone first.
#[derive(PartialEq, Eq, Clone, Copy)]
enum MemberState {
    None,
    /// A savepoint was asked for or is being released; whether it exists is not known.
    Uncertain,
    Open,
}

struct Group {
    number: u64,
    finished_members: usize,
    opened: Instant,
    verdict: watch::Sender<Verdict>,
}

/// One write transaction; holds the writer.
pub(crate) struct Member {
    guard: OwnedMutexGuard<Writer>,
    waiting: Arc<AtomicUsize>,
}

impl Sqlite {
    pub(crate) async fn open(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY)
            .disable_statement_logging();
        let connection = options.connect().await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(BUSY)
            .connect_with(options.clone().pragma("query_only", "on"))
            .await?;
        let writer = Writer {
            connection: Some(connection),
            group: None,
            groups: 0,
            member: MemberState::None,
            uncertain: false,
        };
        Ok(Self {
            readers,
            writer: Arc::new(Mutex::new(writer)),
            waiting: Arc::new(AtomicUsize::new(0)),
            options,
        })
    }

    pub(crate) async fn begin(&self) -> Result<Member> {
        let place = QueuePlace::take(&self.waiting);
        let turn = Arc::clone(&self.writer).lock_owned();
        let mut guard = tokio::time::timeout(LONGEST_QUEUE, turn)
            .await
            .map_err(|_| sqlx::Error::PoolTimedOut)?;
        drop(place);
        if guard.uncertain {
            guard.break_off();
        }
        if guard.connection.is_none() {
            guard.connection = Some(self.options.connect().await?);
        }
        if let Err(error) = guard.start_member(&self.writer).await {
            guard.break_off();
            return Err(error.into());
        }
        Ok(Member {
            guard,
            waiting: Arc::clone(&self.waiting),
        })
    }
}

/// Ends a group if nobody else does in time: its last member may have been dropped, or the member
/// that was expected never came.
async fn close_in_time(writer: Arc<Mutex<Writer>>, number: u64) {
    tokio::time::sleep(OLDEST_GROUP).await;
    let mut guard = writer.lock_owned().await;
    if guard.uncertain {
        guard.break_off();
    }
    if guard.group.as_ref().map(|group| group.number) != Some(number) {
        return;
    }
    let outcome = match guard.undo_abandoned_member().await {
        Ok(()) => guard.commit_group().await,
        Err(error) => {
            guard.break_off();
            Err(error)
        }
    };
    if let Err(error) = outcome {
        tracing::warn!(%error, "a group of transactions is lost");
    }
}

/// Runs a step to its end whatever becomes of the caller.
fn detach<T: Send + 'static>(
    step: impl Future<Output = T> + Send + 'static,
) -> tokio::task::JoinHandle<T> {
    #[expect(
        clippy::disallowed_methods,
        reason = "short steps that end by themselves and need no supervision"
    )]
    tokio::spawn(step)
}

impl Writer {
    async fn run(&mut self, sql: &'static str) -> std::result::Result<(), sqlx::Error> {
        match &mut self.connection {
            Some(connection) => connection.execute(sql).await.map(|_| ()),
            None => Err(sqlx::Error::WorkerCrashed),
        }
    }

    async fn start_member(
        &mut self,
        writer: &Arc<Mutex<Self>>,
    ) -> std::result::Result<(), sqlx::Error> {
        self.undo_abandoned_member().await?;
        if self.group.is_none() {
            self.groups += 1;
            detach(close_in_time(Arc::clone(writer), self.groups));
            // Set before the statement: when this future is dropped half-way, the next member
            // starts with a new connection.
            self.uncertain = true;
            self.run("begin immediate").await?;
            let verdict = watch::Sender::new(None);
            self.group = Some(Group {
                number: self.groups,
                finished_members: 0,
                opened: Instant::now(),
                verdict,
            });
            self.uncertain = false;
        }
        self.member = MemberState::Uncertain;
        self.run("savepoint member").await?;
        self.member = MemberState::Open;
        Ok(())
    }

    async fn undo_abandoned_member(&mut self) -> std::result::Result<(), sqlx::Error> {
        if self.member == MemberState::None {
            return Ok(());
        }
        match self.run("rollback to member").await {
            Ok(()) => {
                self.member = MemberState::Uncertain;
                self.run("release member").await?;
            }
            // Never set or already released, so there is nothing to undo.
            Err(_) if self.member == MemberState::Uncertain => {}
            Err(error) => return Err(error),
        }
        self.member = MemberState::None;
        Ok(())
    }

    /// Only called where nobody can drop it half-way: in a detached step.
    async fn commit_group(&mut self) -> std::result::Result<(), sqlx::Error> {
        let Some(group) = self.group.take() else {
            return Ok(());
        };
        let outcome = self.run("commit").await;
        if outcome.is_err() {
            self.break_off();
        }
        group
            .verdict
            .send_replace(Some(outcome.as_ref().copied().map_err(|_| ())));
        outcome
    }

    /// Gives the connection up: closing it undoes whatever is open, and the members of the group
    /// hear that it is lost.
    fn break_off(&mut self) {
        self.connection = None;
        self.member = MemberState::None;
        self.uncertain = false;
        if let Some(group) = self.group.take() {
            group.verdict.send_replace(Some(Err(())));
        }
    }
}

/// Where a finished member's change is.
enum Finish {
    OnDisk,
    /// In the open group, whose commit is yet to come.
    InGroup(watch::Receiver<Verdict>),
}

impl Member {
    pub(crate) fn connection(&mut self) -> Result<&mut SqliteConnection> {
        self.guard
            .connection
            .as_mut()
            .ok_or_else(|| sqlx::Error::WorkerCrashed.into())
    }

    pub(crate) async fn commit(self) -> std::result::Result<(), sqlx::Error> {
        match detach(self.end_well()).await {
            Ok(Ok(Finish::OnDisk)) => Ok(()),
            Ok(Ok(Finish::InGroup(mut verdict))) => {
                match verdict.wait_for(Option::is_some).await.as_deref() {
                    Ok(Some(Ok(()))) => Ok(()),
                    _ => Err(sqlx::Error::WorkerCrashed),
                }
            }
            Ok(Err(error)) => Err(error),
            Err(_) => Err(sqlx::Error::WorkerCrashed),
        }
    }

    async fn end_well(mut self) -> std::result::Result<Finish, sqlx::Error> {
        if let Err(error) = self.guard.run("release member").await {
            self.guard.break_off();
            return Err(error);
        }
        self.guard.member = MemberState::None;
        let others_wait = self.waiting.load(Ordering::SeqCst) > 0;
        let Some(group) = &mut self.guard.group else {
            return Err(sqlx::Error::WorkerCrashed);
        };
        group.finished_members += 1;
        let may_grow =
            group.finished_members < LARGEST_GROUP && group.opened.elapsed() < OLDEST_GROUP;
        if others_wait && may_grow {
            return Ok(Finish::InGroup(group.verdict.subscribe()));
        }
        self.guard.commit_group().await.map(|()| Finish::OnDisk)
    }

    pub(crate) async fn roll_back(self) -> std::result::Result<(), sqlx::Error> {
        match detach(self.end_badly()).await {
            Ok(outcome) => outcome,
            Err(_) => Err(sqlx::Error::WorkerCrashed),
        }
    }

    async fn end_badly(mut self) -> std::result::Result<(), sqlx::Error> {
        if let Err(error) = self.guard.undo_abandoned_member().await {
            self.guard.break_off();
            return Err(error);
        }
        if self.waiting.load(Ordering::SeqCst) == 0 {
            // Nobody follows: end the group for those who wait in it (or end an empty one).
            return self.guard.commit_group().await;
        }
        Ok(())
    }
}

/// Counts those who queue for the writer, also when they give up waiting.
struct QueuePlace<'q>(&'q AtomicUsize);

impl<'q> QueuePlace<'q> {
    fn take(waiting: &'q AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::SeqCst);
        Self(waiting)
    }
}

impl Drop for QueuePlace<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
