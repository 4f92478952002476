//! Apply: a life event as data, one application with one *leg* per benefit and authority, answers
//! as facts with their origin, and the delivery of each leg on its own.
//!
//! Pages talk to [`view`]; what is needed from other domains is stated in [`port`].

pub mod port;
pub mod view;

mod ids;

pub use ids::{ApplicationId, LegId};
