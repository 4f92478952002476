//! The one place where failures become pages.
//!
//! A handler returns [`PageError`]; its answer carries the kind along, and [`crate::frame`] turns every answer that is
//! a failure without a page of its own into the error page: what happened, whether data is safe, what to do now.

use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use einmal_application::ApplicationError;
use einmal_casework::CaseworkError;
use einmal_catalogue::CatalogueError;
use einmal_identity::IdentityError;

/// Why a page cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PageError {
    /// No such page, or it belongs to somebody else: the answer does not tell which.
    #[error("no such page")]
    NotFound,
    /// The person may not do this.
    #[error("not allowed")]
    Forbidden,
    /// The form did not come from a page of ours or its session is over.
    #[error("the form is not from this session")]
    StaleForm,
    /// The means of identification is too weak for this step.
    #[error("the level of identification is too low")]
    LevelTooLow,
    /// The draft has expired and was erased, or the thing was withdrawn.
    #[error("gone")]
    Gone,
    /// The draft was changed in another tab or on another device.
    #[error("changed elsewhere")]
    ChangedElsewhere,
    /// The request could not be read.
    #[error("unreadable request")]
    Unreadable,
    /// Too many requests; wait this many seconds.
    #[error("too many requests")]
    TooMany(u32),
    /// Something the page needs does not answer. For operators, without personal data.
    #[error("not available: {0}")]
    Unavailable(String),
    /// A fault of ours. For operators, without personal data.
    #[error("internal: {0}")]
    Internal(String),
    /// A citizen has to sign in first and then returns to this address.
    #[error("sign in first")]
    SignIn(String),
    /// A member of staff has to sign in first and then returns to this address.
    #[error("staff must sign in first")]
    StaffSignIn(String),
}

impl PageError {
    /// The HTTP status.
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::StaleForm | Self::LevelTooLow => StatusCode::FORBIDDEN,
            Self::Gone => StatusCode::GONE,
            Self::ChangedElsewhere => StatusCode::CONFLICT,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::SignIn(_) | Self::StaffSignIn(_) => StatusCode::SEE_OTHER,
        }
    }

    /// The kind for a status that did not come from a handler of ours.
    pub(crate) fn from_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Self::NotFound,
            StatusCode::FORBIDDEN | StatusCode::UNAUTHORIZED => Self::Forbidden,
            StatusCode::GONE => Self::Gone,
            StatusCode::CONFLICT => Self::ChangedElsewhere,
            StatusCode::TOO_MANY_REQUESTS => Self::TooMany(60),
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT => {
                Self::Unavailable("time is up".to_owned())
            }
            status if status.is_client_error() => Self::Unreadable,
            status => Self::Internal(format!("answer {status}")),
        }
    }

    /// Keys of the texts: title, what happened, whether data is safe, what to do now.
    pub(crate) const fn texts(&self) -> [&'static str; 4] {
        match self {
            Self::NotFound => [
                "error-404-title",
                "error-404-what",
                "error-safe-nothing-sent",
                "error-404-next",
            ],
            Self::Forbidden | Self::SignIn(_) | Self::StaffSignIn(_) => [
                "error-403-title",
                "error-403-what",
                "error-safe-nothing-sent",
                "error-403-next",
            ],
            Self::StaleForm => [
                "error-stale-title",
                "error-stale-what",
                "error-safe-saved",
                "error-stale-next",
            ],
            Self::LevelTooLow => [
                "error-level-title",
                "error-level-what",
                "error-safe-saved",
                "error-level-next",
            ],
            Self::Gone => [
                "error-410-title",
                "error-410-what",
                "error-410-safe",
                "error-410-next",
            ],
            Self::ChangedElsewhere => [
                "error-409-title",
                "error-409-what",
                "error-safe-saved",
                "error-409-next",
            ],
            Self::Unreadable => [
                "error-400-title",
                "error-400-what",
                "error-safe-saved",
                "error-400-next",
            ],
            Self::TooMany(_) => [
                "error-429-title",
                "error-429-what",
                "error-safe-saved",
                "error-429-next",
            ],
            Self::Unavailable(_) => [
                "error-503-title",
                "error-503-what",
                "error-safe-saved",
                "error-503-next",
            ],
            Self::Internal(_) => [
                "error-500-title",
                "error-500-what",
                "error-safe-saved",
                "error-500-next",
            ],
        }
    }
}

impl From<IdentityError> for PageError {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::LevelTooLow => Self::LevelTooLow,
            IdentityError::NotStaff => Self::Forbidden,
            IdentityError::Provider(failure) => Self::Unavailable(failure.to_string()),
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<ApplicationError> for PageError {
    fn from(error: ApplicationError) -> Self {
        match error {
            ApplicationError::NotFound
            | ApplicationError::NoSuchLifeEvent
            | ApplicationError::NoSuchQuestion => Self::NotFound,
            ApplicationError::AlreadySent | ApplicationError::Stale => Self::ChangedElsewhere,
            ApplicationError::NoLegs => Self::Unreadable,
            ApplicationError::Port(failure) => Self::Unavailable(failure.to_string()),
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<CatalogueError> for PageError {
    fn from(error: CatalogueError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<CaseworkError> for PageError {
    fn from(error: CaseworkError) -> Self {
        match error {
            CaseworkError::NotFound => Self::NotFound,
            CaseworkError::UnknownTenant(_) => Self::Forbidden,
            CaseworkError::Inbox(failure) => Self::Unavailable(failure.to_string()),
            other => Self::Internal(other.to_string()),
        }
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        let sign_in = match &self {
            Self::SignIn(next) => Some(("/anmelden", next)),
            Self::StaffSignIn(next) => Some(("/amt/anmelden", next)),
            _ => None,
        };
        if let Some((path, next)) = sign_in {
            let target = format!("{path}?weiter={}", crate::address::encode(next));
            if let Ok(target) = HeaderValue::from_str(&target) {
                response.headers_mut().insert(LOCATION, target);
            }
        }
        if let Self::TooMany(seconds) = self {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}
