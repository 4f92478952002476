//! The catalogue itself: its tables and what every part of this crate shares.

use einmal_model::Date;
use einmal_storage::{Db, Kind as DbKind, Migration, Query as _, args, transaction};
use serde::{Deserialize, Serialize};

use crate::Result;

/// The tables of the catalogue.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "services, offices, online services, responsibilities, places",
        sqlite: include_str!("../migrations/sqlite/0001_catalogue.sql"),
        postgres: include_str!("../migrations/postgres/0001_catalogue.sql"),
    },
    Migration {
        version: 2,
        name: "revision, so that search indexes can follow",
        sqlite: include_str!("../migrations/sqlite/0002_revision.sql"),
        postgres: include_str!("../migrations/postgres/0002_revision.sql"),
    },
];

/// The service catalogue and the directory of places. Cheap to clone.
#[derive(Clone)]
pub struct Catalogue {
    pub(crate) db: Db,
}

/// Numbers of objects by kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Services (Leistungen).
    pub service: u64,
    /// Organisational units (Organisationseinheiten).
    pub organisation: u64,
    /// Online services (Onlinedienste).
    pub online_service: u64,
    /// Responsibilities (Zuständigkeiten), also those written inside other objects.
    pub responsibility: u64,
}

impl Catalogue {
    /// The catalogue in a database. Call [`Catalogue::migrate`] once before anything else.
    #[must_use]
    pub const fn new(db: Db) -> Self {
        Self { db }
    }

    /// Brings the tables up to date and puts the embedded places in when there are none.
    ///
    /// # Errors
    /// [`crate::CatalogueError::Storage`].
    pub async fn migrate(&self) -> Result<()> {
        self.db.migrate("catalogue", MIGRATIONS).await?;
        self.seed_regions().await
    }

    /// How many objects there are, of all editorial offices or of one.
    ///
    /// # Errors
    /// [`crate::CatalogueError::Storage`].
    pub async fn counts(&self, agency: Option<&str>) -> Result<Counts> {
        let row = self
            .db
            .read()
            .await?
            .fetch_one(
                "select
                    (select count(*) from catalogue_service where $1 = '' or agency = $1) as s,
                    (select count(*) from catalogue_organisation where $1 = '' or agency = $1) as o,
                    (select count(*) from catalogue_online_service where $1 = '' or agency = $1) as n,
                    (select count(*) from catalogue_responsibility where $1 = '' or agency = $1) as r",
                args![agency.unwrap_or_default()],
            )
            .await?;
        let count = |column| row.int(column).map(i64::unsigned_abs);
        Ok(Counts {
            service: count("s")?,
            organisation: count("o")?,
            online_service: count("n")?,
            responsibility: count("r")?,
        })
    }

    /// Grows with every import that changed something, from whatever process. Indexes compare it
    /// with the revision they were built from.
    ///
    /// # Errors
    /// [`crate::CatalogueError::Storage`].
    pub async fn revision(&self) -> Result<i64> {
        let row = self
            .db
            .read()
            .await?
            .fetch_one(
                "select revision from catalogue_revision where id = 1",
                Vec::new(),
            )
            .await?;
        Ok(row.int("revision")?)
    }

    /// Marks that an import is complete.
    pub(crate) async fn bump_revision(&self) -> Result<()> {
        transaction!(self.db, "catalogue.revision", |tx| {
            tx.execute(
                "update catalogue_revision set revision = revision + 1 where id = 1",
                Vec::new(),
            )
            .await?;
            Ok(())
        })
    }

    /// The day on which questions without a day of their own are answered.
    #[must_use]
    pub fn today(&self) -> Date {
        self.db.clock().today()
    }

    /// The text of a statement for this database.
    pub(crate) const fn sql(&self, texts: [&'static str; 2]) -> &'static str {
        match self.db.kind() {
            DbKind::Sqlite => texts[0],
            DbKind::Postgres => texts[1],
        }
    }
}

/// A statement whose last part compares with a list that comes as one JSON array in `$1`. The only
/// place where both databases need different words.
macro_rules! listed {
    ($text:literal) => {
        [
            concat!($text, " in (select value from json_each($1))"),
            concat!(
                $text,
                " = any(array(select json_array_elements_text($1::json)))"
            ),
        ]
    };
}
pub(crate) use listed;

/// A list as the JSON array that [`listed`] takes.
pub(crate) fn json_list<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> String {
    let items: Vec<serde_json::Value> = items
        .into_iter()
        .map(|item| serde_json::Value::from(item.as_ref()))
        .collect();
    serde_json::Value::Array(items).to_string()
}
