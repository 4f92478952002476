//! Everything that can be checked without running tests, cheapest first.

use anyhow::{Result, bail};

use crate::process::{cargo, root, run as run_program, step};
use crate::{assets, layers, metadata, supply, tidy};

/// The cargo profile to build with: the one whose artefacts are there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// What a developer builds every day.
    Dev,
    /// What CI builds, once for all steps.
    Ci,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Ci => "ci",
        }
    }
}

/// The checks by name, in the order in which they run.
const STEPS: [&str; 7] = [
    "formatting",
    "files",
    "layers",
    "dependencies",
    "lints",
    "documentation",
    "openapi",
];

/// Runs the named checks, or all.
pub(crate) fn run(profile: Profile, only: &[String]) -> Result<()> {
    if let Some(unknown) = only.iter().find(|name| !STEPS.contains(&name.as_str())) {
        bail!(
            "there is no check {unknown:?}; there are {}",
            STEPS.join(", ")
        );
    }
    assets::run()?;
    for name in STEPS {
        // CI asks the binary that its tests have built; building it alone would choose other features of
        // dependencies and build many of them again.
        if name == "openapi" && profile == Profile::Ci {
            continue;
        }
        if only.is_empty() || only.iter().any(|wanted| wanted == name) {
            step(name, || one(name, profile))?;
        }
    }
    Ok(())
}

fn one(name: &str, profile: Profile) -> Result<()> {
    let profile = profile.name();
    match name {
        "formatting" => run_program(cargo().args(["fmt", "--all", "--check"])),
        "files" => tidy::check(&root()),
        "layers" => layers::check(&metadata::load()?),
        "dependencies" => supply::check(&metadata::load()?, &root().join("deny.toml")),
        "lints" => run_program(
            cargo()
                .args([
                    "clippy",
                    "--workspace",
                    "--all-targets",
                    "--locked",
                    "--profile",
                ])
                .args([profile, "--", "--deny", "warnings"]),
        ),
        "documentation" => run_program(
            cargo()
                .args([
                    "doc",
                    "--workspace",
                    "--no-deps",
                    "--locked",
                    "--profile",
                    profile,
                ])
                .env("RUSTDOCFLAGS", "--deny warnings"),
        ),
        _ => run_program(
            cargo()
                .args([
                    "run",
                    "--quiet",
                    "--locked",
                    "--package",
                    "einmal",
                    "--profile",
                ])
                .args([profile, "--", "openapi", "--check"]),
        ),
    }
}
