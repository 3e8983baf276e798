//! How long what one device writes takes to reach a device at another relay over
//! the same database: `cargo run -p relay --example two_relays [DATABASE]`.
//!
//! Without a database's address, PostgreSQL is started for it.

#![allow(clippy::unwrap_used)]

#[path = "../tests/harness/mod.rs"]
mod harness;

use std::{
    env,
    time::{Duration, Instant},
};

use harness::{Device, TestRelay, plan};
use sync::frame::ClientFrame;
use test_postgres::Server;

const ROUNDS: u32 = 500;

#[tokio::main]
async fn main() {
    let server;
    let database = match env::args().nth(1) {
        Some(database) => database,
        None => {
            server = Server::start().expect("name a database, or install PostgreSQL");
            server.database()
        }
    };
    let relays = [
        TestRelay::over_database(&database).await,
        TestRelay::over_database(&database).await,
    ];
    let mut one = Device::join(&relays[0], &plan(1), 1, 0).await;
    let mut two = Device::join(&relays[1], &plan(1), 2, 0).await;
    one.wait_for_peers(1).await;
    two.wait_for_peers(1).await;

    let (mut acknowledged, mut arrived, mut passed_on) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let envelope = one.seal("a few words that somebody writes");
        let begun = Instant::now();
        let writes = async {
            one.append(&envelope).await;
            acknowledged.push(begun.elapsed());
        };
        let reads = async {
            two.chunk().await;
            arrived.push(begun.elapsed());
        };
        tokio::join!(writes, reads);

        let envelope = one.seal_ephemeral("here").to_bytes();
        let begun = Instant::now();
        one.socket.send(&ClientFrame::Ephemeral { envelope }).await;
        two.ephemeral().await;
        passed_on.push(begun.elapsed());
        // The relay takes so many a second and drops the rest.
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    for relay in relays {
        relay.stop().await;
    }
    show("acknowledged to its writer", acknowledged);
    show("chunk at the other relay's device", arrived);
    show("ephemeral message there", passed_on);
}

fn show(what: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |hundredths: usize| times[(times.len() - 1) * hundredths / 100];
    println!(
        "{what}: {:.1?} in the middle, {:.1?} for 95 of 100, {:.1?} at most",
        at(50),
        at(95),
        at(100)
    );
}
