//! Pages for the staff of authorities, below `/amt`.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use einmal_casework::Casework;
use einmal_identity::Identity;
use einmal_model::{Clock, Random};

use crate::settings::WebSettings;

mod case;
mod inbox;
mod sign_in;
mod staff;

/// What the pages for staff need.
#[derive(Clone)]
pub struct AuthorityState {
    /// Settings of all pages.
    pub settings: Arc<WebSettings>,
    /// Sign-in of staff. Its redirect URL is the public address followed by `/amt/anmelden/zurueck`.
    pub identity: Arc<Identity>,
    /// The cases of all authorities of this process.
    pub casework: Casework,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The source of randomness.
    pub random: Arc<dyn Random>,
}

/// Routes of the workbench.
pub fn authority(state: AuthorityState) -> Router {
    Router::new()
        .route("/amt", get(inbox::inbox))
        .route("/amt/vorgaenge/{id}", get(case::show_case))
        .route(
            "/amt/vorgaenge/{id}/annehmen",
            get(case::to_case).post(case::accept),
        )
        .route(
            "/amt/vorgaenge/{id}/zurueckweisen",
            get(case::to_case).post(case::reject),
        )
        .route(
            "/amt/vorgaenge/{id}/anlagen/{attachment}",
            get(case::attachment),
        )
        .route("/amt/anmelden", get(sign_in::choose))
        .route("/amt/anmelden/start", get(sign_in::start))
        .route("/amt/anmelden/zurueck", get(sign_in::back))
        .route("/amt/abmelden", post(sign_in::leave))
        .with_state(state)
}
