//! Why a login or a session did not come about.

use einmal_jose::JoseError;
use einmal_storage::{CrypterError, StorageError};

use crate::oidc::ProviderFailure;

/// A refusal or a failure.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// The login was not begun in this browser, was finished already or took too long.
    #[error("no such login: begun in another browser, used already, or expired")]
    UnknownLogin,
    /// The person or the provider broke off.
    #[error("the provider broke off: {0}")]
    BrokenOff(String),
    /// The provider's statement about the person cannot be believed.
    #[error("the ID token was refused: {0}")]
    Untrusted(&'static str),
    /// The provider did not answer, or not as the standard says.
    #[error(transparent)]
    Provider(#[from] ProviderFailure),
    /// The means of identification is weaker than asked for.
    #[error("the level of assurance is too low")]
    LevelTooLow,
    /// The person is no member of staff here.
    #[error("the person does not work here")]
    NotStaff,
    /// A key cannot be used.
    #[error("key: {0}")]
    Key(#[from] JoseError),
    /// A sealed field does not open.
    #[error(transparent)]
    Crypter(#[from] CrypterError),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A file of the demonstration world is wrong.
    #[error("people of the simulation: {0}")]
    People(String),
    /// Something was asked of the simulated provider that its rules do not allow.
    #[error("simulated provider: {0}")]
    Simulation(&'static str),
}
