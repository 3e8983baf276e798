//! What an idle connection costs the relay in memory.

use std::{fs, time::Duration};

use anyhow::{Context, Result};
use tokio::time::sleep;

use crate::{
    client::{Client, Writer, new_plan},
    figures::print,
    server::Relay,
};

/// How many sockets are held, as far as the system's limit on open files lets.
const COUNTS: [usize; 2] = [1_000, 5_000];
/// How many share a plan.
const PER_PLAN: usize = 10;
/// Open files that are no sockets to the relay.
const OTHER_FILES: usize = 100;
/// For the relay to have said its last word to each.
const SETTLE: Duration = Duration::from_secs(2);

/// Bytes for each connection, at the largest count.
pub async fn measure(start: impl Fn() -> Result<Relay>) -> Result<f64> {
    let most = open_files()?.saturating_sub(OTHER_FILES);
    let mut bytes = 0.0;
    for count in COUNTS {
        let held = count.min(most);
        bytes = hold(&start()?, held).await?;
        print(
            &format!("memory for each of {held} idle connections"),
            format!("{:.1} KB", bytes / 1000.0),
        );
    }
    Ok(bytes)
}

async fn hold(relay: &Relay, count: usize) -> Result<f64> {
    // The first ones pay for what all share: threads, caches, code.
    let warm = connect(relay, PER_PLAN).await?;
    sleep(SETTLE).await;
    let before = relay.memory()?;
    let held = connect(relay, count).await?;
    sleep(SETTLE).await;
    let after = relay.memory()?;
    drop((warm, held));
    Ok(after.saturating_sub(before) as f64 / count as f64)
}

/// Sockets that are subscribed to plans in which something has been written.
async fn connect(relay: &Relay, count: usize) -> Result<Vec<Client>> {
    let mut clients: Vec<Client> = Vec::with_capacity(count);
    let mut keys = new_plan();
    while clients.len() < count {
        let is_first = clients.len().is_multiple_of(PER_PLAN);
        if is_first {
            keys = new_plan();
        }
        let mut client = Client::join(relay.address(), &keys).await?;
        if is_first {
            let chunk = Writer::new(&keys).seal(b"a few words that somebody wrote")?;
            client.append(&chunk).await?;
        }
        clients.push(client);
    }
    Ok(clients)
}

/// How many files this process may have open; the relay inherits the limit.
fn open_files() -> Result<usize> {
    let limits = fs::read_to_string("/proc/self/limits")?;
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().next());
    let soft = soft.context("the limit on open files in /proc")?;
    Ok(soft.parse().unwrap_or(usize::MAX))
}
