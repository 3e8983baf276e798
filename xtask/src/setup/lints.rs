//! rustfmt and clippy, which a minimal toolchain lacks.

use crate::{
    cargo,
    workspace::{ask, command},
};

/// Whether both are there, after rustup has been asked for them.
pub fn available() -> bool {
    if present() {
        return true;
    }
    println!("adding rustfmt and clippy with rustup");
    let added = command("rustup")
        .args(["component", "add", "rustfmt", "clippy"])
        .status();
    added.is_ok_and(|status| status.success()) && present()
}

fn present() -> bool {
    ["fmt", "clippy"]
        .iter()
        .all(|tool| ask(cargo::native(tool).arg("--version")).is_some())
}
