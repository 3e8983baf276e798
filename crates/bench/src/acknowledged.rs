//! What is lost when the relay is killed the moment it has acknowledged.

use anyhow::Result;
use sync::envelope::Envelope;

use crate::{
    client::{Client, Writer, new_plan},
    figures::print,
    server::Relay,
};

const TRIES: u32 = 10;

/// How many acknowledged edits were gone.
pub async fn measure(relay: &mut Relay) -> Result<u32> {
    let keys = new_plan();
    let mut writer = Writer::new(&keys);
    let mut lost = 0;
    for round in 0..TRIES {
        let mut client = Client::join(relay.address(), &keys).await?;
        let chunk = writer.seal(format!("edit {round}").as_bytes())?;
        client.append(&chunk).await?;
        relay.kill_and_restart()?;
        let mut reader = Client::subscribe(relay.address(), &keys).await?;
        let mut hashes = Vec::new();
        while let Some(envelope) = reader.logged_chunk().await? {
            hashes.push(Envelope::parse(&envelope)?.hash());
        }
        lost += u32::from(!hashes.contains(&chunk.hash));
    }
    print(
        "edits lost by kill -9 after the acknowledgement",
        format!("{lost} of {TRIES}"),
    );
    Ok(lost)
}
