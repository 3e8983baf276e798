//! Plans that move to new keys, with some and without others.

#![allow(clippy::unwrap_used)]

mod harness;

use std::{fs, thread, time::Instant};

use harness::{Desk, Relay, Said, add_measure, write_title};
use serde_json::Value;

const ROUNDS: u32 = 10;

/// A desk's device id, as the plan has it.
fn device(desk: &Desk) -> String {
    let said = desk.run(&["rekey", "p", "--list"]).code(0);
    let own = own_name(desk);
    let mut lines = said.out.lines();
    assert!(lines.any(|line| line.starts_with(&own)), "{}", said.out);
    own
}

/// The first digits of the public key that belongs to the secret in the file.
fn own_name(desk: &Desk) -> String {
    let whole = desk.show("p");
    let people = whole["people"].as_object().into_iter().flatten();
    let mut own = people.filter(|(_, person)| person["name"]["value"] == desk.name());
    own.next().unwrap().0[..8].to_owned()
}

trait Named {
    fn name(&self) -> String;
    fn introduce(&self);
    fn add_named(&self, id: &str);
    fn keys(&self) -> Value;
}

impl Named for Desk {
    /// The desk's directory, which no other desk has.
    fn name(&self) -> String {
        let path = self.path("p");
        let directory = path.parent().unwrap().file_name().unwrap();
        directory.to_str().unwrap().to_owned()
    }

