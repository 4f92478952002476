//! FIT-Connect over HTTP: token endpoint, submission API v2, destination API (reading).
//!
//! ```text
//! POST {token}
//! GET  {submission}/.well-known/jwks.json
//! GET  {submission}/v2/info
//! GET  {submission}/v2/destinations/{id}            GET {submission}/v2/destinations/{id}/keys/{kid}
//! POST {submission}/v2/submissions                  GET {submission}/v2/submissions
//! PUT  {submission}/v2/submissions/{id}             GET {submission}/v2/submissions/{id}
//! PUT  {submission}/v2/submissions/{id}/attachments/{aid}   GET likewise
//! GET  {submission}/v2/submissions/{id}/events
//! GET  {submission}/v2/cases/{id}/events            POST {submission}/v2/cases/{id}/events
//! GET  {destination}/v2/destinations/{id}           GET {destination}/v2/destinations/{id}/keys[/{kid}]
//! ```

mod cases;
mod destinations;
mod service;
mod submissions;
mod token;
mod wire;

use axum::Router;
use einmal_delivery::Delivery;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::problem;

/// What the routes work on.
#[derive(Clone, Debug)]
pub struct FitConnect {
    /// The delivery service.
    pub delivery: Delivery,
    /// Where the routes are.
    pub paths: Paths,
}

/// Paths before the first version segment. The submission path must be the path of the service's
/// [`base_url`](einmal_delivery::DeliverySettings::base_url).
#[derive(Clone, Debug)]
pub struct Paths {
    /// The token endpoint.
    pub token: String,
    /// Prefix of the submission API.
    pub submission: String,
    /// Prefix of the destination API.
    pub destination: String,
}

impl Default for Paths {
    fn default() -> Self {
        Self {
            token: "/token".to_owned(),
            submission: "/submission-api".to_owned(),
            destination: "/destination-api".to_owned(),
        }
    }
}

impl FitConnect {
    /// The service under the usual paths.
    #[must_use]
    pub fn new(delivery: Delivery) -> Self {
        Self {
            delivery,
            paths: Paths::default(),
        }
    }
}

/// All routes. Bodies are limited by the service's own settings, so outer layers must not put a
/// smaller limit on them.
pub fn router(state: FitConnect) -> Router {
    let (router, _) = routes(&state.paths).split_for_parts();
    router
        .method_not_allowed_fallback(problem::no_such_method)
        .layer(axum::middleware::from_fn(problem::describe))
        .with_state(state)
}

fn routes(paths: &Paths) -> OpenApiRouter<FitConnect> {
    let submission = OpenApiRouter::new()
        .routes(routes!(service::jwks))
        .routes(routes!(service::info))
        .routes(routes!(destinations::read))
        .routes(routes!(destinations::read_key))
        .routes(routes!(submissions::create, submissions::list))
        .routes(routes!(submissions::submit, submissions::fetch))
        .routes(routes!(
            submissions::upload_attachment,
            submissions::fetch_attachment
        ))
        .routes(routes!(cases::submission_events))
        .routes(routes!(cases::case_events, cases::post_event))
        .fallback(problem::no_such_path);
    let destination = OpenApiRouter::new()
        .routes(routes!(destinations::read_managed))
        .routes(routes!(destinations::read_managed_keys))
        .routes(routes!(destinations::read_managed_key))
        .fallback(problem::no_such_path);
    let document = Document::openapi();
    OpenApiRouter::with_openapi(document)
        .routes(routes!(token::grant))
        .nest(&paths.submission, submission)
        .nest(&paths.destination, destination)
}

#[derive(OpenApi)]
#[openapi(info(
    title = "Einmal delivery service",
    version = "2.0.0",
    description = "FIT-Connect submission API v2, with the token endpoint and the reading part of the destination API.",
    license(name = "EUPL-1.2", identifier = "EUPL-1.2")
), modifiers(&Security))]
struct Document;

struct Security;

impl utoipa::Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{ClientCredentials, Flow, OAuth2, Scopes, SecurityScheme};
        let scopes = einmal_delivery::Scope::ALL
            .into_iter()
            .map(|scope| (scope.uri(), String::new()));
        let flow = ClientCredentials::new(Paths::default().token, Scopes::from_iter(scopes));
        let scheme = SecurityScheme::OAuth2(OAuth2::new([Flow::ClientCredentials(flow)]));
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("oauth2", scheme);
    }
}

/// The OpenAPI document under the usual paths, as indented JSON.
pub(crate) fn openapi() -> String {
    let document = routes(&Paths::default()).into_openapi();
    let mut text = document.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}
