//! Fixed keys for tests, so that no test waits for key generation. They are public knowledge and
//! worthless for anything else.

use crate::PrivateJwk;

/// RSA-4096 signing key of a delivery service.
#[must_use]
pub fn service_signing_key() -> PrivateJwk {
    load(include_str!("../testdata/service-sign.jwk.json"))
}

/// RSA-4096 signing key of a destination.
#[must_use]
pub fn destination_signing_key() -> PrivateJwk {
    load(include_str!("../testdata/destination-sign.jwk.json"))
}

/// RSA-4096 decryption key of a destination.
#[must_use]
pub fn destination_decryption_key() -> PrivateJwk {
    load(include_str!("../testdata/destination-decrypt.jwk.json"))
}

/// RSA-4096 signing key of somebody else.
#[must_use]
pub fn other_signing_key() -> PrivateJwk {
    load(include_str!("../testdata/other-sign.jwk.json"))
}

/// RSA-4096 decryption key of somebody else.
#[must_use]
pub fn other_decryption_key() -> PrivateJwk {
    load(include_str!("../testdata/other-decrypt.jwk.json"))
}

/// RSA-2048 signing key: too small for FIT-Connect.
#[must_use]
pub fn small_signing_key() -> PrivateJwk {
    load(include_str!("../testdata/small-sign.jwk.json"))
}

#[expect(
    clippy::expect_used,
    reason = "test keys are compiled in and checked by tests"
)]
fn load(json: &str) -> PrivateJwk {
    PrivateJwk::from_json(json).expect("the test key is valid")
}
