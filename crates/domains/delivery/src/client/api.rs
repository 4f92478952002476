//! Single calls of the submission API: token, status codes, JSON.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use einmal_jose::{JoseError, Jwk, JwkSet};
use einmal_model::{Clock, Instant};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::transport::{Method, Request, Response, Transport, TransportError};
use crate::{DestinationId, SetIssue};

/// Answers without large content: lists, keys, problems.
const SMALL: usize = 4 << 20;
/// A token that expires sooner is replaced before it is used.
const TOKEN_MARGIN_SECONDS: i64 = 30;
/// What a client assumes when the token endpoint does not say.
const DEFAULT_LIFETIME_SECONDS: i64 = 300;

/// Where the service is and who asks.
#[derive(Clone)]
pub struct ClientSettings {
    /// URL of the token endpoint.
    pub token_url: String,
    /// Base URL of the submission API without the version. Events of the service must name it as
    /// their issuer.
    pub submission_url: String,
    /// OAuth client.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Zeroizing<String>,
}

impl fmt::Debug for ClientSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSettings")
            .field("submission_url", &self.submission_url)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// Why a step of the client failed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// No answer; the step may be repeated.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The service answered with a problem.
    #[error("the service answered {status} ({kind}): {detail}")]
    Refused {
        /// The status code.
        status: u16,
        /// The last part of the problem type.
        kind: String,
        /// The service's words.
        detail: String,
    },
    /// The service answered something that the protocol does not allow.
    #[error("unexpected answer: {0}")]
    Protocol(String),
    /// The destination cannot be used: not active, or its key breaks the rules.
    #[error("the destination cannot be used: {0}")]
    Destination(String),
    /// The destination has another encryption key than the one the content was encrypted with.
    /// Nothing was delivered; prepare again.
    #[error("the destination has a new encryption key")]
    KeyChanged,
    /// An event cannot be believed.
    #[error("the event log cannot be trusted: {0}")]
    Untrusted(String),
    /// An own key cannot be used, or encryption failed.
    #[error("encryption: {0}")]
    Jose(#[from] JoseError),
}

impl From<SetIssue> for ClientError {
    fn from(issue: SetIssue) -> Self {
        Self::Untrusted(issue.to_string())
    }
}

impl ClientError {
    /// True when the same step can succeed later without any change.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::Transport(_) => true,
            Self::Refused { status, .. } => {
                matches!(status, 408 | 429 | 500 | 502 | 503 | 504)
            }
            _ => false,
        }
    }
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    expires_in: Option<i64>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ProblemAnswer {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    detail: String,
    error: String,
}

#[derive(Clone)]
struct CachedToken {
    token: String,
    expires: Instant,
}

/// Calls with a token that is fetched when needed and kept while it is good.
pub(crate) struct Api {
    transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: ClientSettings,
    token: Mutex<Option<CachedToken>>,
    service_keys: Mutex<JwkSet>,
}

impl Api {
    pub(crate) fn new(
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        mut settings: ClientSettings,
    ) -> Self {
        let trimmed = settings.submission_url.trim_end_matches('/').len();
        settings.submission_url.truncate(trimmed);
        Self {
            transport,
            clock,
            settings,
            token: Mutex::new(None),
            service_keys: Mutex::new(JwkSet::default()),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.settings.submission_url)
    }

