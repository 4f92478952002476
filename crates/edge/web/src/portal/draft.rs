//! `/antrag/{id}`: the task list and its questions, one per page.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use einmal_application::view::{
    AuthorityView, FieldView, PlanLegView, QuestionPage, SectionStatus, TaskListView, Widget,
};
use einmal_application::{ApplicationError, ApplicationId, SavedPage};

use super::PortalState;
use super::guest::Guest;
use super::life_event::described;
use crate::error::PageError;
use crate::fields::{Asked, FORM_TOKEN, Posted};
use crate::page::{FormError, Page, PageResult, show};
use crate::sign_in::go_to;

#[derive(Template)]
#[template(path = "apply/tasks.html", whitespace = "minimize")]
struct TasksPage {
    page: Page,
    tasks: TaskListView,
}

impl TasksPage {
    /// How a chosen benefit gets to its office.
    fn mode(&self, leg: &PlanLegView) -> String {
        self.page.t(match leg.authority {
            AuthorityView::Online { .. } => "tasks-mode-online",
            AuthorityView::NotOnline { .. } | AuthorityView::NothingRegistered => {
                "tasks-mode-paper"
            }
            AuthorityView::PlaceUnknown => "tasks-mode-open",
        })
    }
}

#[derive(Template)]
#[template(path = "apply/question.html", whitespace = "minimize")]
struct AskPage {
    page: Page,
    question: QuestionPage,
    errors: Vec<FormError>,
    step: String,
    alone: bool,
    back: String,
    from_check: bool,
}

impl AskPage {
    /// Ties hints, errors and the origin line to a field.
    fn described_by(&self, field: &FieldView) -> String {
        let mut ids = Vec::new();
        if self.alone && !self.question.hint.text.is_empty() {
            ids.push("frage-hinweis".to_owned());
        }
        if !field.hint.text.is_empty() {
            ids.push(format!("{}-hinweis", field.id));
        }
        // With candidates the error stands at the group of radios, not at the text that was typed.
        let at_candidates =
            matches!(&field.widget, Widget::Place { candidates } if !candidates.is_empty());
        let wrong = field.error.is_some() && !at_candidates;
        if wrong {
            ids.push(format!("{}-fehler", field.id));
        }
        if !field.origin.is_empty() {
            ids.push(format!("{}-herkunft", field.id));
        }
        // `aria-invalid` is not allowed on groups: dates and radios carry it on their inputs.
        let group = matches!(field.widget, Widget::Date { .. } | Widget::Radios(_));
        described(&ids, wrong && !group)
    }

    /// Text inputs for numbers stay text: `type=number` hides what it cannot read.
    fn input_type(&self, inputmode: &str) -> &'static str {
        match inputmode {
            "email" => "email",
            "tel" => "tel",
            _ => "text",
        }
    }

    /// Keyboards with digits for numbers.
    fn input_mode(&self, inputmode: &str) -> &'static str {
        if inputmode == "numeric" {
            " inputmode=\"numeric\""
        } else {
            ""
        }
    }

    /// Width classes of the style sheet, by the expected length.
    fn width(&self, expected: &usize) -> &'static str {
        match expected {
            0..=2 => " kern-form-input__input--width-2",
            3..=5 => " kern-form-input__input--width-4",
            _ => "",
        }
    }
}

pub(super) fn id(text: &str) -> Result<ApplicationId, PageError> {
    text.parse().map_err(|_| PageError::NotFound)
}

pub(super) async fn tasks(
    State(state): State<PortalState>,
    guest: Guest,
    Path(text): Path<String>,
) -> PageResult {
    let id = id(&text)?;
    let account = guest.citizen()?.account.id.to_string();
    let page = guest.page();
    let tasks = state.applications.task_list(&account, id, page.language());
    let tasks = match tasks.await {
        Err(ApplicationError::AlreadySent) => {
            return Ok(go_to(&format!("/konto/vorgaenge/{id}")));
        }
        other => other?,
    };
    let title = page.t1("tasks-title", "event", &tasks.title.text);
    let shown = if tasks.complete {
        "done"
    } else if tasks.done == 0 {
        "empty"
    } else {
        "filled"
    };
    let page = page.titled(title).in_state(shown);
    show(StatusCode::OK, &TasksPage { page, tasks })
}

