//! The provider's documents and its token endpoint, through a port.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use einmal_jose::{Jwk, JwkSet};
use einmal_model::{Clock, Instant};
use serde::Deserialize;
use tokio::sync::Mutex;

/// A boxed future, so that the port can be a trait object.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The provider's documents are asked for again after this long.
const FRESH_SECONDS: i64 = 600;
/// An unknown key makes us ask again, but not more often than this.
const PATIENCE_SECONDS: i64 = 10;

/// The provider did not answer, or not as the standard says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("identity provider: {0}")]
pub struct ProviderFailure(pub String);

/// HTTP to the provider. Implementations limit the size of answers, follow no redirects and have a
/// timeout; statuses other than 200 are a [`ProviderFailure`].
pub trait ProviderHttp: Send + Sync {
    /// Reads a document.
    fn get<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Vec<u8>, ProviderFailure>>;

    /// Posts a form (`application/x-www-form-urlencoded`).
    fn post_form<'a>(
        &'a self,
        url: &'a str,
        form: &'a [(&'a str, &'a str)],
    ) -> BoxFuture<'a, Result<Vec<u8>, ProviderFailure>>;
}

/// The part of the discovery document that we use (OpenID Connect Discovery 1.0 §3).
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Discovery {
    issuer: String,
    pub(crate) authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
}

#[derive(Deserialize)]
struct TokenAnswer {
    id_token: String,
}

struct Known {
    discovery: Discovery,
    keys: JwkSet,
    at: Instant,
}

/// A provider and what is known of it at present.
pub(crate) struct Provider {
    issuer: String,
    http: Arc<dyn ProviderHttp>,
    clock: Arc<dyn Clock>,
    known: Mutex<Option<Known>>,
}

impl Provider {
    pub(crate) fn new(issuer: String, http: Arc<dyn ProviderHttp>, clock: Arc<dyn Clock>) -> Self {
        Self {
            issuer,
            http,
            clock,
            known: Mutex::new(None),
        }
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    pub(crate) async fn discovery(&self) -> Result<Discovery, ProviderFailure> {
        let mut known = self.known.lock().await;
        if let Some(known) = known.as_ref()
            && self.age(known) < FRESH_SECONDS
        {
            return Ok(known.discovery.clone());
        }
        let fresh = self.ask().await?;
        let discovery = fresh.discovery.clone();
        *known = Some(fresh);
        Ok(discovery)
    }

    /// The key of this name; asks the provider again when it is not known, as keys change.
    pub(crate) async fn key(&self, kid: &str) -> Result<Option<Jwk>, ProviderFailure> {
        let mut known = self.known.lock().await;
        if let Some(known) = known.as_ref() {
            let found = known.keys.find(kid).cloned();
            if found.is_some() || self.age(known) < PATIENCE_SECONDS {
                return Ok(found);
            }
        }
        let fresh = self.ask().await?;
        let found = fresh.keys.find(kid).cloned();
        *known = Some(fresh);
        Ok(found)
    }

    /// Exchanges an authorization code for the ID token (RFC 6749 §4.1.3, RFC 7636 §4.5).
    pub(crate) async fn redeem(
        &self,
        code: &str,
        client_id: &str,
        redirect_url: &str,
        verifier: &str,
    ) -> Result<String, ProviderFailure> {
        let discovery = self.discovery().await?;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("client_id", client_id),
            ("redirect_uri", redirect_url),
            ("code_verifier", verifier),
        ];
        let answer = self
            .http
            .post_form(&discovery.token_endpoint, &form)
            .await?;
        let answer: TokenAnswer = serde_json::from_slice(&answer)
            .map_err(|_| ProviderFailure("the token answer holds no ID token".to_owned()))?;
        Ok(answer.id_token)
    }

    async fn ask(&self) -> Result<Known, ProviderFailure> {
        let url = format!("{}/.well-known/openid-configuration", self.issuer);
        let discovery: Discovery = serde_json::from_slice(&self.http.get(&url).await?)
            .map_err(|_| ProviderFailure("the discovery document is not valid".to_owned()))?;
        if discovery.issuer != self.issuer {
            return Err(ProviderFailure(
                "the discovery document names another issuer".to_owned(),
            ));
        }
        let keys = self.http.get(&discovery.jwks_uri).await?;
        let keys = std::str::from_utf8(&keys)
            .ok()
            .and_then(|text| JwkSet::parse(text).ok())
            .ok_or_else(|| ProviderFailure("the key set is not valid".to_owned()))?;
        Ok(Known {
            discovery,
            keys,
            at: self.clock.now(),
        })
    }

    fn age(&self, known: &Known) -> i64 {
        self.clock.now().as_seconds() - known.at.as_seconds()
    }
}
