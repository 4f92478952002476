//! Event logs.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use einmal_delivery::DeliveryError;

use super::FitConnect;
use super::wire::EventLogBody;
use crate::extract::{Bearer, EventBody, Paging, PathParts, path_id};
use crate::problem::{ApiError, ProblemDocument};

/// The events of one submission.
#[utoipa::path(get, path = "/v2/submissions/{submissionId}/events", tag = "events", security(("oauth2" = [])),
    params(
        ("submissionId" = String, Path, description = "The submission"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 500, description = "Entries per page, by default 100"),
        ("offset" = Option<u32>, Query, description = "Entries to leave out, by default 0")),
    responses(
        (status = 200, description = "A page of them, newest last", body = EventLogBody),
        (status = 400, description = "A parameter is wrong", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "No valid access token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "Takes no part in the case", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such submission", body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn submission_events(
    State(state): State<FitConnect>,
    Bearer(principal): Bearer,
    PathParts(id): PathParts<String>,
    Paging(page): Paging,
) -> Result<Json<EventLogBody>, ApiError> {
    let id = path_id(&id, DeliveryError::SubmissionNotFound)?;
    let events = state
        .delivery
        .submission_events(&principal, id, page)
        .await?;
    Ok(Json(EventLogBody::new(page.offset(), events)))
}

/// The events of a case.
#[utoipa::path(get, path = "/v2/cases/{caseId}/events", tag = "events", security(("oauth2" = [])),
    params(
        ("caseId" = String, Path, description = "The case"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 500, description = "Entries per page, by default 100"),
        ("offset" = Option<u32>, Query, description = "Entries to leave out, by default 0")),
    responses(
        (status = 200, description = "A page of them, newest last", body = EventLogBody),
        (status = 400, description = "A parameter is wrong", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "No valid access token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "Takes no part in the case", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such case", body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn case_events(
    State(state): State<FitConnect>,
    Bearer(principal): Bearer,
    PathParts(id): PathParts<String>,
    Paging(page): Paging,
) -> Result<Json<EventLogBody>, ApiError> {
    let id = path_id(&id, DeliveryError::CaseNotFound)?;
    let events = state.delivery.case_events(&principal, id, page).await?;
    Ok(Json(EventLogBody::new(page.offset(), events)))
}

/// Adds an event of the receiver: `accept-submission` or `reject-submission`.
#[utoipa::path(post, path = "/v2/cases/{caseId}/events", tag = "events", security(("oauth2" = [])),
    params(("caseId" = String, Path, description = "The case")),
    request_body(content = String, content_type = "application/jose", description = "Security event token"),
    responses(
        (status = 204, description = "Added"),
        (status = 401, description = "No valid access token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "Not connected with the destination", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such case", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "Decided already", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "Not `application/jose`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The token was refused", body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn post_event(
    State(state): State<FitConnect>,
    Bearer(principal): Bearer,
    PathParts(id): PathParts<String>,
    EventBody(token): EventBody,
) -> Result<StatusCode, ApiError> {
    let id = path_id(&id, DeliveryError::CaseNotFound)?;
    state.delivery.post_event(&principal, id, &token).await?;
    Ok(StatusCode::NO_CONTENT)
}
