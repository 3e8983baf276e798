//! Durable appends: many devices, each in a plan of its own, send small chunks
//! and wait for each acknowledgement, all at once.

use std::time::{Duration, Instant};

use anyhow::Result;
use plan::DeviceName;
use tokio::task::JoinSet;

use crate::{
    client::{Client, Sealed, Writer, new_plan},
    figures::print,
    server::Relay,
    times::Times,
    writing::{Hand, plan_of_chapters},
};

const DEVICES: usize = 200;
const CHUNKS_EACH: usize = 100;
/// As many as one types between two saves.
const LETTERS: usize = 4;

/// What came of it.
pub struct Appends {
    acknowledged: Times,
    took: Duration,
    processor_seconds: f64,
}

impl Appends {
    /// Appends for each second of the relay's processor time.
    pub fn per_core(&self) -> f64 {
        (DEVICES * CHUNKS_EACH) as f64 / self.processor_seconds
    }

    pub fn print(&self, store: &str) {
        let per_second = (DEVICES * CHUNKS_EACH) as f64 / self.took.as_secs_f64();
        print(
            &format!("appends over {store}, {DEVICES} devices"),
            format!(
                "{per_second:.0} a second, {:.0} for each second of the relay's processor time",
                self.per_core()
            ),
        );
        print("  from sending to the acknowledgement", &self.acknowledged);
    }
}

pub async fn measure(relay: &Relay) -> Result<Appends> {
    let device = DeviceName::from_public_key(&[1; 32]);
    let mut plan = plan_of_chapters(&device, 1)?;
    let before = plan.heads();
    Hand::in_chapter(0).write(&mut plan, LETTERS)?;
    let change = plan.changes_since(&before).concat();

    let mut devices = Vec::with_capacity(DEVICES);
    for _ in 0..DEVICES {
        let keys = new_plan();
        let mut writer = Writer::new(&keys);
        // Sealed beforehand: the devices' own work is not the relay's.
        let chunks = (0..CHUNKS_EACH)
            .map(|_| writer.seal(&change))
            .collect::<Result<Vec<_>>>()?;
        devices.push((Client::join(relay.address(), &keys).await?, chunks));
    }

    let processor_before = relay.processor_seconds()?;
    let begun = Instant::now();
    let mut writing = JoinSet::new();
    for (client, chunks) in devices {
        writing.spawn(write(client, chunks));
    }
    let mut acknowledged = Vec::with_capacity(DEVICES * CHUNKS_EACH);
    while let Some(times) = writing.join_next().await {
        acknowledged.extend(times??);
    }
    Ok(Appends {
        took: begun.elapsed(),
        processor_seconds: relay.processor_seconds()? - processor_before,
        acknowledged: Times::new(acknowledged),
    })
}

/// The time of each acknowledgement.
async fn write(mut client: Client, chunks: Vec<Sealed>) -> Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(chunks.len());
    for chunk in chunks {
        let sent = Instant::now();
        client.append(&chunk).await?;
        times.push(sent.elapsed());
    }
    Ok(times)
}
