//! A receiver opens nothing that was changed on the way, and says what is wrong with it.

use einmal_delivery::client::{ClientError, Fetched};
use einmal_delivery::{Event, Tags};
use einmal_jose::{EncryptOptions, KeySize, PrivateJwk, encrypt, testing};
use einmal_model::testing::SeededRandom;
use serde_json::{Value, json};

use crate::liar::{
    ATTACHMENT, World, by_destination, by_service, case, destination, submission, waiting,
};

const DATA: &[u8] = b"{\"F60000227\":\"Mustermann\"}";
const FILE: &[u8] = b"{\"origins\":[]}";

fn sha512(bytes: &[u8]) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA512, bytes);
    digest.as_ref().iter().map(|b| format!("{b:02x}")).collect()
}

fn jwe(bytes: &[u8], key: &PrivateJwk) -> String {
    let options = EncryptOptions {
        kid: Some("test-destination-decrypt".to_owned()),
        ..EncryptOptions::default()
    };
    let seed = bytes.iter().fold(0_u64, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(*byte))
    });
    let key = key.public().encryption_key(KeySize::Bits4096).unwrap();
    encrypt(bytes, &key, &options, &SeededRandom::new(seed)).unwrap()
}

/// What a submission consists of; tests change single parts.
struct Parts {
    metadata: String,
    data: Option<String>,
    attachments: Vec<String>,
    file: String,
    tags: Tags,
}

fn metadata() -> Value {
    json!({"contentStructure": {
        "data": {"hash": {"type": "sha512", "content": sha512(DATA)}},
        "attachments": [{"attachmentId": ATTACHMENT, "purpose": "data",
            "mimeType": "application/json",
            "hash": {"type": "sha512", "content": sha512(FILE)}}],
    }})
}

fn tag(jwe: &str) -> einmal_jose::AuthenticationTag {
    jwe.rsplit('.').next().unwrap().parse().unwrap()
}

impl Parts {
    fn with_metadata(metadata: &Value) -> Self {
        let key = testing::destination_decryption_key();
        let metadata = jwe(metadata.to_string().as_bytes(), &key);
        let (data, file) = (jwe(DATA, &key), jwe(FILE, &key));
        let tags = Tags {
            metadata: tag(&metadata),
            data: Some(tag(&data)),
            attachments: [(ATTACHMENT.parse().unwrap(), tag(&file))].into(),
        };
        Self {
            metadata,
            data: Some(data),
            attachments: vec![ATTACHMENT.to_owned()],
            file,
            tags,
        }
    }

    fn good() -> Self {
        Self::with_metadata(&metadata())
    }

    /// Shows this submission with a log that fits `tags`.
    fn show(&self, world: &World) {
        let s = submission();
        let mut body = json!({"submissionId": s, "caseId": case(), "destinationId": destination(),
            "attachments": self.attachments, "publicService": {"identifier": "urn:x:y"},
            "encryptedMetadata": self.metadata});
        if let Some(data) = &self.data {
            body["encryptedData"] = json!(data);
        }
        world.answer(&format!("GET /v2/submissions/{s}"), 200, &body);
        let line = format!("GET /v2/submissions/{s}/attachments/{ATTACHMENT}");
        world.answer_text(&line, 200, &self.file);
        world.log(&[
            by_service(&world.event(1, Event::Create)),
            by_service(&world.event(2, Event::Submit(self.tags.clone()))),
        ]);
    }

