//! JSON Web Encryption in compact serialisation (RFC 7516): `RSA-OAEP-256` with `A256GCM`,
//! optionally compressed (`zip` = `DEF`) as version 1 of FIT-Connect does.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use einmal_model::Random;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::{DecryptionKey, EncryptionKey, JoseError, Part, b64, inflate, strict};

/// Longest accepted header segment in characters.
pub(crate) const MAX_HEADER_TEXT: usize = 8 * 1024;
/// An RSA-8192 block is 1024 bytes.
const MAX_WRAPPED_TEXT: usize = b64::encoded_len(1024);
const VECTOR_LEN: usize = 12;
const TAG_LEN: usize = 16;
/// Characters of a tag in base64url.
pub(crate) const TAG_TEXT: usize = b64::encoded_len(TAG_LEN);

/// The one compression method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// `DEF`: raw DEFLATE (RFC 1951).
    Deflate,
}

/// What the protected header of a JWE says. `alg` and `enc` have one possible value each and are
/// therefore not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JweHeader {
    /// Name of the key the content key is wrapped with.
    pub kid: Option<String>,
    /// Media type of the plaintext.
    pub content_type: Option<String>,
    /// Compression of the plaintext.
    pub compression: Option<Compression>,
}

impl JweHeader {
    /// Reads the first segment of a compact JWE.
    ///
    /// # Errors
    /// [`JoseError::TooLong`], [`JoseError::Encoding`], [`JoseError::Header`],
    /// [`JoseError::Unsupported`] or [`JoseError::Critical`].
    pub fn parse(segment: &str) -> Result<Self, JoseError> {
        let members = header_members(segment)?;
        require(&members, "alg", "RSA-OAEP-256")?;
        require(&members, "enc", "A256GCM")?;
        let compression = match text(&members, "zip")?.as_deref() {
            None => None,
            Some("DEF") => Some(Compression::Deflate),
            Some(_) => return Err(JoseError::Unsupported { member: "zip" }),
        };
        Ok(Self {
            kid: text(&members, "kid")?,
            content_type: text(&members, "cty")?,
            compression,
        })
    }
}

/// Reads a header segment and refuses critical extensions.
pub(crate) fn header_members(segment: &str) -> Result<Map<String, Value>, JoseError> {
    if segment.len() > MAX_HEADER_TEXT {
        return Err(JoseError::TooLong {
            limit: MAX_HEADER_TEXT,
        });
    }
    let json = b64::decode(segment, Part::Header)?;
    let members = strict::object(&json).map_err(JoseError::Header)?;
    if members.contains_key("crit") {
        return Err(JoseError::Critical);
    }
    Ok(members)
}

/// A header member that must have exactly this value.
pub(crate) fn require(
    members: &Map<String, Value>,
    member: &'static str,
    value: &str,
) -> Result<(), JoseError> {
    if text(members, member)?.as_deref() == Some(value) {
        Ok(())
    } else {
        Err(JoseError::Unsupported { member })
    }
}

/// An optional header member that must be text.
pub(crate) fn text(
    members: &Map<String, Value>,
    member: &str,
) -> Result<Option<String>, JoseError> {
    match members.get(member) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(JoseError::Header(format!("`{member}` is not a text"))),
    }
}

/// The authentication tag of a JWE: its fifth segment as it stands. FIT-Connect lists the tags in
/// its events, so that both sides can prove which bytes were handed over.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AuthenticationTag(String);

impl AuthenticationTag {
    /// The tag as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AuthenticationTag {
    type Err = JoseError;

    fn from_str(segment: &str) -> Result<Self, JoseError> {
        let right = segment.len() == TAG_TEXT && b64::decode(segment, Part::Tag)?.len() == TAG_LEN;
        if right {
            Ok(Self(segment.to_owned()))
        } else {
            Err(JoseError::Encoding(Part::Tag))
        }
    }
}

impl TryFrom<String> for AuthenticationTag {
    type Error = JoseError;

    fn try_from(segment: String) -> Result<Self, JoseError> {
        segment.parse()
    }
}

impl From<AuthenticationTag> for String {
    fn from(tag: AuthenticationTag) -> Self {
        tag.0
    }
}

impl fmt::Display for AuthenticationTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A JWE that was read but not decrypted: five segments of the right shape and a header that asks
/// for nothing we do not do.
#[derive(Debug, Clone)]
pub struct CompactJwe<'a> {
    header: JweHeader,
    header_segment: &'a str,
    wrapped_key: &'a str,
    vector: &'a str,
    ciphertext: &'a str,
    tag: AuthenticationTag,
}

impl<'a> CompactJwe<'a> {
    /// Reads a token of at most `limit` bytes. The ciphertext is not decoded yet.
    ///
    /// # Errors
    /// Any [`JoseError`] about shape and header.
    pub fn parse(token: &'a str, limit: usize) -> Result<Self, JoseError> {
        if token.len() > limit {
            return Err(JoseError::TooLong { limit });
        }
        let wrong = JoseError::Segments { expected: 5 };
        let mut segments = token.splitn(6, '.');
        let (Some(header_segment), Some(wrapped_key), Some(vector), Some(ciphertext), Some(tag)) = (
            segments.next(),
            segments.next(),
            segments.next(),
            segments.next(),
            segments.next(),
        ) else {
            return Err(wrong);
        };
        if segments.next().is_some() {
            return Err(wrong);
        }
        if wrapped_key.is_empty() || wrapped_key.len() > MAX_WRAPPED_TEXT {
            return Err(JoseError::Encoding(Part::EncryptedKey));
        }
        if vector.len() != b64::encoded_len(VECTOR_LEN) {
            return Err(JoseError::Encoding(Part::Vector));
        }
        Ok(Self {
            header: JweHeader::parse(header_segment)?,
            header_segment,
            wrapped_key,
            vector,
            ciphertext,
            tag: tag.parse()?,
        })
    }

