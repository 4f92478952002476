//! Steps are applied once, in order, and never by an older program.

use einmal_storage::{Migration, StorageError, both_databases};

const FIRST: &str =
    "create table one (id text primary key); create table two (id text primary key)";
const SECOND: &str = "alter table one add column note text";

const fn step(version: i64, script: &'static str) -> Migration {
    Migration {
        version,
        name: "step",
        sqlite: script,
        postgres: script,
    }
}

both_databases! {
    async fn applies_each_step_once(test: TestDb) {
        let steps = [step(1, FIRST), step(2, SECOND)];
        test.db.migrate("numbers", &steps[..1]).await.unwrap();
        test.db.migrate("numbers", &steps).await.unwrap();
        test.db.migrate("numbers", &steps).await.unwrap();
        let applied = test.db.applied_migrations("numbers").await.unwrap();
        assert_eq!(applied.iter().map(|step| step.version).collect::<Vec<_>>(), [1, 2]);
    }

    async fn refuses_a_database_that_is_newer_than_the_program(test: TestDb) {
        let steps = [step(1, FIRST), step(2, SECOND)];
        test.db.migrate("numbers", &steps).await.unwrap();
        let refused = test.db.migrate("numbers", &steps[..1]).await;
        assert!(matches!(refused, Err(StorageError::Migration { version: 2, .. })));
    }

    async fn a_failing_step_leaves_nothing_behind(test: TestDb) {
        let steps = [step(1, FIRST), step(2, "create table three (id text); nonsense")];
        assert!(test.db.migrate("numbers", &steps).await.is_err());
        assert!(test.db.applied_migrations("numbers").await.unwrap().is_empty());
        test.db.migrate("numbers", &steps[..1]).await.unwrap();
    }

    async fn refuses_gaps(test: TestDb) {
        let refused = test.db.migrate("numbers", &[step(2, FIRST)]).await;
        assert!(matches!(refused, Err(StorageError::Migration { version: 2, .. })));
    }
}

#[tokio::test]
async fn the_tables_of_storage_agree_on_both_databases() {
    einmal_storage::testing::assert_schemas_agree("storage", einmal_storage::MIGRATIONS).await;
}
