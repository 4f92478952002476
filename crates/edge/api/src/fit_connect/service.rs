//! What the service says about itself.

use axum::Json;
use axum::extract::State;
use einmal_jose::JwkSet;

use super::FitConnect;
use super::wire::{InfoBody, JwkSetBody, VersionBody};
use crate::extract::Uncached;

/// The keys that the service's events are verified with.
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "service",
    responses((status = 200, description = "The keys", body = JwkSetBody)))]
pub(crate) async fn jwks(State(state): State<FitConnect>) -> Uncached<JwkSet> {
    Uncached(state.delivery.jwks())
}

/// The version of the API.
#[utoipa::path(get, path = "/v2/info", tag = "service",
    responses((status = 200, description = "The version", body = InfoBody)))]
pub(crate) async fn info() -> Json<InfoBody> {
    Json(InfoBody {
        version: VersionBody {
            major: 2,
            minor: 0,
            patch: 0,
        },
    })
}
