//! Finds programs on this machine and runs them with readable errors.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Reads an environment variable; empty counts as absent.
#[must_use]
pub fn environment(name: &str) -> Option<OsString> {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are configured by their runner through the environment"
    )]
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// The first file called `name` in the folders of `PATH`.
#[must_use]
pub fn find_in_path(name: &str) -> Option<PathBuf> {
    let path = environment("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// A random word for names that must not collide between processes.
#[must_use]
pub fn random_word() -> String {
    use std::hash::{BuildHasher, Hasher};
    // Seeded by the operating system; enough for names, and no dependency.
    let hasher = std::hash::RandomState::new().build_hasher();
    format!("{:012x}", hasher.finish() & 0xffff_ffff_ffff)
}

/// Runs a command to its end and returns what it printed on standard output.
///
/// # Errors
/// When the command cannot be started or ends with a failure: its name and what it printed on standard error.
pub fn run(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{name} cannot be started: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        let stderr = String::from_utf8_lossy(&output.stderr);
        Err(format!(
            "{name} failed ({}): {}",
            output.status,
            stderr.trim()
        ))
    }
}

/// The target folder that the running test binary lies in, or the temporary folder.
///
/// Found from the path of the binary (`…/debug/deps/name`), because cargo tells it only to integration tests.
pub(crate) fn target_folder() -> PathBuf {
    std::env::current_exe()
        .ok()
        .and_then(|exe| {
            exe.ancestors()
                .find(|folder| is_target(folder))
                .map(Path::to_path_buf)
        })
        .unwrap_or_else(std::env::temp_dir)
}

/// Cargo marks its target folder with a cache tag.
fn is_target(folder: &Path) -> bool {
    folder.join("CACHEDIR.TAG").is_file()
}
