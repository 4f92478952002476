//! A demonstration world of its own for the run, and its server.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

pub(crate) const EINMAL: &str = env!("CARGO_BIN_EXE_einmal");

pub(crate) struct World {
    folder: tempfile::TempDir,
}

pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
}

impl World {
    pub(crate) fn prepare() -> Self {
        // Beside the build, so that it is on the disk that counts and not in memory.
        let beside = std::path::Path::new(EINMAL).parent().unwrap();
        let folder = tempfile::tempdir_in(beside).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let done = Command::new(EINMAL)
            .args(["demo", "--prepare", "--port", &port.to_string(), "--data"])
            .arg(folder.path())
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(done.success());
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Serves the delivery service alone: nobody else takes the cores while it is measured.
    pub(crate) fn serve_delivery(&self) -> Server {
        let config = std::fs::read_to_string(self.path("einmal.toml")).unwrap();
        let mut config: toml::Table = config.parse().unwrap();
        for role in ["portal", "authority", "identity_provider"] {
            config.remove(role);
        }
        std::fs::write(self.path("delivery.toml"), config.to_string()).unwrap();
        self.serve_file("delivery.toml")
    }

    pub(crate) fn serve(&self) -> Server {
        self.serve_file("einmal.toml")
    }

    fn serve_file(&self, name: &str) -> Server {
        let mut child = Command::new(EINMAL)
            .args(["serve", "--config"])
            .arg(self.path(name))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let url = stdout
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("Einmal is ready: ").map(str::to_owned))
            .expect("the server gets ready");
        Server { child, url }
    }
}

impl Server {
    pub(crate) fn resident_mib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .unwrap_or_default();
        let kib = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.split_whitespace().next())
            .and_then(|number| number.parse::<u64>().ok());
        kib.unwrap_or_default() / 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
