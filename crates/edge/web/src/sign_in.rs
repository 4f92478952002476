//! Signing in and out, the same way for citizens and staff: a link starts it at the identity provider, the provider sends
//! the browser back, a session begins.

use askama::Template;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header::LOCATION};
use axum::response::{IntoResponse, Response};
use einmal_identity::{Callback, Identity, IdentityError, SessionToken};

use crate::error::PageError;
use crate::fields::Fields;
use crate::page::{FormError, Page, PageResult};
use crate::settings::WebSettings;
use crate::visit::Visit;

/// Seconds a begun sign-in may take.
const LOGIN_SECONDS: u32 = 600;

/// A means of signing in, as the page offers it.
pub(crate) struct Means {
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) button: String,
    pub(crate) href: String,
    pub(crate) simulated: bool,
}

/// How a sign-in ended that did not go well.
pub(crate) enum Trouble {
    /// The person broke off.
    Cancelled,
    /// Anything else that a new try may mend.
    Failed,
}

impl Trouble {
    /// Key of the words for it.
    pub(crate) const fn text(&self) -> &'static str {
        match self {
            Self::Cancelled => "sign-in-cancelled",
            Self::Failed => "sign-in-failed",
        }
    }
}

/// The page that offers the means.
#[derive(Template)]
#[template(path = "account/sign_in.html", whitespace = "minimize")]
pub(crate) struct SignInPage {
    pub(crate) page: Page,
    pub(crate) errors: Vec<FormError>,
    pub(crate) why: String,
    pub(crate) means: Vec<Means>,
    pub(crate) for_citizens: bool,
}

/// Names of the cookies of one house, without prefix.
pub(crate) struct Cookies {
    /// The session.
    pub(crate) session: &'static str,
    /// The begun sign-in.
    pub(crate) login: &'static str,
}

/// See other, after a form or on the way to another page.
pub(crate) fn go_to(target: &str) -> Response {
    let mut headers = HeaderMap::new();
    if let Ok(target) = HeaderValue::from_str(target) {
        headers.insert(LOCATION, target);
    }
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// Adds a cookie to an answer.
pub(crate) fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Sends the browser to the provider.
pub(crate) async fn start(
    identity: &Identity,
    settings: &WebSettings,
    cookies: &Cookies,
    next: &str,
) -> PageResult {
    let login = identity.start_login(next).await?;
    let cookie = settings.secret_cookie(cookies.login, login.browser.as_str(), Some(LOGIN_SECONDS));
    Ok(with_cookie(go_to(&login.url), &cookie))
}

/// Takes the browser back from the provider: a session and the page the person came from, or the trouble.
pub(crate) async fn finish(
    identity: &Identity,
    settings: &WebSettings,
    cookies: &Cookies,
    visit: &Visit,
    query: &Fields,
) -> Result<Result<Response, Trouble>, PageError> {
    let given = |name: &str| Some(query.one(name).to_owned()).filter(|value| !value.is_empty());
    let callback = Callback {
        state: query.one("state").to_owned(),
        code: given("code"),
        error: given("error"),
    };
    let browser = visit.cookie(&settings.cookie_name(cookies.login));
    let browser = SessionToken::from_cookie(browser.unwrap_or_default());
    match identity.finish_login(&callback, &browser).await {
        Ok(finished) => {
            let answer = go_to(&finished.return_to);
            let session = settings.secret_cookie(cookies.session, finished.session.as_str(), None);
            let answer = with_cookie(answer, &session);
            let over = settings.secret_cookie(cookies.login, "", Some(0));
            Ok(Ok(with_cookie(answer, &over)))
        }
        Err(IdentityError::BrokenOff(cause)) if cause == "access_denied" => {
            Ok(Err(Trouble::Cancelled))
        }
        Err(
            error @ (IdentityError::UnknownLogin
            | IdentityError::BrokenOff(_)
            | IdentityError::Untrusted(_)),
        ) => {
            tracing::warn!(request = visit.request_id, cause = %error, "sign-in failed");
            Ok(Err(Trouble::Failed))
        }
        Err(error) => Err(error.into()),
    }
}

/// Ends the session of this browser.
pub(crate) async fn leave(
    identity: &Identity,
    settings: &WebSettings,
    cookies: &Cookies,
    visit: &Visit,
    target: &str,
) -> PageResult {
    if let Some(token) = visit.cookie(&settings.cookie_name(cookies.session)) {
        identity.log_out(&SessionToken::from_cookie(token)).await?;
    }
    let over = settings.secret_cookie(cookies.session, "", Some(0));
    Ok(with_cookie(go_to(target), &over))
}
