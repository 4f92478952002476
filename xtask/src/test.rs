//! What CI runs: checks first, because they fail fastest, then every test with all servers it needs.

use std::process::Command;

use anyhow::Result;
use einmal_testkit::{Options, postgres};

use crate::process::{cargo, root, run as run_program, step};
use crate::{assets, check, metadata, node, setup};

/// Runs all checks and all tests.
pub(crate) fn run() -> Result<()> {
    step("style sheet and fonts", assets::run)?;
    let modules = step("Node packages for tests", || {
        node::packages(&root().join("tests/node"))
    })?;
    let chromium = step("Chromium", setup::chromium)?;
    // Without fsync: tests kill our processes, never the machine.
    let server = step("PostgreSQL", || setup::postgres(Options { fsync: false }))?;

    check::run(check::Profile::Ci, &[])?;

    step("tests", || {
        run_program(
            cargo()
                .args([
                    "test",
                    "--workspace",
                    "--profile",
                    "ci",
                    "--locked",
                    "--no-fail-fast",
                ])
                .env("EINMAL_NODE_MODULES", &modules)
                .env("EINMAL_CHROMIUM", &chromium)
                .env(postgres::URL_VARIABLE, server.url()),
        )
    })?;
    step("openapi", || {
        let binary = metadata::target_folder()?.join("ci/einmal");
        run_program(
            Command::new(binary)
                .current_dir(root())
                .args(["openapi", "--check"]),
        )
    })
}
