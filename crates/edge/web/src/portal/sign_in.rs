//! `/anmelden`: choose a means, go to the provider, come back; `/abmelden`.

use axum::extract::State;
use axum::http::StatusCode;

use super::PortalState;
use super::guest::{Guest, SESSION};
use crate::address;
use crate::fields::{Asked, Posted};
use crate::page::{FormError, PageResult, show};
use crate::sign_in::{self, Cookies, Means, SignInPage, Trouble};

pub(crate) const COOKIES: Cookies = Cookies {
    session: SESSION,
    login: "einmal-anmeldung",
};

fn sign_in_page(
    state: &PortalState,
    guest: &Guest,
    next: &str,
    trouble: Option<Trouble>,
) -> PageResult {
    let page = guest.page().named("sign-in-title");
    let href = format!("/anmelden/start?weiter={}", address::encode(next));
    let means = if state.settings.simulation {
        Means {
            title: page.t("sign-in-simulated-title"),
            text: page.t("sign-in-simulated-text"),
            button: page.t("sign-in-simulated-button"),
            href,
            simulated: true,
        }
    } else {
        Means {
            title: page.t("sign-in-id-title"),
            text: page.t("sign-in-id-text"),
            button: page.t("sign-in-id-button"),
            href,
            simulated: false,
        }
    };
    let errors: Vec<FormError> = trouble
        .map(|trouble| FormError::new("mittel", page.t(trouble.text())))
        .into_iter()
        .collect();
    let (status, page) = if errors.is_empty() {
        (StatusCode::OK, page.in_state("empty"))
    } else {
        (StatusCode::UNPROCESSABLE_ENTITY, page.with_errors())
    };
    let why = page.t("sign-in-why");
    show(
        status,
        &SignInPage {
            page,
            errors,
            why,
            means: vec![means],
            for_citizens: true,
        },
    )
}

/// Where to go after signing in.
fn next(asked: &Asked) -> &str {
    address::local(asked.0.one("weiter")).unwrap_or("/konto")
}

pub(super) async fn choose(
    State(state): State<PortalState>,
    guest: Guest,
    asked: Asked,
) -> PageResult {
    if guest.is_signed_in() {
        return Ok(sign_in::go_to(next(&asked)));
    }
    sign_in_page(&state, &guest, next(&asked), None)
}

pub(super) async fn start(State(state): State<PortalState>, asked: Asked) -> PageResult {
    sign_in::start(&state.identity, &state.settings, &COOKIES, next(&asked)).await
}

pub(super) async fn back(
    State(state): State<PortalState>,
    guest: Guest,
    Asked(query): Asked,
) -> PageResult {
    let (identity, settings) = (&state.identity, &state.settings);
    match sign_in::finish(identity, settings, &COOKIES, &guest.visit, &query).await? {
        Ok(answer) => Ok(answer),
        Err(trouble) => sign_in_page(&state, &guest, "/konto", Some(trouble)),
    }
}

pub(super) async fn leave(
    State(state): State<PortalState>,
    guest: Guest,
    Posted(form): Posted,
) -> PageResult {
    if guest.is_signed_in() {
        guest.own_form(&form)?;
    }
    sign_in::leave(
        &state.identity,
        &state.settings,
        &COOKIES,
        &guest.visit,
        "/",
    )
    .await
}
