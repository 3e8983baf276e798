//! Fan-out: from sending a chunk until another device in the room has it in
//! hand. This is the relay's share of the time until an edit is seen; how long a
//! device gathers before it sends is its own.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use anyhow::Result;
use tokio::{
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};

use crate::{
    client::{Client, Writer, new_plan},
    figures::print,
    server::Relay,
    times::Times,
};

const OTHERS: [usize; 3] = [1, 10, 100];
const ROUNDS: usize = 200;
/// Between two edits. Far apart, so that each goes alone.
const PACE: Duration = Duration::from_millis(50);
/// The bytes of a change of a few letters.
const CHANGE: [u8; 120] = [7; 120];

/// The 95th percentile in milliseconds, by how many others there are.
pub async fn measure(start: impl Fn() -> Result<Relay>) -> Result<BTreeMap<usize, f64>> {
    let mut at_95 = BTreeMap::new();
    for others in OTHERS {
        let relay = start()?;
        let times = to_others(&relay, &relay, others).await?;
        let room = match others {
            1 => "chunk at the one other in the room".to_owned(),
            _ => format!("chunk at {others} others in the room"),
        };
        print(&room, &times);
        at_95.insert(others, times.percentile_ms(95));
    }
    Ok(at_95)
}

/// From a device at one relay to a device at another over the same database.
pub async fn between(here: &Relay, there: &Relay) -> Result<()> {
    let times = to_others(here, there, 1).await?;
    print(
        "chunk at one other at another relay over the database",
        &times,
    );
    Ok(())
}

async fn to_others(here: &Relay, there: &Relay, others: usize) -> Result<Times> {
    let keys = new_plan();
    let mut readers = JoinSet::new();
    for _ in 0..others {
        let mut reader = Client::join(there.address(), &keys).await?;
        readers.spawn(async move {
            let mut arrived = Vec::with_capacity(ROUNDS);
            while arrived.len() < ROUNDS {
                reader.chunk().await?;
                arrived.push(Instant::now());
            }
            Ok::<_, anyhow::Error>(arrived)
        });
    }
    let mut client = Client::join(here.address(), &keys).await?;
    let mut writer = Writer::new(&keys);
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut sent = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let chunk = writer.seal(&CHANGE)?;
        pace.tick().await;
        sent.push(Instant::now());
        client.append(&chunk).await?;
    }
    let mut times = Vec::with_capacity(ROUNDS * others);
    while let Some(arrived) = readers.join_next().await {
        let pairs = arrived??.into_iter().zip(&sent);
        times.extend(pairs.map(|(arrived, sent)| arrived - *sent));
    }
    Ok(Times::new(times))
}
