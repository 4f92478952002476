//! Parts of a request as the handlers want them; whatever is wrong with them becomes an
//! [`ApiError`].

use std::str::FromStr;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use einmal_delivery::{DeliveryError, Page, Principal};
use futures_util::StreamExt;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::fit_connect::FitConnect;
use crate::problem::ApiError;

/// The client behind a valid access token.
pub(crate) struct Bearer(pub(crate) Principal);

impl FromRequestParts<FitConnect> for Bearer {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &FitConnect) -> Result<Self, ApiError> {
        let missing = DeliveryError::Unauthorized("an access token is required");
        let header = parts.headers.get(AUTHORIZATION);
        let token = header
            .and_then(|value| value.to_str().ok())
            .and_then(|value| {
                let (scheme, token) = value.split_once(' ')?;
                scheme
                    .eq_ignore_ascii_case("bearer")
                    .then_some(token.trim())
            });
        let token = token.ok_or(missing)?;
        Ok(Self(state.delivery.authorise(token)?))
    }
}

/// The variable parts of the path.
pub(crate) struct PathParts<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<FitConnect> for PathParts<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &FitConnect) -> Result<Self, ApiError> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(value)) => Ok(Self(value)),
            Err(_) => Err(ApiError::bad_request("The path cannot be read.")),
        }
    }
}

/// The parameters after the question mark.
pub(crate) struct Parameters<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<FitConnect> for Parameters<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &FitConnect) -> Result<Self, ApiError> {
        Query::<T>::try_from_uri(&parts.uri)
            .map(|Query(value)| Self(value))
            .map_err(|_| ApiError::bad_request("The parameters cannot be read."))
    }
}

/// `limit` and `offset`.
#[derive(Deserialize)]
struct PageQuery {
    limit: Option<u32>,
    offset: Option<u32>,
}

/// The page asked for.
pub(crate) struct Paging(pub(crate) Page);

impl<S: Send + Sync> FromRequestParts<S> for Paging {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let Query(query) = Query::<PageQuery>::try_from_uri(&parts.uri)
            .map_err(|_| ApiError::bad_request("`limit` and `offset` must be whole numbers."))?;
        Ok(Self(Page::new(query.limit, query.offset)?))
    }
}

/// An id from the path. One that is no UUID names nothing, so the answer is `missing`.
pub(crate) fn path_id<T: FromStr>(text: &str, missing: DeliveryError) -> Result<T, ApiError> {
    text.parse().map_err(|_| missing.into())
}

/// A body in JSON.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<FitConnect> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &FitConnect) -> Result<Self, ApiError> {
        require_type(request.headers(), "application/json")?;
        // Metadata and data, and some space for the JSON around them.
        let limit = state.delivery.settings().limits.document * 2 + (64 << 10);
        let bytes = read(request, limit).await?;
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|error| ApiError::bad_request(format!("The body cannot be read: {error}.")))
    }
}

/// One event token as text (`application/jose`).
pub(crate) struct EventBody(pub(crate) String);

impl FromRequest<FitConnect> for EventBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &FitConnect) -> Result<Self, ApiError> {
        require_type(request.headers(), "application/jose")?;
        let bytes = read(request, state.delivery.settings().limits.event).await?;
        String::from_utf8(bytes.into())
            .map(Self)
            .map_err(|_| ApiError::bad_request("The body is not UTF-8."))
    }
}

/// A JWE that is read as it arrives (`application/jose`).
pub(crate) struct JoseStream(pub(crate) Body);

impl FromRequest<FitConnect> for JoseStream {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &FitConnect) -> Result<Self, ApiError> {
        require_type(request.headers(), "application/jose")?;
        let limit = state.delivery.settings().limits.attachment;
        refuse_announced(request.headers(), limit)?;
        Ok(Self(request.into_body()))
    }
}

/// A form (`application/x-www-form-urlencoded`) of a few fields.
pub(crate) async fn read_form(request: Request) -> Result<Bytes, ApiError> {
    require_type(request.headers(), "application/x-www-form-urlencoded")?;
    read(request, 16 << 10).await
}

fn require_type(headers: &HeaderMap, expected: &'static str) -> Result<(), ApiError> {
    let value = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next());
    if essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case(expected)) {
        Ok(())
    } else {
        Err(ApiError::unsupported_media_type(expected))
    }
}

fn refuse_announced(headers: &HeaderMap, limit: u64) -> Result<(), ApiError> {
    let length = headers.get(CONTENT_LENGTH).and_then(|v| v.to_str().ok());
    match length.and_then(|length| length.parse::<u64>().ok()) {
        Some(length) if length > limit => Err(ApiError::too_large(limit)),
        _ => Ok(()),
    }
}

async fn read(request: Request, limit: usize) -> Result<Bytes, ApiError> {
    refuse_announced(request.headers(), limit as u64)?;
    let mut stream = request.into_body().into_data_stream();
    let mut bytes = Vec::new();
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|_| broken_off())?;
        if bytes.len() + piece.len() > limit {
            return Err(ApiError::too_large(limit as u64));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes.into())
}

/// The connection ended before the body did.
pub(crate) fn broken_off() -> ApiError {
    ApiError::bad_request("The body broke off.")
}

/// An answer in JSON that no cache may keep without asking (`Cache-Control: no-cache`), which
/// FIT-Connect requires on destinations and keys.
pub(crate) struct Uncached<T>(pub(crate) T);

impl<T: serde::Serialize> IntoResponse for Uncached<T> {
    fn into_response(self) -> Response {
        let header = [(axum::http::header::CACHE_CONTROL, "no-cache")];
        (StatusCode::OK, header, Json(self.0)).into_response()
    }
}
