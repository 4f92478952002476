//! `/lebenslagen/{id}`: the whole plan before login, with the places it depends on; from there a draft begins.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use einmal_application::view::{AuthorityView, Label, Place, PlanLegView, PlanView};
use einmal_application::{Identification, NewApplication};

use super::PortalState;
use super::guest::{Citizen, Guest};
use super::places::{self, Candidate, Found};
use crate::address;
use crate::error::PageError;
use crate::fields::{Asked, Fields, Posted};
use crate::page::{FormError, Page, PageResult, show};
use crate::sign_in::{go_to, with_cookie};

/// Keeps the plan in the browser while the person signs in.
const COOKIE: &str = "einmal-plan";
const COOKIE_SECONDS: u32 = 60 * 60;
/// Name of the checkboxes of the benefits.
const LEG: &str = "leistung";

/// One place the plan asks for.
struct PlaceInput {
    role: String,
    label: Label,
    hint: Label,
    typed: String,
    chosen_ars: Option<String>,
    chosen_text: Option<String>,
    candidates: Vec<Candidate>,
    error: Option<String>,
}

impl PlaceInput {
    /// Errors lead to the first input that needs an answer: the candidates when there are some.
    fn input_id(&self) -> String {
        if self.candidates.is_empty() {
            self.role.clone()
        } else {
            format!("{}-eingabe", self.role)
        }
    }

    fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if !self.hint.text.is_empty() {
            ids.push(format!("{}-hinweis", self.role));
        }
        let wrong = self.error.is_some() && self.candidates.is_empty();
        if wrong {
            ids.push(format!("{}-fehler", self.role));
        }
        described(&ids, wrong)
    }
}

/// Attributes that tie hints and errors to an input. Ids are ours: keys of content and fixed words.
pub(super) fn described(ids: &[String], wrong: bool) -> String {
    let mut attributes = String::new();
    if !ids.is_empty() {
        attributes.push_str(&format!(" aria-describedby=\"{}\"", ids.join(" ")));
    }
    if wrong {
        attributes.push_str(" aria-invalid=\"true\"");
    }
    attributes
}

#[derive(Template)]
#[template(path = "apply/plan.html", whitespace = "minimize")]
struct PlanPage {
    page: Page,
    plan: PlanView,
    places: Vec<PlaceInput>,
    chosen: Vec<String>,
    errors: Vec<FormError>,
    legs_error: Option<String>,
}

impl PlanPage {
    fn is_chosen(&self, leg: &PlanLegView) -> bool {
        self.chosen.contains(&leg.leg)
    }

    /// How the benefit comes about: by an application here, or on paper.
    fn mode(&self, leg: &PlanLegView) -> String {
        self.page.t(match leg.authority {
            AuthorityView::Online { .. } => "plan-mode-apply",
            AuthorityView::NotOnline { .. } | AuthorityView::NothingRegistered => "plan-mode-paper",
            AuthorityView::PlaceUnknown => "plan-mode-unknown",
        })
    }
}

/// Places from what was typed or chosen, by role.
async fn read_places(
    state: &PortalState,
    event: &str,
    fields: &Fields,
) -> Result<BTreeMap<String, (String, Found)>, PageError> {
    let mut found = BTreeMap::new();
    for role in &state.applications.life_event(event)?.places {
        let typed = fields.one(&role.role).to_owned();
        let choice = fields.one(&format!("{}.choice", role.role));
        let mut place = places::find(state, &typed, choice).await?;
        // A name that several places share stays chosen when nobody touched it.
        let before = fields.one(&format!("{}.before", role.role));
        if choice.is_empty()
            && !before.is_empty()
            && let Found::One(before) = places::find(state, before, "").await?
            && places::typed(&before) == typed
        {
            place = Found::One(before);
        }
        found.insert(role.role.clone(), (typed, place));
    }
    Ok(found)
}

fn known(found: &BTreeMap<String, (String, Found)>) -> BTreeMap<String, Place> {
    found
        .iter()
        .filter_map(|(role, (_, found))| match found {
            Found::One(place) => Some((role.clone(), place.clone())),
            _ => None,
        })
        .collect()
}

