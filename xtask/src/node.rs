//! Node packages: installed from the lock file, again only when it changed.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::process::run;
use crate::setup;

/// Makes `folder/node_modules` match `folder/package-lock.json` and returns its path.
///
/// Install scripts of packages do not run: we need none, and they are the usual way in for a bad package.
pub(crate) fn packages(folder: &Path) -> Result<PathBuf> {
    let modules = folder.join("node_modules");
    let wanted = fingerprint(&[
        folder.join("package.json"),
        folder.join("package-lock.json"),
    ])?;
    let stamp = modules.join(".einmal-stamp");
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(modules);
    }
    setup::node()?;
    run(Command::new("npm").current_dir(folder).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]))?;
    fs::write(&stamp, wanted).with_context(|| stamp.display().to_string())?;
    Ok(modules)
}

/// One word for the names and contents of files, to see whether they changed.
pub(crate) fn fingerprint(files: &[PathBuf]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.file_name().hash(&mut hasher);
        fs::read(file)
            .with_context(|| file.display().to_string())?
            .hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}
