//! What a machine needs besides Rust: found, or installed where that is possible, or named with its command.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, anyhow, bail};
use einmal_testkit::programs::find_in_path;
use einmal_testkit::{Options, Server, browser};

use crate::process::{output, run};

/// The oldest Node.js that our Node packages accept.
const NODE: u32 = 20;

/// Finds Node.js and npm; on Debian as root installs them.
pub(crate) fn node() -> Result<()> {
    if find_in_path("node").is_none() || find_in_path("npm").is_none() {
        install("Node.js", &["nodejs", "npm"])?;
    }
    let printed = output(Command::new("node").arg("--version"))?;
    let major = printed
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .unwrap_or_default();
    let major: u32 = major
        .parse()
        .with_context(|| format!("node printed {printed:?}"))?;
    if major < NODE {
        bail!(
            "Node.js {NODE} or newer is needed, this machine has {}",
            printed.trim()
        );
    }
    Ok(())
}

/// Finds Chromium; on Debian as root installs it.
pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(found) = browser::find_chromium() {
        return Ok(found);
    }
    install("Chromium", &["chromium"])?;
    browser::find_chromium().ok_or_else(|| anyhow!("Chromium is still missing after installing it"))
}

/// Starts a PostgreSQL server that goes with the returned value; on Debian as root installs it first.
pub(crate) fn postgres(options: Options) -> Result<Server> {
    match Server::start(options) {
        Ok(server) => Ok(server),
        Err(reason) if reason.contains(einmal_testkit::postgres::INSTALL) => {
            install("PostgreSQL", &["postgresql"])?;
            Server::start(options).map_err(|reason| anyhow!("{reason}"))
        }
        Err(reason) => bail!("{reason}"),
    }
}

/// Installs packages where that can be done without asking anybody: on Debian, as root.
fn install(what: &str, packages: &[&str]) -> Result<()> {
    let command = format!(
        "apt-get install -y --no-install-recommends {}",
        packages.join(" ")
    );
    let root = output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !root || find_in_path("apt-get").is_none() {
        bail!("{what} is not installed; run as root: apt-get update && {command}");
    }
    eprintln!("{what} is not installed: installing it");
    run(apt_get().args(["update", "--quiet"]))?;
    run(apt_get()
        .args(["install", "-y", "--quiet", "--no-install-recommends"])
        .args(packages))
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
