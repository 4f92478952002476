//! Who is responsible.
//!
//! The rule: for the walk up from a region key and for a LeiKa key with its broader keys, a
//! responsibility answers when its role is the asked one, one of its areas lies on the walk, its
//! service lives, carries one of the keys and is valid on the day, its owner lives, and it is valid on the
//! day itself. Answers are ordered by level, organisations before online services, closer keys first,
//! then by id; per level and owner there is one answer. No answer means: nothing is registered.

use std::collections::HashMap;

use einmal_model::{Ars, Date, Level};
use einmal_storage::{Query as _, Row, args};
pub use einmal_xzufi::OwnerKind;
use einmal_xzufi::{OnlineService, Organisation, Validity};
use serde::{Deserialize, Serialize};

use crate::catalogue::{json_list, listed};
use crate::page::{OfficeView, OnlineView};
use crate::{Catalogue, CatalogueError, ObjectId, Result};

/// A question to the finder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// LeiKa key of the service.
    pub leika: String,
    /// Region key of the place; keys below the municipality are fine.
    pub ars: Ars,
    /// Role: `01` responsible office, `03` contact.
    pub role: String,
    /// The day.
    pub date: Date,
}

/// One answer of the finder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// The level of the area in the walk up from the place.
    #[serde(serialize_with = "level_code")]
    pub level: Level,
    /// The area.
    pub ars: Ars,
    /// Organisation or online service.
    pub kind: OwnerKind,
    /// The office or online service.
    pub object: ObjectId,
    /// The key under which it was found: the asked one or a broader one.
    pub leika: String,
    /// FIT-Connect destination of the entry, as delivered.
    #[serde(skip)]
    pub destination: Option<String>,
}

/// A question with its answers, as the batch interface writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The question.
    #[serde(flatten)]
    pub question: Question,
    /// True when nobody is registered; never guessed around.
    pub nothing_registered: bool,
    /// The answers in order.
    pub candidates: Vec<Candidate>,
}

/// The short names of the levels in exchange files.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the shape that serde asks for"
)]
fn level_code<S: serde::Serializer>(level: &Level, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match level {
        Level::Gemeinde => "gemeinde",
        Level::Verband => "verband",
        Level::Kreis => "kreis",
        Level::Regierungsbezirk => "rb",
        Level::Land => "land",
        Level::Bund => "bund",
    })
}

/// A LeiKa key and the broader ones: with detail, without detail (LOV), the object alone (LO).
///
/// ```
/// assert_eq!(
///     einmal_catalogue::key_hierarchy("99115005104001"),
///     ["99115005104001", "99115005104000", "99115005000000"]
/// );
/// ```
#[must_use]
pub fn key_hierarchy(key: &str) -> Vec<String> {
    let mut keys = vec![key.to_owned()];
    for (kept, zeros) in [(11, "000"), (8, "000000")] {
        if let (14, Some(head)) = (key.len(), key.get(..kept)) {
            let broader = format!("{head}{zeros}");
            if !keys.contains(&broader) {
                keys.push(broader);
            }
        }
    }
    keys
}

/// The offices and online services for one service at one place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offices {
    /// Responsible offices (role 01), most specific first.
    pub responsible: Vec<OfficeView>,
    /// Contacts (role 03), most specific first.
    pub contacts: Vec<OfficeView>,
    /// Online services, most specific first.
    pub online: Vec<OnlineView>,
}

impl Offices {
    /// True when nobody is registered: say so, and name the general contact of the administration.
    #[must_use]
    pub const fn nothing_registered(&self) -> bool {
        self.responsible.is_empty() && self.contacts.is_empty() && self.online.is_empty()
    }
}

const CANDIDATES: &str = "
    select k.leika as leika, s.validity as service_validity, a.ars as ars, r.owner as owner,
        r.owner_kind as owner_kind, r.role as role, r.validity as validity,
        r.destination as destination
    from catalogue_service_key k
    join catalogue_service s on s.id = k.service
    join catalogue_responsibility_area a on a.service = k.service
    join catalogue_responsibility r on r.id = a.responsibility
    where k.leika in ($1, $2, $3) and a.ars in ($4, $5, $6, $7, $8, $9)
        and (r.role = $10 or $10 = '')
        and (exists (select 1 from catalogue_organisation o where o.id = r.owner)
            or exists (select 1 from catalogue_online_service o where o.id = r.owner))";

const CANDIDATES_OF_SERVICE: &str = "
    select $1 as leika, s.validity as service_validity, a.ars as ars, r.owner as owner,
        r.owner_kind as owner_kind, r.role as role, r.validity as validity,
        r.destination as destination
    from catalogue_service s
    join catalogue_responsibility_area a on a.service = s.id
    join catalogue_responsibility r on r.id = a.responsibility
    where s.id = $1 and a.ars in ($2, $3, $4, $5, $6, $7)
        and (exists (select 1 from catalogue_organisation o where o.id = r.owner)
            or exists (select 1 from catalogue_online_service o where o.id = r.owner))";

