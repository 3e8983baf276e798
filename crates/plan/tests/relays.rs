//! The relays that a plan names: a set that plans began without.

#![allow(clippy::unwrap_used)]

use plan::schema::{Approval, PLAN_ID, plan_fields};
use plan::*;

const FIRST: &str = "https://first.example";
const SECOND: &str = "https://second.example";

fn device(number: u8) -> DeviceName {
    DeviceName::from_public_key(&[number; 32])
}

fn member(relay: &str) -> Member {
    Member::Plan(plan_fields::Set::Relays(relay.into()))
}

fn include(plan: &mut PlanDoc, relay: &str) {
    let (id, member) = (PLAN_ID.into(), member(relay));
    plan.edit(&Edit::Include { id, member }, 100).unwrap();
}

fn exclude(plan: &mut PlanDoc, relay: &str) {
    let (id, member) = (PLAN_ID.into(), member(relay));
    plan.edit(&Edit::Exclude { id, member }, 100).unwrap();
}

fn relays(plan: &mut PlanDoc) -> Vec<String> {
    let view = plan.view();
    assert_eq!(view.plan().unwrap().relays, plan.relays());
    plan.relays().into_iter().collect()
}

/// Two devices that have met.
fn two() -> [PlanDoc; 2] {
    let mut one = PlanDoc::create(&device(1));
    let mut other = PlanDoc::create(&device(2));
    meet(&mut one, &mut other);
    [one, other]
}

fn meet(one: &mut PlanDoc, other: &mut PlanDoc) {
    other.merge([one.save()]).unwrap();
    one.merge([other.save()]).unwrap();
    assert_eq!(one.heads(), other.heads());
}

#[test]
fn relays_named_apart_are_united() {
    let [mut one, mut other] = two();
    assert!(relays(&mut one).is_empty());
    include(&mut one, FIRST);
    include(&mut other, SECOND);
    meet(&mut one, &mut other);
    for plan in [&mut one, &mut other] {
        assert_eq!(relays(plan), [FIRST, SECOND]);
    }
}

#[test]
fn a_relay_that_is_taken_out_is_gone_unless_someone_names_it_meanwhile() {
    let [mut one, mut other] = two();
    include(&mut one, FIRST);
    include(&mut one, SECOND);
    meet(&mut one, &mut other);
    exclude(&mut one, FIRST);
    meet(&mut one, &mut other);
    assert_eq!(relays(&mut other), [SECOND]);

    exclude(&mut one, SECOND);
    include(&mut other, SECOND);
    include(&mut other, FIRST);
    meet(&mut one, &mut other);
    assert_eq!(relays(&mut one), [FIRST]);
    // One that was named already is not named anew by saying so again.
    assert_eq!(relays(&mut other), [FIRST]);
}

#[test]
fn taking_out_of_a_set_that_was_never_begun_is_no_error() {
    let mut plan = PlanDoc::create(&device(1));
    exclude(&mut plan, FIRST);
    assert!(relays(&mut plan).is_empty());
}

/// Both make the same map for the set, or automerge would hide one of them.
#[test]
fn the_set_is_begun_by_the_same_bytes_for_ever() {
    let mut plan = PlanDoc::create(&device(1));
    exclude(&mut plan, FIRST);
    let [head] = plan.heads()[..] else {
        panic!("one change was made")
    };
    assert_eq!(head[..8], [100, 177, 53, 194, 126, 170, 218, 115]);
}

#[test]
fn edits_made_before_are_a_change_of_their_own() {
    let mut plan = PlanDoc::create(&device(1));
    let title = TextField::Plan(plan_fields::Text::Title);
    let id = PLAN_ID.to_owned();
    let write = Edit::Splice {
        id,
        text: title,
        at: 0,
        delete: 0,
        insert: "Plan".into(),
    };
    plan.edit(&write, 100).unwrap();
    include(&mut plan, FIRST);
    let mut other = PlanDoc::create(&device(2));
    other.merge([plan.save()]).unwrap();
    assert_eq!(other.view().plan().unwrap().title, "Plan");
    assert_eq!(relays(&mut other), [FIRST]);
}

#[test]
fn where_a_plan_is_kept_is_not_what_was_approved() {
    let mut plan = PlanDoc::create(&device(1));
    let heads = plan.version_to_approve();
    let entity = EntityRef::new(EntityKind::Approval, "a1");
    let field = Field::Approval(schema::approval::Field::Heads(Some(heads)));
    let add = Edit::Add {
        entity,
        place: Place::Last,
        fields: vec![field],
    };
    plan.edit(&add, 100).unwrap();
    include(&mut plan, FIRST);
    exclude(&mut plan, FIRST);
    include(&mut plan, SECOND);
    let approval = plan.view().get(&Id::<Approval>::new("a1")).unwrap().clone();
    assert!(!plan.changed_since(&approval));
}

#[test]
fn an_edit_of_the_relays_is_one_line_of_json() {
    let line = r#"{"include":{"id":"plan","member":{"plan":{"relays":"https://first.example"}}}}"#;
    let edit: Edit = serde_json::from_str(line).unwrap();
    let mut plan = PlanDoc::create(&device(1));
    plan.edit(&edit, 100).unwrap();
    assert_eq!(relays(&mut plan), [FIRST]);
    assert_eq!(serde_json::to_string(&edit).unwrap(), line);
}
