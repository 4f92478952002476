//! The whole way of a submission, with the real client on both ends.

use einmal_delivery::client::{Fetched, Progress, Received, Settled, Step, Verdict, Waiting};
use einmal_delivery::{Event, Issuer, Rejection};
use einmal_storage::both_databases;

use crate::world::{BASE, SERVICE, World};

/// Sends one message completely.
pub(crate) async fn deliver(world: &World) -> Progress {
    let sender = world.sender();
    let mut progress = sender.prepare(&world.message()).await.unwrap();
    while progress.step() != Step::Submitted {
        // What a caller does: store, read back, go on.
        let stored = serde_json::to_string(&progress).unwrap();
        progress = sender
            .advance(&serde_json::from_str(&stored).unwrap())
            .await
            .unwrap();
    }
    progress
}

pub(crate) async fn only_waiting(world: &World) -> Waiting {
    let waiting = world.subscriber().waiting(world.destination).await.unwrap();
    assert_eq!(waiting.len(), 1);
    waiting[0]
}

pub(crate) async fn receive(world: &World, waiting: Waiting) -> Received {
    match world.subscriber().fetch(waiting, &world.keys()).await {
        Ok(Fetched::Good(received)) => *received,
        Ok(Fetched::Bad(reasons)) => panic!("{reasons:?}"),
        Err(error) => panic!("{error}"),
    }
}