    /// A GET with a token and an answer in JSON.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        limit: usize,
    ) -> Result<T, ClientError> {
        let body = self
            .call(Method::Get, path, None, Bytes::new(), limit, &[200])
            .await?;
        from_json(&body)
    }

    /// A GET with a token and an answer in bytes.
    pub(crate) async fn get_bytes(&self, path: &str, limit: usize) -> Result<Bytes, ClientError> {
        self.call(Method::Get, path, None, Bytes::new(), limit, &[200])
            .await
    }

    /// A POST or PUT with a token.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        content_type: &'static str,
        body: Bytes,
        accepted: &[u16],
    ) -> Result<Bytes, ClientError> {
        self.call(method, path, Some(content_type), body, SMALL, accepted)
            .await
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        content_type: Option<&'static str>,
        body: Bytes,
        response_limit: usize,
        accepted: &[u16],
    ) -> Result<Bytes, ClientError> {
        let mut fresh = false;
        loop {
            let token = self.token(fresh).await?;
            let request = Request {
                method,
                url: self.url(path),
                bearer: Some(token),
                content_type,
                body: body.clone(),
                response_limit,
            };
            let response = self.transport.send(request).await?;
            // A token may have been revoked or the service restarted with another key: ask once
            // more with a new one. Nothing happened yet, so this is safe for every method.
            if response.status == 401 && !fresh {
                fresh = true;
                continue;
            }
            return expect_status(response, accepted);
        }
    }

    async fn token(&self, fresh: bool) -> Result<String, ClientError> {
        let now = self.clock.now();
        if !fresh {
            let cached = self
                .token
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone();
            if let Some(cached) = cached.filter(|cached| cached.expires > now) {
                return Ok(cached.token);
            }
        }
        let form = format!(
            "grant_type=client_credentials&client_id={}&client_secret={}",
            *form_encode(&self.settings.client_id),
            *form_encode(&self.settings.client_secret)
        );
        let request = Request {
            method: Method::Post,
            url: self.settings.token_url.clone(),
            bearer: None,
            content_type: Some("application/x-www-form-urlencoded"),
            body: form.into(),
            response_limit: SMALL,
        };
        let response = self.transport.send(request).await?;
        let answer: TokenAnswer = from_json(&expect_status(response, &[200])?)?;
        let lifetime = answer.expires_in.unwrap_or(DEFAULT_LIFETIME_SECONDS);
        let cached = CachedToken {
            token: answer.access_token.clone(),
            expires: now.plus_seconds(lifetime.saturating_sub(TOKEN_MARGIN_SECONDS)),
        };
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = Some(cached);
        Ok(answer.access_token)
    }

    /// A GET without a token and an answer in text.
    pub(crate) async fn open_text(&self, path: &str) -> Result<String, ClientError> {
        let request = Request {
            method: Method::Get,
            url: self.url(path),
            bearer: None,
            content_type: None,
            body: Bytes::new(),
            response_limit: SMALL,
        };
        let body = expect_status(self.transport.send(request).await?, &[200])?;
        String::from_utf8(body.to_vec())
            .map_err(|_| ClientError::Protocol("an answer is not UTF-8".to_owned()))
    }

    /// One key of a destination.
    pub(crate) async fn destination_key(
        &self,
        destination: DestinationId,
        kid: &str,
    ) -> Result<Jwk, ClientError> {
        if !kid
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_.~:".contains(&b))
        {
            return Err(ClientError::Protocol(
                "a key has an unusable name".to_owned(),
            ));
        }
        let path = format!("/v2/destinations/{destination}/keys/{kid}");
        let text = self.open_text(&path).await?;
        Jwk::parse(&text).map_err(|error| ClientError::Destination(error.to_string()))
    }

    /// The service's key of this name; fetched anew when it is not known yet.
    pub(crate) async fn service_key(&self, kid: &str) -> Result<Jwk, ClientError> {
        let known = |set: &JwkSet| set.find(kid).cloned();
        let cached = known(
            &self
                .service_keys
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        );
        if let Some(key) = cached {
            return Ok(key);
        }
        let text = self.open_text("/.well-known/jwks.json").await?;
        let set = JwkSet::parse(&text).map_err(|e| ClientError::Untrusted(e.to_string()))?;
        let key = known(&set);
        *self
            .service_keys
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = set;
        key.ok_or_else(|| ClientError::Untrusted("an event names an unknown key".to_owned()))
    }
}

fn expect_status(response: Response, accepted: &[u16]) -> Result<Bytes, ClientError> {
    if accepted.contains(&response.status) {
        return Ok(response.body);
    }
    let problem: ProblemAnswer = serde_json::from_slice(&response.body).unwrap_or_default();
    let kind = problem.kind.rsplit('/').next().unwrap_or_default();
    let first = |texts: [&str; 2]| {
        let text = texts.into_iter().find(|text| !text.is_empty());
        text.unwrap_or("no details").chars().take(500).collect()
    };
    Err(ClientError::Refused {
        status: response.status,
        kind: first([kind, &problem.error]),
        detail: first([&problem.detail, &problem.title]),
    })
}

pub(crate) fn from_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, ClientError> {
    serde_json::from_slice(body)
        .map_err(|error| ClientError::Protocol(format!("an answer cannot be read: {error}")))
}

/// `application/x-www-form-urlencoded` of one value.
fn form_encode(value: &str) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(value.len()));
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.*".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}
