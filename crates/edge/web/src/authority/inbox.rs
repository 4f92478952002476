//! `/amt`: the cases of one authority, with filters in a GET form so that addresses can be shared.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use einmal_casework::view::InboxView;
use einmal_casework::{CaseState, InboxFilter, InboxQuery};
use einmal_model::Instant;

use super::AuthorityState;
use super::staff::Visitor;
use crate::address;
use crate::fields::Asked;
use crate::page::{Page, PageResult, show};

#[derive(Template)]
#[template(path = "authority/inbox.html", whitespace = "minimize")]
struct InboxPage {
    page: Page,
    inbox: InboxView,
    now: Instant,
}

/// Colour of a state's badge; the word stands in it in any case.
pub(super) const fn colour(state: CaseState) -> &'static str {
    match state {
        CaseState::Received => "info",
        CaseState::Accepting | CaseState::Rejecting | CaseState::NotReadable => "warning",
        CaseState::Accepted => "success",
        CaseState::Rejected | CaseState::NotReadableRejected => "danger",
    }
}

impl InboxPage {
    fn colour(&self, state: &CaseState) -> &'static str {
        colour(*state)
    }

    /// Address of this list on another page.
    fn address(&self, page: &u32) -> String {
        let search = address::encode(&self.inbox.search);
        format!(
            "/amt?stand={}&nummer={search}&seite={page}",
            self.inbox.filter.code()
        )
    }

    /// Pages worth a link: the first, the last, and those around this one.
    fn links(&self) -> Vec<u32> {
        let (page, pages) = (self.inbox.page, self.inbox.pages);
        (1..=pages)
            .filter(|number| *number == 1 || *number == pages || number.abs_diff(page) <= 2)
            .collect()
    }
}

pub(super) async fn inbox(
    State(state): State<AuthorityState>,
    visitor: Visitor,
    Asked(query): Asked,
) -> PageResult {
    let scope = visitor.worker()?.scope()?;
    let query = InboxQuery {
        filter: InboxFilter::from_code(query.one("stand")),
        search: query.one("nummer").to_owned(),
        page: query.one("seite").parse().unwrap_or(1),
    };
    let page = visitor.page().named("inbox-title");
    let inbox = state
        .casework
        .inbox(&scope, &query, page.language())
        .await?;
    let shown = if inbox.rows.is_empty() {
        "empty"
    } else {
        "filled"
    };
    show(
        StatusCode::OK,
        &InboxPage {
            page: page.in_state(shown),
            inbox,
            now: state.clock.now(),
        },
    )
}
