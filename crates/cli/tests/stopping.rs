//! A relay that is asked to stop.

#![allow(clippy::unwrap_used)]

mod harness;

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use harness::samskriv;
use tempfile::TempDir;

#[cfg(unix)]
#[test]
fn a_relay_that_is_told_to_end_drains_and_says_so() {
    let data = TempDir::new().unwrap();
    let mut relay = samskriv()
        .args(["relay", "--listen", "127.0.0.1:0", "--data"])
        .arg(data.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(relay.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert!(line.starts_with("Samskriv is at"), "{line}");
    let told = Command::new("kill")
        .args(["-TERM", &relay.id().to_string()])
        .status();
    assert!(told.unwrap().success());
    let output = relay.wait_with_output().unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{log}");
    assert!(log.contains("every connection has ended"), "{log}");
}
