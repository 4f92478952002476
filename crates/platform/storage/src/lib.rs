//! One door to the database. Everything above this crate is the same for SQLite (one machine) and
//! PostgreSQL (many nodes).
//!
//! - [`Db`] opens either database. [`transaction!`] runs a named write transaction that is retried
//!   on serialisation failure; [`Db::read`] gives a read-only connection.
//! - [`Migration`]s belong to the domain that owns the tables; [`Db::migrate`] applies them.
//! - [`jobs`] runs work after a commit, exactly once from the outside; [`audit`] is the
//!   tamper-evident log; [`blobs`] holds large bytes; [`Crypter`] encrypts single fields bound to
//!   their place. [`Db::migrate_platform`] creates the tables of the first two.
//!
//! This crate knows SQL and nothing of HTTP. It is the only one that depends on `sqlx`. Column
//! types are text, bigint and blob/bytea only: what both databases treat alike.
//!
//! ```no_run
//! # use einmal_storage::{args, transaction, Db, StorageError};
//! # async fn example(db: &Db) -> Result<(), StorageError> {
//! let added = transaction!(db, "greeting.add", |tx| {
//!     let rows = tx.execute("insert into greeting (text) values ($1)", args!["Moin"]).await?;
//!     Ok::<_, StorageError>(rows)
//! })?;
//! assert_eq!(added, 1);
//! # Ok(())
//! # }
//! ```

pub mod audit;
pub mod blobs;
pub mod crypter;
mod db;
mod error;
pub mod jobs;
mod migrate;
mod platform;
mod postgres;
mod query;
mod row;
mod sqlite;
mod transaction;
mod value;

#[cfg(feature = "testing")]
pub mod testing;

pub use crypter::{Crypter, CrypterError};
pub use db::{Db, DbLocation, Kind, Read};
pub use error::{Constraint, StorageError};
pub use migrate::{AppliedMigration, Migration};
pub use platform::MIGRATIONS;
pub use query::Query;
pub use row::Row;
pub use transaction::{Finished, Tx};
pub use value::Value;

/// The outcome of most functions here.
pub type Result<T, E = StorageError> = std::result::Result<T, E>;
