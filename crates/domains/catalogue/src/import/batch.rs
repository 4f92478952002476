//! Batches of changes: prepared while reading, applied in one transaction each.

use std::collections::{HashMap, HashSet};

use einmal_model::Ars;
use einmal_storage::{Query as _, Tx, Value, args, transaction};
use einmal_xzufi::{
    Class, Identifier, Object, OnlineService, Organisation, OwnerKind, Responsibility, Service,
    Validity, pick,
};

use super::ImportSummary;
use crate::catalogue::{json_list, listed};
use crate::{Catalogue, CatalogueError, Counts, Kind, ObjectId, Result};

/// Rows of one table.
type Rows = Vec<Vec<Value>>;

/// An object as rows.
#[derive(Default, Clone)]
struct Prepared {
    /// The row of the object's own table.
    row: Vec<Value>,
    /// Rows of its keys or areas.
    parts: Rows,
}

enum Change {
    Write(Prepared),
    Delete,
}

/// Changes in the order of the delivery.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) records: u64,
    changes: Vec<(Kind, String, Change)>,
    /// Deletions of kinds that are never stored.
    ignored: u64,
    warnings: u64,
}

/// A batch in the making.
#[derive(Default)]
pub(super) struct Pending {
    batch: Batch,
    /// Owners written in this batch: written again, they begin the next one, because their
    /// embedded responsibilities are replaced as a set.
    owners: HashSet<String>,
    bytes: usize,
}

/// Changes in one transaction.
const MOST_CHANGES: usize = 2_000;
/// Bytes of stored bodies in one transaction.
const MOST_BYTES: usize = 8 << 20;

impl Pending {
    pub(super) const fn warn(&mut self, count: u64) {
        self.batch.warnings += count;
    }

    /// Adds a write; gives the batch before it when that is full.
    pub(super) fn write(&mut self, object: Object) -> Option<Batch> {
        let id = |kind, id: &Identifier| ObjectId::new(kind, id).to_string();
        let owner = match &object {
            Object::Organisation(office) => Some(id(Kind::Organisation, &office.id)),
            Object::OnlineService(online) => Some(id(Kind::OnlineService, &online.id)),
            Object::Service(_) | Object::Responsibility(_) => None,
        };
        let again = owner
            .as_ref()
            .is_some_and(|owner| self.owners.contains(owner));
        let full = again || self.batch.changes.len() >= MOST_CHANGES || self.bytes >= MOST_BYTES;
        let before = full.then(|| self.take());
        self.batch.records += 1;
        self.owners.extend(owner);
        match object {
            Object::Service(service) => {
                let prepared = self.service(&service);
                self.push(Kind::Service, &service.id, Change::Write(prepared));
            }
            Object::Organisation(office) => {
                let prepared = self.organisation(&office);
                self.push(Kind::Organisation, &office.id, Change::Write(prepared));
                for responsibility in &office.responsibilities {
                    self.responsibility(responsibility, true);
                }
            }
            Object::OnlineService(online) => {
                let prepared = self.online_service(&online);
                self.push(Kind::OnlineService, &online.id, Change::Write(prepared));
                for responsibility in &online.responsibilities {
                    self.responsibility(responsibility, true);
                }
            }
            Object::Responsibility(responsibility) => self.responsibility(&responsibility, false),
        }
        before
    }

    /// Adds a deletion; gives the batch before it when that is full.
    pub(super) fn delete(&mut self, class: Class, id: &Identifier) -> Option<Batch> {
        let kind = Kind::of_class(class);
        // The responsibilities embedded in an owner go with it; they must be stored to be found.
        let again =
            kind.is_some_and(|kind| self.owners.contains(&ObjectId::new(kind, id).to_string()));
        let full = again || self.batch.changes.len() >= MOST_CHANGES * 2;
        let before = full.then(|| self.take());
        self.batch.records += 1;
        match kind {
            Some(kind) => self.push(kind, id, Change::Delete),
            None => self.batch.ignored += 1,
        }
        before
    }

