//! The real relay, and many real sessions over sockets, while all goes wrong
//! that can: nothing acknowledged is lost, and all meet in the end.
//!
//! When a fault strikes depends on the machine; what is asserted does not.

#![cfg(unix)]
#![allow(clippy::unwrap_used)]

mod device;
mod proxy;
mod relay;
#[path = "../harness/serving.rs"]
mod serving;
// How a plan shows itself to a session is the command line's own.
#[path = "../../src/synced_plan.rs"]
mod synced_plan;

use std::{collections::BTreeSet, net::SocketAddr, path::Path, time::Duration};

use device::{Order, Report, Running};
use plan::schema::Measure;
use proxy::Proxy;
use relay::RelayProcess;
use sync::{
    ids::ChunkHash,
    keys::{EditSecret, PlanKeys},
};
use tokio::time::timeout;

const DEVICES: u8 = 20;
/// Each kind of fault strikes so many times.
const ROUNDS: u32 = 3;
/// The room on the disk that becomes full: little more than an empty store takes.
#[cfg(target_os = "linux")]
const KILOBYTES: u32 = 128;
/// Only to end a test that hangs; no test depends on how long a thing takes.
const PATIENCE: u32 = 3_000;
const STEP: Duration = Duration::from_millis(100);

fn keys() -> PlanKeys {
    PlanKeys::edit(EditSecret::from_bytes([42; 32]))
}

/// The devices at work on one plan.
struct Crew {
    devices: Vec<Running>,
    written: u32,
}

impl Crew {
    fn start(relay: SocketAddr, count: u8) -> Self {
        let devices = (0..count).map(|number| Running::start(number, &keys(), relay));
        Self {
            devices: devices.collect(),
            written: 0,
        }
    }

    fn tell_all(&self, order: Order) {
        for device in &self.devices {
            device.order(order);
        }
    }

    fn all_write(&mut self) {
        self.tell_all(Order::Write(self.written));
        self.written += 1;
    }

    fn reports(&self) -> Vec<Report> {
        let reports = self
            .devices
            .iter()
            .map(|device| device.report.borrow().clone());
        reports.collect()
    }

    fn acknowledged(&self) -> usize {
        count(&self.reports())
    }

    /// Waits until the devices' reports are as wanted.
    async fn wait_until(&mut self, is_so: impl Fn(&[Report]) -> bool) {
        let mut idle = 0;
        while !is_so(&self.reports()) {
            // By steps and not by the clock: a machine that stands still is not idle.
            assert!(
                idle < PATIENCE,
                "it never comes to that: {:#?}",
                self.reports()
            );
            let devices = self.devices.iter_mut();
            let changes = devices.map(|device| Box::pin(device.report.changed()));
            let any_change = futures_util::future::select_all(changes);
            match timeout(STEP, any_change).await {
                Ok((changed, ..)) => changed.unwrap(),
                Err(_) => idle += 1,
            }
        }
    }

    /// Waits until the relay has acknowledged more than before.
    async fn wait_for_acknowledgements(&mut self, more: usize) {
        let wanted = self.acknowledged() + more;
        self.wait_until(|reports| count(reports) >= wanted).await;
    }

    async fn wait_until_all_have_met(&mut self) {
        self.wait_until(|reports| {
            let heads = &reports[0].heads;
            reports
                .iter()
                .all(|report| report.is_settled() && report.heads == *heads)
        })
        .await;
    }

    /// Every chunk that was acknowledged to anybody.
    fn all_acknowledged(&self) -> BTreeSet<ChunkHash> {
        let reports = self.reports().into_iter();
        reports.flat_map(|report| report.acknowledged).collect()
    }

    /// Ends all; each must have what everybody wrote.
    async fn assert_all_is_there(self) {
        let everything = self.devices.len() * self.written as usize;
        for device in self.devices {
            let mut plan = device.stop().await;
            assert_eq!(plan.view().count::<Measure>(), everything);
        }
    }
}

/// How many chunks were acknowledged in all.
fn count(reports: &[Report]) -> usize {
    reports.iter().map(|report| report.acknowledged.len()).sum()
}

/// The chunks in a relay's store, those that a snapshot has superseded too.
fn stored(data: &Path) -> BTreeSet<ChunkHash> {
    let database = rusqlite::Connection::open(data.join("relay.sqlite")).unwrap();
    let mut rows = database.prepare("SELECT hash FROM chunks").unwrap();
    let hashes = rows.query_map([], |row| row.get(0).map(ChunkHash)).unwrap();
    hashes.map(Result::unwrap).collect()
}

/// Nothing that was acknowledged may be missing from the store.
#[track_caller]
fn assert_all_stored(acknowledged: &BTreeSet<ChunkHash>, relay: &RelayProcess) {
    let stored = stored(relay.data());
    let lost: Vec<_> = acknowledged.difference(&stored).collect();
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_killed_paused_and_cut_off_loses_nothing_it_acknowledged() {
    let mut relay = RelayProcess::start();
    let network = Proxy::start(relay.address, 1);
    let mut crew = Crew::start(network.address, DEVICES);
    for _ in 0..ROUNDS {
        crew.all_write();
        crew.wait_for_acknowledgements(5).await;
        relay.kill_and_restart();
        crew.tell_all(Order::Online);

        crew.all_write();
        crew.wait_for_acknowledgements(5).await;
        relay.pause();
        crew.all_write();
        network.cut_all();
        relay.resume();
        crew.tell_all(Order::Online);

        crew.all_write();
        crew.wait_for_acknowledgements(5).await;
        for device in crew.devices.iter().step_by(3) {
            device.order(Order::Crash);
        }
    }
    network.calm();
    crew.tell_all(Order::Online);
    crew.wait_until_all_have_met().await;

    let acknowledged = crew.all_acknowledged();
    relay.kill();
    assert_all_stored(&acknowledged, &relay);
    assert!(acknowledged.len() >= usize::from(DEVICES));
    crew.assert_all_is_there().await;
}

/// A relay whose disk is full says so, and loses nothing; once there is room it
/// goes on, without being started again.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_with_a_full_disk_takes_nothing_it_cannot_keep_and_goes_on_when_there_is_room() {
    let mut relay = RelayProcess::start_with_room(KILOBYTES);
    let mut crew = Crew::start(relay.address, 5);
    let is_full = |reports: &[Report]| reports.iter().any(|report| report.unavailable > 0);
    while !is_full(&crew.reports()) {
        crew.all_write();
        let acknowledged = crew.acknowledged();
        crew.wait_until(|reports| is_full(reports) || count(reports) > acknowledged)
            .await;
    }
    let acknowledged = crew.all_acknowledged();
    assert!(!acknowledged.is_empty(), "it never had any room");
    crew.all_write();

    relay.make_room();
    crew.wait_until_all_have_met().await;
    let acknowledged = &acknowledged | &crew.all_acknowledged();
    relay.kill();
    assert_all_stored(&acknowledged, &relay);
    crew.assert_all_is_there().await;
}
