//! Submissions and their attachments.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use einmal_delivery::{ApiVersion, AttachmentReader, DeliveryError};
use futures_util::{StreamExt, stream};
use serde::Deserialize;

use super::FitConnect;
use super::wire::{ContentBody, CreateBody, IdsBody, ListBody, SubmissionBody, SubmitBody};
use crate::extract::{
    Bearer, JoseStream, JsonBody, Paging, Parameters, PathParts, broken_off, path_id,
};
use crate::problem::{ApiError, ProblemDocument};

/// Announces a submission.
#[utoipa::path(post, path = "/v2/submissions", tag = "submissions", security(("oauth2" = [])),
    request_body = CreateBody,
    responses(
        (status = 201, description = "Announced", body = IdsBody),
        (status = 400, description = "The body is wrong", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "No valid access token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "Not allowed", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such destination or case", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "The destination takes no submissions", body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn create(
    State(state): State<FitConnect>,
    Bearer(principal): Bearer,
    JsonBody(body): JsonBody<CreateBody>,
) -> Result<Response, ApiError> {
    let created = state
        .delivery
        .create_submission(&principal, &body.into())
        .await?;
    let base = &state.delivery.settings().base_url;
    let location = format!("{base}/v2/submissions/{}", created.submission);
    let headers = [(header::LOCATION, location)];
    Ok((StatusCode::CREATED, headers, Json(IdsBody::from(created))).into_response())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListQuery {
    destination_id: Option<String>,
}

/// The submissions that wait for the client.
#[utoipa::path(get, path = "/v2/submissions", tag = "submissions", security(("oauth2" = [])),
    params(
        ("destinationId" = Option<String>, Query, description = "Only of this destination"),
        ("limit" = Option<u32>, Query, minimum = 1, maximum = 500, description = "Entries per page, by default 100"),
        ("offset" = Option<u32>, Query, description = "Entries to leave out, by default 0")),
    responses(
        (status = 200, description = "A page of them, oldest first", body = ListBody),
        (status = 400, description = "A parameter is wrong", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "No valid access token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "Not connected with the destination", body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn list(
    State(state): State<FitConnect>,
    Bearer(principal): Bearer,
    Paging(page): Paging,
    Parameters(query): Parameters<ListQuery>,
) -> Result<Json<ListBody>, ApiError> {
    let destination = query.destination_id.map(|id| {
        let wrong = |_| ApiError::bad_request("`destinationId` is not a UUID.");
        id.parse().map_err(wrong)
    });
    let destination = destination.transpose()?;
    let (listed, total_count) = state
        .delivery
        .waiting_submissions(&principal, destination, page)
        .await?;
    let submissions: Vec<IdsBody> = listed.into_iter().map(Into::into).collect();
    Ok(Json(ListBody {
        count: submissions.len(),
        offset: page.offset(),
        total_count,
        submissions,
    }))
}

/// Completes a submission. Repeating it with identical content is answered like the first time.
#[utoipa::path(put, path = "/v2/submissions/{submissionId}", tag = "submissions", security(("oauth2" = [])),
    params(("submissionId" = String, Path, description = "The submission")),
    request_body = SubmitBody,
    responses(
        (status = 200, description = "Submitted", body = SubmissionBody),
        (status = 400, description = "The body is wrong", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 401, description = "No valid access token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "Created by another client", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such submission", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "Submitted already with other content", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "Not JSON", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "Attachments are missing, or the header of a JWE is wrong", body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn submit(
    State(state): State<FitConnect>,
    Bearer(principal): Bearer,
    PathParts(id): PathParts<String>,
    JsonBody(body): JsonBody<SubmitBody>,
) -> Result<Json<SubmissionBody>, ApiError> {
    let id = path_id(&id, DeliveryError::SubmissionNotFound)?;
    let submission = state
        .delivery
        .submit(
            &principal,
            id,
            &body.encrypted_metadata,
            body.encrypted_data.as_deref(),
            ApiVersion::V2,
        )
        .await?;
    Ok(Json(submission.into()))
}

/// A waiting submission with its ciphertext.
#[utoipa::path(get, path = "/v2/submissions/{submissionId}", tag = "submissions", security(("oauth2" = [])),
    params(("submissionId" = String, Path, description = "The submission")),
    responses(
        (status = 200, description = "The submission", body = ContentBody),
        (status = 401, description = "No valid access token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "Not connected with the destination", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such submission, or not waiting", body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn fetch(
    State(state): State<FitConnect>,
    Bearer(principal): Bearer,
    PathParts(id): PathParts<String>,
) -> Result<Json<ContentBody>, ApiError> {
    let id = path_id(&id, DeliveryError::SubmissionNotFound)?;
    let content = state.delivery.fetch_submission(&principal, id).await?;
    Ok(Json(content.into()))
}

/// Uploads an announced attachment, replacing an earlier upload.
#[utoipa::path(put, path = "/v2/submissions/{submissionId}/attachments/{attachmentId}", tag = "submissions",
    security(("oauth2" = [])),
    params(
        ("submissionId" = String, Path, description = "The submission"),
        ("attachmentId" = String, Path, description = "The attachment")),
    request_body(content = String, content_type = "application/jose", description = "JWE in compact serialisation"),
    responses(
        (status = 204, description = "Uploaded"),
        (status = 401, description = "No valid access token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "Created by another client", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such submission", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "Submitted already", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "Not `application/jose`", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 422, description = "Not announced, or no acceptable JWE", body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn upload_attachment(
    State(state): State<FitConnect>,
    Bearer(principal): Bearer,
    PathParts((submission, attachment)): PathParts<(String, String)>,
    JoseStream(body): JoseStream,
) -> Result<StatusCode, ApiError> {
    let submission = path_id(&submission, DeliveryError::SubmissionNotFound)?;
    let attachment = path_id(&attachment, DeliveryError::AttachmentNotAnnounced)?;
    let mut upload = state
        .delivery
        .upload_attachment(&principal, submission, attachment, ApiVersion::V2)
        .await?;
    let mut stream = body.into_data_stream();
    while let Some(piece) = stream.next().await {
        upload.write(&piece.map_err(|_| broken_off())?).await?;
    }
    upload.finish().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An attachment of a waiting submission.
#[utoipa::path(get, path = "/v2/submissions/{submissionId}/attachments/{attachmentId}", tag = "submissions",
    security(("oauth2" = [])),
    params(
        ("submissionId" = String, Path, description = "The submission"),
        ("attachmentId" = String, Path, description = "The attachment")),
    responses(
        (status = 200, description = "JWE in compact serialisation", body = String, content_type = "application/jose"),
        (status = 401, description = "No valid access token", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 403, description = "Not connected with the destination", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No such submission or attachment", body = ProblemDocument, content_type = "application/problem+json")))]
pub(crate) async fn fetch_attachment(
    State(state): State<FitConnect>,
    Bearer(principal): Bearer,
    PathParts((submission, attachment)): PathParts<(String, String)>,
) -> Result<Response, ApiError> {
    let submission = path_id(&submission, DeliveryError::SubmissionNotFound)?;
    let attachment = path_id(&attachment, DeliveryError::AttachmentNotFound)?;
    let reader = state
        .delivery
        .fetch_attachment(&principal, submission, attachment)
        .await?;
    let headers = [
        (header::CONTENT_TYPE, "application/jose".to_owned()),
        (header::CONTENT_LENGTH, reader.size().to_string()),
    ];
    let pieces = stream::unfold(Some(reader), next_piece);
    Ok((headers, Body::from_stream(pieces)).into_response())
}

/// The next piece of an attachment; after a failure the stream ends with an error, so that the
/// connection breaks off and nobody takes the part for the whole.
async fn next_piece(
    reader: Option<AttachmentReader>,
) -> Option<(Result<Vec<u8>, DeliveryError>, Option<AttachmentReader>)> {
    let mut reader = reader?;
    match reader.next().await {
        Ok(Some(piece)) => Some((Ok(piece), Some(reader))),
        Ok(None) => None,
        Err(error) => {
            tracing::error!(%error, "reading an attachment failed");
            Some((Err(error), None))
        }
    }
}