    /// The kind of the reason for which the receiver rejects it.
    async fn rejected_for(&self) -> String {
        let world = World::new();
        self.show(&world);
        match world.subscriber().fetch(waiting(), &World::keys()).await {
            Ok(Fetched::Bad(reasons)) => {
                let kind = reasons[0].kind.rsplit('/').next().unwrap();
                format!("{kind} {}", reasons[0].instance)
            }
            Ok(Fetched::Good(_)) => "accepted".to_owned(),
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn an_honest_submission_is_opened() {
    assert_eq!(Parts::good().rejected_for().await, "accepted");
}

#[tokio::test]
async fn what_was_exchanged_on_the_way_is_rejected() {
    let key = testing::destination_decryption_key();
    let other = jwe(b"{\"F60000227\":\"Evil\"}", &key);

    let mut parts = Parts::good();
    parts.data = Some(other.clone());
    assert_eq!(
        parts.rejected_for().await,
        "incorrect-authentication-tag data"
    );
    // Even with a service that signs the exchanged tag, the hash in the metadata does not fit.
    parts.tags.data = Some(tag(&other));
    assert_eq!(parts.rejected_for().await, "hash-mismatch data");

    let mut parts = Parts::good();
    parts.metadata.clone_from(&other);
    assert_eq!(
        parts.rejected_for().await,
        "incorrect-authentication-tag metadata"
    );

    let mut parts = Parts::good();
    parts.file.clone_from(&other);
    let instance = format!("attachment:{ATTACHMENT}");
    assert_eq!(
        parts.rejected_for().await,
        format!("incorrect-authentication-tag {instance}")
    );
    parts
        .tags
        .attachments
        .insert(ATTACHMENT.parse().unwrap(), tag(&other));
    assert_eq!(
        parts.rejected_for().await,
        format!("hash-mismatch {instance}")
    );

    // The same tag on another ciphertext.
    let mut parts = Parts::good();
    let mut segments: Vec<&str> = other.split('.').collect();
    let kept = parts.tags.data.clone().unwrap();
    segments[4] = kept.as_str();
    parts.data = Some(segments.join("."));
    assert_eq!(parts.rejected_for().await, "encryption-issue data");
}

#[tokio::test]
async fn missing_and_surplus_parts_are_rejected() {
    let mut parts = Parts::good();
    parts.data = None;
    assert_eq!(
        parts.rejected_for().await,
        "incorrect-authentication-tag data"
    );
    parts.tags.data = None;
    assert_eq!(parts.rejected_for().await, "missing-data data");

    let mut parts = Parts::good();
    parts.attachments.clear();
    assert_eq!(
        parts.rejected_for().await,
        "attachments-mismatch submission"
    );
    parts.tags.attachments.clear();
    let instance = format!("attachment:{ATTACHMENT}");
    assert_eq!(
        parts.rejected_for().await,
        format!("missing-attachment {instance}")
    );

    let mut undescribed = metadata();
    undescribed["contentStructure"]["attachments"] = json!([]);
    let parts = Parts::with_metadata(&undescribed);
    assert_eq!(
        parts.rejected_for().await,
        format!("attachments-mismatch {instance}")
    );
}

#[tokio::test]
async fn unreadable_parts_are_rejected() {
    let foreign = testing::other_decryption_key();
    let mut parts = Parts::good();
    let unreadable = jwe(DATA, &foreign);
    parts.tags.data = Some(tag(&unreadable));
    parts.data = Some(unreadable);
    assert_eq!(parts.rejected_for().await, "encryption-issue data");

    let parts = Parts::with_metadata(&json!({"contentStructure": 7}));
    assert_eq!(parts.rejected_for().await, "schema-violation metadata");
    let parts = Parts::with_metadata(&json!([]));
    assert_eq!(parts.rejected_for().await, "schema-violation metadata");
}

#[tokio::test]
async fn a_log_without_or_with_a_forged_submit_event_opens_nothing() {
    let world = World::new();
    let parts = Parts::good();
    parts.show(&world);
    world.log(&[by_service(&world.event(1, Event::Create))]);
    match world.subscriber().fetch(waiting(), &World::keys()).await {
        Ok(Fetched::Bad(reasons)) => {
            assert!(reasons[0].kind.ends_with("not-exactly-one-submit-event"));
        }
        _ => panic!("opened without a submit event"),
    }
    world.log(&[by_destination(
        world.event(2, Event::Submit(parts.tags.clone())),
    )]);
    let outcome = world.subscriber().fetch(waiting(), &World::keys()).await;
    assert!(matches!(outcome, Err(ClientError::Untrusted(_))));
}

#[tokio::test]
async fn the_list_is_read_to_its_end_and_each_entry_once() {
    let world = World::new();
    let d = destination();
    let entry = |n: usize| {
        json!({"destinationId": d, "caseId": case(),
            "submissionId": format!("ce75a6b8-0000-4000-8000-{n:012}")})
    };
    let page = |numbers: std::ops::Range<usize>, total: usize| {
        let submissions: Vec<Value> = numbers.map(entry).collect();
        json!({"count": submissions.len(), "totalCount": total, "submissions": submissions})
    };
    let line = |offset| format!("GET /v2/submissions?destinationId={d}&limit=500&offset={offset}");
    world.answer(&line(0), 200, &page(0..500, 700));
    // Meanwhile one entry moved to the next page.
    world.answer(&line(500), 200, &page(499..700, 700));
    let all = world.subscriber().waiting(d).await.unwrap();
    assert_eq!(all.len(), 700);
}
