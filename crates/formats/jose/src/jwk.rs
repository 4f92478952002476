//! Public keys as documents: JWK and JWK Set (RFC 7517), RSA only.

use aws_lc_rs::digest;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use crate::{EncryptionKey, JoseError, Part, VerificationKey, b64, strict};

/// Longest accepted modulus: 8192 bit in base64url.
const MAX_MODULUS_TEXT: usize = 1366;
const MAX_NAME: usize = 256;
const MAX_CERTIFICATES: usize = 10;
const MAX_CERTIFICATE_TEXT: usize = 16 * 1024;
const MAX_KEYS: usize = 100;

/// The algorithms a key may be bound to. This list is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Algorithm {
    /// RSAES-OAEP with SHA-256 for both hashes (RFC 7518 §4.3); wraps content keys.
    #[serde(rename = "RSA-OAEP-256")]
    RsaOaep256,
    /// RSASSA-PSS with SHA-512 (RFC 7518 §3.5); signs.
    #[serde(rename = "PS512")]
    Ps512,
}

/// What a pair of keys is for. One pair never serves both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyPurpose {
    /// Wrapping content keys with `RSA-OAEP-256`.
    Encryption,
    /// Signing with `PS512`.
    Signature,
}

impl KeyPurpose {
    /// The one algorithm of this purpose.
    #[must_use]
    pub const fn algorithm(self) -> Algorithm {
        match self {
            Self::Encryption => Algorithm::RsaOaep256,
            Self::Signature => Algorithm::Ps512,
        }
    }
}

/// A value of `key_ops` (RFC 7517 §4.3) that we act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyOperation {
    /// Encrypt a content key, with the public half.
    WrapKey,
    /// Decrypt a content key, with the private half.
    UnwrapKey,
    /// Sign, with the private half.
    Sign,
    /// Check a signature, with the public half.
    Verify,
}

impl KeyOperation {
    /// The text in `key_ops`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WrapKey => "wrapKey",
            Self::UnwrapKey => "unwrapKey",
            Self::Sign => "sign",
            Self::Verify => "verify",
        }
    }

    const fn purpose(self) -> KeyPurpose {
        match self {
            Self::WrapKey | Self::UnwrapKey => KeyPurpose::Encryption,
            Self::Sign | Self::Verify => KeyPurpose::Signature,
        }
    }
}

/// Sizes of an RSA modulus; where one is asked for as a minimum, larger ones pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeySize {
    /// 2048 bit, the least that is accepted at all.
    Bits2048,
    /// 3072 bit.
    Bits3072,
    /// 4096 bit, as FIT-Connect asks for.
    Bits4096,
}

impl KeySize {
    /// The number of bits.
    #[must_use]
    pub const fn bits(self) -> usize {
        match self {
            Self::Bits2048 => 2048,
            Self::Bits3072 => 3072,
            Self::Bits4096 => 4096,
        }
    }
}

/// A public RSA key. A document that holds private members is refused, so that nobody publishes
/// a private key by mistake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawJwk")]
pub struct Jwk {
    /// Key type, always `RSA`.
    pub kty: String,
    /// Modulus, base64url, big-endian without leading zeros.
    pub n: String,
    /// Public exponent, base64url.
    pub e: String,
    /// Name of the key among its owner's keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// The algorithm the key is bound to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alg: Option<Algorithm>,
    /// Permitted operations, as written by the owner.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub key_ops: Vec<String>,
    /// `enc` or `sig`, as written by the owner.
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
    /// Certificate chain, leaf first, each base64 (not base64url) of DER.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub x5c: Vec<String>,
}

#[derive(Deserialize)]
struct RawJwk {
    kty: String,
    n: String,
    e: String,
    kid: Option<String>,
    alg: Option<Algorithm>,
    #[serde(default)]
    key_ops: Vec<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    #[serde(default)]
    x5c: Vec<String>,
    d: Option<IgnoredAny>,
    p: Option<IgnoredAny>,
    q: Option<IgnoredAny>,
    k: Option<IgnoredAny>,
}

impl TryFrom<RawJwk> for Jwk {
    type Error = JoseError;

