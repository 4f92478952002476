//! The demonstration world: all roles on one address, with simulated outside.

use std::os::unix::process::CommandExt as _;

use anyhow::{Context as _, Result};

use crate::assets;
use crate::process::cargo;

/// Builds what is needed and becomes `einmal demo`, so that Ctrl-C and the exit status are its own.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    assets::run().context("style sheet and fonts")?;
    let mut command = cargo();
    command
        .args(["run", "--package", "einmal", "--", "demo"])
        .args(arguments);
    Err(command.exec()).context("cargo cannot be started")
}
