//! Fresh databases of both kinds for tests.
//!
//! [`both_databases!`](crate::both_databases!) stamps a test out for SQLite and PostgreSQL, so that
//! nothing is ever proven for one of them only.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use einmal_model::testing::FixedClock;

use crate::{Db, DbLocation, Kind, Migration, Query as _};

/// A database of its own for one test, with a clock that the test moves.
pub struct TestDb {
    /// The database, without any tables yet.
    pub db: Db,
    /// The clock it was opened with, at 2026-11-23T10:00:00Z.
    pub clock: Arc<FixedClock>,
    /// Where it is, to open it a second time.
    pub location: DbLocation,
    // Removed at the end of the test.
    _folder: Option<tempfile::TempDir>,
}

impl TestDb {
    /// Opens a fresh database of this kind.
    #[expect(clippy::expect_used, reason = "a test without a database cannot go on")]
    pub async fn open(kind: Kind) -> Self {
        let clock = Arc::new(FixedClock::at("2026-11-23T10:00:00Z"));
        let (location, folder) = match kind {
            Kind::Sqlite => {
                let folder = tempfile::tempdir().expect("a temporary folder");
                (
                    DbLocation::File(folder.path().join("test.db")),
                    Some(folder),
                )
            }
            Kind::Postgres => (DbLocation::Postgres(einmal_testkit::fresh_database()), None),
        };
        let db = Db::open(&location, Arc::clone(&clock) as _)
            .await
            .expect("a database");
        Self {
            db,
            clock,
            location,
            _folder: folder,
        }
    }
}

/// Declares tests that run on both databases:
///
/// ```ignore
/// both_databases! {
///     async fn keeps_what_was_committed(test: TestDb) { … }
/// }
/// ```
#[macro_export]
macro_rules! both_databases {
    ($($(#[$meta:meta])* async fn $name:ident($test:ident: TestDb) $body:block)*) => {
        $(
            $(#[$meta])*
            mod $name {
                use super::*;

                async fn check($test: $crate::testing::TestDb) $body

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    check($crate::testing::TestDb::open($crate::Kind::Sqlite).await).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    check($crate::testing::TestDb::open($crate::Kind::Postgres).await).await;
                }
            }
        )*
    };
}

/// The tables of a database and their columns as `name type` with ` not null`, in words that are
/// the same for both databases. Comparing the two sides after all migrations shows whether they
/// agree.
#[expect(clippy::expect_used, reason = "a test without a database cannot go on")]
pub async fn schema(db: &Db) -> BTreeMap<String, BTreeSet<String>> {
    let sql = match db.kind() {
        Kind::Sqlite => {
            "select m.name as table_name, p.name as column_name, lower(p.type) as column_type,
                    case when p.\"notnull\" = 1 or p.pk > 0 then 'yes' else 'no' end as required
             from sqlite_master m join pragma_table_info(m.name) p
             where m.type = 'table' and m.name not like 'sqlite_%'"
        }
        Kind::Postgres => {
            "select table_name::text, column_name::text, data_type::text as column_type,
                    case when is_nullable = 'NO' then 'yes' else 'no' end as required
             from information_schema.columns where table_schema = 'public'"
        }
    };
    let mut read = db.read().await.expect("a connection");
    let rows = read.fetch_all(sql, vec![]).await.expect("the schema");
    let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in &rows {
        let text = |column| row.text(column).expect("a text");
        let kind = match text("column_type").as_str() {
            "blob" | "bytea" => "bytes".to_owned(),
            other => other.to_owned(),
        };
        let required = if text("required") == "yes" {
            " not null"
        } else {
            ""
        };
        let column = format!("{} {kind}{required}", text("column_name"));
        tables.entry(text("table_name")).or_default().insert(column);
    }
    tables
}

/// Applies a component's migrations to both databases and demands the same tables and columns,
/// and no column types other than text, bigint and bytes.
///
/// # Panics
/// When a migration fails or the two sides differ.
#[expect(clippy::expect_used, clippy::panic, reason = "the outcome of a test")]
pub async fn assert_schemas_agree(component: &'static str, migrations: &[Migration]) {
    let mut sides = Vec::new();
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let test = TestDb::open(kind).await;
        test.db.migrate_platform().await.expect("platform tables");
        if component != "storage" {
            test.db
                .migrate(component, migrations)
                .await
                .expect("migrations");
        }
        sides.push(schema(&test.db).await);
    }
    let (Some(sqlite), Some(postgres)) = (sides.first(), sides.last()) else {
        panic!("both databases were opened");
    };
    assert!(!sqlite.is_empty(), "there are no tables");
    assert_eq!(
        sqlite, postgres,
        "SQLite (left) and PostgreSQL (right) differ"
    );
    for column in sqlite.values().flatten() {
        let kind = column.split(' ').nth(1).unwrap_or_default();
        assert!(
            ["text", "bigint", "bytes"].contains(&kind),
            "column `{column}` has a type that the databases treat differently"
        );
    }
}
