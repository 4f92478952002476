//! SQLite: one writer with group commit, a pool of readers.
//!
//! A write transaction is a *member* of a group. Members run one after the other on the only
//! writing connection, each inside its own savepoint of one outer transaction. The outer
//! transaction commits when nobody else is waiting, when the group is full or old. Until then a
//! finished member waits: it is acknowledged only after the commit that carries it is on disk
//! (`synchronous=FULL`). So one `fsync` serves many, and a member's failure undoes only itself.

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

/// The outcome of a group's commit as its members hear it: nothing yet, on disk, or lost.
type Verdict = Option<std::result::Result<(), ()>>;

#[derive(Clone)]
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
    /// Seen other than `None` by the next member only when a member was dropped half-way: its
    /// savepoint must be undone first.
    member: MemberState,
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum MemberState {
    None,
    /// The savepoint was asked for; whether it exists is not known.
    Opening,
    Open,
}

struct Group {
    finished_members: usize,
    opened: Instant,
    verdict: watch::Sender<Verdict>,
}

/// One write transaction; holds the writer.
pub(crate) struct Member {
    guard: OwnedMutexGuard<Writer>,
    home: Sqlite,
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
            member: MemberState::None,
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
        let mut guard = Arc::clone(&self.writer).lock_owned().await;
        drop(place);
        if guard.connection.is_none() {
            guard.connection = Some(self.options.connect().await?);
        }
        match guard.start_member().await {
            Ok(()) => Ok(Member {
                guard,
                home: self.clone(),
            }),
            Err(error) => {
                guard.break_off();
                Err(error.into())
            }
        }
    }

    /// Commits the open group if nobody else did, so that its members do not wait for a member
    /// that never came.
    async fn flush(
        &self,
        verdict: &watch::Receiver<Verdict>,
    ) -> std::result::Result<(), sqlx::Error> {
        let mut guard = Arc::clone(&self.writer).lock_owned().await;
        if verdict.borrow().is_some() {
            return Ok(());
        }
        if let Err(error) = guard.undo_abandoned_member().await {
            guard.break_off();
            return Err(error);
        }
        guard.commit_group().await
    }
}

impl Writer {
    async fn run(&mut self, sql: &'static str) -> std::result::Result<(), sqlx::Error> {
        match &mut self.connection {
            Some(connection) => connection.execute(sql).await.map(|_| ()),
            None => Err(sqlx::Error::WorkerCrashed),
        }
    }

    async fn start_member(&mut self) -> std::result::Result<(), sqlx::Error> {
        self.undo_abandoned_member().await?;
        if self.group.is_none() {
            self.run("begin immediate").await?;
            let verdict = watch::Sender::new(None);
            self.group = Some(Group {
                finished_members: 0,
                opened: Instant::now(),
                verdict,
            });
        }
        // Set before the statement: when this future is dropped half-way, the next one cleans up.
        self.member = MemberState::Opening;
        self.run("savepoint member").await?;
        self.member = MemberState::Open;
        Ok(())
    }

    async fn undo_abandoned_member(&mut self) -> std::result::Result<(), sqlx::Error> {
        if self.member != MemberState::None {
            match self.run("rollback to member").await {
                Ok(()) => self.run("release member").await?,
                // Never set, so there is nothing to undo.
                Err(_) if self.member == MemberState::Opening => {}
                Err(error) => return Err(error),
            }
            self.member = MemberState::None;
        }
        Ok(())
    }

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
            .send_replace(Some(outcome.as_ref().map(|()| ()).map_err(|_| ())));
        outcome
    }

    /// Gives the connection up: closing it undoes whatever is open, and the members of the group
    /// hear that it is lost.
    fn break_off(&mut self) {
        self.connection = None;
        self.member = MemberState::None;
        if let Some(group) = self.group.take() {
            group.verdict.send_replace(Some(Err(())));
        }
    }
}

impl Member {
    pub(crate) fn connection(&mut self) -> Result<&mut SqliteConnection> {
        self.guard
            .connection
            .as_mut()
            .ok_or_else(|| sqlx::Error::WorkerCrashed.into())
    }

    pub(crate) async fn commit(mut self) -> std::result::Result<(), sqlx::Error> {
        if let Err(error) = self.guard.run("release member").await {
            self.guard.break_off();
            return Err(error);
        }
        self.guard.member = MemberState::None;
        let others_wait = self.home.waiting.load(Ordering::SeqCst) > 0;
        let Some(group) = &mut self.guard.group else {
            return Err(sqlx::Error::WorkerCrashed);
        };
        group.finished_members += 1;
        let may_grow =
            group.finished_members < LARGEST_GROUP && group.opened.elapsed() < OLDEST_GROUP;
        if !(others_wait && may_grow) {
            return self.guard.commit_group().await;
        }
        let mut verdict = group.verdict.subscribe();
        let home = self.home.clone();
        drop(self.guard);
        let heard = tokio::time::timeout(OLDEST_GROUP, verdict.wait_for(Option::is_some))
            .await
            .is_ok();
        if !heard {
            home.flush(&verdict).await?;
        }
        match *verdict.borrow() {
            Some(Ok(())) => Ok(()),
            _ => Err(sqlx::Error::WorkerCrashed),
        }
    }

    pub(crate) async fn roll_back(mut self) -> std::result::Result<(), sqlx::Error> {
        let outcome = self.guard.undo_abandoned_member().await;
        if let Err(error) = outcome {
            self.guard.break_off();
            return Err(error);
        }
        if self.home.waiting.load(Ordering::SeqCst) == 0 {
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
