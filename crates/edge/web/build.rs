//! Embeds what `cargo xtask assets` built: a table of files and one hash over all of them.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/dist");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", dist.display());
    let files = files_of(&dist)?;
    if !files.iter().any(|(name, _)| name == "einmal.css") {
        println!(
            "cargo::error=the style sheet and the fonts are not built; run: cargo xtask assets"
        );
        return Ok(());
    }

    // FNV-1a: names a version in a cache, nothing relies on it for safety.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut table = String::from("&[\n");
    for (name, path) in &files {
        println!("cargo::rerun-if-changed={}", path.display());
        for byte in name.bytes().chain(fs::read(path)?) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        let _ = writeln!(table, "    ({name:?}, include_bytes!({path:?})),");
    }
    table.push(']');

    #[expect(
        clippy::disallowed_methods,
        reason = "cargo names the output folder this way"
    )]
    let out = std::env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .unwrap_or_default();
    fs::write(out.join("assets.rs"), table)?;
    println!("cargo::rustc-env=EINMAL_ASSETS_HASH={hash:016x}");
    Ok(())
}

/// Name and path of each file, sorted, so that the same files give the same hash.
fn files_of(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_file() && !name.starts_with('.') {
            files.push((name, entry.path()));
        }
    }
    files.sort();
    Ok(files)
}
