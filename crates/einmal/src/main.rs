//! The binary: reads the configuration, wires the domains to each other and to the outside, runs
//! the roles. It holds no rule of its own.

mod audit_log;
mod commands;
mod config;
mod http_client;
mod key_files;
mod ports;
mod roles;
mod server;
mod system;
mod tasks;
mod telemetry;

use std::process::ExitCode;

use clap::Parser;

/// Public services that happen once and work for the person they are for.
#[derive(Debug, Parser)]
#[command(name = "einmal", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: commands::Command,

    /// How log lines look on standard error.
    #[arg(long, global = true, value_enum, default_value = "text")]
    log_format: telemetry::LogFormat,

    /// What is logged, for example `warn,einmal=debug`.
    #[arg(
        long,
        global = true,
        env = "EINMAL_LOG",
        default_value = "warn,einmal=info"
    )]
    log: String,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    telemetry::start(arguments.log_format, &arguments.log);
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(arguments.command.run()));
    match outcome {
        Ok(code) => code,
        Err(error) => {
            use std::io::Write as _;
            // The alternate form prints the chain of causes on one line.
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
