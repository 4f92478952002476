use einmal_jose::{CompactJws, JoseError, KeySize, Part, sign, testing};
use proptest::prelude::*;

fn signed(payload: &[u8]) -> String {
    let key = testing::service_signing_key()
        .signing_key(KeySize::Bits4096)
        .unwrap();
    sign(payload, &key, "secevent+jwt").unwrap()
}

fn check(token: &str) -> Result<Vec<u8>, JoseError> {
    let key = testing::service_signing_key();
    let key = key.public().verification_key(KeySize::Bits4096).unwrap();
    let token = CompactJws::parse(token, 100_000)?;
    token.verify(&key).map(<[u8]>::to_vec)
}

fn with_header(token: &str, header: &str) -> String {
    use base64::Engine;
    let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(header);
    let (_, rest) = token.split_once('.').unwrap();
    format!("{header}.{rest}")
}

#[test]
fn a_signed_payload_is_verified_and_named() {
    let token = signed(b"{\"a\":1}");
    assert_eq!(check(&token).unwrap(), b"{\"a\":1}");
    let parsed = CompactJws::parse(&token, 10_000).unwrap();
    assert_eq!(parsed.header().typ.as_deref(), Some("secevent+jwt"));
    assert_eq!(parsed.header().kid.as_deref(), Some("test-service-sign"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_changed_character_is_noticed(position in 0_usize..1_000_000, replacement in "[A-Za-z0-9_.-]") {
        let original = signed(b"{\"sub\":\"submission\"}");
        let position = position % original.len();
        let mut changed = original.clone();
        changed.replace_range(position..=position, &replacement);
        prop_assume!(changed != original);
        prop_assert!(check(&changed).is_err());
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[A-Za-z0-9_.=-]{0,300}") {
        let _ = CompactJws::parse(&text, 1_000);
    }
}

#[test]
fn another_key_verifies_nothing() {
    let key = testing::other_signing_key();
    let key = key.public().verification_key(KeySize::Bits4096).unwrap();
    let token = signed(b"{}");
    let token = CompactJws::parse(&token, 10_000).unwrap();
    assert_eq!(token.verify(&key), Err(JoseError::Signature));
}

/// RFC 8725 §2.1: `none` and the confusion of signature and MAC.
#[test]
fn refuses_other_algorithms() {
    let token = signed(b"{}");
    for alg in ["none", "None", "HS512", "RS512", "PS256", "ES512", ""] {
        let changed = with_header(&token, &format!(r#"{{"alg":"{alg}","typ":"jwt"}}"#));
        assert_eq!(
            check(&changed),
            Err(JoseError::Unsupported { member: "alg" }),
            "{alg}"
        );
    }
    let unsigned = format!("{}.", token.rsplit_once('.').unwrap().0);
    assert_eq!(check(&unsigned), Err(JoseError::Encoding(Part::Signature)));
    let critical = with_header(&token, r#"{"alg":"PS512","crit":["b64"],"b64":false}"#);
    assert_eq!(check(&critical), Err(JoseError::Critical));
}

#[test]
fn refuses_malformed_tokens() {
    let token = signed(b"{}");
    for text in ["", "a", "a.b", "..", "a.b.c.d"] {
        assert!(check(text).is_err(), "{text}");
    }
    assert!(check(&format!("{token}=")).is_err());
    assert!(check(&format!(" {token}")).is_err());
    assert!(check(&format!("{token}.")).is_err());
    assert!(matches!(
        CompactJws::parse(&token, 100),
        Err(JoseError::TooLong { limit: 100 })
    ));
}