/// A candidate with what its order depends on.
struct Ranked {
    role: String,
    level: usize,
    key: usize,
    candidate: Candidate,
}

impl Catalogue {
    /// Answers one question; no answer means nothing is registered.
    ///
    /// # Errors
    /// [`CatalogueError::Storage`]; [`CatalogueError::Stored`] for unreadable rows.
    pub async fn responsible(&self, question: &Question) -> Result<Vec<Candidate>> {
        let ranked = self
            .ranked(&question.leika, question.ars, &question.role, question.date)
            .await?;
        Ok(ranked.into_iter().map(|ranked| ranked.candidate).collect())
    }

    /// Answers one question in the form of the batch interface.
    ///
    /// # Errors
    /// As [`Catalogue::responsible`].
    pub async fn answer(&self, question: Question) -> Result<Answer> {
        let candidates = self.responsible(&question).await?;
        Ok(Answer {
            question,
            nothing_registered: candidates.is_empty(),
            candidates,
        })
    }

    /// The responsible office that takes electronic applications for a key at a place: the most
    /// specific one (role 01) whose entry names a FIT-Connect destination. Without any such entry
    /// the most specific office without destination; nothing when none is registered.
    ///
    /// # Errors
    /// As [`Catalogue::responsible`].
    pub async fn destination_for(
        &self,
        leika: &str,
        ars: Ars,
        date: Date,
    ) -> Result<Option<OfficeView>> {
        let candidates: Vec<Candidate> = self
            .ranked(leika, ars, "01", date)
            .await?
            .into_iter()
            .map(|ranked| ranked.candidate)
            .filter(|candidate| candidate.kind == OwnerKind::Organisation)
            .collect();
        let chosen = candidates
            .iter()
            .find(|candidate| candidate.destination.is_some())
            .or_else(|| candidates.first());
        match chosen {
            None => Ok(None),
            Some(candidate) => {
                let offices = self.office_views(std::slice::from_ref(candidate)).await?;
                Ok(offices.into_iter().next())
            }
        }
    }

    /// Everybody who is registered for a service at a place, by role.
    ///
    /// # Errors
    /// As [`Catalogue::responsible`].
    pub async fn offices(
        &self,
        service: &ObjectId,
        keys: &[String],
        ars: Ars,
        date: Date,
    ) -> Result<Offices> {
        let mut ranked = Vec::new();
        if keys.is_empty() {
            let chain: Vec<(Level, Ars)> = ars.chain().collect();
            let id = service.to_string();
            let mut arguments = args![&id];
            arguments.extend(padded_chain(&chain));
            let rows = self
                .db
                .read()
                .await?
                .fetch_all(CANDIDATES_OF_SERVICE, arguments)
                .await?;
            ranked = rank(&rows, &chain, &[id], date)?;
        }
        for key in keys {
            ranked.extend(self.ranked(key, ars, "", date).await?);
        }
        ranked.sort_by(order);
        let mut seen: Vec<(String, ObjectId)> = Vec::new();
        let (mut responsible, mut contacts, mut online) = (Vec::new(), Vec::new(), Vec::new());
        for Ranked {
            role, candidate, ..
        } in ranked
        {
            let mark = (role.clone(), candidate.object.clone());
            if seen.contains(&mark) {
                continue;
            }
            seen.push(mark);
            match (candidate.kind, role.as_str()) {
                (OwnerKind::OnlineService, _) => online.push(candidate),
                // Role 02 is both.
                (OwnerKind::Organisation, "03") => contacts.push(candidate),
                (OwnerKind::Organisation, _) => responsible.push(candidate),
            }
        }
        Ok(Offices {
            responsible: self.office_views(&responsible).await?,
            contacts: self.office_views(&contacts).await?,
            online: self.online_views(&online).await?,
        })
    }

    async fn ranked(&self, leika: &str, ars: Ars, role: &str, date: Date) -> Result<Vec<Ranked>> {
        let chain: Vec<(Level, Ars)> = ars.chain().collect();
        let keys = key_hierarchy(leika);
        let key = |at: usize| keys.get(at).map_or("", String::as_str);
        let mut arguments = args![key(0), key(1), key(2)];
        arguments.extend(padded_chain(&chain));
        arguments.extend(args![role]);
        let rows = self
            .db
            .read()
            .await?
            .fetch_all(CANDIDATES, arguments)
            .await?;
        rank(&rows, &chain, &keys, date)
    }

