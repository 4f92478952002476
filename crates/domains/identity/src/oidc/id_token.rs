//! The ID token: the provider's signed statement about the person (OpenID Connect Core 1.0 §2).

use einmal_jose::{CompactJws, KeySize};
use einmal_model::Instant;
use serde::Deserialize;

use super::provider::Provider;
use crate::error::IdentityError;
use crate::person::{Attributes, Level};

const MAX_TOKEN: usize = 32 << 10;
/// How far the clocks of both sides may differ.
const LEEWAY_SECONDS: i64 = 60;

/// What the token says, after all checks.
#[derive(Deserialize)]
pub(crate) struct IdToken {
    iss: String,
    pub(crate) sub: String,
    aud: Audience,
    exp: i64,
    iat: i64,
    nonce: String,
    acr: String,
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) means: String,
    #[serde(default)]
    pub(crate) simulated: bool,
    #[serde(default)]
    pub(crate) attributes: Attributes,
    /// Authority the person works for; only in tokens for staff.
    pub(crate) tenant: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn is(&self, client: &str) -> bool {
        match self {
            Self::One(one) => one == client,
            // A token for several parties is refused: nobody else may use what is meant for us.
            Self::Many(many) => matches!(many.as_slice(), [one] if one == client),
        }
    }
}

impl IdToken {
    /// The level of assurance, from `acr`: the short names or the URIs of eIDAS.
    pub(crate) fn level(&self) -> Option<Level> {
        match self
            .acr
            .strip_prefix("http://eidas.europa.eu/LoA/")
            .unwrap_or(&self.acr)
        {
            "low" => Some(Level::Low),
            "substantial" => Some(Level::Substantial),
            "high" => Some(Level::High),
            _ => None,
        }
    }
}

/// Verifies the signature, then reads and checks the claims (§3.1.3.7).
pub(crate) async fn verify(
    token: &str,
    provider: &Provider,
    client_id: &str,
    nonce: &str,
    now: Instant,
) -> Result<IdToken, IdentityError> {
    let refused = IdentityError::Untrusted;
    let jws = CompactJws::parse(token, MAX_TOKEN).map_err(|_| refused("not a PS512 token"))?;
    let kid = jws.header().kid.clone().ok_or(refused("it names no key"))?;
    let key = provider
        .key(&kid)
        .await?
        .ok_or(refused("its key is not the provider's"))?;
    let key = key
        .verification_key(KeySize::Bits2048)
        .map_err(|_| refused("its key is not usable"))?;
    let payload = jws
        .verify(&key)
        .map_err(|_| refused("the signature is wrong"))?;
    let claims: IdToken =
        serde_json::from_slice(payload).map_err(|_| refused("a claim is missing"))?;
    let now = now.as_seconds();
    if claims.iss != provider.issuer() {
        return Err(refused("another issuer"));
    }
    if !claims.aud.is(client_id) {
        return Err(refused("meant for somebody else"));
    }
    if claims.exp <= now - LEEWAY_SECONDS {
        return Err(refused("it has expired"));
    }
    if claims.iat > now + LEEWAY_SECONDS {
        return Err(refused("it is from the future"));
    }
    if !crate::secret::same(&claims.nonce, nonce) {
        return Err(refused("it answers another login"));
    }
    if claims.level().is_none() {
        return Err(refused("its level of assurance is unknown"));
    }
    Ok(claims)
}
