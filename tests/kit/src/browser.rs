//! Where Chromium is on this machine.

use std::path::PathBuf;

use crate::programs::{environment, find_in_path};

/// The command that installs the browser on Debian.
pub const INSTALL: &str = "apt-get update && apt-get install -y --no-install-recommends chromium";

/// The browser named by `EINMAL_CHROMIUM`, or found on the `PATH`.
#[must_use]
pub fn find_chromium() -> Option<PathBuf> {
    let named = environment("EINMAL_CHROMIUM")
        .map(PathBuf::from)
        .filter(|path| path.is_file());
    named.or_else(|| {
        [
            "chromium",
            "chromium-browser",
            "google-chrome-stable",
            "google-chrome",
        ]
        .into_iter()
        .find_map(find_in_path)
    })
}

/// The browser, for a test that cannot do without.
///
/// # Panics
/// When there is none: with the command that installs it.
#[must_use]
pub fn chromium() -> PathBuf {
    find_chromium().unwrap_or_else(|| panic!("Chromium is not installed; run as root: {INSTALL}"))
}
