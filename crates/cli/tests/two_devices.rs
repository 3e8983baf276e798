//! Devices that meet through a real relay.

#![allow(clippy::unwrap_used)]

mod harness;

use std::{fs, thread, time::Instant};

use harness::{Desk, Relay, add_measure, set_time_frame, write_title};

const ROUNDS: u32 = 10;

#[test]
fn what_two_write_apart_is_at_both_afterwards() {
    let relay = Relay::start();
    let (fyresdal, vinje) = (Desk::new(), Desk::new());
    fyresdal.example("p");
    let (edit, _) = fyresdal.share("p", &relay);
    vinje.run(&["join", &edit, "-o", "q"]).code(0);
    assert_eq!(vinje.heads("q"), fyresdal.heads("p"));

    let (one, other) = (add_measure("x", "d1"), add_measure("y", "d1"));
    fyresdal.apply(
        "p",
        &[
            one,
            write_title("x", "Tun"),
            set_time_frame("d1-2", 2025, 2026),
        ]
        .join("\n"),
    );
    vinje.apply(
        "q",
        &[
            other,
            write_title("y", "Hage"),
            set_time_frame("d1-2", 2027, 2028),
        ]
        .join("\n"),
    );
    fyresdal.run(&["sync", "p"]).code(0);
    vinje
        .run(&["sync", "q"])
        .code(0)
        .says("received")
        .says("sent");
    fyresdal.run(&["sync", "p"]).code(0);

    assert_eq!(vinje.heads("q"), fyresdal.heads("p"));
    let shown = fyresdal.run(&["plan", "show", "p"]).code(0).out;
    for part in ["1-7 ", "1-8 ", "Tun", "Hage", "not agreed: "] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
}

#[test]
fn a_second_time_there_is_nothing_to_send() {
    let relay = Relay::start();
    let desk = Desk::new();
    desk.example("p");
    let links = desk.share("p", &relay);
    desk.run(&["sync", "p"])
        .code(0)
        .says("received nothing, sent nothing");
    assert_eq!(
        desk.share("p", &relay),
        links,
        "sharing again gives the same links"
    );
}

#[test]
fn who_has_the_read_link_reads_and_cannot_write() {
    let relay = Relay::start();
    let (writer, reader) = (Desk::new(), Desk::new());
    writer.example("p");
    let (edit, read) = writer.share("p", &relay);
    reader.run(&["join", &read, "-o", "q"]).code(0);
    assert_eq!(reader.heads("q"), writer.heads("p"));

    let secret = |link: &str| link.split_once('#').unwrap().1.to_owned();
    let keys = String::from_utf8(reader.read("q.keys")).unwrap();
    assert!(
        !keys.contains(&secret(&edit)),
        "the read link gives no edit secret"
    );
    let shared = reader
        .run(&["share", "q", "--relay", &relay.url])
        .code(0)
        .says("only read");
    assert_eq!(shared.out, format!("read: {read}\n"));

    reader.apply("q", &set_time_frame("d1-2", 2030, 2031));
    reader.run(&["sync", "q"]).code(4).says("stays in it");
    writer.run(&["sync", "p"]).code(0).says("received nothing");
}

#[test]
fn a_file_from_an_older_copy_gets_back_what_it_lacks() {
    let relay = Relay::start();
    let (one, two) = (Desk::new(), Desk::new());
    one.example("p");
    let (edit, _) = one.share("p", &relay);
    two.run(&["join", &edit, "-o", "q"]).code(0);
    let older = two.read("q");
    one.apply("p", &write_title("d1-1", "Nytt namn"));
    one.run(&["sync", "p"]).code(0);
    two.run(&["sync", "q"]).code(0);
    // The keys stay as they are: they remember having received everything.
    fs::write(two.path("q"), older).unwrap();
    two.run(&["sync", "q"]).code(0);
    assert_eq!(two.heads("q"), one.heads("p"));
}

