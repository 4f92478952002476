use einmal_jose::{
    CompactJwe, Compression, EncryptOptions, JoseError, JweScan, KeySize, Part, encrypt, testing,
};
use einmal_model::testing::SeededRandom;
use proptest::prelude::*;

fn token(plaintext: &[u8], options: &EncryptOptions) -> String {
    let key = testing::destination_decryption_key();
    let key = key.public().encryption_key(KeySize::Bits4096).unwrap();
    encrypt(plaintext, &key, options, &SeededRandom::new(7)).unwrap()
}

fn open(token: &str, limit: usize) -> Result<Vec<u8>, JoseError> {
    let key = testing::destination_decryption_key()
        .decryption_key(KeySize::Bits4096)
        .unwrap();
    let token = CompactJwe::parse(token, 100 << 20)?;
    token.decrypt(&key, limit).map(|clear| clear.to_vec())
}

fn with_header(token: &str, header: &str) -> String {
    use base64::Engine;
    let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(header);
    let (_, rest) = token.split_once('.').unwrap();
    format!("{header}.{rest}")
}

fn deflated() -> EncryptOptions {
    EncryptOptions {
        compression: Some(Compression::Deflate),
        ..EncryptOptions::default()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_was_encrypted_is_decrypted(bytes in proptest::collection::vec(any::<u8>(), 0..3_000), zip in any::<bool>()) {
        let options = if zip { deflated() } else { EncryptOptions::default() };
        prop_assert_eq!(open(&token(&bytes, &options), bytes.len()).unwrap(), bytes);
    }

    #[test]
    fn every_changed_character_is_noticed(position in 0_usize..1_000_000, replacement in "[A-Za-z0-9_.-]") {
        let original = token(b"some content", &EncryptOptions::default());
        let position = position % original.len();
        let mut changed = original.clone();
        changed.replace_range(position..=position, &replacement);
        prop_assume!(changed != original);
        prop_assert!(open(&changed, 1_000).is_err());
    }
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "[A-Za-z0-9_.=-]{0,300}") {
        let _ = CompactJwe::parse(&text, 1_000);
        let mut scan = JweScan::default();
        if scan.feed(text.as_bytes()).is_ok() {
            let _ = scan.finish();
        }
    }

    #[test]
    fn the_scan_does_not_depend_on_how_the_bytes_are_cut(cuts in proptest::collection::vec(1_usize..400, 1..10)) {
        let token = token(b"content", &EncryptOptions::default());
        let mut scan = JweScan::default();
        let mut rest = token.as_bytes();
        for cut in cuts.iter().cycle() {
            let (piece, tail) = rest.split_at((*cut).min(rest.len()));
            scan.feed(piece).unwrap();
            rest = tail;
            if rest.is_empty() {
                break;
            }
        }
        let (header, tag) = scan.finish().unwrap();
        let whole = CompactJwe::parse(&token, 10_000).unwrap();
        prop_assert_eq!(&header, whole.header());
        prop_assert_eq!(&tag, whole.authentication_tag());
    }
}

#[test]
fn header_tells_key_and_content_type() {
    let options = EncryptOptions {
        content_type: Some("application/json".to_owned()),
        ..EncryptOptions::default()
    };
    let token = token(b"{}", &options);
    let jwe = CompactJwe::parse(&token, 10_000).unwrap();
    assert_eq!(
        jwe.header().kid.as_deref(),
        Some("test-destination-decrypt")
    );
    assert_eq!(
        jwe.header().content_type.as_deref(),
        Some("application/json")
    );
    assert_eq!(jwe.header().compression, None);
    assert_eq!(
        token.rsplit('.').next(),
        Some(jwe.authentication_tag().as_str())
    );
}

#[test]
fn a_second_token_of_the_same_text_differs_everywhere() {
    let key = testing::destination_decryption_key();
    let key = key.public().encryption_key(KeySize::Bits4096).unwrap();
    let random = SeededRandom::new(1);
    let options = EncryptOptions::default();
    let first = encrypt(b"same", &key, &options, &random).unwrap();
    let second = encrypt(b"same", &key, &options, &random).unwrap();
    let pairs = first.split('.').zip(second.split('.')).skip(1);
    assert_eq!(pairs.filter(|(a, b)| a == b).count(), 0);
}

#[test]
fn refuses_what_is_not_on_the_list() {
    let token = token(b"x", &EncryptOptions::default());
    for (header, expected) in [
        (
            r#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#,
            JoseError::Unsupported { member: "alg" },
        ),
        (
            r#"{"alg":"RSA1_5","enc":"A256GCM"}"#,
            JoseError::Unsupported { member: "alg" },
        ),
        (
            r#"{"alg":"dir","enc":"A256GCM"}"#,
            JoseError::Unsupported { member: "alg" },
        ),
        (
            r#"{"alg":"RSA-OAEP-256","enc":"A128CBC-HS256"}"#,
            JoseError::Unsupported { member: "enc" },
        ),
        (
            r#"{"alg":"RSA-OAEP-256"}"#,
            JoseError::Unsupported { member: "enc" },
        ),
        (
            r#"{"alg":"RSA-OAEP-256","enc":"A256GCM","zip":"GZ"}"#,
            JoseError::Unsupported { member: "zip" },
        ),
        (
            r#"{"alg":"RSA-OAEP-256","enc":"A256GCM","crit":["exp"],"exp":1}"#,
            JoseError::Critical,
        ),
        (
            r#"{"alg":"RSA-OAEP-256","enc":"A256GCM","crit":[]}"#,
            JoseError::Critical,
        ),
    ] {
        let changed = with_header(&token, header);
        assert_eq!(
            CompactJwe::parse(&changed, 10_000).unwrap_err(),
            expected,
            "{header}"
        );
    }
    for header in [
        r#"{"alg":"none","alg":"RSA-OAEP-256","enc":"A256GCM"}"#,
        r#"{"alg":"RSA-OAEP-256","enc":"A256GCM","kid":7}"#,
        r#"["RSA-OAEP-256"]"#,
        "",
    ] {
        let changed = with_header(&token, header);
        assert!(
            matches!(
                CompactJwe::parse(&changed, 10_000),
                Err(JoseError::Header(_))
            ),
            "{header}"
        );
    }
}

