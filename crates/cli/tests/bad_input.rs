//! What is wrong is said, with its exit code, and nothing that was there is
//! harmed.

#![allow(clippy::unwrap_used)]

mod harness;

use std::fs;

use automerge::{ROOT, transaction::Transactable};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use harness::{Desk, Relay, add_measure, set_time_frame};
use sync::{
    keys::{EditSecret, PlanKeys},
    link::Link,
};

/// Nothing listens on port 9 (discard) of this machine.
const NOBODY: &str = "http://127.0.0.1:9";

#[test]
fn what_is_no_plan_is_said_so() {
    let desk = Desk::new();
    fs::write(desk.path("letter"), "Kjære alle saman").unwrap();
    fs::write(desk.path("empty"), "").unwrap();
    fs::write(desk.path("other"), automerge::AutoCommit::new().save()).unwrap();
    desk.run(&["plan", "show", "letter"])
        .code(1)
        .says("no automerge document");
    desk.run(&["plan", "show", "empty"])
        .code(1)
        .says("is not a plan");
    desk.run(&["plan", "show", "other"])
        .code(1)
        .says("does not hold a Samskriv plan");
    desk.run(&["plan", "show", "none"])
        .code(1)
        .says("can't be read");
    assert_eq!(desk.read("letter"), "Kjære alle saman".as_bytes());
    assert!(!desk.path("none.lock").exists() && !desk.path("none.keys").exists());
}

#[test]
fn a_damaged_plan_is_left_as_it_is() {
    let desk = Desk::new();
    desk.example("p");
    let mut bytes = desk.read("p");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    fs::write(desk.path("p"), &bytes).unwrap();
    desk.run_with_input(
        &["plan", "apply", "p", "-"],
        &set_time_frame("d1-1", 2025, 2026),
    )
    .code(1)
    .says("is not a plan");
    assert_eq!(desk.read("p"), bytes);
}

#[test]
fn a_newer_plan_is_shown_but_not_edited() {
    let desk = Desk::new();
    desk.example("p");
    let mut document = automerge::AutoCommit::load(&desk.read("p")).unwrap();
    document.put(ROOT, "schema", 99).unwrap();
    let newer = document.save();
    fs::write(desk.path("p"), &newer).unwrap();

    desk.run(&["plan", "show", "p"])
        .code(0)
        .says("newer Samskriv (schema 99)");
    desk.run_with_input(
        &["plan", "apply", "p", "-"],
        &set_time_frame("d1-1", 2025, 2026),
    )
    .code(1)
    .says("newer Samskriv (schema 99)");
    assert_eq!(desk.read("p"), newer);
}

#[test]
fn one_bad_line_of_edits_stops_all_of_them_and_is_named() {
    let desk = Desk::new();
    desk.example("p");
    let before = desk.read("p");
    let good = set_time_frame("d1-1", 2030, 2031);
    for (bad, says) in [
        ("{\"set\": ", "line 3 of the edits: not an edit"),
        ("{\"rename\": {}}", "line 3 of the edits: not an edit"),
        (
            &set_time_frame("no-such", 2025, 2026),
            "line 3 of the edits: the plan has no",
        ),
        (
            &add_measure("d1-1", "d1"),
            "line 3 of the edits: the plan has a",
        ),
    ] {
        let edits = format!("{good}\n\n{bad}\n{good}\n");
        desk.run_with_input(&["plan", "apply", "p", "-"], &edits)
            .code(1)
            .says(says);
        assert_eq!(desk.read("p"), before, "{bad}");
    }
}

#[test]
fn links_that_lead_nowhere_say_what_is_wrong_with_them() {
    let desk = Desk::new();
    let relay = Relay::start();
    desk.example("p");
    let (edit, _) = desk.share("p", &relay);
    let (address, fragment) = edit.split_once('#').unwrap();
    let mut newer = BASE64.decode(fragment).unwrap();
    newer[0] = 2;
    let newer = format!("{address}#{}", BASE64.encode(newer));
    let cut = &edit[..edit.len() - 7];
    let stranger = PlanKeys::edit(EditSecret::from_bytes([9; 32]));
    let stranger = Link {
        keys: stranger,
        relay: None,
    }
    .url(&relay.url.parse().unwrap());

    for (link, says) in [
        ("", "the link is empty"),
        ("   ", "the link is empty"),
        (cut, "cut or damaged"),
        (address, "cut or damaged"),
        ("https://example.com/", "cut or damaged"),
        ("not a link", "not a link to a plan"),
        (newer.as_str(), "newer Samskriv"),
        (fragment, "does not say which relay"),
        (stranger.as_str(), "has nothing stored for this link's plan"),
    ] {
        desk.run(&["join", link, "-o", "joined"]).code(1).says(says);
        assert!(!desk.path("joined").exists(), "{link}");
        assert!(!desk.path("joined.keys").exists(), "{link}");
    }
}

