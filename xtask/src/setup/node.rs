//! Node, and the packages that `package-lock.json` names.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::{
    npm,
    workspace::{ask, command, root, run},
};

/// The oldest Node that Vite runs on.
const OLDEST: (u32, u32) = (20, 19);

/// The packages of the workspace itself.
pub fn packages() -> Result<()> {
    check_version()?;
    install(root(), &[])
}

/// Copies `tests/bench/peers` into the target folder and installs its packages
/// there, none of which gets to run a script or to bring what it can do without.
pub fn peers() -> Result<PathBuf> {
    check_version()?;
    let folder = root().join("target/peers");
    fs::create_dir_all(&folder)?;
    for file in fs::read_dir(root().join("tests/bench/peers"))? {
        let file = file?;
        if file.file_type()?.is_file() {
            fs::copy(file.path(), folder.join(file.file_name()))?;
        }
    }
    install(&folder, &["--ignore-scripts", "--omit=optional"])?;
    Ok(folder)
}

/// Runs `npm ci` unless `node_modules` was made from this very lock file.
fn install(folder: &Path, options: &[&str]) -> Result<()> {
    let lock = fs::read(folder.join("package-lock.json")).context("package-lock.json")?;
    // npm empties the folder before it installs, so a half-finished run leaves no copy.
    let made_from = folder.join("node_modules/.made-from-lock.json");
    if fs::read(&made_from).is_ok_and(|copy| copy == lock) {
        return Ok(());
    }
    println!("installing npm packages");
    run(npm::command()
        .args(["ci", "--no-fund", "--no-audit"])
        .args(options)
        .current_dir(folder))?;
    fs::write(made_from, lock).context("node_modules")
}

fn check_version() -> Result<()> {
    let (major, minor) = OLDEST;
    let Some(version) = ask(command("node").arg("--version")) else {
        bail!("Node is missing: install Node {major}.{minor} or newer, with npm");
    };
    let mut numbers = version
        .trim_start_matches('v')
        .split('.')
        .map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(a)), Some(Ok(b))) if (a, b) >= OLDEST => Ok(()),
        _ => bail!("Node {version} is too old: install Node {major}.{minor} or newer"),
    }
}
