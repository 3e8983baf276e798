//! How cargo is called: for this machine, and for the browser.

use std::{
    env,
    ffi::OsString,
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{
    setup::{self, TARGET, Toolchain},
    web::Profile,
    workspace::{command, describe, root},
};

/// The package of the browser app: the workspace's root.
pub const APP: &str = "samskriv-app";

/// The package of the device that tests of the editor run in Node.
pub const DEVICE: &str = "device";

/// `cargo <subcommand>` for this machine, by the cargo that runs this task.
pub fn native(subcommand: &str) -> Command {
    let mut cargo = command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.arg(subcommand);
    cargo
}

/// `cargo <subcommand>` of a package for the browser.
///
/// The standard library is built from source along with the app: it takes part
/// in the link-time optimisation, and can be built without panic messages. Both
/// together are an eleventh of the download. Cargo has this behind
/// `RUSTC_BOOTSTRAP` only; the language itself stays the stable one.
pub fn wasm(toolchain: Toolchain, subcommand: &str, package: &str, profile: Profile) -> Command {
    let mut cargo = match toolchain {
        Toolchain::Installed => native(subcommand),
        Toolchain::Debian => debian(subcommand),
    };
    cargo
        .arg("-Zbuild-std=std,panic_abort")
        .args(["--package", package, "--target", TARGET])
        .args(["--profile", profile.name()])
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_ENCODED_RUSTFLAGS", rustflags(profile));
    if profile == Profile::Release {
        cargo.arg("-Zbuild-std-features=optimize_for_size");
    }
    cargo
}

/// Debian's cargo with its own compiler, whatever rustup says is in use.
fn debian(subcommand: &str) -> Command {
    let mut cargo = command("/usr/bin/cargo");
    cargo
        .arg(subcommand)
        .env("RUSTC", "/usr/bin/rustc")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-19")
        .env_remove("RUSTUP_TOOLCHAIN");
    cargo
}

/// What people download stops at a panic without a word; the page tells them
/// what is safe (`src/stopped.ts`). The words are there in the other profile.
/// `Debug` writes nothing there either: it is for whoever mends a fault, never
/// for what the app does.
const WITHOUT_MESSAGES: [&str; 4] = [
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zlocation-detail=none",
    "-Zfmt-debug=none",
];

/// No code that is longer so as to be faster where it makes the document no
/// faster: counting through arrays by several variables, preparing on one branch
/// what is needed after it, and hashing without loops.
const WITHOUT_LONGER_CODE: [&str; 5] = [
    "-Cllvm-args=-disable-lsr",
    "-Cllvm-args=-enable-pre=false",
    "-Cllvm-args=-enable-load-pre=false",
    "--cfg",
    "sha2_backend_soft=\"compact\"",
];

/// What tells later what refers to what, piece by piece: by it a module is split
/// (`split.rs`).
const SPLITTABLE: [&str; 2] = [
    "-Clink-arg=--emit-relocs",
    "-Clink-arg=--no-merge-data-segments",
];

/// The caller's own flags, and those that keep this machine's folders out of
/// panic messages: the same source gives the same wasm wherever it is built.
fn rustflags(profile: Profile) -> OsString {
    let own = env::var("RUSTFLAGS").unwrap_or_default();
    let mut flags: Vec<OsString> = own.split_whitespace().map(OsString::from).collect();
    flags.extend(["--cfg".into(), "erase_components".into()]);
    flags.extend(SPLITTABLE.map(OsString::from));
    if profile == Profile::Release {
        flags.extend(WITHOUT_MESSAGES.map(OsString::from));
        flags.extend(WITHOUT_LONGER_CODE.map(OsString::from));
    }
    for (folder, name) in machine_folders() {
        let mut flag = OsString::from("--remap-path-prefix=");
        flag.push(folder);
        flag.push("=");
        flag.push(name);
        flags.push(flag);
    }
    flags.join("\x1f".as_ref())
}

/// Where the app's sources, its crates and the standard library lie on this
/// machine, each with the name it has in the wasm.
pub fn machine_folders() -> Vec<(PathBuf, &'static str)> {
    let crates = registries().into_iter().map(|folder| (folder, "crates"));
    let sysroot = setup::sysroot().map(|folder| (folder, "rust"));
    crates
        .chain(sysroot)
        .chain([(root().to_owned(), "samskriv")])
        .collect()
}

/// The folders in which cargo unpacks the crates of each registry.
fn registries() -> Vec<PathBuf> {
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    let Some(folders) = home.and_then(|home| fs::read_dir(home.join("registry/src")).ok()) else {
        return Vec::new();
    };
    folders.flatten().map(|folder| folder.path()).collect()
}

/// Runs `cargo build …` and finds the program it made, wherever the target
/// folder is.
pub fn build(command: &mut Command, name: &str) -> Result<PathBuf> {
    let line = describe(command);
    let mut cargo = command
        .arg("--message-format=json-render-diagnostics")
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start `{line}`"))?;
    let messages = cargo.stdout.take().context("cargo's output")?;
    let mut program = None;
    for message in BufReader::new(messages).lines() {
        let message: Value = serde_json::from_str(&message?).unwrap_or_default();
        if message["target"]["name"] == name
            // A library has only a file.
            && let Some(path) = message["executable"]
                .as_str()
                .or_else(|| message["filenames"][0].as_str())
        {
            program = Some(path.into());
        }
    }
    if !cargo.wait()?.success() {
        bail!("`{line}` failed");
    }
    program.with_context(|| format!("`{line}` made no program named {name}"))
}
