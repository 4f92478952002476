//! Places: the directory of municipalities with its postcodes, and how people name them.
//!
//! A postcode may belong to several municipalities and a name to many ("Neuenkirchen" to eleven), so a
//! look-up gives candidates, each with its Kreis and Land, and the person chooses.

mod gv100ad;
mod import;

use std::collections::HashMap;

use einmal_model::{Ars, Level};
use einmal_storage::{Query as _, Row, args, transaction};

pub use import::{RegionSummary, import_regions};

use crate::catalogue::{json_list, listed};
use crate::{Catalogue, CatalogueError, Result};

/// A place that a person can mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Region key.
    pub ars: Ars,
    /// Official name, for example "Flensburg, Stadt".
    pub name: String,
    /// Name without the status behind the comma: "Flensburg".
    pub short_name: String,
    /// The postcode that was asked for, when it was.
    pub postcode: Option<String>,
    /// Kreis and Land, to tell places of the same name apart.
    pub within: String,
}

/// One area of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Region {
    pub(crate) ars: Ars,
    pub(crate) level: Level,
    pub(crate) name: String,
    /// Code of the kind of unit (Textkennzeichen).
    pub(crate) kind: String,
    pub(crate) population: i64,
}

/// The embedded places; see the head of the file.
const EMBEDDED: &str = include_str!("../../../../../content/regions/places.csv");

/// Name of a level in the table.
pub(crate) const fn level_name(level: Level) -> &'static str {
    match level {
        Level::Gemeinde => "gemeinde",
        Level::Verband => "verband",
        Level::Kreis => "kreis",
        Level::Regierungsbezirk => "rb",
        Level::Land => "land",
        Level::Bund => "bund",
    }
}

/// A name as it is compared: lower case, umlauts and their two-letter spellings alike, no
/// punctuation.
///
/// `ä`, `ae` and a forgotten dot all become `a`, so that `München`, `Muenchen` and `Munchen` meet.
fn fold(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for character in name.chars().flat_map(char::to_lowercase) {
        match character {
            'ä' | 'á' | 'à' | 'â' => plain.push('a'),
            'ö' | 'ó' | 'ò' | 'ô' | 'ø' => plain.push('o'),
            'ü' | 'ú' | 'ù' | 'û' => plain.push('u'),
            'ß' => plain.push_str("ss"),
            'é' | 'è' | 'ê' | 'ě' => plain.push('e'),
            'ł' => plain.push('l'),
            'ń' | 'ñ' => plain.push('n'),
            'š' | 'ś' => plain.push('s'),
            'ž' | 'ź' => plain.push('z'),
            'ć' | 'č' | 'ç' => plain.push('c'),
            letter if letter.is_alphanumeric() => plain.push(letter),
            _ => plain.push(' '),
        }
    }
    let mut folded = String::with_capacity(plain.len());
    let mut before = ' ';
    for character in plain.chars() {
        // In "neuen", "Bauer" and "Quelle" the e is no umlaut.
        let umlaut = character == 'e'
            && (folded.ends_with(['a', 'o'])
                || (folded.ends_with('u') && !matches!(before, 'a' | 'e' | 'q')));
        if umlaut {
            before = 'e';
            continue;
        }
        before = folded.chars().next_back().unwrap_or(' ');
        folded.push(character);
    }
    let words: Vec<&str> = folded.split_whitespace().collect();
    words.join(" ")
}

/// The name without what tells it from others: "Halle (Saale)" and "Frankfurt am Main" are "Halle"
/// and "Frankfurt" to many.
fn bare(name: &str) -> &str {
    const ADDITIONS: [&str; 12] = [
        " (", "/", " am ", " an ", " auf ", " bei ", " im ", " in ", " ob ", " vor ", " a.", " b.",
    ];
    let end = ADDITIONS
        .iter()
        .filter_map(|addition| name.find(addition))
        .min();
    end.and_then(|end| name.get(..end)).unwrap_or(name)
}

/// The name without what stands behind the comma.
fn short(name: &str) -> &str {
    name.split_once(',').map_or(name, |(short, _)| short).trim()
}

const BY_POSTCODE: &str = "
    select r.ars as ars, r.name as name, r.folded as folded, r.population as population
    from catalogue_postcode p
    join catalogue_region r on r.ars = p.ars and r.level = 'gemeinde'
    where p.postcode = $1
    order by r.population desc, r.ars";

// 66 is an uninhabited area without a municipality of its own.
const BY_NAME: &str = "
    select ars, name, folded, population from catalogue_region
    where level = 'gemeinde' and kind <> '66' and (' ' || folded) like $1 escape '!'
    order by
        case when folded = $2 then 0 when folded like $3 escape '!' then 1 else 2 end,
        population desc, ars
    limit $4";

const BY_KEY: &str = "
    select ars, name, folded, population from catalogue_region
    where ars = $1 and level = 'gemeinde'";

