//! The token endpoint (RFC 6749 §4.4 with `client_secret_post`). Its errors are OAuth errors, not
//! problem documents.

use axum::Json;
use axum::extract::{Form, FromRequest, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use einmal_delivery::{TokenError, TokenGrant};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::FitConnect;
use crate::extract::read_form;

/// What a client sends.
#[derive(Deserialize, ToSchema)]
#[schema(as = TokenRequest)]
pub(crate) struct GrantForm {
    /// `client_credentials`.
    grant_type: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    /// Scopes separated by blanks; none means all of the client.
    scope: Option<String>,
}

/// An access token.
#[derive(Serialize, ToSchema)]
#[schema(as = TokenResponse)]
pub(crate) struct TokenBody {
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// Seconds.
    expires_in: i64,
    /// Scopes separated by blanks.
    scope: String,
}

/// An OAuth error (RFC 6749 §5.2).
#[derive(Serialize, ToSchema)]
#[schema(as = OAuthError)]
pub(crate) struct ErrorBody {
    error: &'static str,
    error_description: String,
}

const NO_STORE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

fn refuse(status: StatusCode, error: &'static str, description: impl Into<String>) -> Response {
    let body = ErrorBody {
        error,
        error_description: description.into(),
    };
    (status, NO_STORE, Json(body)).into_response()
}

/// Gives an access token for client credentials.
#[utoipa::path(post, path = "/token", tag = "token",
    request_body(content = GrantForm, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "A token", body = TokenBody),
        (status = 400, description = "`invalid_request`, `invalid_scope` or `unsupported_grant_type`", body = ErrorBody),
        (status = 401, description = "`invalid_client`", body = ErrorBody)))]
pub(crate) async fn grant(State(state): State<FitConnect>, request: Request) -> Response {
    let form = match read_form(request).await {
        Ok(bytes) => parse(bytes).await,
        Err(_) => None,
    };
    let Some(form) = form else {
        let text = "the body must be a form of at most 16 kB";
        return refuse(StatusCode::BAD_REQUEST, "invalid_request", text);
    };
    let Some(grant_type) = form.grant_type else {
        let text = "grant_type is missing";
        return refuse(StatusCode::BAD_REQUEST, "invalid_request", text);
    };
    let grant = TokenGrant {
        grant_type,
        client_id: form.client_id.unwrap_or_default(),
        client_secret: Zeroizing::new(form.client_secret.unwrap_or_default()),
        scope: form.scope,
    };
    match state.delivery.grant_token(&grant).await {
        Ok(token) => {
            let body = TokenBody {
                access_token: token.token,
                token_type: "Bearer",
                expires_in: token.expires_in,
                scope: token.scope,
            };
            (StatusCode::OK, NO_STORE, Json(body)).into_response()
        }
        Err(error) => {
            let words = error.to_string();
            match error.code() {
                Some(code) if matches!(error, TokenError::InvalidClient) => {
                    refuse(StatusCode::UNAUTHORIZED, code, words)
                }
                Some(code) => refuse(StatusCode::BAD_REQUEST, code, words),
                None => {
                    tracing::error!(cause = words, "token endpoint failed");
                    let text = "the service cannot work at present";
                    refuse(
                        StatusCode::SERVICE_UNAVAILABLE,
                        "temporarily_unavailable",
                        text,
                    )
                }
            }
        }
    }
}

async fn parse(bytes: axum::body::Bytes) -> Option<GrantForm> {
    let request = Request::post("/")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(bytes.into())
        .ok()?;
    let Form(form) = Form::<GrantForm>::from_request(request, &()).await.ok()?;
    Some(form)
}
