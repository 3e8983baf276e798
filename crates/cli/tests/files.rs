//! Plans that travel by file: written, merged, refused.

#![allow(clippy::unwrap_used)]

mod harness;

use std::fs;

use automerge::transaction::Transactable;
use harness::{Desk, Relay, add_measure, set_time_frame, write_title};

/// Two offices with the same plan and its keys, that have never seen a relay.
/// The plan's edit link comes third.
fn two_offices() -> (Desk, Desk, String) {
    let (fyresdal, vinje) = (Desk::new(), Desk::new());
    fyresdal.example("p");
    let link = edit_link(&fyresdal, "p");
    fyresdal.run(&["export", "p", "-o", "all.samskriv"]).code(0);
    hand_over(&fyresdal, &vinje, "all.samskriv");
    vinje
        .run(&["import", "q", "all.samskriv", "--link", &link])
        .code(0);
    (fyresdal, vinje, link)
}

fn edit_link(desk: &Desk, file: &str) -> String {
    let said = desk.run(&["share", file]).code(0);
    let link = said.out.lines().next().unwrap();
    link.strip_prefix("edit: ").unwrap().to_owned()
}

fn read_link(desk: &Desk, file: &str) -> String {
    let said = desk.run(&["share", file]).code(0);
    let link = said.out.lines().nth(1).unwrap();
    link.strip_prefix("read: ").unwrap().to_owned()
}

/// As on a stick.
fn hand_over(from: &Desk, to: &Desk, file: &str) {
    fs::copy(from.path(file), to.path(file)).unwrap();
}

fn titles(desk: &Desk, file: &str) -> String {
    desk.run(&["plan", "show", file]).code(0).out
}

/// Adds a measure with this title.
fn write(desk: &Desk, file: &str, id: &str) {
    let edits = [add_measure(id, "d1"), write_title(id, id)];
    desk.apply(file, &edits.join("\n"));
}

#[test]
fn two_offices_that_only_exchange_files_end_equal_and_meet_a_relay_later() {
    let (fyresdal, vinje, link) = two_offices();
    assert!(!link.contains("://"), "{link}");
    let mut written = Vec::new();
    for round in 0..3 {
        let (there, back) = (
            format!("there{round}.samskriv"),
            format!("back{round}.samskriv"),
        );
        for (desk, file, name) in [(&fyresdal, "p", "Tun"), (&vinje, "q", "Hage")] {
            let title = format!("{name}{round}");
            write(desk, file, &title);
            written.push(title);
        }
        // Both write on while the files are under way.
        fyresdal.run(&["export", "p", "-o", &there]).code(0);
        write(&fyresdal, "p", &format!("Under-vegs{round}"));
        written.push(format!("Under-vegs{round}"));
        hand_over(&fyresdal, &vinje, &there);
        vinje.run(&["import", "q", &there]).code(0).says("new in q");
        vinje
            .run(&["export", "q", "-o", &back, "--since", &there])
            .code(0);
        hand_over(&vinje, &fyresdal, &back);
        fyresdal
            .run(&["import", "p", &back])
            .code(0)
            .says("new in p");
    }
    let last = "last.samskriv";
    fyresdal.run(&["export", "p", "-o", last]).code(0);
    hand_over(&fyresdal, &vinje, last);
    vinje.run(&["import", "q", last]).code(0);
    assert_eq!(vinje.heads("q"), fyresdal.heads("p"));

    // One of them meets a relay, and a third finds all of it there.
    let relay = Relay::start();
    let (edit, _) = vinje.share("q", &relay);
    let third = Desk::new();
    third.run(&["join", &edit, "-o", "r"]).code(0);
    assert_eq!(third.heads("r"), fyresdal.heads("p"));
    let shown = titles(&third, "r");
    for title in written {
        assert!(shown.contains(&title), "{title} is not in {shown}");
    }
    // The other does too, and has nothing to send.
    fyresdal
        .run(&["share", "p", "--relay", &relay.url])
        .code(0)
        .says("sent nothing");
    third.run(&["sync", "r"]).code(0).says("received nothing");
}

#[test]
fn an_answer_is_small_beside_the_whole_plan() {
    let (_fyresdal, vinje, _) = two_offices();
    write(&vinje, "q", "Hage");
    let since = ["--since", "all.samskriv"];
    vinje
        .run(&[&["export", "q", "-o", "new.samskriv"], &since[..]].concat())
        .code(0);
    vinje.run(&["export", "q", "-o", "whole.samskriv"]).code(0);
    assert!(vinje.read("new.samskriv").len() * 4 < vinje.read("whole.samskriv").len());
}

