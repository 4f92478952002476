//! Check, see who receives what, send, and what the person sees afterwards.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use einmal_application::ApplicationError;
use einmal_application::view::{
    ApplicationSummary, CheckAnswers, Confirmation, Label, LegState, ReceiverLeg, ReceiverRow,
    ReceiversView,
};
use einmal_model::Instant;

use super::PortalState;
use super::draft::id;
use super::guest::Guest;
use crate::error::PageError;
use crate::fields::Posted;
use crate::page::{FormError, Page, PageResult, show};
use crate::sign_in::go_to;

#[derive(Template)]
#[template(path = "apply/check.html", whitespace = "minimize")]
struct CheckPage {
    page: Page,
    check: CheckAnswers,
}

/// What one office receives, by group of its form.
struct Receiver {
    leg: String,
    title: Label,
    authority: String,
    count: usize,
    groups: Vec<Group>,
}

struct Group {
    label: String,
    rows: Vec<ReceiverRow>,
}

impl Receiver {
    fn new(leg: ReceiverLeg) -> Self {
        let count = leg.rows.len();
        let mut groups: Vec<Group> = Vec::new();
        for row in leg.rows {
            // Forms interleave groups and single fields; a group is shown once, where it begins.
            match groups.iter_mut().find(|group| group.label == row.group) {
                Some(group) => group.rows.push(row),
                None => groups.push(Group {
                    label: row.group.clone(),
                    rows: vec![row],
                }),
            }
        }
        Self {
            leg: leg.leg,
            title: leg.title,
            authority: leg.authority,
            count,
            groups,
        }
    }
}

#[derive(Template)]
#[template(path = "apply/send.html", whitespace = "minimize")]
struct SendPage {
    page: Page,
    receivers: ReceiversView,
    legs: Vec<Receiver>,
    errors: Vec<FormError>,
}

#[derive(Template)]
#[template(path = "apply/confirmation.html", whitespace = "minimize")]
struct ConfirmationPage {
    page: Page,
    sent: Confirmation,
}

#[derive(Template)]
#[template(path = "account/status.html", whitespace = "minimize")]
struct StatusPage {
    page: Page,
    sent: Confirmation,
    now: Instant,
}

#[derive(Template)]
#[template(path = "account/list.html", whitespace = "minimize")]
struct AccountPage {
    page: Page,
    drafts: Vec<ApplicationSummary>,
    sent: Vec<ApplicationSummary>,
}

/// A leg's state for tests and style; people read the words.
const fn state_word(state: &LegState) -> &'static str {
    match state {
        LegState::Queued => "queued",
        LegState::Delivering => "delivering",
        LegState::Retrying => "retrying",
        LegState::Delivered => "delivered",
        LegState::Accepted => "accepted",
        LegState::Rejected => "rejected",
        LegState::Undeliverable => "undeliverable",
    }
}

const fn state_colour(state: &LegState) -> &'static str {
    match state {
        LegState::Queued | LegState::Delivering | LegState::Delivered => "info",
        LegState::Retrying => "warning",
        LegState::Accepted => "success",
        LegState::Rejected | LegState::Undeliverable => "danger",
    }
}

/// Whether the office goes on working: what happens next is not said about what was refused.
const fn goes_on(state: &LegState) -> bool {
    !matches!(state, LegState::Rejected | LegState::Undeliverable)
}

/// Whether every office has answered.
fn marker(sent: &Confirmation) -> &'static str {
    let answered = |state| {
        matches!(
            state,
            LegState::Accepted | LegState::Rejected | LegState::Undeliverable
        )
    };
    if sent.legs.iter().all(|leg| answered(leg.state)) {
        "done"
    } else {
        "waiting"
    }
}

pub(super) async fn check(
    State(state): State<PortalState>,
    guest: Guest,
    Path(text): Path<String>,
) -> PageResult {
    let id = id(&text)?;
    let account = guest.citizen()?.account.id.to_string();
    let page = guest.page().named("check-title");
    match state
        .applications
        .check(&account, id, page.language())
        .await
    {
        Err(ApplicationError::AlreadySent) => Ok(go_to(&format!("/konto/vorgaenge/{id}"))),
        Err(error) => Err(error.into()),
        Ok(check) => {
            let shown = if check.open.is_empty() {
                "filled"
            } else {
                "waiting"
            };
            let page = page.in_state(shown);
            show(StatusCode::OK, &CheckPage { page, check })
        }
    }
}

