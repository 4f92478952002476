//! A submission becomes one case, or a visible refusal; never nothing.

use einmal_casework::port::FetchFailure;
use einmal_casework::view::ContentView;
use einmal_casework::{CaseState, InboxFilter, ProblemType, Settings, Verdict};
use einmal_model::Language;
use einmal_storage::testing::TestDb;
use einmal_storage::{Query as _, args, audit, both_databases};
use serde_json::json;

use crate::world::{FAMILIENKASSE, Parts, STANDESAMT, World, origins_id, staff, submission};

/// Sends one changed submission and demands an automatic rejection of this kind for this part.
async fn refused(test: TestDb, kind: ProblemType, instance: &str, change: impl FnOnce(&mut Parts)) {
    let world = World::new(test).await;
    world.send(STANDESAMT, 1, change);
    let report = world.receive(STANDESAMT).await;
    assert_eq!((report.opened, report.refused), (0, 1));
    let row = world
        .rows(STANDESAMT, InboxFilter::NotReadable)
        .await
        .remove(0);
    assert_eq!(row.state, CaseState::NotReadable);
    assert!(row.note.is_some());
    let case = world
        .casework
        .case(&staff(STANDESAMT), row.id, Language::De)
        .await
        .unwrap();
    let ContentView::NotReadable {
        problem_type,
        instance: part,
        cause,
        ..
    } = case.content
    else {
        panic!("the content must not be shown");
    };
    assert_eq!((problem_type, part.as_str()), (kind, instance));
    assert!(!cause.is_empty());
    assert!(!case.can_decide);
    // The rejection goes out, neutral, with the machine-readable type.
    assert_eq!(
        world
            .casework
            .post_decisions_once("w")
            .await
            .unwrap()
            .confirmed,
        1
    );
    world.inbox.with(|post| {
        let (id, verdict, problems) = &post.log[0];
        assert_eq!((*id, *verdict), (submission(1), Verdict::Rejected));
        assert_eq!(
            (problems[0].kind, problems[0].instance.as_str()),
            (kind, instance)
        );
        assert_eq!(problems[0].detail, kind.sentence());
    });
    let row = world
        .rows(STANDESAMT, InboxFilter::NotReadable)
        .await
        .remove(0);
    assert_eq!(row.state, CaseState::NotReadableRejected);
}

