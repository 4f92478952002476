//! Find: start page, search, service page with the responsible office at a place.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use einmal_application::view::{Label, LifeEventCard, Place};
use einmal_catalogue::{
    HitKind, LinkView, OfficeView, Offices, OnlineView, SearchHit, SearchQuery, Section,
    ServicePage as Service,
};
use einmal_model::{Date, Language, german_date};

use super::PortalState;
use super::guest::Guest;
use super::places::{self, Found};
use crate::address;
use crate::error::PageError;
use crate::fields::{Asked, Fields};
use crate::labels::{demoted, german, label};
use crate::page::{Page, PageResult, show};

/// Longest search text that is looked at, in characters.
const LONGEST_QUERY: usize = 200;
const RESULTS: usize = 20;

#[derive(Template)]
#[template(path = "find/start.html", whitespace = "minimize")]
struct StartPage {
    page: Page,
    events: Vec<LifeEventCard>,
    place: Option<String>,
    here: String,
}

pub(super) async fn start(State(state): State<PortalState>, guest: Guest) -> PageResult {
    let page = guest.page().named("start-title").in_state("filled");
    let place = places::remembered(&state, &guest.visit).await?;
    let template = StartPage {
        events: state.applications.cards(page.language()),
        place: place.as_ref().map(places::words),
        here: address::encode("/"),
        page,
    };
    show(StatusCode::OK, &template)
}

