//! A sender believes nothing that is not signed, and sends nothing to a place it cannot trust.

use einmal_delivery::client::{ClientError, Step};
use einmal_delivery::{Event, Issuer, Rejection, Tags};
use einmal_jose::{KeySize, sign, testing};
use serde_json::json;

use crate::liar::{World, by_destination, by_service, case, destination, signed, submission};

#[tokio::test]
async fn an_honest_log_is_believed() {
    let world = World::new();
    let (progress, tags) = world.delivered().await;
    world.log(&[
        by_service(&world.event(1, Event::Create)),
        by_service(&world.event(2, Event::Submit(tags.clone()))),
        by_service(&world.event(3, Event::Notify)),
        by_destination(world.event(4, accept(&tags))),
    ]);
    let events = world.sender().events(&progress).await.unwrap();
    let names: Vec<&str> = events.iter().map(|event| event.event.name()).collect();
    let expected = [
        "create-submission",
        "submit-submission",
        "notify-submission",
        "accept-submission",
    ];
    assert_eq!(names, expected);
}

fn accept(tags: &Tags) -> Event {
    Event::Accept {
        tags: Some(tags.clone()),
        problems: Vec::new(),
    }
}

fn other_tags(tags: &Tags) -> Tags {
    Tags {
        metadata: "AAAAAAAAAAAAAAAAAAAAAA".parse().unwrap(),
        ..tags.clone()
    }
}

#[tokio::test]
async fn one_bad_event_spoils_the_whole_log() {
    let world = World::new();
    let (progress, tags) = world.delivered().await;
    let create = by_service(&world.event(1, Event::Create));
    let submit = by_service(&world.event(2, Event::Submit(tags.clone())));
    let accepted = world.event(4, accept(&tags));
    let reject = || Event::Reject(vec![Rejection::new("other", "t", "d", "data")]);

    let mut foreign_issuer = world.event(5, reject());
    foreign_issuer.issuer = Issuer::Service("https://evil.example/submission-api".to_owned());
    let mut foreign_destination = world.event(6, reject());
    foreign_destination.issuer =
        Issuer::Destination("00000000-0000-4000-8000-000000000009".parse().unwrap());
    let mut other_case = world.event(7, reject());
    other_case.case = "00000000-0000-4000-8000-000000000009".parse().unwrap();
    let mut wrong_key = world.event(8, reject());
    wrong_key.issuer = Issuer::Destination(destination());
    let wrong_type = {
        let key = testing::service_signing_key()
            .signing_key(KeySize::Bits4096)
            .unwrap();
        sign(world.event(9, reject()).payload().as_bytes(), &key, "JWT").unwrap()
    };
    let good = by_service(&world.event(10, Event::Notify));
    let (signed_part, _) = good.rsplit_once('.').unwrap();
    let (_, foreign_signature) = submit.rsplit_once('.').unwrap();
    for (name, bad) in [
        ("a foreign service", by_service(&foreign_issuer)),
        (
            "a foreign destination",
            signed(&foreign_destination, &testing::destination_signing_key()),
        ),
        ("another case", by_service(&other_case)),
        (
            "an unknown key",
            signed(&world.event(11, reject()), &testing::other_signing_key()),
        ),
        (
            "the service in the name of the destination",
            signed(&wrong_key, &testing::service_signing_key()),
        ),
        ("the service accepting", by_service(&accepted)),
        (
            "the destination submitting",
            by_destination(world.event(12, Event::Submit(tags.clone()))),
        ),
        (
            "other content submitted",
            by_service(&world.event(13, Event::Submit(other_tags(&tags)))),
        ),
        (
            "submitted twice",
            by_service(&world.event(14, Event::Submit(tags.clone()))),
        ),
        (
            "other content accepted",
            by_destination(world.event(15, accept(&other_tags(&tags)))),
        ),
        (
            "accepted without tags",
            by_destination(world.event(
                16,
                Event::Accept {
                    tags: None,
                    problems: vec![],
                },
            )),
        ),
        ("the same event again", submit.clone()),
        ("another token type", wrong_type),
        (
            "a foreign signature",
            format!("{signed_part}.{foreign_signature}"),
        ),
        ("no signature", format!("{signed_part}.")),
        (
            "alg none",
            "eyJhbGciOiJub25lIiwidHlwIjoic2VjZXZlbnQrand0In0.e30.AA".to_owned(),
        ),
        ("no token", "x".to_owned()),
    ] {
        world.log(&[create.clone(), submit.clone(), bad]);
        let outcome = world.sender().events(&progress).await;
        assert!(
            matches!(outcome, Err(ClientError::Untrusted(_))),
            "{name}: {outcome:?}"
        );
    }
    // The service may reject by itself, after 14 days.
    world.log(&[create, submit, by_service(&world.event(20, reject()))]);
    assert_eq!(world.sender().events(&progress).await.unwrap().len(), 3);
}

#[tokio::test]
async fn events_of_other_submissions_in_the_case_are_left_out() {
    let world = World::new();
    let (progress, tags) = world.delivered().await;
    let mut other = world.event(3, Event::Create);
    other.submission = "ce75a6b8-0000-4000-8000-000000000002".parse().unwrap();
    world.log(&[
        by_service(&world.event(1, Event::Create)),
        by_service(&world.event(2, Event::Submit(tags))),
        by_service(&other),
    ]);
    assert_eq!(world.sender().events(&progress).await.unwrap().len(), 2);
}

