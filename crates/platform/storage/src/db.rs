//! The database, whichever it is.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use einmal_model::Clock;
use sqlx::pool::PoolConnection;
use tokio::sync::Mutex;

use crate::sqlite::Sqlite;
use crate::transaction::{Connection, Inner};
use crate::{Result, StorageError, Tx, postgres};

const SERIALIZABLE: &str = "begin isolation level serializable";
/// How long a repeated attempt waits for the one before it.
const LONGEST_TURN: Duration = Duration::from_secs(2);

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// SQLite, one file on this machine.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// Where a database is.
#[derive(Clone, PartialEq, Eq)]
pub enum DbLocation {
    /// An SQLite file; its folder is created when missing.
    File(PathBuf),
    /// A PostgreSQL URL, `postgres://…`. May hold a password.
    Postgres(String),
}

impl std::fmt::Debug for DbLocation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(file) => write!(f, "File({})", file.display()),
            Self::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}

impl std::str::FromStr for DbLocation {
    type Err = StorageError;

    /// `postgres://…` or `postgresql://…` is PostgreSQL, everything else the path of a file.
    fn from_str(text: &str) -> Result<Self> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Ok(Self::Postgres(text.to_owned()))
        } else if text.is_empty() || text.contains("://") {
            Err(StorageError::Location(
                "neither a path nor a PostgreSQL URL".to_owned(),
            ))
        } else {
            Ok(Self::File(PathBuf::from(text)))
        }
    }
}

/// A database. Cheap to clone; all clones share the connections.
#[derive(Clone)]
pub struct Db {
    inner: DbInner,
    clock: Arc<dyn Clock>,
    /// See [`Tx`]: repeated attempts go one at a time.
    lane: Arc<Mutex<()>>,
}

#[derive(Clone)]
enum DbInner {
    Sqlite(Arc<Sqlite>),
    Postgres(sqlx::PgPool),
}

/// A read-only connection; see [`crate::Query`]. On SQLite it never waits for the writer.
pub struct Read {
    inner: ReadInner,
    /// A question was asked and its answer not read to the end: the caller went away.
    interrupted: bool,
}

enum ReadInner {
    Sqlite(PoolConnection<sqlx::Sqlite>),
    Postgres(PoolConnection<sqlx::Postgres>),
}

impl Read {
    fn new(inner: ReadInner) -> Self {
        Self {
            inner,
            interrupted: false,
        }
    }

    pub(crate) fn connection(&mut self) -> Connection<'_> {
        self.interrupted = true;
        match &mut self.inner {
            ReadInner::Sqlite(connection) => Connection::Sqlite(connection),
            ReadInner::Postgres(connection) => Connection::Postgres(connection),
        }
    }

    pub(crate) fn noted<T>(&mut self, outcome: std::result::Result<T, sqlx::Error>) -> Result<T> {
        self.interrupted = false;
        Ok(outcome?)
    }
}

impl Drop for Read {
    fn drop(&mut self) {
        if self.interrupted {
            match &mut self.inner {
                ReadInner::Sqlite(connection) => connection.close_on_drop(),
                ReadInner::Postgres(connection) => connection.close_on_drop(),
            }
        }
    }
}

impl Db {
    /// Opens a database; creates an SQLite file that is not there.
    ///
    /// # Errors
    /// [`StorageError::Location`] or [`StorageError::Unavailable`].
    pub async fn open(location: &DbLocation, clock: Arc<dyn Clock>) -> Result<Self> {
        let inner = match location {
            DbLocation::File(file) => {
                if let Some(folder) = file.parent() {
                    tokio::fs::create_dir_all(folder)
                        .await
                        .map_err(|error| StorageError::Location(error.to_string()))?;
                }
                DbInner::Sqlite(Arc::new(Sqlite::open(file).await?))
            }
            DbLocation::Postgres(url) => DbInner::Postgres(postgres::open(url).await?),
        };
        Ok(Self {
            inner,
            clock,
            lane: Arc::default(),
        })
    }

    /// Which database this is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match &self.inner {
            DbInner::Sqlite(_) => Kind::Sqlite,
            DbInner::Postgres(_) => Kind::Postgres,
        }
    }

    /// The clock this database was opened with.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Opens a write transaction. Use [`transaction!`](crate::transaction!) instead, which also
    /// ends and retries it.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`].
    pub async fn begin(&self, name: &'static str) -> Result<Tx> {
        let inner = match &self.inner {
            DbInner::Sqlite(sqlite) => Inner::Sqlite(sqlite.begin().await?),
            DbInner::Postgres(pool) => {
                Inner::Postgres(postgres::Transaction::begin(pool, SERIALIZABLE).await?)
            }
        };
        Ok(Tx::new(inner, name))
    }

    /// Opens the `attempt`-th attempt of a write transaction, counted from 0.
    #[doc(hidden)]
    pub async fn begin_again(&self, name: &'static str, attempt: u32) -> Result<Tx> {
        let lane = if attempt == 0 {
            None
        } else {
            // Better a crowd than a queue behind one that takes long.
            let turn = Arc::clone(&self.lane).lock_owned();
            tokio::time::timeout(LONGEST_TURN, turn).await.ok()
        };
        Ok(self.begin(name).await?.in_lane(lane))
    }

    /// As [`Db::begin`], but on PostgreSQL only "read committed": for single statements that lock
    /// the rows they take.
    pub(crate) async fn begin_relaxed(&self, name: &'static str) -> Result<Tx> {
        let inner = match &self.inner {
            DbInner::Sqlite(sqlite) => Inner::Sqlite(sqlite.begin().await?),
            DbInner::Postgres(pool) => {
                Inner::Postgres(postgres::Transaction::begin(pool, "begin").await?)
            }
        };
        Ok(Tx::new(inner, name))
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`].
    pub async fn read(&self) -> Result<Read> {
        let inner = match &self.inner {
            DbInner::Sqlite(sqlite) => ReadInner::Sqlite(sqlite.readers.acquire().await?),
            DbInner::Postgres(pool) => ReadInner::Postgres(pool.acquire().await?),
        };
        Ok(Read::new(inner))
    }
}
