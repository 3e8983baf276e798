//! `cargo xtask run`: the app and its relay on this machine.

use std::net::SocketAddr;

use anyhow::Result;

use crate::{
    relay, setup,
    web::{self, Profile},
    workspace::dist_dir,
};

/// Builds the app and becomes the relay that serves it, which itself says
/// which address to open once it listens.
pub fn run(listen: SocketAddr) -> Result<()> {
    let toolchain = setup::web()?;
    web::build(toolchain, Profile::Release)?;
    let mut relay = relay::command_for(relay::build()?, listen);
    relay.arg("--app").arg(dist_dir());
    become_program(&mut relay)
}

/// Replaces this process, so that a signal to the task reaches the relay.
#[cfg(unix)]
fn become_program(command: &mut std::process::Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(command.exec().into())
}

#[cfg(not(unix))]
fn become_program(command: &mut std::process::Command) -> Result<()> {
    crate::workspace::run(command)
}
