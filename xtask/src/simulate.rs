//! `cargo xtask simulate`: histories of devices and relays in which everything
//! goes wrong, on all cores; see `docs/simulation.md`.

use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::cargo;

/// Builds the simulation as it is fastest and hands it the arguments.
pub fn simulate(arguments: &[String]) -> Result<ExitCode> {
    let status = cargo::native("run")
        .args(["--release", "--package", "simulation", "--"])
        .args(arguments)
        .status()
        .context("could not start the simulation")?;
    Ok(ExitCode::from(u8::from(!status.success())))
}
