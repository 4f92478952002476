//! Many writers share one commit on SQLite: whatever happens to one of them, the others are told the
//! truth. The same holds on PostgreSQL, where there are no groups.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use einmal_storage::{Db, Migration, Query as _, StorageError, args, both_databases, transaction};

const TABLES: &str = "create table parent (id text primary key);
    create table child (
        id text primary key,
        parent text not null references parent (id) deferrable initially deferred)";
const STEPS: [Migration; 1] = [Migration {
    version: 1,
    name: "family",
    sqlite: TABLES,
    postgres: TABLES,
}];

/// Takes long enough to be given up.
const SLOW: &str = "insert into parent (id) select 'half' where (
    with recursive n (i) as (select 1 union all select i + 1 from n where i < 300000)
    select count(*) from n) > 0";

/// A caller that goes away after so many looks at its future.
struct Fickle<F> {
    future: Pin<Box<F>>,
    patience: u32,
}

impl<F: Future> Future for Fickle<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.patience == 0 {
            return Poll::Ready(None);
        }
        self.patience -= 1;
        let patience = self.patience;
        match self.future.as_mut().poll(context) {
            Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
            // Gives up right here, in the middle of whatever it waits for.
            Poll::Pending if patience == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }
}

async fn add(db: &Db, id: String) -> Result<(), StorageError> {
    transaction!(db, "parent.add", |tx| {
        tx.execute("insert into parent (id) values ($1)", args![&id])
            .await?;
        Ok(())
    })
}

/// Refused by the deferred rule only at the commit.
async fn add_orphan(db: &Db, id: String) -> Result<(), StorageError> {
    transaction!(db, "child.orphan", |tx| {
        tx.execute(
            "insert into child (id, parent) values ($1, 'nobody')",
            args![&id],
        )
        .await?;
        Ok(())
    })
}

async fn ids(db: &Db) -> BTreeSet<String> {
    let mut read = db.read().await.unwrap();
    let rows = read
        .fetch_all("select id from parent", args![])
        .await
        .unwrap();
    rows.iter().map(|row| row.text("id").unwrap()).collect()
}

