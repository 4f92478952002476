//! The binary as a child process: started, watched until it is ready, killed.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{OnceLock, mpsc};
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
    /// Prepares the world (keys, destinations, people, catalogue) without serving it. The first one
    /// is made by the program, the others are copies of it on ports of their own: generating the
    /// keys takes seconds.
    pub(crate) fn prepare() -> Self {
        static FIRST: OnceLock<(PathBuf, u16)> = OnceLock::new();
        let (first, port) = FIRST.get_or_init(|| {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo-world");
            let _ = std::fs::remove_dir_all(&folder);
            let port = free_port();
            prepare(&folder, &["--port", &port.to_string()]);
            (folder, port)
        });
        let folder = tempfile::tempdir().unwrap();
        copy(first, folder.path());
        let world = Self { folder };
        let moved = world.config().replace(
            &format!("127.0.0.1:{port}"),
            &format!("127.0.0.1:{}", free_port()),
        );
        std::fs::write(world.path("einmal.toml"), moved).unwrap();
        world
    }

    /// The same world with every role on a PostgreSQL database of its own.
    pub(crate) fn prepare_on_postgres() -> Self {
        let world = Self::prepare();
        let mut config: toml::Table = world.config().parse().unwrap();
        for role in ["portal", "delivery", "authority", "identity_provider"] {
            config[role]["database"] = einmal_testkit::fresh_database().into();
        }
        std::fs::write(world.path("einmal.toml"), config.to_string()).unwrap();
        prepare(world.folder.path(), &[]);
        world
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

/// Runs `einmal demo --prepare`.
fn prepare(folder: &Path, arguments: &[&str]) {
    let outcome = Command::new(EINMAL)
        .args(["demo", "--prepare", "--data"])
        .arg(folder)
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        outcome.status.success(),
        "{}",
        String::from_utf8_lossy(&outcome.stderr)
    );
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
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