    /// Says in the plan who is behind this device.
    fn introduce(&self) {
        // An edit of its own shows under which name the device writes.
        let marker = format!("by-{}", self.name());
        self.apply("p", &add_measure(&marker, "d1"));
        let device = last_author(self);
        let edits = [
            format!(r#"{{"ensure": {{"person": {{"device": "{device}"}}}}}}"#),
            format!(
                r#"{{"set": {{"id": "{device}", "field": {{"person": {{"name": "{}"}}}}}}}}"#,
                self.name()
            ),
        ];
        self.apply("p", &edits.join("\n"));
    }

    fn add_named(&self, id: &str) {
        let edits = [add_measure(id, "d1"), write_title(id, id)];
        self.apply("p", &edits.join("\n"));
    }

    fn keys(&self) -> Value {
        serde_json::from_slice(&self.read("p.keys")).unwrap()
    }
}

/// Who made the latest change, by the plain document.
fn last_author(desk: &Desk) -> String {
    let mut doc = automerge::AutoCommit::load(&desk.read("p")).unwrap();
    let changes = doc.get_changes(&[]);
    let latest = changes.last().unwrap();
    let author = doc.get_author_for_actor(latest.actor_id()).unwrap();
    String::from_utf8(author.as_bytes().to_vec()).unwrap()
}

/// Desks with one plan at a relay, each known in it by name.
fn desks<const N: usize>(relay: &Relay) -> [Desk; N] {
    let desks: [Desk; N] = std::array::from_fn(|_| Desk::new());
    desks[0].example("p");
    let (edit, _) = desks[0].share("p", relay);
    for desk in &desks[1..] {
        desk.run(&["join", &edit, "-o", "p"]).code(0);
    }
    for desk in &desks {
        desk.introduce();
        desk.run(&["sync", "p"]).code(0);
    }
    for desk in &desks {
        desk.run(&["sync", "p"]).code(0);
    }
    desks
}

fn edit_link(said: &Said) -> &str {
    let mut lines = said.out.lines();
    lines.find_map(|line| line.strip_prefix("edit: ")).unwrap()
}

#[track_caller]
fn assert_has(desk: &Desk, title: &str, has: bool) {
    let shown = desk.run(&["plan", "show", "p"]).code(0).out;
    assert_eq!(shown.contains(title), has, "{title} in {shown}");
}

#[test]
fn the_chosen_follow_with_what_they_wrote_offline_and_the_others_do_not() {
    let relay = Relay::start();
    let [mover, chosen, other] = desks(&relay);
    chosen.add_named("weeks-offline");
    other.add_named("left-out");
    let moved = mover
        .run(&["rekey", "p", "--keep", &chosen.name()])
        .code(0)
        .says("can follow")
        .says("the old links end here");
    mover.add_named("after-the-move");
    mover.run(&["sync", "p"]).code(0);

    chosen
        .run(&["sync", "p"])
        .code(0)
        .says(&mover.name())
        .says("this file follows");
    mover.run(&["sync", "p"]).code(0);
    assert_eq!(mover.heads("p"), chosen.heads("p"));
    for title in ["weeks-offline", "after-the-move"] {
        assert_has(&mover, title, true);
    }

    // Who was left out learns by whom, keeps what there is, and sends nothing.
    for _ in 0..2 {
        let said = other.run(&["sync", "p"]).code(4);
        said.says(&mover.name()).says("did not choose this device");
    }
    assert_has(&other, "left-out", true);
    assert_has(&other, "after-the-move", false);
    assert_has(&mover, "left-out", false);

    // A new link is for whom it is given to, and shows the whole history.
    let newcomer = Desk::new();
    newcomer
        .run(&["join", edit_link(&moved), "-o", "p"])
        .code(0);
    assert_eq!(newcomer.heads("p"), mover.heads("p"));
}

#[test]
fn who_was_left_out_by_mistake_comes_along_with_a_new_link() {
    let relay = Relay::start();
    let [mover, left] = desks(&relay);
    left.add_named("left-out");
    let moved = mover.run(&["rekey", "p", "--alone"]).code(0);
    let link = edit_link(&moved).to_owned();
    // Not before the file knows that its own keys have ended.
    left.run(&["join", &link, "-o", "p"]).code(1).says("exists");
    left.run(&["sync", "p"]).code(4);
    left.run(&["join", &link, "-o", "p"]).code(0);
    mover.run(&["sync", "p"]).code(0);
    assert_eq!(mover.heads("p"), left.heads("p"));
    assert_has(&mover, "left-out", true);

    // A link to another plan changes nothing.
    let [stranger] = desks(&relay);
    let (other, _) = stranger.share("p", &relay);
    mover.run(&["rekey", "p", "--alone"]).code(0);
    left.run(&["sync", "p"]).code(4);
    let before = left.read("p.keys");
    left.run(&["join", &other, "-o", "p"])
        .code(1)
        .says("another plan");
    assert_eq!(left.read("p.keys"), before);
}

#[test]
fn an_old_link_leads_to_a_plan_that_says_it_is_closed() {
    let relay = Relay::start();
    let [mover] = desks(&relay);
    let (old, _) = mover.share("p", &relay);
    mover.run(&["rekey", "p", "--alone"]).code(0);
    let (new, _) = mover.share("p", &relay);
    assert_ne!(old, new);
    let late = Desk::new();
    late.run(&["join", &old, "-o", "p"])
        .code(4)
        .says("closed the plan under these keys");
}

#[test]
fn one_may_be_chosen_to_read_only() {
    let relay = Relay::start();
    let [mover, reader] = desks(&relay);
    mover
        .run(&["rekey", "p", "--keep-all", "--read", &reader.name()])
        .code(0)
        .says("to read only");
    reader.run(&["sync", "p"]).code(0);
    let shared = reader.run(&["share", "p"]).code(0).says("only read");
    assert!(!shared.out.contains("edit: "));
    reader.add_named("not-taken");
    reader.run(&["sync", "p"]).code(4).says("stays in it");
    mover.run(&["sync", "p"]).code(0);
    assert_has(&mover, "not-taken", false);
}

#[test]
fn who_was_left_out_can_go_on_with_others() {
    let relay = Relay::start();
    let [mover, left, friend] = desks(&relay);
    mover.run(&["rekey", "p", "--alone"]).code(0);
    left.add_named("going-on");
    left.run(&["sync", "p"]).code(4);
    let moved = left.run(&["rekey", "p", "--alone"]).code(0);
    assert!(moved.err.contains("no one follows by themselves"));
    left.run(&["sync", "p"]).code(0);
    let link = edit_link(&moved).to_owned();
    friend.run(&["join", &link, "-o", "q"]).code(0);
    assert_eq!(friend.heads("q"), left.heads("p"));
    assert!(friend.run(&["plan", "show", "q"]).out.contains("going-on"));
    assert_has(&mover, "going-on", false);
}

#[test]
fn who_comes_second_follows_the_first() {
    let relay = Relay::start();
    let [first, second] = desks(&relay);
    second.add_named("from-second");
    first.run(&["rekey", "p", "--keep-all"]).code(0);
    second
        .run(&["rekey", "p", "--alone"])
        .code(0)
        .says("this file follows");
    first.run(&["sync", "p"]).code(0);
    assert_eq!(first.heads("p"), second.heads("p"));
    assert_has(&first, "from-second", true);
}

/// Its new keys are gone with the copy that is put in the file's place.
#[test]
fn a_closer_that_was_set_back_follows_its_own_closing() {
    let relay = Relay::start();
    let [mover, other] = desks(&relay);
    let before = [mover.read("p"), mover.read("p.keys")];
    mover
        .run(&["rekey", "p", "--keep", &device(&other)])
        .code(0);
    other.run(&["sync", "p"]).code(0);
    other.add_named("under-the-new-keys");
    other.run(&["sync", "p"]).code(0);

    for (name, bytes) in ["p", "p.keys"].iter().zip(before) {
        fs::write(mover.path(name), bytes).unwrap();
    }
    mover.run(&["sync", "p"]).code(0);
    assert_has(&mover, "under-the-new-keys", true);
    mover.add_named("once-more");
    mover.run(&["sync", "p"]).code(0);
    other.run(&["sync", "p"]).code(0);
    assert_has(&other, "once-more", true);
}

#[test]
fn a_move_is_begun_only_by_those_who_may_and_for_those_who_are_known() {
    let mut relay = Relay::start();
    let [mover] = desks(&relay);
    let (_, read) = mover.share("p", &relay);
    let before = mover.read("p.keys");
    mover.run(&["rekey", "p"]).code(1).says("--keep-all");
    mover
        .run(&["rekey", "p", "--keep", "Nobody"])
        .code(1)
        .says("called «Nobody»");
    mover
        .run(&["rekey", "p", "--give-up"])
        .code(1)
        .says("no move");
    let reader = Desk::new();
    reader.run(&["join", &read, "-o", "p"]).code(0);
    reader
        .run(&["rekey", "p", "--alone"])
        .code(1)
        .says("read link");
    relay.kill();
    mover.run(&["rekey", "p", "--alone"]).code(3);
    assert_eq!(mover.read("p.keys"), before);
}

#[test]
fn a_move_that_no_one_has_heard_of_is_given_up() {
    let relay = Relay::start();
    let [mover, other] = desks(&relay);
    let id = device(&other);
    // As after a stop right when the new keys were made.
    let mut keys = mover.keys();
    let secret = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    keys["moving"] = serde_json::json!({
        "secret": secret, "chosen": [], "sessions": [], "is_announced": false,
    });
    fs::write(mover.path("p.keys"), keys.to_string()).unwrap();
    mover
        .run(&["rekey", "p", "--keep", &id])
        .code(1)
        .says("under way");
    // The plan goes on as it was meanwhile.
    mover.add_named("meanwhile");
    mover.run(&["sync", "p"]).code(0).says("under way");
    mover
        .run(&["rekey", "p", "--give-up"])
        .code(0)
        .says("given up");
    assert!(mover.keys().get("moving").is_none());
    other.run(&["sync", "p"]).code(0);
    assert_has(&other, "meanwhile", true);

    keys["moving"]["is_announced"] = true.into();
    fs::write(mover.path("p.keys"), keys.to_string()).unwrap();
    mover
        .run(&["rekey", "p", "--give-up"])
        .code(1)
        .says("can't be given up");
    mover.run(&["rekey", "p"]).code(0).says("the old links end");
}

/// The relay or the mover is killed at moments spread over the time that a move
/// takes; each time the move ends well, and once.
#[test]
fn killed_at_any_point_a_move_goes_on_where_it_stopped() {
    let mut relay = Relay::start();
    let [mover, chosen] = desks(&relay);
    let begun = Instant::now();
    mover.run(&["rekey", "p", "--keep-all"]).code(0);
    let whole = begun.elapsed();
    chosen.run(&["sync", "p"]).code(0);
    for round in 0..ROUNDS {
        let offline = format!("offline-{round}");
        chosen.add_named(&offline);
        let mut moving = mover
            .command(&["rekey", "p", "--keep-all"])
            .spawn()
            .unwrap();
        thread::sleep(whole * round / ROUNDS);
        if round % 2 == 0 {
            relay.kill();
            let code = moving.wait().unwrap().code();
            assert!(matches!(code, Some(0 | 3)), "{code:?}");
            relay.restart();
        } else {
            moving.kill().unwrap();
            moving.wait().unwrap();
        }
        if mover.keys().get("moving").is_some() {
            mover.run(&["rekey", "p"]).code(0);
        }
        assert!(mover.keys().get("moving").is_none());
        chosen.run(&["sync", "p"]).code(0);
        mover.run(&["sync", "p"]).code(0);
        assert_eq!(mover.heads("p"), chosen.heads("p"), "round {round}");
        assert_has(&mover, &offline, true);
        assert_eq!(mover.keys()["plan"], chosen.keys()["plan"]);
    }
}

#[test]
fn what_was_vouched_for_is_so_under_the_new_keys() {
    let relay = Relay::start();
    let [mover, chosen, left] = desks(&relay);
    left.add_named("by-who-was-left");
    left.run(&["sync", "p"]).code(0);
    mover.run(&["rekey", "p", "--keep", &chosen.name()]).code(0);
    let (edit, _) = mover.share("p", &relay);
    let newcomer = Desk::new();
    newcomer.run(&["join", &edit, "-o", "p"]).code(0);
    // One for each device that wrote: the mover's own, and those it passed on.
    let vouches = newcomer.keys()["vouches"].as_str().unwrap().len();
    let passed_on = mover.keys()["vouches"].as_str().unwrap().len();
    assert!(vouches > passed_on, "{vouches} of {passed_on}");
}

#[test]
fn a_plan_at_two_relays_is_closed_at_both() {
    let (first, second) = (Relay::start(), Relay::start());
    let [mover, chosen] = desks(&first);
    mover.run(&["relays", "p", "--add", &second.url]).code(0);
    chosen.run(&["sync", "p"]).code(0);
    mover.run(&["rekey", "p", "--keep-all"]).code(0);
    mover.add_named("after");
    mover.run(&["sync", "p"]).code(0);
    drop(first);
    chosen.run(&["sync", "p"]).code(0).says("this file follows");
    assert_has(&chosen, "after", true);
}
