//! `cargo xtask test`: every check and test, in the order of what is quickest
//! to say no.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::{
    cargo,
    npm::Tool,
    relay,
    setup::{self, Toolchain},
    tally::Tally,
    web::{self, Profile},
    workspace::{describe, root},
};

/// Runs everything, whatever fails on the way; the last line counts what passed
/// and what failed. With `browser`, only the browser tests that match it.
pub fn test(browser: Option<&str>) -> Result<Tally> {
    let toolchain = setup::web()?;
    let chromium = setup::browser()?;
    let mut tally = Tally::default();
    if browser.is_none() {
        if setup::lints() {
            tally += lints(toolchain)?;
        } else {
            println!("rustfmt and clippy are not here and could not be added: not checked");
        }
        if !setup::postgres() {
            println!("PostgreSQL is not here: relays over a database are not tested");
        }
        tally += rust()?;
    }
    let built = web::build(toolchain, Profile::Release).and_then(|()| web::device(toolchain));
    tally += match built {
        Ok(()) => app(&chromium, browser)?,
        Err(error) => {
            eprintln!("{error:#}");
            Tally::of(false)
        }
    };
    println!("{tally}");
    Ok(tally)
}

/// Formatting, and clippy without a warning: the app as the browser's compiler
/// sees it, the other crates as this machine's does.
fn lints(toolchain: Toolchain) -> Result<Tally> {
    let strict = ["--all-targets", "--", "-D", "warnings"];
    let mut tally = check(cargo::native("fmt").args(["--all", "--check"]))?;
    let others = ["--workspace", "--exclude", cargo::APP];
    tally += check(cargo::native("clippy").args(others).args(strict))?;
    // Debian's compiler for the web comes without clippy.
    if toolchain == Toolchain::Installed {
        tally += check(cargo::wasm(toolchain, "clippy", cargo::APP, Profile::Dev).args(strict))?;
    }
    Ok(tally)
}

/// A command that is one check as a whole.
fn check(command: &mut Command) -> Result<Tally> {
    let name = describe(command);
    println!("\n{name}");
    let status = command
        .status()
        .with_context(|| format!("could not start `{name}`"))?;
    Ok(Tally::of(status.success()))
}

/// The tests of every crate, counted from what each test binary says.
fn rust() -> Result<Tally> {
    println!("\ncargo test --workspace");
    let mut cargo = cargo::native("test")
        .args(["--workspace", "--no-fail-fast"])
        .stdout(Stdio::piped())
        .spawn()?;
    let output = cargo.stdout.take().context("cargo's output")?;
    let mut tally = Tally::default();
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        tally += Tally::from_libtest(&line).unwrap_or_default();
    }
    Ok(tally.or_failed_as_a_whole(cargo.wait()?.success()))
}

/// What needs the built app: the types that wasm-bindgen gives TypeScript, and
/// the tests in Chromium, against the app and the relay as people get them.
fn app(chromium: &Path, only: Option<&str>) -> Result<Tally> {
    let mut tally = check(Tool::TypeScript.command().arg("--noEmit"))?;
    let samskriv = relay::build()?;
    tally += in_browser(chromium, &samskriv, only)?;
    Ok(tally)
}

fn in_browser(chromium: &Path, samskriv: &Path, only: Option<&str>) -> Result<Tally> {
    println!("\nbrowser tests");
    let report = root().join("target/web/browser-tests.json");
    // A report of an earlier run must not be taken for this one's.
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let status = Tool::Playwright
        .command()
        .args([
            "test",
            "--config",
            "tests/playwright.config.ts",
            "--reporter",
            "list,json",
        ])
        .args(only)
        .env("CHROME", chromium)
        .env("SAMSKRIV", samskriv)
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
        .status()?;
    let counted = fs::read(&report)
        .map(|json| playwright(&json))
        .unwrap_or_default();
    Ok(counted.or_failed_as_a_whole(status.success()))
}

/// The counts in Playwright's JSON report; there are no retries, so a flaky
/// test cannot hide as one that passed.
fn playwright(json: &[u8]) -> Tally {
    let report: Value = serde_json::from_slice(json).unwrap_or_default();
    let count = |name: &str| report["stats"][name].as_u64().unwrap_or(0);
    Tally {
        passed: count("expected"),
        failed: count("unexpected") + count("flaky"),
    }
}
