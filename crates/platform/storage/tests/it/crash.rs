//! A process that is killed at any instant loses nothing that it acknowledged and does nothing half.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use einmal_model::testing::FixedClock;
use einmal_storage::jobs::{self, Job};
use einmal_storage::{
    Db, DbLocation, Migration, Query as _, StorageError, args, both_databases, transaction,
};

const TABLE: &str = "create table item (id text primary key)";
const STEPS: [Migration; 1] = [Migration {
    version: 1,
    name: "item",
    sqlite: TABLE,
    postgres: TABLE,
}];
const LOCATION: &str = "EINMAL_CRASH_TEST_LOCATION";
const WRITERS: usize = 16;

/// Not a test of its own: what the killed process does. Every writer adds an item and its job and
/// acknowledges on standard output.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started by the crash tests"]
async fn victim() {
    #[expect(
        clippy::disallowed_methods,
        reason = "the parent test speaks through it"
    )]
    let Ok(location) = std::env::var(LOCATION) else {
        return;
    };
    let location: DbLocation = location.parse().unwrap();
    let clock = Arc::new(FixedClock::at("2026-11-23T10:00:00Z"));
    let db = Db::open(&location, clock).await.unwrap();
    let process = std::process::id();
    let writers = (0..WRITERS).map(|writer| {
        let db = db.clone();
        async move {
            for number in 0.. {
                let id = format!("{process}-{writer}-{number}");
                add(&db, &id).await.unwrap();
                // One write, so that the kill cannot cut it in two.
                std::io::stdout()
                    .write_all(format!("\n+{id};\n").as_bytes())
                    .unwrap();
            }
        }
    });
    futures_util::future::join_all(writers).await;
}

async fn add(db: &Db, id: &str) -> Result<(), StorageError> {
    let job = Job {
        queue: "item",
        key: id.to_owned(),
        payload: "{}".to_owned(),
        run_at: db.clock().now(),
    };
    transaction!(db, "item.add", |tx| {
        tx.execute("insert into item (id) values ($1)", args![id])
            .await?;
        jobs::enqueue(tx, &job).await
    })?;
    Ok(())
}

both_databases! {
    async fn nothing_acknowledged_is_lost_when_the_process_is_killed(test: TestDb) {
        test.db.migrate_platform().await.unwrap();
        test.db.migrate("item", &STEPS).await.unwrap();
        let location = match &test.location {
            DbLocation::File(file) => file.display().to_string(),
            DbLocation::Postgres(url) => url.clone(),
        };
        let mut acknowledged = Vec::new();
        for round in 0..5_u64 {
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["crash::victim", "--exact", "--ignored", "--nocapture"])
                .env(LOCATION, &location)
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let output = child.stdout.take().unwrap();
            let (tell, heard) = std::sync::mpsc::channel();
            let reader = std::thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(Result::ok) {
                    if let Some(id) = line.strip_prefix('+').and_then(|line| line.strip_suffix(';')) {
                        tell.send(id.to_owned()).unwrap();
                    }
                }
            });
            // Under way first, however busy the machine is, then a moment that differs each time.
            acknowledged.push(heard.recv_timeout(Duration::from_secs(60)).unwrap());
            tokio::time::sleep(Duration::from_millis(40 + round * 37)).await;
            child.kill().unwrap();
            child.wait().unwrap();
            reader.join().unwrap();
            acknowledged.extend(heard);
        }
        let mut read = test.db.read().await.unwrap();
        let items = read.fetch_all("select id from item", args![]).await.unwrap();
        let items: BTreeSet<_> = items.iter().map(|row| row.text("id").unwrap()).collect();
        for id in &acknowledged {
            assert!(items.contains(id), "lost: {id}");
        }
        // In one statement: a commit that the killed process sent may still be under way.
        let halves = read.fetch_all(
            "select id from item where id not in (select idempotency_key from job)
             union all select idempotency_key from job where idempotency_key not in (select id from item)",
            args![],
        ).await.unwrap();
        assert!(halves.is_empty(), "an item and its job are written together");
    }
}
