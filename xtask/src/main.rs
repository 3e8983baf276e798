//! `cargo xtask …`: every task of the workspace, in plain Rust.
//!
//! Each command does all of its own set-up, so that a fresh clone needs Rust
//! and Node and no other step. What a command needs is in [`setup`]; how the
//! app is built is in [`web`]; [`run`], [`test`], [`bench`] and [`dev`] put these
//! together.

mod bench;
mod cargo;
mod compress;
mod dev;
mod finish;
mod npm;
mod relay;
mod run;
mod setup;
mod simulate;
mod split;
mod tally;
mod test;
mod web;
mod workspace;

use std::{net::SocketAddr, process::ExitCode};

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Builds, runs and tests Samskriv. Each command does its own set-up.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the app, start the relay that serves it, and say which address to open
    Run {
        /// Address and port the relay listens on
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
    },
    /// Run every check and test, the browser's included
    Test {
        /// Run only the browser tests whose file or title matches
        #[arg(long, value_name = "PATTERN")]
        browser: Option<String>,
    },
    /// Play histories of devices and relays in which everything goes wrong: `--seeds N`,
    /// `--from S`, or `--story SEED` to see one step by step
    #[command(disable_help_flag = true)]
    Simulate {
        /// For the simulation; `--help` lists them
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Measure how long things take on this machine
    Bench {
        #[command(subcommand)]
        what: Option<Measured>,
    },
    /// Rebuild and reload the page on every save
    Dev {
        /// Port of the page; the relay takes the next one
        #[arg(long, default_value_t = 5173)]
        port: u16,
    },
    /// Build the app into target/web/dist
    Build {
        /// Build in seconds rather than small, and compress nothing
        #[arg(long)]
        dev: bool,
    },
    /// Install what the other commands need: a compiler for wasm, npm packages, a browser, PostgreSQL
    Setup,
}

#[derive(Subcommand)]
enum Measured {
    /// In Chromium, how long opening a plan and writing in it take (the default)
    Page,
    /// What the relay stores, passes on and holds, over real sockets and disks
    Relay {
        /// Have Hocuspocus and automerge-repo do the same, and print the ratios
        #[arg(long)]
        peers: bool,
    },
}

fn main() -> ExitCode {
    match perform(Arguments::parse().task) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<ExitCode> {
    match task {
        Task::Run { listen } => run::run(listen)?,
        Task::Test { browser } => {
            let tally = test::test(browser.as_deref())?;
            return Ok(ExitCode::from(u8::from(tally.failed > 0)));
        }
        Task::Simulate { arguments } => return simulate::simulate(&arguments),
        Task::Bench { what } => match what.unwrap_or(Measured::Page) {
            Measured::Page => bench::page()?,
            Measured::Relay { peers } => bench::relay(peers)?,
        },
        Task::Dev { port } => dev::dev(port)?,
        Task::Build { dev } => {
            let wasm = setup::web()?;
            let profile = if dev {
                web::Profile::Dev
            } else {
                web::Profile::Release
            };
            web::build(wasm, profile)?;
        }
        Task::Setup => setup::everything()?,
    }
    Ok(ExitCode::SUCCESS)
}
