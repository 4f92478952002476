//! What can be wrong with a token or a key.

/// The part of a token or key that an error speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The protected header, first segment.
    Header,
    /// The encrypted content key, second segment of a JWE.
    EncryptedKey,
    /// The initialisation vector, third segment of a JWE.
    Vector,
    /// The ciphertext, fourth segment of a JWE.
    Ciphertext,
    /// The authentication tag, fifth segment of a JWE.
    Tag,
    /// The payload of a JWS.
    Payload,
    /// The signature of a JWS.
    Signature,
    /// A number inside a key.
    Key,
}

/// Why a token or a key was refused. Never carries key material or plaintext.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JoseError {
    /// The text is longer than the caller allows; nothing of it was read.
    #[error("longer than the limit of {limit} bytes")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// A compact JWE has five segments, a compact JWS three.
    #[error("expected {expected} segments separated by dots")]
    Segments {
        /// How many there should be.
        expected: usize,
    },
    /// A part is not canonical base64url without padding, or has an impossible length.
    #[error("{0:?} is not valid base64url of the right length")]
    Encoding(Part),
    /// The header is no JSON object, has a duplicate member, or a member of the wrong type.
    #[error("header: {0}")]
    Header(String),
    /// An algorithm that is not on our list (RFC 8725 §3.1).
    #[error("header `{member}` has an unsupported value")]
    Unsupported {
        /// The header member, for example `alg`.
        member: &'static str,
    },
    /// The header lists a critical extension; none is understood here (RFC 7515 §4.1.11).
    #[error("header `crit` names an extension that is not understood")]
    Critical,
    /// The content could not be decrypted: wrong key or changed content. Not more is said, so that
    /// nobody learns which (RFC 7516 §11.5).
    #[error("the content cannot be decrypted with this key")]
    Decryption,
    /// The plaintext, inflated if it was compressed, is larger than the caller allows.
    #[error("the plaintext is larger than the limit of {limit} bytes")]
    PlaintextTooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// The compressed plaintext is no complete DEFLATE stream (RFC 1951).
    #[error("the compressed plaintext is damaged")]
    Inflate,
    /// The signature does not fit the content and the key.
    #[error("the signature does not match")]
    Signature,
    /// The key is not usable: syntax, or numbers that do not belong together.
    #[error("key: {0}")]
    Key(String),
    /// The key has another purpose (`alg`, `use` or `key_ops`) than the one asked for.
    #[error("the key must not be used for this purpose")]
    Purpose,
    /// The RSA modulus is too short.
    #[error("the key has {found} bits, at least {wanted} are required")]
    KeySize {
        /// Bits of the modulus.
        found: usize,
        /// Bits asked for.
        wanted: usize,
    },
    /// The cryptographic library refused to work.
    #[error("the cryptographic library failed")]
    Library,
}
