//! Unguessable tokens, of which the database holds the digest only.

use std::fmt;

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use einmal_model::Random;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// Longer texts are not ours and are not even hashed.
const MAX_LENGTH: usize = 128;

/// The token of a session, as it stands in the cookie.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(Zeroizing<String>);

impl SessionToken {
    /// A token as it came from a cookie; may be anything.
    #[must_use]
    pub fn from_cookie(text: &str) -> Self {
        Self(Zeroizing::new(text.chars().take(MAX_LENGTH).collect()))
    }

    /// The text for the cookie.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn new(random: &dyn Random) -> Self {
        Self(Zeroizing::new(random_text(random)))
    }

    pub(crate) fn digest(&self) -> String {
        digest_of(&self.0)
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

/// 256 random bits, base64url.
pub(crate) fn random_text(random: &dyn Random) -> String {
    let mut bytes = Zeroizing::new([0_u8; 32]);
    random.fill(bytes.as_mut_slice());
    URL_SAFE_NO_PAD.encode(bytes.as_slice())
}

/// SHA-256, base64url: what is stored; also the PKCE challenge (RFC 7636 §4.2).
pub(crate) fn digest_of(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, text.as_bytes()))
}

/// Compares without telling by the time it takes where the texts differ.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}