    pub(super) fn take(&mut self) -> Batch {
        self.owners.clear();
        self.bytes = 0;
        std::mem::take(&mut self.batch)
    }

    fn push(&mut self, kind: Kind, id: &Identifier, change: Change) {
        let id = ObjectId::new(kind, id).to_string();
        self.batch.changes.push((kind, id, change));
    }

    fn body(&mut self, value: &impl serde::Serialize) -> String {
        // Writing plain records as JSON cannot fail: they have no maps with other keys than text.
        let body = serde_json::to_string(value).unwrap_or_default();
        self.bytes += body.len();
        body
    }

    fn service(&mut self, service: &Service) -> Prepared {
        let id = ObjectId::new(Kind::Service, &service.id).to_string();
        let title = pick(service.title(), "de").map_or("", |text| text.text.as_str());
        let title = einmal_xzufi::html::plain_text(title);
        let mut keys: Vec<&str> = service.keys.iter().map(|key| key.code.as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        Prepared {
            parts: keys
                .into_iter()
                .filter(|key| !key.is_empty())
                .map(|key| args![key, &id])
                .collect(),
            row: args![
                &id,
                &service.id.agency,
                title,
                windows(&service.validity),
                self.body(service),
            ],
        }
    }

    fn organisation(&mut self, office: &Organisation) -> Prepared {
        let name = pick(&office.name, "de").map_or("", |text| text.text.as_str());
        let stored = Organisation {
            responsibilities: Vec::new(),
            ..office.clone()
        };
        Prepared {
            row: args![
                ObjectId::new(Kind::Organisation, &office.id).to_string(),
                &office.id.agency,
                name,
                self.body(&stored),
            ],
            parts: Vec::new(),
        }
    }

    fn online_service(&mut self, online: &OnlineService) -> Prepared {
        let name = pick(&online.name, "de").map_or("", |text| text.text.as_str());
        let stored = OnlineService {
            responsibilities: Vec::new(),
            ..online.clone()
        };
        Prepared {
            row: args![
                ObjectId::new(Kind::OnlineService, &online.id).to_string(),
                &online.id.agency,
                name,
                self.body(&stored),
            ],
            parts: Vec::new(),
        }
    }

    fn responsibility(&mut self, responsibility: &Responsibility, embedded: bool) {
        let id = ObjectId::new(Kind::Responsibility, &responsibility.id).to_string();
        let service = ObjectId::new(Kind::Service, &responsibility.service).to_string();
        let kind = responsibility.owner_kind.unwrap_or_else(|| {
            self.batch.warnings += 1;
            OwnerKind::Organisation
        });
        let (owner_kind, mark) = match kind {
            OwnerKind::Organisation => (Kind::Organisation, "OE"),
            OwnerKind::OnlineService => (Kind::OnlineService, "OD"),
        };
        let mut areas: Vec<Ars> = Vec::with_capacity(responsibility.areas.len());
        for area in &responsibility.areas {
            // A key that lost its leading zero is never repaired silently.
            match area.value.parse() {
                Ok(area) => areas.push(area),
                Err(_) => self.batch.warnings += 1,
            }
        }
        areas.sort_unstable();
        areas.dedup();
        let role = responsibility
            .role
            .as_ref()
            .map_or("", |role| role.code.as_str());
        let prepared = Prepared {
            row: args![
                &id,
                &responsibility.id.agency,
                ObjectId::new(owner_kind, &responsibility.owner).to_string(),
                mark,
                &service,
                role,
                windows(&responsibility.validity),
                responsibility.destination(),
                embedded,
            ],
            parts: areas
                .into_iter()
                .map(|area| args![&service, area, &id])
                .collect(),
        };
        self.push(
            Kind::Responsibility,
            &responsibility.id,
            Change::Write(prepared),
        );
    }
}

/// Windows as they are stored: empty text for none.
fn windows(windows: &[Validity]) -> String {
    if windows.is_empty() {
        return String::new();
    }
    serde_json::to_string(windows).unwrap_or_default()
}

/// What one batch did, counted inside its transaction.
#[derive(Clone, Copy, Default)]
struct Done {
    written: Counts,
    deleted: Counts,
    ignored: u64,
}

fn count(counts: &mut Counts, kind: Kind) {
    let number = match kind {
        Kind::Service => &mut counts.service,
        Kind::Organisation => &mut counts.organisation,
        Kind::OnlineService => &mut counts.online_service,
        Kind::Responsibility => &mut counts.responsibility,
    };
    *number += 1;
}

/// Writes one batch and adds to the summary what it did.
pub(super) async fn apply(
    catalogue: &Catalogue,
    batch: Batch,
    summary: &mut ImportSummary,
) -> Result<()> {
    summary.ignored_deletes += batch.ignored;
    summary.warnings += batch.warnings;
    if batch.changes.is_empty() {
        return Ok(());
    }
    let changes = &batch.changes;
    let done = transaction!(catalogue.db, "catalogue.import", |tx| {
        let mut done = Done::default();
        for kind in [
            Kind::Service,
            Kind::Organisation,
            Kind::OnlineService,
            Kind::Responsibility,
        ] {
            apply_kind(catalogue, tx, kind, changes, &mut done).await?;
        }
        Ok::<_, CatalogueError>(done)
    })?;
    for (total, part) in [
        (&mut summary.written, done.written),
        (&mut summary.deleted, done.deleted),
    ] {
        total.service += part.service;
        total.organisation += part.organisation;
        total.online_service += part.online_service;
        total.responsibility += part.responsibility;
    }
    summary.ignored_deletes += done.ignored;
    Ok(())
}

/// The statements of one kind of object.
struct Table {
    name: &'static str,
    columns: &'static [&'static str],
    on_conflict: &'static str,
    existing: [&'static str; 2],
    delete: [&'static str; 2],
    parts: Option<(&'static str, &'static [&'static str])>,
    delete_parts: &'static [[&'static str; 2]],
}

const SERVICES: Table = Table {
    name: "catalogue_service",
    columns: &["id", "agency", "title", "validity", "body"],
    on_conflict: "on conflict (id) do update set title = excluded.title,
        validity = excluded.validity, body = excluded.body",
    existing: listed!("select id from catalogue_service where id"),
    delete: listed!("delete from catalogue_service where id"),
    parts: Some(("catalogue_service_key", &["leika", "service"])),
    delete_parts: &[listed!("delete from catalogue_service_key where service")],
};

const ORGANISATIONS: Table = Table {
    name: "catalogue_organisation",
    columns: &["id", "agency", "name", "body"],
    on_conflict: "on conflict (id) do update set name = excluded.name, body = excluded.body",
    existing: listed!("select id from catalogue_organisation where id"),
    delete: listed!("delete from catalogue_organisation where id"),
    parts: None,
    delete_parts: EMBEDDED,
};

const ONLINE_SERVICES: Table = Table {
    name: "catalogue_online_service",
    columns: &["id", "agency", "name", "body"],
    on_conflict: "on conflict (id) do update set name = excluded.name, body = excluded.body",
    existing: listed!("select id from catalogue_online_service where id"),
    delete: listed!("delete from catalogue_online_service where id"),
    parts: None,
    delete_parts: EMBEDDED,
};

/// Responsibilities written inside an object go and come with it.
const EMBEDDED: &[[&str; 2]] = &[
    [
        "delete from catalogue_responsibility_area where responsibility in (
            select id from catalogue_responsibility where embedded = 1
                and owner in (select value from json_each($1)))",
        "delete from catalogue_responsibility_area where responsibility in (
            select id from catalogue_responsibility where embedded = 1
                and owner = any(array(select json_array_elements_text($1::json))))",
    ],
    listed!("delete from catalogue_responsibility where embedded = 1 and owner"),
];

