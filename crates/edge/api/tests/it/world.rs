//! A delivery service with two destinations and their clients, and ways to ask it.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request as HttpRequest, header};
use einmal_api::fit_connect::{FitConnect, router};
use einmal_delivery::client::{
    BoxFuture, ClientSettings, DataType, Message, MessageAttachment, ReceiverKeys, Request,
    Response, Sender, Subscriber, Transport, TransportError,
};
use einmal_delivery::{
    Contact, Delivery, DeliverySettings, DestinationDraft, DestinationId, DestinationStatus,
    PublicService, Scope, SubmissionSchema,
};
use einmal_jose::{PrivateJwk, testing};
use einmal_model::testing::{FixedClock, SeededRandom};
use einmal_storage::testing::TestDb;
use serde_json::{Value, json};
use tower::ServiceExt;

pub(crate) const BASE: &str = "https://delivery.example/submission-api";
pub(crate) const SERVICE: &str = "urn:de:fim:leika:leistung:99400048079000";
pub(crate) const SECRET: &str = "a-secret-of-more-than-thirty-two-characters";
pub(crate) const ATTACHMENT: &str = "11111111-2222-4333-8444-555555555555";

/// Carries requests straight into the router; can be told to lose answers.
pub(crate) struct InProcess {
    router: Router,
    lose_next_answer: std::sync::atomic::AtomicBool,
}

impl InProcess {
    /// The next request takes effect, but its answer never arrives.
    pub(crate) fn lose_next_answer(&self) {
        self.lose_next_answer
            .store(true, std::sync::atomic::Ordering::SeqCst);
    }
}

impl Transport for InProcess {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let path = request
                .url
                .strip_prefix("https://delivery.example")
                .unwrap();
            let mut http = HttpRequest::builder()
                .method(request.method.as_str())
                .uri(path);
            if let Some(token) = request.bearer {
                http = http.header(header::AUTHORIZATION, format!("Bearer {token}"));
            }
            if let Some(content_type) = request.content_type {
                http = http.header(header::CONTENT_TYPE, content_type);
            }
            let http = http.body(Body::from(request.body)).unwrap();
            let answer = self.router.clone().oneshot(http).await.unwrap();
            let status = answer.status().as_u16();
            let body = to_bytes(answer.into_body(), request.response_limit)
                .await
                .map_err(|error| TransportError(error.to_string()))?;
            if self
                .lose_next_answer
                .swap(false, std::sync::atomic::Ordering::SeqCst)
            {
                return Err(TransportError("the connection was reset".to_owned()));
            }
            Ok(Response { status, body })
        })
    }
}

/// An answer seen from outside.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Status and last part of the problem type; checks that the document is complete.
    pub(crate) fn problem(&self) -> (u16, String) {
        let media_type = self.headers.get(header::CONTENT_TYPE).unwrap();
        assert_eq!(media_type, "application/problem+json");
        let document = self.json();
        for member in ["type", "title", "detail", "instance"] {
            let text = document[member].as_str();
            assert!(text.is_some_and(|text| !text.is_empty()), "{member}");
        }
        assert_eq!(document["status"], self.status);
        let kind = document["type"].as_str().unwrap();
        let kind = kind.strip_prefix(einmal_api::problem::TYPE_BASE).unwrap();
        (self.status, kind.to_owned())
    }
}

pub(crate) struct World {
    pub(crate) delivery: Delivery,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) transport: Arc<InProcess>,
    pub(crate) destination: DestinationId,
    pub(crate) foreign_destination: DestinationId,
    router: Router,
    _test: TestDb,
}

fn draft(encryption: &PrivateJwk, signing: &PrivateJwk) -> DestinationDraft {
    DestinationDraft {
        name: "Familienkasse Bremen".to_owned(),
        contact: Contact {
            legal_name: "Familienkasse Bremen".to_owned(),
            email: Some("post@familienkasse.example".to_owned()),
            ..Contact::default()
        },
        public_services: vec![PublicService {
            identifier: SERVICE.to_owned(),
            regions: vec!["DE04".to_owned()],
            submission_schemas: vec![SubmissionSchema {
                schema_uri: "urn:xoev-de:fim:schema:test".to_owned(),
                mime_type: "application/json".to_owned(),
            }],
        }],
        metadata_versions: vec!["2.1.0".to_owned()],
        encryption_key: encryption.public().clone(),
        signing_key: signing.public().clone(),
        status: DestinationStatus::Active,
    }
}

