//! What is committed: no work of others, no machine's paths, no download addresses, no overlong modules.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Result, bail};

use crate::process::output;

/// A module that passes this many lines has more than one idea.
const LONGEST_MODULE: usize = 800;

/// Endings of files that others made: fonts and packed code come from packages, at build time.
const FOREIGN: [&str; 8] = [
    ".woff", ".woff2", ".ttf", ".otf", ".min.js", ".min.css", ".wasm", ".map",
];

/// Beginnings of paths that exist only on somebody's machine.
const MACHINE_PATHS: [&str; 3] = ["/home/", "/root/", "/Users/"];

/// Looks at every file that git knows or would add.
pub(crate) fn check(root: &Path) -> Result<()> {
    let listed = output(Command::new("git").current_dir(root).args([
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    let mut found = Vec::new();
    for name in listed.lines() {
        let path = root.join(name);
        if FOREIGN.iter().any(|ending| name.ends_with(ending)) {
            found.push(format!("{name}: the work of others is not committed"));
        }
        // Deleted but not yet committed files are still listed; pictures and archives are no text.
        if let Ok(text) = fs::read_to_string(&path) {
            found.extend(findings(name, &text));
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    bail!("{}", found.join("\n"))
}

fn findings(name: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if name.ends_with(".rs") && text.lines().count() > LONGEST_MODULE {
        found.push(format!(
            "{name}: more than {LONGEST_MODULE} lines, split it"
        ));
    }
    if name.ends_with("package-lock.json") && text.contains("\"resolved\"") {
        found.push(format!(
            "{name}: names download addresses; use omit-lockfile-registry-resolved"
        ));
    }
    // This file has to name what it looks for.
    if !name.ends_with("xtask/src/tidy.rs") {
        for (number, line) in text.lines().enumerate() {
            if let Some(path) = MACHINE_PATHS.iter().find(|path| line.contains(*path)) {
                found.push(format!(
                    "{name}:{}: names a path of one machine ({path})",
                    number + 1
                ));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_long_modules_addresses_and_paths() {
        assert_eq!(findings("a.rs", &"\n".repeat(801)).len(), 1);
        assert_eq!(findings("a.rs", &"\n".repeat(800)).len(), 0);
        assert_eq!(
            findings("x/package-lock.json", "{\"resolved\": \"there\"}").len(),
            1
        );
        assert_eq!(findings("a.md", "ok\nsee /home/somebody/file").len(), 1);
    }
}
