//! The negative matrix of the first cut: right status, right problem type, nothing changed.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, header};
use einmal_delivery::client::{Progress, Step, Waiting};
use einmal_delivery::{CaseId, DestinationStatus, Event, EventToken, Issuer, Page, Rejection};
use einmal_jose::{EncryptOptions, KeySize, PrivateJwk, encrypt, sign, testing};
use einmal_model::testing::SeededRandom;
use einmal_model::{Clock, Instant};
use einmal_storage::both_databases;
use serde_json::json;

use crate::flow::{deliver, only_waiting, receive};
use crate::world::{ATTACHMENT, SECRET, SERVICE, World};

const JSON: &str = "application/json";
const JOSE: &str = "application/jose";
const UNKNOWN: &str = "00000000-0000-4000-8000-000000000000";

fn jwe(world: &World, options: &EncryptOptions) -> String {
    let _ = world;
    let key = testing::destination_decryption_key();
    let key = key.public().encryption_key(KeySize::Bits4096).unwrap();
    encrypt(b"{}", &key, options, &SeededRandom::new(3)).unwrap()
}

fn json_type() -> EncryptOptions {
    EncryptOptions {
        content_type: Some(JSON.to_owned()),
        ..EncryptOptions::default()
    }
}

/// A submission that was announced, and uploaded up to `step`.
async fn progress_to(world: &World, step: Step) -> Progress {
    let sender = world.sender();
    let mut progress = sender.prepare(&world.message()).await.unwrap();
    while progress.step() < step {
        progress = sender.advance(&progress).await.unwrap();
    }
    progress
}

async fn events(world: &World, case: CaseId) -> usize {
    let token = world.token("sender").await;
    let principal = world.delivery.authorise(&token).unwrap();
    let page = Page::new(None, None).unwrap();
    let log = world.delivery.case_events(&principal, case, page).await;
    log.unwrap().0.len()
}

/// A token with any claims, signed with any key.
struct Forge {
    event: EventToken,
    key: PrivateJwk,
    typ: &'static str,
}

impl Forge {
    /// What the receiver would rightly send.
    fn honest(world: &World, waiting: Waiting, tags: einmal_delivery::Tags) -> Self {
        let id = einmal_model::new_uuid(&*world.clock, &SeededRandom::new(99));
        Self {
            event: EventToken {
                id,
                issuer: Issuer::Destination(world.destination),
                issued_at: Instant::from_micros(world.clock.now().as_seconds() * 1_000_000),
                submission: waiting.submission_id,
                case: waiting.case_id,
                event: Event::Accept {
                    tags: Some(tags),
                    problems: Vec::new(),
                },
            },
            key: testing::destination_signing_key(),
            typ: "secevent+jwt",
        }
    }

    fn token(&self) -> String {
        let key = self.key.signing_key(KeySize::Bits2048).unwrap();
        sign(self.event.payload().as_bytes(), &key, self.typ).unwrap()
    }
}

