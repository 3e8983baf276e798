//! What no relay that checks and keeps what it acknowledges, and no device that
//! merges, can do without: signatures, flushes of the disk, and automerge's own
//! work. It tells how much of the other figures is anything else.

use std::{fs::File, io::Write, path::Path, time::Instant};

use anyhow::{Context, Result};
use plan::{DeviceName, PlanDoc};
use sync::{admit::verify_hello, frame::Hello, ids::Nonce};

use crate::{
    client::{Writer, new_plan},
    figures::print,
    times::Times,
    writing::{Hand, plan_of_chapters},
};

const APPENDS: usize = 2_000;
const FLUSHES: usize = 200;
/// About what SQLite writes for a small chunk.
const WRITTEN: [u8; 16 * 1024] = [7; 16 * 1024];
/// As many as each device takes in when all that were offline meet.
const CHANGES: usize = 50_000;

/// Of the disk that `folder` is on.
pub fn measure(folder: &Path) -> Result<()> {
    print(
        "verifying an append's two signatures",
        format!("{:.0} µs", verifying()? * 1e6),
    );
    print(
        "a write of 16 KB with a flush of the disk",
        flushing(folder)?,
    );
    print(
        &format!("automerge alone merges {CHANGES} changes"),
        format!("in {:.1} s", merging()?),
    );
    Ok(())
}

fn verifying() -> Result<f64> {
    let (keys, nonce) = (new_plan(), Nonce([3; 32]));
    let admitted = verify_hello(&Hello::new(&keys, &nonce), &nonce)?;
    let mut writer = Writer::new(&keys);
    let chunks = (0..APPENDS)
        .map(|_| Ok(writer.seal_envelope(b"four")?.to_bytes()))
        .collect::<Result<Vec<_>>>()?;
    let begun = Instant::now();
    for chunk in &chunks {
        admitted.verify_append(chunk)?;
    }
    Ok(begun.elapsed().as_secs_f64() / APPENDS as f64)
}

fn flushing(folder: &Path) -> Result<Times> {
    let mut file = tempfile::tempfile_in(folder).context("a file to write to")?;
    let flushes = (0..FLUSHES).map(|_| {
        let begun = Instant::now();
        file.write_all(&WRITTEN)?;
        File::sync_data(&file)?;
        Ok(begun.elapsed())
    });
    Ok(Times::new(flushes.collect::<Result<_>>()?))
}

/// The changes come as one part, as from a partner who was offline.
fn merging() -> Result<f64> {
    let [one, other] = [[1; 32], [2; 32]].map(|key| DeviceName::from_public_key(&key));
    let mut writer = plan_of_chapters(&one, 1)?;
    let mut reader = PlanDoc::load(&writer.save(), &other)?;
    let before = writer.heads();
    let mut hand = Hand::in_chapter(0);
    for _ in 0..CHANGES {
        hand.write(&mut writer, 1)?;
    }
    let changes = writer.changes_since(&before);
    let begun = Instant::now();
    reader.merge(&changes)?;
    Ok(begun.elapsed().as_secs_f64())
}