#[test]
fn keys_that_forgot_everything_but_the_secrets_lose_nothing() {
    let relay = Relay::start();
    let (one, two) = (Desk::new(), Desk::new());
    one.example("p");
    let (edit, _) = one.share("p", &relay);
    one.apply("p", &add_measure("x", "d1"));
    let mut keys: serde_json::Value = serde_json::from_slice(&one.read("p.keys")).unwrap();
    for forgotten in ["session", "vouches"] {
        keys[forgotten] = "".into();
    }
    fs::write(one.path("p.keys"), keys.to_string()).unwrap();
    one.run(&["sync", "p"]).code(0);
    two.run(&["join", &edit, "-o", "q"]).code(0);
    assert_eq!(two.heads("q"), one.heads("p"));
}

#[test]
fn a_replaced_relay_gets_everything_again() {
    let desk = Desk::new();
    desk.example("p");
    let first = Relay::start();
    desk.share("p", &first);
    drop(first);
    let second = Relay::start();
    let (edit, _) = desk.share("p", &second);
    let other = Desk::new();
    other.run(&["join", &edit, "-o", "q"]).code(0);
    assert_eq!(other.heads("q"), desk.heads("p"));
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    let mut relay = Relay::start();
    let desk = Desk::new();
    desk.example("p");
    let (edit, _) = desk.share("p", &relay);
    desk.apply("p", &add_measure("x", "d1"));
    desk.run(&["sync", "p"]).code(0);
    relay.kill();
    desk.run(&["sync", "p"]).code(3).says("Nothing is lost");
    relay.restart();
    let other = Desk::new();
    other.run(&["join", &edit, "-o", "q"]).code(0);
    assert_eq!(other.heads("q"), desk.heads("p"));
}

/// Relay and device are killed at moments spread over the time that one sync
/// takes; what holds holds at each of them.
#[test]
fn killed_in_the_middle_they_meet_in_the_end() {
    let mut relay = Relay::start();
    let (one, two) = (Desk::new(), Desk::new());
    one.example("p");
    let (edit, _) = one.share("p", &relay);
    let begun = Instant::now();
    one.run(&["sync", "p"]).code(0);
    let whole = begun.elapsed();
    for round in 0..ROUNDS {
        let id = format!("x{round}");
        one.apply(
            "p",
            &format!("{}\n{}", add_measure(&id, "d1"), write_title(&id, &id)),
        );
        let mut device = one.command(&["sync", "p"]).spawn().unwrap();
        thread::sleep(whole * round / ROUNDS);
        if round % 2 == 0 {
            relay.kill();
            let code = device.wait().unwrap().code();
            assert!(matches!(code, Some(0 | 3)), "{code:?}");
            relay.restart();
        } else {
            device.kill().unwrap();
            device.wait().unwrap();
        }
    }
    one.run(&["sync", "p"]).code(0);
    two.run(&["join", &edit, "-o", "q"]).code(0);
    assert_eq!(two.heads("q"), one.heads("p"));
    let shown = two.run(&["plan", "show", "q"]).code(0).out;
    for title in (0..ROUNDS).map(|round| format!("x{round}")) {
        assert!(shown.contains(&title), "{title} is not in {shown}");
    }
}

#[test]
fn two_commands_on_one_file_take_turns() {
    let relay = Relay::start();
    let desk = Desk::new();
    desk.example("p");
    let (edit, _) = desk.share("p", &relay);
    let at_once: Vec<_> = (0..4)
        .map(|number| {
            let edits = format!("{number}.jsonl");
            fs::write(desk.path(&edits), add_measure(&format!("x{number}"), "d1")).unwrap();
            let apply = desk
                .command(&["plan", "apply", "p", &edits])
                .spawn()
                .unwrap();
            [apply, desk.command(&["sync", "p"]).spawn().unwrap()]
        })
        .collect();
    for mut process in at_once.into_iter().flatten() {
        assert!(process.wait().unwrap().success());
    }
    desk.run(&["sync", "p"]).code(0);
    let other = Desk::new();
    other.run(&["join", &edit, "-o", "q"]).code(0);
    let shown = other.run(&["plan", "show", "q"]).code(0).out;
    assert!(shown.contains("1-10 "), "all four are there: {shown}");
}
