//! Plans as files: made, shown, edited and merged without any relay.

#![allow(clippy::unwrap_used)]

mod harness;

use std::fs;

use automerge::{ReadDoc, transaction::Transactable};
use harness::{Desk, add_measure, set_time_frame, write_title};

#[test]
fn a_new_plan_has_the_title_it_was_given() {
    let desk = Desk::new();
    let new = [
        "plan",
        "new",
        "--template",
        "bygdevekst",
        "--title",
        "Plan for Fyresdal",
        "p",
    ];
    desk.run(&new).code(0);
    assert!(
        desk.run(&["plan", "show", "p"])
            .code(0)
            .out
            .starts_with("Plan for Fyresdal\n")
    );
}

#[test]
fn the_example_shows_its_goals_and_measures() {
    let desk = Desk::new();
    desk.example("p");
    let shown = desk.run(&["plan", "show", "p"]).code(0).out;
    for line in [
        "Goal 1: ",
        "[60 %]",
        "1-6 ",
        "2-4 ",
        "3-4 ",
        "[2025–2028]",
        "[next revision]",
    ] {
        assert!(shown.contains(line), "{line} is not in {shown}");
    }
}

#[test]
fn the_file_is_a_plain_automerge_document() {
    let desk = Desk::new();
    desk.example("p");
    let document = automerge::AutoCommit::load(&desk.read("p")).unwrap();
    let (_, measures) = document.get(automerge::ROOT, "measures").unwrap().unwrap();
    assert_eq!(document.length(&measures), 14);
}

#[test]
fn edits_are_carried_out_from_a_file_or_standard_input() {
    let desk = Desk::new();
    desk.example("p");
    fs::write(
        desk.path("edits.jsonl"),
        format!(
            "{}\n\n{}\n",
            add_measure("new", "d1"),
            write_title("new", "Tun og grend")
        ),
    )
    .unwrap();
    desk.run(&["plan", "apply", "p", "edits.jsonl"])
        .code(0)
        .says("2 edits");
    desk.apply("p", &set_time_frame("new", 2026, 2027));
    let shown = desk.run(&["plan", "show", "p"]).code(0).out;
    assert!(shown.contains("1-7 Tun og grend [2026–2027]"), "{shown}");
}

#[test]
fn a_table_is_shown_row_by_row() {
    let desk = Desk::new();
    desk.example("p");
    let cells = [
        r#"{"kind":{"head":1},"runs":[{"text":"Kommune"}]}"#,
        r#"{"kind":{"head":2},"runs":[{"text":"Kroner"}]}"#,
        r#"{"kind":{"cell":1},"runs":[{"text":"Seljord"}]}"#,
        r#"{"kind":{"cell":2},"runs":[{"text":"400 000"}]}"#,
        r#"{"kind":"paragraph","runs":[{"text":"Alt i 2026."}]}"#,
    ];
    let text = r#""id":"d1","text":{"goal":"body"}"#;
    let blocks = cells.join(",");
    desk.apply(
        "p",
        &format!(r#"{{"write":{{{text},"blocks":[{blocks}]}}}}"#),
    );
    let shown = desk.run(&["plan", "show", "p"]).code(0).out;
    let table = "  Kommune | Kroner\n  Seljord | 400 000\n  Alt i 2026.\n";
    assert!(shown.contains(table), "{shown}");
}

#[test]
fn two_copies_merge_and_keep_what_they_do_not_agree_on() {
    let desk = Desk::new();
    desk.example("a");
    fs::copy(desk.path("a"), desk.path("b")).unwrap();
    desk.apply(
        "a",
        &format!(
            "{}\n{}",
            set_time_frame("d1-2", 2025, 2026),
            add_measure("x", "d1")
        ),
    );
    desk.apply(
        "b",
        &format!(
            "{}\n{}",
            set_time_frame("d1-2", 2027, 2028),
            add_measure("y", "d1")
        ),
    );

    desk.run(&["plan", "merge", "a", "b", "-o", "c"]).code(0);
    desk.run(&["plan", "merge", "b", "a", "-o", "b"]).code(0);
    assert_eq!(
        desk.heads("c"),
        desk.heads("b"),
        "the order of merging does not matter"
    );

    let shown = desk.run(&["plan", "show", "c"]).code(0).out;
    assert!(shown.contains("not agreed: "), "{shown}");
    for part in ["2025–2026 (", "2027–2028 (", "1-7 ", "1-8 "] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
}

#[test]
fn merging_writes_over_no_third_file() {
    let desk = Desk::new();
    desk.example("a");
    fs::copy(desk.path("a"), desk.path("b")).unwrap();
    fs::write(desk.path("c"), "mine").unwrap();
    desk.run(&["plan", "merge", "a", "b", "-o", "c"])
        .code(1)
        .says("exists already");
    assert_eq!(desk.read("c"), b"mine");
}

#[test]
fn goals_nested_without_end_are_shown_to_a_depth() {
    let desk = Desk::new();
    desk.example("p");
    let nested = (0..100).map(|depth| {
        let parent = match depth {
            0 => String::new(),
            _ => format!(
                r#", "fields": [{{"goal": {{"parent": "n{}"}}}}]"#,
                depth - 1
            ),
        };
        format!(r#"{{"add": {{"entity": {{"kind": "goal", "id": "n{depth}"}}{parent}}}}}"#)
    });
    desk.apply("p", &nested.collect::<Vec<_>>().join("\n"));
    let shown = desk.run(&["plan", "show", "p"]).code(0).out;
    assert!(shown.contains("nested too deep"), "{shown}");
}

#[test]
fn what_cannot_be_read_is_said_and_the_rest_is_shown() {
    let desk = Desk::new();
    desk.example("p");
    let mut document = automerge::AutoCommit::load(&desk.read("p")).unwrap();
    let (_, measures) = document.get(automerge::ROOT, "measures").unwrap().unwrap();
    let (_, measure) = document.get(&measures, "d1-2").unwrap().unwrap();
    document.put(&measure, "time_frame", "some day").unwrap();
    fs::write(desk.path("p"), document.save()).unwrap();
    let said = desk
        .run(&["plan", "show", "p"])
        .code(0)
        .says("measures/d1-2/time_frame is not shown as it stands");
    assert!(said.out.contains("1-2 "));
    assert_eq!(desk.show("p")["unreadable"][0]["reason"], "wrong_value");
}

#[cfg(unix)]
#[test]
fn the_keys_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;

    let desk = Desk::new();
    desk.example("p");
    let mode = fs::metadata(desk.path("p.keys"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}
