//! The command line: imports with their summary, the tamper-evident log.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::harness::{DemoWorld, EINMAL};

fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared")
        .join(path);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not there", path.display());
    None
}

fn import(data: &Path, kind: &str, paths: &[PathBuf]) -> Output {
    let mut command = Command::new(EINMAL);
    command
        .args([kind, "import", "--json", "--data"])
        .arg(data)
        .args(paths);
    command.output().unwrap()
}

fn summary(output: &Output) -> Value {
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said.trim().lines().count(), 1, "one line of JSON: {said}");
    serde_json::from_str(&said).unwrap()
}

#[test]
fn imports_the_real_catalogue_with_progress_and_a_summary() {
    let Some(file) = shared("data/xzufi/real_catalogue.xml.gz") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let output = import(folder.path(), "catalogue", &[file]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let summary = summary(&output);
    assert_eq!(summary["written"]["service"], 5_701);
    assert_eq!(summary["written"]["online_service"], 223);
    assert_eq!(summary["written"]["responsibility"], 374);
    assert_eq!(summary["rejected_files"], serde_json::json!([]));
    assert!(!output.stderr.is_empty(), "no progress on standard error");
}

#[test]
fn imports_the_delivery_of_all_editions() {
    let Some(folder) = shared("data/xzufi/sample/voll") else {
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let summary = summary(&import(data.path(), "catalogue", &[folder]));
    assert_eq!(summary["written"]["service"], 43);
    assert_eq!(summary["written"]["organisation"], 3_968);
    assert_eq!(summary["written"]["online_service"], 17);
    assert_eq!(summary["written"]["responsibility"], 5_040 + 626 + 3);
    assert_eq!(summary["ignored_deletes"], 351 + 179);
}

#[test]
fn rejects_a_broken_file_and_says_which() {
    let data = tempfile::tempdir().unwrap();
    let broken = data.path().join("broken.xml");
    std::fs::write(
        &broken,
        "<x xmlns=\"http://xoev.de/schemata/xzufi/2_2_0\"><schreibe>",
    )
    .unwrap();
    let output = import(data.path(), "catalogue", &[broken]);
    assert!(!output.status.success());
    let summary = summary(&output);
    assert_eq!(summary["written"]["service"], 0);
    let file = summary["rejected_files"][0]["file"].as_str().unwrap();
    assert!(file.ends_with("broken.xml"), "{file}");
}

#[test]
fn imports_the_directory_of_municipalities_and_postcodes() {
    let (Some(places), Some(postcodes)) = (
        shared("data/regions/GV100AD_30112025.txt.gz"),
        shared("data/regions/plz_gemeinde.csv"),
    ) else {
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let output = import(data.path(), "regions", &[places, postcodes]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("10953") || text.contains("10951"), "{text}");
}

#[test]
fn the_log_check_finds_a_changed_entry() {
    let world = DemoWorld::prepare();
    let server = world.serve();
    server.stop();
    let verify = || {
        Command::new(EINMAL)
            .args(["audit", "verify", "--config"])
            .arg(world.path("einmal.toml"))
            .output()
            .unwrap()
    };
    assert!(verify().status.success());
    let add = "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); \
               c.execute(\"insert into audit_entry (stream, seq, at, kind, payload, previous, hash) \
               values ('forged', 1, 0, 'x', '{}', X'00', X'00')\"); c.commit()";
    let done = Command::new("python3")
        .args(["-c", add])
        .arg(world.path("portal.db"))
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let output = verify();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stdout).contains("forged #1"));
}

#[test]
fn answers_benefits_line_by_line_and_goes_on_after_a_wrong_one() {
    let Some(file) = shared("vectors/kindergeld.jsonl") else {
        return;
    };
    let cases = std::fs::read_to_string(file).unwrap();
    let mut child = Command::new(EINMAL)
        .args(["benefit", "kindergeld"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = format!("not JSON\n{cases}");
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    let answers = String::from_utf8(output.stdout).unwrap();
    let mut answers = answers
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    assert!(answers.next().unwrap()["error"].is_object());
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let answer = answers.next().unwrap();
        assert_eq!(answer["id"], case["id"]);
        let expected = case["expected"].as_object().unwrap();
        for (name, value) in expected {
            assert_eq!(answer["result"][name], *value, "{name} of {}", case["id"]);
        }
    }
    assert!(answers.next().is_none());
}
