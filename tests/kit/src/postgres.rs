//! A private PostgreSQL server that lives as long as the process that started it.
//!
//! `initdb` runs once per machine and version into a folder under cargo's target folder; each server starts from a
//! copy of it. The server runs under a small shell that waits for the end of its standard input, so it also ends when
//! the test process is killed. PostgreSQL refuses to run as root: then it runs as `postgres` or `nobody`.

use std::fs;
use std::io::{self, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::programs::{environment, find_in_path, random_word, run, target_folder};

/// The command that installs PostgreSQL on Debian.
pub const INSTALL: &str = "apt-get update && apt-get install -y --no-install-recommends postgresql";

/// Environment variable with the URL of a running server to use instead of starting one.
pub const URL_VARIABLE: &str = "EINMAL_TEST_POSTGRES";

/// Environment variable; `off` starts servers without fsync, for machines with slow disks.
pub const FSYNC_VARIABLE: &str = "EINMAL_TEST_POSTGRES_FSYNC";

/// Ends the server when standard input ends, whatever the reason, and removes its folder.
const WATCHDOG: &str = r#"
"$1" -D "$2/data" </dev/null >"$2/log" 2>&1 &
server=$!
trap '' INT TERM HUP
while read -r line; do :; done
kill -QUIT "$server" 2>/dev/null
wait "$server"
rm -rf "$2"
"#;

/// How a server is started.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Whether a commit waits for the disk, as in production.
    pub fsync: bool,
}

impl Options {
    /// fsync on unless [`FSYNC_VARIABLE`] says `off`.
    #[must_use]
    pub fn from_environment() -> Self {
        Self {
            fsync: environment(FSYNC_VARIABLE).is_none_or(|value| value != "off"),
        }
    }
}

/// A running PostgreSQL server, started by us or by whoever runs the tests.
#[derive(Debug)]
pub struct Server {
    /// URL of the maintenance database.
    url: String,
    psql: PathBuf,
    databases: AtomicU64,
    /// The watchdog; its standard input keeps the server alive.
    watchdog: Option<(Child, ChildStdin)>,
}

/// The server of this test process, started at first use.
///
/// # Panics
/// When PostgreSQL is not installed (with the command that installs it) or does not start (with its log).
pub fn postgres() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| {
        let server = match environment(URL_VARIABLE) {
            Some(url) => Server::running(&url.to_string_lossy()),
            None => Server::start(Options::from_environment()),
        };
        server.unwrap_or_else(|reason| panic!("{reason}"))
    })
}

/// URL of a new, empty database on this process's server.
///
/// # Panics
/// See [`postgres`] and [`Server::fresh_database`].
#[must_use]
pub fn fresh_database() -> String {
    postgres().fresh_database()
}

impl Server {
    /// Uses a server that somebody else runs; `url` names its maintenance database.
    ///
    /// # Errors
    /// When the client programs are missing.
    pub fn running(url: &str) -> Result<Self, String> {
        Ok(Self {
            url: url.to_owned(),
            psql: binaries()?.join("psql"),
            databases: AtomicU64::new(0),
            watchdog: None,
        })
    }

    /// Starts a private server on a free loopback port.
    ///
    /// # Errors
    /// When PostgreSQL is missing (with the command that installs it) or does not start (with its log).
    pub fn start(options: Options) -> Result<Self, String> {
        let binaries = binaries()?;
        let account = Account::for_server()?;
        let template = template(&binaries, &account)?;
        // Somebody else may take the port between our look and the server's start: then try another one.
        let mut attempts = 0;
        loop {
            match Self::start_once(&binaries, &account, &template, options) {
                Err(reason) if attempts < 3 && reason.contains("in use") => attempts += 1,
                result => return result,
            }
        }
    }

    fn start_once(
        binaries: &Path,
        account: &Account,
        template: &Path,
        options: Options,
    ) -> Result<Self, String> {
        let folder = private_folder(account).map_err(|error| format!("no folder: {error}"))?;
        let data = folder.join("data");
        run(Command::new("cp").arg("-a").arg(template).arg(&data))?;
        let port = free_port().map_err(|error| format!("no free port: {error}"))?;
        settings(&data, &folder, port, options)
            .map_err(|error| format!("settings of PostgreSQL: {error}"))?;

        let mut command = Command::new("sh");
        command
            .args(["-c", WATCHDOG, "postgres-for-tests"])
            .arg(binaries.join("postgres"));
        command
            .arg(&folder)
            .current_dir(&folder)
            .stdin(Stdio::piped());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        // Its own process group: Ctrl-C reaches the tests first, and their end ends the server.
        command.process_group(0);
        account.apply(&mut command);
        let mut child = command.spawn().map_err(|error| format!("sh: {error}"))?;
        let stdin = child
            .stdin
            .take()
            .ok_or("the watchdog has no standard input")?;

        let server = Self {
            url: format!("postgres://einmal@127.0.0.1:{port}/postgres"),
            psql: binaries.join("psql"),
            databases: AtomicU64::new(0),
            watchdog: Some((child, stdin)),
        };
        server.wait_until_ready(binaries, port, &folder.join("log"))?;
        Ok(server)
    }