const RESPONSIBILITIES: Table = Table {
    name: "catalogue_responsibility",
    columns: &[
        "id",
        "agency",
        "owner",
        "owner_kind",
        "service",
        "role",
        "validity",
        "destination",
        "embedded",
    ],
    on_conflict: "on conflict (id) do update set owner = excluded.owner,
        owner_kind = excluded.owner_kind, service = excluded.service, role = excluded.role,
        validity = excluded.validity, destination = excluded.destination,
        embedded = excluded.embedded",
    existing: listed!("select id from catalogue_responsibility where id"),
    delete: listed!("delete from catalogue_responsibility where id"),
    parts: Some((
        "catalogue_responsibility_area",
        &["service", "ars", "responsibility"],
    )),
    delete_parts: &[listed!(
        "delete from catalogue_responsibility_area where responsibility"
    )],
};

async fn apply_kind(
    catalogue: &Catalogue,
    tx: &mut Tx,
    kind: Kind,
    changes: &[(Kind, String, Change)],
    done: &mut Done,
) -> Result<()> {
    let table = match kind {
        Kind::Service => SERVICES,
        Kind::Organisation => ORGANISATIONS,
        Kind::OnlineService => ONLINE_SERVICES,
        Kind::Responsibility => RESPONSIBILITIES,
    };
    let mine = || {
        changes
            .iter()
            .filter(|(of, _, _)| *of == kind)
            .map(|(_, id, change)| (id.as_str(), change))
    };
    // The last word on each object, and what was there before.
    let mut last: HashMap<&str, &Change> = HashMap::new();
    last.extend(mine());
    if last.is_empty() {
        return Ok(());
    }
    let touched = json_list(last.keys());
    let rows = tx
        .fetch_all(catalogue.sql(table.existing), args![touched])
        .await?;
    let existing: HashSet<String> = rows
        .iter()
        .map(|row| row.text("id"))
        .collect::<einmal_storage::Result<_>>()?;
    let mut alive: HashSet<&str> = existing.iter().map(String::as_str).collect();
    for (id, change) in mine() {
        match change {
            Change::Write(_) => {
                alive.insert(id);
                count(&mut done.written, kind);
            }
            Change::Delete if alive.remove(id) => count(&mut done.deleted, kind),
            Change::Delete => done.ignored += 1,
        }
    }
    if !existing.is_empty() {
        let list = json_list(&existing);
        for statement in table.delete_parts {
            tx.execute(catalogue.sql(*statement), args![&list]).await?;
        }
        let gone: Vec<&str> = last
            .iter()
            .filter(|(id, change)| matches!(change, Change::Delete) && existing.contains(**id))
            .map(|(id, _)| *id)
            .collect();
        if !gone.is_empty() {
            tx.execute(catalogue.sql(table.delete), args![json_list(gone)])
                .await?;
        }
    }
    let (mut rows, mut parts) = (Rows::new(), Rows::new());
    for change in last.into_values() {
        if let Change::Write(prepared) = change {
            rows.push(prepared.row.clone());
            parts.extend(prepared.parts.iter().cloned());
        }
    }
    insert(tx, table.name, table.columns, rows, table.on_conflict).await?;
    if let Some((name, columns)) = table.parts {
        insert(tx, name, columns, parts, "on conflict do nothing").await?;
    }
    Ok(())
}

/// Rows of one statement. SQLite looks every numbered parameter up in a list, so that the time of
/// a statement grows with the square of its parameters; few rows a statement are much faster.
const ROWS: usize = 100;

async fn insert(
    tx: &mut Tx,
    table: &'static str,
    columns: &'static [&'static str],
    rows: Rows,
    on_conflict: &'static str,
) -> Result<()> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk = rows.by_ref().take(ROWS).collect();
        tx.insert_many(table, columns, chunk, on_conflict).await?;
    }
    Ok(())
}
