//! The process is killed between any two steps: no case opens twice, no decision is lost or posted
//! twice.

use einmal_casework::{CaseState, DecideError, Decision, InboxFilter, Settings, Verdict};
use einmal_model::Language;
use einmal_storage::both_databases;
use einmal_storage::{Query as _, args};

use crate::world::{KilledAfter, STANDESAMT, World, staff, submission};

/// More steps than any of these needs; reaching it would mean that the test cuts nothing.
const MOST_STEPS: u32 = 400;

async fn count(world: &World, sql: &'static str) -> i64 {
    let mut read = world.test.db.read().await.unwrap();
    read.fetch_one(sql, args![])
        .await
        .unwrap()
        .int("number")
        .unwrap()
}

both_databases! {
    async fn killed_while_receiving_every_submission_becomes_one_case(test: TestDb) {
        let mut world = World::new(test).await;
        world.send(STANDESAMT, 1, |_| {});
        world.send(STANDESAMT, 2, |parts| parts.raw_metadata = Some(b"broken".to_vec()));
        world.send(STANDESAMT, 3, |_| {});
        let tenant = STANDESAMT.parse().unwrap();
        let (mut steps, mut killed) = (0, 0);
        loop {
            assert!(steps < MOST_STEPS);
            let run = KilledAfter::new(steps, world.casework.receive_once(&tenant));
            match run.await {
                None => killed += 1,
                Some(outcome) => {
                    // Nothing was left to do and nothing was cut.
                    if outcome.unwrap().work_done() == 0 {
                        break;
                    }
                }
            }
            // Whatever the cut left behind is whole.
            let halves = "select count(*) as number from case_file c where
                (select count(*) from case_history h where h.case_id = c.id) <> 1
                or (state = 'received') <> exists (select 1 from case_attachment a where a.case_id = c.id)
                or (state = 'not_readable') <> exists (select 1 from job j where j.idempotency_key = c.id)";
            assert_eq!(count(&world, halves).await, 0);
            world.restart(Settings::default());
            steps += 1;
        }
        assert!(killed > 5, "the test must cut somewhere: {killed}");
        assert_eq!(world.rows(STANDESAMT, InboxFilter::Open).await.len(), 2);
        assert_eq!(world.rows(STANDESAMT, InboxFilter::NotReadable).await.len(), 1);
        assert_eq!(count(&world, "select count(*) as number from audit_entry").await, 3);
    }

    async fn killed_while_deciding_and_posting_each_decision_arrives_once(test: TestDb) {
        let mut world = World::new(test).await;
        let (mut number, mut killed) = (0, 0);
        // Each round cuts the decision one step later, until it is not cut any more.
        for steps in 0.. {
            assert!(steps < MOST_STEPS);
            number += 1;
            world.send(STANDESAMT, number, |_| {});
            world.receive(STANDESAMT).await;
            let id = world.rows(STANDESAMT, InboxFilter::Open).await.last().unwrap().id;
            let scope = staff(STANDESAMT);
            let decision = Decision::Reject("Kein Wohnsitz in Bremerhaven.".parse().unwrap());
            let run = KilledAfter::new(steps, world.casework.decide(&scope, id, &decision)).await;
            world.restart(Settings::default());
            // State and order stand together, whatever the cut left behind.
            let halves = "select count(*) as number from case_file c
                where (state = 'received') = exists (select 1 from job j where j.idempotency_key = c.id)";
            assert_eq!(count(&world, halves).await, 0);
            let decided = match world.casework.decide(&scope, id, &decision).await {
                Ok(()) => false,
                // A commit that was on its way when the process was killed.
                Err(DecideError::AlreadyDecided { .. }) => true,
                Err(other) => panic!("{other}"),
            };
            assert!(decided || run.is_none(), "an acknowledged decision is lost");
            // Now the posting, cut at every step; a dead worker's lease runs out.
            let mut cut = 0;
            loop {
                assert!(cut < MOST_STEPS);
                let run = KilledAfter::new(cut, world.casework.post_decisions_once("w")).await;
                world.restart(Settings::default());
                world.test.clock.advance_seconds(3_600);
                if let Some(report) = run {
                    report.unwrap();
                    // A worker that was cut off at the database may hold its row a moment longer;
                    // then this run found nothing to do.
                    let case = world.casework.case(&scope, id, Language::De).await.unwrap();
                    if case.state != CaseState::Rejecting {
                        break;
                    }
                }
                cut += if steps == 0 { 1 } else { 7 };
            }
            let case = world.casework.case(&scope, id, Language::De).await.unwrap();
            assert_eq!(case.state, CaseState::Rejected);
            assert_eq!(case.history.len(), 3);
            let posted = world.inbox.with(|post| {
                let posted = post.log.iter().filter(|entry| entry.0 == submission(number));
                posted.map(|entry| entry.1).collect::<Vec<_>>()
            });
            assert_eq!(posted, [Verdict::Rejected]);
            killed += u32::from(run.is_none());
            if steps > 5 && matches!(run, Some(Ok(()))) {
                assert!(killed > 1, "the test must cut somewhere");
                break;
            }
        }
    }
}
