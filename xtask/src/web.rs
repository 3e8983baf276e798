//! Builds the app: rustc, then wasm-bindgen, then Vite, then compression.

use std::{env, fs, path::Path};

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::{
    cargo, compress, finish,
    npm::Tool,
    setup::Toolchain,
    split,
    workspace::{dist_dir, pkg_dir, root, run},
};

/// What the build is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// What people download: small, and compressed for the relay to serve.
    Release,
    /// The loop while writing the app: built in seconds.
    Dev,
}

impl Profile {
    /// The profile's name in `Cargo.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Release => "web",
            Self::Dev => "web-dev",
        }
    }
}

/// Builds the whole app into `target/web/dist`.
pub fn build(toolchain: Toolchain, profile: Profile) -> Result<()> {
    wasm(toolchain, profile)?;
    run(Tool::Vite.command().arg("build"))?;
    if profile == Profile::Release {
        for module in ["samskriv_bg.wasm", "split_seldom.wasm"] {
            names_no_folder(&pkg_dir().join(module))?;
        }
        compress::folder(&dist_dir())?;
    }
    Ok(())
}

/// Builds the wasm and its JavaScript into `target/web/pkg`. Says whether
/// anything is new.
pub fn wasm(toolchain: Toolchain, profile: Profile) -> Result<bool> {
    let mut command = cargo::wasm(toolchain, "build", cargo::APP, profile);
    let wasm = cargo::build(&mut command, cargo::APP)?;
    let made_by = pkg_dir().join(".profile");
    if is_made_by(&made_by, profile, &wasm)? {
        return Ok(false);
    }
    bind(&wasm, profile)?;
    fs::write(made_by, profile.name())?;
    Ok(true)
}

/// Whether the output was made in this profile, of this wasm, by this very
/// program: an earlier run may have been stopped before it was done.
fn is_made_by(made_by: &Path, profile: Profile, wasm: &Path) -> Result<bool> {
    if !fs::read_to_string(made_by).is_ok_and(|name| name == profile.name()) {
        return Ok(false);
    }
    let when = |file: &Path| fs::metadata(file)?.modified();
    let made = when(made_by)?;
    Ok(made > when(wasm)? && made > when(&env::current_exe()?)?)
}

/// wasm-bindgen as a library: its version is the one in `Cargo.lock` that the
/// app is compiled against, so the two cannot disagree.
fn bind(wasm: &Path, profile: Profile) -> Result<()> {
    let main = split::split(wasm, &pkg_dir(), profile)?;
    Bindgen::new()
        .input_path(&main)
        // The other module has them in common with this one.
        .keep_lld_exports(true)
        .out_name("samskriv")
        .web(true)?
        // For `src/start.ts`, which is checked against it.
        .typescript(true)
        // Vite names the wasm by its hash and passes the address in.
        .omit_default_module_path(true)
        .remove_name_section(profile == Profile::Release)
        .remove_producers_section(true)
        .generate_output()
        .and_then(|mut output| {
            if profile == Profile::Release {
                finish::without_unused_classes(output.wasm_mut());
            }
            output.emit(pkg_dir())
        })
        .context("wasm-bindgen failed")?;
    match profile {
        Profile::Release => compress_well(),
        Profile::Dev => Ok(()),
    }
}

/// Writes the wasm and its JavaScript anew, as they compress better.
fn compress_well() -> Result<()> {
    let (wasm, glue) = (
        pkg_dir().join("samskriv_bg.wasm"),
        pkg_dir().join("samskriv.js"),
    );
    let (smaller, shorter) = finish::finish(&fs::read(&wasm)?, &fs::read_to_string(&glue)?)?;
    fs::write(wasm, smaller)?;
    fs::write(glue, shorter)?;
    Ok(())
}

/// Builds the device of the editor's tests, for Node, into `target/web/device`.
pub fn device(toolchain: Toolchain) -> Result<()> {
    let mut command = cargo::wasm(toolchain, "build", cargo::DEVICE, Profile::Dev);
    let path = cargo::build(&mut command, cargo::DEVICE)?;
    Bindgen::new()
        .input_path(path)
        .out_name("device")
        .nodejs_module(true)?
        .typescript(true)
        .generate(root().join("target/web/device"))
        .context("wasm-bindgen failed")
}

/// What people download must not tell where it was built.
fn names_no_folder(wasm: &Path) -> Result<()> {
    let bytes = fs::read(wasm).with_context(|| wasm.display().to_string())?;
    for (folder, _) in cargo::machine_folders() {
        let needle = folder.as_os_str().as_encoded_bytes();
        let named = bytes.windows(needle.len()).any(|window| window == needle);
        ensure!(
            !named,
            "the wasm names {}, a folder of this machine",
            folder.display()
        );
    }
    Ok(())
}
