//! The relay's own process, and what can be done to it from outside.

use std::{
    net::SocketAddr,
    path::Path,
    process::{Child, Command},
};

use tempfile::TempDir;

use super::serving::serve;

/// A relay in a process of its own. It dies with this value.
pub struct RelayProcess {
    pub address: SocketAddr,
    process: Child,
    data: TempDir,
}

impl RelayProcess {
    pub fn start() -> Self {
        Self::start_by(Command::new(env!("CARGO_BIN_EXE_samskriv")))
    }

    /// A relay for which the disk is full once a file has so many kilobytes.
    ///
    /// The shell sets a limit on the size of files that the process can lift
    /// itself or have lifted, and lets writes beyond it fail instead of ending
    /// the process. It needs no rights, and holds for root too.
    #[cfg(target_os = "linux")]
    pub fn start_with_room(kilobytes: u32) -> Self {
        let mut shell = Command::new("sh");
        let blocks = kilobytes * 2;
        shell.arg("-c").arg(format!(
            "trap '' XFSZ; ulimit -S -f {blocks}; exec \"$0\" \"$@\""
        ));
        shell.arg(env!("CARGO_BIN_EXE_samskriv"));
        Self::start_by(shell)
    }

    fn start_by(command: Command) -> Self {
        let data = TempDir::new().unwrap();
        let (process, address) = spawn(command, data.path(), "127.0.0.1:0");
        Self {
            address,
            process,
            data,
        }
    }

    /// Ends it at once, as `kill -9` does, and starts it again over the same data.
    pub fn kill_and_restart(&mut self) {
        self.kill();
        let command = Command::new(env!("CARGO_BIN_EXE_samskriv"));
        let listen = self.address.to_string();
        (self.process, self.address) = spawn(command, self.data.path(), &listen);
    }

    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Stops it in its tracks: its sockets stay open and nobody answers.
    pub fn pause(&self) {
        self.run(&["kill", "-STOP"]);
    }

    pub fn resume(&self) {
        self.run(&["kill", "-CONT"]);
    }

    /// Makes room on the disk of a relay that was started with little.
    #[cfg(target_os = "linux")]
    pub fn make_room(&self) {
        self.run(&["prlimit", "--fsize=unlimited", "--pid"]);
    }

    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Runs a command on the process's number.
    fn run(&self, command: &[&str]) {
        let line = format!("{} {}", command.join(" "), self.process.id());
        let status = Command::new("sh").args(["-c", &line]).status().unwrap();
        assert!(status.success(), "{line}");
    }
}

impl Drop for RelayProcess {
    fn drop(&mut self) {
        // It may have been killed already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts a relay and waits until it says where it serves.
fn spawn(mut command: Command, data: &Path, listen: &str) -> (Child, SocketAddr) {
    command
        .args(["relay", "--listen", listen, "--data"])
        .arg(data);
    let (process, url) = serve(&mut command);
    let address = url.strip_prefix("http://").unwrap();
    (process, address.parse().unwrap())
}
