//! `einmal demo`: the demonstration world. All roles on loopback, each with its own database and
//! keys, speaking the same protocols to each other as they would across Germany. Everything that is
//! simulated says so.

mod prepare;
pub(crate) mod world;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail, ensure};

use crate::config::Config;
use crate::roles::Process;

/// Where the demonstration listens unless told otherwise.
const PORT: u16 = 8470;

/// Run the demonstration world.
#[derive(Debug, clap::Args)]
pub(crate) struct Demo {
    /// Folder for databases and keys; created when missing.
    #[arg(long, default_value = ".demo")]
    data: PathBuf,

    /// Port on loopback, chosen when the world is made.
    #[arg(long)]
    port: Option<u16>,

    /// Throw everything away and begin anew.
    #[arg(long)]
    reset: bool,

    /// Prepare keys, databases and configuration, and end.
    #[arg(long)]
    prepare: bool,
}

impl Demo {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let file = self.data.join("einmal.toml");
        if self.reset {
            throw_away(&self.data)?;
        }
        let kept = file.exists();
        if !kept {
            let port = self.port.unwrap_or_else(free_port);
            prepare::create(&self.data, port).await?;
        }
        let config = Config::read(&file)?;
        let port = config.listen.port();
        // The address is the issuer of all events so far; with another one they would not be
        // believed any more.
        ensure!(
            self.port.is_none_or(|wanted| wanted == port),
            "this world was made for port {port}; leave out --port, or begin anew with --reset"
        );
        prepare::fill(&config).await?;
        if self.prepare {
            super::print(&format!("Prepared: {}", file.display()))?;
            return Ok(ExitCode::SUCCESS);
        }
        let process = Process::start(config).await?;
        super::print(&format!("Einmal is ready: {}", process.url()))?;
        super::print(&world::welcome(process.url(), &self.data, kept))?;
        process.run().await?;
        super::print("Stopped. The data are kept; start with --reset to begin anew.")?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The usual port, or any free one when another program has it.
fn free_port() -> u16 {
    let bind = |port| std::net::TcpListener::bind(("127.0.0.1", port));
    bind(PORT)
        .or_else(|_| bind(0))
        .and_then(|listener| listener.local_addr())
        .map_or(PORT, |address| address.port())
}

/// Removes a demonstration folder, and nothing that is not one.
fn throw_away(folder: &Path) -> anyhow::Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    let is_empty = std::fs::read_dir(folder)?.next().is_none();
    let is_ours = folder.join("einmal.toml").exists() && folder.join("keys").exists();
    if !is_ours && !is_empty {
        bail!(
            "{} does not look like a demonstration folder; remove it yourself if you mean it",
            folder.display()
        );
    }
    std::fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))
}
