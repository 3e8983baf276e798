//! What must be on the machine before a task can run, put there when missing.
//!
//! Every check is quick when nothing is missing, so each task simply asks for
//! what it needs.

mod browser;
mod debian;
mod lints;
mod node;
mod postgres;
mod wasm;

use std::path::PathBuf;

use anyhow::Result;

pub use wasm::{TARGET, Toolchain, sysroot};

/// What a build of the app needs: npm's packages and a compiler for wasm.
pub fn web() -> Result<Toolchain> {
    node::packages()?;
    wasm::toolchain()
}

/// The Chromium that the browser tests drive.
pub fn browser() -> Result<PathBuf> {
    browser::chromium()
}

/// The servers that the relay is measured beside: their folder, with packages
/// and scripts.
pub fn peers() -> Result<PathBuf> {
    node::peers()
}

/// Whether there is a PostgreSQL for the relay's tests. Without it the others
/// still mean something, so this alone is no error; it says itself what is missing.
pub fn postgres() -> bool {
    postgres::available()
}

/// Whether rustfmt and clippy can be run. Without them the tests still mean
/// something, so this alone is no error.
pub fn lints() -> bool {
    lints::available()
}

/// All of it: the command `setup`.
pub fn everything() -> Result<()> {
    let toolchain = web()?;
    let chromium = browser()?;
    println!("wasm compiler: {toolchain}");
    println!("browser for the tests: {}", chromium.display());
    if let Some(programs) = test_postgres::programs().filter(|_| postgres()) {
        println!("PostgreSQL for the tests: {}", programs.display());
    }
    Ok(())
}
