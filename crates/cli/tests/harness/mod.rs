//! The real binary: relays and devices as processes.

// Each test file is a program of its own and uses its own part of this.
#![allow(dead_code, clippy::unwrap_used)]

mod serving;

use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use serving::serve;

/// `samskriv`, ready for its arguments.
pub fn samskriv() -> Command {
    Command::new(env!("CARGO_BIN_EXE_samskriv"))
}

/// What a command said and how it ended.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().expect("the command ended by itself"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Said {
    /// The command must have ended with this code; its standard output.
    #[track_caller]
    pub fn code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }

    /// The command must have said this to a person.
    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(self.err.contains(words), "«{words}» is not in {self:?}");
        self
    }
}

/// A directory of a person's own, with the commands run in it.
pub struct Desk(TempDir);

impl Desk {
    pub fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = samskriv();
        command.current_dir(self.0.path()).args(args);
        command
    }

    pub fn run(&self, args: &[&str]) -> Said {
        self.command(args).output().unwrap().into()
    }

    /// Runs a command with something on its standard input.
    pub fn run_with_input(&self, args: &[&str], input: &str) -> Said {
        let mut command = self.command(args);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        child.wait_with_output().unwrap().into()
    }

    /// Makes the filled example plan.
    pub fn example(&self, file: &str) {
        let example = ["--template", "bygdevekst", "--example", "vest-telemark"];
        self.run(&[&["plan", "new"], &example[..], &[file]].concat())
            .code(0);
    }

    /// Shares a plan; its edit link and its read link.
    pub fn share(&self, file: &str, relay: &Relay) -> (String, String) {
        let said = self.run(&["share", file, "--relay", &relay.url]).code(0);
        let mut lines = said.out.lines();
        let mut link = |kind| lines.next().unwrap().strip_prefix(kind).unwrap().to_owned();
        (link("edit: "), link("read: "))
    }

    /// Carries out edits, one a line.
    pub fn apply(&self, file: &str, edits: &str) {
        self.run_with_input(&["plan", "apply", file, "-"], edits)
            .code(0);
    }

    /// Everything in a plan.
    pub fn show(&self, file: &str) -> Value {
        let said = self.run(&["plan", "show", "--json", file]).code(0);
        serde_json::from_str(&said.out).unwrap()
    }

    /// Equal heads mean equal plans.
    pub fn heads(&self, file: &str) -> Value {
        self.show(file)["heads"].clone()
    }

    pub fn read(&self, file: &str) -> Vec<u8> {
        fs::read(self.path(file)).unwrap()
    }
}

/// A relay in a process of its own, and what it stores.
pub struct Relay {
    pub url: String,
    process: Child,
    /// The option that names its store, and that name.
    store: [String; 2],
    data: TempDir,
}

impl Relay {
    pub fn start() -> Self {
        let data = TempDir::new().unwrap();
        let path = data.path().to_str().unwrap().to_owned();
        Self::over(["--data".into(), path], data, "127.0.0.1:0")
    }

    /// One of several relays over a database.
    pub fn over_database(database: &str) -> Self {
        let store = ["--database".into(), database.into()];
        Self::over(store, TempDir::new().unwrap(), "127.0.0.1:0")
    }

    fn over(store: [String; 2], data: TempDir, listen: &str) -> Self {
        let (process, url) = spawn(&store, listen);
        Self {
            url,
            process,
            store,
            data,
        }
    }

    /// Starts again at the same address, over a store that was moved.
    pub fn restart_over(&mut self, option: &str, place: &str) {
        self.store = [option.into(), place.into()];
        self.restart();
    }

    /// Ends the process as `kill -9` does: it gets to do nothing more.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Starts again at the same address, over the same data.
    pub fn restart(&mut self) {
        let address = self.url.strip_prefix("http://").unwrap().to_owned();
        let (process, url) = spawn(&self.store, &address);
        assert_eq!(url, self.url);
        self.process = process;
    }

    /// Starts again at another address, over the same data.
    pub fn restart_elsewhere(&mut self) {
        (self.process, self.url) = spawn(&self.store, "127.0.0.1:0");
    }

    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Every byte that is in its files.
    pub fn stored(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for entry in fs::read_dir(self.data.path()).unwrap() {
            fs::File::open(entry.unwrap().path())
                .unwrap()
                .read_to_end(&mut bytes)
                .unwrap();
        }
        bytes
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // It may have been killed already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts a relay and waits until it says where it serves.
fn spawn(store: &[String; 2], listen: &str) -> (Child, String) {
    serve(samskriv().args(["relay", "--listen", listen]).args(store))
}

/// An edit that sets the time frame of a measure.
pub fn set_time_frame(measure: &str, from: i32, to: i32) -> String {
    format!(
        r#"{{"set": {{"id": "{measure}", "field": {{"measure": {{"time_frame": {{"years": [{from}, {to}]}}}}}}}}}}"#
    )
}

/// An edit that adds a measure to a goal.
pub fn add_measure(id: &str, goal: &str) -> String {
    format!(
        r#"{{"add": {{"entity": {{"kind": "measure", "id": "{id}"}}, "fields": [{{"measure": {{"goal": "{goal}"}}}}]}}}}"#
    )
}

/// An edit that writes a measure's title.
pub fn write_title(measure: &str, title: &str) -> String {
    format!(
        r#"{{"write": {{"id": "{measure}", "text": {{"measure": "title"}}, "blocks": [{{"runs": [{{"text": "{title}"}}]}}]}}}}"#
    )
}