both_databases! {
    async fn without_a_valid_token_nothing_protected_answers(test: TestDb) {
        let world = World::new(test).await;
        let id = UNKNOWN;
        let valid = world.token("sender").await;
        let (claims, mac) = valid.split_once('.').unwrap();
        let forged = format!("Bearer {}A.{mac}", &claims[..claims.len() - 1]);
        for who in ["", "Bearer ", "Bearer x", "Bearer a.b", &forged, "Bearer eyJhbGciOiJub25lIn0.e30."] {
            for (method, path) in [
                ("POST", "/v2/submissions".to_owned()),
                ("GET", "/v2/submissions".to_owned()),
                ("PUT", format!("/v2/submissions/{id}")),
                ("GET", format!("/v2/submissions/{id}")),
                ("PUT", format!("/v2/submissions/{id}/attachments/{id}")),
                ("GET", format!("/v2/submissions/{id}/attachments/{id}")),
                ("GET", format!("/v2/submissions/{id}/events")),
                ("GET", format!("/v2/cases/{id}/events")),
                ("POST", format!("/v2/cases/{id}/events")),
            ] {
                let path = format!("/submission-api{path}");
                let answer = world.ask(who, method, &path, JSON, "{}").await;
                assert_eq!(answer.problem(), (401, "unauthorized".to_owned()), "{who} {method} {path}");
                assert_eq!(answer.headers.get(header::WWW_AUTHENTICATE).unwrap(), "Bearer");
            }
        }
    }

    async fn the_wrong_scope_is_forbidden(test: TestDb) {
        let world = World::new(test).await;
        let progress = deliver(&world).await;
        let (id, case) = (progress.submission().unwrap(), progress.case().unwrap());
        let create = json!({"destinationId": world.destination, "announcedAttachments": [],
            "publicService": {"identifier": SERVICE, "name": ""}}).to_string();
        let submit = json!({"encryptedMetadata": "x", "encryptedData": "x"}).to_string();
        let base = "/submission-api/v2";
        for (who, method, path, content_type, body) in [
            ("subscriber", "POST", format!("{base}/submissions"), JSON, create.as_str()),
            ("subscriber", "PUT", format!("{base}/submissions/{id}"), JSON, &submit),
            ("subscriber", "PUT", format!("{base}/submissions/{id}/attachments/{ATTACHMENT}"), JOSE, "x"),
            ("sender", "GET", format!("{base}/submissions"), "", ""),
            ("sender", "GET", format!("{base}/submissions/{id}"), "", ""),
            ("sender", "GET", format!("{base}/submissions/{id}/attachments/{ATTACHMENT}"), "", ""),
            ("sender", "POST", format!("{base}/cases/{case}/events"), JOSE, "x"),
            ("other-sender", "PUT", format!("{base}/submissions/{id}"), JSON, &submit),
            ("other-sender", "PUT", format!("{base}/submissions/{id}/attachments/{ATTACHMENT}"), JOSE, "x"),
            ("other-sender", "GET", format!("{base}/cases/{case}/events"), "", ""),
            ("other-sender", "GET", format!("{base}/submissions/{id}/events"), "", ""),
            ("other-subscriber", "GET", format!("{base}/submissions?destinationId={}", world.destination), "", ""),
            ("other-subscriber", "GET", format!("{base}/submissions?destinationId={UNKNOWN}"), "", ""),
            ("other-subscriber", "GET", format!("{base}/submissions/{id}"), "", ""),
            ("other-subscriber", "GET", format!("{base}/submissions/{id}/attachments/{ATTACHMENT}"), "", ""),
            ("other-subscriber", "GET", format!("{base}/submissions/{id}/events"), "", ""),
            ("other-subscriber", "GET", format!("{base}/cases/{case}/events"), "", ""),
            ("other-subscriber", "POST", format!("{base}/cases/{case}/events"), JOSE, "x"),
        ] {
            let answer = world.ask(who, method, &path, content_type, body.to_owned()).await;
            assert_eq!(answer.problem(), (403, "forbidden".to_owned()), "{who} {method} {path}");
        }
        let others = world.get("other-subscriber", "/submission-api/v2/submissions").await;
        assert_eq!(others.json()["totalCount"], 0);
        assert_eq!(events(&world, case).await, 2);
    }

    async fn unknown_things_are_not_found(test: TestDb) {
        let world = World::new(test).await;
        let progress = deliver(&world).await;
        let id = progress.submission().unwrap();
        let d = world.destination;
        let create = |destination: &str| json!({"destinationId": destination,
            "announcedAttachments": [], "publicService": {"identifier": SERVICE}}).to_string();
        let submit = json!({"encryptedMetadata": "x", "encryptedData": "x"}).to_string();
        for (who, method, path, content_type, body, kind) in [
            ("", "GET", format!("/v2/destinations/{UNKNOWN}"), "", String::new(), "destination-not-found"),
            ("", "GET", "/v2/destinations/x".to_owned(), "", String::new(), "destination-not-found"),
            ("", "GET", format!("/v2/destinations/{UNKNOWN}/keys/k"), "", String::new(), "destination-not-found"),
            ("", "GET", format!("/v2/destinations/{d}/keys/unknown"), "", String::new(), "key-not-found"),
            ("", "GET", format!("/v2/destinations/{d}/keys"), "", String::new(), "not-found"),
            ("sender", "POST", "/v2/submissions".to_owned(), JSON, create(UNKNOWN), "destination-not-found"),
            ("sender", "PUT", format!("/v2/submissions/{UNKNOWN}"), JSON, submit, "submission-not-found"),
            ("sender", "PUT", format!("/v2/submissions/{UNKNOWN}/attachments/{ATTACHMENT}"), JOSE, "x".to_owned(), "submission-not-found"),
            ("subscriber", "GET", format!("/v2/submissions/{UNKNOWN}"), "", String::new(), "submission-not-found"),
            ("subscriber", "GET", "/v2/submissions/x".to_owned(), "", String::new(), "submission-not-found"),
            ("subscriber", "GET", format!("/v2/submissions/{id}/attachments/{UNKNOWN}"), "", String::new(), "attachment-not-found"),
            ("subscriber", "GET", format!("/v2/submissions/{UNKNOWN}/events"), "", String::new(), "submission-not-found"),
            ("subscriber", "GET", format!("/v2/cases/{UNKNOWN}/events"), "", String::new(), "case-not-found"),
            ("subscriber", "POST", format!("/v2/cases/{UNKNOWN}/events"), JOSE, "x".to_owned(), "case-not-found"),
            ("", "GET", "/v2/nothing".to_owned(), "", String::new(), "not-found"),
        ] {
            let path = format!("/submission-api{path}");
            let answer = world.ask(who, method, &path, content_type, body).await;
            assert_eq!(answer.problem(), (404, kind.to_owned()), "{who} {method} {path}");
        }
        let wrong_method = world.ask("", "DELETE", "/submission-api/v2/info", "", "").await;
        assert_eq!(wrong_method.problem(), (405, "method-not-allowed".to_owned()));
    }

    async fn destinations_and_keys_are_open_and_uncached(test: TestDb) {
        let world = World::new(test).await;
        let d = world.destination;
        let key = testing::destination_decryption_key().public().clone();
        for path in [
            format!("/submission-api/v2/destinations/{d}"),
            format!("/destination-api/v2/destinations/{d}"),
        ] {
            let answer = world.get("", &path).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.headers.get(header::CACHE_CONTROL).unwrap(), "no-cache");
            let body = answer.json();
            assert_eq!(body["encryptionKid"], "test-destination-decrypt");
            assert_eq!(body["status"], "active");
            assert_eq!(body["publicServices"][0]["submissionSchemas"][0]["mimeType"], JSON);
            assert_eq!(body["contactInformation"]["legalName"], "Familienkasse Bremen");
        }
        for kid in ["test-destination-decrypt", &key.thumbprint()] {
            let answer = world.get("", &format!("/submission-api/v2/destinations/{d}/keys/{kid}")).await;
            assert_eq!(answer.json(), serde_json::to_value(&key).unwrap());
        }
        let all = world.get("", &format!("/destination-api/v2/destinations/{d}/keys")).await.json();
        assert_eq!(all["keys"][0]["kid"], "test-destination-decrypt");
        assert_eq!(all["keys"][1]["kid"], "test-destination-sign");
        let jwks = world.get("", "/submission-api/.well-known/jwks.json").await.json();
        assert_eq!(jwks["keys"][0]["key_ops"], json!(["verify"]));
        assert!(jwks["keys"][0].get("d").is_none());
        let info = world.get("", "/submission-api/v2/info").await.json();
        assert_eq!(info["version"]["major"], 2);
    }

    async fn the_token_endpoint_speaks_oauth(test: TestDb) {
        let world = World::new(test).await;
        let form = "application/x-www-form-urlencoded";
        let ask = async |content_type: &str, body: String| {
            let answer = world.ask("", "POST", "/token", content_type, body).await;
            let error = answer.json()["error"].as_str().map(str::to_owned);
            (answer.status, error.unwrap_or_default())
        };
        let credentials = format!("client_id=sender&client_secret={SECRET}");
        let send = "https%3A%2F%2Fschema.fitko.de%2Ffit-connect%2Foauth%2Fscopes%2Fsend-submissions";
        let subscribe = send.replace("send-submissions", "subscribe-destinations");
        let refused = |status: u16, code: &str| (status, code.to_owned());
        assert_eq!(ask(form, format!("grant_type=client_credentials&{credentials}")).await.0, 200);
        assert_eq!(ask(form, format!("grant_type=client_credentials&{credentials}&scope={send}")).await.0, 200);
        assert_eq!(
            ask(form, format!("grant_type=client_credentials&{credentials}&scope={subscribe}")).await,
            refused(400, "invalid_scope")
        );
        assert_eq!(
            ask(form, format!("grant_type=client_credentials&{credentials}&scope=unknown")).await,
            refused(400, "invalid_scope")
        );
        assert_eq!(ask(form, format!("grant_type=password&{credentials}")).await, refused(400, "unsupported_grant_type"));
        assert_eq!(ask(form, credentials.clone()).await, refused(400, "invalid_request"));
        assert_eq!(ask(JSON, "{}".to_owned()).await, refused(400, "invalid_request"));
        for wrong in [
            "client_id=sender&client_secret=wrong".to_owned(),
            format!("client_id=nobody&client_secret={SECRET}"),
            "client_id=sender".to_owned(),
            String::new(),
            format!("client_id=sender&client_secret={}", "x".repeat(2_000)),
        ] {
            let answer = ask(form, format!("grant_type=client_credentials&{wrong}")).await;
            assert_eq!(answer, refused(401, "invalid_client"), "{wrong}");
        }
    }

    async fn wrong_bodies_are_refused(test: TestDb) {
        let world = World::new(test).await;
        let create = "/submission-api/v2/submissions";
        for (content_type, body, expected) in [
            (JSON, "{", (400, "bad-request")),
            (JSON, "{}", (400, "bad-request")),
            (JSON, "[]", (400, "bad-request")),
            (JSON, r#"{"destinationId":"x","announcedAttachments":[],"publicService":{"identifier":"urn:x:y"}}"#, (400, "bad-request")),
            ("text/plain", "{}", (415, "unsupported-media-type")),
            ("", "{}", (415, "unsupported-media-type")),
        ] {
            let answer = world.ask("sender", "POST", create, content_type, body).await;
            assert_eq!(answer.problem(), (expected.0, expected.1.to_owned()), "{content_type} {body}");
        }
        let too_many: Vec<String> = (0..101).map(|n| format!("00000000-0000-4000-8000-{n:012}")).collect();
        let body = json!({"destinationId": world.destination, "announcedAttachments": too_many,
            "publicService": {"identifier": SERVICE}}).to_string();
        assert_eq!(world.ask("sender", "POST", create, JSON, body).await.problem().0, 400);
        for path in ["/submission-api/v2/destinations/%ff", "/submission-api/v2/destinations/x/keys/%ff"] {
            assert_eq!(world.get("", path).await.problem().0, 400, "{path}");
        }
        for query in ["destinationId=x&destinationId=y", "limit=0", "limit=501", "limit=x", "offset=-1", "destinationId=x"] {
            let answer = world.get("subscriber", &format!("{create}?{query}")).await;
            assert_eq!(answer.problem(), (400, "bad-request".to_owned()), "{query}");
        }
    }

    async fn a_destination_that_is_not_active_takes_nothing(test: TestDb) {
        let world = World::new(test).await;
        for status in [DestinationStatus::Created, DestinationStatus::Inactive, DestinationStatus::Decommissioned] {
            world.delivery.set_destination_status(world.destination, status).await.unwrap();
            let body = json!({"destinationId": world.destination, "announcedAttachments": [],
                "publicService": {"identifier": SERVICE}}).to_string();
            let answer = world.ask("sender", "POST", "/submission-api/v2/submissions", JSON, body).await;
            assert_eq!(answer.problem(), (422, "destination-state-invalid".to_owned()));
        }
        assert!(world.sender().prepare(&world.message()).await.is_err());
    }

    async fn unacceptable_ciphertext_is_refused_and_changes_nothing(test: TestDb) {
        let world = World::new(test).await;
        let progress = progress_to(&world, Step::Uploaded).await;
        let path = format!("/submission-api/v2/submissions/{}", progress.submission().unwrap());
        let good = jwe(&world, &json_type());
        let zipped = jwe(&world, &EncryptOptions { compression: Some(einmal_jose::Compression::Deflate), ..json_type() });
        let no_type = jwe(&world, &EncryptOptions::default());
        let other_type = jwe(&world, &EncryptOptions { content_type: Some("text/html".to_owned()), ..EncryptOptions::default() });
        let other_key = jwe(&world, &EncryptOptions { kid: Some("another-key".to_owned()), ..json_type() });
        let four = good.rsplit_once('.').unwrap().0;
        let six = format!("{good}.x");
        let spaced = format!("{good} ");
        for wrong in [zipped.as_str(), &no_type, &other_type, &other_key, four, &six, &spaced, "", "a.b.c.d.e"] {
            for body in [
                json!({"encryptedMetadata": wrong, "encryptedData": good}),
                json!({"encryptedMetadata": good, "encryptedData": wrong}),
            ] {
                let answer = world.ask("sender", "PUT", &path, JSON, body.to_string()).await;
                assert_eq!(answer.problem(), (422, "invalid-jwe-header".to_owned()), "{wrong}");
            }
        }
        let answer = world.ask("sender", "PUT", &path, JSON, json!({"encryptedMetadata": no_type, "encryptedData": good}).to_string()).await;
        assert!(answer.json()["detail"].as_str().unwrap().contains("Invalid JWE Header 'cty'"));
        let without_data = json!({"encryptedMetadata": good}).to_string();
        assert_eq!(world.ask("sender", "PUT", &path, JSON, without_data).await.problem().0, 400);
        assert_eq!(events(&world, progress.case().unwrap()).await, 1);

        // The thumbprint is as good as the name of the key.
        let thumbprint = testing::destination_decryption_key().public().thumbprint();
        let named = jwe(&world, &EncryptOptions { kid: Some(thumbprint), ..json_type() });
        let body = json!({"encryptedMetadata": named, "encryptedData": named});
        assert_eq!(world.ask("sender", "PUT", &path, JSON, body.to_string()).await.status, 200);
    }

    async fn attachments_follow_their_announcement(test: TestDb) {
        let world = World::new(test).await;
        let progress = progress_to(&world, Step::Created).await;
        let base = format!("/submission-api/v2/submissions/{}", progress.submission().unwrap());
        let path = format!("{base}/attachments/{ATTACHMENT}");
        let good = jwe(&world, &json_type());
        let submit = json!({"encryptedMetadata": good, "encryptedData": good}).to_string();
        let missing = world.ask("sender", "PUT", &base, JSON, submit.clone()).await;
        assert_eq!(missing.problem(), (422, "attachments-missing".to_owned()));
        assert_eq!(missing.json()["issue"], ATTACHMENT);
        let unannounced = format!("{base}/attachments/{UNKNOWN}");
        let answer = world.ask("sender", "PUT", &unannounced, JOSE, good.clone()).await;
        assert_eq!(answer.problem(), (422, "attachment-not-announced".to_owned()));
        for wrong in ["", "x", "a.b.c.d", "a.b.c.d.e.f", "a.b.c.d.\u{e4}"] {
            let answer = world.ask("sender", "PUT", &path, JOSE, wrong).await;
            assert_eq!(answer.problem(), (422, "invalid-jwe-header".to_owned()), "{wrong}");
        }
        let answer = world.ask("sender", "PUT", &path, JSON, good.clone()).await;
        assert_eq!(answer.problem(), (415, "unsupported-media-type".to_owned()));
        let announced_too_large = Request::put(&path)
            .header(header::AUTHORIZATION, format!("Bearer {}", world.token("sender").await))
            .header(header::CONTENT_TYPE, JOSE)
            .header(header::CONTENT_LENGTH, (600_u64 << 20).to_string())
            .body(Body::empty())
            .unwrap();
        assert_eq!(world.send(announced_too_large).await.problem(), (413, "payload-too-large".to_owned()));

        // Uploading twice replaces; after the submit nothing does.
        for _ in 0..2 {
            assert_eq!(world.ask("sender", "PUT", &path, JOSE, good.clone()).await.status, 204);
        }
        assert_eq!(world.ask("sender", "PUT", &base, JSON, submit).await.status, 200);
        let late = world.ask("sender", "PUT", &path, JOSE, good.clone()).await;
        assert_eq!(late.problem(), (409, "invalid-state-transition".to_owned()));
        let stored = world.get("subscriber", &path).await;
        assert_eq!(stored.headers.get(header::CONTENT_TYPE).unwrap(), JOSE);
        assert_eq!(stored.body, good.as_bytes());
    }

    async fn forged_and_replayed_events_are_refused(test: TestDb) {
        let world = World::new(test).await;
        let progress = deliver(&world).await;
        let waiting = only_waiting(&world).await;
        let tags = receive(&world, waiting).await.tags;
        let case = progress.case().unwrap();
        let path = format!("/submission-api/v2/cases/{case}/events");
        let second = deliver_second(&world).await;

        let honest = || Forge::honest(&world, waiting, tags.clone());
        let mut forged: Vec<(&str, String)> = Vec::new();
        let mut add = |name: &'static str, change: &dyn Fn(&mut Forge)| {
            let mut forge = honest();
            change(&mut forge);
            forged.push((name, forge.token()));
        };
        add("foreign key", &|f| f.key = testing::other_signing_key());
        add("the service's key", &|f| f.key = testing::service_signing_key());
        add("small key", &|f| f.key = testing::small_signing_key());
        add("wrong type", &|f| f.typ = "JWT");
        add("foreign issuer", &|f| f.event.issuer = Issuer::Destination(world.foreign_destination));
        add("service as issuer", &|f| f.event.issuer = Issuer::Service("https://x.example".to_owned()));
        add("other case", &|f| f.event.case = UNKNOWN.parse().unwrap());
        add("other submission", &|f| f.event.submission = second);
        add("unknown submission", &|f| f.event.submission = UNKNOWN.parse().unwrap());
        add("from the future", &|f| f.event.issued_at = f.event.issued_at.plus_seconds(3_600));
        add("no tags", &|f| f.event.event = Event::Accept { tags: None, problems: vec![] });
        add("the service's event", &|f| f.event.event = Event::Delete);
        add("unknown event", &|f| f.event.event = Event::Other("https://x.example/e".to_owned()));
        add("rejection without reason", &|f| f.event.event = Event::Reject(vec![]));
        add("wrong tag", &|f| {
            if let Event::Accept { tags: Some(tags), .. } = &mut f.event.event {
                tags.metadata = "AAAAAAAAAAAAAAAAAAAAAA".parse().unwrap();
            }
        });
        add("missing attachment tag", &|f| {
            if let Event::Accept { tags: Some(tags), .. } = &mut f.event.event {
                tags.attachments.clear();
            }
        });
        let good = honest().token();
        let (signed, _) = good.rsplit_once('.').unwrap();
        forged.push(("no signature", format!("{signed}.")));
        forged.push(("changed payload", good.replacen("J", "K", 1)));
        forged.push(("not a token", "x".to_owned()));
        forged.push(("empty", String::new()));
        forged.push(("alg none", "eyJhbGciOiJub25lIiwidHlwIjoic2VjZXZlbnQrand0In0.e30.AA".to_owned()));
        for (name, token) in forged {
            let answer = world.ask("subscriber", "POST", &path, JOSE, token).await;
            assert_eq!(answer.problem(), (422, "invalid-security-event-token".to_owned()), "{name}");
            assert!(answer.json()["issue"].is_string(), "{name}");
        }
        let large = world.ask("subscriber", "POST", &path, JOSE, "x".repeat(70_000)).await;
        assert_eq!(large.problem(), (413, "payload-too-large".to_owned()));
        let media_type = world.ask("subscriber", "POST", &path, JSON, good.clone()).await;
        assert_eq!(media_type.problem(), (415, "unsupported-media-type".to_owned()));
        assert_eq!(events(&world, case).await, 2);

        assert_eq!(world.ask("subscriber", "POST", &path, JOSE, good.clone()).await.status, 204);
        for late in [good, Forge { event: EventToken {
            id: einmal_model::new_uuid(&*world.clock, &SeededRandom::new(7)),
            event: Event::Reject(vec![Rejection::new("other", "t", "d", "data")]),
            ..honest().event
        }, ..honest() }.token()] {
            let answer = world.ask("subscriber", "POST", &path, JOSE, late).await;
            assert_eq!(answer.problem(), (409, "invalid-state-transition".to_owned()));
        }
        assert_eq!(events(&world, case).await, 3);
    }

    async fn the_same_event_id_never_counts_twice(test: TestDb) {
        let world = World::new(test).await;
        deliver(&world).await;
        let waiting = only_waiting(&world).await;
        let tags = receive(&world, waiting).await.tags;
        let second = deliver_second(&world).await;
        let first = Forge::honest(&world, waiting, tags);
        let path = format!("/submission-api/v2/cases/{}/events", waiting.case_id);
        assert_eq!(world.ask("subscriber", "POST", &path, JOSE, first.token()).await.status, 204);
        // Another submission, the same `jti`.
        let open = world.subscriber().waiting(world.destination).await.unwrap();
        let other = open.iter().find(|entry| entry.submission_id == second).unwrap();
        let mut replay = first;
        replay.event.submission = other.submission_id;
        replay.event.case = other.case_id;
        replay.event.event = Event::Reject(vec![Rejection::new("other", "t", "d", "data")]);
        let path = format!("/submission-api/v2/cases/{}/events", other.case_id);
        let answer = world.ask("subscriber", "POST", &path, JOSE, replay.token()).await;
        assert_eq!(answer.problem(), (422, "invalid-security-event-token".to_owned()));
        assert_eq!(events(&world, other.case_id).await, 2);
    }

    async fn many_submits_at_once_make_one_event(test: TestDb) {
        let world = Arc::new(World::new(test).await);
        let progress = progress_to(&world, Step::Uploaded).await;
        let sender = Arc::new(world.sender());
        let submits = (0..8).map(|_| {
            let (sender, progress) = (Arc::clone(&sender), progress.clone());
            async move { sender.advance(&progress).await.unwrap() }
        });
        futures_util::future::join_all(submits).await;
        assert_eq!(events(&world, progress.case().unwrap()).await, 2);
        only_waiting(&world).await;
    }
}

async fn deliver_second(world: &World) -> einmal_delivery::SubmissionId {
    deliver(world).await.submission().unwrap()
}
