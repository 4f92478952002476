use einmal_jose::{JoseError, Jwk, JwkSet, KeyPurpose, KeySize, PrivateJwk, testing};

#[test]
fn all_test_keys_load_and_keep_their_purpose() {
    for key in [
        testing::service_signing_key(),
        testing::destination_signing_key(),
        testing::other_signing_key(),
    ] {
        assert_eq!(key.public().bits(), 4096);
        assert!(key.signing_key(KeySize::Bits4096).is_ok());
        assert_eq!(
            key.decryption_key(KeySize::Bits4096).unwrap_err(),
            JoseError::Purpose
        );
    }
    for key in [
        testing::destination_decryption_key(),
        testing::other_decryption_key(),
    ] {
        assert!(key.decryption_key(KeySize::Bits4096).is_ok());
        assert_eq!(
            key.signing_key(KeySize::Bits4096).unwrap_err(),
            JoseError::Purpose
        );
        assert!(matches!(
            key.public().verification_key(KeySize::Bits4096),
            Err(JoseError::Purpose)
        ));
    }
}

#[test]
fn a_small_key_is_refused_where_4096_bits_are_asked_for() {
    let key = testing::small_signing_key();
    let expected = JoseError::KeySize {
        found: 2048,
        wanted: 4096,
    };
    assert_eq!(key.signing_key(KeySize::Bits4096).unwrap_err(), expected);
    assert!(key.public().verification_key(KeySize::Bits4096).is_err());
    assert!(key.signing_key(KeySize::Bits2048).is_ok());
}

#[test]
fn a_key_survives_json_and_pem() {
    let key = testing::destination_decryption_key();
    let json = PrivateJwk::from_json(&key.to_json()).unwrap();
    assert_eq!(json.public(), key.public());
    assert!(key.to_json().contains("unwrapKey"));
    let pem = key.to_pem().unwrap();
    let from_pem = PrivateJwk::from_pem(&pem, KeyPurpose::Encryption, "name").unwrap();
    assert_eq!(from_pem.public().thumbprint(), key.public().thumbprint());
    assert_eq!(from_pem.to_pem().unwrap(), pem);
}

#[test]
fn generated_keys_work() {
    let key = PrivateJwk::generate(KeySize::Bits2048, KeyPurpose::Signature, "fresh-key").unwrap();
    let again = PrivateJwk::from_json(&key.to_json()).unwrap();
    assert_eq!(again.public().kid.as_deref(), Some("fresh-key"));
    assert!(again.signing_key(KeySize::Bits2048).is_ok());
}

#[test]
fn debug_and_public_documents_hold_no_secret() {
    let key = testing::service_signing_key();
    let json = key.to_json();
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    let secret = document["d"].as_str().unwrap();
    assert!(!format!("{key:?}").contains(secret));
    let public = serde_json::to_value(key.public()).unwrap();
    let set = serde_json::to_string(&JwkSet {
        keys: vec![key.public().clone()],
    })
    .unwrap();
    assert!(!set.contains(secret));
    for member in ["d", "p", "q", "dp", "dq", "qi"] {
        assert!(public.get(member).is_none(), "{member}");
    }
    assert_eq!(public["key_ops"][0], "verify");
}

#[test]
fn numbers_that_do_not_belong_together_are_refused() {
    let mine = testing::service_signing_key().to_json();
    let other = testing::other_signing_key().to_json();
    let mut mixed: serde_json::Value = serde_json::from_str(&mine).unwrap();
    let other: serde_json::Value = serde_json::from_str(&other).unwrap();
    mixed["d"] = other["d"].clone();
    assert!(PrivateJwk::from_json(&mixed.to_string()).is_err());
    for junk in ["", "{}", "[]", r#"{"kty":"RSA"}"#] {
        assert!(PrivateJwk::from_json(junk).is_err());
    }
    assert!(
        PrivateJwk::from_pem(
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            KeyPurpose::Signature,
            "k"
        )
        .is_err()
    );
}

#[test]
fn certificates_and_names_are_kept_as_they_were_written() {
    let chain = vec!["MIIB+/w==".to_owned(), "MIIC".to_owned()];
    let key = testing::destination_decryption_key().with_certificates(chain.clone());
    let json = serde_json::to_string(key.public()).unwrap();
    let read = Jwk::parse(&json).unwrap();
    assert_eq!(&read, key.public());
    assert_eq!(read.x5c, chain);
    assert_eq!(
        PrivateJwk::from_json(&key.to_json()).unwrap().public(),
        &read
    );
    let endless = vec!["A".repeat(20_000)];
    let endless = testing::destination_decryption_key().with_certificates(endless);
    assert!(Jwk::parse(&serde_json::to_string(endless.public()).unwrap()).is_err());
}