async fn send_page(state: &PortalState, guest: &Guest, text: &str, undeclared: bool) -> PageResult {
    let id = id(text)?;
    let account = guest.citizen()?.account.id.to_string();
    let page = guest.page().named("send-title");
    let receivers = state
        .applications
        .receivers(&account, id, page.language())
        .await;
    let mut receivers = match receivers {
        Err(ApplicationError::AlreadySent) => {
            return Ok(go_to(&format!("/antrag/{id}/bestaetigung")));
        }
        Err(ApplicationError::Incomplete(_)) => {
            return Ok(go_to(&format!("/antrag/{id}/pruefen")));
        }
        other => other?,
    };
    let errors: Vec<FormError> = undeclared
        .then(|| FormError::new("erklaerung", page.t("send-declaration-missing")))
        .into_iter()
        .collect();
    let (status, page) = if undeclared {
        (StatusCode::UNPROCESSABLE_ENTITY, page.with_errors())
    } else if receivers.blocked.is_empty() {
        (StatusCode::OK, page.in_state("filled"))
    } else {
        (StatusCode::OK, page.in_state("failed"))
    };
    let legs = std::mem::take(&mut receivers.legs);
    let template = SendPage {
        page,
        legs: legs.into_iter().map(Receiver::new).collect(),
        receivers,
        errors,
    };
    show(status, &template)
}

pub(super) async fn receivers(
    State(state): State<PortalState>,
    guest: Guest,
    Path(text): Path<String>,
) -> PageResult {
    send_page(&state, &guest, &text, false).await
}

pub(super) async fn send(
    State(state): State<PortalState>,
    guest: Guest,
    Path(text): Path<String>,
    Posted(form): Posted,
) -> PageResult {
    let id = id(&text)?;
    let account = guest.own_form(&form)?.account.id.to_string();
    if form.one("erklaerung") != "ja" {
        return send_page(&state, &guest, &text, true).await;
    }
    let version = form.one("version").parse().unwrap_or_default();
    match state.applications.send(&account, id, version).await {
        Ok(()) | Err(ApplicationError::AlreadySent) => {
            Ok(go_to(&format!("/antrag/{id}/bestaetigung")))
        }
        // What is sent must be what was shown: the page lists it again.
        Err(ApplicationError::Stale | ApplicationError::Blocked(_)) => {
            Ok(go_to(&format!("/antrag/{id}/absenden")))
        }
        Err(ApplicationError::Incomplete(_)) => Ok(go_to(&format!("/antrag/{id}/pruefen"))),
        Err(error) => Err(error.into()),
    }
}

async fn sent(state: &PortalState, guest: &Guest, text: &str) -> Result<Confirmation, PageError> {
    let id = id(text)?;
    let account = guest.citizen()?.account.id.to_string();
    let language = guest.visit.language;
    let sent = state.applications.confirmation(&account, id, language);
    Ok(sent.await?)
}

pub(super) async fn confirmation(
    State(state): State<PortalState>,
    guest: Guest,
    Path(text): Path<String>,
) -> PageResult {
    let sent = sent(&state, &guest, &text).await?;
    let page = guest.page().named("confirmation-title");
    let page = page.in_state(marker(&sent));
    show(StatusCode::OK, &ConfirmationPage { page, sent })
}

pub(super) async fn status(
    State(state): State<PortalState>,
    guest: Guest,
    Path(text): Path<String>,
) -> PageResult {
    let sent = sent(&state, &guest, &text).await?;
    let page = guest.page();
    let title = page.t1("status-title", "event", &sent.title.text);
    let page = page.titled(title).in_state(marker(&sent));
    let now = state.clock.now();
    show(StatusCode::OK, &StatusPage { page, sent, now })
}

pub(super) async fn account(State(state): State<PortalState>, guest: Guest) -> PageResult {
    let account = guest.citizen()?.account.id.to_string();
    let page = guest.page().named("account-title");
    let all = state.applications.list(&account, page.language()).await?;
    let (sent, drafts): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|application| application.sent_at.is_some());
    let empty = sent.is_empty() && drafts.is_empty();
    let page = page.in_state(if empty { "empty" } else { "filled" });
    show(StatusCode::OK, &AccountPage { page, drafts, sent })
}
