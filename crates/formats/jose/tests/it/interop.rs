//! The npm package `jose`, an implementation by other hands, reads what we write and writes what
//! we read.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use einmal_jose::{
    CompactJwe, CompactJws, Compression, EncryptOptions, Jwk, KeySize, PrivateJwk, encrypt, sign,
    testing,
};
use einmal_model::testing::SeededRandom;
use serde_json::{Value, json};

/// Where the Node packages of the tests are.
#[expect(
    clippy::disallowed_methods,
    reason = "the place of the test tools is no configuration of the product"
)]
fn node_modules() -> PathBuf {
    let place = std::env::var_os("EINMAL_NODE_MODULES").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../tests/node/node_modules"),
        PathBuf::from,
    );
    assert!(
        place.join("jose").is_dir(),
        "the Node package `jose` is not in {}; `cargo xtask test` installs it",
        place.display()
    );
    place
}

/// Runs one command of `peer.cjs` and returns its answer.
fn peer(request: &Value) -> Value {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/peer.cjs");
    let mut node = Command::new("node")
        .arg(script)
        .arg(node_modules())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("`node` does not start ({error}); see `cargo xtask test`"));
    node.stdin
        .take()
        .unwrap()
        .write_all(request.to_string().as_bytes())
        .unwrap();
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "the peer failed");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn document(key: &PrivateJwk) -> Value {
    serde_json::from_str(&key.to_json()).unwrap()
}

const TEXT: &str = "Grüße aus Bremerhaven: {\"a\":[1,2,3]}";

#[test]
fn the_other_side_decrypts_what_we_encrypt() {
    let key = testing::destination_decryption_key();
    for compression in [None, Some(Compression::Deflate)] {
        let options = EncryptOptions {
            content_type: Some("application/json".to_owned()),
            compression,
            kid: None,
        };
        let public = key.public().encryption_key(KeySize::Bits4096).unwrap();
        let token = encrypt(TEXT.as_bytes(), &public, &options, &SeededRandom::new(3)).unwrap();
        let answer = peer(&json!({"do": "decrypt", "key": document(&key), "token": token}));
        assert_eq!(answer["text"], TEXT);
        assert_eq!(answer["header"]["cty"], "application/json");
        assert_eq!(answer["header"]["kid"], "test-destination-decrypt");
    }
}

#[test]
fn we_decrypt_what_the_other_side_encrypts() {
    let key = testing::destination_decryption_key();
    let decryption = key.decryption_key(KeySize::Bits4096).unwrap();
    for zip in [false, true] {
        let answer = peer(&json!({
            "do": "encrypt", "key": key.public(), "text": TEXT, "zip": zip, "kid": "k-name-1",
        }));
        let token = answer["token"].as_str().unwrap();
        let token = CompactJwe::parse(token, 10_000).unwrap();
        assert_eq!(token.header().compression.is_some(), zip);
        assert_eq!(token.header().kid.as_deref(), Some("k-name-1"));
        let clear = token.decrypt(&decryption, 1_000).unwrap();
        assert_eq!(clear.as_slice(), TEXT.as_bytes());
    }
}

#[test]
fn the_other_side_verifies_what_we_sign() {
    let key = testing::service_signing_key();
    let token = sign(
        TEXT.as_bytes(),
        &key.signing_key(KeySize::Bits4096).unwrap(),
        "secevent+jwt",
    )
    .unwrap();
    let answer = peer(&json!({"do": "verify", "key": key.public(), "token": token}));
    assert_eq!(answer["text"], TEXT);
    assert_eq!(
        answer["header"],
        json!({"alg": "PS512", "kid": "test-service-sign", "typ": "secevent+jwt"})
    );
}

#[test]
fn we_verify_what_the_other_side_signs() {
    let key = testing::destination_signing_key();
    let answer = peer(&json!({
        "do": "sign", "key": document(&key), "text": TEXT, "kid": "test-destination-sign",
    }));
    let token = CompactJws::parse(answer["token"].as_str().unwrap(), 10_000).unwrap();
    let public = key.public().verification_key(KeySize::Bits4096).unwrap();
    assert_eq!(token.verify(&public).unwrap(), TEXT.as_bytes());
}

#[test]
fn both_sides_compute_the_same_thumbprint_and_exchange_keys() {
    let key = testing::other_decryption_key();
    let answer = peer(&json!({"do": "thumbprint", "key": key.public()}));
    assert_eq!(answer["thumbprint"], key.public().thumbprint());
    let answer = peer(&json!({"do": "generate"}));
    let foreign = PrivateJwk::from_json(&answer["private"].to_string()).unwrap();
    let public = Jwk::parse(&answer["public"].to_string()).unwrap();
    assert_eq!(foreign.public().thumbprint(), public.thumbprint());
}
