//! A relay in a process of its own, from its start until it serves.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

/// Starts it, and waits until it says at which address it serves.
pub fn serve(command: &mut Command) -> (Child, String) {
    let mut process = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(process.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let url = line
        .trim()
        .strip_prefix("Samskriv is at ")
        .expect("the relay serves")
        .to_owned();
    (process, url)
}
