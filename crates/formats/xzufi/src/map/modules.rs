//! The modules of a service description.

use super::{Result, Unread, add_text, code, link, optional, position_number, reference, string};
use super::{text, validity};
use crate::tree::Node;
use crate::{
    Amount, Cost, CostModule, CustomTextModule, Deadline, DeadlineModule, Document, DocumentModule,
    DurationModule, PortalModule, Span, Term, TermModule, TextModule,
};

pub(super) fn text_module(node: Node<'_>, unread: &mut Unread) -> Result<TextModule> {
    let mut module = TextModule::default();
    for child in node.children() {
        match child.name() {
            "positionDarstellung" => module.position = position_number(child),
            "leikaTextmodul" => module.kind = code(child),
            "leikaTextmodulAbweichendeBezeichnung" => add_text(&mut module.heading, child),
            "inhalt" => add_text(&mut module.content, child),
            "weiterfuehrenderLink" => module.links.push(link(child, unread)),
            "gueltigkeit" => module.validity.push(validity(child, unread)?),
            "id" | "idSekundaer" => {}
            _ => unread.note(node, child),
        }
    }
    Ok(module)
}

pub(super) fn custom_text(node: Node<'_>, unread: &mut Unread) -> CustomTextModule {
    let mut module = CustomTextModule::default();
    for child in node.children() {
        match child.name() {
            "positionDarstellung" => module.position = position_number(child),
            "bezeichnung" => add_text(&mut module.heading, child),
            "inhalt" => add_text(&mut module.content, child),
            "weiterfuehrenderLink" => module.links.push(link(child, unread)),
            "id" | "idSekundaer" | "gueltigkeit" => {}
            _ => unread.note(node, child),
        }
    }
    module
}

pub(super) fn deadlines(node: Node<'_>, unread: &mut Unread) -> Result<DeadlineModule> {
    let mut module = DeadlineModule::default();
    for child in node.children() {
        match child.name() {
            "positionDarstellung" => module.position = position_number(child),
            "frist" => module.deadlines.push(deadline(child, unread)?),
            "beschreibung" => add_text(&mut module.description, child),
            "weiterfuehrenderLink" => module.links.push(link(child, unread)),
            "id" | "idSekundaer" | "gueltigkeit" => {}
            _ => unread.note(node, child),
        }
    }
    Ok(module)
}

fn deadline(node: Node<'_>, unread: &mut Unread) -> Result<Deadline> {
    let mut deadline = Deadline::default();
    for child in node.children() {
        match child.name() {
            "typ" => deadline.kind = Some(code(child)),
            "fristDauer" => deadline.duration = Some(span(child, unread)),
            "fristStichtag" => {
                for end in child.children() {
                    match end.name() {
                        "von" => deadline.from = optional(end),
                        "bis" => deadline.to = optional(end),
                        _ => unread.note(child, end),
                    }
                }
            }
            "beschreibung" => add_text(&mut deadline.description, child),
            "gueltigkeit" => deadline.validity.push(validity(child, unread)?),
            "positionDarstellung" => {}
            _ => unread.note(node, child),
        }
    }
    Ok(deadline)
}

fn span(node: Node<'_>, unread: &mut Unread) -> Span {
    let mut span = Span::default();
    for child in node.children() {
        match child.name() {
            "dauer" => span.amount = string(child),
            "einheit" => span.unit = unit(child),
            "dauerBis" => span.amount_to = optional(child),
            "einheitBis" => span.unit_to = Some(unit(child)),
            _ => unread.note(node, child),
        }
    }
    span
}

/// A unit as plain text or, as some senders write it, as a code.
fn unit(node: Node<'_>) -> String {
    let plain = node.text();
    if plain.is_empty() {
        code(node).code
    } else {
        plain.to_owned()
    }
}

pub(super) fn costs(node: Node<'_>, unread: &mut Unread) -> CostModule {
    let mut module = CostModule::default();
    for child in node.children() {
        match child.name() {
            "positionDarstellung" => module.position = position_number(child),
            "kosten" => module.costs.push(cost(child, unread)),
            "beschreibung" => add_text(&mut module.description, child),
            "weiterfuehrenderLink" => module.links.push(link(child, unread)),
            "id" | "idSekundaer" | "gueltigkeit" => {}
            _ => unread.note(node, child),
        }
    }
    module
}

