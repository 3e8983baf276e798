//! Plans that are kept at several relays, or move from one to another.

#![allow(clippy::unwrap_used)]

mod harness;

use std::fs;

use harness::{Desk, Relay, add_measure, write_title};

/// An address where nothing listens: the port was free a moment ago.
fn nowhere() -> String {
    Relay::start().url.clone()
}

/// Two desks with one plan, which is at `relay`.
fn two_at(relay: &Relay) -> (Desk, Desk) {
    let (one, two) = (Desk::new(), Desk::new());
    one.example("p");
    let (edit, _) = one.share("p", relay);
    two.run(&["join", &edit, "-o", "p"]).code(0);
    (one, two)
}

fn relays(desk: &Desk) -> Vec<String> {
    let said = desk.run(&["relays", "p"]).code(0);
    said.out.lines().map(str::to_owned).collect()
}

fn add_named(desk: &Desk, id: &str) {
    let edits = [add_measure(id, "d1"), write_title(id, id)];
    desk.apply("p", &edits.join("\n"));
}

#[track_caller]
fn assert_same(one: &Desk, two: &Desk, titles: &[&str]) {
    assert_eq!(one.heads("p"), two.heads("p"));
    let shown = one.run(&["plan", "show", "p"]).code(0).out;
    for title in titles {
        assert!(shown.contains(title), "{title} is not in {shown}");
    }
}

#[test]
fn a_plan_kept_at_two_relays_goes_on_when_the_first_is_gone_for_good() {
    let (mut first, second) = (Relay::start(), Relay::start());
    let (one, two) = two_at(&first);
    one.run(&["relays", "p", "--add", &second.url]).code(0);
    // The other learns of it by the plan itself, and comes to both.
    two.run(&["sync", "p"]).code(0).says(&second.url);
    assert_eq!(relays(&one), relays(&two));
    assert_eq!(relays(&two).len(), 2);
    let shown = two.run(&["plan", "show", "p"]).code(0).out;
    assert!(shown.contains("Kept at: ") && shown.contains(&second.url));

    first.kill();
    add_named(&one, "from-one");
    add_named(&two, "from-two");
    one.run(&["sync", "p"]).code(0).says("could not be reached");
    two.run(&["sync", "p"])
        .code(0)
        .says("Another relay has all");
    one.run(&["sync", "p"]).code(0);
    assert_same(&one, &two, &["from-one", "from-two"]);

    // Gone for good: it is taken out, and no one asks for it any more.
    one.run(&["relays", "p", "--remove", &first.url]).code(0);
    let said = two.run(&["sync", "p"]).code(0).says("is left");
    assert!(said.err.contains(&first.url));
    let said = two.run(&["sync", "p"]).code(0);
    assert!(!said.err.contains(&first.url), "{said:?}");
    assert_eq!(relays(&two), std::slice::from_ref(&second.url));
    assert_same(&one, &two, &[]);
}

#[test]
fn a_plan_moves_while_one_is_offline_for_weeks() {
    let (first, second) = (Relay::start(), Relay::start());
    let (one, two) = two_at(&first);
    add_named(&two, "weeks-offline");
    one.run(&["relays", "p", "--add", &second.url, "--remove", &first.url])
        .code(0);
    assert_eq!(relays(&one), std::slice::from_ref(&second.url));
    add_named(&one, "at-the-new-one");
    one.run(&["sync", "p"]).code(0);

    // The old relay still has what says where the plan has gone.
    two.run(&["sync", "p"]).code(0).says("is left");
    assert_eq!(relays(&two), std::slice::from_ref(&second.url));
    one.run(&["sync", "p"]).code(0);
    assert_same(&one, &two, &["weeks-offline", "at-the-new-one"]);
    let (edit, _) = one.share("p", &second);
    let newcomer = Desk::new();
    newcomer.run(&["join", &edit, "-o", "p"]).code(0);
    assert_same(&one, &newcomer, &["weeks-offline"]);
}

#[test]
fn where_the_old_relay_is_gone_a_link_names_the_new_one() {
    let (mut first, second) = (Relay::start(), Relay::start());
    let (one, two) = two_at(&first);
    add_named(&two, "weeks-offline");
    first.kill();
    let (edit, _) = one.share("p", &second);
    two.run(&["sync", "p"]).code(3).says("Nothing is lost");
    two.run(&["join", &edit, "-o", "p"]).code(0);
    one.run(&["sync", "p"]).code(0);
    assert_same(&one, &two, &["weeks-offline"]);
}

