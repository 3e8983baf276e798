//! A compiler for `wasm32-unknown-unknown`.
//!
//! With rustup this is one more target of the toolchain in use. Where rustup is
//! missing or its server is out of reach, Debian has a compiler for the web
//! that builds the standard library from source along with the app.

use std::{
    env, fmt,
    path::{Path, PathBuf},
};

use anyhow::{Result, ensure};

use super::debian;
use crate::workspace::{ask, command};

/// The target of everything that runs in the browser.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// How the app is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// The toolchain in use has the target's standard library.
    Installed,
    /// Debian's `rustc-web` and `cargo-web`, which build it from `rust-web-src`.
    Debian,
}

impl fmt::Display for Toolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Installed => "the toolchain in use, with the target wasm32-unknown-unknown",
            Self::Debian => "Debian's rustc-web, with a standard library built from source",
        })
    }
}

/// Debian's names; their programs are `rustc` and `cargo` in `/usr/bin`.
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];

/// Finds a compiler for wasm, or installs one.
pub fn toolchain() -> Result<Toolchain> {
    if has_target() {
        return Ok(Toolchain::Installed);
    }
    if has_debian() {
        return Ok(Toolchain::Debian);
    }
    println!("adding the target {TARGET} with rustup");
    let added = command("rustup").args(["target", "add", TARGET]).status();
    if added.is_ok_and(|status| status.success()) && has_target() {
        return Ok(Toolchain::Installed);
    }
    println!("rustup could not add {TARGET}; looking to the system's packages");
    debian::install(
        "a Rust compiler for WebAssembly",
        &PACKAGES,
        "install Rust with rustup and run `rustup target add wasm32-unknown-unknown`, \
         or install your system's package of Rust's standard library for wasm32",
    )?;
    ensure!(
        has_debian(),
        "apt installed {PACKAGES:?}, but the compiler is not where it should be"
    );
    Ok(Toolchain::Debian)
}

/// Whether the compiler in use has a standard library for the target.
fn has_target() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    ask(command(rustc).args(["--print", "target-libdir", "--target", TARGET]))
        .map(PathBuf::from)
        .is_some_and(|libraries| libraries.is_dir())
}

/// Whether Debian's compiler, its source and its linker are all there.
fn has_debian() -> bool {
    [
        "/usr/bin/cargo",
        "/usr/bin/rustc",
        "/usr/bin/wasm-ld-19",
        "/usr/lib/rustlib/src/rust/library",
    ]
    .iter()
    .all(|file| Path::new(file).exists())
}
