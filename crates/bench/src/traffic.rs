//! Bytes on the wire and on the relay's disk for somebody who types while
//! another looks on.

use anyhow::Result;
use plan::DeviceName;

use crate::{
    client::new_plan,
    device::Device,
    figures::print,
    server::Relay,
    writing::{Hand, plan_of_chapters},
};

/// Two pages of text.
const LETTERS: usize = 6_000;
/// A quick writer types as many between two saves of the page.
const LETTERS_A_CHANGE: usize = 4;

pub async fn measure(relay: &Relay) -> Result<()> {
    let stored_empty = relay.stored_bytes()?;
    let keys = new_plan();
    let author = DeviceName::from_public_key(&[1; 32]);
    let plan = plan_of_chapters(&author, 1)?.save();
    let mut writer = Device::new(relay.address(), &keys, &plan)?;
    writer.go_online().await?;
    writer.run_until(|device| device.status().at_relay).await?;
    let mut reader = Device::new(relay.address(), &keys, &plan)?;
    reader.go_online().await?;
    reader.run_until(|device| device.status().at_relay).await?;

    let (writer_before, reader_before) = (writer.traffic(), reader.traffic());
    let stored_before = relay.stored_bytes()?;
    let mut hand = Hand::in_chapter(0);
    for _ in 0..LETTERS / LETTERS_A_CHANGE {
        let head = hand.write(writer.doc(), LETTERS_A_CHANGE)?;
        writer.send_edits().await?;
        writer.run_until(|device| device.status().at_relay).await?;
        reader
            .run_until(|device| device.doc().contains(&[head]))
            .await?;
    }
    let (sent, heard) = since(writer_before, writer.traffic());
    let (said, received) = since(reader_before, reader.traffic());
    let stored = relay.stored_bytes()?.saturating_sub(stored_before);
    print(
        &format!("{LETTERS} letters typed, {LETTERS_A_CHANGE} a chunk"),
        format!(
            "{} in the plan's file",
            kilobytes(writer.doc().save().len())
        ),
    );
    print(
        "  on the wire",
        format!(
            "writer sends {} and hears {}, reader hears {} and sends {}",
            kilobytes(sent),
            kilobytes(heard),
            kilobytes(received),
            kilobytes(said)
        ),
    );
    print(
        "  on the relay's disk",
        format!(
            "{}, beside {} of an empty store",
            kilobytes(usize::try_from(stored)?),
            kilobytes(usize::try_from(stored_empty)?)
        ),
    );
    Ok(())
}

fn since(before: (usize, usize), now: (usize, usize)) -> (usize, usize) {
    (now.0 - before.0, now.1 - before.1)
}

fn kilobytes(bytes: usize) -> String {
    format!("{} KB", bytes.div_ceil(1000))
}
