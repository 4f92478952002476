//! The tamper-evident log of a process: its signing key, regular checkpoints, and the newest
//! checkpoint kept outside the database, so that cutting the end off is noticed too.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use einmal_storage::Db;
use einmal_storage::audit::{self, Anchor, Ed25519Signer};

use crate::config::Config;
use crate::key_files;
use crate::roles::Shared;

const INTERVAL: Duration = Duration::from_secs(30);

/// The key of the configuration.
pub(crate) fn signer(config: &Config) -> anyhow::Result<Ed25519Signer> {
    let seed = key_files::read_symmetric_key(&config.path(&config.audit.key))?;
    Ed25519Signer::new(&seed).context("the audit key cannot be used")
}

/// Signs what is new in a database's log, now and then regularly.
pub(crate) fn keep(shared: &Shared, name: &'static str, db: &Db) -> anyhow::Result<()> {
    let signer = Arc::new(signer(&shared.config)?);
    let file = anchor_file(&shared.config, name);
    let db = db.clone();
    shared.tasks.repeat("audit checkpoint", INTERVAL, move || {
        let (signer, file, db) = (Arc::clone(&signer), file.clone(), db.clone());
        async move {
            let anchor = audit::checkpoint(&db, &*signer).await?;
            if let Some(anchor) = anchor {
                write_anchor(&file, &anchor)?;
            }
            anyhow::Ok(0)
        }
    });
    Ok(())
}

/// Where the newest checkpoint of a database is kept.
pub(crate) fn anchor_file(config: &Config, name: &str) -> PathBuf {
    config
        .path(&config.audit.anchors)
        .join(format!("{name}.json"))
}

/// Reads the newest checkpoint, if one was made.
pub(crate) fn read_anchor(file: &Path) -> anyhow::Result<Option<Anchor>> {
    match std::fs::read(file) {
        Ok(bytes) => {
            Ok(Some(serde_json::from_slice(&bytes).with_context(|| {
                format!("{} is not valid", file.display())
            })?))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", file.display())),
    }
}

/// Replaces the file as a whole: a crash leaves the old one or the new one.
fn write_anchor(file: &Path, anchor: &Anchor) -> anyhow::Result<()> {
    let folder = file.parent().unwrap_or_else(|| Path::new("."));
    std::fs::create_dir_all(folder)?;
    let beside = file.with_extension("new");
    std::fs::write(&beside, serde_json::to_vec(anchor)?)?;
    std::fs::File::open(&beside)?.sync_all()?;
    std::fs::rename(&beside, file)?;
    Ok(())
}
