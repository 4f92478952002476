//! `/amt/anmelden` and `/amt/abmelden`.

use axum::extract::State;
use axum::http::StatusCode;

use super::AuthorityState;
use super::staff::{SESSION, Visitor};
use crate::address;
use crate::fields::{Asked, Posted};
use crate::page::{FormError, PageResult, show};
use crate::sign_in::{self, Cookies, Means, SignInPage, Trouble};

const COOKIES: Cookies = Cookies {
    session: SESSION,
    login: "einmal-amt-anmeldung",
};

fn sign_in_page(
    state: &AuthorityState,
    visitor: &Visitor,
    next: &str,
    trouble: Option<Trouble>,
) -> PageResult {
    let page = visitor.page().named("staff-sign-in-title");
    let simulated = state.settings.simulation;
    let (title, text, button) = if simulated {
        (
            "sign-in-simulated-title",
            "staff-sign-in-simulated-text",
            "sign-in-simulated-button",
        )
    } else {
        (
            "staff-sign-in-account",
            "staff-sign-in-text",
            "staff-sign-in-button",
        )
    };
    let means = Means {
        title: page.t(title),
        text: page.t(text),
        button: page.t(button),
        href: format!("/amt/anmelden/start?weiter={}", address::encode(next)),
        simulated,
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
    let template = SignInPage {
        why: page.t("staff-sign-in-why"),
        page,
        errors,
        means: vec![means],
        for_citizens: false,
    };
    show(status, &template)
}

/// Where to go after signing in.
fn next(asked: &Asked) -> &str {
    address::local(asked.0.one("weiter")).unwrap_or("/amt")
}

pub(super) async fn choose(
    State(state): State<AuthorityState>,
    visitor: Visitor,
    asked: Asked,
) -> PageResult {
    if visitor.is_signed_in() {
        return Ok(sign_in::go_to(next(&asked)));
    }
    sign_in_page(&state, &visitor, next(&asked), None)
}

pub(super) async fn start(State(state): State<AuthorityState>, asked: Asked) -> PageResult {
    sign_in::start(&state.identity, &state.settings, &COOKIES, next(&asked)).await
}

pub(super) async fn back(
    State(state): State<AuthorityState>,
    visitor: Visitor,
    Asked(query): Asked,
) -> PageResult {
    let (identity, settings) = (&state.identity, &state.settings);
    match sign_in::finish(identity, settings, &COOKIES, &visitor.visit, &query).await? {
        Ok(answer) => Ok(answer),
        Err(trouble) => sign_in_page(&state, &visitor, "/amt", Some(trouble)),
    }
}

pub(super) async fn leave(
    State(state): State<AuthorityState>,
    visitor: Visitor,
    Posted(form): Posted,
) -> PageResult {
    if visitor.is_signed_in() {
        visitor.own_form(&form, "/amt")?;
    }
    let (identity, settings) = (&state.identity, &state.settings);
    sign_in::leave(identity, settings, &COOKIES, &visitor.visit, "/amt").await
}
