//! The database, whichever it is.

use std::path::PathBuf;
use std::sync::Arc;

use einmal_model::Clock;
use sqlx::pool::PoolConnection;

use crate::sqlite::Sqlite;
use crate::transaction::Inner;
use crate::{Result, StorageError, Tx, postgres};

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
}

#[derive(Clone)]
enum DbInner {
    Sqlite(Arc<Sqlite>),
    Postgres(sqlx::PgPool),
}

/// A read-only connection; see [`crate::Query`]. On SQLite it never waits for the writer.
pub enum Read {
    /// From the pool of SQLite readers.
    #[doc(hidden)]
    Sqlite(PoolConnection<sqlx::Sqlite>),
    /// From the pool of PostgreSQL connections.
    #[doc(hidden)]
    Postgres(PoolConnection<sqlx::Postgres>),
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
        Ok(Self { inner, clock })
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
            DbInner::Postgres(pool) => Inner::Postgres(postgres::begin(pool).await?),
        };
        Ok(Tx::new(inner, name))
    }

    /// As [`Db::begin`], but on PostgreSQL only "read committed": for single statements that lock
    /// the rows they take.
    pub(crate) async fn begin_relaxed(&self, name: &'static str) -> Result<Tx> {
        let inner = match &self.inner {
            DbInner::Sqlite(sqlite) => Inner::Sqlite(sqlite.begin().await?),
            DbInner::Postgres(pool) => Inner::Postgres(pool.begin().await?),
        };
        Ok(Tx::new(inner, name))
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`].
    pub async fn read(&self) -> Result<Read> {
        match &self.inner {
            DbInner::Sqlite(sqlite) => Ok(Read::Sqlite(sqlite.readers.acquire().await?)),
            DbInner::Postgres(pool) => Ok(Read::Postgres(pool.acquire().await?)),
        }
    }
}
