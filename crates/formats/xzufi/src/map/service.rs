//! The service description.

use super::{
    Once, Result, Unread, add_text, code, identifier, modules, optional, reference, string,
    validity,
};
use crate::tree::Node;
use crate::{Category, Code, Service, Structure};

pub(super) fn service(node: Node<'_>, unread: &mut Unread) -> Result<Service> {
    let mut service = Service::default();
    let mut id = Once::new();
    for child in node.children() {
        match child.name() {
            "id" => id.set(node, child, identifier(child)?)?,
            "idSekundaer" => service.secondary_ids.push(reference(child)),
            "struktur" => service.structure = Some(structure(child, unread)),
            "referenzLeiKa" => service.keys.push(code(child)),
            // In 2.3 the key is an identifier instead of a code.
            "referenzLeistungsschluessel" => service.keys.push(Code {
                code: string(child),
                ..Code::default()
            }),
            "modulText" => service.texts.push(modules::text_module(child, unread)?),
            "modulTextIndividuell" => {
                service
                    .custom_texts
                    .push(modules::custom_text(child, unread));
            }
            "modulFrist" => service.deadlines.push(modules::deadlines(child, unread)?),
            "modulKosten" => service.costs.push(modules::costs(child, unread)),
            "modulBearbeitungsdauer" => service.durations.push(modules::durations(child, unread)),
            "modulBegriffImKontext" => service.terms.push(modules::terms(child, unread)),
            "modulDokument" => service.documents.push(modules::documents(child, unread)),
            "modulUrsprungsportal" => service.portals.push(modules::portal(child, unread)),
            "typisierung" => service.types.push(code(child)),
            "vertrauensniveau" => service.trust_level = Some(code(child)),
            "leistungsadressat" => service.audience.push(code(child)),
            "kennzeichenSchriftformerfordernis" => service.written_form = optional(child),
            "kennzeichenEA" => service.single_contact = optional(child),
            "kategorie" => service.categories.push(category(child, unread)),
            "klassifizierung" => service.classifications.push(code(child)),
            "informationsbereichSDG" => service.sdg_areas.push(code(child)),
            "idLeistungImKontext" => service.related.push(reference(child)),
            "idProzess" => service.processes.push(reference(child)),
            "gueltigkeitGebietID" => service.areas.push(reference(child)),
            "versionsinformation" => {
                for part in child.children() {
                    match part.name() {
                        "geaendertDatumZeit" => service.changed = optional(part),
                        _ => unread.note(child, part),
                    }
                }
            }
            "sprachversion" => {
                for part in child.children() {
                    match part.name() {
                        "languageCode" => service.languages.push(string(part)),
                        _ => unread.note(child, part),
                    }
                }
            }
            "gueltigkeit" => service.validity.push(validity(child, unread)?),
            _ => unread.note(node, child),
        }
    }
    service.id = id.require(node, "id")?;
    Ok(service)
}

fn structure(node: Node<'_>, unread: &mut Unread) -> Structure {
    let kind = node.attribute("type").unwrap_or_default();
    let mut structure = Structure {
        kind: kind.rsplit(':').next().unwrap_or_default().to_owned(),
        ..Structure::default()
    };
    for child in node.children() {
        match child.name() {
            "leistungsobjektID" => structure.object = Some(reference(child)),
            "verrichtung" | "verrichtungLeiKa" => structure.action = Some(code(child)),
            "verrichtungsdetail" => add_text(&mut structure.detail, child),
            "leistungsgruppierung" | "leistungsgruppierungLeiKa" => {}
            _ => unread.note(node, child),
        }
    }
    structure
}

fn category(node: Node<'_>, unread: &mut Unread) -> Category {
    let mut category = Category::default();
    for child in node.children() {
        match child.name() {
            "id" => category.id = reference(child),
            "bezeichnung" => add_text(&mut category.name, child),
            "klasse" => {
                for part in child.children() {
                    match part.name() {
                        "bezeichnung" => add_text(&mut category.class, part),
                        "id" => {}
                        _ => unread.note(child, part),
                    }
                }
            }
            _ => unread.note(node, child),
        }
    }
    category
}
