//! Durable submissions per second, beside what disk and signing give in the same run.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use einmal_jose::{EncryptOptions, KeySize, PrivateJwk, encrypt};
use einmal_model::testing::SeededRandom;
use serde_json::json;

use crate::figure;
use crate::machine::{commits_per_second, signatures_per_second};
use crate::world::{Server, World};

const SUBMISSIONS: usize = 600;
const CLIENTS: usize = 24;
const DESTINATION: &str = "0d3e0000-0000-4000-8000-000000000002";
const TENANT: &str = "familienkasse-bremen";
/// The service signs `create-submission` and `submit-submission`.
const SIGNATURES_EACH: f64 = 2.0;

pub(crate) async fn measure(world: &World, server: &Server) {
    let commits = commits_per_second(&world.path(""));
    figure(
        "disk: 4 KiB append + fdatasync, one after the other",
        commits,
        "commits/s",
    );
    let signatures = signatures_per_second();
    figure(
        "signing: PS512, RSA-4096, all cores",
        signatures,
        "signatures/s",
    );

    let client = reqwest::Client::new();
    let secret = std::fs::read_to_string(world.path("keys/portal-client.secret")).unwrap();
    let token = token(&client, &server.url, &secret).await;
    let body = Arc::new(encrypted_body(world));
    let next = Arc::new(AtomicUsize::new(0));
    let start = Instant::now();
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..CLIENTS {
        let (client, base, token) = (client.clone(), server.url.clone(), token.clone());
        let (body, next) = (Arc::clone(&body), Arc::clone(&next));
        clients.spawn(async move {
            while next.fetch_add(1, Ordering::Relaxed) < SUBMISSIONS {
                submit(&client, &base, &token, &body).await;
            }
        });
    }
    while let Some(done) = clients.join_next().await {
        done.unwrap();
    }
    #[expect(clippy::cast_precision_loss, reason = "a few hundred submissions")]
    let rate = SUBMISSIONS as f64 / start.elapsed().as_secs_f64();
    figure(
        "complete submissions (created, submitted, on disk)",
        rate,
        "submissions/s",
    );
    figure(
        "share of what signing allows",
        100.0 * rate * SIGNATURES_EACH / signatures,
        "%",
    );
    figure("submissions per raw commit of the disk", rate / commits, "");
}

async fn token(client: &reqwest::Client, url: &str, secret: &str) -> String {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "demo-portal"),
        ("client_secret", secret.trim()),
    ];
    let answer = client
        .post(format!("{url}/token"))
        .form(&form)
        .send()
        .await
        .unwrap();
    let answer: serde_json::Value = answer.error_for_status().unwrap().json().await.unwrap();
    answer["access_token"].as_str().unwrap().to_owned()
}

/// The final body of a submission with 4 KiB of data.
fn encrypted_body(world: &World) -> String {
    let file = world.path(&format!("keys/{TENANT}-decryption.jwk"));
    let private = PrivateJwk::from_json(&std::fs::read_to_string(file).unwrap()).unwrap();
    let key = private.public().encryption_key(KeySize::Bits4096).unwrap();
    let options = EncryptOptions {
        content_type: Some("application/json".into()),
        ..Default::default()
    };
    let random = SeededRandom::new(4);
    let data = format!("{{\"fill\":\"{}\"}}", "x".repeat(4096));
    json!({
        "encryptedMetadata": encrypt(b"{}", &key, &options, &random).unwrap(),
        "encryptedData": encrypt(data.as_bytes(), &key, &options, &random).unwrap(),
    })
    .to_string()
}

async fn submit(client: &reqwest::Client, url: &str, token: &str, body: &str) {
    let base = format!("{url}/submission-api/v2/submissions");
    let create = json!({
        "destinationId": DESTINATION,
        "announcedAttachments": [],
        "publicService": { "identifier": "urn:de:fim:leika:leistung:99041008017000", "name": "Kindergeld" },
    });
    let created = client
        .post(&base)
        .bearer_auth(token)
        .json(&create)
        .send()
        .await
        .unwrap();
    let created: serde_json::Value = created.error_for_status().unwrap().json().await.unwrap();
    let id = created["submissionId"].as_str().unwrap();
    let answer = client
        .put(format!("{base}/{id}"))
        .bearer_auth(token)
        .header("content-type", "application/json")
        .body(body.to_owned())
        .send()
        .await
        .unwrap();
    answer.error_for_status().unwrap();
}
