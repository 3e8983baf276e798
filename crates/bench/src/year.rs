//! A plan that was written on for a year: what the relay keeps of it, and how
//! long a new device takes to have it.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use plan::DeviceName;
use sync::{
    envelope::{Envelope, Kind},
    keys::PlanKeys,
};

use crate::{
    client::{Client, new_plan},
    device::Device,
    figures::print,
    server::Relay,
    writing::{Hand, letters_in, plan_of_chapters},
};

const CHANGES: usize = 200_000;
/// What a page saves in half a second of writing.
const LETTERS_A_CHANGE: usize = 4;
/// What is gathered for a chunk while nobody else is there.
const CHANGES_A_CHUNK: usize = 4;
/// All chapters of a plan get their share.
const CHAPTERS: usize = 40;

/// Of a relay that keeps nothing longer than it must.
pub async fn measure(relay: &Relay) -> Result<()> {
    let keys = new_plan();
    let author = DeviceName::from_public_key(&[1; 32]);
    let begun = plan_of_chapters(&author, CHAPTERS)?.save();
    let mut writer = Device::new(relay.address(), &keys, &begun)?;
    writer.go_online().await?;
    writer.run_until(|device| device.status().at_relay).await?;

    let before = writer.traffic().0;
    let mut hands: Vec<Hand> = (0..CHAPTERS).map(Hand::in_chapter).collect();
    for chunk in 0..CHANGES / CHANGES_A_CHUNK {
        let hand = &mut hands[chunk % CHAPTERS];
        for _ in 0..CHANGES_A_CHUNK {
            hand.write(writer.doc(), LETTERS_A_CHANGE)?;
        }
        writer.send_edits().await?;
        writer.run_until(|device| device.status().at_relay).await?;
    }
    print(
        &format!("a year's {CHANGES} changes"),
        format!(
            "{} in the plan's file; {} sent in all",
            megabytes(writer.doc().save().len()),
            megabytes(writer.traffic().0 - before)
        ),
    );

    let (snapshot, tail) = newcomers_log(relay.address(), &keys).await?;
    let log = usize::try_from(relay.write_ahead_bytes()?)?;
    let stored = usize::try_from(relay.stored_bytes()?)? - log;
    print(
        "  on the relay's disk",
        format!(
            "{} and a write-ahead log of {}; the last snapshot is {}, and {} came since",
            megabytes(stored),
            megabytes(log),
            megabytes(snapshot),
            megabytes(tail)
        ),
    );

    ensure!(
        stored <= 3 * snapshot + tail,
        "the relay keeps more than three snapshots and what came since"
    );

    let begun = Instant::now();
    let blank = DeviceName::from_public_key(&[2; 32]);
    let mut newcomer = Device::new(relay.address(), &keys, &plan_of_chapters(&blank, 0)?.save())?;
    let heads = writer.doc().heads();
    newcomer.go_online().await?;
    newcomer
        .run_until(|device| device.doc().contains(&heads))
        .await?;
    print(
        "  a new device has all of it",
        format!("after {:.1} s", begun.elapsed().as_secs_f64()),
    );
    let letters = |device: &mut Device| -> usize {
        (0..CHAPTERS)
            .map(|chapter| letters_in(device.doc(), chapter))
            .sum()
    };
    ensure!(
        letters(&mut newcomer) == CHANGES * LETTERS_A_CHANGE,
        "letters are lacking"
    );
    Ok(())
}

/// Bytes of the snapshot that a newcomer begins with, and of all that follows it.
async fn newcomers_log(address: &str, keys: &PlanKeys) -> Result<(usize, usize)> {
    let mut newcomer = Client::subscribe(address, keys).await?;
    let first = newcomer.logged_chunk().await?.context("a log")?;
    ensure!(
        Envelope::parse(&first)?.header().kind == Kind::Snapshot,
        "there is no snapshot"
    );
    let mut tail = 0;
    while let Some(chunk) = newcomer.logged_chunk().await? {
        tail += chunk.len();
    }
    Ok((first.len(), tail))
}

fn megabytes(bytes: usize) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
