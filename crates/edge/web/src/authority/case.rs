//! `/amt/vorgaenge/{id}`: what was sent, where each value came from, what happened, and the decision.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::IntoResponse;
use einmal_casework::view::{CaseView, ContentView};
use einmal_casework::{
    AttachmentId, CaseId, CaseState, DecideError, Decision, Reason, ReasonError,
};

use super::AuthorityState;
use super::inbox::colour;
use super::staff::Visitor;
use crate::error::PageError;
use crate::fields::Posted;
use crate::page::{FormError, Page, PageResult, show};
use crate::sign_in::go_to;

#[derive(Template)]
#[template(path = "authority/case.html", whitespace = "minimize")]
struct CasePage {
    page: Page,
    case: CaseView,
    errors: Vec<FormError>,
    reason: String,
    colour: &'static str,
}

impl CasePage {
    /// A size as people read it.
    fn size(&self, bytes: &u64) -> String {
        match bytes.div_ceil(1024) {
            kilobytes @ 0..1024 => format!("{kilobytes} KB"),
            kilobytes => format!("{} MB", kilobytes.div_ceil(1024)),
        }
    }
}

fn parse<T: std::str::FromStr>(text: &str) -> Result<T, PageError> {
    text.parse().map_err(|_| PageError::NotFound)
}

/// The page with what is wrong with the decision, if anything.
async fn case_page(
    state: &AuthorityState,
    visitor: &Visitor,
    id: CaseId,
    reason: String,
    error: Option<(StatusCode, FormError)>,
) -> PageResult {
    let scope = visitor.worker()?.scope()?;
    let page = visitor.page();
    let case = state.casework.case(&scope, id, page.language()).await?;
    let title = page.t1("case-title", "reference", &case.number);
    let page = page.titled(title).in_state(match case.state {
        CaseState::Received => "filled",
        CaseState::Accepting | CaseState::Rejecting | CaseState::NotReadable => "waiting",
        CaseState::Accepted | CaseState::Rejected | CaseState::NotReadableRejected => "done",
    });
    let (status, page, errors) = match error {
        None => (StatusCode::OK, page, Vec::new()),
        Some((status, error)) => (status, page.with_errors(), vec![error]),
    };
    let template = CasePage {
        colour: colour(case.state),
        page,
        case,
        errors,
        reason,
    };
    show(status, &template)
}

pub(super) async fn show_case(
    State(state): State<AuthorityState>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> PageResult {
    visitor.worker()?;
    case_page(&state, &visitor, parse(&id)?, String::new(), None).await
}

async fn decide(
    state: &AuthorityState,
    visitor: &Visitor,
    id: CaseId,
    decision: &Decision,
    reason: String,
) -> PageResult {
    let scope = visitor.worker()?.scope()?;
    match state.casework.decide(&scope, id, decision).await {
        Ok(()) => Ok(go_to(&format!("/amt/vorgaenge/{id}"))),
        // The second click of a double click changes nothing and leads to the same page.
        Err(DecideError::AlreadyDecided { verdict, .. }) if verdict == decision.verdict() => {
            Ok(go_to(&format!("/amt/vorgaenge/{id}")))
        }
        Err(DecideError::AlreadyDecided { .. } | DecideError::NotReadable) => {
            let message = visitor.page().t("case-already-decided");
            let error = (StatusCode::CONFLICT, FormError::new("stand", message));
            case_page(state, visitor, id, reason, Some(error)).await
        }
        Err(DecideError::Casework(error)) => Err(error.into()),
        Err(other) => Err(PageError::Internal(other.to_string())),
    }
}

/// Addresses of forms, opened as pages: after switching the language or signing in again.
pub(super) async fn to_case(Path(id): Path<String>) -> PageResult {
    let id: CaseId = parse(&id)?;
    Ok(go_to(&format!("/amt/vorgaenge/{id}")))
}

pub(super) async fn accept(
    State(state): State<AuthorityState>,
    visitor: Visitor,
    Path(id): Path<String>,
    Posted(form): Posted,
) -> PageResult {
    let id = parse(&id)?;
    visitor.own_form(&form, &format!("/amt/vorgaenge/{id}"))?;
    decide(&state, &visitor, id, &Decision::Accept, String::new()).await
}

pub(super) async fn reject(
    State(state): State<AuthorityState>,
    visitor: Visitor,
    Path(id): Path<String>,
    Posted(form): Posted,
) -> PageResult {
    let id = parse(&id)?;
    visitor.own_form(&form, &format!("/amt/vorgaenge/{id}"))?;
    let typed = form.one("begruendung");
    let reason: Reason = match typed.parse() {
        Ok(reason) => reason,
        Err(error) => {
            let page = visitor.page();
            let message = match error {
                ReasonError::TooShort(_) => page.t1("case-reason-missing", "least", Reason::MIN),
                ReasonError::TooLong(_) => page.t1("case-reason-too-long", "most", Reason::MAX),
            };
            let error = FormError::new("begruendung", message);
            let error = Some((StatusCode::UNPROCESSABLE_ENTITY, error));
            return case_page(&state, &visitor, id, typed.to_owned(), error).await;
        }
    };
    let decision = Decision::Reject(reason);
    decide(&state, &visitor, id, &decision, typed.to_owned()).await
}

/// Files of strangers are only ever downloaded, never shown.
pub(super) async fn attachment(
    State(state): State<AuthorityState>,
    visitor: Visitor,
    Path((id, attachment)): Path<(String, String)>,
) -> PageResult {
    let scope = visitor.worker()?.scope()?;
    let (id, attachment): (CaseId, AttachmentId) = (parse(&id)?, parse(&attachment)?);
    let file = state.casework.attachment(&scope, id, attachment).await?;
    // RFC 6266: an ASCII name for old clients, the real one percent-encoded.
    let plain: String = file
        .name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "._- ".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let encoded = crate::address::encode(&file.name);
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    let disposition = HeaderValue::from_str(&disposition)
        .unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    let kind = HeaderValue::from_static("application/octet-stream");
    Ok((
        [(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, disposition)],
        file.content,
    )
        .into_response())
}
