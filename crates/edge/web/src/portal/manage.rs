//! What a person may do with a draft besides answering: choose other benefits, delete it.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use einmal_application::ApplicationError;
use einmal_application::view::TaskListView;

use super::PortalState;
use super::draft::id;
use super::guest::Guest;
use crate::error::PageError;
use crate::fields::Posted;
use crate::page::{FormError, Page, PageResult, show};
use crate::sign_in::go_to;

#[derive(Template)]
#[template(path = "apply/legs.html", whitespace = "minimize")]
struct LegsPage {
    page: Page,
    tasks: TaskListView,
    errors: Vec<FormError>,
}

#[derive(Template)]
#[template(path = "apply/delete.html", whitespace = "minimize")]
struct DeletePage {
    page: Page,
    tasks: TaskListView,
}

/// The draft, or the page where a sent application is found.
async fn draft(
    state: &PortalState,
    guest: &Guest,
    text: &str,
) -> Result<Result<TaskListView, String>, PageError> {
    let id = id(text)?;
    let account = guest.citizen()?.account.id.to_string();
    let language = guest.visit.language;
    match state.applications.task_list(&account, id, language).await {
        Ok(tasks) => Ok(Ok(tasks)),
        Err(ApplicationError::AlreadySent) => Ok(Err(format!("/konto/vorgaenge/{id}"))),
        Err(error) => Err(error.into()),
    }
}

/// The benefits of a draft; `problem` is the key of what is wrong with the choice.
async fn legs_page(
    state: &PortalState,
    guest: &Guest,
    text: &str,
    problem: Option<(StatusCode, &'static str)>,
) -> PageResult {
    let tasks = match draft(state, guest, text).await? {
        Ok(tasks) => tasks,
        Err(elsewhere) => return Ok(go_to(&elsewhere)),
    };
    let page = guest.page().named("legs-title");
    let (status, page, errors) = match problem {
        None => (StatusCode::OK, page.in_state("filled"), Vec::new()),
        Some((status, key)) => {
            let error = FormError::new("leistung", page.t(key));
            (status, page.with_errors(), vec![error])
        }
    };
    let template = LegsPage {
        page,
        tasks,
        errors,
    };
    show(status, &template)
}

pub(super) async fn legs(
    State(state): State<PortalState>,
    guest: Guest,
    Path(text): Path<String>,
) -> PageResult {
    legs_page(&state, &guest, &text, None).await
}

pub(super) async fn choose_legs(
    State(state): State<PortalState>,
    guest: Guest,
    Path(text): Path<String>,
    Posted(form): Posted,
) -> PageResult {
    let id = id(&text)?;
    let account = guest.own_form(&form)?.account.id.to_string();
    let version = form.one("version").parse().unwrap_or_default();
    let legs = form.all("leistung");
    let chosen = state.applications.choose_legs(&account, id, version, &legs);
    match chosen.await {
        Ok(()) => Ok(go_to(&format!("/antrag/{id}"))),
        Err(ApplicationError::AlreadySent) => Ok(go_to(&format!("/konto/vorgaenge/{id}"))),
        Err(ApplicationError::NoLegs) => {
            let problem = (StatusCode::UNPROCESSABLE_ENTITY, "plan-choose-one");
            legs_page(&state, &guest, &text, Some(problem)).await
        }
        Err(ApplicationError::Stale) => {
            let problem = (StatusCode::CONFLICT, "question-stale");
            legs_page(&state, &guest, &text, Some(problem)).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn ask_delete(
    State(state): State<PortalState>,
    guest: Guest,
    Path(text): Path<String>,
) -> PageResult {
    match draft(&state, &guest, &text).await? {
        Err(elsewhere) => Ok(go_to(&elsewhere)),
        Ok(tasks) => {
            let page = guest.page().named("delete-title").in_state("filled");
            show(StatusCode::OK, &DeletePage { page, tasks })
        }
    }
}

pub(super) async fn delete(
    State(state): State<PortalState>,
    guest: Guest,
    Path(text): Path<String>,
    Posted(form): Posted,
) -> PageResult {
    let id = id(&text)?;
    let account = guest.own_form(&form)?.account.id.to_string();
    match state.applications.delete_draft(&account, id).await {
        // The second click finds nothing any more, and that is what was wanted.
        Ok(()) | Err(ApplicationError::NotFound) => Ok(go_to("/konto")),
        Err(ApplicationError::AlreadySent) => Ok(go_to(&format!("/konto/vorgaenge/{id}"))),
        Err(error) => Err(error.into()),
    }
}
