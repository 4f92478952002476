//! The binary as a child process: started, watched until it is ready, killed.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// The program under test.
pub(crate) const EINMAL: &str = env!("CARGO_BIN_EXE_einmal");

/// How long a start may take; the first one generates keys of 4096 bits.
const START: Duration = Duration::from_secs(180);

/// A running process. Killed when dropped.
pub(crate) struct Server {
    child: Child,
    /// Base URL, without a slash at the end.
    pub(crate) url: String,
}

/// A demonstration world in a folder of its own, and the processes that serve it.
pub(crate) struct DemoWorld {
    folder: tempfile::TempDir,
}

impl DemoWorld {
    /// Prepares the world (keys, destinations, people, catalogue) without serving it.
    pub(crate) fn prepare() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let outcome = Command::new(EINMAL)
            .args([
                "demo",
                "--prepare",
                "--port",
                &free_port().to_string(),
                "--data",
            ])
            .arg(folder.path())
            .output()
            .unwrap();
        assert!(
            outcome.status.success(),
            "{}",
            String::from_utf8_lossy(&outcome.stderr)
        );
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Serves the whole world in one process.
    pub(crate) fn serve(&self) -> Server {
        self.serve_config(&self.path("einmal.toml"))
    }

    /// Serves what a configuration file names.
    pub(crate) fn serve_config(&self, file: &Path) -> Server {
        Server::start(Command::new(EINMAL).arg("serve").arg("--config").arg(file))
    }

    /// The configuration of the whole world, to make others from it.
    pub(crate) fn config(&self) -> String {
        std::fs::read_to_string(self.path("einmal.toml")).unwrap()
    }
}

impl Server {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, ready) = mpsc::channel();
        let stdout = child.stdout.take().unwrap();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if let Some(url) = line.strip_prefix("Einmal is ready: ") {
                    let _ = sender.send(url.trim().to_owned());
                }
            }
        });
        let mut stderr = child.stderr.take().unwrap();
        std::thread::spawn(move || {
            let mut log = Vec::new();
            let _ = stderr.read_to_end(&mut log);
            if std::thread::panicking() || !log.is_empty() {
                eprint!("{}", String::from_utf8_lossy(&log));
            }
        });
        match ready.recv_timeout(START) {
            Ok(url) => Self { child, url },
            Err(error) => {
                let _ = child.kill();
                let status = child.wait();
                panic!("the server did not get ready ({error}): {status:?}");
            }
        }
    }

    /// SIGKILL: no chance to tidy up.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and waits for a clean end.
    pub(crate) fn stop(mut self) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").arg(pid).status().unwrap();
        assert!(sent.success());
        let status = self.child.wait().unwrap();
        assert!(status.success(), "not a clean end: {status}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port on loopback that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}
