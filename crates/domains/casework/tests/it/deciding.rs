//! A decision is taken once, posted until the delivery service has it, and final only then.

use einmal_casework::view::CaseView;
use einmal_casework::{
    CaseId, CaseState, CaseworkError, DECISION_QUEUE, DecideError, Decision, HistoryKind,
    InboxFilter, ProblemType, Settings, Verdict,
};
use einmal_model::{Clock as _, Language};
use einmal_storage::jobs::{self, RetryPolicy};
use einmal_storage::{Query as _, args, audit, both_databases};

use crate::world::{Fault, STANDESAMT, World, staff, submission};

const REASON: &str = "Für diese Geburt ist das Standesamt Bremen zuständig.";

fn reject() -> Decision {
    Decision::Reject(REASON.parse().unwrap())
}

async fn case(world: &World, id: CaseId) -> CaseView {
    world
        .casework
        .case(&staff(STANDESAMT), id, Language::De)
        .await
        .unwrap()
}

async fn decide(world: &World, id: CaseId, decision: &Decision) -> Result<(), DecideError> {
    world
        .casework
        .decide(&staff(STANDESAMT), id, decision)
        .await
}

async fn history(world: &World, id: CaseId) -> Vec<HistoryKind> {
    case(world, id)
        .await
        .history
        .iter()
        .map(|row| row.kind)
        .collect()
}

