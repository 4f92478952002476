//! Keys that were checked and are ready for their one purpose.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{
    self, OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, OaepPublicEncryptingKey,
    PrivateDecryptingKey, PublicEncryptingKey,
};
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PSS_2048_8192_SHA512, RSA_PSS_SHA512};
use zeroize::Zeroizing;

use crate::jwk::{bit_length, require_size};
use crate::{JoseError, Jwk, KeyOperation, KeySize};

/// A public key that wraps content keys (`RSA-OAEP-256`).
pub struct EncryptionKey {
    kid: Option<String>,
    key: OaepPublicEncryptingKey,
}

impl EncryptionKey {
    pub(crate) fn new(jwk: &Jwk, at_least: KeySize) -> Result<Self, JoseError> {
        let components = checked_components(jwk, KeyOperation::WrapKey, at_least)?;
        let refused = |_| JoseError::Key("the numbers do not form a public key".to_owned());
        let key: PublicEncryptingKey = components.try_into().map_err(refused)?;
        Ok(Self {
            kid: jwk.kid.clone(),
            key: OaepPublicEncryptingKey::new(key).map_err(refused)?,
        })
    }

    /// The name of the key, if it has one.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    pub(crate) fn wrap(&self, content_key: &[u8]) -> Result<Vec<u8>, JoseError> {
        let mut wrapped = vec![0; self.key.ciphertext_size()];
        let length = self
            .key
            .encrypt(&OAEP_SHA256_MGF1SHA256, content_key, &mut wrapped, None)
            .map_err(|_| JoseError::Library)?
            .len();
        wrapped.truncate(length);
        Ok(wrapped)
    }
}

/// A private key that unwraps content keys (`RSA-OAEP-256`).
pub struct DecryptionKey {
    key: OaepPrivateDecryptingKey,
}

impl DecryptionKey {
    pub(crate) fn new(pkcs8: &[u8]) -> Result<Self, JoseError> {
        let key = PrivateDecryptingKey::from_pkcs8(pkcs8).map_err(|_| JoseError::Library)?;
        let key = OaepPrivateDecryptingKey::new(key).map_err(|_| JoseError::Library)?;
        Ok(Self { key })
    }

    /// The content key, or nothing; the caller must not tell the outside which.
    pub(crate) fn unwrap(&self, wrapped: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
        let mut buffer = Zeroizing::new(vec![0; self.key.min_output_size()]);
        let content_key = self
            .key
            .decrypt(&OAEP_SHA256_MGF1SHA256, wrapped, &mut buffer, None)
            .ok()?;
        <[u8; 32]>::try_from(&*content_key).ok().map(Zeroizing::new)
    }
}

/// A private key that signs (`PS512`), with its name.
#[derive(Clone)]
pub struct SigningKey {
    kid: String,
    pair: rsa::KeyPair,
}

impl SigningKey {
    pub(crate) const fn new(kid: String, pair: rsa::KeyPair) -> Self {
        Self { kid, pair }
    }

    /// The name of the key, written into every header.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, JoseError> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        // The library draws the salt itself and ignores the generator handed in.
        self.pair
            .sign(
                &RSA_PSS_SHA512,
                &SystemRandom::default(),
                message,
                &mut signature,
            )
            .map_err(|_| JoseError::Library)?;
        Ok(signature)
    }
}

/// A public key that checks signatures (`PS512`).
pub struct VerificationKey {
    key: ParsedPublicKey,
}

impl VerificationKey {
    pub(crate) fn new(jwk: &Jwk, at_least: KeySize) -> Result<Self, JoseError> {
        let key = checked_components(jwk, KeyOperation::Verify, at_least)?
            .to_parsed_public_key(&RSA_PSS_2048_8192_SHA512)
            .map_err(|_| JoseError::Key("the numbers do not form a public key".to_owned()))?;
        Ok(Self { key })
    }

    pub(crate) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), JoseError> {
        self.key
            .verify_sig(message, signature)
            .map_err(|_| JoseError::Signature)
    }
}

fn checked_components(
    jwk: &Jwk,
    operation: KeyOperation,
    at_least: KeySize,
) -> Result<rsa::PublicKeyComponents<Vec<u8>>, JoseError> {
    if !jwk.permits(operation) {
        return Err(JoseError::Purpose);
    }
    let (n, e) = jwk.numbers()?;
    require_size(bit_length(&n), at_least)?;
    Ok(rsa::PublicKeyComponents { n, e })
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EncryptionKey({:?})", self.kid)
    }
}

impl fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DecryptionKey(..)")
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({:?})", self.kid)
    }
}

impl fmt::Debug for VerificationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerificationKey(..)")
    }
}
