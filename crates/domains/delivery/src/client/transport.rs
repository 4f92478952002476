//! What the client needs of HTTP, as a port: the binary implements it with its HTTP client, tests
//! with a router in the same process.

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;

/// A boxed future, so that a transport can be a trait object.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The methods the protocol uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Read.
    Get,
    /// Create.
    Post,
    /// Put a whole thing.
    Put,
}

impl Method {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

/// A request. `Debug` leaves the body and the access token out.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The absolute URL.
    pub url: String,
    /// Access token for `Authorization: Bearer`.
    pub bearer: Option<String>,
    /// `Content-Type` of the body.
    pub content_type: Option<&'static str>,
    /// The body.
    pub body: Bytes,
    /// Longest acceptable answer in bytes; a longer one is a [`TransportError`].
    pub response_limit: usize,
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method.as_str(), self.url)
    }
}

/// An answer.
#[derive(Clone)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The body.
    pub body: Bytes,
}

/// No answer arrived: connection refused, broken off, timed out, too long. Whether the request
/// had an effect is unknown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no answer: {0}")]
pub struct TransportError(pub String);

/// Carries requests to a delivery service. Implementations send a `User-Agent` (the public
/// gateways of FIT-Connect refuse requests without one), follow no redirects and have a timeout.
pub trait Transport: Send + Sync {
    /// Sends one request and waits for the whole answer.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>>;
}
