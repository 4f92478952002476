//! Rules of the service that need no HTTP to be shown.

use std::sync::Arc;

use einmal_delivery::{
    ApiVersion, AttachmentId, CaseId, Contact, Created, Delivery, DeliveryError, DeliverySettings,
    DestinationDraft, DestinationId, DestinationStatus, Limits, NewSubmission, Page, Principal,
    PublicService, Scope, ServiceRef, SubmissionSchema, TokenGrant,
};
use einmal_jose::{EncryptOptions, KeySize, PrivateJwk, encrypt, testing};
use einmal_model::testing::SeededRandom;
use einmal_storage::both_databases;
use einmal_storage::testing::TestDb;

const SECRET: &str = "a-secret-of-more-than-thirty-two-characters";
const SERVICE: &str = "urn:de:fim:leika:leistung:99400048079000";

fn destination() -> DestinationId {
    "879ee109-0000-4000-8000-000000000001".parse().unwrap()
}

fn attachment(number: u32) -> AttachmentId {
    let text = format!("00000000-0000-4000-8000-{number:012}");
    text.parse().unwrap()
}

fn draft() -> DestinationDraft {
    DestinationDraft {
        name: "Standesamt Bremerhaven".to_owned(),
        contact: Contact {
            legal_name: "Magistrat der Stadt Bremerhaven".to_owned(),
            ..Contact::default()
        },
        public_services: vec![PublicService {
            identifier: SERVICE.to_owned(),
            regions: vec!["DE040120000000".to_owned()],
            submission_schemas: vec![SubmissionSchema {
                schema_uri: "urn:x:schema".to_owned(),
                mime_type: "application/json".to_owned(),
            }],
        }],
        metadata_versions: vec!["2.1.0".to_owned()],
        encryption_key: testing::destination_decryption_key().public().clone(),
        signing_key: testing::destination_signing_key().public().clone(),
        status: DestinationStatus::Active,
    }
}

async fn open(test: &TestDb, limits: Limits, key: &PrivateJwk) -> Delivery {
    let mut settings = DeliverySettings::new("https://delivery.example/submission-api/");
    settings.limits = limits;
    let clock = Arc::clone(&test.clock);
    let random = Arc::new(SeededRandom::new(u64::from(std::process::id())));
    Delivery::open(test.db.clone(), clock, random, settings, key)
        .await
        .unwrap()
}

async fn set_up(test: &TestDb, limits: Limits) -> Delivery {
    let delivery = open(test, limits, &testing::service_signing_key()).await;
    delivery
        .put_destination(destination(), &draft())
        .await
        .unwrap();
    for (name, scopes, destinations) in [
        ("sender", [Scope::Send], vec![]),
        ("other", [Scope::Send], vec![]),
        ("subscriber", [Scope::Subscribe], vec![destination()]),
    ] {
        let id = name.parse().unwrap();
        delivery
            .put_client(&id, name, SECRET, &scopes, &destinations)
            .await
            .unwrap();
    }
    delivery
}

async fn token(delivery: &Delivery, client: &str) -> String {
    let grant = TokenGrant {
        grant_type: "client_credentials".to_owned(),
        client_id: client.to_owned(),
        client_secret: SECRET.to_owned().into(),
        scope: None,
    };
    delivery.grant_token(&grant).await.unwrap().token
}

async fn principal(delivery: &Delivery, client: &str) -> Principal {
    delivery.authorise(&token(delivery, client).await).unwrap()
}

async fn create(delivery: &Delivery, attachments: &[u32], case: Option<CaseId>) -> Created {
    let sender = principal(delivery, "sender").await;
    delivery
        .create_submission(&sender, &new(attachments, case))
        .await
        .unwrap()
}

fn new(attachments: &[u32], case: Option<CaseId>) -> NewSubmission {
    NewSubmission {
        destination: destination(),
        announced_attachments: attachments.iter().map(|n| attachment(*n)).collect(),
        service: ServiceRef {
            identifier: SERVICE.to_owned(),
            name: String::new(),
        },
        region: None,
        case,
    }
}

