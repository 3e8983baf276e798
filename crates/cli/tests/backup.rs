//! Plans and keys in one file under a passphrase, and back.

#![allow(clippy::unwrap_used)]

mod harness;

use std::fs;

use harness::{Desk, Relay, Said, add_measure, write_title};

const PASSPHRASE: &str = "plan på lag i Vest-Telemark";

fn backup(desk: &Desk, files: &[&str], output: &str) -> Said {
    fs::write(desk.path("words"), format!("{PASSPHRASE}\n")).unwrap();
    let rest = ["-o", output, "--passphrase-file", "words"];
    desk.run(&[&["backup"], files, &rest].concat())
}

fn restore(desk: &Desk, file: &str, passphrase: &str) -> Said {
    fs::write(desk.path("words"), passphrase).unwrap();
    let into = ["--into", "plans", "--passphrase-file", "words"];
    desk.run(&[&["restore", file], &into[..]].concat())
}

/// The one file that was restored.
fn restored(said: &Said) -> String {
    let mut files = said.out.lines();
    let file = files.next().unwrap().to_owned();
    assert_eq!(files.next(), None);
    file
}

fn keys(desk: &Desk, file: &str) -> serde_json::Value {
    serde_json::from_slice(&desk.read(&format!("{file}.keys"))).unwrap()
}

fn new_plan(desk: &Desk, title: &str, file: &str) {
    let new = [
        "plan",
        "new",
        "--template",
        "bygdevekst",
        "--title",
        title,
        file,
    ];
    desk.run(&new).code(0);
}

fn write(desk: &Desk, file: &str, id: &str) {
    let edits = [add_measure(id, "d1"), write_title(id, id)];
    desk.apply(file, &edits.join("\n"));
}

fn hand_over(from: &Desk, to: &Desk, file: &str) {
    fs::copy(from.path(file), to.path(file)).unwrap();
}

#[test]
fn all_plans_come_back_on_another_machine_as_a_new_device_s() {
    let relay = Relay::start();
    let (lost, new) = (Desk::new(), Desk::new());
    lost.example("p");
    let links = lost.share("p", &relay);
    new_plan(&lost, "Plan for Fyresdal", "q");
    backup(&lost, &["p", "q"], "all.backup")
        .code(0)
        .says("2 plans are in all.backup");

    hand_over(&lost, &new, "all.backup");
    let args = [
        "restore",
        "all.backup",
        "--into",
        "plans",
        "--passphrase-file",
        "-",
    ];
    let said = new.run_with_input(&args, PASSPHRASE).code(0);
    let files: Vec<&str> = said.out.lines().collect();
    assert_eq!(files.len(), 2, "{said:?}");
    assert_eq!(files[1], "plans/Plan-for-Fyresdal");
    assert_eq!(new.heads(files[0]), lost.heads("p"));
    assert_eq!(new.heads(files[1]), lost.heads("q"));
    assert_ne!(keys(&new, files[0])["device"], keys(&lost, "p")["device"]);

    // Both go on, as the old device may have been found again.
    write(&lost, "p", "Tun");
    write(&new, files[0], "Hage");
    lost.run(&["sync", "p"]).code(0);
    new.run(&["sync", files[0]]).code(0);
    lost.run(&["sync", "p"]).code(0);
    assert_eq!(new.heads(files[0]), lost.heads("p"));
    assert_eq!(new.share(files[0], &relay), links);
}

#[test]
fn what_is_here_is_merged_with_and_never_written_over() {
    let desk = Desk::new();
    new_plan(&desk, "Plan for Vinje", "p");
    backup(&desk, &["p"], "all.backup").code(0);
    let first = restore(&desk, "all.backup", PASSPHRASE).code(0);
    let file = restored(&first);
    let (heads, device) = (desk.heads("p"), keys(&desk, &file)["device"].clone());
    let edit = r#"{"add": {"entity": {"kind": "chapter", "id": "c9"}, "fields": []}}"#;
    desk.apply(&file, edit);
    let edited = desk.heads(&file);
    assert_ne!(edited, heads);

    let second = restore(&desk, "all.backup", PASSPHRASE)
        .code(0)
        .says("«Plan for Vinje» was here and is merged");
    assert_eq!(restored(&second), file);
    assert_eq!(desk.heads(&file), edited);
    assert_eq!(keys(&desk, &file)["device"], device);

    // Another plan of the same title gets a name of its own.
    new_plan(&desk, "Plan for Vinje", "other");
    backup(&desk, &["other"], "other.backup").code(0);
    let other = restore(&desk, "other.backup", PASSPHRASE).code(0);
    assert_eq!(restored(&other), format!("{file}-2"));
    assert_eq!(desk.heads(&file), edited);
}

#[test]
fn a_copy_behind_the_backup_gets_what_it_lacks() {
    let desk = Desk::new();
    desk.example("p");
    backup(&desk, &["p"], "old.backup").code(0);
    let file = restored(&restore(&desk, "old.backup", PASSPHRASE).code(0));
    write(&desk, "p", "Tun");
    backup(&desk, &["p"], "new.backup").code(0);
    restore(&desk, "new.backup", PASSPHRASE).code(0);
    assert_eq!(desk.heads(&file), desk.heads("p"));
}