both_databases! {
    async fn opens_one_case_however_often_it_is_listed(test: TestDb) {
        let world = World::new(test).await;
        world.send(STANDESAMT, 1, |_| {});
        world.send(STANDESAMT, 2, |_| {});
        let report = world.receive(STANDESAMT).await;
        assert_eq!((report.opened, report.work_done()), (2, 2));
        // It stays listed until a verdict is posted; it is neither opened nor fetched again.
        assert_eq!(world.receive(STANDESAMT).await.work_done(), 0);
        world.inbox.with(|post| assert_eq!(post.fetches, 2));
        assert_eq!(world.rows(STANDESAMT, InboxFilter::Open).await.len(), 2);
    }

    async fn two_pollers_open_one_case(test: TestDb) {
        let world = World::new(test).await;
        for number in 1..=8 {
            world.send(STANDESAMT, number, |_| {});
        }
        let (tenant, other) = (STANDESAMT.parse().unwrap(), world.casework.clone());
        let (one, two) = tokio::join!(
            world.casework.receive_once(&tenant),
            other.receive_once(&tenant)
        );
        assert_eq!(one.unwrap().opened + two.unwrap().opened, 8);
        assert_eq!(world.rows(STANDESAMT, InboxFilter::All).await.len(), 8);
    }

    async fn one_that_cannot_be_fetched_now_does_not_stop_the_others(test: TestDb) {
        let world = World::new(test).await;
        world.send_broken(STANDESAMT, 1, FetchFailure::Temporary("no answer".to_owned()));
        world.send(STANDESAMT, 2, |_| {});
        let report = world.receive(STANDESAMT).await;
        assert_eq!((report.opened, report.postponed), (1, 1));
        assert_eq!(report.first_cause.as_deref(), Some("no answer"));
        world.send(STANDESAMT, 1, |_| {});
        assert_eq!(world.receive(STANDESAMT).await.opened, 1);
    }

    async fn takes_no_more_than_a_batch_at_a_time(test: TestDb) {
        let mut world = World::new(test).await;
        world.restart(Settings { receive_batch: 2, ..Settings::default() });
        for number in 1..=5 {
            world.send(STANDESAMT, number, |_| {});
        }
        let mut opened = Vec::new();
        for _ in 0..4 {
            let report = world.receive(STANDESAMT).await;
            opened.push((report.opened, report.left));
        }
        assert_eq!(opened, [(2, 3), (2, 1), (1, 0), (0, 0)]);
    }

    async fn submissions_that_always_fail_do_not_hold_up_the_rest(test: TestDb) {
        let mut world = World::new(test).await;
        world.restart(Settings { receive_batch: 4, ..Settings::default() });
        for number in 1..=6 {
            world.send_broken(STANDESAMT, number, FetchFailure::Temporary("no answer".to_owned()));
        }
        world.send(STANDESAMT, 7, |_| {});
        let mut opened = 0;
        for _ in 0..100 {
            opened += world.receive(STANDESAMT).await.opened;
        }
        assert_eq!(opened, 1);
    }

    async fn a_silent_delivery_service_is_an_error_and_loses_nothing(test: TestDb) {
        let world = World::new(test).await;
        world.send(STANDESAMT, 1, |_| {});
        world.inbox.with(|post| post.list_fails = true);
        let failed = world.casework.receive_once(&STANDESAMT.parse().unwrap()).await;
        assert!(failed.is_err());
        world.inbox.with(|post| post.list_fails = false);
        assert_eq!(world.receive(STANDESAMT).await.opened, 1);
    }

    async fn what_cannot_be_decrypted_is_visible_and_rejected(test: TestDb) {
        let world = World::new(test).await;
        world.send_broken(STANDESAMT, 1, FetchFailure::Unacceptable {
            problem_type: ProblemType::Encryption,
            instance: "data".to_owned(),
            cause: "no key of this destination opens it".to_owned(),
        });
        assert_eq!(world.receive(STANDESAMT).await.refused, 1);
        assert_eq!(world.receive(STANDESAMT).await.work_done(), 0);
        assert_eq!(world.casework.post_decisions_once("w").await.unwrap().confirmed, 1);
        world.inbox.with(|post| assert_eq!(post.log[0].2[0].kind, ProblemType::Encryption));
        assert!(world.rows(STANDESAMT, InboxFilter::Open).await.is_empty());
    }

    async fn swapped_data_are_refused(test: TestDb) {
        refused(test, ProblemType::HashMismatch, "data", |parts| {
            parts.swapped_data = Some(Some(br#"{"F99000000991":false}"#.to_vec()));
        }).await;
    }

    async fn a_swapped_attachment_is_refused(test: TestDb) {
        let instance = format!("attachment:{}", origins_id());
        refused(test, ProblemType::HashMismatch, &instance, |parts| {
            parts.swapped_attachments = Some(vec![(origins_id(), b"{}".to_vec())]);
        }).await;
    }

    async fn a_missing_attachment_is_refused(test: TestDb) {
        let instance = format!("attachment:{}", origins_id());
        refused(test, ProblemType::MissingAttachment, &instance, |parts| {
            parts.swapped_attachments = Some(Vec::new());
        }).await;
    }

    async fn an_attachment_that_nobody_announced_is_refused(test: TestDb) {
        refused(test, ProblemType::AttachmentsMismatch, "submission", |parts| {
            let mut attachments = parts.attachments.clone();
            attachments.push(("a0000000-0000-4000-8000-000000000002".to_owned(), Vec::new()));
            parts.swapped_attachments = Some(attachments);
        }).await;
    }

    async fn missing_data_are_refused(test: TestDb) {
        refused(test, ProblemType::MissingData, "data", |parts| {
            parts.swapped_data = Some(None);
        }).await;
    }

    async fn data_that_do_not_fit_the_form_are_refused(test: TestDb) {
        refused(test, ProblemType::SchemaViolation, "data", |parts| {
            parts.data = Some(br#"{"F99000000991":"ja"}"#.to_vec());
        }).await;
    }

    async fn data_that_name_a_member_twice_are_refused(test: TestDb) {
        refused(test, ProblemType::Syntax, "data", |parts| {
            parts.data = Some(br#"{"F99000000991":true,"F99000000991":false}"#.to_vec());
        }).await;
    }

    async fn metadata_that_are_no_json_are_refused(test: TestDb) {
        refused(test, ProblemType::Syntax, "metadata", |parts| {
            parts.raw_metadata = Some(b"<metadata/>".to_vec());
        }).await;
    }

    async fn metadata_without_schema_are_refused(test: TestDb) {
        refused(test, ProblemType::MissingSchema, "metadata", |parts| {
            parts.metadata = Box::new(|metadata| metadata["$schema"] = json!(null));
        }).await;
    }

    async fn metadata_of_another_version_are_refused(test: TestDb) {
        refused(test, ProblemType::UnsupportedSchema, "metadata", |parts| {
            parts.metadata = Box::new(|metadata| {
                metadata["$schema"] = json!("https://schema.fitko.de/fit-connect/metadata/3.0.0/metadata.schema.json");
            });
        }).await;
    }

    async fn metadata_without_a_hash_are_refused(test: TestDb) {
        refused(test, ProblemType::SchemaViolation, "metadata", |parts| {
            parts.metadata = Box::new(|metadata| {
                metadata["contentStructure"]["data"].as_object_mut().unwrap().remove("hash");
            });
        }).await;
    }

    async fn another_hash_than_sha_512_is_refused(test: TestDb) {
        refused(test, ProblemType::SchemaViolation, "data", |parts| {
            parts.metadata = Box::new(|metadata| {
                metadata["contentStructure"]["data"]["hash"]["type"] = json!("md5");
            });
        }).await;
    }

    async fn content_is_sealed_and_opening_is_audited(test: TestDb) {
        let world = World::new(test).await;
        let case = world.one_case(FAMILIENKASSE).await;
        let mut read = world.test.db.read().await.unwrap();
        let row = read.fetch_one("select metadata, data from case_file", args![]).await.unwrap();
        let row_bytes = [row.bytes("metadata").unwrap(), row.bytes("data").unwrap()].concat();
        let row = read.fetch_one("select about, content from case_attachment", args![]).await.unwrap();
        let all = [row_bytes, row.bytes("about").unwrap(), row.bytes("content").unwrap()].concat();
        for word in ["Mia", "Kindergeld", "origins", "person", "contentStructure"] {
            assert!(!all.windows(word.len()).any(|window| window == word.as_bytes()), "{word}");
        }
        let entries = audit::entries(&mut read, &format!("case:{case}"), 0, 10).await.unwrap();
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].kind, "case.received");
    }
}