fn jwe(bytes: usize) -> String {
    let key = testing::destination_decryption_key();
    let key = key.public().encryption_key(KeySize::Bits4096).unwrap();
    let options = EncryptOptions {
        content_type: Some("application/json".to_owned()),
        ..EncryptOptions::default()
    };
    encrypt(&vec![b'x'; bytes], &key, &options, &SeededRandom::new(3)).unwrap()
}

async fn upload(
    delivery: &Delivery,
    created: Created,
    number: u32,
    text: &str,
) -> Result<(), DeliveryError> {
    let sender = principal(delivery, "sender").await;
    let mut upload = delivery
        .upload_attachment(
            &sender,
            created.submission,
            attachment(number),
            ApiVersion::V2,
        )
        .await?;
    for piece in text.as_bytes().chunks(7_000) {
        upload.write(piece).await?;
    }
    upload.finish().await
}

both_databases! {
    async fn attachments_stay_within_their_limits(test: TestDb) {
        let small = Limits { attachment: 20_000, submission: 30_000, attachments: 3, ..Limits::default() };
        let delivery = set_up(&test, small).await;
        let sender = principal(&delivery, "sender").await;
        let many = delivery.create_submission(&sender, &new(&[1, 2, 3, 4], None)).await;
        assert!(matches!(many, Err(DeliveryError::BadRequest(_))));
        // A repeated id counts once.
        let created = delivery.create_submission(&sender, &new(&[1, 2, 3, 1, 2], None)).await.unwrap();
        let too_large = |outcome| matches!(outcome, Err(DeliveryError::TooLarge { .. }));
        assert!(too_large(upload(&delivery, created, 1, &jwe(20_000)).await));
        upload(&delivery, created, 1, &jwe(13_000)).await.unwrap();
        assert!(too_large(upload(&delivery, created, 2, &jwe(10_000)).await));
        // Replacing the first one makes room.
        upload(&delivery, created, 1, &jwe(100)).await.unwrap();
        upload(&delivery, created, 2, &jwe(10_000)).await.unwrap();
        upload(&delivery, created, 3, &jwe(10)).await.unwrap();
        let document = jwe(10);
        delivery.submit(&sender, created.submission, &document, Some(&document), ApiVersion::V2).await.unwrap();
    }

    async fn a_large_attachment_comes_back_byte_for_byte(test: TestDb) {
        let delivery = set_up(&test, Limits::default()).await;
        let created = create(&delivery, &[1], None).await;
        let text = jwe(4 << 20);
        upload(&delivery, created, 1, &text).await.unwrap();
        let sender = principal(&delivery, "sender").await;
        let document = jwe(10);
        delivery.submit(&sender, created.submission, &document, Some(&document), ApiVersion::V2).await.unwrap();
        let subscriber = principal(&delivery, "subscriber").await;
        let mut reader = delivery.fetch_attachment(&subscriber, created.submission, attachment(1)).await.unwrap();
        assert_eq!(reader.size(), text.len() as u64);
        let mut whole = Vec::new();
        let mut pieces = 0;
        while let Some(piece) = reader.next().await.unwrap() {
            whole.extend_from_slice(&piece);
            pieces += 1;
        }
        assert!(whole == text.as_bytes());
        assert!(pieces > 4, "{pieces}");
    }

    async fn what_an_interrupted_upload_left_is_erased_after_a_day(test: TestDb) {
        let delivery = set_up(&test, Limits::default()).await;
        let sender = principal(&delivery, "sender").await;
        let created = create(&delivery, &[1], None).await;
        let text = jwe(3 << 20);
        let mut broken = delivery
            .upload_attachment(&sender, created.submission, attachment(1), ApiVersion::V2)
            .await
            .unwrap();
        broken.write(&text.as_bytes()[..2 << 20]).await.unwrap();
        drop(broken);
        upload(&delivery, created, 1, &text).await.unwrap();
        assert_eq!(delivery.remove_orphaned_content().await.unwrap(), 0);
        test.clock.advance_seconds(86_401);
        assert_eq!(delivery.remove_orphaned_content().await.unwrap(), 1);
        let document = jwe(10);
        let sender = principal(&delivery, "sender").await;
        delivery.submit(&sender, created.submission, &document, Some(&document), ApiVersion::V2).await.unwrap();
        let subscriber = principal(&delivery, "subscriber").await;
        assert!(delivery.fetch_attachment(&subscriber, created.submission, attachment(1)).await.is_ok());
    }

    async fn tokens_survive_a_restart_but_not_another_key(test: TestDb) {
        let first = set_up(&test, Limits::default()).await;
        let token = token(&first, "sender").await;
        let again = open(&test, Limits::default(), &testing::service_signing_key()).await;
        assert_eq!(again.authorise(&token).unwrap().client().as_str(), "sender");
        let other = open(&test, Limits::default(), &testing::other_signing_key()).await;
        assert!(matches!(other.authorise(&token), Err(DeliveryError::Unauthorized(_))));
    }

    async fn a_small_signing_key_opens_no_service(test: TestDb) {
        let outcome = Delivery::open(
            test.db.clone(),
            Arc::clone(&test.clock) as _,
            Arc::new(SeededRandom::new(1)),
            DeliverySettings::new("https://delivery.example/submission-api"),
            &testing::small_signing_key(),
        )
        .await;
        assert!(matches!(outcome, Err(DeliveryError::Signing(_))));
    }

    async fn a_case_takes_further_submissions_of_its_sender_only(test: TestDb) {
        let delivery = set_up(&test, Limits::default()).await;
        let first = create(&delivery, &[], None).await;
        let second = create(&delivery, &[], Some(first.case)).await;
        assert_eq!(second.case, first.case);
        let sender = principal(&delivery, "sender").await;
        let page = Page::new(Some(1), Some(1)).unwrap();
        let (events, total) = delivery.case_events(&sender, first.case, page).await.unwrap();
        assert_eq!((events.len(), total), (1, 2));
        let all = Page::new(None, None).unwrap();
        let (own, _) = delivery.submission_events(&sender, second.submission, all).await.unwrap();
        assert_eq!(own, events);
        let other = principal(&delivery, "other").await;
        let foreign = delivery.create_submission(&other, &new(&[], Some(first.case))).await;
        assert!(matches!(foreign, Err(DeliveryError::Forbidden(_))));
        let unknown = "00000000-0000-4000-8000-000000000000".parse().unwrap();
        let unknown = delivery.create_submission(&sender, &new(&[], Some(unknown))).await;
        assert!(matches!(unknown, Err(DeliveryError::CaseNotFound)));
    }

    async fn the_list_is_paged_oldest_first(test: TestDb) {
        let delivery = set_up(&test, Limits::default()).await;
        let mut submitted = Vec::new();
        let document = jwe(10);
        for _ in 0..5 {
            let created = create(&delivery, &[], None).await;
            let sender = principal(&delivery, "sender").await;
            delivery.submit(&sender, created.submission, &document, Some(&document), ApiVersion::V2).await.unwrap();
            submitted.push(created.submission);
            test.clock.advance_seconds(1);
        }
        create(&delivery, &[], None).await;
        let subscriber = principal(&delivery, "subscriber").await;
        let mut seen = Vec::new();
        for offset in [0, 2, 4, 6] {
            let page = Page::new(Some(2), Some(offset)).unwrap();
            let (listed, total) = delivery.waiting_submissions(&subscriber, None, page).await.unwrap();
            assert_eq!(total, 5);
            seen.extend(listed.iter().map(|entry| entry.submission));
        }
        assert_eq!(seen, submitted);
    }

    async fn the_operator_cannot_register_what_breaks_the_rules(test: TestDb) {
        let delivery = set_up(&test, Limits::default()).await;
        let id = destination();
        let mut wrong = Vec::new();
        let mut add = |change: &dyn Fn(&mut DestinationDraft)| {
            let mut draft = draft();
            change(&mut draft);
            wrong.push(draft);
        };
        add(&|d| d.metadata_versions.clear());
        add(&|d| d.public_services.clear());
        add(&|d| d.public_services[0].identifier = "leistung".to_owned());
        add(&|d| d.public_services[0].regions = vec!["04".to_owned()]);
        add(&|d| d.public_services[0].submission_schemas.clear());
        add(&|d| d.signing_key = testing::small_signing_key().public().clone());
        add(&|d| d.signing_key = d.encryption_key.clone());
        add(&|d| d.encryption_key = d.signing_key.clone());
        add(&|d| d.encryption_key.key_ops.clear());
        add(&|d| d.encryption_key.kid = Some("short".to_owned()));
        for draft in wrong {
            let outcome = delivery.put_destination(id, &draft).await;
            assert!(matches!(outcome, Err(DeliveryError::BadRequest(_))), "{draft:?}");
        }
        let client = "new".parse().unwrap();
        let weak = delivery.put_client(&client, "n", "short", &[Scope::Send], &[]).await;
        assert!(matches!(weak, Err(DeliveryError::BadRequest(_))));
        let unknown = "00000000-0000-4000-8000-000000000000".parse().unwrap();
        let lost = delivery.put_client(&client, "n", SECRET, &[Scope::Subscribe], &[unknown]).await;
        assert!(matches!(lost, Err(DeliveryError::DestinationNotFound)));
    }

    async fn a_new_key_replaces_the_old_one_which_stays_readable(test: TestDb) {
        let delivery = set_up(&test, Limits::default()).await;
        let mut next = draft();
        next.encryption_key = testing::other_decryption_key().public().clone();
        delivery.put_destination(destination(), &next).await.unwrap();
        let keys = delivery.destination_keys(destination()).await.unwrap();
        assert_eq!(keys.len(), 3);
        assert_eq!(keys[0].kid.as_deref(), Some("test-other-decrypt"));
        assert!(delivery.destination_key(destination(), "test-destination-decrypt").await.is_ok());
        // What was encrypted with the old key is refused from now on.
        let created = create(&delivery, &[], None).await;
        let sender = principal(&delivery, "sender").await;
        let old = jwe(10);
        let outcome = delivery.submit(&sender, created.submission, &old, Some(&old), ApiVersion::V2).await;
        assert!(matches!(outcome, Err(DeliveryError::InvalidJwe { member: "kid", .. })));
    }

    async fn an_upload_and_a_submit_at_once_never_contradict_each_other(test: TestDb) {
        let delivery = set_up(&test, Limits::default()).await;
        let document = jwe(10);
        for round in 0..5 {
            let created = create(&delivery, &[1], None).await;
            upload(&delivery, created, 1, &jwe(10)).await.unwrap();
            let sender = principal(&delivery, "sender").await;
            let replacement = jwe(1_000 + round);
            let (submitted, replaced) = tokio::join!(
                delivery.submit(&sender, created.submission, &document, Some(&document), ApiVersion::V2),
                upload(&delivery, created, 1, &replacement),
            );
            submitted.unwrap();
            assert!(matches!(replaced, Ok(()) | Err(DeliveryError::StateTransition(_))), "{replaced:?}");
            let all = Page::new(None, None).unwrap();
            let (events, _) = delivery.submission_events(&sender, created.submission, all).await.unwrap();
            let subscriber = principal(&delivery, "subscriber").await;
            let mut reader = delivery.fetch_attachment(&subscriber, created.submission, attachment(1)).await.unwrap();
            let stored = String::from_utf8(reader.next().await.unwrap().unwrap()).unwrap();
            let payload = einmal_jose::CompactJws::parse(&events[1], 100_000).unwrap();
            let claims = einmal_delivery::EventToken::parse(payload.unverified_payload()).unwrap();
            let einmal_delivery::Event::Submit(tags) = claims.event else { panic!("no submit event") };
            assert_eq!(tags.attachments[&attachment(1)].as_str(), stored.rsplit('.').next().unwrap());
        }
    }
}