#[test]
fn a_sealed_file_shows_no_text_and_opens_by_the_read_link_too() {
    let (fyresdal, _, _) = two_offices();
    let file = fyresdal.read("all.samskriv");
    for text in ["Vest-Telemark", "Fyresdal", "tiltak"] {
        assert!(
            memchr::memmem::find(&file, text.as_bytes()).is_none(),
            "{text}"
        );
    }
    let reader = Desk::new();
    hand_over(&fyresdal, &reader, "all.samskriv");
    let read = read_link(&fyresdal, "p");
    reader
        .run(&["import", "r", "all.samskriv", "--link", &read])
        .code(0);
    assert_eq!(reader.heads("r"), fyresdal.heads("p"));
    reader
        .run(&["export", "r", "-o", "r.samskriv"])
        .code(1)
        .says("can read the plan but not write it")
        .says("Nothing was written");
    reader.run(&["export", "r", "-o", "r.automerge"]).code(0);
}

#[test]
fn a_plain_file_is_an_automerge_document_and_merges_without_a_link() {
    let (fyresdal, vinje, _) = two_offices();
    write(&fyresdal, "p", "Tun");
    fyresdal.run(&["export", "p", "-o", "p.automerge"]).code(0);
    automerge::AutoCommit::load(&fyresdal.read("p.automerge")).unwrap();
    hand_over(&fyresdal, &vinje, "p.automerge");
    vinje.run(&["import", "q", "p.automerge"]).code(0);
    assert_eq!(vinje.heads("q"), fyresdal.heads("p"));

    let archive = Desk::new();
    hand_over(&fyresdal, &archive, "p.automerge");
    archive.run(&["import", "new", "p.automerge"]).code(0);
    assert_eq!(archive.heads("new"), fyresdal.heads("p"));
}

#[test]
fn a_plan_without_keys_takes_them_with_its_first_sealed_file() {
    let (fyresdal, _, link) = two_offices();
    let archive = Desk::new();
    fyresdal.run(&["export", "p", "-o", "p.automerge"]).code(0);
    hand_over(&fyresdal, &archive, "p.automerge");
    hand_over(&fyresdal, &archive, "all.samskriv");
    archive.run(&["import", "new", "p.automerge"]).code(0);
    archive
        .run(&["import", "new", "all.samskriv"])
        .code(1)
        .says("give the plan's link by --link");
    archive
        .run(&["import", "new", "all.samskriv", "--link", &link])
        .code(0);
    assert_eq!(edit_link(&archive, "new"), link);
}

#[test]
fn a_link_is_kept_only_once_a_sealed_file_shows_that_it_is_the_plans() {
    let (fyresdal, _, link) = two_offices();
    let archive = Desk::new();
    fyresdal.run(&["export", "p", "-o", "p.automerge"]).code(0);
    hand_over(&fyresdal, &archive, "p.automerge");
    archive
        .run(&["import", "new", "p.automerge", "--link", &link])
        .code(4)
        .says("the link was not kept");
    archive.run(&["sync", "new"]).code(1).says("samskriv share");
}

#[test]
fn several_files_are_merged_at_once_in_any_order() {
    let (fyresdal, vinje, _) = two_offices();
    write(&fyresdal, "p", "Tun");
    fyresdal
        .run(&[
            "export",
            "p",
            "-o",
            "one.samskriv",
            "--since",
            "all.samskriv",
        ])
        .code(0);
    write(&fyresdal, "p", "Grend");
    fyresdal
        .run(&[
            "export",
            "p",
            "-o",
            "two.samskriv",
            "--since",
            "one.samskriv",
        ])
        .code(0);
    for file in ["one.samskriv", "two.samskriv"] {
        hand_over(&fyresdal, &vinje, file);
    }
    // What the second builds on is in the first.
    vinje
        .run(&["import", "q", "two.samskriv"])
        .code(4)
        .says("builds on changes that are not here");
    vinje
        .run(&["import", "q", "two.samskriv", "one.samskriv"])
        .code(0);
    assert_eq!(vinje.heads("q"), fyresdal.heads("p"));
}

#[test]
fn two_plans_are_never_merged_into_one() {
    let (fyresdal, vinje, link) = two_offices();
    let stranger = Desk::new();
    stranger.example("s");
    let other = edit_link(&stranger, "s");
    stranger.run(&["export", "s", "-o", "s.samskriv"]).code(0);
    stranger.run(&["export", "s", "-o", "s.automerge"]).code(0);
    for file in ["s.samskriv", "s.automerge"] {
        hand_over(&stranger, &vinje, file);
    }
    hand_over(&fyresdal, &stranger, "all.samskriv");
    let before = vinje.read("q");
    let keys = vinje.read("q.keys");
    for args in [
        &["import", "q", "s.samskriv"][..],
        &["import", "q", "s.automerge"],
        &["import", "q", "all.samskriv", "s.automerge"],
        &["import", "q", "s.samskriv", "--link", &other],
        &["plan", "merge", "q", "s.automerge", "-o", "q"],
    ] {
        vinje
            .run(args)
            .code(1)
            .says("another plan")
            .says("Nothing was changed");
        assert_eq!(
            (vinje.read("q"), vinje.read("q.keys")),
            (before.clone(), keys.clone())
        );
    }
    // Nor by way of a plan that has no keys yet to tell by.
    stranger.example("t");
    let keyless = stranger.read("t");
    stranger
        .run(&["import", "t", "all.samskriv", "--link", &link])
        .code(1)
        .says("another plan");
    assert_eq!(stranger.read("t"), keyless);
    stranger
        .run(&[
            "import",
            "new",
            "s.automerge",
            "all.samskriv",
            "--link",
            &link,
        ])
        .code(1)
        .says("another plan");
    assert!(!stranger.path("new").exists());
}

