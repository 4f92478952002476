//! Who looks at a portal page, and what every portal handler needs to answer.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use einmal_identity::{Account, Principal, Session, SessionToken};

use super::PortalState;
use crate::error::PageError;
use crate::fields::{FORM_TOKEN, Fields};
use crate::form_token;
use crate::page::{House, Page, Viewer};
use crate::settings::WebSettings;
use crate::visit::Visit;

/// Name of the session cookie, without prefix.
pub(crate) const SESSION: &str = "einmal";

/// One visit of the portal, signed in or not.
pub(crate) struct Guest {
    pub(crate) visit: Visit,
    settings: Arc<WebSettings>,
    citizen: Option<Citizen>,
}

/// A citizen who is signed in.
pub(crate) struct Citizen {
    /// The account.
    pub(crate) account: Account,
    session: Session,
    form_token: String,
}

impl Guest {
    /// A frame for the answer.
    pub(crate) fn page(&self) -> Page {
        let viewer = self.citizen.as_ref().map(|citizen| Viewer {
            name: citizen.account.name.clone(),
            form_token: citizen.form_token.clone(),
        });
        Page::new(&self.visit, &self.settings, House::Portal, viewer)
    }

    /// The citizen; without one the person is asked to sign in and comes back to this page.
    pub(crate) fn citizen(&self) -> Result<&Citizen, PageError> {
        self.citizen
            .as_ref()
            .ok_or_else(|| PageError::SignIn(self.visit.address()))
    }

    /// Whether somebody is signed in.
    pub(crate) const fn is_signed_in(&self) -> bool {
        self.citizen.is_some()
    }

    /// Refuses a form of a signed-in person that did not come from a page of their session. A person whose session has
    /// ended is asked to sign in and comes back to the page of the form.
    pub(crate) fn own_form(&self, fields: &Fields) -> Result<&Citizen, PageError> {
        let citizen = self.citizen()?;
        let token = form_token::unmask(fields.one(FORM_TOKEN)).unwrap_or_default();
        if citizen.session.is_own_form(&token) {
            Ok(citizen)
        } else {
            Err(PageError::StaleForm)
        }
    }
}

impl FromRequestParts<PortalState> for Guest {
    type Rejection = PageError;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &PortalState,
    ) -> Result<Self, Self::Rejection> {
        let visit = crate::visit::of(parts)?;
        let mut citizen = None;
        if let Some(token) = visit.cookie(&state.settings.cookie_name(SESSION)) {
            let token = SessionToken::from_cookie(token);
            if let Some(session) = state.identity.session(&token).await?
                && let Principal::Citizen(id) = session.principal
                && let Some(account) = state.identity.account(id).await?
            {
                citizen = Some(Citizen {
                    account,
                    form_token: form_token::mask(session.csrf_token(), &*state.random),
                    session,
                });
            }
        }
        Ok(Self {
            visit,
            settings: Arc::clone(&state.settings),
            citizen,
        })
    }
}
