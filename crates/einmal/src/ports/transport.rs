//! The delivery client's way to its service: over HTTP.

use bytes::{Bytes, BytesMut};
use einmal_delivery::client::{BoxFuture, Method, Request, Response, Transport, TransportError};

/// Requests over the HTTP client.
pub(crate) struct HttpTransport(pub(crate) reqwest::Client);

impl Transport for HttpTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(async move {
            let method = match request.method {
                Method::Get => reqwest::Method::GET,
                Method::Post => reqwest::Method::POST,
                Method::Put => reqwest::Method::PUT,
            };
            let mut call = self.0.request(method, &request.url).body(request.body);
            if let Some(token) = request.bearer {
                call = call.bearer_auth(token);
            }
            if let Some(media_type) = request.content_type {
                call = call.header(reqwest::header::CONTENT_TYPE, media_type);
            }
            let answer = call.send().await.map_err(|error| failed(&error))?;
            let status = answer.status().as_u16();
            let body = read_limited(answer, request.response_limit).await?;
            Ok(Response { status, body })
        })
    }
}

/// Reads a body, and gives up as soon as it is longer than allowed.
async fn read_limited(
    mut answer: reqwest::Response,
    limit: usize,
) -> Result<Bytes, TransportError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| failed(&error))? {
        if body.len().saturating_add(chunk.len()) > limit {
            return Err(TransportError(format!(
                "the answer is longer than {limit} bytes"
            )));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// The cause without the URL, which may name a case.
fn failed(error: &reqwest::Error) -> TransportError {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let kind = if error.is_timeout() {
        "timed out"
    } else if error.is_connect() {
        "cannot connect"
    } else {
        "broken off"
    };
    TransportError(format!("{kind}: {cause}"))
}
