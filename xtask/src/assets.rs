//! Style sheet and fonts for the pages, built from npm packages into a folder that git ignores.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::process::{self, root};
use crate::{node, setup};

/// Builds `crates/edge/web/assets/dist`, unless nothing changed since the last time.
pub(crate) fn run() -> Result<()> {
    let folder = root().join("crates/edge/web/assets");
    let mut sources: Vec<PathBuf> = ["package.json", "package-lock.json", "build.mjs"]
        .map(|name| folder.join(name))
        .into();
    let styles = folder.join("styles");
    for entry in fs::read_dir(&styles).with_context(|| styles.display().to_string())? {
        sources.push(entry?.path());
    }
    sources.sort();

    let wanted = node::fingerprint(&sources)?;
    let stamp = folder.join("dist/.einmal-stamp");
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    setup::node()?;
    node::packages(&folder)?;
    process::run(Command::new("node").current_dir(&folder).arg("build.mjs"))?;
    fs::write(&stamp, wanted).with_context(|| stamp.display().to_string())
}