both_databases! {
    async fn a_caller_may_go_away_at_any_moment(test: TestDb) {
        test.db.migrate("family", &STEPS).await.unwrap();
        for patience in 1..40 {
            let fickle = Fickle { future: Box::pin(add(&test.db, format!("f{patience:02}"))), patience };
            let outcome = fickle.await;
            add(&test.db, format!("s{patience:02}")).await.unwrap();
            let stored = ids(&test.db).await;
            assert!(stored.contains(&format!("s{patience:02}")));
            if outcome.is_some() {
                assert!(stored.contains(&format!("f{patience:02}")));
            }
        }
    }

    async fn a_reader_may_go_away_at_any_moment(test: TestDb) {
        test.db.migrate("family", &STEPS).await.unwrap();
        for patience in 1..40 {
            add(&test.db, format!("{patience:02}")).await.unwrap();
            let fickle = Fickle { future: Box::pin(ids(&test.db)), patience: patience % 8 + 1 };
            let _ = fickle.await;
            let mut readers = Vec::new();
            for _ in 0..3 {
                readers.push(ids(&test.db));
            }
            for stored in futures_util::future::join_all(readers).await {
                assert_eq!(stored.len(), patience as usize);
            }
        }
    }

    async fn a_statement_given_up_half_way_spoils_its_transaction(test: TestDb) {
        test.db.migrate("family", &STEPS).await.unwrap();
        let outcome: Result<(), StorageError> = transaction!(test.db, "test.impatient", |tx| {
            let statement = tx.execute(SLOW, args![]);
            assert!(Fickle { future: Box::pin(statement), patience: 1 }.await.is_none());
            Ok(())
        });
        assert!(matches!(outcome, Err(StorageError::Poisoned { .. })));
        assert!(ids(&test.db).await.is_empty());
        add(&test.db, "a".to_owned()).await.unwrap();
    }

    async fn callers_that_go_away_harm_nobody_in_their_group(test: TestDb) {
        test.db.migrate("family", &STEPS).await.unwrap();
        for round in 0..15 {
            let steady = (0..20).map(|number| {
                let db = test.db.clone();
                let id = format!("s{round:02}.{number:02}");
                async move { add(&db, id.clone()).await.map(|()| id).unwrap() }
            });
            let fickle = (0..20).map(|number| {
                let db = test.db.clone();
                let id = format!("f{round:02}.{number:02}");
                let patience = (number + round) % 14 + 1;
                async move {
                    let caller = Fickle { future: Box::pin(add(&db, id.clone())), patience };
                    match caller.await {
                        Some(outcome) => {
                            outcome.unwrap();
                            Some(id)
                        }
                        None => None,
                    }
                }
            });
            let (steady, fickle) = futures_util::future::join(
                futures_util::future::join_all(steady),
                futures_util::future::join_all(fickle),
            ).await;
            let stored = ids(&test.db).await;
            for id in steady.iter().chain(fickle.iter().flatten()) {
                assert!(stored.contains(id), "acknowledged and lost: {id}");
            }
        }
    }

    async fn an_abandoned_member_undoes_only_itself(test: TestDb) {
        test.db.migrate("family", &STEPS).await.unwrap();
        let (finished, ()) = futures_util::future::join(
            futures_util::future::join_all((0..5).map(|number| add(&test.db, format!("{number}")))),
            async {
                let mut abandoned = test.db.begin("test.abandoned").await.unwrap();
                abandoned.execute("insert into parent (id) values ('x')", args![]).await.unwrap();
                drop(abandoned);
            },
        ).await;
        assert!(finished.iter().all(Result::is_ok));
        assert_eq!(ids(&test.db).await.len(), 5);
    }

    async fn an_open_group_is_closed_when_its_members_are_gone(test: TestDb) {
        test.db.migrate("family", &STEPS).await.unwrap();
        let mut abandoned = test.db.begin("test.abandoned").await.unwrap();
        abandoned.execute("insert into parent (id) values ('x')", args![]).await.unwrap();
        drop(abandoned);
        // Another process can write: the write lock is free although nobody wrote here again.
        let other = Db::open(&test.location, test.clock.clone()).await.unwrap();
        let patience = Duration::from_secs(5);
        tokio::time::timeout(patience, add(&other, "a".to_owned())).await.unwrap().unwrap();
        assert_eq!(ids(&test.db).await, BTreeSet::from(["a".to_owned()]));
    }

    async fn a_failing_commit_is_reported_and_the_next_transaction_works(test: TestDb) {
        test.db.migrate("family", &STEPS).await.unwrap();
        assert!(add_orphan(&test.db, "c".to_owned()).await.is_err());
        transaction!(test.db, "child.with_parent", |tx| {
            tx.execute("insert into child (id, parent) values ('c', 'p')", args![]).await?;
            tx.execute("insert into parent (id) values ('p')", args![]).await
        }).unwrap();
        assert_eq!(ids(&test.db).await.len(), 1);
    }

    async fn a_failing_commit_is_reported_to_every_member_of_its_group(test: TestDb) {
        test.db.migrate("family", &STEPS).await.unwrap();
        let writers = (0..40).map(|number| {
            let db = test.db.clone();
            async move {
                let id = format!("{number:02}");
                let outcome = if number == 20 {
                    add_orphan(&db, id.clone()).await
                } else {
                    add(&db, id.clone()).await
                };
                (id, outcome)
            }
        });
        let outcomes = futures_util::future::join_all(writers).await;
        let acknowledged: BTreeSet<_> = outcomes
            .iter()
            .filter(|(_, outcome)| outcome.is_ok())
            .map(|(id, _)| id.clone())
            .collect();
        assert_eq!(ids(&test.db).await, acknowledged);
        assert!(!acknowledged.contains("20"));
        add(&test.db, "later".to_owned()).await.unwrap();
    }

    async fn many_writers_of_one_row_all_get_through(test: TestDb) {
        test.db.migrate_platform().await.unwrap();
        let writers = (0..80).map(|number| {
            let db = test.db.clone();
            async move {
                let payload = format!("{number}");
                transaction!(db, "test.append", |tx| {
                    einmal_storage::audit::append(tx, "busy", "test", &payload, db.clock().now()).await
                })
            }
        });
        let outcomes = futures_util::future::join_all(writers).await;
        let failed: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
        assert!(failed.is_empty(), "{} failed, first: {:?}", failed.len(), failed.first());
    }
}
