//! The delivery service itself: what all its operations share.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::{hkdf, hmac};
use einmal_jose::{JoseError, Jwk, JwkSet, PrivateJwk};
use einmal_model::{Clock, Instant, Random};
use einmal_storage::Db;

use crate::signer::Signer;
use crate::{DeliveryError, DeliverySettings, MIGRATIONS};

/// The delivery service (Zustelldienst). Cheap to clone; all clones share keys and database.
///
/// Operations for partners take the [`Principal`](crate::Principal) that
/// [`authorise`](Self::authorise) gave for their access token; operations without one are the
/// operator's and must not be reachable from outside.
#[derive(Clone)]
pub struct Delivery {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) settings: DeliverySettings,
    pub(crate) signer: Signer,
    pub(crate) token_key: hmac::Key,
}

impl Delivery {
    /// Brings the tables up to date and opens the service.
    ///
    /// `signing_key` is an RSA-4096 key for `PS512` with a `kid`; its public half is published and
    /// signs all events. The key for access tokens is derived from it, so that all nodes with the
    /// same signing key accept each other's tokens.
    ///
    /// # Errors
    /// [`DeliveryError::Signing`] when the key cannot be used, [`DeliveryError::BadRequest`] for a
    /// base URL that is none, [`DeliveryError::Storage`].
    pub async fn open(
        db: Db,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        settings: DeliverySettings,
        signing_key: &PrivateJwk,
    ) -> Result<Self, DeliveryError> {
        // Readers tell the service's events from those of destinations by this beginning.
        if !settings.base_url.starts_with("http") {
            let text = "the base URL of the delivery service must begin with http".to_owned();
            return Err(DeliveryError::BadRequest(text));
        }
        db.migrate("delivery", MIGRATIONS).await?;
        let signer = Signer::new(signing_key, settings.signing_threads)?;
        let token_key = token_key(signing_key).map_err(DeliveryError::Signing)?;
        Ok(Self {
            inner: Arc::new(Inner {
                db,
                clock,
                random,
                settings,
                signer,
                token_key,
            }),
        })
    }

    /// The settings the service was opened with.
    #[must_use]
    pub fn settings(&self) -> &DeliverySettings {
        &self.inner.settings
    }

    /// The public keys with which the service's events are verified
    /// (`/.well-known/jwks.json`).
    #[must_use]
    pub fn jwks(&self) -> JwkSet {
        JwkSet {
            keys: vec![self.signing_jwk().clone()],
        }
    }

    pub(crate) fn signing_jwk(&self) -> &Jwk {
        self.inner.signer.public()
    }

    pub(crate) fn now(&self) -> Instant {
        self.inner.clock.now()
    }

    pub(crate) fn new_uuid(&self) -> einmal_model::reexport::Uuid {
        einmal_model::new_uuid(&*self.inner.clock, &*self.inner.random)
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("base_url", &self.inner.settings.base_url)
            .finish_non_exhaustive()
    }
}

/// Derives the key of the access tokens from the signing key (HKDF, RFC 5869).
fn token_key(signing_key: &PrivateJwk) -> Result<hmac::Key, JoseError> {
    let secret = signing_key.to_json();
    let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"einmal-delivery");
    salt.extract(secret.as_bytes())
        .expand(&[b"access-token 1"], hmac::HMAC_SHA256)
        .map(hmac::Key::from)
        .map_err(|_| JoseError::Library)
}
