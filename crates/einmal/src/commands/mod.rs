//! The command line.

mod audit;
mod benefit;
mod catalogue;
pub(crate) mod demo;
mod openapi;
mod serve;

use std::process::ExitCode;

use clap::Subcommand;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the roles that a configuration file names.
    Serve(serve::Serve),
    /// Run the demonstration world: all roles on loopback, with synthetic people.
    Demo(demo::Demo),
    /// Fill and look after the service catalogue.
    #[command(subcommand)]
    Catalogue(catalogue::Catalogue),
    /// Fill the directory of regions.
    #[command(subcommand)]
    Regions(catalogue::Regions),
    /// Check the tamper-evident log.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Compute family benefits for streams of cases.
    Benefit(benefit::Benefit),
    /// Write or check the OpenAPI documents.
    Openapi(openapi::Openapi),
}

impl Command {
    /// Runs the command and gives the exit code of the process.
    pub(crate) async fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::Serve(command) => command.run().await,
            Self::Demo(command) => command.run().await,
            Self::Catalogue(command) => command.run().await,
            Self::Regions(command) => command.run().await,
            Self::Audit(command) => command.run().await,
            Self::Benefit(command) => command.run(),
            Self::Openapi(command) => command.run(),
        }
    }
}

/// Prints data on standard output; everything else goes to standard error.
pub(crate) fn print(line: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()?;
    Ok(())
}

/// Tells what is going on, on standard error.
pub(crate) fn say(line: &str) {
    use std::io::Write as _;
    // Nobody listens to standard error any more: the work goes on.
    let _ = writeln!(std::io::stderr(), "{line}");
}