#[test]
fn a_reader_s_plan_stays_a_reader_s_and_authorship_stays_proved() {
    let relay = Relay::start();
    let (writer, reader) = (Desk::new(), Desk::new());
    writer.example("p");
    let (_, read) = writer.share("p", &relay);
    reader.run(&["join", &read, "-o", "r"]).code(0);
    backup(&reader, &["r"], "all.backup").code(0);
    let file = restored(&restore(&reader, "all.backup", PASSPHRASE).code(0));
    assert_eq!(keys(&reader, &file)["plan"], keys(&reader, "r")["plan"]);
    reader.run(&["sync", &file]).code(0);

    // The writer's own word for what they wrote is made with the backup.
    backup(&writer, &["p"], "all.backup").code(0);
    assert_eq!(vouches(&writer, "p"), 0, "one's own are not kept");
    let file = restored(&restore(&writer, "all.backup", PASSPHRASE).code(0));
    assert!(vouches(&writer, &file) > 0);
}

/// How many devices' words are kept.
fn vouches(desk: &Desk, file: &str) -> usize {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let kept = keys(desk, file)["vouches"].as_str().unwrap().to_owned();
    let kept = STANDARD.decode(kept).unwrap();
    minicbor::decode::<Vec<sync::vouch::Vouch>>(&kept)
        .unwrap()
        .len()
}

#[test]
fn each_backup_that_cannot_be_opened_says_why_and_nothing_is_written() {
    let desk = Desk::new();
    new_plan(&desk, "Plan", "p");
    backup(&desk, &["p"], "all.backup").code(0);
    let whole = desk.read("all.backup");
    restore(&desk, "all.backup", "eit anna løyndeord")
        .code(1)
        .says("the passphrase is not the one it was made with");

    let changed = |at: usize, to: u8| {
        let mut changed = whole.clone();
        changed[at] = to;
        changed
    };
    desk.run(&["share", "p"]).code(0);
    desk.run(&["export", "p", "-o", "p.samskriv"]).code(0);
    for (content, says) in [
        (b"not a backup".to_vec(), "not a file that Samskriv made"),
        (desk.read("p.samskriv"), "another kind of file"),
        (changed(9, 2), "newer Samskriv"),
        (changed(20, !whole[20]), "cut or damaged at its beginning"),
        (whole[..30].to_vec(), "cut or damaged at its beginning"),
    ] {
        fs::write(desk.path("bad"), content).unwrap();
        restore(&desk, "bad", PASSPHRASE)
            .code(1)
            .says(says)
            .says("Nothing was changed");
    }
    desk.run(&["import", "p", "all.backup"])
        .code(1)
        .says("samskriv restore");
    assert!(!desk.path("plans").exists());
}

#[test]
fn a_damaged_plan_in_a_backup_harms_no_other() {
    let desk = Desk::new();
    new_plan(&desk, "Plan for Vinje", "p");
    new_plan(&desk, "Plan for Tokke", "q");
    backup(&desk, &["p", "q"], "all.backup").code(0);
    let mut damaged = desk.read("all.backup");
    *damaged.last_mut().unwrap() ^= 1;
    fs::write(desk.path("damaged"), damaged).unwrap();
    let said = restore(&desk, "damaged", PASSPHRASE)
        .code(4)
        .says("it is damaged; the other plans are not harmed");
    assert_eq!(restored(&said), "plans/Plan-for-Vinje");
}

#[test]
fn a_backup_is_refused_before_anything_is_written() {
    let desk = Desk::new();
    new_plan(&desk, "Plan", "p");
    let short = ["backup", "p", "-o", "b", "--passphrase-file", "-"];
    desk.run_with_input(&short, "lag\n")
        .code(1)
        .says("fewer than 8 characters");
    backup(&desk, &["p", "none"], "b")
        .code(1)
        .says("can't be read");
    assert!(!desk.path("b").exists());
    fs::write(desk.path("b"), "mine").unwrap();
    backup(&desk, &["p"], "b").code(1).says("exists already");
    assert_eq!(desk.read("b"), b"mine");
}

#[test]
fn a_backup_holds_no_text_and_no_secret_in_the_open() {
    let desk = Desk::new();
    desk.example("p");
    let edit = desk.run(&["share", "p"]).code(0).out;
    let link = edit.lines().next().unwrap().strip_prefix("edit: ").unwrap();
    let keys = sync::link::Link::parse(link).unwrap().keys;
    backup(&desk, &["p"], "all.backup").code(0);
    let file = desk.read("all.backup");
    for part in [
        &b"Vest-Telemark"[..],
        keys.edit_secret().unwrap().expose(),
        keys.read_secret().expose(),
        keys.id().as_bytes(),
    ] {
        assert!(memchr::memmem::find(&file, part).is_none());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(desk.path("all.backup")).unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
    }
}
