//! Refusals and failures as problem documents (RFC 9457). Every error of a handler becomes an
//! answer here and nowhere else, and is logged here, once.

use axum::extract::{OriginalUri, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use einmal_delivery::{DeliveryError, StorageError};
use einmal_model::Problem;
use serde::Serialize;
use utoipa::ToSchema;

/// Start of all problem types of the submission API.
pub const TYPE_BASE: &str = "https://schema.fitko.de/fit-connect/submission-api/problems/";

/// A refusal on its way out.
#[derive(Debug, Clone)]
pub struct ApiError {
    status: StatusCode,
    kind: &'static str,
    title: &'static str,
    detail: String,
    issue: Option<String>,
    /// For operators only.
    cause: Option<String>,
}

/// The document as clients see it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// A URI that names the kind of problem.
    #[serde(rename = "type")]
    #[schema(format = "uri")]
    kind: String,
    /// The same short text for every problem of this kind.
    title: String,
    /// The HTTP status code.
    status: u16,
    /// What happened this time.
    detail: String,
    /// The path of the request.
    instance: String,
    /// With 422 on events: which check failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    issue: Option<String>,
}

impl ApiError {
    /// A refusal with a text for the client.
    #[must_use]
    pub fn new(
        status: StatusCode,
        kind: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            status,
            kind,
            title,
            detail: detail.into(),
            issue: None,
            cause: None,
        }
    }

    /// A request that is wrong in itself.
    #[must_use]
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "bad-request",
            "Bad request",
            detail,
        )
    }

    /// A body of another media type than the operation takes.
    #[must_use]
    pub fn unsupported_media_type(expected: &str) -> Self {
        let detail = format!("The body must be {expected}.");
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        Self::new(
            status,
            "unsupported-media-type",
            "Unsupported media type",
            detail,
        )
    }

    /// A body that is too large.
    #[must_use]
    pub fn too_large(limit: u64) -> Self {
        let detail = format!("The body is larger than {limit} bytes.");
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        Self::new(status, "payload-too-large", "Payload too large", detail)
    }

    fn failure(status: StatusCode, kind: &'static str, title: &'static str, cause: String) -> Self {
        let detail = match status {
            StatusCode::SERVICE_UNAVAILABLE => {
                "The service cannot work at present. Try again later."
            }
            StatusCode::INSUFFICIENT_STORAGE => "The service has no space left. Try again later.",
            _ => "The service failed. The operator has been told.",
        };
        Self {
            cause: Some(cause),
            ..Self::new(status, kind, title, detail)
        }
    }
}

/// The words of an error and of all errors below it.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(cause) = below {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        below = cause.source();
    }
    text
}

impl From<DeliveryError> for ApiError {
    fn from(error: DeliveryError) -> Self {
        use DeliveryError as E;
        let words = error.to_string();
        let not_found = |kind, title| Self::new(StatusCode::NOT_FOUND, kind, title, words.clone());
        let refused =
            |kind, title| Self::new(StatusCode::UNPROCESSABLE_ENTITY, kind, title, words.clone());
        match &error {
            E::Unauthorized(_) => Self::new(
                StatusCode::UNAUTHORIZED,
                "unauthorized",
                "Unauthorized",
                words,
            ),
            E::Forbidden(_) => Self::new(StatusCode::FORBIDDEN, "forbidden", "Forbidden", words),
            E::DestinationNotFound => not_found("destination-not-found", "Destination not found"),
            E::SubmissionNotFound => not_found("submission-not-found", "Submission not found"),
            E::CaseNotFound => not_found("case-not-found", "Case not found"),
            E::AttachmentNotFound => not_found("attachment-not-found", "Attachment not found"),
            E::KeyNotFound => not_found("key-not-found", "Key not found"),
            E::DestinationState(_) => {
                refused("destination-state-invalid", "Destination state invalid")
            }
            E::AttachmentNotAnnounced => {
                refused("attachment-not-announced", "Attachment not announced")
            }
            E::AttachmentsMissing(missing) => {
                let ids: Vec<String> = missing.iter().map(ToString::to_string).collect();
                let mut refusal = refused("attachments-missing", "Attachments missing");
                refusal.issue = Some(ids.join(", "));
                refusal
            }
            E::InvalidEvent(issue) => {
                let kind = "invalid-security-event-token";
                let mut refusal = refused(kind, "Invalid security event token");
                refusal.issue = Some(issue.to_string());
                refusal
            }
            E::InvalidJwe { .. } => refused("invalid-jwe-header", "Invalid JWE header"),
            E::StateTransition(_) => {
                let kind = "invalid-state-transition";
                Self::new(
                    StatusCode::CONFLICT,
                    kind,
                    "Invalid state transition",
                    words,
                )
            }
            E::TooLarge { .. } => {
                let status = StatusCode::PAYLOAD_TOO_LARGE;
                Self::new(status, "payload-too-large", "Payload too large", words)
            }
            E::BadRequest(_) => Self::bad_request(words),
            E::Storage(StorageError::Full) => Self::failure(
                StatusCode::INSUFFICIENT_STORAGE,
                "insufficient-storage",
                "Insufficient storage",
                with_causes(&error),
            ),
            E::Storage(storage) if storage.is_temporary() => Self::failure(
                StatusCode::SERVICE_UNAVAILABLE,
                "service-unavailable",
                "Service unavailable",
                with_causes(&error),
            ),
            E::Storage(_) | E::Signing(_) | E::Corrupt(_) => Self::failure(
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal-error",
                "Internal error",
                with_causes(&error),
            ),
        }
    }
}

impl IntoResponse for ApiError {
    /// The status alone; [`describe`] adds the document, which names the path.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Middleware that writes the problem document of an [`ApiError`] and logs it.
pub async fn describe(OriginalUri(uri): OriginalUri, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let mut response = next.run(request).await;
    let Some(error) = response.extensions_mut().remove::<ApiError>() else {
        return response;
    };
    let (status, path) = (error.status.as_u16(), uri.path());
    match &error.cause {
        Some(cause) => tracing::error!(%method, path, status, cause, "request failed"),
        None => tracing::info!(%method, path, status, kind = error.kind, "request refused"),
    }
    let document = ProblemDocument {
        kind: format!("{TYPE_BASE}{}", error.kind),
        title: error.title.to_owned(),
        status,
        detail: error.detail,
        instance: path.chars().take(500).collect(),
        issue: error.issue,
    };
    let headers = response.headers_mut();
    let media_type = HeaderValue::from_static(Problem::MEDIA_TYPE);
    headers.insert(header::CONTENT_TYPE, media_type);
    if error.status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    headers.remove(header::CONTENT_LENGTH);
    let body = serde_json::to_vec(&document).unwrap_or_default();
    let (parts, _) = response.into_parts();
    Response::from_parts(parts, body.into())
}

/// Answer for paths that do not exist.
pub(crate) async fn no_such_path() -> ApiError {
    let detail = "There is nothing under this path.";
    ApiError::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail)
}

/// Answer for methods that a path does not offer.
pub(crate) async fn no_such_method() -> ApiError {
    let detail = "The path does not offer this method.";
    let status = StatusCode::METHOD_NOT_ALLOWED;
    ApiError::new(status, "method-not-allowed", "Method not allowed", detail)
}
