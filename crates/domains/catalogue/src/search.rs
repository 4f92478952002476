//! Search in services and life events: an index built from the catalogue.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use einmal_model::{Ars, Date, Language};
use einmal_search::{Document, Index, Matched, Query};
use einmal_storage::{Query as _, args};
use einmal_xzufi::html::plain_text;
use einmal_xzufi::{Service, Text};

use crate::catalogue::json_list;
use crate::responsibility::{padded_chain, windows};
use crate::{Catalogue, CatalogueError, Kind, ObjectId, Result};

/// The search index of this node. Cheap to clone.
#[derive(Debug, Clone)]
pub struct CatalogueIndex {
    index: Index,
    /// Revision of the catalogue that the index shows; -1 before it was built by this process.
    revision: Arc<AtomicI64>,
}

/// What a person is looking for.
#[derive(Debug, Clone, Copy, Default)]
pub struct SearchQuery<'a> {
    /// The words.
    pub words: &'a str,
    /// The place, when it is known: only services that hold there, and online or not.
    pub place: Option<Ars>,
    /// How many hits; 0 means 20.
    pub limit: usize,
    /// How many hits to skip.
    pub offset: usize,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HitKind {
    /// A service.
    Service(ObjectId),
    /// A life event, by its own id.
    LifeEvent(String),
}

/// One hit.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchHit {
    /// What it is.
    pub kind: HitKind,
    /// The title, plain text.
    pub title: String,
    /// One or two sentences, plain text; may be empty.
    pub teaser: String,
    /// Whether the service can be used online at the place; nothing without a place and for life
    /// events.
    pub online: Option<bool>,
    /// True when it was found by similar words or by some of the words only.
    pub guessed: bool,
}

/// Kinds of documents.
const SERVICE: &str = "service";
const LIFE_EVENT: &str = "life-event";
/// Services read at once while the index is built.
const PAGE: i64 = 500;
/// Plain text of one service that goes into the index, in bytes.
const LONGEST_BODY: usize = 20_000;

impl CatalogueIndex {
    /// An index in memory.
    ///
    /// # Errors
    /// [`CatalogueError::Search`].
    pub fn in_memory() -> Result<Self> {
        Ok(Self {
            index: Index::in_memory()?,
            revision: Arc::new(AtomicI64::new(-1)),
        })
    }

    /// An index in a folder of this node.
    ///
    /// # Errors
    /// [`CatalogueError::Search`].
    pub fn in_folder(folder: &Path) -> Result<Self> {
        Ok(Self {
            index: Index::in_folder(folder)?,
            revision: Arc::new(AtomicI64::new(-1)),
        })
    }

