//! Apply: a life event as data, one application with one *leg* per benefit and authority, answers
//! as facts with their origin, and the delivery of each leg on its own.
//!
//! - [`content`]: the life event, loaded from a folder and checked as a whole.
//! - [`journey`], [`page`], [`input`]: which question comes next, what is typed becomes facts.
//! - [`message`]: what an office receives.
//! - [`Applications`]: drafts, sending and status, on the database; what pages call.
//! - [`view`]: what pages show. [`port`]: what is needed from other domains.

pub mod content;
pub mod input;
pub mod journey;
pub mod message;
pub mod page;
pub mod plan;
pub mod port;
pub mod view;
pub mod words;

mod bytes;
mod deliver;
mod error;
mod ids;
mod send;
mod service;
mod store;
mod value;

pub use content::{ContentError, LifeEvent};
pub use deliver::{Deliveries, DeliverySettings};
pub use error::ApplicationError;
pub use ids::{ApplicationId, LegId};
pub use service::{Applications, Foundation, Identification, NewApplication, SavedPage};
pub use store::MIGRATIONS;
pub use value::{Answer, Answers, FactValue};
