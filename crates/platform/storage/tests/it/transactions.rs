//! What is acknowledged is there; what failed left no trace.

use std::sync::atomic::{AtomicU32, Ordering};

use einmal_storage::{Db, Migration, Query, StorageError, args, both_databases, transaction};

const TABLE: &str = "create table item (id text primary key, amount bigint not null, body text)";
const STEPS: [Migration; 1] = [Migration {
    version: 1,
    name: "item",
    sqlite: TABLE,
    postgres: TABLE,
}];

async fn add(db: &Db, id: &str, amount: i64) -> Result<(), StorageError> {
    transaction!(db, "item.add", |tx| {
        tx.execute(
            "insert into item (id, amount) values ($1, $2)",
            args![id, amount],
        )
        .await?;
        Ok(())
    })
}

async fn ids(db: &Db) -> Vec<String> {
    let mut read = db.read().await.unwrap();
    let rows = read
        .fetch_all("select id from item order by id", args![])
        .await
        .unwrap();
    rows.iter().map(|row| row.text("id").unwrap()).collect()
}

both_databases! {
    async fn keeps_what_was_committed_and_undoes_what_failed(test: TestDb) {
        test.db.migrate("item", &STEPS).await.unwrap();
        add(&test.db, "a", 1).await.unwrap();
        let refused: Result<(), StorageError> = transaction!(test.db, "item.half", |tx| {
            tx.execute("insert into item (id, amount) values ('b', 2)", args![]).await?;
            Err(StorageError::Missing)
        });
        assert!(matches!(refused, Err(StorageError::Missing)));
        assert_eq!(ids(&test.db).await, ["a"]);
    }

    async fn names_a_duplicate(test: TestDb) {
        test.db.migrate("item", &STEPS).await.unwrap();
        add(&test.db, "a", 1).await.unwrap();
        assert!(add(&test.db, "a", 1).await.unwrap_err().is_duplicate());
    }

    async fn many_writers_lose_nothing_and_one_failure_undoes_only_itself(test: TestDb) {
        test.db.migrate("item", &STEPS).await.unwrap();
        let writers = (0..60).map(|number| {
            let db = test.db.clone();
            async move {
                // Every third one collides with its predecessor's id.
                let id = if number % 3 == 2 { number - 1 } else { number };
                (number, add(&db, &format!("{id:03}"), 1).await)
            }
        });
        let outcomes = futures_util::future::join_all(writers).await;
        let written = outcomes.iter().filter(|(_, outcome)| outcome.is_ok()).count();
        assert_eq!(written, 40);
        assert_eq!(ids(&test.db).await.len(), 40);
    }

    async fn concurrent_increments_all_count(test: TestDb) {
        test.db.migrate("item", &STEPS).await.unwrap();
        add(&test.db, "counter", 0).await.unwrap();
        let attempts = AtomicU32::new(0);
        let increments = (0..12).map(|_| async {
            transaction!(test.db, "item.increment", |tx| {
                attempts.fetch_add(1, Ordering::SeqCst);
                let row = tx.fetch_one("select amount from item where id = 'counter'", args![]).await?;
                let next = row.int("amount")? + 1;
                tx.execute("update item set amount = $1 where id = 'counter'", args![next]).await?;
                Ok::<_, StorageError>(())
            })
        });
        for outcome in futures_util::future::join_all(increments).await {
            outcome.unwrap();
        }
        let mut read = test.db.read().await.unwrap();
        let row = read.fetch_one("select amount from item where id = 'counter'", args![]).await.unwrap();
        assert_eq!(row.int("amount").unwrap(), 12);
        assert!(attempts.load(Ordering::SeqCst) >= 12);
    }

    async fn an_abandoned_transaction_leaves_no_trace_and_does_not_block(test: TestDb) {
        test.db.migrate("item", &STEPS).await.unwrap();
        let mut abandoned = test.db.begin("item.abandoned").await.unwrap();
        abandoned.execute("insert into item (id, amount) values ('x', 1)", args![]).await.unwrap();
        drop(abandoned);
        add(&test.db, "a", 1).await.unwrap();
        assert_eq!(ids(&test.db).await, ["a"]);
    }

    async fn reopening_finds_everything(test: TestDb) {
        test.db.migrate("item", &STEPS).await.unwrap();
        add(&test.db, "a", 1).await.unwrap();
        let again = Db::open(&test.location, test.clock.clone()).await.unwrap();
        assert_eq!(ids(&again).await, ["a"]);
    }

    async fn inserts_more_rows_than_one_statement_takes(test: TestDb) {
        test.db.migrate("item", &STEPS).await.unwrap();
        let rows = (0..2_500_i64).map(|n| args![format!("{n}"), n, None::<String>]).collect();
        let written = transaction!(test.db, "item.bulk", |tx| {
            let rows: Vec<_> = Clone::clone(&rows);
            tx.insert_many("item", &["id", "amount", "body"], rows, "on conflict (id) do nothing").await
        }).unwrap();
        assert_eq!(written, 2_500);
        assert_eq!(ids(&test.db).await.len(), 2_500);
    }

    async fn a_reader_cannot_write(test: TestDb) {
        test.db.migrate("item", &STEPS).await.unwrap();
        if test.db.kind() == einmal_storage::Kind::Sqlite {
            let mut read = test.db.read().await.unwrap();
            let refused = read.fetch_all("insert into item (id, amount) values ('x', 1) returning id", args![]).await;
            assert!(refused.is_err());
        }
        assert!(ids(&test.db).await.is_empty());
    }

    async fn a_swallowed_failure_is_never_acknowledged(test: TestDb) {
        test.db.migrate("item", &STEPS).await.unwrap();
        add(&test.db, "a", 1).await.unwrap();
        let outcome: Result<(), StorageError> = transaction!(test.db, "item.careless", |tx| {
            tx.execute("insert into item (id, amount) values ('b', 1)", args![]).await?;
            let _ = tx.execute("insert into item (id, amount) values ('a', 1)", args![]).await;
            Ok(())
        });
        assert!(matches!(outcome, Err(StorageError::Poisoned { name: "item.careless" })));
        let outcome: Result<(), StorageError> = transaction!(test.db, "item.careless", |tx| {
            let _ = tx.execute("insert into item (id, amount) values ('a', 1)", args![]).await;
            tx.execute("insert into item (id, amount) values ('b', 1)", args![]).await?;
            Ok(())
        });
        assert!(matches!(outcome, Err(StorageError::Poisoned { .. })));
        assert_eq!(ids(&test.db).await, ["a"]);
    }
}
