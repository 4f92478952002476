//! The pages in a real browser: parents and caseworkers walk the story, every state is examined (`story.mjs`); and
//! the examination itself is examined (`selftest.mjs`).

use std::path::PathBuf;
use std::process::Command;

use crate::harness::DemoWorld;

/// A script of this folder, with everything it needs in its environment.
fn script(name: &str) -> Command {
    let tests = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    let mut node = Command::new("node");
    node.arg(tests.join("browser").join(name))
        .env("EINMAL_CHROMIUM", einmal_testkit::chromium())
        .env("EINMAL_SCREENSHOTS", tests.join("screenshots"));
    if !tests.join("node/node_modules/playwright-core").is_dir() {
        panic!(
            "the browser driver is not installed; run: npm ci --ignore-scripts --prefix tests/node"
        );
    }
    node
}

fn must_pass(command: &mut Command) {
    let output = command.output().expect("Node.js 20 or newer is needed");
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{complained}");
    println!("{said}");
}

#[test]
fn the_checks_of_pages_notice_broken_pages() {
    must_pass(script("selftest.mjs").env_remove("EINMAL_SCREENSHOTS"));
}

#[test]
fn parents_and_caseworkers_walk_the_story_without_scripts() {
    let world = DemoWorld::prepare();
    let server = world.serve();
    must_pass(script("story.mjs").env("EINMAL_BASE", &server.url));
    server.stop();
}
