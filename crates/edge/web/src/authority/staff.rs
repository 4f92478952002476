//! Who works here: a member of staff with the authority they work for.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use einmal_casework::{StaffPrincipal, TenantScope};
use einmal_identity::{Principal, Session, SessionToken, Staff};

use super::AuthorityState;
use crate::error::PageError;
use crate::fields::{FORM_TOKEN, Fields};
use crate::form_token;
use crate::page::{House, Page, Viewer};
use crate::settings::WebSettings;
use crate::visit::Visit;

/// Name of the session cookie, without prefix. Another one than the portal's: both may run on one host.
pub(crate) const SESSION: &str = "einmal-amt";

/// A visit of the workbench, signed in or not.
pub(crate) struct Visitor {
    pub(crate) visit: Visit,
    settings: Arc<WebSettings>,
    worker: Option<Worker>,
}

/// A member of staff who is signed in.
pub(crate) struct Worker {
    staff: Staff,
    session: Session,
    form_token: String,
}

impl Worker {
    /// What this person may work on.
    pub(crate) fn scope(&self) -> Result<TenantScope, PageError> {
        let tenant = self.staff.tenant.parse();
        let principal = StaffPrincipal {
            staff_id: self.staff.id.clone(),
            display_name: self.staff.name.clone(),
            tenant: tenant.map_err(|_| PageError::Forbidden)?,
        };
        Ok(principal.scope())
    }
}

impl Visitor {
    /// A frame for the answer.
    pub(crate) fn page(&self) -> Page {
        let viewer = self.worker.as_ref().map(|worker| Viewer {
            name: worker.staff.name.clone(),
            form_token: worker.form_token.clone(),
        });
        Page::new(&self.visit, &self.settings, House::Authority, viewer)
    }

    /// The member of staff; without one the person is asked to sign in and comes back to this page.
    pub(crate) fn worker(&self) -> Result<&Worker, PageError> {
        self.worker
            .as_ref()
            .ok_or_else(|| PageError::StaffSignIn(self.visit.address()))
    }

    /// Whether somebody is signed in.
    pub(crate) const fn is_signed_in(&self) -> bool {
        self.worker.is_some()
    }

    /// Refuses a form that did not come from a page of this session. Without a session the person is asked to sign in
    /// and comes to `page`, since a form cannot be sent again.
    pub(crate) fn own_form(&self, fields: &Fields, page: &str) -> Result<&Worker, PageError> {
        let worker = self
            .worker
            .as_ref()
            .ok_or_else(|| PageError::StaffSignIn(page.to_owned()))?;
        let token = form_token::unmask(fields.one(FORM_TOKEN)).unwrap_or_default();
        if worker.session.is_own_form(&token) {
            Ok(worker)
        } else {
            Err(PageError::StaleForm)
        }
    }
}

impl FromRequestParts<AuthorityState> for Visitor {
    type Rejection = PageError;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AuthorityState,
    ) -> Result<Self, Self::Rejection> {
        let visit = crate::visit::of(parts)?;
        let mut worker = None;
        if let Some(token) = visit.cookie(&state.settings.cookie_name(SESSION)) {
            let token = SessionToken::from_cookie(token);
            if let Some(session) = state.identity.session(&token).await?
                && let Principal::Staff(staff) = &session.principal
            {
                worker = Some(Worker {
                    staff: staff.clone(),
                    form_token: form_token::mask(session.csrf_token(), &*state.random),
                    session,
                });
            }
        }
        Ok(Self {
            visit,
            settings: Arc::clone(&state.settings),
            worker,
        })
    }
}