#[test]
fn what_comes_by_one_relay_is_carried_to_the_other() {
    let (first, second) = (Relay::start(), Relay::start());
    let (one, two) = two_at(&first);
    one.run(&["relays", "p", "--add", &second.url]).code(0);
    // Two has only been at the first; three has only the second in its link.
    let (edit, _) = one.share("p", &second);
    let three = Desk::new();
    three.run(&["join", &edit, "-o", "p"]).code(0);
    add_named(&two, "from-two");
    two.run(&["sync", "p"]).code(0);
    three.run(&["sync", "p"]).code(0);
    assert_same(&two, &three, &["from-two"]);
}

#[test]
fn a_relay_that_is_not_there_is_named_to_no_one() {
    let relay = Relay::start();
    let (one, _) = two_at(&relay);
    let before = one.heads("p");
    one.run(&["relays", "p", "--add", &nowhere()]).code(3);
    assert_eq!(relays(&one), std::slice::from_ref(&relay.url));
    assert_eq!(one.heads("p"), before);
}

#[test]
fn a_relay_is_not_left_before_another_has_all() {
    let (first, mut second) = (Relay::start(), Relay::start());
    let (one, _) = two_at(&first);
    let url = first.url.clone();
    one.run(&["relays", "p", "--remove", &url])
        .code(1)
        .says("the only relay");
    one.run(&["relays", "p", "--add", &second.url]).code(0);
    second.kill();
    one.run(&["relays", "p", "--remove", &url])
        .code(3)
        .says("Nothing was changed");
    assert_eq!(relays(&one).len(), 2);
    one.run(&["relays", "p", "--remove", &nowhere()])
        .code(1)
        .says("not among the relays");
}

#[test]
fn a_relay_met_by_two_addresses_is_one() {
    let relay = Relay::start();
    let (one, two) = two_at(&relay);
    let other = relay.url.replace("127.0.0.1", "localhost");
    one.run(&["relays", "p", "--add", &other])
        .code(0)
        .says("the same relay");
    for round in 0..3 {
        for desk in [&one, &two] {
            add_named(desk, &format!("round-{round}"));
            desk.run(&["sync", "p"]).code(0).says("the same relay");
        }
        one.run(&["sync", "p"]).code(0);
        assert_same(&one, &two, &[&format!("round-{round}")]);
    }
    // One of the addresses goes out of use: the other goes on as before.
    one.run(&["relays", "p", "--remove", &relay.url]).code(0);
    two.run(&["sync", "p"]).code(0);
    add_named(&two, "by-the-other");
    two.run(&["sync", "p"]).code(0);
    one.run(&["sync", "p"]).code(0);
    assert_same(&one, &two, &["by-the-other"]);
}

#[test]
fn a_relay_that_changes_its_address_is_known_by_its_log() {
    let mut relay = Relay::start();
    let (one, two) = two_at(&relay);
    relay.kill();
    relay.restart_elsewhere();
    let (edit, _) = {
        // Only that the plan names its relays is new to it.
        let said = one.run(&["relays", "p", "--add", &relay.url]).code(0);
        assert!(
            said.err.contains("received nothing, sent 2 changes"),
            "{said:?}"
        );
        one.share("p", &relay)
    };
    add_named(&two, "from-two");
    two.run(&["join", &edit, "-o", "p"]).code(0);
    one.run(&["sync", "p"]).code(0);
    assert_same(&one, &two, &["from-two"]);
}

#[test]
fn who_only_reads_meets_all_relays_and_names_none() {
    let (mut first, second) = (Relay::start(), Relay::start());
    let one = Desk::new();
    one.example("p");
    let (_, read) = one.share("p", &first);
    let reader = Desk::new();
    reader.run(&["join", &read, "-o", "p"]).code(0);
    one.run(&["relays", "p", "--add", &second.url]).code(0);
    reader.run(&["sync", "p"]).code(0);
    first.kill();
    add_named(&one, "after");
    one.run(&["sync", "p"]).code(0);
    reader.run(&["sync", "p"]).code(0);
    assert_same(&one, &reader, &["after"]);
    reader
        .run(&["relays", "p", "--remove", &first.url])
        .code(1)
        .says("read link");
}

#[test]
fn a_lost_state_of_one_relay_costs_time_only() {
    let (first, second) = (Relay::start(), Relay::start());
    let (one, two) = two_at(&first);
    one.run(&["relays", "p", "--add", &second.url]).code(0);
    let mut keys: serde_json::Value = serde_json::from_slice(&one.read("p.keys")).unwrap();
    // As an older version would write it.
    keys.as_object_mut().unwrap().remove("more_relays").unwrap();
    fs::write(one.path("p.keys"), keys.to_string()).unwrap();
    add_named(&one, "after");
    one.run(&["sync", "p"]).code(0);
    two.run(&["sync", "p"]).code(0);
    assert_same(&one, &two, &["after"]);
}
