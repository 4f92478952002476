//! A delivery service made of prepared answers, so that tests can let it lie.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use einmal_delivery::client::{
    BoxFuture, ClientSettings, DataType, Message, MessageAttachment, Progress, ReceiverKeys,
    Request, Response, Sender, Subscriber, Transport, TransportError, Waiting,
};
use einmal_delivery::{CaseId, DestinationId, Event, EventToken, Issuer, SubmissionId, Tags};
use einmal_jose::{JwkSet, KeySize, PrivateJwk, sign, testing};
use einmal_model::testing::{FixedClock, SeededRandom};
use einmal_model::{Clock, Instant};
use serde_json::{Value, json};

pub(crate) const BASE: &str = "https://delivery.example/submission-api";
pub(crate) const ATTACHMENT: &str = "11111111-2222-4333-8444-555555555555";

/// Answers by method and path; unknown ones are 404.
#[derive(Default)]
pub(crate) struct Liar {
    answers: Mutex<HashMap<String, Vec<(u16, String)>>>,
    pub(crate) asked: Mutex<Vec<String>>,
}

impl Transport for Liar {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let path = request.url.strip_prefix(BASE).unwrap_or(&request.url);
        let line = format!("{} {path}", request.method.as_str());
        self.asked.lock().unwrap().push(line.clone());
        let mut answers = self.answers.lock().unwrap();
        let (status, body) = match answers.get_mut(&line) {
            Some(prepared) if prepared.len() > 1 => prepared.remove(0),
            Some(prepared) => prepared[0].clone(),
            None => (404, String::new()),
        };
        let answer = if body.len() > request.response_limit {
            Err(TransportError("too long".to_owned()))
        } else {
            Ok(Response {
                status,
                body: body.into(),
            })
        };
        Box::pin(async move { answer })
    }
}

pub(crate) fn destination() -> DestinationId {
    "879ee109-0000-4000-8000-000000000001".parse().unwrap()
}

pub(crate) fn submission() -> SubmissionId {
    "ce75a6b8-0000-4000-8000-000000000001".parse().unwrap()
}

pub(crate) fn case() -> CaseId {
    "e89e107e-0000-4000-8000-000000000001".parse().unwrap()
}

pub(crate) fn waiting() -> Waiting {
    Waiting {
        destination_id: destination(),
        submission_id: submission(),
        case_id: case(),
    }
}

pub(crate) struct World {
    pub(crate) liar: Arc<Liar>,
    pub(crate) clock: Arc<FixedClock>,
}

impl World {
    /// An honest service with one active destination; tests change single answers.
    pub(crate) fn new() -> Self {
        let world = Self {
            liar: Arc::default(),
            clock: Arc::new(FixedClock::at("2026-11-23T10:00:00Z")),
        };
        let token = json!({"access_token": "t", "token_type": "Bearer", "expires_in": 1800});
        world.answer("POST https://delivery.example/token", 200, &token);
        let d = destination();
        let body = json!({"destinationId": d, "status": "active",
            "encryptionKid": "test-destination-decrypt"});
        world.answer(&format!("GET /v2/destinations/{d}"), 200, &body);
        world.key(&testing::destination_decryption_key());
        world.key(&testing::destination_signing_key());
        let keys = vec![testing::service_signing_key().public().clone()];
        let jwks = serde_json::to_value(JwkSet { keys }).unwrap();
        world.answer("GET /.well-known/jwks.json", 200, &jwks);
        let ids = json!({"submissionId": submission(), "caseId": case(), "destinationId": d});
        world.answer("POST /v2/submissions", 201, &ids);
        let s = submission();
        let uploaded = format!("PUT /v2/submissions/{s}/attachments/{ATTACHMENT}");
        world.answer_text(&uploaded, 204, "");
        world.answer(&format!("PUT /v2/submissions/{s}"), 200, &json!({}));
        world
    }

    fn key(&self, key: &PrivateJwk) {
        let kid = key.public().kid.as_deref().unwrap();
        let line = format!("GET /v2/destinations/{}/keys/{kid}", destination());
        self.answer(&line, 200, &serde_json::to_value(key.public()).unwrap());
    }

