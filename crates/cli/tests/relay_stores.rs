//! Relays as processes, and what becomes of their stores: two over one database,
//! a store that moves, one that was restored.

#![allow(clippy::unwrap_used)]

mod harness;

use harness::{Desk, Relay, add_measure, set_time_frame, write_title};
use test_postgres::Server;

/// What was acknowledged by a relay that is killed right afterwards is at the
/// other one, and its devices go on there.
#[test]
fn one_of_two_relays_is_killed_and_its_devices_go_on_at_the_other() {
    let Some(server) = Server::shared() else {
        return;
    };
    let database = server.database();
    let mut first = Relay::over_database(&database);
    let second = Relay::over_database(&database);
    let (one, two) = (Desk::new(), Desk::new());
    one.example("p");
    let (edit, _) = one.share("p", &first);
    let at_second = edit.replace(&first.url, &second.url);
    two.run(&["join", &at_second, "-o", "q"]).code(0);
    assert_eq!(two.heads("q"), one.heads("p"));

    one.apply("p", &add_measure("x", "d1"));
    one.run(&["sync", "p"]).code(0);
    first.kill();
    two.run(&["sync", "q"]).code(0).says("received");
    assert_eq!(two.heads("q"), one.heads("p"));

    one.apply("p", &write_title("x", "Tun"));
    one.run(&["sync", "p"]).code(3).says("Nothing is lost");
    one.share("p", &second);
    two.run(&["sync", "q"]).code(0);
    assert_eq!(two.heads("q"), one.heads("p"));
    first.restart();
    let three = Desk::new();
    three.run(&["join", &edit, "-o", "r"]).code(0);
    assert_eq!(three.heads("r"), one.heads("p"));
}

/// Killed while a device sends: whatever each device was told, in the end all
/// have the same.
#[test]
fn relays_killed_in_turn_while_devices_send_lose_nothing() {
    let Some(server) = Server::shared() else {
        return;
    };
    let database = server.database();
    let mut relays = [
        Relay::over_database(&database),
        Relay::over_database(&database),
    ];
    let one = Desk::new();
    one.example("p");
    let (edit, _) = one.share("p", &relays[0]);
    for round in 0..6 {
        let [at, other] = [round % 2, (round + 1) % 2];
        let id = format!("x{round}");
        one.apply("p", &add_measure(&id, "d1"));
        let share = ["share", "p", "--relay", &relays[at].url];
        let mut device = one.command(&share).spawn().unwrap();
        relays[at].kill();
        let code = device.wait().unwrap().code();
        assert!(matches!(code, Some(0 | 3)), "{code:?}");
        if code == Some(0) {
            let witness = Desk::new();
            let link = edit.replace(&relays[0].url, &relays[other].url);
            witness.run(&["join", &link, "-o", "w"]).code(0);
            assert_eq!(witness.heads("w"), one.heads("p"));
        }
        relays[at].restart();
    }
    one.share("p", &relays[0]);
    let two = Desk::new();
    two.run(&["join", &edit, "-o", "q"]).code(0);
    assert_eq!(two.heads("q"), one.heads("p"));
}

#[test]
fn a_store_moves_to_a_database_and_back_and_devices_notice_nothing() {
    let Some(server) = Server::shared() else {
        return;
    };
    let database = server.database();
    let mut relay = Relay::start();
    let directory = relay.data().to_str().unwrap().to_owned();
    let (one, two) = (Desk::new(), Desk::new());
    one.example("p");
    let (edit, _) = one.share("p", &relay);
    two.run(&["join", &edit, "-o", "q"]).code(0);
    let nothing = "received nothing, sent nothing";

    let there = ["relay", "move", "--from", &directory, "--to", &database];
    one.run(&there).code(1).says("stop it first");
    relay.kill();
    let moved = one.run(&there).code(0).says("devices go on");
    assert!(moved.out.contains("Moved 1 plans"), "{moved:?}");
    relay.restart_over("--database", &database);
    one.run(&["sync", "p"]).code(0).says(nothing);
    one.apply("p", &set_time_frame("d1-2", 2026, 2027));
    one.run(&["sync", "p"]).code(0);

    let back = one.path("back").to_str().unwrap().to_owned();
    let return_there = ["relay", "move", "--from", &database, "--to", &back];
    one.run(&return_there).code(1).says("stop it first");
    relay.kill();
    one.run(&["relay", "move", "--from", &database, "--to", &directory])
        .code(1)
        .says("chunks of its own");
    one.run(&return_there).code(0);
    relay.restart_over("--data", &back);
    one.run(&["sync", "p"]).code(0).says(nothing);
    two.run(&["sync", "q"]).code(0).says("received");
    assert_eq!(two.heads("q"), one.heads("p"));
}

/// The copy's log grows past where it was before anybody notices; under its old
/// name, a device would take what is new for what it has.
#[test]
fn a_store_that_was_restored_gets_all_again_whoever_comes_first() {
    let mut relay = Relay::start();
    let directory = relay.data().to_str().unwrap().to_owned();
    let (one, two) = (Desk::new(), Desk::new());
    one.example("p");
    let (edit, _) = one.share("p", &relay);
    two.run(&["join", &edit, "-o", "q"]).code(0);
    let restored = ["relay", "restored", &directory];
    one.run(&restored).code(1).says("stop it first");
    relay.kill();
    let files = ["relay.sqlite", "relay.sqlite-wal", "relay.sqlite-shm"];
    let copy = files.map(|name| std::fs::read(relay.data().join(name)).unwrap_or_default());
    relay.restart();
    one.apply("p", &add_measure("x", "d1"));
    one.run(&["sync", "p"]).code(0);

    relay.kill();
    for (name, bytes) in files.iter().zip(copy) {
        std::fs::write(relay.data().join(name), bytes).unwrap();
    }
    one.run(&restored).code(0);
    relay.restart();
    two.apply("q", &add_measure("y", "d1"));
    two.run(&["sync", "q"]).code(0);
    // Chunks that only the lost end of the log held show as a gap; what was in
    // them is sent again.
    one.run(&["sync", "p"]).code(4).says("sent").says("missing");
    two.run(&["sync", "q"]).says("received");
    assert_eq!(two.heads("q"), one.heads("p"));
}

#[test]
fn a_password_is_never_printed() {
    let desk = Desk::new();
    for url in [
        "postgres://u:hunter2@127.0.0.1:9/d",
        "postgres://u:hunter2@127.0.0.1:port/d",
        "mysql://u:hunter2@127.0.0.1/d",
    ] {
        for args in [
            &["relay", "--listen", "127.0.0.1:0", "--database", url][..],
            &["relay", "--data", "d", "--database", url],
            &["relay", "move", "--from", url, "--to", "d"],
            &["relay", "move", "--from", "d", "--to", url],
        ] {
            let said = desk.run(args);
            assert_ne!(said.code, 0);
            assert!(!said.err.contains("hunter2"), "{said:?}");
            assert!(!said.out.contains("hunter2"), "{said:?}");
        }
    }
    desk.run(&["relay", "move", "--from", "nowhere", "--to", "d"])
        .code(1)
        .says("holds no store");
    assert!(!desk.path("d").exists() && !desk.path("nowhere").exists());
}
