//! Migrations: numbered steps of a component's tables, one text per database.

use sqlx::{Executor, SqlSafeStr};

use crate::transaction::Connection;
use crate::{Db, Kind, Query, Result, StorageError, Tx, args, transaction};

/// One step. Numbers start at 1 and have no gaps; a published step is never changed.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// The number.
    pub version: i64,
    /// What it does, in a few words.
    pub name: &'static str,
    /// The statements for SQLite.
    pub sqlite: &'static str,
    /// The statements for PostgreSQL.
    pub postgres: &'static str,
}

/// A step that a database has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedMigration {
    /// The number.
    pub version: i64,
    /// What it did.
    pub name: String,
}

const LEDGER: &str = "create table if not exists schema_migration (
    component text not null,
    version bigint not null,
    name text not null,
    applied_at bigint not null,
    primary key (component, version)
)";

impl Db {
    /// Brings the tables of a component up to date, each step in its own transaction.
    ///
    /// # Errors
    /// [`StorageError::Migration`] when the steps have gaps or the database is newer than this
    /// program; any other [`StorageError`] when a step fails.
    pub async fn migrate(&self, component: &'static str, steps: &[Migration]) -> Result<()> {
        for (expected, step) in (1_i64..).zip(steps) {
            if step.version != expected {
                let reason = format!("expected number {expected}");
                return Err(failed(component, step.version, reason));
            }
        }
        transaction!(self, "storage.ledger", |tx| {
            // Two nodes may start at the same moment; "if not exists" alone races in PostgreSQL.
            lock_ledger(tx).await?;
            execute_script(tx, LEDGER).await
        })?;
        transaction!(self, "storage.migrate", |tx| {
            lock_ledger(tx).await?;
            let applied = applied(tx, component).await?;
            let newest = applied.last().map_or(0, |step| step.version);
            if usize::try_from(newest).unwrap_or(usize::MAX) > steps.len() {
                return Err(failed(
                    component,
                    newest,
                    "the database is newer than this program".to_owned(),
                ));
            }
            for step in steps.iter().filter(|step| step.version > newest) {
                let script = match self.kind() {
                    Kind::Sqlite => step.sqlite,
                    Kind::Postgres => step.postgres,
                };
                execute_script(tx, script).await?;
                tx.execute(
                    "insert into schema_migration (component, version, name, applied_at)
                     values ($1, $2, $3, $4)",
                    args![component, step.version, step.name, self.clock().now()],
                )
                .await?;
            }
            Ok(())
        })
    }

    /// The steps a database has of a component, in order.
    ///
    /// # Errors
    /// Any [`StorageError`].
    pub async fn applied_migrations(&self, component: &str) -> Result<Vec<AppliedMigration>> {
        applied(&mut self.read().await?, component).await
    }
}

async fn applied(query: &mut impl Query, component: &str) -> Result<Vec<AppliedMigration>> {
    let rows = query
        .fetch_all(
            "select version, name from schema_migration where component = $1 order by version",
            args![component],
        )
        .await?;
    rows.iter()
        .map(|row| {
            Ok(AppliedMigration {
                version: row.int("version")?,
                name: row.text("name")?,
            })
        })
        .collect()
}

async fn lock_ledger(tx: &mut Tx) -> Result<()> {
    let outcome = match tx.connection()? {
        Connection::Sqlite(_) => Ok(()),
        Connection::Postgres(connection) => connection
            .execute("select pg_advisory_xact_lock(7331206041)")
            .await
            .map(|_| ()),
    };
    tx.noted(outcome)
}

/// Runs a script of several statements without parameters.
async fn execute_script(tx: &mut Tx, script: &'static str) -> Result<()> {
    let script = sqlx::raw_sql(script.into_sql_str());
    let outcome = match tx.connection()? {
        Connection::Sqlite(connection) => connection.execute(script).await.map(|_| ()),
        Connection::Postgres(connection) => connection.execute(script).await.map(|_| ()),
    };
    tx.noted(outcome)
}

fn failed(component: &str, version: i64, reason: String) -> StorageError {
    StorageError::Migration {
        component: component.to_owned(),
        version,
        reason,
    }
}
