//! Apply: a life event as data, one application with one *leg* per benefit and authority, answers
//! as facts with their origin, and the delivery of each leg on its own.
//!
//! Pages talk to [`view`]; what is needed from other domains is stated in [`port`].

pub mod content;
pub mod port;
pub mod view;

mod ids;
mod value;

pub use content::{ContentError, LifeEvent};
pub use ids::{ApplicationId, LegId};
pub use value::{Answer, Answers, FactValue};