    /// What the header says.
    #[must_use]
    pub const fn header(&self) -> &JweHeader {
        &self.header
    }

    /// The authentication tag.
    #[must_use]
    pub const fn authentication_tag(&self) -> &AuthenticationTag {
        &self.tag
    }

    /// Decrypts, and inflates when compressed, to at most `plaintext_limit` bytes. About 6 ms of
    /// computing at RSA-4096; call it off the asynchronous threads.
    ///
    /// # Errors
    /// [`JoseError::Decryption`] without further detail for a wrong key or changed content;
    /// [`JoseError::PlaintextTooLong`]; [`JoseError::Inflate`]; [`JoseError::Encoding`].
    pub fn decrypt(
        &self,
        key: &DecryptionKey,
        plaintext_limit: usize,
    ) -> Result<Zeroizing<Vec<u8>>, JoseError> {
        // Compressed content may be a little longer than its plaintext (stored blocks).
        let slack = if self.header.compression.is_some() {
            1024
        } else {
            0
        };
        let longest = plaintext_limit
            .saturating_add(plaintext_limit / 64)
            .saturating_add(slack);
        if self.ciphertext.len() / 4 * 3 > longest {
            return Err(JoseError::PlaintextTooLong {
                limit: plaintext_limit,
            });
        }
        let wrapped = b64::decode(self.wrapped_key, Part::EncryptedKey)?;
        let vector: [u8; VECTOR_LEN] = b64::decode(self.vector, Part::Vector)?
            .try_into()
            .map_err(|_| JoseError::Encoding(Part::Vector))?;
        let tag = b64::decode(self.tag.as_str(), Part::Tag)?;
        let mut content = Zeroizing::new(b64::decode(self.ciphertext, Part::Ciphertext)?);

        // A content key that cannot be unwrapped is replaced and the content opened all the same:
        // answer and effort must not tell which of the two failed (RFC 7516 §11.5).
        let unwrapped = key.unwrap(&wrapped);
        let content_key = unwrapped.clone().unwrap_or_default();
        let opened = cipher(&content_key)?.open_in_place_separate_tag(
            Nonce::assume_unique_for_key(vector),
            Aad::from(self.header_segment.as_bytes()),
            &tag,
            &mut content,
        );
        if opened.is_err() || unwrapped.is_none() {
            return Err(JoseError::Decryption);
        }
        if self.header.compression.is_some() {
            return inflate::inflate(&content, plaintext_limit).map(Zeroizing::new);
        }
        if content.len() > plaintext_limit {
            return Err(JoseError::PlaintextTooLong {
                limit: plaintext_limit,
            });
        }
        Ok(content)
    }
}

/// What goes into the header besides the algorithms.
#[derive(Debug, Clone, Default)]
pub struct EncryptOptions {
    /// Written as `kid` instead of the key's own name, for example a thumbprint.
    pub kid: Option<String>,
    /// Written as `cty`: media type of the plaintext. Version 2 of FIT-Connect wants it.
    pub content_type: Option<String>,
    /// Compress first. Forbidden in version 2 of FIT-Connect, usual in version 1.
    pub compression: Option<Compression>,
}

/// Encrypts to a compact JWE. Content key and initialisation vector come from `random`; the OAEP
/// seed from the cryptographic library.
///
/// # Errors
/// [`JoseError::Library`] when the library refuses.
pub fn encrypt(
    plaintext: &[u8],
    key: &EncryptionKey,
    options: &EncryptOptions,
    random: &dyn Random,
) -> Result<String, JoseError> {
    let mut header = Map::new();
    header.insert("alg".to_owned(), "RSA-OAEP-256".into());
    header.insert("enc".to_owned(), "A256GCM".into());
    if let Some(kid) = options.kid.as_deref().or(key.kid()) {
        header.insert("kid".to_owned(), kid.into());
    }
    if let Some(content_type) = &options.content_type {
        header.insert("cty".to_owned(), content_type.as_str().into());
    }
    if options.compression.is_some() {
        header.insert("zip".to_owned(), "DEF".into());
    }
    let header = b64::encode(Value::Object(header).to_string());

    let mut content_key = Zeroizing::new([0; 32]);
    random.fill(content_key.as_mut_slice());
    let mut vector = [0; VECTOR_LEN];
    random.fill(&mut vector);
    let wrapped = key.wrap(content_key.as_slice())?;
    let mut content = match options.compression {
        Some(Compression::Deflate) => inflate::deflate(plaintext)?,
        None => plaintext.to_vec(),
    };
    let tag = cipher(&content_key)?
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(vector),
            Aad::from(header.as_bytes()),
            &mut content,
        )
        .map_err(|_| JoseError::Library)?;

    let mut token = String::with_capacity(
        header.len() + b64::encoded_len(wrapped.len() + content.len()) + 16 + TAG_TEXT + 8,
    );
    token.push_str(&header);
    for part in [wrapped.as_slice(), &vector, &content, tag.as_ref()] {
        token.push('.');
        b64::encode_onto(part, &mut token);
    }
    Ok(token)
}

fn cipher(content_key: &[u8; 32]) -> Result<LessSafeKey, JoseError> {
    UnboundKey::new(&AES_256_GCM, content_key)
        .map(LessSafeKey::new)
        .map_err(|_| JoseError::Library)
}