async fn plan_page(
    state: &PortalState,
    guest: &Guest,
    event: &str,
    found: BTreeMap<String, (String, Found)>,
    chosen: Option<Vec<String>>,
    no_legs: bool,
) -> PageResult {
    let page = guest.page();
    let plan = state
        .applications
        .plan(event, &known(&found), page.language())
        .await?;
    let chosen = chosen.unwrap_or_else(|| plan.legs.iter().map(|leg| leg.leg.clone()).collect());
    let (mut errors, mut inputs) = (Vec::new(), Vec::new());
    for place in &plan.places {
        let (typed, found) = found
            .get(&place.role)
            .map_or(("", &Found::Nothing), |(typed, found)| (typed, found));
        let chosen = place.chosen.as_ref();
        let (error, candidates) = match found {
            Found::Nothing | Found::One(_) => (None, Vec::new()),
            Found::Unknown => (Some(page.t("plan-place-unknown")), Vec::new()),
            Found::Several(places) => (
                Some(page.t("plan-place-choose")),
                places.iter().map(Candidate::new).collect(),
            ),
        };
        if let Some(error) = &error {
            errors.push(FormError::new(place.role.clone(), error.clone()));
        }
        inputs.push(PlaceInput {
            role: place.role.clone(),
            label: place.label.clone(),
            hint: place.hint.clone(),
            // A region key stands in the address only; people see the place.
            typed: chosen.map_or_else(|| typed.to_owned(), places::typed),
            chosen_ars: chosen.map(|place| place.ars.to_string()),
            chosen_text: chosen.map(places::words),
            candidates,
            error,
        });
    }
    let legs_error = no_legs.then(|| page.t("plan-choose-one"));
    if let Some(error) = &legs_error {
        errors.push(FormError::new(LEG, error.clone()));
    }
    let page = page.titled(plan.event.title.text.clone());
    let (status, page) = if errors.is_empty() {
        let known = plan.places.iter().all(|place| place.chosen.is_some());
        (
            StatusCode::OK,
            page.in_state(if known { "filled" } else { "empty" }),
        )
    } else {
        (StatusCode::UNPROCESSABLE_ENTITY, page.with_errors())
    };
    let template = PlanPage {
        page,
        plan,
        places: inputs,
        chosen,
        errors,
        legs_error,
    };
    show(status, &template)
}

pub(super) async fn preview(
    State(state): State<PortalState>,
    guest: Guest,
    Path(event): Path<String>,
    Asked(query): Asked,
) -> PageResult {
    let mut found = read_places(&state, &event, &query).await?;
    let asked = found.keys().any(|role| query.has(role));
    // Before anything was asked, the remembered place is a good guess for the home, and shown as such.
    if !asked
        && let Some(home) = found.get_mut("home")
        && let Some(place) = places::remembered(&state, &guest.visit).await?
    {
        *home = (String::new(), Found::One(place));
    }
    let chosen = query.has(LEG).then(|| query.all(LEG));
    plan_page(&state, &guest, &event, found, chosen, false).await
}

/// The plan as a cookie can hold it.
fn to_cookie(event: &str, legs: &[String], places: &BTreeMap<String, Place>) -> String {
    let mut parts = vec![format!("e~{}", address::encode(event))];
    parts.extend(legs.iter().map(|leg| format!("l~{}", address::encode(leg))));
    parts.extend(
        places
            .iter()
            .map(|(role, place)| format!("p~{}~{}", address::encode(role), place.ars)),
    );
    parts.join("!")
}

/// A plan as it comes out of the cookie.
#[derive(Debug, Default, PartialEq, Eq)]
struct KeptPlan {
    legs: Vec<String>,
    /// Role and region key.
    places: Vec<(String, String)>,
}

