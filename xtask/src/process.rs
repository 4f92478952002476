//! Runs programs with their output shown, and says which one failed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// Cargo, as the one that runs us.
pub(crate) fn cargo() -> Command {
    let program = einmal_testkit::programs::environment("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// Runs a program to its end, its output going where ours goes.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let said = words(command);
    eprintln!("  $ {said}");
    let status = command
        .status()
        .with_context(|| format!("{said} cannot be started"))?;
    if !status.success() {
        bail!("{said} failed ({status})");
    }
    Ok(())
}

/// Runs a program and returns what it printed on standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let said = words(command);
    let output = command
        .output()
        .with_context(|| format!("{said} cannot be started"))?;
    if !output.status.success() {
        bail!(
            "{said} failed ({}): {}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    String::from_utf8(output.stdout).with_context(|| format!("{said} printed no text"))
}

/// Does one named step and reports how long it took.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("\n==> {name}");
    #[expect(
        clippy::disallowed_methods,
        reason = "measures how long our own chores take"
    )]
    let begin = std::time::Instant::now();
    let result = work().with_context(|| name.to_owned());
    let outcome = if result.is_ok() { "ok" } else { "FAILED" };
    eprintln!(
        "==> {name}: {outcome}, {:.1} s",
        begin.elapsed().as_secs_f64()
    );
    result
}

fn words(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default();
    let mut words = vec![program.to_string_lossy().into_owned()];
    words.extend(
        command
            .get_args()
            .map(|word| word.to_string_lossy().into_owned()),
    );
    words.join(" ")
}
