//! Write transactions: named, serialisable, retried when they collide.

use sqlx::{AssertSqlSafe, PgConnection, SqliteConnection};

use crate::query::run;
use crate::sqlite::Member;
use crate::{Result, StorageError, Value, postgres};

/// How often a colliding transaction is tried before the caller hears of it.
const MAX_ATTEMPTS: u32 = 20;

/// An open write transaction. Made by [`transaction!`](crate::transaction!), which also ends it.
/// Dropping it undoes everything.
///
/// Keep it short and free of other I/O: on SQLite it holds the only writer.
pub struct Tx {
    pub(crate) inner: Inner,
    name: &'static str,
    collided: bool,
    /// A statement failed or was dropped half-way. PostgreSQL then refuses all further ones and turns the commit into a
    /// silent roll-back; both databases behave alike because nothing goes on after a failure here.
    failed: bool,
    /// Held by repeated attempts: of the transactions of this process that collided, one at a time
    /// tries again. Otherwise many writers of one row keep defeating each other.
    _lane: Option<tokio::sync::OwnedMutexGuard<()>>,
}

pub(crate) enum Inner {
    Sqlite(Member),
    Postgres(postgres::Transaction),
}

pub(crate) enum Connection<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// What became of an attempt.
pub enum Finished<T, E> {
    /// The outcome stands.
    Done(std::result::Result<T, E>),
    /// The transaction collided with another; run the body again.
    Retry,
}

impl Tx {
    pub(crate) const fn new(inner: Inner, name: &'static str) -> Self {
        Self {
            inner,
            name,
            collided: false,
            failed: false,
            _lane: None,
        }
    }

    pub(crate) fn in_lane(self, lane: Option<tokio::sync::OwnedMutexGuard<()>>) -> Self {
        Self {
            _lane: lane,
            ..self
        }
    }

    /// The connection for one statement, whose outcome must then go through [`Tx::noted`].
    pub(crate) fn connection(&mut self) -> Result<Connection<'_>> {
        if self.failed {
            return Err(StorageError::Poisoned { name: self.name });
        }
        // Until `noted` hears of the outcome: the statement may be dropped half-way.
        self.failed = true;
        match &mut self.inner {
            Inner::Sqlite(member) => member.connection().map(Connection::Sqlite),
            Inner::Postgres(transaction) => Ok(Connection::Postgres(transaction.connection())),
        }
    }

    /// Remembers failures: a collision is retried even when the body maps the error to its own,
    /// and no other failure is ever committed even when the body swallows the error.
    pub(crate) fn noted<T>(&mut self, outcome: std::result::Result<T, sqlx::Error>) -> Result<T> {
        self.failed = outcome.is_err();
        outcome.map_err(|error| {
            self.collided |= StorageError::is_serialisation_failure(&error);
            error.into()
        })
    }

    /// Runs a statement and tells how many rows it changed.
    ///
    /// # Errors
    /// Any [`StorageError`].
    pub async fn execute(&mut self, sql: &'static str, args: Vec<Value>) -> Result<u64> {
        let outcome = match self.connection()? {
            Connection::Sqlite(connection) => {
                run!(connection, sql, args, execute).map(|done| done.rows_affected())
            }
            Connection::Postgres(connection) => {
                run!(connection, sql, args, execute).map(|done| done.rows_affected())
            }
        };
        self.noted(outcome)
    }

    /// Inserts many rows with few statements. `rest` follows the rows as it stands, for example
    /// `on conflict (id) do nothing`. Rows must all have as many values as there are columns, and
    /// with `do update` no key may occur twice in one call.
    ///
    /// # Errors
    /// Any [`StorageError`].
    pub async fn insert_many(
        &mut self,
        table: &'static str,
        columns: &'static [&'static str],
        rows: Vec<Vec<Value>>,
        rest: &'static str,
    ) -> Result<u64> {
        // Both drivers limit the parameters of one statement (32 766 and 65 535).
        let rows_per_statement = (30_000 / columns.len().max(1)).clamp(1, 1_000);
        let mut changed = 0;
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let chunk: Vec<Vec<Value>> = rows.by_ref().take(rows_per_statement).collect();
            let rows = chunk.len();
            let args = chunk.into_iter().flatten();
            let outcome = match self.connection()? {
                Connection::Sqlite(connection) => {
                    let sql = insert_statement(table, columns, rows, rest, Marks::Plain);
                    run!(connection, AssertSqlSafe(sql), args, execute)
                        .map(|done| done.rows_affected())
                }
                Connection::Postgres(connection) => {
                    let sql = insert_statement(table, columns, rows, rest, Marks::Numbered);
                    run!(connection, AssertSqlSafe(sql), args, execute)
                        .map(|done| done.rows_affected())
                }
            };
            changed += self.noted(outcome)?;
        }
        Ok(changed)
    }

    /// Ends the transaction: commits a good outcome durably, undoes a bad one, asks for another
    /// attempt after a collision. Called by [`transaction!`](crate::transaction!).
    pub async fn finish<T, E: From<StorageError>>(
        self,
        outcome: std::result::Result<T, E>,
        attempt: u32,
    ) -> Finished<T, E> {
        let (name, mut collided, failed) = (self.name, self.collided, self.failed);
        let outcome = match outcome {
            Ok(_) if failed => {
                self.roll_back().await;
                Err(E::from(StorageError::Poisoned { name }))
            }
            Ok(value) => match self.commit().await {
                Ok(()) => Ok(value),
                Err(error) => {
                    collided |= StorageError::is_serialisation_failure(&error);
                    Err(E::from(error.into()))
                }
            },
            Err(error) => {
                self.roll_back().await;
                Err(error)
            }
        };
        if !collided {
            return Finished::Done(outcome);
        }
        if attempt + 1 >= MAX_ATTEMPTS {
            let error = StorageError::Collision {
                name,
                attempts: attempt + 1,
            };
            return Finished::Done(Err(E::from(error)));
        }
        tracing::debug!(
            transaction = name,
            attempt,
            "transaction collided, trying again"
        );
        Finished::Retry
    }

    async fn commit(self) -> std::result::Result<(), sqlx::Error> {
        match self.inner {
            Inner::Sqlite(member) => member.commit().await,
            Inner::Postgres(transaction) => transaction.end("commit").await,
        }
    }

    async fn roll_back(self) {
        let outcome = match self.inner {
            Inner::Sqlite(member) => member.roll_back().await,
            Inner::Postgres(transaction) => transaction.end("rollback").await,
        };
        if let Err(error) = outcome {
            tracing::warn!(transaction = self.name, %error, "roll back failed, connection is dropped");
        }
    }
}

