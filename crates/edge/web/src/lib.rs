//! Server-rendered pages for people; every page works without scripts.
//!
//! Three houses: [`portal`] for everybody, [`authority`] for the staff of authorities, [`simulation`] for the people of
//! the demonstration world. Each is a router; [`pages`] puts the shared frame around the ones a process runs: language,
//! request id, security headers, protection against forged requests, error pages, style sheet and fonts.
//!
//! Handlers ask the domains for plain view data, templates print it. Words are in `locales/`, never in code.

pub mod assets;
pub mod settings;

mod address;
mod authority;
mod error;
mod fields;
mod form_token;
mod frame;
mod labels;
mod page;
mod portal;
mod sign_in;
mod simulation;
mod texts;
mod visit;

use std::sync::Arc;

use axum::Router;
use einmal_model::Random;

pub use authority::{AuthorityState, authority};
pub use portal::{PortalState, portal};
pub use settings::{Operator, WebSettings};
pub use simulation::{SimulationState, simulation};

/// Puts the frame that all pages share around the routers of the houses that a process runs. The answer has a fallback
/// (the page for unknown addresses): merge it with routers that have none.
pub fn pages(
    settings: WebSettings,
    random: Arc<dyn Random>,
    houses: impl IntoIterator<Item = Router>,
) -> Router {
    let routes = houses
        .into_iter()
        .fold(Router::new(), Router::merge)
        .merge(assets::routes())
        .fallback(async || error::PageError::NotFound);
    frame::around(routes, Arc::new(settings), random)
}
