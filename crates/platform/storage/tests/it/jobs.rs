//! Jobs run until they are done, one worker at a time, and nothing is done twice.

use einmal_model::Clock as _;
use einmal_model::testing::SeededRandom;
use einmal_storage::jobs::{self, AfterFailure, ClaimedJob, Job, RetryPolicy};
use einmal_storage::testing::TestDb;
use einmal_storage::{Db, StorageError, both_databases, transaction};

async fn enqueue(test: &TestDb, key: &str) -> bool {
    let job = Job {
        queue: "post",
        key: key.to_owned(),
        payload: format!("{{\"id\":\"{key}\"}}"),
        run_at: test.clock.now(),
    };
    transaction!(test.db, "test.enqueue", |tx| jobs::enqueue(tx, &job).await).unwrap()
}

async fn claim(test: &TestDb, worker: &str) -> Vec<ClaimedJob> {
    jobs::claim(&test.db, "post", worker, 60, 10).await.unwrap()
}

async fn complete(db: &Db, job: &ClaimedJob) -> Result<(), StorageError> {
    transaction!(db, "test.complete", |tx| {
        jobs::complete(tx, job, db.clock().now()).await
    })
}

both_databases! {
    async fn a_job_runs_once_and_its_key_stays_taken(test: TestDb) {
        test.db.migrate_platform().await.unwrap();
        assert!(enqueue(&test, "a").await);
        assert!(!enqueue(&test, "a").await);
        let claimed = claim(&test, "w1").await;
        assert_eq!(claimed.len(), 1);
        assert_eq!((claimed[0].payload.as_str(), claimed[0].attempts), ("{\"id\":\"a\"}", 1));
        assert!(claim(&test, "w2").await.is_empty());
        complete(&test.db, &claimed[0]).await.unwrap();
        assert!(!enqueue(&test, "a").await);
        assert!(claim(&test, "w2").await.is_empty());
        let state = jobs::queue_state(&mut test.db.read().await.unwrap(), "post").await.unwrap();
        assert_eq!((state.waiting, state.running, state.done, state.dead), (0, 0, 1, 0));
    }

    async fn nothing_is_enqueued_when_the_change_fails(test: TestDb) {
        test.db.migrate_platform().await.unwrap();
        let job = Job { queue: "post", key: "a".to_owned(), payload: String::new(), run_at: test.clock.now() };
        let refused: Result<(), StorageError> = transaction!(test.db, "test.half", |tx| {
            jobs::enqueue(tx, &job).await?;
            Err(StorageError::Missing)
        });
        assert!(refused.is_err());
        assert!(claim(&test, "w1").await.is_empty());
    }

    async fn a_dead_workers_job_comes_back_and_the_late_worker_cannot_complete_it(test: TestDb) {
        test.db.migrate_platform().await.unwrap();
        enqueue(&test, "a").await;
        let lost = claim(&test, "w1").await;
        test.clock.advance_seconds(61);
        let second = claim(&test, "w1").await;
        assert_eq!(second[0].attempts, 2);
        assert!(matches!(complete(&test.db, &lost[0]).await, Err(StorageError::LeaseLost { .. })));
        complete(&test.db, &second[0]).await.unwrap();
        assert!(matches!(complete(&test.db, &second[0]).await, Err(StorageError::LeaseLost { .. })));
    }

    async fn a_failed_job_waits_then_dies_and_can_be_revived(test: TestDb) {
        test.db.migrate_platform().await.unwrap();
        let policy = RetryPolicy { first_pause: 10, longest_pause: 100, attempts: 2 };
        let random = SeededRandom::new(1);
        enqueue(&test, "a").await;
        let job = claim(&test, "w1").await.remove(0);
        let now = test.clock.now();
        let outcome = transaction!(test.db, "test.fail", |tx| {
            jobs::fail(tx, &job, "connection refused", &policy, now, &random).await
        }).unwrap();
        let AfterFailure::Again(at) = outcome else { panic!("{outcome:?}") };
        assert!(at >= now.plus_seconds(5) && at <= now.plus_seconds(10));
        assert!(claim(&test, "w1").await.is_empty());
        test.clock.advance_seconds(10);
        let job = claim(&test, "w1").await.remove(0);
        let outcome = transaction!(test.db, "test.fail", |tx| {
            jobs::fail(tx, &job, "connection refused", &policy, test.clock.now(), &random).await
        }).unwrap();
        assert_eq!(outcome, AfterFailure::Dead);
        test.clock.advance_seconds(100_000);
        assert!(claim(&test, "w1").await.is_empty());
        let dead = jobs::dead_jobs(&mut test.db.read().await.unwrap(), "post", 10).await.unwrap();
        assert_eq!((dead[0].key.as_str(), dead[0].last_error.as_str()), ("a", "connection refused"));
        let revived = transaction!(test.db, "test.revive", |tx| {
            jobs::revive(tx, "post", "a", test.clock.now()).await
        }).unwrap();
        assert!(revived);
        assert_eq!(claim(&test, "w1").await[0].attempts, 1);
    }

    async fn a_repeating_job_starts_anew(test: TestDb) {
        test.db.migrate_platform().await.unwrap();
        enqueue(&test, "a").await;
        let job = claim(&test, "w1").await.remove(0);
        let next = test.clock.now().plus_seconds(30);
        transaction!(test.db, "test.postpone", |tx| jobs::postpone(tx, &job, next).await).unwrap();
        assert!(claim(&test, "w1").await.is_empty());
        test.clock.advance_seconds(30);
        assert_eq!(claim(&test, "w1").await[0].attempts, 1);
    }

    async fn racing_workers_share_the_jobs_without_overlap(test: TestDb) {
        test.db.migrate_platform().await.unwrap();
        for number in 0..40 {
            enqueue(&test, &format!("{number:02}")).await;
        }
        let workers = (0..8).map(|number| {
            let db = test.db.clone();
            async move {
                let mut mine = Vec::new();
                loop {
                    let claimed = jobs::claim(&db, "post", &format!("w{number}"), 60, 3).await.unwrap();
                    if claimed.is_empty() {
                        break mine;
                    }
                    for job in claimed {
                        complete(&db, &job).await.unwrap();
                        mine.push(job.key);
                    }
                }
            }
        });
        let mut all: Vec<_> = futures_util::future::join_all(workers).await.concat();
        all.sort();
        assert_eq!(all, (0..40).map(|number| format!("{number:02}")).collect::<Vec<_>>());
    }

    async fn done_jobs_are_forgotten_in_time(test: TestDb) {
        test.db.migrate_platform().await.unwrap();
        enqueue(&test, "a").await;
        let job = claim(&test, "w1").await.remove(0);
        complete(&test.db, &job).await.unwrap();
        test.clock.advance_seconds(10);
        let before = test.clock.now();
        let forgotten = transaction!(test.db, "test.forget", |tx| jobs::forget_done(tx, before).await).unwrap();
        assert_eq!(forgotten, 1);
        assert!(enqueue(&test, "a").await);
    }
}