    /// How many services and life events can be found; 0 means it is still to be built.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.index.len()
    }

    /// True when nothing can be found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// A life event as a document for [`CatalogueIndex::rebuild`].
    #[must_use]
    pub fn life_event(id: &str, title: &str, teaser: &str, words: &[String]) -> Document {
        Document {
            id: format!("{LIFE_EVENT}/{id}"),
            kind: LIFE_EVENT.to_owned(),
            title: title.to_owned(),
            synonyms: words.join(", "),
            teaser: teaser.to_owned(),
            weight: 1_000,
            ..Document::default()
        }
    }

    /// Builds the index anew from the catalogue and the given life events. Searching goes on in
    /// the old state until the new one is complete.
    ///
    /// # Errors
    /// [`CatalogueError::Storage`], [`CatalogueError::Search`].
    pub async fn rebuild(&self, catalogue: &Catalogue, life_events: Vec<Document>) -> Result<u64> {
        let revision = catalogue.revision().await?;
        let mut documents = life_events;
        let mut after = String::new();
        loop {
            let rows = catalogue
                .db
                .read()
                .await?
                .fetch_all(
                    "select id, body from catalogue_service where id > $1 order by id limit $2",
                    args![&after, PAGE],
                )
                .await?;
            for row in &rows {
                after = row.text("id")?;
                let service: Service = serde_json::from_str(&row.text("body")?)
                    .map_err(|_| CatalogueError::Stored(after.clone()))?;
                documents.push(document(&after, &service));
            }
            if rows.len() < usize::try_from(PAGE).unwrap_or_default() {
                break;
            }
        }
        let index = self.index.clone();
        tokio::task::spawn_blocking(move || {
            let mut writer = index.writer()?;
            writer.clear()?;
            for document in &documents {
                writer.add(document)?;
            }
            writer.commit()
        })
        .await
        .map_err(|_| CatalogueError::Ended)??;
        self.revision.store(revision, Ordering::Release);
        Ok(self.len())
    }

    /// True when the catalogue has changed since the index was built, also by another process:
    /// time for [`CatalogueIndex::rebuild`].
    ///
    /// # Errors
    /// [`CatalogueError::Storage`].
    pub async fn is_stale(&self, catalogue: &Catalogue) -> Result<bool> {
        Ok(self.revision.load(Ordering::Acquire) != catalogue.revision().await?)
    }

    /// What fits, best first; an empty answer is an honest one.
    ///
    /// # Errors
    /// [`CatalogueError::Search`]; [`CatalogueError::Storage`] when a place is given.
    pub async fn search(
        &self,
        catalogue: &Catalogue,
        query: &SearchQuery<'_>,
    ) -> Result<Vec<SearchHit>> {
        let found = self.index.search(&Query {
            words: query.words,
            place: query.place,
            kind: None,
            limit: query.limit,
            offset: query.offset,
        })?;
        let services: Vec<&str> = found
            .iter()
            .filter(|hit| hit.kind == SERVICE)
            .map(|hit| hit.id.as_str())
            .collect();
        let online = match query.place {
            Some(place) => Some(
                catalogue
                    .online_at(&services, place, catalogue.today())
                    .await?,
            ),
            None => None,
        };
        found
            .into_iter()
            .map(|hit| {
                let life_event = hit.id.strip_prefix(LIFE_EVENT).map(|id| &id[1..]);
                let (kind, online) = match life_event {
                    Some(id) => (HitKind::LifeEvent(id.to_owned()), None),
                    None => (
                        HitKind::Service(
                            hit.id
                                .parse()
                                .map_err(|_| CatalogueError::Stored(hit.id.clone()))?,
                        ),
                        online.as_ref().map(|online| online.contains(&hit.id)),
                    ),
                };
                Ok(SearchHit {
                    kind,
                    title: hit.title,
                    teaser: hit.teaser,
                    online,
                    guessed: hit.matched != Matched::Words,
                })
            })
            .collect()
    }
}

const ONLINE_AT: [&str; 2] = [
    "select distinct k.service as service, s.validity as service_validity, r.validity as validity
    from catalogue_service_key k
    join catalogue_service_key w on w.leika in (k.leika, substr(k.leika, 1, 11) || '000',
        substr(k.leika, 1, 8) || '000000')
    join catalogue_service s on s.id = w.service
    join catalogue_responsibility_area a on a.service = w.service
    join catalogue_responsibility r on r.id = a.responsibility
    join catalogue_online_service o on o.id = r.owner
    where a.ars in ($2, $3, $4, $5, $6, $7)
        and k.service in (select value from json_each($1))",
    "select distinct k.service as service, s.validity as service_validity, r.validity as validity
    from catalogue_service_key k
    join catalogue_service_key w on w.leika in (k.leika, substr(k.leika, 1, 11) || '000',
        substr(k.leika, 1, 8) || '000000')
    join catalogue_service s on s.id = w.service
    join catalogue_responsibility_area a on a.service = w.service
    join catalogue_responsibility r on r.id = a.responsibility
    join catalogue_online_service o on o.id = r.owner
    where a.ars in ($2, $3, $4, $5, $6, $7)
        and k.service = any(array(select json_array_elements_text($1::json)))",
];

