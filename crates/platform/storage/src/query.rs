//! Questions to the database: the same for a read-only connection and for a transaction.

use std::future::Future;

use crate::row::Inner;
use crate::transaction::Connection;
use crate::{Read, Result, Row, StorageError, Tx, Value};

/// Anything that can be asked: [`Read`] and [`Tx`]. Repository functions take `&mut impl Query`
/// when they only read, and `&mut Tx` when they write.
pub trait Query: Send {
    /// All rows of the answer.
    fn fetch_all(
        &mut self,
        sql: &'static str,
        args: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<Row>>> + Send;

    /// The only row of the answer, or none; further rows are ignored.
    fn fetch_optional(
        &mut self,
        sql: &'static str,
        args: Vec<Value>,
    ) -> impl Future<Output = Result<Option<Row>>> + Send;

    /// The row that must be there.
    ///
    /// # Errors
    /// [`StorageError::Missing`] when it is not.
    fn fetch_one(
        &mut self,
        sql: &'static str,
        args: Vec<Value>,
    ) -> impl Future<Output = Result<Row>> + Send {
        async move {
            self.fetch_optional(sql, args)
                .await?
                .ok_or(StorageError::Missing)
        }
    }
}

/// Binds the arguments and runs the statement on one driver's connection. The body is written once
/// and checked by the compiler for each driver.
macro_rules! run {
    ($connection:expr, $sql:expr, $args:expr, $method:ident) => {{
        let mut query = sqlx::query($sql);
        for value in $args {
            query = match value {
                $crate::Value::Text(text) => query.bind(text),
                $crate::Value::Int(number) => query.bind(number),
                $crate::Value::Bytes(bytes) => query.bind(bytes),
            };
        }
        query.$method($connection).await
    }};
}
pub(crate) use run;

impl Query for Read {
    async fn fetch_all(&mut self, sql: &'static str, args: Vec<Value>) -> Result<Vec<Row>> {
        let outcome = match self.connection() {
            Connection::Sqlite(connection) => run!(connection, sql, args, fetch_all).map(|rows| {
                rows.into_iter()
                    .map(|row| Row(Inner::Sqlite(row)))
                    .collect()
            }),
            Connection::Postgres(connection) => {
                run!(connection, sql, args, fetch_all).map(|rows| {
                    rows.into_iter()
                        .map(|row| Row(Inner::Postgres(row)))
                        .collect()
                })
            }
        };
        self.noted(outcome)
    }

    async fn fetch_optional(&mut self, sql: &'static str, args: Vec<Value>) -> Result<Option<Row>> {
        let outcome = match self.connection() {
            Connection::Sqlite(connection) => run!(connection, sql, args, fetch_optional)
                .map(|row| row.map(|row| Row(Inner::Sqlite(row)))),
            Connection::Postgres(connection) => run!(connection, sql, args, fetch_optional)
                .map(|row| row.map(|row| Row(Inner::Postgres(row)))),
        };
        self.noted(outcome)
    }
}

impl Query for Tx {
    async fn fetch_all(&mut self, sql: &'static str, args: Vec<Value>) -> Result<Vec<Row>> {
        let outcome = match self.connection()? {
            Connection::Sqlite(connection) => run!(connection, sql, args, fetch_all).map(|rows| {
                rows.into_iter()
                    .map(|row| Row(Inner::Sqlite(row)))
                    .collect()
            }),
            Connection::Postgres(connection) => {
                run!(connection, sql, args, fetch_all).map(|rows| {
                    rows.into_iter()
                        .map(|row| Row(Inner::Postgres(row)))
                        .collect()
                })
            }
        };
        self.noted(outcome)
    }

    async fn fetch_optional(&mut self, sql: &'static str, args: Vec<Value>) -> Result<Option<Row>> {
        let outcome = match self.connection()? {
            Connection::Sqlite(connection) => run!(connection, sql, args, fetch_optional)
                .map(|row| row.map(|row| Row(Inner::Sqlite(row)))),
            Connection::Postgres(connection) => run!(connection, sql, args, fetch_optional)
                .map(|row| row.map(|row| Row(Inner::Postgres(row)))),
        };
        self.noted(outcome)
    }
}