/// How parameters are written.
#[derive(Clone, Copy)]
enum Marks {
    /// `?`: to SQLite `$1` is a name that it looks up in a list, which is quadratic in long
    /// statements.
    Plain,
    /// `$1`, `$2`, …
    Numbered,
}

fn insert_statement(
    table: &str,
    columns: &[&str],
    rows: usize,
    rest: &str,
    marks: Marks,
) -> String {
    use std::fmt::Write as _;
    let mut sql = format!("insert into {table} ({}) values ", columns.join(", "));
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns.len() {
            let comma = if column == 0 { "" } else { ", " };
            // Writing into a String cannot fail.
            let _ = match marks {
                Marks::Plain => write!(sql, "{comma}?"),
                Marks::Numbered => write!(sql, "{comma}${}", row * columns.len() + column + 1),
            };
        }
        sql.push(')');
    }
    sql.push(' ');
    sql.push_str(rest);
    sql
}

/// Runs the body in a named write transaction and gives its outcome.
///
/// The body evaluates to a `Result<T, E>` where `E: From<StorageError>`; an error undoes
/// everything, and so does a failed statement whose error the body swallows: use `on conflict`
/// instead of catching a duplicate. **The body may run more than once** (serialisation failures are retried), so it must
/// have no effects outside the database. When the macro gives `Ok`, the change is on disk.
#[macro_export]
macro_rules! transaction {
    ($db:expr, $name:expr, |$tx:ident| $body:expr) => {{
        let db: &$crate::Db = &$db;
        let mut attempt = 0_u32;
        loop {
            match db.begin_again($name, attempt).await {
                Err(error) => break Err(::core::convert::From::from(error)),
                Ok(mut open) => {
                    let outcome = {
                        let $tx = &mut open;
                        async { $body }.await
                    };
                    match open.finish(outcome, attempt).await {
                        $crate::Finished::Done(outcome) => break outcome,
                        $crate::Finished::Retry => attempt += 1,
                    }
                }
            }
        }
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_the_parameters_of_all_rows() {
        assert_eq!(
            insert_statement(
                "place",
                &["ars", "name"],
                2,
                "on conflict do nothing",
                Marks::Numbered
            ),
            "insert into place (ars, name) values ($1, $2), ($3, $4) on conflict do nothing"
        );
        assert_eq!(
            insert_statement("place", &["ars", "name"], 2, "", Marks::Plain),
            "insert into place (ars, name) values (?, ?), (?, ?) "
        );
    }
}
