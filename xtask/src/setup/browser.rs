//! Chromium for the browser tests.

use std::{env, path::PathBuf};

use anyhow::{Context, Result, bail};

use super::debian;

const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// The browser named by `CHROME`, else the first one on the PATH, else
/// Debian's package.
pub fn chromium() -> Result<PathBuf> {
    if let Some(named) = env::var_os("CHROME").map(PathBuf::from) {
        if !named.is_file() {
            bail!("CHROME names {}, which is not there", named.display());
        }
        return Ok(named);
    }
    if let Some(found) = debian::on_path(&NAMES) {
        return Ok(found);
    }
    debian::install(
        "Chromium, which the browser tests drive,",
        &["chromium"],
        "install Chromium or Chrome, or name it in the environment variable CHROME",
    )?;
    debian::on_path(&NAMES).context("apt installed Chromium, but it is not on the PATH")
}
