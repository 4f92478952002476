//! A row of an answer, read by column name.

use einmal_model::{Ars, Instant};
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;

use crate::{Result, StorageError};

/// One row of an answer.
pub struct Row(pub(crate) Inner);

pub(crate) enum Inner {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    /// A text that is not null.
    ///
    /// # Errors
    /// [`StorageError::Decode`] when the column is missing, null or of another type; the same for
    /// all functions here.
    pub fn text(&self, column: &str) -> Result<String> {
        self.opt_text(column)?.ok_or_else(|| decode(column))
    }

    /// A text or null.
    ///
    /// # Errors
    /// As [`Row::text`].
    pub fn opt_text(&self, column: &str) -> Result<Option<String>> {
        match &self.0 {
            Inner::Sqlite(row) => row.try_get(column).map_err(|_| decode(column)),
            Inner::Postgres(row) => row.try_get(column).map_err(|_| decode(column)),
        }
    }

    /// A whole number that is not null.
    ///
    /// # Errors
    /// As [`Row::text`].
    pub fn int(&self, column: &str) -> Result<i64> {
        self.opt_int(column)?.ok_or_else(|| decode(column))
    }

    /// A whole number or null.
    ///
    /// # Errors
    /// As [`Row::text`].
    pub fn opt_int(&self, column: &str) -> Result<Option<i64>> {
        match &self.0 {
            Inner::Sqlite(row) => row.try_get(column).map_err(|_| decode(column)),
            Inner::Postgres(row) => row.try_get(column).map_err(|_| decode(column)),
        }
    }

    /// Bytes that are not null.
    ///
    /// # Errors
    /// As [`Row::text`].
    pub fn bytes(&self, column: &str) -> Result<Vec<u8>> {
        self.opt_bytes(column)?.ok_or_else(|| decode(column))
    }

    /// Bytes or null.
    ///
    /// # Errors
    /// As [`Row::text`].
    pub fn opt_bytes(&self, column: &str) -> Result<Option<Vec<u8>>> {
        match &self.0 {
            Inner::Sqlite(row) => row.try_get(column).map_err(|_| decode(column)),
            Inner::Postgres(row) => row.try_get(column).map_err(|_| decode(column)),
        }
    }

    /// A truth value, stored as 0 or 1.
    ///
    /// # Errors
    /// As [`Row::text`].
    pub fn truth(&self, column: &str) -> Result<bool> {
        self.int(column).map(|number| number != 0)
    }

    /// An instant, stored in microseconds.
    ///
    /// # Errors
    /// As [`Row::text`].
    pub fn instant(&self, column: &str) -> Result<Instant> {
        self.int(column).map(Instant::from_micros)
    }

    /// An instant or null.
    ///
    /// # Errors
    /// As [`Row::text`].
    pub fn opt_instant(&self, column: &str) -> Result<Option<Instant>> {
        Ok(self.opt_int(column)?.map(Instant::from_micros))
    }

    /// A region key.
    ///
    /// # Errors
    /// As [`Row::text`].
    pub fn ars(&self, column: &str) -> Result<Ars> {
        self.parse(column)
    }

    /// A text read as any type that knows how: ids, keys, dates.
    ///
    /// # Errors
    /// As [`Row::text`], also when the text is not of that type.
    pub fn parse<T: std::str::FromStr>(&self, column: &str) -> Result<T> {
        self.text(column)?.parse().map_err(|_| decode(column))
    }
}

fn decode(column: &str) -> StorageError {
    StorageError::Decode {
        column: column.to_owned(),
    }
}