impl Catalogue {
    /// Places for what a person typed: a postcode, a name or its beginning, both ("28195 Bremen"), or
    /// a region key. Several when it is ambiguous, the most likely first; none when nothing fits.
    ///
    /// # Errors
    /// [`CatalogueError::Storage`].
    pub async fn find_places(&self, typed: &str, limit: usize) -> Result<Vec<Place>> {
        let limit = limit.clamp(1, 50);
        let typed: String = typed.trim().chars().take(100).collect();
        if let Ok(ars) = typed.parse::<Ars>() {
            return Ok(self.place(ars).await?.into_iter().collect());
        }
        let is_postcode = |word: &&str| word.len() == 5 && word.chars().all(|c| c.is_ascii_digit());
        let separators = |c: char| c.is_whitespace() || c == ',';
        let postcode = typed.split(separators).find(is_postcode);
        let words: Vec<&str> = typed
            .split(separators)
            .filter(|word| !is_postcode(word))
            .collect();
        let name = fold(&words.join(" "));
        let mut read = self.db.read().await?;
        if let Some(postcode) = postcode {
            let rows = read.fetch_all(BY_POSTCODE, args![postcode]).await?;
            let mut found = candidates(&rows)?;
            // "28195 Bremen" names the municipality; a name that does not fit is not held against
            // the postcode: it may be a quarter.
            if found.iter().any(|(_, folded)| folded.starts_with(&name)) {
                found.retain(|(_, folded)| folded.starts_with(&name));
            }
            found.truncate(limit);
            drop(read);
            let places = found.into_iter().map(|(place, _)| Place {
                postcode: Some(postcode.to_owned()),
                ..place
            });
            return self.with_surroundings(places.collect()).await;
        }
        if name.chars().count() < 2 {
            return Ok(Vec::new());
        }
        let begins = like(&name);
        let rows = read
            .fetch_all(
                BY_NAME,
                args![
                    format!("% {begins}"),
                    &name,
                    &begins,
                    i64::try_from(limit).unwrap_or(50)
                ],
            )
            .await?;
        drop(read);
        let places = candidates(&rows)?;
        // Who types a whole name does not mean those that merely begin like it.
        let exact = places
            .iter()
            .any(|(place, _)| fold(&place.short_name) == name);
        let places: Vec<Place> = places
            .into_iter()
            .filter(|(place, _)| !exact || fold(bare(&place.short_name)) == name)
            .map(|(place, _)| place)
            .collect();
        self.with_surroundings(places).await
    }

    /// The place with a key; nothing when the directory does not have it. A key below the
    /// municipality that the directory does not have is named after its municipality's Land.
    ///
    /// # Errors
    /// [`CatalogueError::Storage`].
    pub async fn place(&self, ars: Ars) -> Result<Option<Place>> {
        let row = self
            .db
            .read()
            .await?
            .fetch_optional(BY_KEY, args![ars])
            .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let place = candidate(&row)?.0;
        Ok(self.with_surroundings(vec![place]).await?.pop())
    }

    /// Names of areas of any level, the widest level of a shared key last: a kreisfreie Stadt is
    /// named as a municipality.
    ///
    /// # Errors
    /// [`CatalogueError::Storage`].
    pub(crate) async fn area_names(
        &self,
        areas: impl IntoIterator<Item = Ars>,
    ) -> Result<HashMap<Ars, String>> {
        let keys = json_list(areas.into_iter().map(|area| area.to_string()));
        let sql = self.sql(listed!(
            "select ars, level, name, kind from catalogue_region where ars"
        ));
        let rows = self.db.read().await?.fetch_all(sql, args![keys]).await?;
        let mut names: HashMap<Ars, (usize, String)> = HashMap::new();
        for row in &rows {
            let rank = match row.text("level")?.as_str() {
                "gemeinde" => 0,
                "verband" => 1,
                "kreis" => 2,
                "rb" => 3,
                _ => 4,
            };
            let name = area_name(&row.text("name")?, &row.text("kind")?);
            let ars = row.ars("ars")?;
            if names.get(&ars).is_none_or(|(held, _)| rank < *held) {
                names.insert(ars, (rank, name));
            }
        }
        let mut names: HashMap<Ars, String> = names
            .into_iter()
            .map(|(ars, (_, name))| (ars, name))
            .collect();
        names
            .entry(Ars::GERMANY)
            .or_insert_with(|| "Deutschland".to_owned());
        Ok(names)
    }