    pub(crate) fn answer(&self, line: &str, status: u16, body: &Value) {
        self.answer_text(line, status, &body.to_string());
    }

    pub(crate) fn answer_text(&self, line: &str, status: u16, body: &str) {
        let mut answers = self.liar.answers.lock().unwrap();
        answers.insert(line.to_owned(), vec![(status, body.to_owned())]);
    }

    /// One answer after the other; the last one stays.
    pub(crate) fn answer_in_turn(&self, line: &str, turns: Vec<(u16, String)>) {
        self.liar
            .answers
            .lock()
            .unwrap()
            .insert(line.to_owned(), turns);
    }

    pub(crate) fn settings() -> ClientSettings {
        ClientSettings {
            token_url: "https://delivery.example/token".to_owned(),
            submission_url: format!("{BASE}/"),
            client_id: "client".to_owned(),
            client_secret: "secret & more".to_owned().into(),
        }
    }

    pub(crate) fn sender(&self) -> Sender {
        let random = Arc::new(SeededRandom::new(1));
        let transport = Arc::clone(&self.liar) as _;
        Sender::new(
            transport,
            Arc::clone(&self.clock) as _,
            random,
            Self::settings(),
        )
    }

    pub(crate) fn subscriber(&self) -> Subscriber {
        let random = Arc::new(SeededRandom::new(2));
        let transport = Arc::clone(&self.liar) as _;
        Subscriber::new(
            transport,
            Arc::clone(&self.clock) as _,
            random,
            Self::settings(),
        )
    }

    pub(crate) fn keys() -> ReceiverKeys {
        let decryption = [testing::destination_decryption_key()];
        let signing = testing::destination_signing_key();
        ReceiverKeys::new(destination(), &decryption, &signing).unwrap()
    }

    pub(crate) fn message() -> Message {
        Message {
            destination: destination(),
            service_identifier: "urn:de:fim:leika:leistung:99400048079000".to_owned(),
            service_name: "Elterngeld".to_owned(),
            metadata: b"{}".to_vec(),
            data: b"{}".to_vec(),
            data_type: DataType::Json,
            attachments: vec![MessageAttachment {
                id: ATTACHMENT.parse().unwrap(),
                content: b"{}".to_vec(),
            }],
        }
    }

    /// A complete delivery, and the tags the sender knows.
    pub(crate) async fn delivered(&self) -> (Progress, Tags) {
        let sender = self.sender();
        let mut progress = sender.prepare(&Self::message()).await.unwrap();
        for _ in 0..3 {
            progress = sender.advance(&progress).await.unwrap();
        }
        let stored = serde_json::to_value(&progress).unwrap();
        let tags = serde_json::from_value(stored["tags"].clone()).unwrap();
        (progress, tags)
    }

    /// Claims of an event of the service.
    pub(crate) fn event(&self, number: u64, event: Event) -> EventToken {
        EventToken {
            id: einmal_model::new_uuid(&*self.clock, &SeededRandom::new(number)),
            issuer: Issuer::Service(BASE.to_owned()),
            issued_at: Instant::from_micros(self.clock.now().as_seconds() * 1_000_000),
            submission: submission(),
            case: case(),
            event,
        }
    }

    /// The log the service shows.
    pub(crate) fn log(&self, tokens: &[String]) {
        let line = format!("GET /v2/cases/{}/events?limit=500&offset=0", case());
        let body = json!({"count": tokens.len(), "offset": 0, "totalCount": tokens.len(),
            "eventLog": tokens});
        self.answer(&line, 200, &body);
    }
}

pub(crate) fn signed(claims: &EventToken, key: &PrivateJwk) -> String {
    let key = key.signing_key(KeySize::Bits2048).unwrap();
    sign(claims.payload().as_bytes(), &key, "secevent+jwt").unwrap()
}

pub(crate) fn by_service(claims: &EventToken) -> String {
    signed(claims, &testing::service_signing_key())
}

pub(crate) fn by_destination(mut claims: EventToken) -> String {
    claims.issuer = Issuer::Destination(destination());
    signed(&claims, &testing::destination_signing_key())
}