#[test]
fn refuses_malformed_tokens() {
    let token = token(b"x", &EncryptOptions::default());
    let segments: Vec<&str> = token.split('.').collect();
    let join = |parts: &[&str]| parts.join(".");
    let parse = |text: &str| CompactJwe::parse(text, 10_000).map(|_| ());
    assert_eq!(
        parse(&join(&segments[..4])),
        Err(JoseError::Segments { expected: 5 })
    );
    assert_eq!(
        parse(&format!("{token}.")),
        Err(JoseError::Segments { expected: 5 })
    );
    assert_eq!(parse(""), Err(JoseError::Segments { expected: 5 }));
    let long_key = "A".repeat(2_000);
    for (index, with, part) in [
        (1, "", Part::EncryptedKey),
        (1, long_key.as_str(), Part::EncryptedKey),
        (2, "AAAA", Part::Vector),
        (4, "AAAA", Part::Tag),
        (4, "AAAAAAAAAAAAAAAAAAAAAB", Part::Tag),
        (0, "e30=", Part::Header),
    ] {
        let mut changed = segments.clone();
        changed[index] = with;
        assert_eq!(parse(&join(&changed)), Err(JoseError::Encoding(part)));
    }
    assert_eq!(
        CompactJwe::parse(&token, token.len() - 1).unwrap_err(),
        JoseError::TooLong {
            limit: token.len() - 1
        }
    );
}

#[test]
fn a_foreign_key_opens_nothing_and_learns_nothing() {
    let foreign = testing::other_decryption_key()
        .decryption_key(KeySize::Bits4096)
        .unwrap();
    let token = token(b"secret", &EncryptOptions::default());
    let wrong_key = CompactJwe::parse(&token, 10_000)
        .unwrap()
        .decrypt(&foreign, 1_000)
        .unwrap_err();
    let mut segments: Vec<String> = token.split('.').map(str::to_owned).collect();
    segments[3] = "AAAAAAAA".to_owned();
    let wrong_content = open(&segments.join("."), 1_000).unwrap_err();
    assert_eq!(wrong_key, JoseError::Decryption);
    assert_eq!(wrong_key, wrong_content);
}

/// With a substituted all-zero content key an attacker could forge content; the substitute of
/// RFC 7516 §11.5 must never lead to success.
#[test]
fn content_encrypted_with_the_substitute_key_is_refused() {
    use aws_lc_rs::aead;
    use base64::Engine;
    let encode = |bytes: &[u8]| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes);
    let header = encode(br#"{"alg":"RSA-OAEP-256","enc":"A256GCM"}"#);
    let key = aead::UnboundKey::new(&aead::AES_256_GCM, &[0; 32]).unwrap();
    let mut content = b"forged".to_vec();
    let tag = aead::LessSafeKey::new(key)
        .seal_in_place_separate_tag(
            aead::Nonce::assume_unique_for_key([0; 12]),
            aead::Aad::from(header.as_bytes()),
            &mut content,
        )
        .unwrap();
    let forged = [
        header,
        encode(&[9; 512]),
        encode(&[0; 12]),
        encode(&content),
        encode(tag.as_ref()),
    ]
    .join(".");
    assert_eq!(open(&forged, 1_000), Err(JoseError::Decryption));
}

#[test]
fn plaintext_limits_hold_with_and_without_compression() {
    let plain = token(&[7; 10_000], &EncryptOptions::default());
    assert_eq!(
        open(&plain, 9_999),
        Err(JoseError::PlaintextTooLong { limit: 9_999 })
    );
    assert_eq!(open(&plain, 10_000).unwrap().len(), 10_000);
    let bomb = token(&vec![0; 50 << 20], &deflated());
    assert!(bomb.len() < 1 << 20, "{}", bomb.len());
    assert_eq!(
        open(&bomb, 1 << 20),
        Err(JoseError::PlaintextTooLong { limit: 1 << 20 })
    );
}

#[test]
fn the_scan_stops_at_the_first_impossible_byte() {
    let mut scan = JweScan::default();
    scan.feed(b"eyJ.").unwrap();
    assert_eq!(
        scan.feed(b"abc d"),
        Err(JoseError::Encoding(Part::EncryptedKey))
    );
    let mut scan = JweScan::default();
    assert_eq!(
        scan.feed(b"a.b.c.d.e.f"),
        Err(JoseError::Segments { expected: 5 })
    );
    let mut scan = JweScan::default();
    assert!(scan.feed(&[b'a'; 10_000]).is_err());
}
