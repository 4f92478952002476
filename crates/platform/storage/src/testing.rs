//! Fresh databases of both kinds for tests.
//!
//! [`both_databases!`](crate::both_databases!) stamps a test out for SQLite and PostgreSQL, so that
//! nothing is ever proven for one of them only.

use std::sync::Arc;

use einmal_model::testing::FixedClock;

use crate::{Db, DbLocation, Kind};

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