impl Catalogue {
    /// Those of the services that can be used online at a place on a day.
    ///
    /// # Errors
    /// [`CatalogueError::Storage`].
    pub(crate) async fn online_at(
        &self,
        services: &[&str],
        place: Ars,
        date: Date,
    ) -> Result<Vec<String>> {
        if services.is_empty() {
            return Ok(Vec::new());
        }
        let chain: Vec<_> = place.chain().collect();
        let mut arguments = args![json_list(services)];
        arguments.extend(padded_chain(&chain));
        let rows = self
            .db
            .read()
            .await?
            .fetch_all(self.sql(ONLINE_AT), arguments)
            .await?;
        let mut online = Vec::new();
        for row in &rows {
            let holds = |column| -> Result<bool> {
                Ok(einmal_xzufi::Validity::allow(
                    &windows(&row.text(column)?)?,
                    date,
                ))
            };
            if holds("service_validity")? && holds("validity")? {
                online.push(row.text("service")?);
            }
        }
        Ok(online)
    }

    /// Ids of services whose title contains nothing but can be listed, in order: for site maps and
    /// tests. At most `limit` after the given id.
    ///
    /// # Errors
    /// [`CatalogueError::Storage`].
    pub async fn service_ids(&self, after: Option<&ObjectId>, limit: u32) -> Result<Vec<ObjectId>> {
        let after = after.map(ObjectId::to_string).unwrap_or_default();
        let rows = self
            .db
            .read()
            .await?
            .fetch_all(
                "select id from catalogue_service where id > $1 order by id limit $2",
                args![after, limit],
            )
            .await?;
        rows.iter()
            .map(|row| {
                let id = row.text("id")?;
                id.parse().map_err(|_| CatalogueError::Stored(id))
            })
            .collect()
    }
}

fn document(id: &str, service: &Service) -> Document {
    let all = |texts: &[Text]| -> String {
        let texts: Vec<String> = texts.iter().map(|text| plain_text(&text.text)).collect();
        texts.join(" \u{2022} ")
    };
    let german = |texts: &[Text]| {
        einmal_xzufi::pick(texts, Language::De.code())
            .map_or_else(String::new, |text| plain_text(&text.text))
    };
    let title = german(service.title());
    let mut synonyms = vec![all(service.text("02").unwrap_or_default())];
    synonyms.push(all(service.title()));
    for module in &service.terms {
        synonyms.extend(module.terms.iter().map(|term| plain_text(&term.text.text)));
    }
    let mut body = String::new();
    for module in &service.texts {
        if matches!(module.kind.code.as_str(), "02" | "03" | "24") || body.len() > LONGEST_BODY {
            continue;
        }
        body.push_str(&all(&module.content));
        for link in &module.links {
            body.push(' ');
            body.push_str(link.title.as_deref().unwrap_or_default());
        }
        body.push(' ');
    }
    for category in &service.categories {
        body.push_str(&all(&category.name));
        body.push(' ');
    }
    let areas = service.areas.iter().map(|area| area.value.parse::<Ars>());
    let regions: Vec<Ars> = areas.filter_map(std::result::Result::ok).collect();
    // A federal description holds everywhere; as a region key it is on every walk.
    Document {
        id: id.to_owned(),
        kind: SERVICE.to_owned(),
        title,
        synonyms: synonyms.join(", "),
        teaser: german(service.text("24").unwrap_or_default()),
        body,
        keys: service.keys.iter().map(|key| key.code.clone()).collect(),
        regions,
        weight: 0,
    }
}

impl HitKind {
    /// The id of the service, when it is one.
    #[must_use]
    pub const fn service(&self) -> Option<&ObjectId> {
        match self {
            Self::Service(id) if matches!(id.kind, Kind::Service) => Some(id),
            _ => None,
        }
    }
}
