//! The library of those who send and receive through a delivery service: [`Sender`] for portals,
//! [`Subscriber`] for authorities.
//!
//! Both ask over a [`Transport`], encrypt and decrypt on their own machine, believe no event
//! whose signature they did not check, and are written to be interrupted: everything that must
//! survive a crash is in values that the caller stores ([`Progress`], [`Decision`]).

mod api;
mod decide;
mod metadata;
mod receiver_keys;
mod sender;
mod subscriber;
mod transport;
mod verify;

pub use api::{ClientError, ClientSettings};
pub use decide::{Decision, Settled, Verdict};
pub use receiver_keys::ReceiverKeys;
pub use sender::{DataType, Message, MessageAttachment, Progress, Sender, Step};
pub use subscriber::{Fetched, Received, ReceivedAttachment, Subscriber, Waiting};
pub use transport::{BoxFuture, Method, Request, Response, Transport, TransportError};
pub use verify::VerifiedEvent;
