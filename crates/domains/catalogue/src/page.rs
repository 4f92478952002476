//! What a page shows of a service, an office or an online service: words for people, sanitised
//! HTML, addresses that may be linked.

use einmal_model::{Ars, Level, LocalText};
use einmal_storage::{Query as _, args};
use einmal_xzufi::html::{allowed_address, plain_text, sanitise};
use einmal_xzufi::{Link, OnlineService, Organisation, Service, Text, Validity};

use crate::{Candidate, Catalogue, CatalogueError, Kind, ObjectId, Result, labels};

/// The page of one service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServicePage {
    /// Its id.
    pub id: ObjectId,
    /// LeiKa keys.
    pub keys: Vec<String>,
    /// The title: the citizens' wording (module 03), else the name (module 02). Plain text.
    pub title: LocalText,
    /// The official name (module 02), when it differs from the title. Plain text.
    pub official_name: Option<LocalText>,
    /// The teaser (module 24), as sanitised HTML.
    pub teaser: LocalText,
    /// Texts in the order of the page.
    pub sections: Vec<Section>,
    /// Deadlines (plain lines) and what is said about them (sanitised HTML) with links.
    pub deadlines: Section,
    /// Costs, in the same shape.
    pub costs: Section,
    /// Processing times, in the same shape.
    pub durations: Section,
    /// Documents to hand in, in the same shape.
    pub documents: Section,
    /// Synonyms, plain text.
    pub synonyms: Vec<String>,
    /// Level of trust that the service asks for (00, 10, 15, 20, 30, 40).
    pub trust_level: Option<String>,
    /// When the description was last changed, as delivered.
    pub changed: Option<String>,
    /// False when the description is outside its validity on the day it was asked for.
    pub valid: bool,
}

/// One part of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// Code of the text module, empty for texts with a heading of their own.
    pub code: String,
    /// The heading, plain text.
    pub heading: LocalText,
    /// Single facts, plain text: "2 Wochen", "12,50 €".
    pub lines: Vec<LocalText>,
    /// The text as sanitised HTML.
    pub html: LocalText,
    /// Links.
    pub links: Vec<LinkView>,
}

impl Section {
    /// True when there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.html.0.is_empty() && self.links.is_empty()
    }
}

/// A link that a page may show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkView {
    /// Address with the scheme http, https or mailto.
    pub address: String,
    /// Text of the link, plain text.
    pub title: String,
    /// Two-letter language of the target, as delivered; may be empty.
    pub language: String,
}

/// An office at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeView {
    /// Its id.
    pub id: ObjectId,
    /// Its name, plain text.
    pub name: LocalText,
    /// The level of the area it is responsible for.
    pub level: Level,
    /// That area.
    pub area: Ars,
    /// Name of the area, when the directory of places knows it.
    pub area_name: Option<String>,
    /// Addresses.
    pub addresses: Vec<AddressView>,
    /// Telephone numbers and the like: kind as delivered, value.
    pub communications: Vec<(String, String)>,
    /// Pages of its own.
    pub links: Vec<LinkView>,
    /// FIT-Connect destination of the responsibility, as delivered: a signed token, or the plain
    /// id in our own demonstration catalogue.
    pub destination: Option<String>,
}

/// An address as people write it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressView {
    /// True for an address to visit, false for post only.
    pub visit: bool,
    /// Street and house number, or PO box.
    pub street: String,
    /// Postal code.
    pub postcode: String,
    /// Place.
    pub place: String,
}

impl AddressView {
    /// The address in one line.
    #[must_use]
    pub fn line(&self) -> String {
        let city = format!("{} {}", self.postcode, self.place);
        let parts = [self.street.trim(), city.trim()];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(", ")
    }
}

/// An online service at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnlineView {
    /// Its id.
    pub id: ObjectId,
    /// Its name, plain text.
    pub name: LocalText,
    /// Where it is; nothing when the entry has no address that may be linked.
    pub link: Option<LinkView>,
    /// The life event of this portal that is the online service: entries with the address
    /// `urn:einmal:life-event:ID` mean one.
    pub life_event: Option<String>,
    /// The level of the area in which it is offered.
    pub level: Level,
    /// That area.
    pub area: Ars,
    /// Level of trust (00, 10, 15, 20, 30, 40).
    pub trust_level: Option<String>,
}

/// Marks the address of an online service as a life event of this portal.
const LIFE_EVENT: &str = "urn:einmal:life-event:";

fn plain(texts: &[Text]) -> LocalText {
    labels::local(texts, plain_text)
}

fn html(texts: &[Text]) -> LocalText {
    labels::local(texts, sanitise)
}

fn links<'a>(links: impl IntoIterator<Item = &'a Link>) -> Vec<LinkView> {
    let mut views: Vec<(i64, LinkView)> = links
        .into_iter()
        .filter_map(|link| {
            let address = allowed_address(&link.uri)?;
            let title = link.title.as_deref().map(plain_text);
            let view = LinkView {
                title: title
                    .filter(|title| !title.is_empty())
                    .unwrap_or_else(|| address.clone()),
                address,
                language: link.language.clone(),
            };
            Some((link.position.unwrap_or(i64::MAX), view))
        })
        .collect();
    views.sort_by_key(|(position, _)| *position);
    views.into_iter().map(|(_, view)| view).collect()
}

