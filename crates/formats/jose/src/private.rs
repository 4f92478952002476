//! Private keys as documents: JWK, and PKCS #8 in PEM for files.

use std::fmt;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::jwk::{bit_length, require_size};
use crate::{
    DecryptionKey, JoseError, Jwk, KeyOperation, KeyPurpose, KeySize, Part, SigningKey, b64, der,
    strict,
};

const MAX_PRIVATE_TEXT: usize = 200 * 1024;
const PEM_BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const PEM_END: &str = "-----END PRIVATE KEY-----";

/// A private RSA key with its name and purpose. Overwritten in memory when dropped; its debug
/// output shows the public half only.
#[derive(Clone)]
pub struct PrivateJwk {
    public: Jwk,
    d: Zeroizing<Vec<u8>>,
    p: Zeroizing<Vec<u8>>,
    q: Zeroizing<Vec<u8>>,
    dp: Zeroizing<Vec<u8>>,
    dq: Zeroizing<Vec<u8>>,
    qi: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for PrivateJwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrivateJwk")
            .field("kid", &self.public.kid)
            .finish_non_exhaustive()
    }
}

/// The private members as they stand in the document, base64url.
#[derive(Serialize, Deserialize)]
struct PrivateMembers {
    d: String,
    p: String,
    q: String,
    dp: String,
    dq: String,
    qi: String,
}

impl Drop for PrivateMembers {
    fn drop(&mut self) {
        for text in [
            &mut self.d,
            &mut self.p,
            &mut self.q,
            &mut self.dp,
            &mut self.dq,
            &mut self.qi,
        ] {
            text.zeroize();
        }
    }
}

#[derive(Serialize)]
struct Document<'a> {
    #[serde(flatten)]
    public: Jwk,
    #[serde(flatten)]
    private: &'a PrivateMembers,
}

impl PrivateJwk {
    /// A fresh key. Takes about a second at 4096 bit; call it off the asynchronous threads.
    ///
    /// # Errors
    /// [`JoseError::Library`] when no key could be made.
    pub fn generate(size: KeySize, purpose: KeyPurpose, kid: &str) -> Result<Self, JoseError> {
        let size = match size {
            KeySize::Bits2048 => rsa::KeySize::Rsa2048,
            KeySize::Bits3072 => rsa::KeySize::Rsa3072,
            KeySize::Bits4096 => rsa::KeySize::Rsa4096,
        };
        let pair = rsa::KeyPair::generate(size).map_err(|_| JoseError::Library)?;
        let pkcs8 = pair.as_der().map_err(|_| JoseError::Library)?;
        Self::from_pkcs8(pkcs8.as_ref(), purpose, kid)
    }

    fn from_pkcs8(pkcs8: &[u8], purpose: KeyPurpose, kid: &str) -> Result<Self, JoseError> {
        let numbers = der::rsa_numbers(pkcs8)?;
        let mut public = Jwk::from_numbers(&numbers.n, &numbers.e);
        public.kid = Some(kid.to_owned());
        public.alg = Some(purpose.algorithm());
        let (operation, usage) = match purpose {
            KeyPurpose::Encryption => (KeyOperation::WrapKey, "enc"),
            KeyPurpose::Signature => (KeyOperation::Verify, "sig"),
        };
        public.key_ops = vec![operation.as_str().to_owned()];
        public.usage = Some(usage.to_owned());
        let key = Self {
            public,
            d: numbers.d,
            p: numbers.p,
            q: numbers.q,
            dp: numbers.dp,
            dq: numbers.dq,
            qi: numbers.qi,
        };
        key.pair(KeySize::Bits2048)?;
        Ok(key)
    }

    /// Reads the private JWK (RFC 7518 §6.3.2); all Chinese-remainder members must be there.
    ///
    /// # Errors
    /// [`JoseError::Key`] for syntax and for numbers that do not belong together.
    pub fn from_json(json: &str) -> Result<Self, JoseError> {
        if json.len() > MAX_PRIVATE_TEXT {
            return Err(JoseError::TooLong {
                limit: MAX_PRIVATE_TEXT,
            });
        }
        let mut members = strict::object(json.as_bytes()).map_err(JoseError::Key)?;
        if members.contains_key("oth") {
            return Err(JoseError::Key("more than two primes".to_owned()));
        }
        let mut take = |name: &str| -> Result<Zeroizing<Vec<u8>>, JoseError> {
            let Some(serde_json::Value::String(mut text)) = members.remove(name) else {
                return Err(JoseError::Key(format!("`{name}` is missing")));
            };
            let number = b64::decode(&text, Part::Key);
            text.zeroize();
            Ok(Zeroizing::new(number?))
        };
        let (d, p, q) = (take("d")?, take("p")?, take("q")?);
        let (dp, dq, qi) = (take("dp")?, take("dq")?, take("qi")?);
        let mut public: Jwk = serde_json::from_value(members.into())
            .map_err(|error| JoseError::Key(error.to_string()))?;
        rename_operations(&mut public, true);
        let key = Self {
            public,
            d,
            p,
            q,
            dp,
            dq,
            qi,
        };
        key.pair(KeySize::Bits2048)?;
        Ok(key)
    }

