//! Measured figures, in a release build.

use anyhow::Result;

use crate::process::{cargo, run as run_program};
use crate::{assets, setup};

/// Runs the benches with a PostgreSQL server beside them that waits for the disk, as in production.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    assets::run()?;
    let postgres = setup::postgres(einmal_testkit::Options { fsync: true })?;
    run_program(
        cargo()
            .args(["bench", "--package", "einmal", "--bench", "figures", "--"])
            .args(arguments)
            .env(einmal_testkit::postgres::URL_VARIABLE, postgres.url()),
    )
}
