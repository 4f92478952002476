//! The private keys of a receiver.

use std::fmt;
use std::sync::Arc;

use einmal_jose::{DecryptionKey, JoseError, KeySize, PrivateJwk, SigningKey};

use crate::DestinationId;

/// The keys of one destination.
pub struct ReceiverKeys {
    pub(super) destination: DestinationId,
    decryption: Vec<Arc<NamedKey>>,
    pub(super) signing: Arc<SigningKey>,
}

pub(super) struct NamedKey {
    kid: Option<String>,
    thumbprint: String,
    pub(super) key: DecryptionKey,
}

impl ReceiverKeys {
    /// The current and former decryption keys and the current signing key of a destination.
    ///
    /// # Errors
    /// [`JoseError`] when a key has another purpose or fewer than 4096 bits.
    pub fn new(
        destination: DestinationId,
        decryption: &[PrivateJwk],
        signing: &PrivateJwk,
    ) -> Result<Self, JoseError> {
        let named = decryption.iter().map(|key| {
            Ok(Arc::new(NamedKey {
                kid: key.public().kid.clone(),
                thumbprint: key.public().thumbprint(),
                key: key.decryption_key(KeySize::Bits4096)?,
            }))
        });
        Ok(Self {
            destination,
            decryption: named.collect::<Result<_, JoseError>>()?,
            signing: Arc::new(signing.signing_key(KeySize::Bits4096)?),
        })
    }

    /// The destination the keys belong to.
    #[must_use]
    pub const fn destination(&self) -> DestinationId {
        self.destination
    }

    /// The key a header names; the first one when it names none.
    pub(super) fn find(&self, kid: Option<&str>) -> Option<Arc<NamedKey>> {
        let Some(kid) = kid else {
            return self.decryption.first().cloned();
        };
        let fits = |key: &&Arc<NamedKey>| key.kid.as_deref() == Some(kid) || key.thumbprint == kid;
        self.decryption.iter().find(fits).cloned()
    }
}

impl fmt::Debug for ReceiverKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReceiverKeys({})", self.destination)
    }
}