    async fn office_views(&self, candidates: &[Candidate]) -> Result<Vec<OfficeView>> {
        if candidates.is_empty() {
            return Ok(Vec::new());
        }
        let sql = self.sql(listed!(
            "select id, body from catalogue_organisation where id"
        ));
        let bodies = self.bodies::<Organisation>(sql, candidates).await?;
        let names = self
            .area_names(candidates.iter().map(|candidate| candidate.ars))
            .await?;
        Ok(candidates
            .iter()
            .filter_map(|candidate| {
                let body = bodies.get(&candidate.object)?;
                let area = names.get(&candidate.ars).cloned();
                Some(OfficeView::new(body, candidate, area))
            })
            .collect())
    }

    async fn online_views(&self, candidates: &[Candidate]) -> Result<Vec<OnlineView>> {
        if candidates.is_empty() {
            return Ok(Vec::new());
        }
        let sql = self.sql(listed!(
            "select id, body from catalogue_online_service where id"
        ));
        let bodies = self.bodies::<OnlineService>(sql, candidates).await?;
        let today = self.today();
        Ok(candidates
            .iter()
            .filter_map(|candidate| {
                let body = bodies.get(&candidate.object)?;
                Validity::allow(&body.validity, today).then(|| OnlineView::new(body, candidate))
            })
            .collect())
    }

    async fn bodies<T: serde::de::DeserializeOwned>(
        &self,
        sql: &'static str,
        candidates: &[Candidate],
    ) -> Result<HashMap<ObjectId, T>> {
        let ids = json_list(
            candidates
                .iter()
                .map(|candidate| candidate.object.to_string()),
        );
        let rows = self.db.read().await?.fetch_all(sql, args![ids]).await?;
        rows.iter()
            .map(|row| {
                let id = row.text("id")?;
                let body = serde_json::from_str(&row.text("body")?)
                    .map_err(|_| CatalogueError::Stored(id.clone()))?;
                Ok((object_id(id)?, body))
            })
            .collect()
    }
}

/// The walk as six parameters; a shorter walk repeats its last key.
pub(crate) fn padded_chain(chain: &[(Level, Ars)]) -> Vec<einmal_storage::Value> {
    let last = chain.last().map_or(Ars::GERMANY, |(_, key)| *key);
    (0..6)
        .map(|at| chain.get(at).map_or(last, |(_, key)| *key).into())
        .collect()
}

fn object_id(text: String) -> Result<ObjectId> {
    text.parse().map_err(|_| CatalogueError::Stored(text))
}

/// Windows as they are stored: empty text for none.
pub(crate) fn windows(text: &str) -> Result<Vec<Validity>> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    serde_json::from_str(text).map_err(|_| CatalogueError::Stored("validity".to_owned()))
}

fn order(left: &Ranked, right: &Ranked) -> std::cmp::Ordering {
    (left.level, left.candidate.kind, left.key)
        .cmp(&(right.level, right.candidate.kind, right.key))
        .then_with(|| {
            let id = |ranked: &Ranked| ranked.candidate.object.to_string();
            id(left).cmp(&id(right))
        })
}

/// Keeps what is valid on the day, once per level, owner and role with its best key, in order.
fn rank(rows: &[Row], chain: &[(Level, Ars)], keys: &[String], date: Date) -> Result<Vec<Ranked>> {
    let mut best: HashMap<(usize, String, String), Ranked> = HashMap::new();
    for row in rows {
        if !Validity::allow(&windows(&row.text("service_validity")?)?, date)
            || !Validity::allow(&windows(&row.text("validity")?)?, date)
        {
            continue;
        }
        let (leika, area, owner) = (row.text("leika")?, row.ars("ars")?, row.text("owner")?);
        let role = row.text("role")?;
        let Some(key) = keys.iter().position(|key| *key == leika) else {
            continue;
        };
        let Some((at, (level, _))) = chain.iter().enumerate().find(|(_, (_, key))| *key == area)
        else {
            continue;
        };
        let place = (at, owner.clone(), role.clone());
        let destination = row.opt_text("destination")?;
        if let Some(held) = best.get_mut(&place)
            && held.key <= key
        {
            if held.candidate.destination.is_none() {
                held.candidate.destination = destination;
            }
            continue;
        }
        let candidate = Candidate {
            level: *level,
            ars: area,
            kind: match row.text("owner_kind")?.as_str() {
                "OD" => OwnerKind::OnlineService,
                _ => OwnerKind::Organisation,
            },
            object: object_id(owner)?,
            leika,
            destination,
        };
        best.insert(
            place,
            Ranked {
                role,
                level: at,
                key,
                candidate,
            },
        );
    }
    let mut ranked: Vec<Ranked> = best.into_values().collect();
    ranked.sort_by(order);
    Ok(ranked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_widen_to_the_object_and_local_keys_stay() {
        assert_eq!(key_hierarchy("99046019000000"), ["99046019000000"]);
        assert_eq!(
            key_hierarchy("99027002012000"),
            ["99027002012000", "99027002000000"]
        );
        assert_eq!(key_hierarchy("lokal"), ["lokal"]);
        assert_eq!(key_hierarchy("ääääääää"), ["ääääääää"]);
    }
}
