//! JSON Object Signing and Encryption for FIT-Connect and its relatives: JWE (RFC 7516), JWS
//! (RFC 7515) and JWK (RFC 7517) in compact serialisation, with a closed list of algorithms:
//! `RSA-OAEP-256` with `A256GCM`, and `PS512`.
//!
//! Everything read here is hostile: sizes are checked before anything is allocated, headers are
//! read once and strictly, what is compressed is inflated only up to the caller's limit, and
//! anything that is not on the list is refused. The crate does no I/O.
//!
//! The main types: [`Jwk`], [`PrivateJwk`] and [`JwkSet`] are keys as documents; [`EncryptionKey`],
//! [`DecryptionKey`], [`SigningKey`] and [`VerificationKey`] are the same keys checked and ready
//! for their one purpose. [`CompactJwe`] and [`CompactJws`] are tokens that were read but not yet
//! believed.
//!
//! ```
//! use einmal_jose::{KeyPurpose, PrivateJwk, KeySize, CompactJwe, EncryptOptions, encrypt};
//! use einmal_model::testing::SeededRandom;
//!
//! let private = PrivateJwk::generate(KeySize::Bits2048, KeyPurpose::Encryption, "key-0001")?;
//! let public = private.public();
//! let options = EncryptOptions { content_type: Some("application/json".into()), ..Default::default() };
//! let token = encrypt(b"{}", &public.encryption_key(KeySize::Bits2048)?, &options, &SeededRandom::new(1))?;
//!
//! let token = CompactJwe::parse(&token, 10_000)?;
//! let clear = token.decrypt(&private.decryption_key(KeySize::Bits2048)?, 1_000)?;
//! assert_eq!(clear.as_slice(), b"{}");
//! # Ok::<(), einmal_jose::JoseError>(())
//! ```

mod b64;
mod der;
mod error;
mod inflate;
mod jwe;
mod jwk;
mod jws;
mod keys;
mod private;
mod scan;
pub mod strict;
#[cfg(feature = "testing")]
pub mod testing;

pub use error::{JoseError, Part};
pub use jwe::{AuthenticationTag, CompactJwe, Compression, EncryptOptions, JweHeader, encrypt};
pub use jwk::{Algorithm, Jwk, JwkSet, KeyOperation, KeyPurpose, KeySize};
pub use jws::{CompactJws, JwsHeader, sign};
pub use keys::{DecryptionKey, EncryptionKey, SigningKey, VerificationKey};
pub use private::PrivateJwk;
pub use scan::JweScan;
