//! `einmal serve`: the roles that a file names, until Ctrl-C.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::config::Config;
use crate::roles::Process;

/// Run the roles that a configuration file names.
#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// The configuration.
    #[arg(long, default_value = "einmal.toml")]
    config: PathBuf,
}

impl Serve {
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        let config = Config::read(&self.config)?;
        let process = Process::start(config).await?;
        super::print(&format!("Einmal is ready: {}", process.url()))?;
        process.run().await?;
        Ok(ExitCode::SUCCESS)
    }
}
