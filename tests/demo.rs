//! `einmal demo`: prints its address and people, stops cleanly, keeps or resets its data as asked.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::harness::{DemoWorld, EINMAL, Parent, Visitor, free_port};

/// Killed when a test fails half-way.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the demonstration and reads what it says until it is all said.
fn start(folder: &Path, arguments: &[&str]) -> (Running, String, Vec<String>) {
    let child = Command::new(EINMAL)
        .args(["demo", "--data"])
        .arg(folder)
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut child = Running(child);
    let mut lines = Vec::new();
    let mut out = BufReader::new(child.0.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    for line in out.by_ref() {
        let last = line.starts_with("Ctrl-C");
        lines.push(line);
        if last {
            break;
        }
    }
    // Keeps the pipe open, so that the last words find a reader.
    std::thread::spawn(move || out.for_each(drop));
    let url = lines
        .iter()
        .find_map(|line| line.strip_prefix("Einmal is ready: "))
        .unwrap_or_else(|| panic!("it did not get ready: {lines:?}"));
    (child, url.to_owned(), lines)
}

fn interrupt(mut child: Running) {
    let sent = Command::new("kill")
        .args(["-INT", &child.0.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
    let status = child.0.wait().unwrap();
    assert!(status.success(), "Ctrl-C is no clean end: {status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn says_where_it_is_and_keeps_or_resets_its_data() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port().to_string();

    let (child, url, said) = start(folder.path(), &["--port", &port]);
    assert_eq!(url, format!("http://127.0.0.1:{port}"));
    let said = said.join("\n");
    for word in [
        "Simulation",
        "Mara Feldkamp",
        "/amt",
        "/lebenslagen/geburt",
        "--reset",
    ] {
        assert!(said.contains(word), "{word} is missing in:\n{said}");
    }
    let mut parent = Parent::new(Visitor::new(&url));
    parent.sign_in("mara-feldkamp").await;
    let id = parent.fill_in().await;
    interrupt(child);

    // Kept: the draft is there, also after a new login.
    let (child, url, _) = start(folder.path(), &[]);
    let mut parent = Parent::new(Visitor::new(&url));
    parent.sign_in("mara-feldkamp").await;
    assert_eq!(
        parent
            .visitor
            .get(&format!("/antrag/{id}/pruefen"))
            .await
            .status,
        200
    );
    interrupt(child);

    // Reset: nothing is left.
    let (child, url, _) = start(folder.path(), &["--reset", "--port", &port]);
    let mut parent = Parent::new(Visitor::new(&url));
    parent.sign_in("mara-feldkamp").await;
    assert_eq!(
        parent
            .visitor
            .get(&format!("/antrag/{id}/pruefen"))
            .await
            .status,
        404
    );
    interrupt(child);
}

#[test]
fn never_resets_a_folder_that_is_not_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let precious = folder.path().join("precious.txt");
    std::fs::write(&precious, "mine").unwrap();
    let refused = Command::new(EINMAL)
        .args(["demo", "--prepare", "--reset", "--data"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(!refused.status.success());
    assert!(precious.exists());
}

#[test]
fn nothing_simulated_starts_without_the_setting() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port().to_string();
    let prepared = Command::new(EINMAL)
        .args(["demo", "--prepare", "--port", &port, "--data"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(prepared.status.success());
    let file = folder.path().join("einmal.toml");
    let config = std::fs::read_to_string(&file).unwrap();
    std::fs::write(
        &file,
        config.replace("simulation = true", "simulation = false"),
    )
    .unwrap();
    let refused = Command::new(EINMAL)
        .args(["serve", "--config"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("simulation = true"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_field_key_seals_and_the_old_one_still_opens() {
    let world = DemoWorld::prepare();
    let server = world.serve();
    let mut parent = Parent::new(Visitor::new(&server.url));
    parent.sign_in("mara-feldkamp").await;
    let id = parent.fill_in().await;
    server.stop();

    let config = world.config();
    let (old, new) = (world.path("keys/field.key"), world.path("keys/field-2.key"));
    std::fs::copy(world.path("keys/audit.key"), &new).unwrap();
    let rotated = config.replace(
        "field_keys = [\"keys/field.key\"]",
        "field_keys = [\"keys/field-2.key\", \"keys/field.key\"]",
    );
    assert_ne!(rotated, config);
    std::fs::write(world.path("einmal.toml"), rotated).unwrap();
    let server = world.serve();
    let mut parent = Parent::new(Visitor::new(&server.url));
    parent.sign_in("mara-feldkamp").await;
    let check = parent.visitor.get(&format!("/antrag/{id}/pruefen")).await;
    assert!(check.text().contains("Zoë Ayşe"), "{}", check.text());
    server.stop();
    assert!(old.exists());
}