    fn wait_until_ready(&self, binaries: &Path, port: u16, log: &Path) -> Result<(), String> {
        for _ in 0..1500 {
            let ready = run(Command::new(binaries.join("pg_isready"))
                .args([
                    "-q",
                    "-h",
                    "127.0.0.1",
                    "-d",
                    "postgres",
                    "-U",
                    "einmal",
                    "-p",
                ])
                .arg(port.to_string()));
            if ready.is_ok() {
                return Ok(());
            }
            let said = fs::read_to_string(log).unwrap_or_default();
            if said.contains("FATAL") && !said.contains("starting up") {
                return Err(format!("PostgreSQL does not start: {said}"));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let said = fs::read_to_string(log).unwrap_or_default();
        Err(format!("PostgreSQL is not ready after 30 s: {said}"))
    }

    /// URL of the maintenance database, to hand to other processes in [`URL_VARIABLE`].
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// URL of a new, empty database; it stays until the server ends.
    ///
    /// # Panics
    /// When the server refuses: with what it said.
    #[must_use]
    pub fn fresh_database(&self) -> String {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{number}", random_word());
        let made = run(Command::new(&self.psql)
            .args([
                "--no-psqlrc",
                "--quiet",
                "--set",
                "ON_ERROR_STOP=1",
                "--dbname",
            ])
            .arg(&self.url)
            .arg("--command")
            .arg(format!("create database {name}")));
        if let Err(reason) = made {
            panic!("no fresh database: {reason}");
        }
        with_database(&self.url, &name)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some((mut child, mut stdin)) = self.watchdog.take() {
            let _ = stdin.flush();
            drop(stdin);
            let _ = child.wait();
        }
    }
}

/// `url` with another database name; query parameters stay.
fn with_database(url: &str, name: &str) -> String {
    let (address, query) = match url.split_once('?') {
        Some((address, query)) => (address, format!("?{query}")),
        None => (url, String::new()),
    };
    let after_scheme = address.find("://").map_or(0, |at| at + 3);
    let end = address
        .get(after_scheme..)
        .and_then(|rest| rest.find('/'))
        .map_or(address.len(), |at| after_scheme + at);
    format!("{}/{name}{query}", address.get(..end).unwrap_or(address))
}

/// The folder with `postgres`, `initdb` and `psql`: the newest installed version.
fn binaries() -> Result<PathBuf, String> {
    let complete = |folder: &Path| {
        ["postgres", "initdb", "psql", "pg_isready"]
            .iter()
            .all(|name| folder.join(name).is_file())
    };
    if let Some(folder) = find_in_path("postgres").and_then(|file| Some(file.parent()?.to_owned()))
        && complete(&folder)
    {
        return Ok(folder);
    }
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, folder)| complete(folder))
        .collect();
    versions.sort();
    let newest = versions.pop().map(|(_, folder)| folder);
    newest.ok_or_else(|| format!("PostgreSQL is not installed; run as root: {INSTALL}"))
}

/// The account a server runs under: ours, or an unprivileged one when we are root.
struct Account {
    /// Set only when we are root and have to change.
    change_to: Option<(u32, u32)>,
}

impl Account {
    fn for_server() -> Result<Self, String> {
        if id("-u", None)? != 0 {
            return Ok(Self { change_to: None });
        }
        let unprivileged = ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| Some((id("-u", Some(name)).ok()?, id("-g", Some(name)).ok()?)));
        let missing =
            "PostgreSQL refuses to run as root and there is no account postgres or nobody";
        unprivileged
            .map(|account| Self {
                change_to: Some(account),
            })
            .ok_or_else(|| missing.into())
    }

    fn apply(&self, command: &mut Command) {
        if let Some((user, group)) = self.change_to {
            command.uid(user).gid(group);
        }
    }

    fn give(&self, path: &Path) -> io::Result<()> {
        match self.change_to {
            Some((user, group)) => chown(path, Some(user), Some(group)),
            None => Ok(()),
        }
    }
}

