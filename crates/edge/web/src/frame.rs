//! What surrounds every handler: request id, language, protection against forged requests, security headers, error
//! pages. From outside to inside: headers → panics → error pages → forged requests → handler.

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, ORIGIN, REFERRER_POLICY,
    SET_COOKIE, STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use einmal_model::Random;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};

use crate::error::PageError;
use crate::page::{ErrorPage, House, Page, show};
use crate::settings::WebSettings;
use crate::visit::Visit;

/// Largest form we read, in bytes. The longest question page stays far below.
const FORM_LIMIT: usize = 64 * 1024;

/// The content security policy: no scripts at all; nothing from elsewhere. Icons of the style sheet are `data:` masks.
/// Forms lead to this site and to `target`, which may be empty.
pub(crate) fn policy(target: &str) -> String {
    format!(
        "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; \
         form-action 'self' {target}; frame-ancestors 'none'; base-uri 'none'"
    )
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

#[derive(Clone)]
struct Surroundings {
    settings: Arc<WebSettings>,
    random: Arc<dyn Random>,
}

/// Puts everything that all pages share around a router.
pub(crate) fn around(
    routes: Router,
    settings: Arc<WebSettings>,
    random: Arc<dyn Random>,
) -> Router {
    let surroundings = Surroundings { settings, random };
    routes
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .layer(CatchPanicLayer::custom(after_panic))
        .layer(middleware::from_fn_with_state(surroundings, surround))
        .layer(
            CompressionLayer::new()
                .compress_when(DefaultPredicate::new().and(NotForContentType::const_new("font/"))),
        )
}

fn after_panic(_: Box<dyn Any + Send + 'static>) -> Response<Body> {
    PageError::Internal("a handler panicked".to_owned()).into_response()
}

async fn surround(
    State(surroundings): State<Surroundings>,
    mut request: Request,
    next: Next,
) -> Response {
    let visit = Visit::new(request.uri(), request.headers(), &*surroundings.random);
    let own = is_own_request(request.method(), request.headers(), &surroundings.settings);
    request.extensions_mut().insert(visit.clone());
    let answer = if own {
        next.run(request).await
    } else {
        PageError::StaleForm.into_response()
    };
    let mut answer = with_page(answer, &visit, &surroundings.settings);
    add_headers(answer.headers_mut(), &visit, &surroundings.settings);
    answer
}

/// Whether a changing request was started by a page of ours (Fetch Metadata; `Origin` for browsers without it). Requests
/// of programs carry neither; they hold no session of a person's browser, and forms of a session carry a token besides.
fn is_own_request(method: &Method, headers: &HeaderMap, settings: &WebSettings) -> bool {
    if method == Method::GET || method == Method::HEAD {
        return true;
    }
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = text(&ORIGIN) else {
        return !headers.contains_key(ORIGIN);
    };
    let host = text(&HOST).unwrap_or_default();
    let scheme = if settings.secure() { "https" } else { "http" };
    origin == settings.public_url || origin == format!("{scheme}://{host}")
}

/// Gives failures without a page the error page, and logs once what operators need to know.
fn with_page(answer: Response, visit: &Visit, settings: &Arc<WebSettings>) -> Response {
    let status = answer.status();
    // Pages and documents for machines stay; bare refusals of the router and of extractors do not.
    let has_body = answer
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"));
    if has_body || !(status.is_client_error() || status.is_server_error()) {
        return answer;
    }
    let error = answer
        .extensions()
        .get::<PageError>()
        .cloned()
        .unwrap_or_else(|| PageError::from_status(status));
    if error.status().is_server_error() {
        tracing::error!(request = visit.request_id, cause = %error, "page failed");
    } else {
        tracing::debug!(request = visit.request_id, cause = %error, "page refused");
    }
    let house = if visit.path == "/amt" || visit.path.starts_with("/amt/") {
        House::Authority
    } else {
        House::Portal
    };
    let page = Page::new(visit, settings, house, None);
    let Ok(mut with_page) = show(status, &ErrorPage::new(page, &error)) else {
        return answer;
    };
    for (name, value) in answer.headers() {
        if name != CONTENT_TYPE && name != axum::http::header::CONTENT_LENGTH {
            with_page.headers_mut().append(name, value.clone());
        }
    }
    with_page
}

fn add_headers(headers: &mut HeaderMap, visit: &Visit, settings: &WebSettings) {
    let fixed = [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Not `no-referrer`: browsers would then send `Origin: null` with our own forms.
        (REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=()",
        ),
    ];
    for (name, value) in fixed {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy("")) {
        headers.entry(CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    headers.append(VARY, HeaderValue::from_static("cookie, accept-language"));
    if settings.secure() {
        headers.insert(
            STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        );
    }
    if let Ok(id) = HeaderValue::from_str(&visit.request_id) {
        headers.insert(REQUEST_ID, id);
    }
    if visit.language_chosen
        && let Ok(cookie) = HeaderValue::from_str(&visit.language_cookie())
    {
        headers.append(SET_COOKIE, cookie);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::tests::settings;

    fn allowed(headers: &[(&'static str, &'static str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, HeaderValue::from_static(value));
        }
        is_own_request(&Method::POST, &map, &settings("https://einmal.example"))
    }

    #[test]
    fn forms_of_other_sites_are_refused() {
        assert!(allowed(&[("sec-fetch-site", "same-origin")]));
        assert!(allowed(&[("origin", "https://einmal.example")]));
        assert!(allowed(&[
            ("origin", "https://node2.internal"),
            ("host", "node2.internal")
        ]));
        for foreign in [
            [
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://einmal.example"),
            ],
            [("sec-fetch-site", "same-site"), ("host", "einmal.example")],
            [("origin", "null"), ("host", "einmal.example")],
            [
                ("origin", "https://evil.example"),
                ("host", "einmal.example"),
            ],
            [
                ("origin", "http://einmal.example"),
                ("host", "einmal.example"),
            ],
        ] {
            assert!(!allowed(&foreign), "{foreign:?}");
        }
    }
}
