//! The plan: which benefits a life event brings and which office is responsible for each, before
//! anyone logs in.

use std::collections::BTreeMap;

use einmal_model::Language;

use crate::content::{Leg, LifeEvent, label};
use crate::port::{Authority, AuthorityDirectory, PortError};
use crate::view::{AuthorityView, Place, PlaceRoleView, PlanLegView, PlanView};

/// The plan for the places that are known. Each leg can be chosen on its own; a leg whose place is
/// unknown says so, and so does one without a registered office.
///
/// # Errors
/// [`PortError`] when the directory does not answer.
pub async fn plan(
    event: &LifeEvent,
    places: &BTreeMap<String, Place>,
    directory: &dyn AuthorityDirectory,
    language: Language,
) -> Result<PlanView, PortError> {
    let mut legs = Vec::new();
    for leg in &event.legs {
        let place = places.get(&leg.role);
        legs.push(plan_leg(leg, place, directory, language).await?);
    }
    Ok(PlanView {
        event: event.card(language),
        places: event
            .places
            .iter()
            .map(|role| PlaceRoleView {
                role: role.role.clone(),
                label: label(&role.label, language),
                hint: label(&role.hint, language),
                chosen: places.get(&role.role).cloned(),
            })
            .collect(),
        legs,
    })
}

/// One row of the plan.
///
/// # Errors
/// [`PortError`] when the directory does not answer.
pub async fn plan_leg(
    leg: &Leg,
    place: Option<&Place>,
    directory: &dyn AuthorityDirectory,
    language: Language,
) -> Result<PlanLegView, PortError> {
    let authority = match place {
        None => AuthorityView::PlaceUnknown,
        Some(place) => shown(directory.find(&leg.leika, place.ars).await?),
    };
    Ok(PlanLegView {
        leg: leg.id.clone(),
        title: label(&leg.title, language),
        teaser: label(&leg.teaser, language),
        why: label(&leg.why, language),
        role: leg.role.clone(),
        deadline: label(&leg.deadline, language),
        leika: leg.leika.clone(),
        authority,
    })
}

fn shown(authority: Option<Authority>) -> AuthorityView {
    match authority {
        None => AuthorityView::NothingRegistered,
        Some(Authority {
            name,
            address,
            destination: Some(_),
        }) => AuthorityView::Online { name, address },
        Some(Authority {
            name,
            address,
            destination: None,
        }) => AuthorityView::NotOnline { name, address },
    }
}
