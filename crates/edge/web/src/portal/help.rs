//! Help and statutory pages: short and honest.

use askama::Template;
use axum::http::StatusCode;

use super::guest::Guest;
use crate::page::{Page, PageResult, show};

#[derive(Template)]
#[template(path = "help/help.html", whitespace = "minimize")]
struct Help {
    page: Page,
}

#[derive(Template)]
#[template(path = "help/accessibility.html", whitespace = "minimize")]
struct Accessibility {
    page: Page,
}

#[derive(Template)]
#[template(path = "help/privacy.html", whitespace = "minimize")]
struct Privacy {
    page: Page,
}

#[derive(Template)]
#[template(path = "help/imprint.html", whitespace = "minimize")]
struct Imprint {
    page: Page,
}

#[derive(Template)]
#[template(path = "help/easy.html", whitespace = "minimize")]
struct Easy {
    page: Page,
}

pub(super) async fn help(guest: Guest) -> PageResult {
    let page = guest.page().named("help-title");
    show(StatusCode::OK, &Help { page })
}

pub(super) async fn accessibility(guest: Guest) -> PageResult {
    let page = guest.page().named("accessibility-title");
    show(StatusCode::OK, &Accessibility { page })
}

pub(super) async fn privacy(guest: Guest) -> PageResult {
    let page = guest.page().named("privacy-title");
    show(StatusCode::OK, &Privacy { page })
}

pub(super) async fn imprint(guest: Guest) -> PageResult {
    let page = guest.page().named("imprint-title");
    show(StatusCode::OK, &Imprint { page })
}

pub(super) async fn easy_language(guest: Guest) -> PageResult {
    let page = guest.page().named("easy-title");
    show(StatusCode::OK, &Easy { page })
}
