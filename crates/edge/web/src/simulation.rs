//! The pages of the simulated identity provider, and the documents it answers machines with. Every page says that it is a
//! simulation; nothing here runs without that setting.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use einmal_identity::simulation::{
    AuthorizationRequest, CodeGrant, SimulatedPerson, SimulatedProvider,
};
use einmal_identity::{IdentityError, Level};

use crate::error::PageError;
use crate::fields::{Asked, Fields, Posted};
use crate::frame;
use crate::page::{House, Page, PageResult, show};
use crate::settings::WebSettings;
use crate::sign_in::go_to;
use crate::visit::Visit;

/// What the pages of the simulated provider need.
#[derive(Clone)]
pub struct SimulationState {
    /// Settings of all pages.
    pub settings: Arc<WebSettings>,
    /// The provider; its issuer is the public address followed by `/simulation`.
    pub provider: Arc<SimulatedProvider>,
}

/// Routes of the simulated provider, below `/simulation`.
pub fn simulation(state: SimulationState) -> Router {
    Router::new()
        .route("/simulation/anmeldung", get(people).post(chosen))
        .route("/simulation/token", post(token))
        .route("/simulation/jwks.json", get(keys))
        .route(
            "/simulation/.well-known/openid-configuration",
            get(discovery),
        )
        .with_state(state)
}

/// Names of the request's parameters (OpenID Connect Core 1.0 §3.1.2.1), which the page hands on.
const PARAMETERS: [&str; 7] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
];

fn request(fields: &Fields) -> AuthorizationRequest {
    let given = |name: &str| fields.one(name).to_owned();
    AuthorizationRequest {
        client_id: given("client_id"),
        redirect_uri: given("redirect_uri"),
        response_type: given("response_type"),
        state: given("state"),
        nonce: given("nonce"),
        code_challenge: given("code_challenge"),
        code_challenge_method: given("code_challenge_method"),
    }
}

struct Person {
    id: String,
    name: String,
    level: String,
    description: String,
}

#[derive(Template)]
#[template(path = "simulation/people.html", whitespace = "minimize")]
struct PeoplePage {
    page: Page,
    parameters: Vec<(&'static str, String)>,
    people: Vec<Person>,
}

async fn people(
    State(state): State<SimulationState>,
    Extension(visit): Extension<Visit>,
    Asked(query): Asked,
) -> PageResult {
    let request = request(&query);
    let choices = state.provider.choices(&request).map_err(refused)?;
    let page = Page::new(&visit, &state.settings, House::Simulation, None)
        .named("simulation-title")
        .in_state("filled");
    let people = choices
        .into_iter()
        .map(|person| shown(person, &page))
        .collect();
    let parameters = PARAMETERS
        .into_iter()
        .map(|name| (name, query.one(name).to_owned()))
        .collect();
    let mut answer = show(
        StatusCode::OK,
        &PeoplePage {
            page,
            parameters,
            people,
        },
    )?;
    // The form ends in a redirect to the client, which browsers count as a target of the form.
    if let Ok(policy) = HeaderValue::from_str(&frame::policy(origin(&request.redirect_uri))) {
        answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    Ok(answer)
}

fn shown(person: &SimulatedPerson, page: &Page) -> Person {
    Person {
        id: person.id.clone(),
        name: person.name.clone(),
        level: page.t(match person.level {
            Level::Low => "simulation-level-low",
            Level::Substantial => "simulation-level-substantial",
            Level::High => "simulation-level-high",
        }),
        description: person.note.clone(),
    }
}

/// Scheme and host of a checked address.
fn origin(address: &str) -> &str {
    let host_at = address.find("://").map_or(0, |at| at + 3);
    let end = address
        .get(host_at..)
        .and_then(|rest| rest.find('/'))
        .map_or(address.len(), |at| host_at + at);
    address.get(..end).unwrap_or_default()
}

async fn chosen(State(state): State<SimulationState>, Posted(form): Posted) -> PageResult {
    let target = state
        .provider
        .choose(&request(&form), form.one("person"))
        .await
        .map_err(refused)?;
    Ok(go_to(&target))
}

/// A request that breaks the rules is never sent back to where it asks to be sent.
fn refused(error: IdentityError) -> PageError {
    match error {
        IdentityError::Simulation(_) => PageError::Unreadable,
        other => other.into(),
    }
}

fn json(status: StatusCode, body: String) -> Response {
    let kind = HeaderValue::from_static("application/json");
    (status, [(CONTENT_TYPE, kind)], body).into_response()
}

async fn discovery(State(state): State<SimulationState>) -> Response {
    json(StatusCode::OK, state.provider.discovery().to_string())
}

async fn keys(State(state): State<SimulationState>) -> Response {
    let keys = serde_json::to_string(state.provider.jwks()).unwrap_or_default();
    json(StatusCode::OK, keys)
}

/// Errors as RFC 6749 §5.2 has them.
async fn token(State(state): State<SimulationState>, Posted(form): Posted) -> Response {
    let given = |name: &str| form.one(name).to_owned();
    let grant = CodeGrant {
        grant_type: given("grant_type"),
        code: given("code"),
        client_id: given("client_id"),
        redirect_uri: given("redirect_uri"),
        code_verifier: given("code_verifier"),
    };
    match state.provider.redeem(&grant).await {
        Ok(token) => json(
            StatusCode::OK,
            serde_json::json!({ "access_token": "none", "token_type": "Bearer", "expires_in": 0, "id_token": token })
                .to_string(),
        ),
        Err(IdentityError::Simulation(_)) => json(
            StatusCode::BAD_REQUEST,
            serde_json::json!({ "error": "invalid_grant" }).to_string(),
        ),
        Err(error) => PageError::from(error).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_of_an_address_ends_before_its_path() {
        assert_eq!(
            origin("http://127.0.0.1:8080/anmelden/zurueck"),
            "http://127.0.0.1:8080"
        );
        assert_eq!(origin("https://einmal.example"), "https://einmal.example");
    }
}