#[test]
fn each_file_that_cannot_be_used_says_why_and_changes_nothing() {
    let (fyresdal, vinje, _) = two_offices();
    let whole = fyresdal.read("all.samskriv");
    let before = vinje.read("q");
    let newer = {
        let mut newer = whole.clone();
        newer[9] = 2;
        newer
    };
    let other = automerge::AutoCommit::new()
        .with_actor(automerge::ActorId::from(vec![1]))
        .save();
    for (content, says) in [
        (
            &b"Kjaere alle saman"[..],
            "neither a sealed plan nor an automerge document",
        ),
        (b"", "neither a sealed plan nor an automerge document"),
        (&whole[..40], "cut or damaged at its beginning"),
        (&newer, "newer Samskriv"),
        (&other, "does not hold a Samskriv plan"),
    ] {
        fs::write(vinje.path("in"), content).unwrap();
        vinje
            .run(&["import", "q", "in", "all.samskriv"])
            .code(1)
            .says(says)
            .says("Nothing was changed");
        assert_eq!(vinje.read("q"), before);
    }
    vinje
        .run(&["import", "q", "none"])
        .code(1)
        .says("can't be read");
}

#[test]
fn a_damaged_file_is_told_and_stops_nothing_else() {
    let (fyresdal, vinje, link) = two_offices();
    write(&fyresdal, "p", "Tun");
    fyresdal.run(&["export", "p", "-o", "new.samskriv"]).code(0);
    let mut damaged = fyresdal.read("new.samskriv");
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    fs::write(vinje.path("damaged.samskriv"), &damaged).unwrap();
    hand_over(&fyresdal, &vinje, "new.samskriv");
    vinje
        .run(&["import", "q", "damaged.samskriv", "new.samskriv"])
        .code(4)
        .says("damaged.samskriv: the record at byte")
        .says("it is damaged");
    assert_eq!(vinje.heads("q"), fyresdal.heads("p"));

    vinje
        .run(&["import", "alone", "damaged.samskriv", "--link", &link])
        .code(1)
        .says("it is damaged")
        .says("alone was not made");
    assert!(!vinje.path("alone").exists() && !vinje.path("alone.keys").exists());
}

#[test]
fn a_plan_of_a_newer_schema_travels_unchanged() {
    let (fyresdal, vinje, _) = two_offices();
    let mut newer = automerge::AutoCommit::load(&fyresdal.read("p")).unwrap();
    newer.put(automerge::ROOT, "schema", 99).unwrap();
    fs::write(fyresdal.path("p"), newer.save()).unwrap();
    fyresdal.run(&["export", "p", "-o", "new.samskriv"]).code(0);
    hand_over(&fyresdal, &vinje, "new.samskriv");
    vinje.run(&["import", "q", "new.samskriv"]).code(0);
    assert_eq!(vinje.heads("q"), fyresdal.heads("p"));
}

#[test]
fn exporting_says_what_is_wrong_and_writes_nothing() {
    let (fyresdal, vinje, _) = two_offices();
    fyresdal.example("alone");
    let out = ["-o", "out.samskriv"];
    fyresdal
        .run(&[&["export", "alone"], &out[..]].concat())
        .code(1)
        .says("samskriv share");
    fyresdal
        .run(&["export", "p", "-o", "out.docx"])
        .code(1)
        .says("neither in .samskriv")
        .says("nor in .automerge");
    fyresdal
        .run(&[
            "export",
            "p",
            "-o",
            "out.automerge",
            "--since",
            "all.samskriv",
        ])
        .code(1)
        .says("always the whole plan");
    write(&vinje, "q", "Hage");
    vinje.run(&["export", "q", "-o", "new.samskriv"]).code(0);
    hand_over(&vinje, &fyresdal, "new.samskriv");
    fyresdal
        .run(&[&["export", "p", "--since", "new.samskriv"], &out[..]].concat())
        .code(1)
        .says("import it first");
    assert!(!fyresdal.path("out.samskriv").exists());
    fyresdal
        .run(&["export", "p", "-o", "all.samskriv"])
        .code(1)
        .says("exists already");
}

#[test]
fn authorship_comes_along() {
    let (fyresdal, vinje, _) = two_offices();
    let vouches = |desk: &Desk| -> String {
        let keys: serde_json::Value = serde_json::from_slice(&desk.read("q.keys")).unwrap();
        keys["vouches"].as_str().unwrap().to_owned()
    };
    let first = vouches(&vinje);
    fyresdal.apply("p", &set_time_frame("d1-2", 2025, 2026));
    fyresdal.run(&["export", "p", "-o", "new.samskriv"]).code(0);
    hand_over(&fyresdal, &vinje, "new.samskriv");
    vinje.run(&["import", "q", "new.samskriv"]).code(0);
    assert!(vouches(&vinje).len() > first.len());
}
