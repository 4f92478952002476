//! Pages for everybody: find, apply, account, help.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use einmal_application::Applications;
use einmal_catalogue::{Catalogue, CatalogueIndex};
use einmal_identity::Identity;
use einmal_model::{Clock, Random};

use crate::settings::WebSettings;

mod draft;
mod find;
mod guest;
mod help;
mod life_event;
mod manage;
mod places;
mod sending;
mod sign_in;

/// What the portal's pages need.
#[derive(Clone)]
pub struct PortalState {
    /// Settings of all pages.
    pub settings: Arc<WebSettings>,
    /// Citizens' accounts and sessions. Its redirect URL is the public address followed by `/anmelden/zurueck`.
    pub identity: Arc<Identity>,
    /// Services, offices and places.
    pub catalogue: Catalogue,
    /// Full-text index over services and life events.
    pub index: CatalogueIndex,
    /// Life events, drafts, sending.
    pub applications: Applications,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The source of randomness.
    pub random: Arc<dyn Random>,
}

/// Routes of the portal.
pub fn portal(state: PortalState) -> Router {
    Router::new()
        .route("/", get(find::start))
        .route("/suche", get(find::search))
        .route("/leistungen/{key}", get(find::service))
        .route("/ort", get(places::ask).post(places::choose))
        .route(
            "/lebenslagen/{event}",
            get(life_event::preview).post(life_event::begin),
        )
        .route("/lebenslagen/{event}/beginnen", get(life_event::resume))
        .route("/antrag/{id}", get(draft::tasks))
        .route(
            "/antrag/{id}/leistungen",
            get(manage::legs).post(manage::choose_legs),
        )
        .route(
            "/antrag/{id}/loeschen",
            get(manage::ask_delete).post(manage::delete),
        )
        .route("/antrag/{id}/pruefen", get(sending::check))
        .route(
            "/antrag/{id}/absenden",
            get(sending::receivers).post(sending::send),
        )
        .route("/antrag/{id}/bestaetigung", get(sending::confirmation))
        .route(
            "/antrag/{id}/{question}",
            get(draft::ask).post(draft::answer),
        )
        .route("/konto", get(sending::account))
        .route("/konto/vorgaenge/{id}", get(sending::status))
        .route("/anmelden", get(sign_in::choose))
        .route("/anmelden/start", get(sign_in::start))
        .route("/anmelden/zurueck", get(sign_in::back))
        .route("/abmelden", post(sign_in::leave))
        .route("/hilfe", get(help::help))
        .route("/barrierefreiheit", get(help::accessibility))
        .route("/datenschutz", get(help::privacy))
        .route("/impressum", get(help::imprint))
        .route("/leichte-sprache", get(help::easy_language))
        .with_state(state)
}