fn cost(node: Node<'_>, unread: &mut Unread) -> Cost {
    let mut cost = Cost::default();
    for child in node.children() {
        match child.name() {
            "typ" => cost.kind = Some(code(child)),
            "kostenFix" | "kostenVariabel" | "kostenFrei" => {
                cost.free |= child.name() == "kostenFrei";
                for part in child.children() {
                    match part.name() {
                        "betrag" => cost.fixed = amount(part),
                        "betragUntergrenze" => cost.minimum = amount(part),
                        "betragObergrenze" => cost.maximum = amount(part),
                        "beschreibungVariabilitaet"
                        | "beschreibungKostenfreiheit"
                        | "beschreibung" => add_text(&mut cost.description, part),
                        _ => unread.note(child, part),
                    }
                }
            }
            "beschreibung" => add_text(&mut cost.description, child),
            "vorkasse" => cost.in_advance = optional(child),
            "linkKostenbildung" => cost.link = optional(child),
            "gueltigkeit" | "positionDarstellung" => {}
            _ => unread.note(node, child),
        }
    }
    cost
}

fn amount(node: Node<'_>) -> Option<Amount> {
    optional(node).map(|value| Amount {
        value,
        currency: node.attribute("currencyCode").unwrap_or("EUR").to_owned(),
    })
}

pub(super) fn durations(node: Node<'_>, unread: &mut Unread) -> DurationModule {
    let mut module = DurationModule::default();
    for child in node.children() {
        match child.name() {
            "positionDarstellung" => module.position = position_number(child),
            "bearbeitungsdauer" => {
                let inner = child.children().find(|part| part.name() == "dauer");
                // Either the span itself or wrapped once more.
                let wrapped = inner.filter(|part| part.children().next().is_some());
                module.spans.push(span(wrapped.unwrap_or(child), unread));
            }
            "beschreibung" => add_text(&mut module.description, child),
            "weiterfuehrenderLink" => module.links.push(link(child, unread)),
            "id" | "idSekundaer" | "gueltigkeit" => {}
            _ => unread.note(node, child),
        }
    }
    module
}

pub(super) fn terms(node: Node<'_>, unread: &mut Unread) -> TermModule {
    let mut module = TermModule::default();
    for child in node.children() {
        match child.name() {
            "begriffImKontext" => {
                let mut term = Term::default();
                for part in child.children() {
                    match part.name() {
                        "begriff" => term.text = text(part),
                        "typ" => term.kind = Some(code(part)),
                        _ => unread.note(child, part),
                    }
                }
                if !term.text.text.is_empty() {
                    module.terms.push(term);
                }
            }
            "id" | "idSekundaer" | "gueltigkeit" | "positionDarstellung" => {}
            _ => unread.note(node, child),
        }
    }
    module
}

pub(super) fn documents(node: Node<'_>, unread: &mut Unread) -> DocumentModule {
    let mut module = DocumentModule::default();
    for child in node.children() {
        match child.name() {
            "positionDarstellung" => module.position = position_number(child),
            "dokumentEingehend" => module.incoming.push(document(child, unread)),
            "dokumentAusgehend" => module.outgoing.push(document(child, unread)),
            "beschreibung" => add_text(&mut module.description, child),
            "weiterfuehrenderLink" => module.links.push(link(child, unread)),
            "id" | "idSekundaer" | "gueltigkeit" => {}
            _ => unread.note(node, child),
        }
    }
    module
}

fn document(node: Node<'_>, unread: &mut Unread) -> Document {
    let mut document = Document::default();
    for child in node.children() {
        match child.name() {
            "typ" => document.kind = Some(code(child)),
            "bezeichnung" => add_text(&mut document.name, child),
            "beschreibung" => add_text(&mut document.description, child),
            "referenzFormularID" => document.forms.push(reference(child)),
            "positionDarstellung" => {}
            _ => unread.note(node, child),
        }
    }
    document
}

pub(super) fn portal(node: Node<'_>, unread: &mut Unread) -> PortalModule {
    let mut module = PortalModule::default();
    for child in node.children() {
        match child.name() {
            "uri" => module.uri = optional(child),
            "titel" => module.title = optional(child),
            "id" | "idSekundaer" | "gueltigkeit" | "positionDarstellung" => {}
            _ => unread.note(node, child),
        }
    }
    module
}
