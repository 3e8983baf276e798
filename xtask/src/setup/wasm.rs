//! A compiler for `wasm32-unknown-unknown`.
//!
//! The app is compiled together with the standard library's source, so that is
//! what a toolchain must have. With rustup it is one more component of the
//! toolchain in use. Where rustup is missing or its server is out of reach,
//! Debian has a compiler for the web with the source beside it.

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
    /// The toolchain in use has the standard library's source.
    Installed,
    /// Debian's `rustc-web` and `cargo-web`, with `rust-web-src`.
    Debian,
}

impl fmt::Display for Toolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Installed => "the toolchain in use, with the standard library's source",
            Self::Debian => "Debian's rustc-web, with the standard library's source",
        })
    }
}

/// Debian's names; their programs are `rustc` and `cargo` in `/usr/bin`.
const PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld-19"];

/// Finds a compiler for wasm, or installs one.
pub fn toolchain() -> Result<Toolchain> {
    if has_source() {
        return Ok(Toolchain::Installed);
    }
    if has_debian() {
        return Ok(Toolchain::Debian);
    }
    println!("adding the standard library's source with rustup");
    let added = command("rustup")
        .args(["component", "add", "rust-src"])
        .status();
    if added.is_ok_and(|status| status.success()) && has_source() {
        return Ok(Toolchain::Installed);
    }
    println!("rustup could not add it; looking to the system's packages");
    debian::install(
        "a Rust compiler for WebAssembly",
        &PACKAGES,
        "install Rust with rustup and run `rustup component add rust-src`, \
         or install your system's package of the standard library's source",
    )?;
    ensure!(
        has_debian(),
        "apt installed {PACKAGES:?}, but the compiler is not where it should be"
    );
    Ok(Toolchain::Debian)
}

/// Whether the compiler in use has the standard library's source.
fn has_source() -> bool {
    sysroot().is_some_and(|sysroot| sysroot.join("lib/rustlib/src/rust/library").is_dir())
}

/// Where the compiler in use has its libraries.
pub fn sysroot() -> Option<PathBuf> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    ask(command(rustc).args(["--print", "sysroot"])).map(PathBuf::from)
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
