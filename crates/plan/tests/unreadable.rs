//! Documents that hold something else than the schema says.

#![allow(clippy::unwrap_used)]

use automerge::{
    ActorId, AutoCommit, LoadOptions, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, TextEncoding,
    transaction::Transactable,
};
use plan::{
    DeviceName, Edit, EntityKind, EntityRef, Id, Place, PlanDoc, UnreadableReason,
    schema::{Chapter, Goal, Measure},
};

fn device() -> DeviceName {
    DeviceName::from_public_key(&[1; 32])
}

/// A plan with two measures, as any automerge library sees it.
fn document() -> AutoCommit {
    let mut plan = PlanDoc::create(&device());
    for id in ["m1", "m2"] {
        let entity = EntityRef::new(EntityKind::Measure, id);
        let place = Place::Last;
        let fields = Vec::new();
        let add = Edit::Add {
            entity,
            place,
            fields,
        };
        plan.edit(&add, 1).unwrap();
    }
    let options = LoadOptions::new().text_encoding(TextEncoding::Utf16CodeUnit);
    AutoCommit::load_with_options(&plan.save(), options).unwrap()
}

fn inside(doc: &AutoCommit, path: &[&str]) -> ObjId {
    path.iter()
        .fold(ROOT, |at, key| doc.get(&at, *key).unwrap().unwrap().1)
}

fn reopened(doc: &mut AutoCommit) -> PlanDoc {
    PlanDoc::load(&doc.save(), &device()).unwrap()
}

/// What a plan reports, as place and reason.
fn reported(plan: &mut PlanDoc) -> Vec<(String, UnreadableReason)> {
    let view = plan.view();
    let unreadable = view.unreadable();
    unreadable
        .map(|one| (one.place.clone(), one.reason))
        .collect()
}

#[test]
fn a_sound_plan_has_nothing_to_report() {
    assert_eq!(reported(&mut reopened(&mut document())), []);
}

#[test]
fn what_is_of_another_type_is_reported_and_the_rest_is_read() {
    let mut doc = document();
    let measure = inside(&doc, &["measures", "m1"]);
    doc.put_object(&measure, "goal", ObjType::List).unwrap();
    doc.put(&measure, "title", "a string and no text").unwrap();
    doc.put(&measure, "deleted", 7).unwrap();
    doc.put_object(&measure, "leads", ObjType::List).unwrap();
    let measures = inside(&doc, &["measures"]);
    doc.put(&measures, "m3", 3).unwrap();
    doc.put(ROOT, "goals", ScalarValue::Bytes(vec![1])).unwrap();

    let mut plan = reopened(&mut doc);
    let wrong = |place: &str| (place.to_owned(), UnreadableReason::WrongType);
    assert_eq!(
        reported(&mut plan),
        [
            wrong("goals"),
            wrong("measures/m1/deleted"),
            wrong("measures/m1/goal"),
            wrong("measures/m1/title"),
            wrong("measures/m1/leads"),
            wrong("measures/m3"),
        ]
    );
    let view = plan.view();
    assert_eq!(view.count::<Measure>(), 2);
    assert_eq!(view.count::<Goal>(), 0);
}

#[test]
fn what_is_no_value_of_its_field_is_reported() {
    let mut doc = document();
    let measure = inside(&doc, &["measures", "m1"]);
    doc.put(&measure, "time_frame", "{\"years\": []}").unwrap();
    doc.put(&measure, "later", ScalarValue::Timestamp(1))
        .unwrap();
    // To have no value is no fault.
    doc.put(&measure, "maturity", ScalarValue::Null).unwrap();
    let wrong = |place: &str| (place.to_owned(), UnreadableReason::WrongValue);
    assert_eq!(
        reported(&mut reopened(&mut doc)),
        [wrong("measures/m1/time_frame"), wrong("measures/m1/later")]
    );
}

#[test]
fn what_is_covered_by_something_else_is_reported() {
    let mut doc = document();
    let mut other = doc.fork().with_actor(ActorId::from([9; 16]));
    for doc in [&mut doc, &mut other] {
        let measures = inside(doc, &["measures"]);
        doc.put_object(&measures, "m3", ObjType::Map).unwrap();
        let measure = inside(doc, &["measures", "m1"]);
        doc.put_object(&measure, "title", ObjType::Text).unwrap();
    }
    doc.merge(&mut other).unwrap();
    let covered = |place: &str| (place.to_owned(), UnreadableReason::Covered);
    assert_eq!(
        reported(&mut reopened(&mut doc)),
        [covered("measures/m1/title"), covered("measures/m3")]
    );
}

#[test]
fn a_report_follows_the_document() {
    let mut doc = document();
    let measure = inside(&doc, &["measures", "m1"]);
    doc.put(&measure, "later", "perhaps").unwrap();
    let mut plan = reopened(&mut doc);
    let mut view = plan.view();
    assert_eq!(view.unreadable().count(), 1);
    doc.put(&measure, "later", true).unwrap();
    let merged = plan.merge([doc.save()]).unwrap();
    plan.refresh(&mut view, &merged.changed);
    assert_eq!(view.unreadable().count(), 0);
}

#[test]
fn the_greatest_numbers_are_counted_on_without_fault() {
    let mut doc = document();
    let chapters = inside(&doc, &["chapters"]);
    for (id, number) in [("c1", Some(u32::MAX)), ("c2", None)] {
        let chapter = doc.put_object(&chapters, id, ObjType::Map).unwrap();
        if let Some(number) = number {
            doc.put(&chapter, "number", i64::from(number)).unwrap();
        }
    }
    let log = inside(&doc, &["log"]);
    for id in ["l1", "l2"] {
        let entry = doc.put_object(&log, id, ObjType::Map).unwrap();
        doc.put(&entry, "version", "6.4294967295").unwrap();
    }
    let view = reopened(&mut doc).view();
    let numbers: Vec<u32> = view.chapters().iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, [u32::MAX, u32::MAX]);
    assert_eq!(
        view.get(&Id::<Chapter>::new("c1")).unwrap().number.value,
        Some(u32::MAX)
    );
    assert_eq!(view.free_version(&Id::new("l1")), None);
}

#[test]
fn positions_far_beyond_the_end_are_the_end() {
    let mut plan = PlanDoc::create(&device());
    let edits = [
        r#"{"ensure": {"section": {"measure": "m", "kind": "challenge"}}}"#,
        r#"{"splice": {"id": "m.challenge", "text": {"section": "body"}, "at": 18446744073709551615, "delete": 18446744073709551615, "insert": "a"}}"#,
        r#"{"mark": {"id": "m.challenge", "text": {"section": "body"}, "from": 0, "to": 18446744073709551615, "mark": "bold", "on": true}}"#,
        r#"{"set_block": {"id": "m.challenge", "text": {"section": "body"}, "at": 18446744073709551615, "kind": "note"}}"#,
    ];
    for edit in edits {
        plan.edit(&serde_json::from_str(edit).unwrap(), 1).unwrap();
    }
    let json = plan.view().to_json();
    let block = &json["sections"]["m.challenge"]["body"]["blocks"][0];
    assert_eq!(block["kind"], "note");
    assert_eq!(block["runs"][0]["text"], "a");
}