    /// The private JWK as text, with `key_ops` of the private half.
    #[must_use]
    pub fn to_json(&self) -> Zeroizing<String> {
        let private = PrivateMembers {
            d: b64::encode(&*self.d),
            p: b64::encode(&*self.p),
            q: b64::encode(&*self.q),
            dp: b64::encode(&*self.dp),
            dq: b64::encode(&*self.dq),
            qi: b64::encode(&*self.qi),
        };
        let mut public = self.public.clone();
        rename_operations(&mut public, false);
        let document = Document {
            public,
            private: &private,
        };
        // Strings and lists of strings always serialise.
        Zeroizing::new(serde_json::to_string(&document).unwrap_or_default())
    }

    /// Reads an unencrypted PKCS #8 key in PEM.
    ///
    /// # Errors
    /// [`JoseError::Key`] when it is anything else.
    pub fn from_pem(pem: &str, purpose: KeyPurpose, kid: &str) -> Result<Self, JoseError> {
        let wrong = || JoseError::Key("not an unencrypted PKCS #8 key in PEM".to_owned());
        if pem.len() > MAX_PRIVATE_TEXT {
            return Err(JoseError::TooLong {
                limit: MAX_PRIVATE_TEXT,
            });
        }
        let (_, rest) = pem.split_once(PEM_BEGIN).ok_or_else(wrong)?;
        let (body, _) = rest.split_once(PEM_END).ok_or_else(wrong)?;
        let body: Zeroizing<String> =
            Zeroizing::new(body.chars().filter(|c| !c.is_ascii_whitespace()).collect());
        let pkcs8 = Zeroizing::new(STANDARD.decode(body.as_bytes()).map_err(|_| wrong())?);
        Self::from_pkcs8(&pkcs8, purpose, kid)
    }

    /// The key as PKCS #8 in PEM.
    ///
    /// # Errors
    /// [`JoseError::Library`] when the library refuses to write it.
    pub fn to_pem(&self) -> Result<Zeroizing<String>, JoseError> {
        let pair = self.pair(KeySize::Bits2048)?;
        let pkcs8 = pair.as_der().map_err(|_| JoseError::Library)?;
        let body = Zeroizing::new(STANDARD.encode(pkcs8.as_ref()));
        let mut pem = Zeroizing::new(format!("{PEM_BEGIN}\n"));
        for (position, character) in body.chars().enumerate() {
            if position > 0 && position % 64 == 0 {
                pem.push('\n');
            }
            pem.push(character);
        }
        pem.push('\n');
        pem.push_str(PEM_END);
        pem.push('\n');
        Ok(pem)
    }

    /// The public half, ready to be published.
    #[must_use]
    pub const fn public(&self) -> &Jwk {
        &self.public
    }

    /// Attaches a certificate chain (base64 DER, leaf first) to the public half.
    #[must_use]
    pub fn with_certificates(mut self, x5c: Vec<String>) -> Self {
        self.public.x5c = x5c;
        self
    }

    /// The key ready for signing.
    ///
    /// # Errors
    /// [`JoseError::Purpose`], [`JoseError::KeySize`], or [`JoseError::Key`] without `kid`.
    pub fn signing_key(&self, at_least: KeySize) -> Result<SigningKey, JoseError> {
        if !self.public.permits(KeyOperation::Verify) {
            return Err(JoseError::Purpose);
        }
        let kid = self.public.kid.clone();
        let kid = kid.ok_or_else(|| JoseError::Key("`kid` is missing".to_owned()))?;
        Ok(SigningKey::new(kid, self.pair(at_least)?))
    }

    /// The key ready for decrypting.
    ///
    /// # Errors
    /// [`JoseError::Purpose`], [`JoseError::KeySize`] or [`JoseError::Library`].
    pub fn decryption_key(&self, at_least: KeySize) -> Result<DecryptionKey, JoseError> {
        if !self.public.permits(KeyOperation::WrapKey) {
            return Err(JoseError::Purpose);
        }
        let pkcs8 = self.pair(at_least)?.as_der();
        DecryptionKey::new(pkcs8.map_err(|_| JoseError::Library)?.as_ref())
    }

    /// Loads the numbers into the library, which checks that they belong together.
    fn pair(&self, at_least: KeySize) -> Result<rsa::KeyPair, JoseError> {
        let (n, e) = self.public.numbers()?;
        require_size(bit_length(&n), at_least)?;
        rsa::KeyPair::from_components(&rsa::KeyPairComponents {
            public_key: rsa::PublicKeyComponents {
                n: n.as_slice(),
                e: e.as_slice(),
            },
            d: self.d.as_slice(),
            p: self.p.as_slice(),
            q: self.q.as_slice(),
            dP: self.dp.as_slice(),
            dQ: self.dq.as_slice(),
            qInv: self.qi.as_slice(),
        })
        .map_err(|_| JoseError::Key("the numbers do not form a private key".to_owned()))
    }
}

/// Private documents name the private operations, public ones the public.
fn rename_operations(key: &mut Jwk, to_public: bool) {
    const PAIRS: [(&str, &str); 3] = [
        ("sign", "verify"),
        ("unwrapKey", "wrapKey"),
        ("decrypt", "encrypt"),
    ];
    for operation in &mut key.key_ops {
        for (private, public) in PAIRS {
            let (from, to) = if to_public {
                (private, public)
            } else {
                (public, private)
            };
            if operation == from {
                *operation = to.to_owned();
                break;
            }
        }
    }
}
