//! Destinations and their keys: open to everybody, on the submission and on the destination API.

use axum::extract::State;
use einmal_delivery::DeliveryError;
use einmal_jose::{Jwk, JwkSet};

use super::FitConnect;
use super::wire::{DestinationBody, JwkBody, JwkSetBody};
use crate::extract::{PathParts, Uncached, path_id};
use crate::problem::{ApiError, ProblemDocument};

/// A destination.
#[utoipa::path(get, path = "/v2/destinations/{destinationId}", tag = "destinations",
    params(("destinationId" = String, Path, description = "The destination")),
    responses(
        (status = 200, description = "The destination", body = DestinationBody),
        (status = 404, description = "No such destination", body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn read(
    State(state): State<FitConnect>,
    PathParts(id): PathParts<String>,
) -> Result<Uncached<DestinationBody>, ApiError> {
    let id = path_id(&id, DeliveryError::DestinationNotFound)?;
    Ok(Uncached(state.delivery.destination(id).await?.into()))
}

/// One key of a destination, by name or thumbprint; encryption and signature keys alike.
#[utoipa::path(get, path = "/v2/destinations/{destinationId}/keys/{keyId}", tag = "destinations",
    params(
        ("destinationId" = String, Path, description = "The destination"),
        ("keyId" = String, Path, description = "`kid` or RFC 7638 thumbprint")),
    responses(
        (status = 200, description = "The key", body = JwkBody),
        (status = 404, description = "No such destination or key", body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn read_key(
    State(state): State<FitConnect>,
    PathParts((id, kid)): PathParts<(String, String)>,
) -> Result<Uncached<Jwk>, ApiError> {
    let id = path_id(&id, DeliveryError::DestinationNotFound)?;
    Ok(Uncached(state.delivery.destination_key(id, &kid).await?))
}

/// A destination, on the destination API.
#[utoipa::path(get, path = "/v2/destinations/{destinationId}", tag = "destination API",
    params(("destinationId" = String, Path, description = "The destination")),
    responses(
        (status = 200, description = "The destination", body = DestinationBody),
        (status = 404, description = "No such destination", body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn read_managed(
    state: State<FitConnect>,
    id: PathParts<String>,
) -> Result<Uncached<DestinationBody>, ApiError> {
    read(state, id).await
}

/// All keys of a destination, the one to encrypt with first.
#[utoipa::path(get, path = "/v2/destinations/{destinationId}/keys", tag = "destination API",
    params(("destinationId" = String, Path, description = "The destination")),
    responses(
        (status = 200, description = "The keys", body = JwkSetBody),
        (status = 404, description = "No such destination", body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn read_managed_keys(
    State(state): State<FitConnect>,
    PathParts(id): PathParts<String>,
) -> Result<Uncached<JwkSet>, ApiError> {
    let id = path_id(&id, DeliveryError::DestinationNotFound)?;
    let keys = state.delivery.destination_keys(id).await?;
    Ok(Uncached(JwkSet { keys }))
}

/// One key of a destination, on the destination API.
#[utoipa::path(get, path = "/v2/destinations/{destinationId}/keys/{keyId}", tag = "destination API",
    params(
        ("destinationId" = String, Path, description = "The destination"),
        ("keyId" = String, Path, description = "`kid` or RFC 7638 thumbprint")),
    responses(
        (status = 200, description = "The key", body = JwkBody),
        (status = 404, description = "No such destination or key", body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn read_managed_key(
    state: State<FitConnect>,
    path: PathParts<(String, String)>,
) -> Result<Uncached<Jwk>, ApiError> {
    read_key(state, path).await
}