#[tokio::test]
async fn nothing_is_encrypted_for_a_destination_that_cannot_be_trusted() {
    let d = destination();
    let line = format!("GET /v2/destinations/{d}");
    for status in ["created", "inactive", "decommissioned"] {
        let world = World::new();
        let body = json!({"status": status, "encryptionKid": "test-destination-decrypt"});
        world.answer(&line, 200, &body);
        let outcome = world.sender().prepare(&World::message()).await;
        assert!(
            matches!(outcome, Err(ClientError::Destination(_))),
            "{status}"
        );
    }
    let key_line = format!("{line}/keys/test-destination-decrypt");
    let public = testing::destination_decryption_key().public().clone();
    let mut for_signing = public.clone();
    for_signing.key_ops = vec!["verify".to_owned()];
    let mut unbound = public.clone();
    unbound.alg = None;
    let mut other_name = public.clone();
    other_name.kid = Some("another-name".to_owned());
    let mut small = testing::small_signing_key().public().clone();
    small.alg = public.alg;
    small.key_ops.clone_from(&public.key_ops);
    small.usage.clone_from(&public.usage);
    small.kid.clone_from(&public.kid);
    for key in [for_signing, unbound, other_name, small] {
        let world = World::new();
        world.answer(&key_line, 200, &serde_json::to_value(&key).unwrap());
        let outcome = world.sender().prepare(&World::message()).await;
        assert!(
            matches!(outcome, Err(ClientError::Destination(_))),
            "{key:?}"
        );
    }
    let world = World::new();
    let body = json!({"status": "active", "encryptionKid": "../../evil"});
    world.answer(&line, 200, &body);
    assert!(world.sender().prepare(&World::message()).await.is_err());
    let asked = world.liar.asked.lock().unwrap();
    assert!(!asked.iter().any(|line| line.contains("evil")), "{asked:?}");
}

#[tokio::test]
async fn an_expired_token_is_replaced_once() {
    let world = World::new();
    let line = "POST /v2/submissions";
    let ids = json!({"submissionId": submission(), "caseId": case()}).to_string();
    world.answer_in_turn(line, vec![(401, String::new()), (201, ids)]);
    let sender = world.sender();
    let prepared = sender.prepare(&World::message()).await.unwrap();
    let created = sender.advance(&prepared).await.unwrap();
    assert_eq!(created.step(), Step::Created);
    world.answer_text(line, 401, "");
    let refused = sender.advance(&prepared).await.unwrap_err();
    assert!(matches!(refused, ClientError::Refused { status: 401, .. }));
    assert!(!refused.is_retryable());
    let asked = world.liar.asked.lock().unwrap();
    let tokens = asked.iter().filter(|line| line.ends_with("/token")).count();
    assert_eq!(tokens, 3, "{asked:?}");
}

#[tokio::test]
async fn only_what_may_help_is_called_retryable() {
    let world = World::new();
    let sender = world.sender();
    let prepared = sender.prepare(&World::message()).await.unwrap();
    for (status, retryable) in [
        (500, true),
        (503, true),
        (429, true),
        (400, false),
        (403, false),
        (422, false),
        (302, false),
    ] {
        world.answer_text("POST /v2/submissions", status, "not even JSON");
        let error = sender.advance(&prepared).await.unwrap_err();
        assert_eq!(error.is_retryable(), retryable, "{status}");
    }
}

#[tokio::test]
async fn what_is_stored_and_printed_holds_no_plaintext() {
    let world = World::new();
    let mut message = World::message();
    message.data = b"{\"name\":\"Erika Mustermann\"}".to_vec();
    let progress = world.sender().prepare(&message).await.unwrap();
    let stored = serde_json::to_string(&progress).unwrap();
    for text in [
        stored,
        format!("{message:?} {progress:?} {:?}", World::settings()),
    ] {
        assert!(
            !text.contains("Mustermann") && !text.contains("secret & more"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn a_new_key_of_the_destination_is_noticed_at_every_step() {
    let world = World::new();
    let sender = world.sender();
    let message = World::message();
    let prepared = sender.prepare(&message).await.unwrap();
    let created = sender.advance(&prepared).await.unwrap();
    let uploaded = sender.advance(&created).await.unwrap();

    let d = destination();
    let body = json!({"status": "active", "encryptionKid": "test-other-decrypt"});
    world.answer(&format!("GET /v2/destinations/{d}"), 200, &body);
    let key = testing::other_decryption_key();
    let line = format!("GET /v2/destinations/{d}/keys/test-other-decrypt");
    world.answer(&line, 200, &serde_json::to_value(key.public()).unwrap());
    let problem = json!({"type": "x/invalid-jwe-header", "title": "t", "detail": "kid"});
    world.answer(
        &format!("PUT /v2/submissions/{}", submission()),
        422,
        &problem,
    );
    for progress in [&prepared, &uploaded] {
        let error = sender.advance(progress).await.unwrap_err();
        assert!(matches!(error, ClientError::KeyChanged), "{error}");
        let again = sender.step(&message, Some(progress)).await.unwrap();
        assert_eq!((again.step(), again.submission()), (Step::Prepared, None));
    }
    // A refusal for another reason stays what it is.
    let body = json!({"status": "active", "encryptionKid": "test-destination-decrypt"});
    world.answer(&format!("GET /v2/destinations/{d}"), 200, &body);
    let error = sender.advance(&uploaded).await.unwrap_err();
    assert!(matches!(error, ClientError::Refused { status: 422, .. }));
}
