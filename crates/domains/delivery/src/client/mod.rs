//! The library of those who send and receive through a delivery service: [`Sender`] for portals,
//! [`Subscriber`] for authorities.
//!
//! Both ask over a [`Transport`], encrypt and decrypt on their own machine, believe no event
//! whose signature they did not check, and are written to be interrupted: everything that must
//! survive a crash is in values that the caller stores ([`Progress`], [`Decision`]).

mod api;
mod metadata;
mod sender;
mod subscriber;
mod transport;
mod verify;

pub use api::{ClientError, ClientSettings};
pub use sender::{DataType, Message, MessageAttachment, Progress, Sender, Step};
pub use subscriber::{
    Decision, Fetched, Received, ReceivedAttachment, ReceiverKeys, Settled, Subscriber, Verdict,
    Waiting,
};
pub use transport::{BoxFuture, Method, Request, Response, Transport, TransportError};
pub use verify::VerifiedEvent;
