//! Import of the directory of municipalities and of tables that go with it.

use std::collections::HashSet;
use std::io::{BufRead, Read as _};
use std::path::{Path, PathBuf};

use einmal_model::{Ars, Level};
use einmal_storage::{Tx, Value, args, transaction};
use serde::Serialize;

use super::{Region, fold, gv100ad, level_name};
use crate::import::open_file;
use crate::{Catalogue, CatalogueError, Result};

/// What an import of places did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RegionSummary {
    /// Municipalities, also areas without one and areas below one.
    pub municipalities: u64,
    /// Wider areas.
    pub areas: u64,
    /// Pairs of postcode and municipality.
    pub postcodes: u64,
    /// Lines that could not be used.
    pub warnings: u64,
}

/// The largest table that is read.
const LARGEST_TABLE: u64 = 256 << 20;

#[derive(Default)]
struct Tables {
    regions: Vec<Region>,
    below: Vec<Region>,
    postcodes: Vec<(String, Ars)>,
    warnings: u64,
}

/// Imports files of three kinds, recognised by their first line, plain or packed:
///
/// - GV100AD, the directory of municipalities: replaces all areas;
/// - a table with the columns `plz` and `ars`: replaces all postcodes;
/// - a table with the columns `ARS` and `Municipality`: adds keys that the directory lacks, for
///   example those below the municipality.
///
/// # Errors
/// [`CatalogueError::Path`] for a file that is none of these; [`CatalogueError::Storage`].
pub async fn import_regions(catalogue: &Catalogue, paths: &[PathBuf]) -> Result<RegionSummary> {
    let paths = paths.to_vec();
    let tables = tokio::task::spawn_blocking(move || read(&paths))
        .await
        .map_err(|_| CatalogueError::Ended)??;
    transaction!(catalogue.db, "catalogue.import-regions", |tx| {
        if !tables.regions.is_empty() {
            tx.execute("delete from catalogue_region", Vec::new())
                .await?;
        }
        if !tables.postcodes.is_empty() {
            tx.execute("delete from catalogue_postcode", Vec::new())
                .await?;
        }
        insert(tx, &tables.regions, &tables.postcodes).await?;
        insert(tx, &tables.below, &[]).await?;
        Ok::<_, CatalogueError>(())
    })?;
    let municipality = |region: &&Region| region.level == Level::Gemeinde;
    let all = || tables.regions.iter().chain(&tables.below);
    let count = |number: usize| number as u64;
    Ok(RegionSummary {
        municipalities: count(all().filter(municipality).count()),
        areas: count(all().filter(|region| !municipality(region)).count()),
        postcodes: count(tables.postcodes.len()),
        warnings: tables.warnings,
    })
}

/// Adds areas and postcodes that are not there yet.
pub(super) async fn insert(
    tx: &mut Tx,
    regions: &[Region],
    postcodes: &[(String, Ars)],
) -> Result<()> {
    let rows: Vec<Vec<Value>> = regions
        .iter()
        .map(|region| {
            args![
                region.ars,
                level_name(region.level),
                &region.name,
                fold(&region.name),
                &region.kind,
                region.population,
            ]
        })
        .collect();
    tx.insert_many(
        "catalogue_region",
        &["ars", "level", "name", "folded", "kind", "population"],
        rows,
        "on conflict do nothing",
    )
    .await?;
    let rows: Vec<Vec<Value>> = postcodes
        .iter()
        .map(|(postcode, ars)| args![postcode, *ars])
        .collect();
    tx.insert_many(
        "catalogue_postcode",
        &["postcode", "ars"],
        rows,
        "on conflict do nothing",
    )
    .await?;
    Ok(())
}

fn read(paths: &[PathBuf]) -> Result<Tables> {
    let mut tables = Tables::default();
    for path in paths {
        let failed = |reason: String| CatalogueError::Path {
            path: path.clone(),
            reason,
        };
        let mut text = String::new();
        open_file(path)
            .and_then(|file| file.take(LARGEST_TABLE).read_to_string(&mut text))
            .map_err(|error| failed(error.to_string()))?;
        let text = text.trim_start_matches('\u{feff}');
        let first = text.lines().next().unwrap_or_default();
        let columns: HashSet<&str> = first.split(',').map(str::trim).collect();
        if columns.contains("plz") && columns.contains("ars") {
            read_postcodes(text, path, &mut tables)?;
        } else if columns.contains("ARS") && columns.contains("Municipality") {
            read_keys(text, path, &mut tables)?;
        } else if gv100ad::record(first).is_ok() {
            for line in text.as_bytes().lines() {
                let line = line.map_err(|error| failed(error.to_string()))?;
                match gv100ad::record(&line) {
                    Ok(region) => tables.regions.extend(region),
                    Err(_) => tables.warnings += 1,
                }
            }
        } else {
            return Err(failed(
                "neither GV100AD nor a table with the columns plz and ars".to_owned(),
            ));
        }
    }
    Ok(tables)
}

fn rows<'a>(
    text: &'a str,
    path: &Path,
    wanted: [&str; 2],
) -> Result<impl Iterator<Item = Option<(String, Ars)>> + use<'a>> {
    let failed = |reason: String| CatalogueError::Path {
        path: path.to_path_buf(),
        reason,
    };
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let headers = table
        .headers()
        .map_err(|error| failed(error.to_string()))?
        .clone();
    let [text_at, ars_at] = wanted.map(|name| headers.iter().position(|header| header == name));
    let (Some(text_at), Some(ars_at)) = (text_at, ars_at) else {
        return Err(failed("a column is missing".to_owned()));
    };
    Ok(table.into_records().map(move |row| {
        let row = row.ok()?;
        let ars = row.get(ars_at)?.trim().parse().ok()?;
        Some((row.get(text_at)?.trim().to_owned(), ars))
    }))
}

fn read_postcodes(text: &str, path: &Path, tables: &mut Tables) -> Result<()> {
    for row in rows(text, path, ["plz", "ars"])? {
        match row {
            Some((postcode, ars)) if postcode.len() == 5 => tables.postcodes.push((postcode, ars)),
            _ => tables.warnings += 1,
        }
    }
    Ok(())
}

fn read_keys(text: &str, path: &Path, tables: &mut Tables) -> Result<()> {
    for row in rows(text, path, ["Municipality", "ARS"])? {
        match row {
            Some((_, Ars::GERMANY)) => {}
            Some((name, ars)) if !name.is_empty() => tables.below.push(Region {
                ars,
                level: Level::Gemeinde,
                name,
                kind: String::new(),
                population: 0,
            }),
            _ => tables.warnings += 1,
        }
    }
    Ok(())
}
