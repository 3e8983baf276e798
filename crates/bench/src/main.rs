//! Measures the relay: `cargo xtask bench relay` builds this and the relay in
//! release, and runs it.
//!
//! The relay is a process of its own, as people run it; it is asked over real
//! sockets and writes to a real disk. What it costs is read from `/proc`, so
//! this runs on Linux alone. Nothing is asserted about how long a thing takes:
//! figures are printed, with the machine and the date, and `docs/benchmarks.md`
//! keeps them. Only a lost edit or plans that end unequal are errors.
//!
//! # How it is organised
//!
//! | module | is |
//! |---|---|
//! | [`server`] | the relay's process: its memory, its processor time, its death |
//! | [`socket`], [`client`] | a WebSocket; one that is subscribed to a plan |
//! | [`device`], [`writing`] | a plan with its session, as the app has it; what is typed into it |
//! | [`appends`], [`fan_out`], [`connections`], [`traffic`], [`offline`], [`year`], [`acknowledged`] | one measurement each |
//! | [`floor`] | what no relay and no device can do without |
//! | [`peers`] | the same of other servers, and the ratios |
//! | [`figures`], [`times`] | what comes out |

mod acknowledged;
mod appends;
mod client;
mod connections;
mod device;
mod fan_out;
mod figures;
mod floor;
mod offline;
mod peers;
mod server;
mod socket;
mod times;
mod traffic;
mod writing;
mod year;

use std::path::PathBuf;

use anyhow::Result;
use chrono::Local;
use clap::Parser;
use test_postgres::Server as Postgres;
use tokio::runtime::Runtime;

use crate::{
    figures::{Figures, print},
    server::Relay,
};

/// Measures the relay and prints what it finds.
#[derive(Parser)]
struct Arguments {
    /// The program `samskriv`
    #[arg(long)]
    samskriv: PathBuf,
    /// Where the relays keep what devices send: a folder on the disk to measure
    #[arg(long)]
    data: PathBuf,
    /// What the figures are of, for the first line
    #[arg(long)]
    machine: String,
    /// The folder with the installed peers, to measure them too
    #[arg(long)]
    peers: Option<PathBuf>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    println!(
        "\n{}, {}",
        arguments.machine,
        Local::now().format("%Y-%m-%d %H:%M")
    );
    let start = || Relay::start(&arguments.samskriv, &arguments.data);
    let runtime = Runtime::new()?;

    let appends = runtime.block_on(appends::measure(&start()?))?;
    appends.print("SQLite");
    match Postgres::start() {
        Some(postgres) => {
            let database = postgres.database();
            let start = || Relay::over_database(&arguments.samskriv, database.clone());
            let relay = start()?;
            let over_database = runtime.block_on(appends::measure(&relay))?;
            over_database.print("PostgreSQL");
            runtime.block_on(fan_out::between(&relay, &start()?))?;
        }
        None => print(
            "appends over PostgreSQL",
            "not measured: it is not installed",
        ),
    }
    let fan_out = runtime.block_on(fan_out::measure(start))?;
    let connection_bytes = runtime.block_on(connections::measure(start))?;
    runtime.block_on(traffic::measure(&start()?))?;
    let seconds_to_equal = offline::measure(&start()?)?;
    let sparing = Relay::that_keeps_little(&arguments.samskriv, &arguments.data)?;
    runtime.block_on(year::measure(&sparing))?;
    let lost = runtime.block_on(acknowledged::measure(&mut start()?))?;

    floor::measure(&arguments.data)?;

    let figures = Figures {
        appends_per_core: Some(appends.per_core()),
        seen_ms: fan_out,
        connection_bytes: Some(connection_bytes),
        seconds_to_equal: Some(seconds_to_equal),
        lost: Some(lost),
    };
    if let Some(folder) = arguments.peers {
        peers::measure(&folder, &arguments.data, &figures)?;
    }
    Ok(())
}
