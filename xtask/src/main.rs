//! Chores of the repository: `cargo xtask demo | test | bench | assets | check`.
//!
//! Every command does its own set-up (Node packages, style sheet, browser, PostgreSQL) or stops with the one command
//! that is missing. Nothing here is part of the product.

#![expect(
    clippy::print_stderr,
    reason = "a command line tool reports progress on standard error"
)]

mod assets;
mod bench;
mod check;
mod demo;
mod layers;
mod licence;
mod metadata;
mod node;
mod process;
mod setup;
mod supply;
mod test;
mod tidy;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  demo [--reset] [ARGUMENTS]   build and start the demonstration world on one address
  test                         everything CI runs: checks, then all tests with both databases and the browser
  check [NAME…]                without tests: formatting, files, layers, dependencies, lints, documentation, openapi
  bench [ARGUMENTS]            measured figures, in a release build
  assets                       style sheet and fonts, rebuilt when their sources changed";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    match command.as_str() {
        "demo" => demo::run(&rest),
        "test" => test::run(),
        "check" => check::run(check::Profile::Dev, &rest),
        "bench" => bench::run(&rest),
        "assets" => assets::run(),
        "" | "help" | "-h" | "--help" => {
            eprintln!("{USAGE}");
            Ok(())
        }
        other => bail!("there is no command {other:?}\n\n{USAGE}"),
    }
}