impl World {
    pub(crate) async fn new(test: TestDb) -> Self {
        let clock = Arc::clone(&test.clock);
        let delivery = Delivery::open(
            test.db.clone(),
            Arc::clone(&clock) as _,
            Arc::new(SeededRandom::new(5)),
            DeliverySettings::new(BASE),
            &testing::service_signing_key(),
        )
        .await
        .unwrap();
        let destination: DestinationId = "879ee109-0000-4000-8000-000000000001".parse().unwrap();
        let foreign: DestinationId = "879ee109-0000-4000-8000-000000000002".parse().unwrap();
        let mine = draft(
            &testing::destination_decryption_key(),
            &testing::destination_signing_key(),
        );
        let other = draft(
            &testing::other_decryption_key(),
            &testing::other_signing_key(),
        );
        delivery.put_destination(destination, &mine).await.unwrap();
        delivery.put_destination(foreign, &other).await.unwrap();
        for (name, scope, destinations) in [
            ("sender", Scope::Send, vec![]),
            ("other-sender", Scope::Send, vec![]),
            ("subscriber", Scope::Subscribe, vec![destination]),
            ("other-subscriber", Scope::Subscribe, vec![foreign]),
        ] {
            delivery
                .put_client(
                    &name.parse().unwrap(),
                    name,
                    SECRET,
                    &[scope],
                    &destinations,
                )
                .await
                .unwrap();
        }
        let router = router(FitConnect::new(delivery.clone()));
        Self {
            delivery,
            clock,
            transport: Arc::new(InProcess {
                router: router.clone(),
                lose_next_answer: false.into(),
            }),
            destination,
            foreign_destination: foreign,
            router,
            _test: test,
        }
    }

    fn settings(client: &str) -> ClientSettings {
        ClientSettings {
            token_url: "https://delivery.example/token".to_owned(),
            submission_url: BASE.to_owned(),
            client_id: client.to_owned(),
            client_secret: SECRET.to_owned().into(),
        }
    }

    pub(crate) fn sender(&self) -> Sender {
        Sender::new(
            Arc::clone(&self.transport) as _,
            Arc::clone(&self.clock) as _,
            Arc::new(SeededRandom::new(11)),
            Self::settings("sender"),
        )
    }

    pub(crate) fn subscriber(&self) -> Subscriber {
        Subscriber::new(
            Arc::clone(&self.transport) as _,
            Arc::clone(&self.clock) as _,
            Arc::new(SeededRandom::new(12)),
            Self::settings("subscriber"),
        )
    }

    pub(crate) fn keys(&self) -> ReceiverKeys {
        ReceiverKeys::new(
            self.destination,
            &[testing::destination_decryption_key()],
            &testing::destination_signing_key(),
        )
        .unwrap()
    }

    /// An application with one attachment.
    pub(crate) fn message(&self) -> Message {
        let data = br#"{"F60000227":"Mustermann"}"#.to_vec();
        let attachment = br#"{"origins":[]}"#.to_vec();
        let metadata = json!({
            "$schema": "https://schema.fitko.de/fit-connect/metadata/2.1.0/metadata.schema.json",
            "contentStructure": {
                "data": {
                    "hash": {"type": "sha512", "content": sha512(&data)},
                    "submissionSchema": {"schemaUri": "urn:xoev-de:fim:schema:test", "mimeType": "application/json"},
                },
                "attachments": [{
                    "attachmentId": ATTACHMENT,
                    "hash": {"type": "sha512", "content": sha512(&attachment)},
                    "purpose": "data", "mimeType": "application/json", "filename": "origins.json",
                }],
            },
        });
        Message {
            destination: self.destination,
            service_identifier: SERVICE.to_owned(),
            service_name: "Kindergeld".to_owned(),
            metadata: metadata.to_string().into_bytes(),
            data,
            data_type: DataType::Json,
            attachments: vec![MessageAttachment {
                id: ATTACHMENT.parse().unwrap(),
                content: attachment,
            }],
        }
    }

    /// Asks by hand. `who` is a client (gets a token), empty for nobody, or `Bearer …` as it is.
    pub(crate) async fn ask(
        &self,
        who: &str,
        method: &str,
        path: &str,
        content_type: &str,
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = HttpRequest::builder().method(method).uri(path);
        if who.starts_with("Bearer ") {
            request = request.header(header::AUTHORIZATION, who);
        } else if !who.is_empty() {
            let token = self.token(who).await;
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if !content_type.is_empty() {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        self.send(request.body(body.into()).unwrap()).await
    }

    pub(crate) async fn send(&self, request: HttpRequest<Body>) -> Answer {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: to_bytes(body, 64 << 20).await.unwrap().to_vec(),
        }
    }

    pub(crate) async fn get(&self, who: &str, path: &str) -> Answer {
        self.ask(who, "GET", path, "", "").await
    }

    pub(crate) async fn token(&self, client: &str) -> String {
        let form =
            format!("grant_type=client_credentials&client_id={client}&client_secret={SECRET}");
        let request = HttpRequest::post("/token")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form))
            .unwrap();
        let answer = self.send(request).await;
        assert_eq!(answer.status, 200);
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn sha512(bytes: &[u8]) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA512, bytes);
    digest.as_ref().iter().map(|b| format!("{b:02x}")).collect()
}