#[test]
fn joining_writes_over_no_file() {
    let desk = Desk::new();
    let relay = Relay::start();
    desk.example("p");
    let (edit, _) = desk.share("p", &relay);
    fs::write(desk.path("mine"), "mine").unwrap();
    desk.run(&["join", &edit, "-o", "mine"])
        .code(1)
        .says("exists already");
    assert_eq!(desk.read("mine"), b"mine");
    fs::write(desk.path("other.keys"), "mine").unwrap();
    desk.run(&["join", &edit, "-o", "other"])
        .code(1)
        .says("exists already");
    assert!(!desk.path("other").exists());
}

#[test]
fn a_relay_out_of_reach_costs_nothing() {
    let desk = Desk::new();
    desk.example("p");
    let before = desk.heads("p");
    desk.run(&["share", "p", "--relay", NOBODY])
        .code(3)
        .says("Nothing is lost");
    assert_eq!(desk.heads("p"), before);

    // The keys it got then are the keys it is shared by now.
    let keys = desk.read("p.keys");
    let relay = Relay::start();
    desk.share("p", &relay);
    let secret = |keys: &[u8]| -> serde_json::Value {
        serde_json::from_slice::<serde_json::Value>(keys).unwrap()["plan"].clone()
    };
    assert_eq!(secret(&desk.read("p.keys")), secret(&keys));
}

#[test]
fn what_answers_but_is_no_relay_is_not_waited_for() {
    let desk = Desk::new();
    desk.example("p");
    let relay = Relay::start();
    let elsewhere = format!("{}/elsewhere", relay.url);
    desk.run(&["share", "p", "--relay", &elsewhere])
        .code(3)
        .says("not how a relay answers");
}

#[test]
fn a_relay_without_a_certificate_is_not_spoken_to_in_the_open() {
    let desk = Desk::new();
    desk.example("p");
    let relay = Relay::start();
    let sealed = relay.url.replace("http://", "https://");
    desk.run(&["share", "p", "--relay", &sealed])
        .code(3)
        .says("could not be reached");
}

#[test]
fn a_plan_that_is_not_shared_cannot_be_synchronised() {
    let desk = Desk::new();
    desk.example("p");
    desk.run(&["sync", "p"]).code(1).says("samskriv share");
}

#[test]
fn keys_that_cannot_be_used_are_left_as_they_are() {
    let desk = Desk::new();
    desk.example("p");
    for (keys, says) in [
        ("not json", "not a file of keys"),
        ("{\"version\": 9}", "newer Samskriv (version 9)"),
    ] {
        fs::write(desk.path("p.keys"), keys).unwrap();
        desk.run(&["sync", "p"])
            .code(1)
            .says(says)
            .says("The plan itself is safe");
        assert_eq!(desk.read("p.keys"), keys.as_bytes());
    }
}

#[test]
fn wrong_usage_has_its_own_code() {
    let desk = Desk::new();
    desk.run(&["plan", "new", "--template", "haiku", "p"])
        .code(2);
    desk.run(&["share", "p", "--relay", "relay.example"])
        .code(2)
        .says("https://");
    desk.run(&[]).code(2);
}

#[test]
fn a_relay_that_cannot_start_says_why() {
    let desk = Desk::new();
    let relay = Relay::start();
    let data = relay.data().to_str().unwrap();
    let here = "127.0.0.1:0";
    desk.run(&["relay", "--listen", here, "--data", data])
        .code(1)
        .says("another relay is using");
    let taken = relay.url.strip_prefix("http://").unwrap();
    desk.run(&["relay", "--listen", taken, "--data", "d"])
        .code(1)
        .says("can't listen on");
    desk.run(&["relay", "--listen", here, "--data", "d", "--app", "none"])
        .code(1)
        .says("holds no built app");
}
