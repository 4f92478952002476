//! Lists the folders below `content/life-events`, so that a new life event is embedded without a
//! change of Rust code.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[expect(
    clippy::disallowed_methods,
    reason = "Cargo tells build scripts where to write through the environment"
)]
fn main() -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../content/life-events");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut code = String::from("const EMBEDDED: &[(&str, &[(&str, &str)])] = &[\n");
    for folder in sorted(&root)? {
        if !folder.join("event.toml").is_file() {
            continue;
        }
        println!("cargo::rerun-if-changed={}", folder.display());
        let _ = writeln!(code, "    ({:?}, &[", name(&folder));
        for file in sorted(&folder)? {
            let shown = file.canonicalize()?;
            let _ = writeln!(
                code,
                "        ({:?}, include_str!({:?})),",
                name(&file),
                shown.display().to_string()
            );
        }
        code.push_str("    ]),\n");
    }
    code.push_str("];\n");
    let target = std::env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .unwrap_or_default();
    std::fs::write(target.join("embedded.rs"), code)
}

fn sorted(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        entries.push(entry?.path());
    }
    entries.sort();
    Ok(entries)
}

fn name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
