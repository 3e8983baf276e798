//! The relay as a process, and what the system says it costs.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result};
use tempfile::TempDir;

/// The kernel counts processor time in hundredths of a second, whatever its own
/// tick is (`USER_HZ`, see proc(5)).
const TICKS_PER_SECOND: f64 = 100.0;

/// More than any measurement opens: all of them come from one address here.
const ADDRESS_LIMIT: &str = "10000";

/// A running relay. It ends, and its store goes, when this is dropped.
pub struct Relay {
    program: PathBuf,
    store: Store,
    process: Child,
    address: String,
}

enum Store {
    Sqlite(TempDir),
    /// One in which what is superseded is kept for no time.
    Sparing(TempDir),
    Postgres(String),
}

impl Relay {
    /// A relay over a new SQLite store in `folder`.
    pub fn start(program: &Path, folder: &Path) -> Result<Self> {
        let data = TempDir::new_in(folder).with_context(|| folder.display().to_string())?;
        Self::over(program, Store::Sqlite(data))
    }

    /// One that deletes what two snapshots supersede at once.
    pub fn that_keeps_little(program: &Path, folder: &Path) -> Result<Self> {
        let data = TempDir::new_in(folder).with_context(|| folder.display().to_string())?;
        Self::over(program, Store::Sparing(data))
    }

    /// A relay over an empty database.
    pub fn over_database(program: &Path, database: String) -> Result<Self> {
        Self::over(program, Store::Postgres(database))
    }

    fn over(program: &Path, store: Store) -> Result<Self> {
        let (process, address) = spawn(program, &store)?;
        Ok(Self {
            program: program.to_owned(),
            store,
            process,
            address,
        })
    }

    /// Host and port.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Ends the process as `kill -9` does, and starts it again over the same
    /// store, at another port.
    pub fn kill_and_restart(&mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        (self.process, self.address) = spawn(&self.program, &self.store)?;
        Ok(())
    }

    /// Memory that is in use by the process itself (`VmRSS`), in bytes.
    pub fn memory(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|rest| rest.trim().strip_suffix(" kB"));
        let kilobytes: u64 = kilobytes.context("VmRSS in /proc")?.parse()?;
        Ok(kilobytes * 1024)
    }

    /// Processor time that all threads of the process have used, in seconds.
    pub fn processor_seconds(&self) -> Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // The name, in brackets, may hold spaces; the state is the field after it.
        let (_, fields) = stat.rsplit_once(") ").context("/proc/…/stat")?;
        let fields: Vec<&str> = fields.split(' ').collect();
        let ticks = fields[11].parse::<u64>()? + fields[12].parse::<u64>()?;
        Ok(ticks as f64 / TICKS_PER_SECOND)
    }

    /// Bytes in the files of its SQLite store, the write-ahead log among them.
    pub fn stored_bytes(&self) -> Result<u64> {
        self.bytes_in_files(|_| true)
    }

    /// Of these, the bytes of the write-ahead log, which is written over from its
    /// beginning again and again.
    pub fn write_ahead_bytes(&self) -> Result<u64> {
        self.bytes_in_files(|name| name.ends_with("-wal"))
    }

    fn bytes_in_files(&self, counts: impl Fn(&str) -> bool) -> Result<u64> {
        let (Store::Sqlite(folder) | Store::Sparing(folder)) = &self.store else {
            anyhow::bail!("a database's files are not counted");
        };
        let mut bytes = 0;
        for entry in fs::read_dir(folder.path())? {
            let entry = entry?;
            if counts(&entry.file_name().to_string_lossy()) {
                bytes += entry.metadata()?.len();
            }
        }
        Ok(bytes)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts a relay and waits until it says where it serves.
fn spawn(program: &Path, store: &Store) -> Result<(Child, String)> {
    let mut command = Command::new(program);
    command.args(["relay", "--listen", "127.0.0.1:0"]);
    command.args(["--address-limit", ADDRESS_LIMIT]);
    match store {
        Store::Sqlite(data) => command.arg("--data").arg(data.path()),
        Store::Sparing(data) => command
            .args(["--keep-days", "0", "--data"])
            .arg(data.path()),
        Store::Postgres(database) => command.arg("--database").arg(database),
    };
    let mut process = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| program.display().to_string())?;
    let output = process.stdout.take().context("the relay's output")?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    let address = line.trim().strip_prefix("Samskriv is at http://");
    let address = address.context("the relay did not start")?.to_owned();
    Ok((process, address))
}