/// One result as the page shows it.
struct ResultRow {
    href: String,
    life_event: bool,
    title: Label,
    teaser: Label,
    /// Colour and words of the badge.
    online: Option<(&'static str, String)>,
    /// Why this result is shown.
    why: Option<String>,
}

#[derive(Template)]
#[template(path = "find/search.html", whitespace = "minimize")]
struct SearchPage {
    page: Page,
    query: String,
    results: Vec<ResultRow>,
    place: Option<String>,
    here: String,
}

/// The place of the address (`ort`), else the remembered one.
async fn place_here(
    state: &PortalState,
    guest: &Guest,
    query: &Fields,
) -> Result<Option<Place>, PageError> {
    if let Found::One(place) = places::find(state, query.one("ort"), "").await? {
        return Ok(Some(place));
    }
    places::remembered(state, &guest.visit).await
}

pub(super) async fn search(
    State(state): State<PortalState>,
    guest: Guest,
    Asked(query): Asked,
) -> PageResult {
    let words: String = query.one("q").chars().take(LONGEST_QUERY).collect();
    let place = place_here(&state, &guest, &query).await?;
    let page = guest.page();
    let cards = state.applications.cards(page.language());
    let results: Vec<ResultRow> = if words.is_empty() {
        Vec::new()
    } else {
        let wanted = SearchQuery {
            words: &words,
            place: place.as_ref().map(|place| place.ars),
            limit: RESULTS,
            offset: 0,
        };
        let hits = state.index.search(&state.catalogue, &wanted).await?;
        hits.into_iter()
            .map(|hit| result_row(hit, &cards, place.as_ref(), &page))
            .collect()
    };
    let page = if words.is_empty() {
        page.named("search-title").in_state("empty")
    } else {
        let title = page.t1("search-heading-for", "query", &words);
        let shown = if results.is_empty() {
            "empty"
        } else {
            "filled"
        };
        page.titled(title).in_state(shown)
    };
    let template = SearchPage {
        page,
        query: words,
        results,
        place: place.as_ref().map(places::words),
        here: address::encode(&guest.visit.address()),
    };
    show(StatusCode::OK, &template)
}

fn result_row(
    hit: SearchHit,
    cards: &[LifeEventCard],
    place: Option<&Place>,
    page: &Page,
) -> ResultRow {
    let why = hit.guessed.then(|| page.t("result-guessed"));
    match hit.kind {
        HitKind::LifeEvent(id) => {
            let card = cards.iter().find(|card| card.id == id);
            ResultRow {
                href: format!("/lebenslagen/{}", address::encode(&id)),
                life_event: true,
                title: card.map_or_else(
                    || german(hit.title, page.language()),
                    |card| card.title.clone(),
                ),
                teaser: card.map_or_else(
                    || german(hit.teaser, page.language()),
                    |card| card.teaser.clone(),
                ),
                online: None,
                why,
            }
        }
        HitKind::Service(id) => ResultRow {
            href: format!("/leistungen/{}", address::encode(&id.to_string())),
            life_event: false,
            title: german(hit.title, page.language()),
            teaser: german(hit.teaser, page.language()),
            online: place.and(hit.online).map(|online| {
                if online {
                    ("success", page.t("online-yes-here"))
                } else {
                    ("info", page.t("online-no-here"))
                }
            }),
            why,
        },
    }
}

/// A part of the description in one language.
struct Part {
    heading: Label,
    lines: Vec<Label>,
    html: Label,
    links: Vec<LinkView>,
}

impl Part {
    fn new(section: Section, language: Language) -> Option<Self> {
        if section.is_empty() {
            return None;
        }
        Some(Self {
            heading: label(&section.heading, language),
            lines: section
                .lines
                .iter()
                .map(|line| label(line, language))
                .collect(),
            html: demoted(label(&section.html, language)),
            links: section.links,
        })
    }
}

/// An office as the page shows it.
struct Office {
    name: Label,
    area: Option<String>,
    addresses: Vec<String>,
    ways: Vec<(String, String)>,
    links: Vec<LinkView>,
}

impl Office {
    fn new(office: OfficeView, language: Language) -> Self {
        Self {
            name: label(&office.name, language),
            area: office.area_name,
            addresses: office
                .addresses
                .iter()
                .map(einmal_catalogue::AddressView::line)
                .filter(|line| !line.is_empty())
                .collect(),
            ways: office.communications,
            links: office.links,
        }
    }
}

/// Who is registered at the place.
struct AtPlace {
    nothing: bool,
    groups: Vec<(String, Vec<Office>)>,
    /// Name, address, and whether it leads away from this site.
    online: Vec<(Label, String, bool)>,
}

impl AtPlace {
    fn new(offices: Offices, page: &Page) -> Self {
        let language = page.language();
        let nothing = offices.nothing_registered();
        let groups = [
            (page.t("service-responsible"), offices.responsible),
            (page.t("service-contact"), offices.contacts),
        ];
        Self {
            nothing,
            groups: groups
                .into_iter()
                .filter(|(_, offices)| !offices.is_empty())
                .map(|(heading, offices)| {
                    let offices = offices
                        .into_iter()
                        .map(|office| Office::new(office, language));
                    (heading, offices.collect())
                })
                .collect(),
            online: offices
                .online
                .into_iter()
                .filter_map(|online| online_link(online, language))
                .collect(),
        }
    }
}

fn online_link(online: OnlineView, language: Language) -> Option<(Label, String, bool)> {
    let name = label(&online.name, language);
    match (online.life_event, online.link) {
        (Some(id), _) => Some((
            name,
            format!("/lebenslagen/{}", address::encode(&id)),
            false,
        )),
        (None, Some(link)) => Some((name, link.address, true)),
        (None, None) => None,
    }
}

#[derive(Template)]
#[template(path = "find/service.html", whitespace = "minimize")]
struct ServicePage {
    page: Page,
    title: Label,
    official_name: Option<Label>,
    teaser: Label,
    valid: bool,
    sections: Vec<Part>,
    offices: Option<AtPlace>,
    life_events: Vec<LifeEventCard>,
    changed: Option<String>,
    keys: Vec<String>,
    place: Option<String>,
    here: String,
}

pub(super) async fn service(
    State(state): State<PortalState>,
    guest: Guest,
    Path(key): Path<String>,
    Asked(query): Asked,
) -> PageResult {
    let place = place_here(&state, &guest, &query).await?;
    let ars = place.as_ref().map(|place| place.ars);
    let service = state.catalogue.service_for(&key, ars).await?;
    let service = service.ok_or(PageError::NotFound)?;
    let page = guest.page();
    let language = page.language();
    let offices = match ars {
        None => None,
        Some(ars) => {
            let today = state.clock.today();
            let offices = state
                .catalogue
                .offices(&service.id, &service.keys, ars, today)
                .await?;
            Some(AtPlace::new(offices, &page))
        }
    };
    let shown = match &offices {
        Some(offices) if offices.nothing => "empty",
        Some(_) => "filled",
        None => "waiting",
    };
    let title = label(&service.title, language);
    let template = ServicePage {
        page: page.titled(title.text.clone()).in_state(shown),
        life_events: life_events_with(&state, &service.keys, language),
        title,
        official_name: service
            .official_name
            .as_ref()
            .map(|name| label(name, language)),
        teaser: demoted(label(&service.teaser, language)),
        valid: service.valid,
        changed: service
            .changed
            .as_deref()
            .map(|changed| day(changed, language)),
        keys: service.keys.clone(),
        sections: parts(service, language),
        offices,
        place: place.as_ref().map(places::words),
        here: address::encode(&guest.visit.address()),
    };
    show(StatusCode::OK, &template)
}

/// The day of a time as delivered; what is no time stays as it is.
fn day(changed: &str, language: Language) -> String {
    let date = changed.get(..10).and_then(|day| day.parse::<Date>().ok());
    date.map_or_else(|| changed.to_owned(), |date| german_date(date, language))
}

/// Deadlines and costs come first: they are what people come for.
fn parts(service: Service, language: Language) -> Vec<Part> {
    let facts = [
        service.deadlines,
        service.costs,
        service.durations,
        service.documents,
    ];
    facts
        .into_iter()
        .chain(service.sections)
        .filter_map(|section| Part::new(section, language))
        .collect()
}

/// Life events of this portal that a service is part of.
fn life_events_with(
    state: &PortalState,
    keys: &[String],
    language: Language,
) -> Vec<LifeEventCard> {
    state
        .applications
        .life_events()
        .iter()
        .filter(|event| event.legs.iter().any(|leg| keys.contains(&leg.leika)))
        .map(|event| event.card(language))
        .collect()
}
