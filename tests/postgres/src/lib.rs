//! A PostgreSQL server that lives as long as a test.
//!
//! It is the one that is installed on this machine, with a cluster of its own in
//! a temporary folder, listening on a free port of 127.0.0.1. It ends, and its
//! folder goes, when the process that started it does, however that ends
//! (`server.sh`). It flushes to disk as it would anywhere: what it acknowledges
//! is what the tests are about.

#![allow(clippy::unwrap_used)]

use std::{
    env, fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

/// Where Debian has the programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The server's one user, who may do everything and has no password.
const USER: &str = "samskriv";

/// The folder of PostgreSQL's programs, where it is installed.
pub fn programs() -> Option<PathBuf> {
    let mut debian: Vec<_> = fs::read_dir(DEBIAN)
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    debian.sort();
    env::split_paths(&env::var_os("PATH")?)
        .chain(debian.into_iter().rev())
        // Some of them may be linked to from a folder of the PATH.
        .filter_map(|folder| {
            Some(
                folder
                    .join("initdb")
                    .canonicalize()
                    .ok()?
                    .parent()?
                    .to_owned(),
            )
        })
        .find(|folder| {
            ["pg_ctl", "createdb", "psql"]
                .iter()
                .all(|name| folder.join(name).is_file())
        })
}

/// A running server.
pub struct Server {
    programs: PathBuf,
    port: u16,
    databases: AtomicU32,
    script: Mutex<Script>,
}

/// The script that keeps the server, and the way to it.
struct Script {
    process: Child,
    commands: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Server {
    /// The server that all tests of one process share; `None`, with a word on
    /// standard error, where PostgreSQL is not installed.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Server>> = OnceLock::new();
        SHARED.get_or_init(Self::start).as_ref()
    }

    /// A server for one test, which may stop it.
    pub fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            eprintln!("PostgreSQL is not installed: not tested");
            return None;
        };
        // Somebody may take the port before the server does.
        for _ in 0..5 {
            let port = free_port();
            if let Some(script) = Script::start(&programs, port) {
                return Some(Self {
                    programs,
                    port,
                    databases: AtomicU32::new(0),
                    script: Mutex::new(script),
                });
            }
        }
        panic!("PostgreSQL is installed and does not start");
    }

    /// Makes an empty database and answers its address.
    pub fn database(&self) -> String {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("test{number}");
        self.run("createdb", &[&name]);
        format!("postgres://{USER}@127.0.0.1:{}/{name}", self.port)
    }

    /// Carries out SQL in a database; the rows it answers, fields apart by `|`.
    pub fn sql(&self, database: &str, sql: &str) -> String {
        let (_, name) = database.rsplit_once('/').unwrap();
        self.run(
            "psql",
            &[
                "-X",
                "-q",
                "-A",
                "-t",
                "-v",
                "ON_ERROR_STOP=1",
                "-d",
                name,
                "-c",
                sql,
            ],
        )
    }

    /// Stops the server as an administrator does; sessions are ended.
    pub fn stop(&self) {
        self.command("stop");
    }

    /// Ends the server as a crash does: nothing more is written.
    pub fn kill(&self) {
        self.command("kill");
    }

    /// Starts it again, over the same data at the same port.
    pub fn start_again(&self) {
        self.command("start");
    }

    fn command(&self, command: &str) {
        let mut script = self.script.lock().unwrap();
        writeln!(script.commands.as_ref().unwrap(), "{command}").unwrap();
        assert!(script.is_done(), "`{command}` failed");
    }

    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let output = Command::new(self.programs.join(program))
            .args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", USER])
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{program}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }
}

impl Script {
    fn start(programs: &Path, port: u16) -> Option<Self> {
        let mut shell = shell();
        // Ctrl-C ends the tests, and the script by that.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut shell, 0);
        let mut process = shell
            .args(["-c", include_str!("server.sh"), "server.sh"])
            .arg(programs)
            .arg(port.to_string())
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut script = Self {
            commands: process.stdin.take(),
            answers: BufReader::new(process.stdout.take().unwrap()),
            process,
        };
        script.is_done().then_some(script)
    }

    fn is_done(&mut self) -> bool {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line.trim() == "done"
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        self.commands = None;
        let _ = self.process.wait();
    }
}

/// A shell, by another user than root: PostgreSQL refuses to run as root.
fn shell() -> Command {
    let id = |arguments: &[&str]| {
        let output = Command::new("id").args(arguments).output().unwrap();
        output.status.success().then_some(output.stdout)
    };
    if id(&["-u"]).unwrap().trim_ascii() != b"0" {
        return Command::new("sh");
    }
    let user = match id(&["-u", "postgres"]) {
        Some(_) => "postgres",
        None => "nobody",
    };
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid", user, "--clear-groups"])
        .arg("--regid")
        .arg(
            String::from_utf8(id(&["-g", user]).unwrap())
                .unwrap()
                .trim(),
        )
        .arg("sh")
        .env("TMPDIR", "/tmp");
    command
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_committed_is_there_after_the_server_was_killed() {
        let Some(server) = Server::start() else {
            return;
        };
        let database = server.database();
        server.sql(&database, "CREATE TABLE t AS SELECT 7 AS n");
        server.kill();
        server.start_again();
        assert_eq!(server.sql(&database, "SELECT n FROM t"), "7");
    }
}