both_databases! {
    async fn an_acceptance_is_final_only_after_the_answer(test: TestDb) {
        let world = World::new(test).await;
        let id = world.one_case(STANDESAMT).await;
        assert!(case(&world, id).await.can_decide);
        decide(&world, id, &Decision::Accept).await.unwrap();
        let view = case(&world, id).await;
        assert_eq!(view.state, CaseState::Accepting);
        assert!(view.state_label.contains("wird übermittelt"));
        assert!(!view.can_decide);
        let decision = view.decision.unwrap();
        assert_eq!((decision.verdict, decision.confirmed_at), (Verdict::Accepted, None));
        assert_eq!(world.rows(STANDESAMT, InboxFilter::Sending).await.len(), 1);

        let report = world.casework.post_decisions_once("w").await.unwrap();
        assert_eq!((report.confirmed, report.work_done()), (1, 1));
        let view = case(&world, id).await;
        assert_eq!(view.state, CaseState::Accepted);
        assert_eq!(view.decision.unwrap().confirmed_at, Some(world.test.clock.now()));
        assert_eq!(history(&world, id).await, [
            HistoryKind::Received, HistoryKind::DecidedAccept, HistoryKind::ConfirmedAccept,
        ]);
        world.inbox.with(|post| {
            assert_eq!(post.log, [(submission(1), Verdict::Accepted, Vec::new())]);
            assert_eq!(post.receipts, [b"tags-1".to_vec()]);
        });
        let mut read = world.test.db.read().await.unwrap();
        let queue = jobs::queue_state(&mut read, DECISION_QUEUE).await.unwrap();
        assert_eq!((queue.waiting, queue.running, queue.done), (0, 0, 1));
    }

    async fn a_rejection_carries_its_reason_and_keeps_it_sealed(test: TestDb) {
        let world = World::new(test).await;
        let id = world.one_case(STANDESAMT).await;
        decide(&world, id, &reject()).await.unwrap();
        world.casework.post_decisions_once("w").await.unwrap();
        let view = case(&world, id).await;
        assert_eq!(view.state, CaseState::Rejected);
        assert_eq!(view.decision.unwrap().reason.as_deref(), Some(REASON));
        world.inbox.with(|post| {
            let problem = &post.log[0].2[0];
            assert_eq!((problem.kind, problem.detail.as_str()), (ProblemType::Other, REASON));
            assert_eq!(problem.instance, "submission");
        });
        let mut read = world.test.db.read().await.unwrap();
        let row = read.fetch_one("select reason from case_file", args![]).await.unwrap();
        let sealed = row.bytes("reason").unwrap();
        assert!(!sealed.windows(8).any(|window| window == "Standesa".as_bytes()));
    }

    async fn the_second_decision_learns_what_happened_but_not_who_did_it(test: TestDb) {
        let world = World::new(test).await;
        let id = world.one_case(STANDESAMT).await;
        decide(&world, id, &Decision::Accept).await.unwrap();
        for confirmed in [false, true] {
            if confirmed {
                world.casework.post_decisions_once("w").await.unwrap();
            }
            let refused = decide(&world, id, &reject()).await.unwrap_err();
            assert!(matches!(refused, DecideError::AlreadyDecided { verdict: Verdict::Accepted, at } if at == world.test.clock.now()));
            let message = refused.message(Language::De).unwrap();
            assert_eq!(message, "Über diesen Vorgang wurde schon entschieden: Annahme am 23.11.2026, 11:00 Uhr.");
            assert!(!format!("{message}{refused:?}{refused}").contains("staff"));
        }
        world.inbox.with(|post| assert_eq!(post.log.len(), 1));
    }

    async fn of_two_decisions_at_once_one_holds(test: TestDb) {
        let world = World::new(test).await;
        let id = world.one_case(STANDESAMT).await;
        let (accept, reject) = (Decision::Accept, reject());
        let (one, two) = tokio::join!(decide(&world, id, &accept), decide(&world, id, &reject));
        assert!(one.is_ok() != two.is_ok());
        let refused = one.err().or(two.err()).unwrap();
        assert!(matches!(refused, DecideError::AlreadyDecided { .. }), "{refused}");
        world.casework.post_decisions_once("w").await.unwrap();
        world.inbox.with(|post| assert_eq!(post.log.len(), 1));
        assert_eq!(history(&world, id).await.len(), 3);
    }

    async fn what_is_not_readable_cannot_be_decided(test: TestDb) {
        let world = World::new(test).await;
        world.send(STANDESAMT, 1, |parts| parts.raw_metadata = Some(Vec::new()));
        world.receive(STANDESAMT).await;
        let id = world.rows(STANDESAMT, InboxFilter::All).await[0].id;
        for _ in 0..2 {
            let refused = decide(&world, id, &Decision::Accept).await;
            assert!(matches!(refused, Err(DecideError::NotReadable)));
            world.casework.post_decisions_once("w").await.unwrap();
        }
    }

    async fn an_unknown_case_is_not_found(test: TestDb) {
        let world = World::new(test).await;
        let id = "018f0000-0000-7000-8000-000000000000".parse().unwrap();
        let refused = decide(&world, id, &Decision::Accept).await;
        assert!(matches!(refused, Err(DecideError::Casework(CaseworkError::NotFound))));
    }

    async fn posting_repeats_until_the_service_answers(test: TestDb) {
        let world = World::new(test).await;
        let id = world.one_case(STANDESAMT).await;
        decide(&world, id, &Decision::Accept).await.unwrap();
        world.inbox.with(|post| post.faults = vec![Fault::Unreachable; 3]);
        for _ in 0..3 {
            let report = world.casework.post_decisions_once("w").await.unwrap();
            assert_eq!((report.postponed, report.confirmed), (1, 0));
            let view = case(&world, id).await;
            assert_eq!(view.state, CaseState::Accepting);
            assert!(view.delivery_note.unwrap().contains("connection refused"));
            // Not before the pause is over.
            assert_eq!(world.casework.post_decisions_once("w").await.unwrap().work_done(), 0);
            world.test.clock.advance_seconds(3_600);
        }
        assert_eq!(world.casework.post_decisions_once("w").await.unwrap().confirmed, 1);
        let view = case(&world, id).await;
        assert_eq!((view.state, view.delivery_note), (CaseState::Accepted, None));
    }

    async fn a_lost_answer_is_found_in_the_event_log(test: TestDb) {
        let world = World::new(test).await;
        let id = world.one_case(STANDESAMT).await;
        decide(&world, id, &reject()).await.unwrap();
        world.inbox.with(|post| post.faults = vec![Fault::AnswerLost]);
        assert_eq!(world.casework.post_decisions_once("w").await.unwrap().postponed, 1);
        assert_eq!(case(&world, id).await.state, CaseState::Rejecting);
        world.test.clock.advance_seconds(60);
        assert_eq!(world.casework.post_decisions_once("w").await.unwrap().confirmed, 1);
        assert_eq!(case(&world, id).await.state, CaseState::Rejected);
        assert_eq!(history(&world, id).await.last(), Some(&HistoryKind::ConfirmedReject));
        world.inbox.with(|post| assert_eq!(post.log.len(), 1));
    }

    async fn a_refusal_of_the_service_never_drops_the_decision(test: TestDb) {
        let world = World::new(test).await;
        let id = world.one_case(STANDESAMT).await;
        decide(&world, id, &Decision::Accept).await.unwrap();
        world.inbox.with(|post| post.faults = vec![Fault::Refused]);
        assert_eq!(world.casework.post_decisions_once("w").await.unwrap().postponed, 1);
        // Only a person can mend this: it is asked for slowly.
        world.test.clock.advance_seconds(14 * 60);
        assert_eq!(world.casework.post_decisions_once("w").await.unwrap().work_done(), 0);
        world.test.clock.advance_seconds(60);
        assert_eq!(world.casework.post_decisions_once("w").await.unwrap().confirmed, 1);
        assert_eq!(case(&world, id).await.state, CaseState::Accepted);
    }

    async fn a_verdict_that_stood_before_ours_holds_and_is_told(test: TestDb) {
        let world = World::new(test).await;
        let id = world.one_case(STANDESAMT).await;
        // As after 14 days, when the delivery service rejects by itself.
        world.inbox.with(|post| post.log.push((submission(1), Verdict::Rejected, Vec::new())));
        decide(&world, id, &Decision::Accept).await.unwrap();
        world.casework.post_decisions_once("w").await.unwrap();
        let view = case(&world, id).await;
        assert_eq!(view.state, CaseState::Rejected);
        assert_eq!(history(&world, id).await.last(), Some(&HistoryKind::OvertakenReject));
    }

    async fn after_the_last_attempt_the_decision_waits_for_an_operator(test: TestDb) {
        let mut world = World::new(test).await;
        let policy = RetryPolicy { attempts: 2, ..RetryPolicy::default() };
        world.restart(Settings { post_retry: policy, ..Settings::default() });
        let id = world.one_case(STANDESAMT).await;
        decide(&world, id, &Decision::Accept).await.unwrap();
        world.inbox.with(|post| post.faults = vec![Fault::Unreachable; 2]);
        world.casework.post_decisions_once("w").await.unwrap();
        world.test.clock.advance_seconds(3_600);
        assert_eq!(world.casework.post_decisions_once("w").await.unwrap().stuck, 1);
        assert_eq!(case(&world, id).await.state, CaseState::Accepting);
        assert_eq!(history(&world, id).await.last(), Some(&HistoryKind::Stuck));
        let now = world.test.clock.now();
        let revived: Result<bool, einmal_storage::StorageError> =
            einmal_storage::transaction!(world.test.db, "test.revive", |tx| {
                jobs::revive(tx, DECISION_QUEUE, &id.to_string(), now).await
            });
        assert!(revived.unwrap());
        assert_eq!(world.casework.post_decisions_once("w").await.unwrap().confirmed, 1);
        assert_eq!(case(&world, id).await.state, CaseState::Accepted);
    }

    async fn an_unreadable_submission_that_is_recorded_as_accepted_needs_an_operator(test: TestDb) {
        let world = World::new(test).await;
        world.send(STANDESAMT, 1, |parts| parts.raw_metadata = Some(Vec::new()));
        world.receive(STANDESAMT).await;
        world.inbox.with(|post| post.log.push((submission(1), Verdict::Accepted, Vec::new())));
        assert_eq!(world.casework.post_decisions_once("w").await.unwrap().stuck, 1);
        let row = world.rows(STANDESAMT, InboxFilter::NotReadable).await.remove(0);
        assert_eq!(row.state, CaseState::NotReadable);
        assert!(row.note.unwrap().contains("angenommen"));
    }

    async fn only_the_audit_log_knows_who_decided(test: TestDb) {
        let world = World::new(test).await;
        let id = world.one_case(STANDESAMT).await;
        decide(&world, id, &Decision::Accept).await.unwrap();
        world.casework.post_decisions_once("w").await.unwrap();
        let mut read = world.test.db.read().await.unwrap();
        let entries = audit::entries(&mut read, &format!("case:{id}"), 0, 10).await.unwrap();
        let kinds: Vec<_> = entries.iter().map(|entry| entry.kind.as_str()).collect();
        assert_eq!(kinds, ["case.received", "case.decided_accept", "case.confirmed_accept"]);
        assert!(entries[1].payload.contains("staff-at-standesamt-bremerhaven"));
        assert!(!entries[0].payload.contains("staff") && !entries[2].payload.contains("staff"));
        let shown = format!("{:?}", case(&world, id).await);
        assert!(!shown.contains("staff-at"));
    }
}
