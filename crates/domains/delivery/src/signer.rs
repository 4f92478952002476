//! Signs the service's events: few at a time, off the asynchronous threads, because one RSA-4096
//! signature costs about 6 ms of a core.

use std::sync::Arc;

use einmal_jose::{JoseError, Jwk, KeySize, PrivateJwk, SigningKey};
use tokio::sync::Semaphore;

use crate::{DeliveryError, EventToken};

/// `typ` of a security event token (RFC 8417 §2.3).
pub(crate) const SET_TYPE: &str = "secevent+jwt";

#[derive(Clone)]
pub(crate) struct Signer {
    key: Arc<SigningKey>,
    public: Jwk,
    permits: Arc<Semaphore>,
}

impl Signer {
    pub(crate) fn new(key: &PrivateJwk, threads: usize) -> Result<Self, DeliveryError> {
        let signing = key
            .signing_key(KeySize::Bits4096)
            .map_err(DeliveryError::Signing)?;
        Ok(Self {
            key: Arc::new(signing),
            public: key.public().clone(),
            permits: Arc::new(Semaphore::new(threads.max(1))),
        })
    }

    pub(crate) const fn public(&self) -> &Jwk {
        &self.public
    }

    /// Signs one event. Waits while too many others are being signed.
    pub(crate) async fn sign(&self, event: &EventToken) -> Result<String, DeliveryError> {
        let payload = event.payload();
        let library = |_| DeliveryError::Signing(JoseError::Library);
        let permit = Arc::clone(&self.permits).acquire_owned().await;
        let permit = permit.map_err(|_| DeliveryError::Signing(JoseError::Library))?;
        let key = Arc::clone(&self.key);
        tokio::task::spawn_blocking(move || {
            let token = einmal_jose::sign(payload.as_bytes(), &key, SET_TYPE);
            drop(permit);
            token
        })
        .await
        .map_err(library)?
        .map_err(DeliveryError::Signing)
    }
}
