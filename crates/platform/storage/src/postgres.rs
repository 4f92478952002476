//! PostgreSQL: a pool of connections and serialisable transactions.

use std::str::FromStr;
use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

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

pub(crate) async fn begin(pool: &PgPool) -> Result<sqlx::Transaction<'static, sqlx::Postgres>> {
    Ok(pool
        .begin_with("begin isolation level serializable")
        .await?)
}