fn facts(
    lines: impl IntoIterator<Item = LocalText>,
    description: &[Text],
    more: &[Link],
) -> Section {
    Section {
        lines: lines
            .into_iter()
            .filter(|line| !line.0.is_empty())
            .collect(),
        html: html(description),
        links: links(more),
        ..Section::default()
    }
}

/// Several modules of one kind as one section.
fn merged(code: &str, german: &str, english: &str, parts: Vec<Section>) -> Section {
    let mut whole = Section {
        code: code.to_owned(),
        heading: labels::both(german, english),
        ..Section::default()
    };
    for part in parts {
        whole.lines.extend(part.lines);
        whole.links.extend(part.links);
        for (language, text) in part.html.0 {
            whole.html.0.entry(language).or_default().push_str(&text);
        }
    }
    whole
}

impl ServicePage {
    /// The page of a service on a day.
    #[must_use]
    pub(crate) fn new(id: ObjectId, service: &Service, day: einmal_model::Date) -> Self {
        let title = plain(service.title());
        let name = plain(service.text("02").unwrap_or_default());
        let mut sections: Vec<(usize, i64, Section)> = service
            .texts
            .iter()
            .filter(|module| Validity::allow(&module.validity, day))
            .filter_map(|module| {
                let (at, usual) = labels::section(&module.kind.code)?;
                let heading = match module.heading.as_slice() {
                    [] => usual,
                    own => plain(own),
                };
                let section = Section {
                    code: module.kind.code.clone(),
                    heading,
                    lines: Vec::new(),
                    html: html(&module.content),
                    links: links(&module.links),
                };
                Some((at, module.position.unwrap_or(i64::MAX), section))
            })
            .collect();
        sections.extend(service.custom_texts.iter().map(|module| {
            let section = Section {
                code: String::new(),
                heading: plain(&module.heading),
                lines: Vec::new(),
                html: html(&module.content),
                links: links(&module.links),
            };
            (usize::MAX, module.position.unwrap_or(i64::MAX), section)
        }));
        sections.sort_by_key(|(at, position, _)| (*at, *position));
        let documents = service.documents.iter().map(|module| {
            let names = module.incoming.iter().map(|document| plain(&document.name));
            facts(names, &module.description, &module.links)
        });
        Self {
            keys: service.keys.iter().map(|key| key.code.clone()).collect(),
            official_name: (name != title && !name.0.is_empty()).then_some(name),
            title,
            teaser: html(service.text("24").unwrap_or_default()),
            sections: sections
                .into_iter()
                .map(|(_, _, section)| section)
                .filter(|section| !section.is_empty())
                .collect(),
            deadlines: merged(
                "97",
                "Fristen",
                "Deadlines",
                service
                    .deadlines
                    .iter()
                    .map(|module| {
                        let lines = module
                            .deadlines
                            .iter()
                            .filter(|deadline| Validity::allow(&deadline.validity, day))
                            .map(|deadline| labels::deadline(deadline, plain_text));
                        facts(lines, &module.description, &module.links)
                    })
                    .collect(),
            ),
            costs: merged(
                "98",
                "Kosten",
                "Costs",
                service
                    .costs
                    .iter()
                    .map(|module| {
                        let lines = module
                            .costs
                            .iter()
                            .map(|cost| labels::cost(cost, plain_text));
                        facts(lines, &module.description, &module.links)
                    })
                    .collect(),
            ),
            durations: merged(
                "95",
                "Bearbeitungsdauer",
                "Processing time",
                service
                    .durations
                    .iter()
                    .map(|module| {
                        let lines = module.spans.iter().map(labels::span);
                        facts(lines, &module.description, &module.links)
                    })
                    .collect(),
            ),
            documents: merged("documents", "Unterlagen", "Documents", documents.collect()),
            synonyms: service
                .terms
                .iter()
                .flat_map(|module| &module.terms)
                .map(|term| plain_text(&term.text.text))
                .filter(|term| !term.is_empty())
                .collect(),
            trust_level: service.trust_level.as_ref().map(|level| level.code.clone()),
            changed: service.changed.clone(),
            valid: Validity::allow(&service.validity, day),
            id,
        }
    }
}

impl OfficeView {
    pub(crate) fn new(
        office: &Organisation,
        candidate: &Candidate,
        area_name: Option<String>,
    ) -> Self {
        let addresses = office
            .addresses
            .iter()
            .map(|address| {
                let text = |part: &Option<String>| part.clone().unwrap_or_default();
                let number = text(&address.house_number);
                let street = match &address.post_box {
                    Some(post_box) if address.street.is_none() => format!("Postfach {post_box}"),
                    _ => format!("{} {number}", text(&address.street))
                        .trim()
                        .to_owned(),
                };
                AddressView {
                    visit: address
                        .kind
                        .as_ref()
                        .is_none_or(|kind| matches!(kind.code.as_str(), "" | "001" | "002")),
                    street,
                    postcode: text(&address.postcode),
                    place: text(&address.place),
                }
            })
            .collect();
        Self {
            id: candidate.object.clone(),
            name: plain(&office.name),
            level: candidate.level,
            area: candidate.ars,
            area_name,
            addresses,
            communications: office
                .communications
                .iter()
                .map(|way| {
                    let channel = way.channel.clone().unwrap_or_default();
                    (channel.name.unwrap_or(channel.code), way.value.clone())
                })
                .collect(),
            links: links(&office.links),
            destination: candidate.destination.clone(),
        }
    }
}

