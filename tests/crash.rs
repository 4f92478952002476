//! Kill -9 is a normal event: under load, the process is killed at random moments and started
//! again. Every application that was acknowledged arrives at all its authorities exactly once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use einmal_model::Random;
use einmal_model::testing::SeededRandom;

use crate::harness::{Caseworker, DemoWorld, Parent, Visitor};

const APPLICATIONS: usize = 500;
const PARENTS: usize = 12;
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn every_acknowledged_application_arrives_exactly_once_although_the_process_is_killed() {
    let world = DemoWorld::prepare();
    let mut server = world.serve();
    let url = server.url.clone();
    let (begun, sent) = (
        Arc::new(AtomicUsize::new(0)),
        Arc::new(Mutex::new(BTreeSet::new())),
    );

    let mut parents = tokio::task::JoinSet::new();
    for _ in 0..PARENTS {
        let mut parent = Parent::new(Visitor::patient(&url, PATIENCE));
        let (begun, sent) = (Arc::clone(&begun), Arc::clone(&sent));
        parents.spawn(async move {
            parent.sign_in("mara-feldkamp").await;
            while begun.fetch_add(1, Ordering::SeqCst) < APPLICATIONS {
                let id = parent.fill_in().await;
                let acknowledged = parent.send(&id).await;
                assert!(
                    sent.lock().unwrap().insert(acknowledged.reference),
                    "a reference twice"
                );
            }
        });
    }

    // Killed at moments that nobody chose, until everybody has an acknowledgement.
    let random = SeededRandom::new(u64::from(std::process::id()));
    let mut kills = 0;
    loop {
        let mut byte = [0];
        random.fill(&mut byte);
        let pause = Duration::from_millis(2_000 + 24 * u64::from(byte[0]));
        let all_done = async { while parents.join_next().await.transpose().unwrap().is_some() {} };
        if tokio::time::timeout(pause, all_done).await.is_ok() {
            break;
        }
        server.kill();
        kills += 1;
        server = world.serve();
    }
    let acknowledged = sent.lock().unwrap().clone();
    assert_eq!(acknowledged.len(), APPLICATIONS);
    println!("{APPLICATIONS} applications acknowledged, killed {kills} times");
    assert!(kills >= 5, "killed only {kills} times");

    // Two more kills while the authorities receive.
    for _ in 0..2 {
        tokio::time::sleep(Duration::from_millis(700)).await;
        server.kill();
        server = world.serve();
    }

    for person in ["s-hansen", "m-kowalski", "a-yilmaz"] {
        let mut caseworker = Caseworker::sign_in(&url, person).await;
        let arrived = wait_for_all(&mut caseworker, &acknowledged).await;
        let missing: Vec<_> = acknowledged
            .iter()
            .filter(|r| !arrived.contains_key(*r))
            .collect();
        assert!(
            missing.is_empty(),
            "{person} misses {} of them",
            missing.len()
        );
        let twice: Vec<_> = arrived.iter().filter(|(_, count)| **count != 1).collect();
        assert!(
            twice.is_empty(),
            "{person} has these more than once: {twice:?}"
        );
        assert_eq!(
            arrived.len(),
            APPLICATIONS,
            "{person} has cases that nobody sent"
        );
    }
    server.stop();
}

/// How often each reference is in the inbox, once all are there or nothing new has come for long.
async fn wait_for_all(
    caseworker: &mut Caseworker,
    wanted: &BTreeSet<String>,
) -> BTreeMap<String, usize> {
    let mut arrived = BTreeMap::new();
    let mut quiet = 0;
    while quiet < 60 {
        let before = arrived.len();
        arrived = BTreeMap::new();
        for (reference, _) in caseworker.cases().await {
            *arrived.entry(reference).or_insert(0) += 1;
        }
        if wanted
            .iter()
            .all(|reference| arrived.contains_key(reference))
        {
            break;
        }
        quiet = if arrived.len() > before { 0 } else { quiet + 1 };
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    arrived
}
