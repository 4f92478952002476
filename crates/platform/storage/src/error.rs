//! What can go wrong in the database, sorted by what the caller can do about it.

use sqlx::error::ErrorKind;

/// Which rule of the schema refused a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// A row with this key exists already.
    Unique,
    /// A row that is referred to does not exist.
    ForeignKey,
    /// A value is missing or not allowed.
    Check,
}

/// A failure of the database or of the way it was used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// The database cannot be reached or broke off; worth trying again later.
    #[error("database unavailable: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// The disk is full; nothing was written.
    #[error("no space left for the database")]
    Full,
    /// A rule of the schema refused the change.
    #[error("refused by a constraint of the schema ({constraint:?}): {message}")]
    Refused {
        /// The kind of rule.
        constraint: Constraint,
        /// The database's own words; names tables and columns, never values.
        message: String,
    },
    /// Transactions kept colliding until the retries were used up.
    #[error("transaction `{name}` collided {attempts} times")]
    Collision {
        /// The name of the transaction.
        name: &'static str,
        /// How often it was tried.
        attempts: u32,
    },
    /// A worker's lease ran out and the job belongs to somebody else now.
    #[error("lease of job `{key}` in queue `{queue}` is lost")]
    LeaseLost {
        /// The queue.
        queue: String,
        /// The idempotency key.
        key: String,
    },
    /// An earlier statement of this transaction failed; the transaction can only be undone.
    #[error("transaction `{name}` goes on after a failed statement")]
    Poisoned {
        /// The name of the transaction.
        name: &'static str,
    },
    /// A row that must exist does not.
    #[error("no such row")]
    Missing,
    /// A stored value is not of the expected kind.
    #[error("column `{column}` holds something else than expected")]
    Decode {
        /// The column.
        column: String,
    },
    /// The tables in the database and this program do not fit together.
    #[error("migration {version} of `{component}`: {reason}")]
    Migration {
        /// The component that owns the migration.
        component: String,
        /// The number of the migration.
        version: i64,
        /// What does not fit.
        reason: String,
    },
    /// The location of a database cannot be used.
    #[error("database location: {0}")]
    Location(String),
    /// Everything else: a mistake of ours.
    #[error("database: {0}")]
    Statement(#[source] sqlx::Error),
}

/// SQLite's primary result codes (the low byte of an extended code).
const SQLITE_FULL: i64 = 13;
const SQLITE_TRANSIENT: [i64; 6] = [5, 6, 8, 10, 14, 26];

impl From<sqlx::Error> for StorageError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::Missing,
            sqlx::Error::ColumnDecode { index, .. } => Self::Decode {
                column: index.clone(),
            },
            sqlx::Error::ColumnNotFound(name) => Self::Decode {
                column: name.clone(),
            },
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error),
            sqlx::Error::Database(database) => {
                let message = database.message().to_owned();
                let constraint = match database.kind() {
                    ErrorKind::UniqueViolation => Some(Constraint::Unique),
                    ErrorKind::ForeignKeyViolation => Some(Constraint::ForeignKey),
                    ErrorKind::NotNullViolation | ErrorKind::CheckViolation => {
                        Some(Constraint::Check)
                    }
                    _ => None,
                };
                if let Some(constraint) = constraint {
                    return Self::Refused {
                        constraint,
                        message,
                    };
                }
                let code = database.code().unwrap_or_default().into_owned();
                let primary = code.parse::<i64>().map(|code| code & 0xff);
                match (primary, code.as_str()) {
                    (_, "53100") => Self::Full,
                    // PostgreSQL classes: 08 connection, 53 resources, 57P operator intervention.
                    (_, code) if is_postgres_outage(code) => Self::Unavailable(error),
                    (Ok(SQLITE_FULL), code) if code.len() < 5 => Self::Full,
                    (Ok(code), text) if text.len() < 5 && SQLITE_TRANSIENT.contains(&code) => {
                        Self::Unavailable(error)
                    }
                    _ => Self::Statement(error),
                }
            }
            _ => Self::Statement(error),
        }
    }
}

fn is_postgres_outage(code: &str) -> bool {
    code.len() == 5 && (code.starts_with("08") || code.starts_with("53") || code.starts_with("57P"))
}

impl StorageError {
    /// True when a row with the same key exists already.
    #[must_use]
    pub const fn is_duplicate(&self) -> bool {
        matches!(
            self,
            Self::Refused {
                constraint: Constraint::Unique,
                ..
            }
        )
    }

    /// True when the same work may succeed later without any change.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::Unavailable(_) | Self::Full | Self::Collision { .. }
        )
    }

    pub(crate) fn is_serialisation_failure(error: &sqlx::Error) -> bool {
        error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code)
            .is_some_and(|code| code == "40001" || code == "40P01")
    }
}