impl OnlineView {
    pub(crate) fn new(online: &OnlineService, candidate: &Candidate) -> Self {
        let name = plain(&online.name);
        let link = online.links.iter().find_map(|link| {
            let address = allowed_address(&link.uri)?;
            Some(LinkView {
                title: link.title.as_deref().map_or_else(
                    || name.in_language(einmal_model::Language::De).to_owned(),
                    plain_text,
                ),
                address,
                language: link.language.clone().unwrap_or_default(),
            })
        });
        let life_event = online
            .links
            .iter()
            .find_map(|link| link.uri.strip_prefix(LIFE_EVENT).map(str::to_owned));
        Self {
            id: candidate.object.clone(),
            name,
            link,
            life_event,
            level: candidate.level,
            area: candidate.ars,
            trust_level: online.trust_level.as_ref().map(|level| level.code.clone()),
        }
    }
}

impl Catalogue {
    /// The page of one service; nothing when there is none with this id.
    ///
    /// # Errors
    /// [`CatalogueError::Storage`]; [`CatalogueError::Stored`] for an unreadable row.
    pub async fn service(&self, id: &ObjectId) -> Result<Option<ServicePage>> {
        let service = self.stored_service(&id.to_string()).await?;
        Ok(service.map(|service| ServicePage::new(id.clone(), &service, self.today())))
    }

    /// The page of the service with a LeiKa key (or, when none carries it, a broader key) that fits
    /// a place best: the description of the nearest area, else one that holds everywhere.
    ///
    /// # Errors
    /// As [`Catalogue::service`].
    pub async fn service_by_key(
        &self,
        leika: &str,
        place: Option<Ars>,
    ) -> Result<Option<ServicePage>> {
        let today = self.today();
        for key in crate::key_hierarchy(leika) {
            let rows = self
                .db
                .read()
                .await?
                .fetch_all(
                    "select s.id as id, s.body as body
                     from catalogue_service_key k join catalogue_service s on s.id = k.service
                     where k.leika = $1 order by s.id",
                    args![key],
                )
                .await?;
            let mut best: Option<((bool, usize), ObjectId, Service)> = None;
            for row in rows {
                let id = row.text("id")?;
                let service: Service = serde_json::from_str(&row.text("body")?)
                    .map_err(|_| CatalogueError::Stored(id.clone()))?;
                let Some(distance) = distance(&service, place) else {
                    continue;
                };
                let rank = (!Validity::allow(&service.validity, today), distance);
                if best.as_ref().is_none_or(|(held, _, _)| rank < *held) {
                    let id = id.parse().map_err(|_| CatalogueError::Stored(id))?;
                    best = Some((rank, id, service));
                }
            }
            if let Some((_, id, service)) = best {
                return Ok(Some(ServicePage::new(id, &service, today)));
            }
        }
        Ok(None)
    }

    /// The page for what stands in an address: an object id or a LeiKa key.
    ///
    /// # Errors
    /// As [`Catalogue::service`].
    pub async fn service_for(
        &self,
        id_or_key: &str,
        place: Option<Ars>,
    ) -> Result<Option<ServicePage>> {
        match id_or_key.parse::<ObjectId>() {
            Ok(id) if id.kind == Kind::Service => self.service(&id).await,
            _ => self.service_by_key(id_or_key, place).await,
        }
    }

    async fn stored_service(&self, id: &str) -> Result<Option<Service>> {
        let row = self
            .db
            .read()
            .await?
            .fetch_optional(
                "select body from catalogue_service where id = $1",
                args![id],
            )
            .await?;
        row.map(|row| {
            serde_json::from_str(&row.text("body")?)
                .map_err(|_| CatalogueError::Stored(id.to_owned()))
        })
        .transpose()
    }
}

/// How far the area of a description is from a place: 0 is nearest, nothing when it lies elsewhere.
/// A description without area holds everywhere and comes last.
fn distance(service: &Service, place: Option<Ars>) -> Option<usize> {
    const EVERYWHERE: usize = 100;
    let areas = service.areas.iter().map(|area| area.value.parse::<Ars>());
    let areas: Vec<Ars> = areas.filter_map(std::result::Result::ok).collect();
    if areas.is_empty() {
        return Some(EVERYWHERE);
    }
    let place = place.unwrap_or(Ars::GERMANY);
    let nearest = place.chain().position(|(_, key)| areas.contains(&key));
    // Without a place, a description of some Land is better than none.
    nearest.or((place == Ars::GERMANY).then_some(EVERYWHERE + 1))
}
