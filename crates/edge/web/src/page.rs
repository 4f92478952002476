//! The frame around every page and what its templates may ask for.

use std::sync::Arc;

use askama::Template;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use einmal_model::{Instant, Language, german_date, german_date_time};

use crate::assets;
use crate::error::PageError;
use crate::settings::WebSettings;
use crate::texts;
use crate::visit::Visit;

/// What every handler returns.
pub(crate) type PageResult = Result<Response, PageError>;

/// Whose page it is: decides the links in the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum House {
    /// Pages for everybody.
    Portal,
    /// Pages for the staff of authorities.
    Authority,
    /// Pages of the simulated identity provider.
    Simulation,
}

/// Who is signed in. Has no debug output: it holds a token.
#[derive(Clone)]
pub(crate) struct Viewer {
    /// Name as shown.
    pub(crate) name: String,
    /// Token that goes into every form of this session.
    pub(crate) form_token: String,
}

/// The frame of one page. Templates ask it for words, dates and links.
pub(crate) struct Page {
    visit: Visit,
    settings: Arc<WebSettings>,
    house: House,
    viewer: Option<Viewer>,
    title: String,
    state: &'static str,
    failed: bool,
}

impl Page {
    /// A frame; the title is given as text, since many come from data.
    pub(crate) fn new(
        visit: &Visit,
        settings: &Arc<WebSettings>,
        house: House,
        viewer: Option<Viewer>,
    ) -> Self {
        Self {
            visit: visit.clone(),
            settings: Arc::clone(settings),
            house,
            viewer,
            title: String::new(),
            state: "filled",
            failed: false,
        }
    }

    /// With a title from data.
    pub(crate) fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// With the title of a text key.
    pub(crate) fn named(self, key: &str) -> Self {
        let title = self.t(key);
        self.titled(title)
    }

    /// With a marker of the page's state, so that tests know which state they look at.
    pub(crate) const fn in_state(mut self, state: &'static str) -> Self {
        self.state = state;
        self
    }

    /// As the answer to a form that cannot be accepted yet: the title begins with the word for it.
    pub(crate) const fn with_errors(mut self) -> Self {
        self.failed = true;
        self.state = "error";
        self
    }

    /// Language of the page.
    pub(crate) const fn language(&self) -> Language {
        self.visit.language
    }

    /// `lang` attribute of the page.
    pub(crate) const fn lang(&self) -> &'static str {
        self.visit.language.code()
    }

    /// The attribute for German content, on pages in another language.
    pub(crate) fn german(&self) -> &'static str {
        match self.visit.language {
            Language::De => "",
            Language::En => " lang=\"de\"",
        }
    }

    /// A text.
    pub(crate) fn t(&self, key: &str) -> String {
        texts::text(self.visit.language, key, &[])
    }

    /// A text with one value.
    pub(crate) fn t1(&self, key: &str, name: &str, value: impl ToString) -> String {
        texts::text(self.visit.language, key, &[(name, value.to_string())])
    }

    /// A text with two values.
    pub(crate) fn t2(
        &self,
        key: &str,
        name: &str,
        value: impl ToString,
        other: &str,
        second: impl ToString,
    ) -> String {
        texts::text(
            self.visit.language,
            key,
            &[(name, value.to_string()), (other, second.to_string())],
        )
    }

    /// An instant as people read it.
    pub(crate) fn time(&self, instant: &Instant) -> String {
        german_date_time(*instant, self.visit.language)
    }

    /// The day of an instant as people read it.
    pub(crate) fn day(&self, instant: &Instant) -> String {
        german_date(instant.date_in_germany(), self.visit.language)
    }

    /// Marker of the page's state.
    pub(crate) const fn state(&self) -> &'static str {
        self.state
    }

    /// Content of the `title` element: unique, error first, at most 70 characters as far as the data allows.
    pub(crate) fn full_title(&self) -> String {
        let prefix = if self.failed {
            self.t("title-error-prefix")
        } else {
            String::new()
        };
        let suffix = match self.house {
            House::Portal => "Einmal".to_owned(),
            House::Authority => self.t("authority-name"),
            House::Simulation => self.t("simulation-word"),
        };
        let room = 66_usize.saturating_sub(prefix.chars().count() + suffix.chars().count());
        let mut title: String = self.title.chars().take(room).collect();
        if title.len() < self.title.len() {
            title.push('…');
        }
        format!("{prefix}{title} – {suffix}")
    }

    /// The title without prefix and suffix; the `h1` of simple pages.
    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    /// Address of the style sheet.
    pub(crate) const fn style_sheet(&self) -> &'static str {
        assets::STYLE_SHEET
    }

    /// Fonts worth loading before the style sheet asks for them.
    pub(crate) const fn fonts(&self) -> [&'static str; 2] {
        [assets::FONT_REGULAR, assets::FONT_SEMIBOLD]
    }

    /// Address of the list of works by others.
    pub(crate) const fn notice(&self) -> &'static str {
        assets::NOTICE
    }

    /// The other language: code, its own name for itself, and this page in it.
    pub(crate) fn other_language(&self) -> (&'static str, &'static str, String) {
        let (other, name) = match self.visit.language {
            Language::De => (Language::En, "English"),
            Language::En => (Language::De, "Deutsch"),
        };
        (other.code(), name, self.visit.address_in(other))
    }

    /// True on pages for staff.
    pub(crate) fn is_authority(&self) -> bool {
        self.house == House::Authority
    }

    /// True when something on this site is simulated.
    pub(crate) fn is_simulation(&self) -> bool {
        self.settings.simulation
    }

    /// Who is signed in.
    pub(crate) const fn viewer(&self) -> Option<&Viewer> {
        self.viewer.as_ref()
    }

    /// Token for forms; empty without a session, since then there is nothing to protect.
    pub(crate) fn form_token(&self) -> &str {
        self.viewer
            .as_ref()
            .map_or("", |viewer| viewer.form_token.as_str())
    }

    /// Settings of the operator.
    pub(crate) fn settings(&self) -> &WebSettings {
        &self.settings
    }

    /// Id that links this page with the log.
    pub(crate) fn request_id(&self) -> &str {
        &self.visit.request_id
    }
}

/// One entry of the error summary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FormError {
    /// HTML id of the field that the entry leads to.
    pub(crate) target: String,
    /// What is wrong and what to do.
    pub(crate) message: String,
}

impl FormError {
    /// An entry.
    pub(crate) fn new(target: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            target: target.into(),
            message: message.into(),
        }
    }
}

/// Renders a template as an answer. Pages hold personal data: nothing may keep a copy.
pub(crate) fn show(status: StatusCode, template: &impl Template) -> PageResult {
    let html = template
        .render()
        .map_err(|error| PageError::Internal(format!("template: {error}")))?;
    let mut response = (status, Html(html)).into_response();
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The error page.
#[derive(Template)]
#[template(path = "error.html", whitespace = "minimize")]
pub(crate) struct ErrorPage {
    page: Page,
    what: String,
    safe: String,
    next: String,
    wants_start: bool,
    show_id: bool,
}

impl ErrorPage {
    /// The page for one kind of failure.
    pub(crate) fn new(page: Page, error: &PageError) -> Self {
        let [title, what, safe, next] = error.texts();
        Self {
            what: page.t(what),
            safe: page.t(safe),
            next: page.t(next),
            wants_start: !page.is_authority(),
            show_id: error.status().is_server_error(),
            page: page.named(title).in_state("failed"),
        }
    }
}