    async fn with_surroundings(&self, places: Vec<Place>) -> Result<Vec<Place>> {
        // A kreisfreie Stadt (41, 42) is its own Kreis; that says nothing.
        let around = |ars: Ars| [ars.truncated(5), ars.land()];
        let keys = places.iter().flat_map(|place| around(place.ars));
        let sql = self.sql(listed!(
            "select ars, level, name, kind from catalogue_region
             where level in ('kreis', 'land') and kind not in ('41', '42') and ars"
        ));
        let keys = json_list(keys.map(|key| key.to_string()));
        let rows = self.db.read().await?.fetch_all(sql, args![keys]).await?;
        let mut names: HashMap<(Ars, String), String> = HashMap::new();
        for row in &rows {
            let name = area_name(&row.text("name")?, &row.text("kind")?);
            names.insert((row.ars("ars")?, row.text("level")?), name);
        }
        let name = |ars: Ars, level: Level| names.get(&(ars, level_name(level).to_owned()));
        Ok(places
            .into_iter()
            .map(|mut place| {
                let kreis = name(place.ars.truncated(5), Level::Kreis);
                let land = name(place.ars.land(), Level::Land);
                let parts: Vec<&str> = [kreis, land]
                    .into_iter()
                    .flatten()
                    .map(String::as_str)
                    .filter(|name| *name != place.short_name)
                    .collect();
                place.within = parts.join(", ");
                place
            })
            .collect())
    }

    /// Puts the embedded places in when there are none at all.
    pub(crate) async fn seed_regions(&self) -> Result<()> {
        let row = self
            .db
            .read()
            .await?
            .fetch_optional("select ars from catalogue_region limit 1", Vec::new())
            .await?;
        if row.is_some() {
            return Ok(());
        }
        let (regions, postcodes) = embedded();
        transaction!(self.db, "catalogue.seed-regions", |tx| {
            import::insert(tx, &regions, &postcodes).await?;
            Ok::<_, CatalogueError>(())
        })
    }
}

/// The Kreis says what it is: "Landkreis Cuxhaven".
fn area_name(name: &str, kind: &str) -> String {
    let plain = short(name);
    let prefix = match kind {
        "43" => "Kreis ",
        "44" => "Landkreis ",
        _ => "",
    };
    if plain.to_lowercase().contains("kreis") {
        return plain.to_owned();
    }
    format!("{prefix}{plain}")
}

/// A pattern for the beginning of a name, with `!` as escape character.
fn like(name: &str) -> String {
    let mut pattern = String::with_capacity(name.len() + 1);
    for character in name.chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

fn candidates(rows: &[Row]) -> Result<Vec<(Place, String)>> {
    rows.iter().map(candidate).collect()
}

fn candidate(row: &Row) -> Result<(Place, String)> {
    let name = row.text("name")?;
    let place = Place {
        ars: row.ars("ars")?,
        short_name: short(&name).to_owned(),
        name,
        postcode: None,
        within: String::new(),
    };
    Ok((place, row.text("folded")?))
}

/// Reads the embedded list: `ars;level;name;kind;population;postcodes`.
fn embedded() -> (Vec<Region>, Vec<(String, Ars)>) {
    let (mut regions, mut postcodes) = (Vec::new(), Vec::new());
    for line in EMBEDDED.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split(';');
        let mut field = || fields.next().unwrap_or_default();
        let (ars, level, name, kind, population) = (field(), field(), field(), field(), field());
        let level = match level {
            "gemeinde" => Level::Gemeinde,
            "kreis" => Level::Kreis,
            "land" => Level::Land,
            _ => continue,
        };
        let Ok(ars) = ars.parse::<Ars>() else {
            continue;
        };
        regions.push(Region {
            ars,
            level,
            name: name.to_owned(),
            kind: kind.to_owned(),
            population: population.parse().unwrap_or_default(),
        });
        postcodes.extend(
            field()
                .split_whitespace()
                .map(|code| (code.to_owned(), ars)),
        );
    }
    (regions, postcodes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_meet_in_all_their_spellings() {
        for name in ["München", "MUENCHEN", "Munchen"] {
            assert_eq!(fold(name), "munchen");
        }
        assert_eq!(fold("Cottbus/Chóśebuz, Stadt"), "cottbus chosebuz stadt");
        assert_eq!(fold("Groß-Gerau"), "gross gerau");
        assert_eq!(fold("Neuenkirchen"), "neuenkirchen");
        assert_eq!(fold("Büdelsdorf"), fold("Buedelsdorf"));
        assert_eq!(bare("Halle (Saale)"), "Halle");
        assert_eq!(bare("Cottbus/Chóśebuz"), "Cottbus");
    }

    #[test]
    fn every_line_of_the_embedded_list_reads() {
        let lines = EMBEDDED
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty());
        let (regions, postcodes) = embedded();
        assert_eq!(regions.len(), lines.count());
        let lands = regions.iter().filter(|region| region.level == Level::Land);
        assert_eq!(lands.count(), 16);
        assert!(postcodes.len() > 40);
        for region in &regions {
            let land = region.ars.land();
            assert!(regions.iter().any(|other| other.ars == land), "{region:?}");
            let kreis = region.ars.truncated(5);
            assert!(regions.iter().any(|other| other.ars == kreis), "{region:?}");
        }
    }
}
