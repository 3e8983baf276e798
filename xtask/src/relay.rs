//! The relay, built and started from the workspace.

use std::{net::SocketAddr, path::PathBuf, process::Command};

use anyhow::Result;

use crate::{
    cargo,
    workspace::{command, root},
};

/// Builds the binary `samskriv`. The development profile, with its optimised
/// dependencies, is shared with the tests and is ready minutes sooner than a
/// release build; for a server of one's own, see [`build_release`].
pub fn build() -> Result<PathBuf> {
    cargo::build(
        cargo::native("build").args(["--package", "cli"]),
        "samskriv",
    )
}

/// The same binary as a server has it: `cargo build --release -p cli`.
pub fn build_release() -> Result<PathBuf> {
    cargo::build(
        cargo::native("build").args(["--release", "--package", "cli"]),
        "samskriv",
    )
}

/// The relay, ready to start, with its data in `target/relay-data`.
pub fn command_for(program: PathBuf, listen: SocketAddr) -> Command {
    let mut relay = command(program);
    relay
        .args(["relay", "--listen", &listen.to_string(), "--data"])
        .arg(root().join("target/relay-data"));
    relay
}
