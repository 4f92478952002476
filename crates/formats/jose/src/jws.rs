//! JSON Web Signature in compact serialisation (RFC 7515): `PS512` only.

use serde_json::{Map, Value};

use crate::jwe::{header_members, require, text};
use crate::{JoseError, Part, SigningKey, VerificationKey, b64};

/// An RSA-8192 signature is 1024 bytes.
const MAX_SIGNATURE_TEXT: usize = b64::encoded_len(1024);

/// What the protected header of a JWS says. `alg` has one possible value and is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JwsHeader {
    /// Type of the token, for example `secevent+jwt`, as written.
    pub typ: Option<String>,
    /// Name of the key that signed.
    pub kid: Option<String>,
}

/// A JWS that was read but whose signature was not checked.
#[derive(Debug, Clone)]
pub struct CompactJws<'a> {
    header: JwsHeader,
    signed: &'a str,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

impl<'a> CompactJws<'a> {
    /// Reads a token of at most `limit` bytes.
    ///
    /// # Errors
    /// Any [`JoseError`] about shape and header.
    pub fn parse(token: &'a str, limit: usize) -> Result<Self, JoseError> {
        if token.len() > limit {
            return Err(JoseError::TooLong { limit });
        }
        let wrong = || JoseError::Segments { expected: 3 };
        let (signed, signature) = token.rsplit_once('.').ok_or_else(wrong)?;
        let (header, payload) = signed.split_once('.').ok_or_else(wrong)?;
        if payload.contains('.') {
            return Err(wrong());
        }
        if signature.is_empty() || signature.len() > MAX_SIGNATURE_TEXT {
            return Err(JoseError::Encoding(Part::Signature));
        }
        let members = header_members(header)?;
        require(&members, "alg", "PS512")?;
        Ok(Self {
            header: JwsHeader {
                typ: text(&members, "typ")?,
                kid: text(&members, "kid")?,
            },
            signed,
            payload: b64::decode(payload, Part::Payload)?,
            signature: b64::decode(signature, Part::Signature)?,
        })
    }

    /// What the header says; nobody vouches for it before [`Self::verify`].
    #[must_use]
    pub const fn header(&self) -> &JwsHeader {
        &self.header
    }

    /// The payload before the signature was checked. Only for finding out which key to ask for
    /// (`iss`); everything else waits for [`Self::verify`].
    #[must_use]
    pub fn unverified_payload(&self) -> &[u8] {
        &self.payload
    }

    /// The payload, once the signature fits.
    ///
    /// # Errors
    /// [`JoseError::Signature`] when it does not.
    pub fn verify(&self, key: &VerificationKey) -> Result<&[u8], JoseError> {
        key.verify(self.signed.as_bytes(), &self.signature)?;
        Ok(&self.payload)
    }
}

/// Signs a payload. About 6 ms of computing at RSA-4096; call it off the asynchronous threads.
///
/// # Errors
/// [`JoseError::Library`] when the library refuses.
pub fn sign(payload: &[u8], key: &SigningKey, typ: &str) -> Result<String, JoseError> {
    let mut header = Map::new();
    header.insert("typ".to_owned(), typ.into());
    header.insert("alg".to_owned(), "PS512".into());
    header.insert("kid".to_owned(), key.kid().into());
    let mut token = b64::encode(Value::Object(header).to_string());
    token.push('.');
    b64::encode_onto(payload, &mut token);
    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    b64::encode_onto(&signature, &mut token);
    Ok(token)
}