    fn try_from(raw: RawJwk) -> Result<Self, JoseError> {
        if raw.d.is_some() || raw.p.is_some() || raw.q.is_some() || raw.k.is_some() {
            return Err(JoseError::Key("it contains private members".to_owned()));
        }
        let key = Self {
            kty: raw.kty,
            n: raw.n,
            e: raw.e,
            kid: raw.kid,
            alg: raw.alg,
            key_ops: raw.key_ops,
            usage: raw.usage,
            x5c: raw.x5c,
        };
        key.numbers()?;
        let names = key.kid.iter().chain(&key.usage).chain(&key.key_ops);
        if key.key_ops.len() > 8 || names.map(String::len).any(|length| length > MAX_NAME) {
            return Err(JoseError::Key("a name is too long".to_owned()));
        }
        let chain = &key.x5c;
        if chain.len() > MAX_CERTIFICATES || chain.iter().any(|c| c.len() > MAX_CERTIFICATE_TEXT) {
            return Err(JoseError::Key("`x5c` is too long".to_owned()));
        }
        Ok(key)
    }
}

impl Jwk {
    /// Reads a JWK strictly (no duplicate members).
    ///
    /// # Errors
    /// [`JoseError::Key`] for anything that is no public RSA key of 2048 to 8192 bit.
    pub fn parse(json: &str) -> Result<Self, JoseError> {
        let object = strict::object(json.as_bytes()).map_err(JoseError::Key)?;
        serde_json::from_value(object.into()).map_err(|error| JoseError::Key(error.to_string()))
    }

    /// The bare key from its numbers, without name or purpose.
    pub(crate) fn from_numbers(n: &[u8], e: &[u8]) -> Self {
        Self {
            kty: "RSA".to_owned(),
            n: b64::encode(n),
            e: b64::encode(e),
            kid: None,
            alg: None,
            key_ops: Vec::new(),
            usage: None,
            x5c: Vec::new(),
        }
    }

    /// Modulus and exponent as numbers.
    pub(crate) fn numbers(&self) -> Result<(Vec<u8>, Vec<u8>), JoseError> {
        if self.kty != "RSA" {
            return Err(JoseError::Key("`kty` is not RSA".to_owned()));
        }
        if self.n.len() > MAX_MODULUS_TEXT || self.e.len() > 12 {
            return Err(JoseError::Key("a number is too long".to_owned()));
        }
        let n = b64::decode(&self.n, Part::Key)?;
        let e = b64::decode(&self.e, Part::Key)?;
        if n.first().is_none_or(|byte| *byte == 0) || e.first().is_none_or(|byte| *byte == 0) {
            return Err(JoseError::Key("a number begins with zero".to_owned()));
        }
        require_size(bit_length(&n), KeySize::Bits2048)?;
        Ok((n, e))
    }

    /// The number of bits of the modulus.
    #[must_use]
    pub fn bits(&self) -> usize {
        self.numbers().map_or(0, |(n, _)| bit_length(&n))
    }

    /// The SHA-256 thumbprint of the key (RFC 7638), base64url. The same for both halves.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        let canonical = format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, self.e, self.n);
        b64::encode(digest::digest(&digest::SHA256, canonical.as_bytes()))
    }

    /// True when nothing in the document forbids the operation: `alg`, `use` and `key_ops` are
    /// each either absent or allow it.
    #[must_use]
    pub fn permits(&self, operation: KeyOperation) -> bool {
        let purpose = operation.purpose();
        let usage = match purpose {
            KeyPurpose::Encryption => "enc",
            KeyPurpose::Signature => "sig",
        };
        self.alg.is_none_or(|alg| alg == purpose.algorithm())
            && self.usage.as_deref().is_none_or(|found| found == usage)
            && (self.key_ops.is_empty()
                || self.key_ops.iter().any(|found| found == operation.as_str()))
    }

    /// The key ready for encrypting.
    ///
    /// # Errors
    /// [`JoseError::Purpose`], [`JoseError::KeySize`] or [`JoseError::Key`].
    pub fn encryption_key(&self, at_least: KeySize) -> Result<EncryptionKey, JoseError> {
        EncryptionKey::new(self, at_least)
    }

    /// The key ready for checking signatures.
    ///
    /// # Errors
    /// [`JoseError::Purpose`], [`JoseError::KeySize`] or [`JoseError::Key`].
    pub fn verification_key(&self, at_least: KeySize) -> Result<VerificationKey, JoseError> {
        VerificationKey::new(self, at_least)
    }
}

