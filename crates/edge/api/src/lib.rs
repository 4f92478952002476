//! HTTP for machines. This crate translates: bytes of a request into a call of a domain, the
//! domain's answer or refusal into bytes again. It holds no rule and no SQL.
//!
//! - [`fit_connect`]: token endpoint, submission API v2 and the reading part of the destination
//!   API.
//! - [`problem`]: the one place where refusals become problem documents (RFC 9457) and where they
//!   are logged.
//! - [`openapi_documents`]: what `openapi/` in the repository holds, generated from the code.

mod extract;
pub mod fit_connect;
pub mod problem;

/// The OpenAPI documents as (file name, content), for `openapi/`.
#[must_use]
pub fn openapi_documents() -> Vec<(&'static str, String)> {
    vec![("fit-connect-v2.json", fit_connect::openapi())]
}
