//! Import of deliveries.
//!
//! One path is one edition: a folder with `index.txt` (files in its order), or a single file. A folder
//! of such folders is one edition after another. Before anything of an edition is written, all of
//! its files are read and checked: one file that is not valid XZuFi drops the whole edition, which
//! is reported, and the stock stays as it was. An empty index never means "delete everything".
//!
//! What is delivered is applied: a write replaces the object with its identity as a whole, a deletion of
//! something unknown is a cheap nothing. Importing the same again changes nothing. What a full
//! delivery omits stays in the stock for now; deletions have to be delivered.

mod batch;
mod source;

use std::path::{Path, PathBuf};

use einmal_xzufi::{Delivery, Entry};
use serde::Serialize;
use tokio::sync::mpsc;

pub(crate) use source::{Source, open_file};

use self::batch::{Batch, Pending};
use crate::{Catalogue, CatalogueError, Counts, Result};

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ImportSummary {
    /// Objects written, replaced ones included.
    pub written: Counts,
    /// Objects deleted.
    pub deleted: Counts,
    /// Deletions of objects that were not there.
    pub ignored_deletes: u64,
    /// Files because of which an edition was dropped.
    pub rejected_files: Vec<RejectedFile>,
    /// Things worth a look that stopped nothing: unknown kinds of records and elements, region
    /// keys that are none.
    pub warnings: u64,
}

/// A file that was refused, with its reason. Its whole edition was dropped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RejectedFile {
    /// The file.
    pub file: String,
    /// Short name of the reason.
    pub code: String,
    /// The reason in words.
    pub reason: String,
    /// Line, when it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Byte within the line, when it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The file at work.
    pub file: &'a str,
    /// True while files are only checked, false while they are written.
    pub checking: bool,
    /// Records of the edition read so far in this phase.
    pub records: u64,
}

/// Called now and then during an import.
pub(crate) type OnProgress<'a> = &'a (dyn Fn(&Progress<'_>) + Send + Sync);

/// Imports files, edition folders and folders of editions, one after the other.
///
/// # Errors
/// [`CatalogueError::Path`] for a path that is no delivery at all; [`CatalogueError::Storage`]; a faulty
/// delivery is no error but reported in the summary.
pub async fn import_paths(
    catalogue: &Catalogue,
    paths: &[PathBuf],
    progress: &(dyn Fn(&Progress<'_>) + Send + Sync),
) -> Result<ImportSummary> {
    let mut summary = ImportSummary::default();
    for path in paths {
        for edition in source::editions(path)? {
            match edition {
                Ok(files) => import_edition(catalogue, files, &mut summary, progress).await?,
                Err(rejected) => summary.rejected_files.push(rejected),
            }
        }
    }
    Ok(summary)
}

/// Checks all files of one edition, then writes them.
pub(crate) async fn import_edition(
    catalogue: &Catalogue,
    files: Vec<Source>,
    summary: &mut ImportSummary,
    progress: OnProgress<'_>,
) -> Result<()> {
    let mut records = 0;
    let mut rejected = Vec::new();
    for file in &files {
        let (sender, mut receiver) = mpsc::channel(16);
        let reading = spawn_check(file.clone(), sender);
        let before = records;
        while let Some(read) = receiver.recv().await {
            records = before + read;
            progress(&Progress {
                file: &file.name(),
                checking: true,
                records,
            });
        }
        if let Some(refusal) = reading.await.map_err(|_| CatalogueError::Ended)? {
            tracing::warn!(file = %refusal.file, reason = %refusal.reason, "delivery refused");
            rejected.push(refusal);
        }
    }
    if !rejected.is_empty() {
        summary.rejected_files.extend(rejected);
        return Ok(());
    }
    records = 0;
    for file in files {
        let name = file.name();
        // The next batches are read and prepared while one is written.
        let (sender, mut receiver) = mpsc::channel::<Batch>(3);
        let reading = spawn_read(file, sender);
        while let Some(batch) = receiver.recv().await {
            records += batch.records;
            batch::apply(catalogue, batch, summary).await?;
            progress(&Progress {
                file: &name,
                checking: false,
                records,
            });
        }
        reading.await.map_err(|_| CatalogueError::Ended)??;
    }
    catalogue.bump_revision().await
}

/// Reads a file to its end on a thread of its own, without keeping anything.
fn spawn_check(
    file: Source,
    sender: mpsc::Sender<u64>,
) -> tokio::task::JoinHandle<Option<RejectedFile>> {
    tokio::task::spawn_blocking(move || {
        let reader = match file.open() {
            Ok(reader) => reader,
            Err(error) => {
                let reason = format!("the file cannot be opened: {error}");
                return Some(file.rejected("missing", reason));
            }
        };
        let mut read = 0_u64;
        for entry in Delivery::new(reader) {
            if let Err(error) = entry {
                return Some(RejectedFile {
                    line: Some(error.position.line),
                    column: Some(error.position.column),
                    ..file.rejected(error.kind.code(), error.to_string())
                });
            }
            read += 1;
            if read.is_multiple_of(5_000) {
                // Progress only: a full channel loses a message, not a record.
                let _ = sender.try_send(read);
            }
        }
        let _ = sender.try_send(read);
        None
    })
}

/// Reads a file on a thread of its own and hands it on in batches.
fn spawn_read(file: Source, sender: mpsc::Sender<Batch>) -> tokio::task::JoinHandle<Result<()>> {
    tokio::task::spawn_blocking(move || {
        let changed = |reason: String| CatalogueError::Changed {
            path: Path::new(&file.name()).to_path_buf(),
            reason,
        };
        let reader = file.open().map_err(|error| changed(error.to_string()))?;
        let mut delivery = Delivery::new(reader);
        let mut pending = Pending::default();
        for entry in delivery.by_ref() {
            let entry = entry.map_err(|error| changed(error.to_string()))?;
            match entry {
                Entry::Header(_) => {}
                Entry::Unknown { name, position } => {
                    tracing::warn!(file = %file.name(), %position, name, "unknown record skipped");
                    pending.warn(1);
                }
                Entry::Write(object) => {
                    if let Some(full) = pending.write(object)
                        && sender.blocking_send(full).is_err()
                    {
                        return Ok(());
                    }
                }
                Entry::Delete { class, id } => {
                    if let Some(full) = pending.delete(class, &id)
                        && sender.blocking_send(full).is_err()
                    {
                        return Ok(());
                    }
                }
            }
        }
        for (name, count) in delivery.unread() {
            tracing::warn!(file = %file.name(), name, count, "unknown element skipped");
            pending.warn(*count);
        }
        // The receiver hangs up only when writing failed; that error is reported there.
        let _ = sender.blocking_send(pending.take());
        Ok(())
    })
}
