//! Organisational units, online services and responsibilities.

use super::{
    Once, Result, Unread, add_text, code, identifier, link, optional, reference, string, validity,
};
use crate::tree::Node;
use crate::{
    Address, Communication, Identifier, OnlineService, OnlineServiceLink, Organisation, OwnerKind,
    Responsibility,
};

pub(super) fn organisation(node: Node<'_>, unread: &mut Unread) -> Result<Organisation> {
    let mut organisation = Organisation::default();
    let mut id = Once::new();
    for child in node.children() {
        match child.name() {
            "id" => id.set(node, child, identifier(child)?)?,
            "idSekundaer" => organisation.secondary_ids.push(reference(child)),
            "name" => {
                for part in child.children() {
                    match part.name() {
                        "name" => add_text(&mut organisation.name, part),
                        _ => unread.note(child, part),
                    }
                }
            }
            "kurzbeschreibung" | "beschreibung" => {
                add_text(&mut organisation.description, child);
            }
            "anschrift" => organisation.addresses.push(address(child, unread)),
            "kommunikation" | "kommunikationssystem" => {
                organisation
                    .communications
                    .push(communication(child, unread));
            }
            "internetadresse" => organisation.links.push(link(child, unread)),
            "zustaendigkeit" => organisation
                .responsibilities
                .push(responsibility(child, unread)?),
            "gueltigkeit" => organisation.validity.push(validity(child, unread)?),
            _ => unread.note(node, child),
        }
    }
    organisation.id = id.require(node, "id")?;
    own(
        &mut organisation.responsibilities,
        &organisation.id,
        OwnerKind::Organisation,
    );
    Ok(organisation)
}

fn address(node: Node<'_>, unread: &mut Unread) -> Address {
    let mut address = Address::default();
    for child in node.children() {
        match child.name() {
            "typ" => address.kind = Some(code(child)),
            "strasse" => address.street = optional(child),
            "hausnummer" => address.house_number = optional(child),
            "postfach" => address.post_box = optional(child),
            "plz" => address.postcode = optional(child),
            "ort" => address.place = optional(child),
            "zusatz" => address.note = optional(child),
            "verwaltungspolitischeKodierung" => {
                for part in child.children() {
                    match part.name() {
                        "regionalschluessel" => address.region = Some(code(part).code),
                        "kreis" | "bezirk" | "bundesland" | "gemeindeschluessel" | "nation"
                        | "gemeindeverband" => {}
                        _ => unread.note(child, part),
                    }
                }
            }
            _ => unread.note(node, child),
        }
    }
    address
}

fn communication(node: Node<'_>, unread: &mut Unread) -> Communication {
    let mut communication = Communication::default();
    for child in node.children() {
        match child.name() {
            "kanal" | "typ" => communication.channel = Some(code(child)),
            "kennung" | "value" => communication.value = string(child),
            "zusatz" | "kennungszusatz" => communication.note = optional(child),
            _ => unread.note(node, child),
        }
    }
    communication
}

pub(super) fn online_service(node: Node<'_>, unread: &mut Unread) -> Result<OnlineService> {
    let mut online = OnlineService::default();
    let mut id = Once::new();
    for child in node.children() {
        match child.name() {
            "id" => id.set(node, child, identifier(child)?)?,
            "idSekundaer" => online.secondary_ids.push(reference(child)),
            "bezeichnung" => add_text(&mut online.name, child),
            "teaser" | "kurzbeschreibung" | "beschreibung" => {
                add_text(&mut online.description, child);
            }
            "link" => online.links.push(online_link(child, unread)),
            "vertrauensniveau" => online.trust_level = Some(code(child)),
            "identifizierungsmittel" => online.identification.push(code(child)),
            "zahlungsweise" => online.payment.push(code(child)),
            "zustaendigkeit" => online.responsibilities.push(responsibility(child, unread)?),
            "gueltigkeit" => online.validity.push(validity(child, unread)?),
            _ => unread.note(node, child),
        }
    }
    online.id = id.require(node, "id")?;
    own(
        &mut online.responsibilities,
        &online.id,
        OwnerKind::OnlineService,
    );
    Ok(online)
}

fn online_link(node: Node<'_>, unread: &mut Unread) -> OnlineServiceLink {
    let mut link = OnlineServiceLink::default();
    for child in node.children() {
        match child.name() {
            "typ" => link.kind = Some(code(child)),
            "link" | "uri" => link.uri = string(child),
            "titel" => link.title = optional(child),
            "languageCode" => link.language = optional(child),
            "positionDarstellung" => {}
            _ => unread.note(node, child),
        }
    }
    link
}

/// Responsibilities inside an object belong to that object.
fn own(responsibilities: &mut [Responsibility], owner: &Identifier, kind: OwnerKind) {
    for responsibility in responsibilities {
        responsibility.owner = owner.clone();
        responsibility.owner_kind = Some(kind);
    }
}

pub(super) fn transfer(node: Node<'_>, unread: &mut Unread) -> Result<Responsibility> {
    let mut owner = Once::new();
    let mut inner = Once::new();
    for child in node.children() {
        match child.name() {
            "uebergeordnetesObjektID" => owner.set(node, child, identifier(child)?)?,
            "zustaendigkeit" => inner.set(node, child, responsibility(child, unread)?)?,
            _ => unread.note(node, child),
        }
    }
    let owner = owner.require(node, "uebergeordnetesObjektID")?;
    let mut responsibility = inner.require(node, "zustaendigkeit")?;
    responsibility.owner_kind = owner_kind(responsibility.id.scheme.as_deref())
        .or_else(|| owner_kind(owner.scheme.as_deref()));
    responsibility.owner = owner;
    Ok(responsibility)
}

/// The scheme of a responsibility's id says what kind of object it belongs to.
fn owner_kind(scheme: Option<&str>) -> Option<OwnerKind> {
    match scheme? {
        "ZustaendigkeitOrganisationseinheit" | "Organisationseinheit" => {
            Some(OwnerKind::Organisation)
        }
        "ZustaendigkeitOnlinedienst" | "Onlinedienst" => Some(OwnerKind::OnlineService),
        _ => None,
    }
}

fn responsibility(node: Node<'_>, unread: &mut Unread) -> Result<Responsibility> {
    let mut responsibility = Responsibility::default();
    let (mut id, mut service) = (Once::new(), Once::new());
    for child in node.children() {
        match child.name() {
            "id" => id.set(node, child, identifier(child)?)?,
            "idSekundaer" => responsibility.secondary_ids.push(reference(child)),
            "leistungID" => service.set(node, child, identifier(child)?)?,
            "gebietID" => responsibility.areas.push(reference(child)),
            "rolle" => responsibility.role = Some(code(child)),
            "gueltigkeit" => responsibility.validity.push(validity(child, unread)?),
            _ => unread.note(node, child),
        }
    }
    responsibility.id = id.require(node, "id")?;
    responsibility.service = service.require(node, "leistungID")?;
    Ok(responsibility)
}
