//! How long it takes until devices that all wrote much offline are equal.

use std::{
    sync::{
        Barrier, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use plan::{DeviceName, Hash};
use sync::keys::PlanKeys;
use tokio::runtime::Builder;

use crate::{
    client::new_plan,
    device::Device,
    figures::print,
    server::Relay,
    writing::{Hand, letters_in, plan_of_chapters},
};

const DEVICES: usize = 6;
const EDITS_EACH: usize = 10_000;
/// Of ten edits one goes into the chapter that all write in, the others into
/// the device's own.
const OWN_OF_TEN: usize = 9;
/// The chapter that all write in comes after each one's own.
const SHARED: usize = DEVICES;
/// How often a device that has all looks whether the others have.
const LOOK: Duration = Duration::from_millis(20);

/// What the devices, each in a thread of its own, know of one another.
struct Meeting {
    /// The last change that each made offline.
    last: Mutex<Vec<Hash>>,
    written: Barrier,
    equal: AtomicUsize,
}

/// What a device ended with.
struct End {
    took: Duration,
    heads: Vec<Hash>,
    letters: Vec<usize>,
    traffic: (usize, usize),
}

/// Seconds from when all go online until the last of them has everything.
pub fn measure(relay: &Relay) -> Result<f64> {
    let keys = new_plan();
    let author = DeviceName::from_public_key(&[1; 32]);
    let plan = plan_of_chapters(&author, DEVICES + 1)?.save();
    let meeting = Meeting {
        last: Mutex::default(),
        written: Barrier::new(DEVICES),
        equal: AtomicUsize::new(0),
    };
    let ends = thread::scope(|scope| {
        let devices: Vec<_> = (0..DEVICES)
            .map(|number| {
                let (keys, plan, meeting) = (&keys, &plan, &meeting);
                scope.spawn(move || write_and_meet(relay, keys, plan, number, meeting))
            })
            .collect();
        let ends = devices.into_iter().map(|device| {
            let end = device.join().ok().context("a device's thread panicked")?;
            end.context("a device that wrote offline")
        });
        ends.collect::<Result<Vec<End>>>()
    })?;
    check(&ends)?;
    let took = ends.iter().map(|end| end.took).max().unwrap_or_default();
    let sum = |part: fn(&End) -> usize| ends.iter().map(part).sum::<usize>() as f64 / 1e6;
    print(
        &format!("{DEVICES} devices with {EDITS_EACH} offline edits each"),
        format!("equal after {:.1} s", took.as_secs_f64()),
    );
    print(
        "  on the wire",
        format!(
            "they send {:.1} MB and receive {:.1} MB",
            sum(|end| end.traffic.0),
            sum(|end| end.traffic.1)
        ),
    );
    Ok(took.as_secs_f64())
}

fn write_and_meet(
    relay: &Relay,
    keys: &PlanKeys,
    plan: &[u8],
    number: usize,
    meeting: &Meeting,
) -> Result<End> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut device = Device::new(relay.address(), keys, plan)?;
        device.go_online().await?;
        device.run_until(|device| device.status().at_relay).await?;
        device.go_offline().await?;

        let last = write(&mut device, number)?;
        let lock = || meeting.last.lock().unwrap_or_else(PoisonError::into_inner);
        lock().push(last);
        meeting.written.wait();
        let all = lock().clone();

        let before = device.traffic();
        let begun = Instant::now();
        device.go_online().await?;
        device
            .run_until(|device| device.doc().contains(&all))
            .await?;
        let took = begun.elapsed();
        meeting.equal.fetch_add(1, Ordering::Relaxed);
        // What this device wrote may still be on its way to the others.
        while meeting.equal.load(Ordering::Relaxed) < DEVICES {
            device.step_within(LOOK).await?;
        }
        let now = device.traffic();
        Ok(End {
            took,
            heads: device.doc().heads(),
            letters: (0..=SHARED)
                .map(|chapter| letters_in(device.doc(), chapter))
                .collect(),
            traffic: (now.0 - before.0, now.1 - before.1),
        })
    })
}

/// Each letter is a change of its own, as if each had been saved alone.
fn write(device: &mut Device, number: usize) -> Result<Hash> {
    let (mut own, mut shared) = (Hand::in_chapter(number), Hand::in_chapter(SHARED));
    let mut last = None;
    for edit in 0..EDITS_EACH {
        let hand = match edit % 10 {
            0..OWN_OF_TEN => &mut own,
            _ => &mut shared,
        };
        last = Some(hand.write(device.doc(), 1)?);
    }
    last.context("something was written")
}

/// All have the same, and all that was written is in it.
fn check(ends: &[End]) -> Result<()> {
    let first = ends.first().context("there are devices")?;
    let written: usize = first.letters.iter().sum();
    ensure!(
        ends.iter()
            .all(|end| end.heads == first.heads && end.letters == first.letters),
        "the devices did not end equal"
    );
    ensure!(
        written == DEVICES * EDITS_EACH,
        "only {written} letters are there"
    );
    Ok(())
}