both_databases! {
    async fn a_submission_travels_and_is_accepted(test: TestDb) {
        let world = World::new(test).await;
        let progress = deliver(&world).await;
        let sender = world.sender();
        let names = |events: &[einmal_delivery::client::VerifiedEvent]| -> Vec<String> {
            events.iter().map(|event| event.event.name().to_owned()).collect()
        };
        let events = sender.events(&progress).await.unwrap();
        assert_eq!(names(&events), ["create-submission", "submit-submission"]);
        assert_eq!(events[0].issuer, Issuer::Service(BASE.to_owned()));

        let waiting = only_waiting(&world).await;
        let received = receive(&world, waiting).await;
        let message = world.message();
        assert_eq!(*received.metadata, message.metadata);
        assert_eq!(received.data.as_deref(), Some(&message.data));
        assert_eq!(received.service_identifier, SERVICE);
        assert_eq!(*received.attachments[0].content, message.attachments[0].content);
        assert_eq!(received.attachments[0].filename.as_deref(), Some("origins.json"));

        let subscriber = world.subscriber();
        let decision = subscriber
            .sign_acceptance(waiting, received.tags.clone(), &world.keys())
            .await
            .unwrap();
        subscriber.post(&decision).await.unwrap();
        // Posting the same decision again is no error and changes nothing.
        subscriber.post(&decision).await.unwrap();

        let events = sender.events(&progress).await.unwrap();
        assert_eq!(names(&events), ["create-submission", "submit-submission", "accept-submission"]);
        assert_eq!(events[2].issuer, Issuer::Destination(world.destination));
        assert!(subscriber.waiting(world.destination).await.unwrap().is_empty());
        let gone = world
            .get("subscriber", &format!("/submission-api/v2/submissions/{}", waiting.submission_id))
            .await;
        assert_eq!(gone.problem(), (404, "submission-not-found".to_owned()));
    }

    async fn a_rejection_reaches_the_sender_with_its_reasons(test: TestDb) {
        let world = World::new(test).await;
        let progress = deliver(&world).await;
        let waiting = only_waiting(&world).await;
        let subscriber = world.subscriber();
        let reason = Rejection::new("other", "Zuständigkeit", "Bitte an das Standesamt.", "data");
        let decision = subscriber
            .sign_rejection(waiting, vec![reason.clone()], &world.keys())
            .await
            .unwrap();
        subscriber.post(&decision).await.unwrap();
        let events = world.sender().events(&progress).await.unwrap();
        assert_eq!(events[2].event, Event::Reject(vec![reason.clone()]));
        // A different decision afterwards is refused.
        let second = subscriber
            .sign_rejection(waiting, vec![reason], &world.keys())
            .await
            .unwrap();
        assert!(subscriber.post(&second).await.is_err());
        assert_eq!(world.sender().events(&progress).await.unwrap().len(), 3);
    }

    async fn lost_answers_at_every_step_deliver_exactly_once(test: TestDb) {
        let world = World::new(test).await;
        let sender = world.sender();
        // The token is fetched first, so that the lost answers are those of the steps.
        let mut progress = sender.prepare(&world.message()).await.unwrap();
        let _warm = sender.advance(&progress).await.unwrap();
        while progress.step() != Step::Submitted {
            world.transport.lose_next_answer();
            let error = sender.advance(&progress).await.unwrap_err();
            assert!(error.is_retryable(), "{error}");
            progress = sender.advance(&progress).await.unwrap();
        }
        let waiting = only_waiting(&world).await;
        assert_eq!(Some(waiting.submission_id), progress.submission());
        let received = receive(&world, waiting).await;
        let subscriber = world.subscriber();
        let decision = subscriber
            .sign_acceptance(waiting, received.tags.clone(), &world.keys())
            .await
            .unwrap();
        world.transport.lose_next_answer();
        subscriber.waiting(world.destination).await.unwrap_err();
        subscriber.waiting(world.destination).await.unwrap();
        world.transport.lose_next_answer();
        assert!(subscriber.post(&decision).await.unwrap_err().is_retryable());
        subscriber.post(&decision).await.unwrap();
        assert_eq!(sender.events(&progress).await.unwrap().len(), 3);
    }

    async fn a_verdict_can_be_repeated_without_memory(test: TestDb) {
        let world = World::new(test).await;
        let progress = deliver(&world).await;
        let waiting = only_waiting(&world).await;
        let subscriber = world.subscriber();
        let reasons = vec![Rejection::new("other", "t", "d", "data")];
        let accept = async || subscriber.decide(waiting, Verdict::Accept, &world.keys()).await;
        assert_eq!(accept().await.unwrap(), Settled::Now);
        let again = accept().await.unwrap();
        assert!(matches!(again, Settled::Before(Event::Accept { .. })));
        let other = subscriber.decide(waiting, Verdict::Reject(reasons), &world.keys()).await;
        assert_eq!(other.unwrap(), again);
        assert_eq!(world.sender().events(&progress).await.unwrap().len(), 3);
    }

    async fn submitting_again_with_other_content_is_a_conflict(test: TestDb) {
        let world = World::new(test).await;
        let sender = world.sender();
        let mut progress = sender.prepare(&world.message()).await.unwrap();
        for _ in 0..2 {
            progress = sender.advance(&progress).await.unwrap();
        }
        let submitted = sender.advance(&progress).await.unwrap();
        // Identical bytes: like the first time, also after the decision.
        assert_eq!(sender.advance(&progress).await.unwrap(), submitted);
        let text = serde_json::to_string(&progress).unwrap();
        let stored: serde_json::Value = serde_json::from_str(&text).unwrap();
        let body = serde_json::json!({
            "encryptedMetadata": stored["encrypted_data"],
            "encryptedData": stored["encrypted_metadata"],
        });
        let path = format!("/submission-api/v2/submissions/{}", progress.submission().unwrap());
        let other = world.ask("sender", "PUT", &path, "application/json", body.to_string()).await;
        assert_eq!(other.problem(), (409, "invalid-state-transition".to_owned()));
        assert_eq!(sender.events(&submitted).await.unwrap().len(), 2);
    }

    async fn tokens_expire_and_are_replaced(test: TestDb) {
        let world = World::new(test).await;
        let sender = world.sender();
        let old = format!("Bearer {}", world.token("subscriber").await);
        let progress = sender.prepare(&world.message()).await.unwrap();
        let progress = sender.advance(&progress).await.unwrap();
        world.clock.advance_seconds(1_801);
        let refused = world.get(&old, "/submission-api/v2/submissions").await;
        assert_eq!(refused.problem(), (401, "unauthorized".to_owned()));
        sender.advance(&progress).await.unwrap();
    }

    async fn large_attachments_pass_in_pieces_and_are_limited(test: TestDb) {
        let world = World::new(test).await;
        let sender = world.sender();
        let mut message = world.message();
        let content = vec![b'x'; 3 << 20];
        let metadata = String::from_utf8(message.metadata).unwrap();
        let small = crate::world::sha512(&message.attachments[0].content);
        message.metadata = metadata.replace(&small, &crate::world::sha512(&content)).into_bytes();
        message.attachments[0].content = content;
        let mut progress = sender.prepare(&message).await.unwrap();
        while progress.step() != Step::Submitted {
            progress = sender.advance(&progress).await.unwrap();
        }
        let waiting = only_waiting(&world).await;
        let received = receive(&world, waiting).await;
        assert_eq!(received.attachments[0].content.len(), 3 << 20);
        assert_eq!(world.delivery.remove_orphaned_content().await.unwrap(), 0);
    }
}
