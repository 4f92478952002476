//! What can go wrong.

use einmal_storage::{CrypterError, StorageError};

use crate::content::ContentError;
use crate::message::MessageError;
use crate::port::PortError;

/// Why something with an application did not work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ApplicationError {
    /// There is none with this id, or it belongs to another account. Both look the same.
    #[error("no such application")]
    NotFound,
    /// There is no life event with this id.
    #[error("no such life event")]
    NoSuchLifeEvent,
    /// The life event has no such question, or it does not apply to this draft.
    #[error("no such question in this application")]
    NoSuchQuestion,
    /// The application was sent and cannot be changed any more.
    #[error("the application is already sent")]
    AlreadySent,
    /// The draft was changed in the meantime, for example in another window.
    #[error("the application was changed in the meantime")]
    Stale,
    /// No leg is chosen.
    #[error("no benefit is chosen")]
    NoLegs,
    /// Questions are open.
    #[error("{0} questions are open")]
    Incomplete(usize),
    /// Legs without an office that takes them online.
    #[error("legs cannot be sent: {}", .0.join(", "))]
    Blocked(Vec<String>),
    /// Another part did not answer.
    #[error(transparent)]
    Port(#[from] PortError),
    /// The content has a gap.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// The content cannot be used.
    #[error(transparent)]
    Content(#[from] ContentError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// A sealed value does not open.
    #[error(transparent)]
    Crypter(#[from] CrypterError),
    /// A stored value is not what it must be.
    #[error("stored `{what}` is unreadable")]
    Corrupt {
        /// Which value.
        what: &'static str,
    },
}
