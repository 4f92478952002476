//! Deliver: hands applications from portals to authorities, end-to-end encrypted and with signed
//! receipts, in the wire format of FIT-Connect (submission API v2).
//!
//! The crate has two halves that share nothing but the protocol:
//!
//! - [`Delivery`] is the delivery service (Zustelldienst). It keeps destinations with their public
//!   keys, ciphertext, and the event log; it cannot read what it carries. Every state change is a
//!   security event token, signed once, at the moment of the event, and stored together with the
//!   change.
//! - [`client`] is the library of those who send and receive. It encrypts, resumes after a crash
//!   without delivering twice, checks every signature and every authentication tag, and calls
//!   nothing delivered before the service's event says so.
//!
//! Neither half knows HTTP: the service's HTTP interface is in `einmal-api`, the client asks a
//! [`client::Transport`].

mod access;
pub mod client;
mod content;
mod destination;
mod error;
mod event;
mod event_log;
mod ids;
mod jwe_check;
mod service;
mod settings;
mod signer;
mod submission;

use einmal_storage::Migration;
pub use einmal_storage::StorageError;

pub use access::{AccessToken, Principal, Scope, TokenError, TokenGrant};
pub use content::{AttachmentReader, AttachmentUpload};
pub use destination::{
    Contact, Destination, DestinationDraft, DestinationStatus, PublicService, SubmissionSchema,
};
pub use error::DeliveryError;
pub use event::{Event, EventToken, Issuer, Rejection, SetIssue, Tags};
pub use ids::{AttachmentId, CaseId, ClientId, DestinationId, SubmissionId};
pub use service::Delivery;
pub use settings::{DeliverySettings, Limits};
pub use submission::{
    ApiVersion, Created, Listed, NewSubmission, Page, ServiceRef, Submission, SubmissionContent,
    SubmissionState,
};

/// The tables of this domain.
pub const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "destinations, clients, submissions, events",
    sqlite: include_str!("../migrations/sqlite/0001_delivery.sql"),
    postgres: include_str!("../migrations/postgres/0001_delivery.sql"),
}];