/// The plan for this life event from a cookie, which may hold anything.
fn from_cookie(event: &str, cookie: &str) -> Option<KeptPlan> {
    let (mut plan, mut fits) = (KeptPlan::default(), false);
    for part in cookie.split('!').take(30) {
        let mut pieces = part.splitn(3, '~');
        match (pieces.next(), pieces.next(), pieces.next()) {
            (Some("e"), Some(id), None) => fits = id == address::encode(event),
            (Some("l"), Some(leg), None) => plan.legs.push(leg.to_owned()),
            (Some("p"), Some(role), Some(ars)) => {
                plan.places.push((role.to_owned(), ars.to_owned()));
            }
            _ => return None,
        }
    }
    fits.then_some(plan)
}

pub(super) async fn begin(
    State(state): State<PortalState>,
    guest: Guest,
    Path(event): Path<String>,
    Posted(form): Posted,
) -> PageResult {
    let found = read_places(&state, &event, &form).await?;
    let legs = form.all(LEG);
    if legs.is_empty() {
        return plan_page(&state, &guest, &event, found, Some(legs), true).await;
    }
    if guest.is_signed_in() {
        let citizen = guest.own_form(&form)?;
        return create(&state, citizen, &event, &legs, &known(&found)).await;
    }
    let plan = to_cookie(&event, &legs, &known(&found));
    let cookie = state
        .settings
        .secret_cookie(COOKIE, &plan, Some(COOKIE_SECONDS));
    let next = address::encode(&format!("/lebenslagen/{event}/beginnen"));
    Ok(with_cookie(
        go_to(&format!("/anmelden?weiter={next}")),
        &cookie,
    ))
}

/// Back from signing in: the plan lies in the cookie that only our own form sets, so no other site can begin a draft.
pub(super) async fn resume(
    State(state): State<PortalState>,
    guest: Guest,
    Path(event): Path<String>,
) -> PageResult {
    let citizen = guest.citizen()?;
    let cookie = guest.visit.cookie(&state.settings.cookie_name(COOKIE));
    let Some(plan) = cookie.and_then(|cookie| from_cookie(&event, cookie)) else {
        state.applications.life_event(&event)?;
        return Ok(go_to(&format!("/lebenslagen/{}", address::encode(&event))));
    };
    let mut places = BTreeMap::new();
    for (role, key) in plan.places {
        if let Found::One(place) = places::find(&state, "", &key).await? {
            places.insert(role, place);
        }
    }
    let answer = create(&state, citizen, &event, &plan.legs, &places).await?;
    let over = state.settings.secret_cookie(COOKIE, "", Some(0));
    Ok(with_cookie(answer, &over))
}

async fn create(
    state: &PortalState,
    citizen: &Citizen,
    event: &str,
    legs: &[String],
    places: &BTreeMap<String, Place>,
) -> PageResult {
    let account = &citizen.account;
    let identification = Identification {
        means: account.means.clone(),
        simulated: account.simulated,
        attributes: account.attributes.0.clone(),
    };
    let new = NewApplication {
        life_event: event,
        legs,
        places,
        identification: Some(&identification),
    };
    let id = state
        .applications
        .create(&account.id.to_string(), new)
        .await?;
    Ok(go_to(&format!("/antrag/{id}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_survives_the_cookie_and_other_cookies_do_not_become_one() {
        let place = Place {
            ars: "040120000000".parse().unwrap(),
            name: "Bremerhaven".to_owned(),
            postcode: None,
            within: None,
        };
        let places = BTreeMap::from([("birth".to_owned(), place)]);
        let cookie = to_cookie("geburt", &["name".to_owned()], &places);
        assert!(
            cookie
                .bytes()
                .all(|b| b.is_ascii_graphic() && !b";,\"\\".contains(&b))
        );
        assert_eq!(
            from_cookie("geburt", &cookie),
            Some(KeptPlan {
                legs: vec!["name".to_owned()],
                places: vec![("birth".to_owned(), "040120000000".to_owned())],
            })
        );
        assert_eq!(from_cookie("umzug", &cookie), None);
        for foreign in ["", "x", "e~geburt!z", "l~name"] {
            assert_eq!(from_cookie("geburt", foreign), None, "{foreign}");
        }
    }
}
