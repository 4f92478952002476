//! The tables that storage itself needs in every database: jobs and the audit chain.

use crate::{Db, Migration, Result};

/// The migrations of the component `storage`.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "jobs",
        sqlite: include_str!("../migrations/sqlite/0001_jobs.sql"),
        postgres: include_str!("../migrations/postgres/0001_jobs.sql"),
    },
    Migration {
        version: 2,
        name: "audit",
        sqlite: include_str!("../migrations/sqlite/0002_audit.sql"),
        postgres: include_str!("../migrations/postgres/0002_audit.sql"),
    },
];

impl Db {
    /// Brings the tables of jobs and audit up to date. Called once per database, before anything
    /// uses them.
    ///
    /// # Errors
    /// As [`Db::migrate`].
    pub async fn migrate_platform(&self) -> Result<()> {
        self.migrate("storage", MIGRATIONS).await
    }
}
