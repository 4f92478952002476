//! Places: what people type becomes a place of the directory; ambiguity goes back to the person. `/ort` keeps one choice
//! in the browser.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use einmal_application::view::Place;

use super::PortalState;
use super::guest::Guest;
use crate::address;
use crate::error::PageError;
use crate::fields::{Asked, Posted};
use crate::page::{FormError, Page, PageResult, show};
use crate::sign_in::{go_to, with_cookie};
use crate::visit::Visit;

/// Name of the cookie that holds the region key, without prefix.
const COOKIE: &str = "einmal-ort";
const COOKIE_SECONDS: u32 = 30 * 24 * 60 * 60;
/// Longer texts name no place.
const LONGEST: usize = 120;

/// One place to choose from.
pub(super) struct Candidate {
    pub(super) ars: String,
    pub(super) text: String,
}

impl Candidate {
    pub(super) fn new(place: &Place) -> Self {
        Self {
            ars: place.ars.to_string(),
            text: words(place),
        }
    }
}

/// A place in words: "27568 Bremerhaven (Bremen)".
pub(super) fn words(place: &Place) -> String {
    let mut text = String::new();
    if let Some(postcode) = &place.postcode {
        text.push_str(postcode);
        text.push(' ');
    }
    text.push_str(&place.name);
    if let Some(within) = &place.within
        && *within != place.name
    {
        text.push_str(&format!(" ({within})"));
    }
    text
}

/// A place as it stands in an input: what people would type for it.
pub(super) fn typed(place: &Place) -> String {
    match &place.postcode {
        Some(postcode) => format!("{postcode} {}", place.name),
        None => place.name.clone(),
    }
}

/// What became of a typed text.
pub(super) enum Found {
    /// Nothing was typed.
    Nothing,
    /// The directory knows no such place.
    Unknown,
    /// One place.
    One(Place),
    /// Several fit.
    Several(Vec<Place>),
}

/// Looks up what was typed or, before that, the region key that was chosen among candidates.
pub(super) async fn find(
    state: &PortalState,
    typed: &str,
    choice: &str,
) -> Result<Found, PageError> {
    let wanted = if choice.is_empty() { typed } else { choice };
    if wanted.is_empty() {
        return Ok(Found::Nothing);
    }
    if wanted.chars().count() > LONGEST {
        return Ok(Found::Unknown);
    }
    let mut places = state.applications.find_places(wanted).await?;
    Ok(match places.len() {
        0 => Found::Unknown,
        1 => places.pop().map_or(Found::Unknown, Found::One),
        _ => Found::Several(places),
    })
}

/// The place that this browser remembers.
pub(super) async fn remembered(
    state: &PortalState,
    visit: &Visit,
) -> Result<Option<Place>, PageError> {
    let Some(key) = visit.cookie(&state.settings.cookie_name(COOKIE)) else {
        return Ok(None);
    };
    if key.parse::<einmal_model::Ars>().is_err() {
        return Ok(None);
    }
    match find(state, "", key).await? {
        Found::One(place) => Ok(Some(place)),
        _ => Ok(None),
    }
}

#[derive(Template)]
#[template(path = "find/place.html", whitespace = "minimize")]
struct PlacePage {
    page: Page,
    next: String,
    typed: String,
    candidates: Vec<Candidate>,
    errors: Vec<FormError>,
    has_place: bool,
}

fn next(target: &str) -> String {
    address::local(target).unwrap_or("/").to_owned()
}

pub(super) async fn ask(
    State(state): State<PortalState>,
    guest: Guest,
    Asked(query): Asked,
) -> PageResult {
    let place = remembered(&state, &guest.visit).await?;
    let page = guest.page().named("place-title");
    let template = PlacePage {
        page: page.in_state(if place.is_some() { "filled" } else { "empty" }),
        next: next(query.one("weiter")),
        typed: place.as_ref().map(typed).unwrap_or_default(),
        candidates: Vec::new(),
        errors: Vec::new(),
        has_place: place.is_some(),
    };
    show(StatusCode::OK, &template)
}

pub(super) async fn choose(
    State(state): State<PortalState>,
    guest: Guest,
    Posted(form): Posted,
) -> PageResult {
    let next = next(form.one("weiter"));
    if form.has("entfernen") {
        let over = state.settings.secret_cookie(COOKIE, "", Some(0));
        return Ok(with_cookie(go_to(&next), &over));
    }
    let before = remembered(&state, &guest.visit).await?;
    let choice = form.one("auswahl");
    // A name that several places share stays chosen when nobody touched it.
    if let Some(place) = &before
        && choice.is_empty()
        && typed(place) == form.one("ort")
    {
        return Ok(go_to(&next));
    }
    let page = guest.page().named("place-title");
    let (error, candidates) = match find(&state, form.one("ort"), choice).await? {
        Found::One(place) => {
            let key = place.ars.to_string();
            let cookie = state
                .settings
                .secret_cookie(COOKIE, &key, Some(COOKIE_SECONDS));
            return Ok(with_cookie(go_to(&next), &cookie));
        }
        Found::Nothing => (page.t("place-missing"), Vec::new()),
        Found::Unknown => (page.t("place-not-found"), Vec::new()),
        Found::Several(places) => (page.t("place-ambiguous"), places),
    };
    let template = PlacePage {
        page: page.with_errors(),
        next,
        typed: form.one("ort").to_owned(),
        candidates: candidates.iter().map(Candidate::new).collect(),
        errors: vec![FormError::new("ort", error)],
        has_place: before.is_some(),
    };
    show(StatusCode::UNPROCESSABLE_ENTITY, &template)
}
