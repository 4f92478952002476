//! What can go wrong.

use einmal_model::Instant;
use einmal_storage::{CrypterError, StorageError};

use crate::port::PortFailure;
use crate::state::Verdict;
use crate::tenant::TenantId;

/// A failure of this domain.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CaseworkError {
    /// There is no such case or attachment for this tenant. A case of another tenant is "not found"
    /// too.
    #[error("no such case")]
    NotFound,
    /// The tenant is not registered here.
    #[error("no tenant `{0}`")]
    UnknownTenant(TenantId),
    /// The delivery service could not be asked.
    #[error("delivery service: {0}")]
    Inbox(#[from] PortFailure),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A stored field cannot be sealed or opened.
    #[error(transparent)]
    Crypter(#[from] CrypterError),
    /// A stored text is not what this program wrote.
    #[error("stored {0} cannot be read")]
    Stored(&'static str),
}

/// Why a decision was not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecideError {
    /// Somebody decided before. Does not say who: that is nobody's business in the workbench.
    #[error("already {} at {at}", verdict.code())]
    AlreadyDecided {
        /// What was decided.
        verdict: Verdict,
        /// When.
        at: Instant,
    },
    /// The submission could not be read and is rejected automatically.
    #[error("the submission cannot be read and is rejected automatically")]
    NotReadable,
    /// Everything else.
    #[error(transparent)]
    Casework(#[from] CaseworkError),
}

impl From<StorageError> for DecideError {
    fn from(error: StorageError) -> Self {
        Self::Casework(error.into())
    }
}

impl From<CrypterError> for DecideError {
    fn from(error: CrypterError) -> Self {
        Self::Casework(error.into())
    }
}
