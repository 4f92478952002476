//! Import rate of the catalogue.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::figure;
use crate::world::{EINMAL, World};

pub(crate) fn measure(world: &World) {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/xzufi");
    import(
        world,
        "real catalogue",
        &shared.join("real_catalogue.xml.gz"),
    );
    import(
        world,
        "sample delivery, 17 editions",
        &shared.join("sample/voll"),
    );
}

fn import(world: &World, name: &str, source: &PathBuf) {
    if !source.exists() {
        println!(
            "import of the {name}: skipped, {} is not there",
            source.display()
        );
        return;
    }
    let start = Instant::now();
    let done = Command::new(EINMAL)
        .args(["catalogue", "import", "--json", "--data"])
        .arg(world.path(""))
        .arg(source)
        .output()
        .unwrap();
    let seconds = start.elapsed().as_secs_f64();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let summary: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    let records: f64 = [
        "service",
        "organisation",
        "online_service",
        "responsibility",
    ]
    .iter()
    .filter_map(|kind| summary["written"][kind].as_f64())
    .sum();
    figure(
        &format!("import of the {name} ({records} records)"),
        records / seconds,
        "records/s",
    );
}