/// Number of bits of a big-endian number without leading zero bytes.
pub(crate) fn bit_length(number: &[u8]) -> usize {
    let unused = number.first().map_or(0, |byte| byte.leading_zeros());
    (number.len() * 8).saturating_sub(usize::try_from(unused).unwrap_or_default())
}

pub(crate) fn require_size(found: usize, wanted: KeySize) -> Result<(), JoseError> {
    if found < wanted.bits() {
        return Err(JoseError::KeySize {
            found,
            wanted: wanted.bits(),
        });
    }
    Ok(())
}

/// A JWK Set: `{"keys":[…]}`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct JwkSet {
    /// The keys, in the order of the document.
    pub keys: Vec<Jwk>,
}

impl JwkSet {
    /// Reads a set. Keys of other types or with other algorithms are left out (RFC 7517 §5).
    ///
    /// # Errors
    /// [`JoseError::Key`] when the document is no set, or has more than 100 entries.
    pub fn parse(json: &str) -> Result<Self, JoseError> {
        let object = strict::object(json.as_bytes()).map_err(JoseError::Key)?;
        let Some(serde_json::Value::Array(entries)) = object.get("keys") else {
            return Err(JoseError::Key("`keys` is missing".to_owned()));
        };
        if entries.len() > MAX_KEYS {
            return Err(JoseError::Key("too many keys".to_owned()));
        }
        let keys = entries
            .iter()
            .filter_map(|entry| serde_json::from_value(entry.clone()).ok())
            .collect();
        Ok(Self { keys })
    }

    /// The key of this name, or with this thumbprint.
    #[must_use]
    pub fn find(&self, kid: &str) -> Option<&Jwk> {
        self.keys
            .iter()
            .find(|key| key.kid.as_deref() == Some(kid))
            .or_else(|| self.keys.iter().find(|key| key.thumbprint() == kid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7638 §3.1.
    const EXAMPLE: &str = r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","kid":"2011-04-29"}"#;

    #[test]
    fn computes_the_thumbprint_of_rfc_7638() {
        let key = Jwk::parse(EXAMPLE).unwrap();
        assert_eq!(
            key.thumbprint(),
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
        );
        assert_eq!(key.bits(), 2048);
    }

    #[test]
    fn refuses_a_document_with_private_members() {
        let leaked = EXAMPLE.replace("\"e\":", "\"d\":\"AQAB\",\"e\":");
        assert!(Jwk::parse(&leaked).is_err());
    }

    #[test]
    fn refuses_wrong_types_sizes_and_duplicates() {
        for (from, to) in [
            ("\"RSA\"", "\"EC\""),
            ("\"0vx7", "\"AAx7"),
            ("\"e\":\"AQAB\"", "\"e\":\"AQAB\",\"e\":\"AQAB\""),
            ("\"AQAB\"", "\"AQ AB\""),
            ("\"kid\"", "\"alg\":\"RS256\",\"kid\""),
        ] {
            let wrong = EXAMPLE.replace(from, to);
            assert_ne!(wrong, EXAMPLE);
            assert!(Jwk::parse(&wrong).is_err(), "{to}");
        }
        let short = r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZg","e":"AQAB"}"#;
        assert!(Jwk::parse(short).is_err());
    }

    #[test]
    fn finds_keys_by_name_and_thumbprint_and_skips_foreign_ones() {
        let set = JwkSet::parse(&format!(
            r#"{{"keys":[{{"kty":"EC","crv":"P-256"}},{EXAMPLE}]}}"#
        ))
        .unwrap();
        assert_eq!(set.keys.len(), 1);
        assert!(set.find("2011-04-29").is_some());
        assert!(
            set.find("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
                .is_some()
        );
        assert!(set.find("other").is_none());
    }

    #[test]
    fn purpose_is_refused_when_any_member_contradicts() {
        let mut key = Jwk::parse(EXAMPLE).unwrap();
        assert!(key.permits(KeyOperation::Verify) && key.permits(KeyOperation::WrapKey));
        key.key_ops = vec!["verify".to_owned()];
        assert!(key.permits(KeyOperation::Verify) && !key.permits(KeyOperation::WrapKey));
        key.usage = Some("enc".to_owned());
        assert!(!key.permits(KeyOperation::Verify));
    }
}