/// Asks `id` for a number, of us or of a named account.
fn id(flag: &str, name: Option<&str>) -> Result<u32, String> {
    let printed = run(Command::new("id").arg(flag).args(name))?;
    printed
        .parse()
        .map_err(|_| format!("id printed {printed:?}"))
}

/// A new folder that the server's account owns; short, because a socket's path may have 107 bytes.
fn private_folder(account: &Account) -> io::Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("einmal-pg-{}", random_word()));
    fs::create_dir(&folder)?;
    account.give(&folder)?;
    Ok(folder)
}

/// The folder `initdb` made, once per target folder, version and account.
fn template(binaries: &Path, account: &Account) -> Result<PathBuf, String> {
    let version = run(Command::new(binaries.join("initdb")).arg("--version"))?;
    let word: String = version
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let owner = account
        .change_to
        .map_or(String::new(), |(user, _)| format!("-{user}"));
    let parent = target_folder().join("einmal-testkit");
    let template = parent.join(format!("{word}{owner}"));
    if template.is_dir() {
        return Ok(template);
    }
    let folder = private_folder(account).map_err(|error| format!("no folder: {error}"))?;
    let data = folder.join("data");
    let mut initdb = Command::new(binaries.join("initdb"));
    // Sorting by bytes, as SQLite does: both databases must answer in the same order.
    initdb.args([
        "--username=einmal",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
    ]);
    initdb
        .args(["--no-sync", "--pgdata"])
        .arg(&data)
        .current_dir(&folder);
    account.apply(&mut initdb);
    run(&mut initdb)?;
    // Another process may do the same now: complete copy first, then one rename; the loser's copy goes.
    let copy = parent.join(random_word());
    fs::create_dir_all(&parent).map_err(|error| format!("{}: {error}", parent.display()))?;
    run(Command::new("cp").arg("-a").arg(&data).arg(&copy))?;
    if fs::rename(&copy, &template).is_err() {
        let _ = fs::remove_dir_all(&copy);
    }
    let _ = fs::remove_dir_all(&folder);
    if template.is_dir() {
        Ok(template)
    } else {
        Err("initdb left no template".to_owned())
    }
}

fn settings(data: &Path, socket: &Path, port: u16, options: Options) -> io::Result<()> {
    let mut file = fs::OpenOptions::new()
        .append(true)
        .open(data.join("postgresql.conf"))?;
    let durable = if options.fsync { "on" } else { "off" };
    write!(
        file,
        "\nlisten_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = '{}'\n\
         fsync = {durable}\nsynchronous_commit = {durable}\nfull_page_writes = {durable}\n\
         max_connections = 200\nshared_buffers = '64MB'\nautovacuum = off\n\
         log_min_messages = 'log'\n",
        socket.display()
    )
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(url: &str, sql: &str) -> Result<String, String> {
        let psql = binaries().unwrap().join("psql");
        run(Command::new(psql).args(["--no-psqlrc", "-At", "-d", url, "-c", sql]))
    }

    #[test]
    fn replaces_only_the_database_of_a_url() {
        assert_eq!(
            with_database("postgres://u@h:1/a", "b"),
            "postgres://u@h:1/b"
        );
        assert_eq!(with_database("postgres://u@h:1", "b"), "postgres://u@h:1/b");
        assert_eq!(
            with_database("postgres://u@h/a?x=/1", "b"),
            "postgres://u@h/b?x=/1"
        );
    }

    #[test]
    fn every_test_gets_an_empty_database_of_its_own() {
        let (one, two) = (fresh_database(), fresh_database());
        ask(&one, "create table seen (n bigint)").unwrap();
        assert!(ask(&one, "select n from seen").is_ok());
        assert!(
            ask(&two, "select n from seen").is_err(),
            "databases must not share tables"
        );
    }

    #[test]
    fn a_server_and_its_folder_go_with_their_owner() {
        let server = Server::start(Options { fsync: false }).unwrap();
        let url = server.url().to_owned();
        assert_eq!(ask(&url, "show fsync").unwrap(), "off");
        let folder = PathBuf::from(ask(&url, "show unix_socket_directories").unwrap());
        assert!(folder.is_dir());
        drop(server);
        assert!(ask(&url, "select 1").is_err());
        assert!(!folder.exists(), "{} is left over", folder.display());
    }
}
