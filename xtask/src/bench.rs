//! `cargo xtask bench page` and `cargo xtask bench relay`: how long things take on this machine. What a test must
//! not ask, because a machine may be busy, is measured and printed here.

use std::fs;

use anyhow::Result;

use crate::{
    cargo,
    npm::Tool,
    relay, setup,
    web::{self, Profile},
    workspace::{ask, command, root, run},
};

/// Measures the page in Chromium, with the app as people get it.
pub fn page() -> Result<()> {
    let toolchain = setup::web()?;
    let chromium = setup::browser()?;
    web::build(toolchain, Profile::Release)?;
    let samskriv = relay::build()?;
    println!("\n{}", machine());
    println!(
        "{}",
        ask(command(&chromium).arg("--version")).unwrap_or_default()
    );
    run(Tool::Playwright
        .command()
        .args(["test", "--config", "tests/bench/playwright.config.ts"])
        .env("CHROME", &chromium)
        .env("SAMSKRIV", &samskriv))
}

/// Measures the relay as a process, built for release as for a server; with
/// `peers`, other servers beside it. What it stores meanwhile lies in
/// `target/bench` and goes with it.
pub fn relay(peers: bool) -> Result<()> {
    let samskriv = relay::build_release()?;
    let bench = cargo::build(
        cargo::native("build").args(["--release", "--package", "bench"]),
        "bench",
    )?;
    let data = root().join("target/bench");
    fs::create_dir_all(&data)?;
    let mut bench = command(bench);
    bench
        .arg("--samskriv")
        .arg(samskriv)
        .arg("--data")
        .arg(data)
        .args(["--machine", &machine()]);
    if peers {
        bench.arg("--peers").arg(setup::peers()?);
    }
    run(&mut bench)
}

/// The machine in a line, as far as Linux tells.
fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let of = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "{}, {cores} cores, {} of memory",
        of(&cpu, "model name").unwrap_or_else(|| "an unknown processor".into()),
        of(&memory, "MemTotal").unwrap_or_else(|| "unknown size".into()),
    )
}