fn ask_page(guest: &Guest, question: QuestionPage, from_check: bool, stale: bool) -> PageResult {
    let page = guest.page().titled(question.title.text.clone());
    let mut errors: Vec<FormError> = question
        .errors
        .iter()
        .map(|error| FormError::new(&error.target, &error.message))
        .collect();
    if stale {
        let target = question.fields.first().map(|field| field.id.clone());
        let message = page.t("question-stale");
        errors.insert(0, FormError::new(target.unwrap_or_default(), message));
    }
    let status = if stale {
        StatusCode::CONFLICT
    } else if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = if errors.is_empty() {
        let filled = question.fields.iter().any(|field| !field.origin.is_empty());
        page.in_state(if filled { "filled" } else { "empty" })
    } else {
        page.with_errors()
    };
    let step = page.t2(
        "question-step",
        "number",
        question.section_number,
        "count",
        question.section_count,
    );
    let back = match (&question.back, from_check) {
        (_, true) => format!("/antrag/{}/pruefen", question.id),
        (Some(back), false) => format!("/antrag/{}/{back}", question.id),
        (None, false) => format!("/antrag/{}", question.id),
    };
    let template = AskPage {
        step: format!("{step}: {}", question.section.text),
        alone: question.fields.len() == 1,
        page,
        question,
        errors,
        back,
        from_check,
    };
    show(status, &template)
}

pub(super) async fn ask(
    State(state): State<PortalState>,
    guest: Guest,
    Path((text, question)): Path<(String, String)>,
    Asked(query): Asked,
) -> PageResult {
    let id = id(&text)?;
    let account = guest.citizen()?.account.id.to_string();
    let language = guest.visit.language;
    let question = state
        .applications
        .question(&account, id, &question, language);
    match question.await {
        Err(ApplicationError::AlreadySent) => Ok(go_to(&format!("/konto/vorgaenge/{id}"))),
        other => ask_page(&guest, other?, query.has("pruefen"), false),
    }
}

pub(super) async fn answer(
    State(state): State<PortalState>,
    guest: Guest,
    Path((text, question)): Path<(String, String)>,
    Asked(query): Asked,
    Posted(form): Posted,
) -> PageResult {
    let id = id(&text)?;
    let account = guest.own_form(&form)?.account.id.to_string();
    let later = form.has("spaeter");
    let own = [FORM_TOKEN, "version", "spaeter"];
    let typed_nothing = form
        .pairs()
        .iter()
        .all(|(name, value)| own.contains(&name.as_str()) || value.trim().is_empty());
    if later && typed_nothing {
        return Ok(go_to(&format!("/antrag/{id}")));
    }
    let version = form.one("version").parse().unwrap_or_default();
    let typed = form.to_map();
    let language = guest.visit.language;
    let saved = state
        .applications
        .save_page(&account, id, &question, version, &typed, language);
    let from_check = query.has("pruefen");
    match saved.await {
        Err(ApplicationError::AlreadySent) => Ok(go_to(&format!("/konto/vorgaenge/{id}"))),
        Err(error) => Err(error.into()),
        Ok(SavedPage::Invalid(question)) => ask_page(&guest, *question, from_check, false),
        Ok(SavedPage::Stale(question)) => ask_page(&guest, *question, from_check, true),
        Ok(SavedPage::Next(_)) if later => Ok(go_to(&format!("/antrag/{id}"))),
        Ok(SavedPage::Next(None)) => Ok(go_to(&format!("/antrag/{id}/pruefen"))),
        Ok(SavedPage::Next(Some(next))) => Ok(go_to(&format!("/antrag/{id}/{next}"))),
    }
}
