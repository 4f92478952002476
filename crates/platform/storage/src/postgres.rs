//! PostgreSQL: a pool of connections and serialisable transactions.

use std::str::FromStr;
use std::time::Duration;

use sqlx::Executor as _;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions, Postgres};

use crate::{Result, StorageError};

/// More than this buys nothing (measured: round trips, not connections, are the limit).
const CONNECTIONS: u32 = 16;

pub(crate) async fn open(url: &str) -> Result<PgPool> {
    let options = PgConnectOptions::from_str(url)
        // The error's own text could repeat a password from the URL.
        .map_err(|_| StorageError::Location("not a PostgreSQL URL".to_owned()))?
        .application_name("einmal");
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options)
        .await?;
    Ok(pool)
}

/// An open transaction. The driver's own type is not used: dropped in the middle of "begin" it
/// returns the connection to the pool inside an open transaction, where later readers see an old
/// state of the database. Here a connection that was not left cleanly is closed, which also makes
/// the server undo whatever was open.
pub(crate) struct Transaction {
    connection: PoolConnection<Postgres>,
    is_clean: bool,
}

impl Transaction {
    pub(crate) async fn begin(
        pool: &PgPool,
        statement: &'static str,
    ) -> std::result::Result<Self, sqlx::Error> {
        let mut transaction = Self {
            connection: pool.acquire().await?,
            is_clean: false,
        };
        transaction.connection.execute(statement).await?;
        Ok(transaction)
    }

    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    pub(crate) async fn end(
        mut self,
        statement: &'static str,
    ) -> std::result::Result<(), sqlx::Error> {
        let outcome = self.connection.execute(statement).await;
        // An answer of the server, even a refusal, ends the transaction; silence does not.
        self.is_clean = matches!(outcome, Ok(_) | Err(sqlx::Error::Database(_)));
        outcome.map(|_| ())
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if !self.is_clean {
            self.connection.close_on_drop();
        }
    }
}
