//! Debian's packages, installed where this user may.

use std::{env, path::Path};

use anyhow::{Result, bail};

use crate::workspace::{ask, command, run};

/// Whether this is Debian or one of its kin.
fn is_debian() -> bool {
    Path::new("/etc/debian_version").exists()
}

fn is_root() -> bool {
    ask(command("id").arg("-u")).as_deref() == Some("0")
}

/// Installs `packages` with apt when this is Debian and the user is root;
/// otherwise an error that says what to do by hand.
pub fn install(purpose: &str, packages: &[&str], elsewhere: &str) -> Result<()> {
    let list = packages.join(" ");
    if !is_debian() {
        bail!("{purpose} is missing: {elsewhere}");
    }
    if !is_root() {
        bail!("{purpose} is missing: run `sudo apt-get install {list}`, or {elsewhere}");
    }
    println!("installing {list} with apt");
    let quiet = ["-qq", "-o", "Dpkg::Use-Pty=0"];
    run(command("apt-get").arg("update").args(quiet))?;
    run(command("apt-get")
        .args(["install", "--yes", "--no-install-recommends"])
        .args(quiet)
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive"))
}

/// The first of `names` that lies on the PATH.
pub fn on_path(names: &[&str]) -> Option<std::path::PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<_> = env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|candidate| candidate.is_file())
}
