//! Copies of one plan are told from plans that only begin alike.

#![allow(clippy::unwrap_used)]

use plan::template::{self, Content, Template};
use plan::{DeviceName, Edit, EntityKind, EntityRef, Place, PlanDoc};

fn device(number: u8) -> DeviceName {
    DeviceName::from_public_key(&[number; 32])
}

fn from_template(by: u8) -> PlanDoc {
    let content = Content::Example(template::VEST_TELEMARK);
    let edits = template::edits(Template::RuralGrowth, content, None).unwrap();
    let mut plan = PlanDoc::create(&device(by));
    template::fill(&mut plan, &edits, 100).unwrap();
    plan
}

fn add_chapter(plan: &mut PlanDoc, id: &str) {
    let entity = EntityRef::new(EntityKind::Chapter, id);
    let (place, fields) = (Place::Last, vec![]);
    let add = Edit::Add {
        entity,
        place,
        fields,
    };
    plan.edit(&add, 200).unwrap();
    plan.commit();
}

#[test]
fn copies_stay_one_plan_however_far_they_go_apart() {
    let mut one = from_template(1);
    let mut other = PlanDoc::load(&one.save(), &device(2)).unwrap();
    add_chapter(&mut one, "c1");
    add_chapter(&mut other, "c2");
    assert!(one.is_same_plan(&mut other) && other.is_same_plan(&mut one));
}

#[test]
fn two_plans_from_one_template_are_not_one_plan() {
    let (mut one, mut other) = (from_template(1), from_template(2));
    assert!(!one.is_same_plan(&mut other) && !other.is_same_plan(&mut one));
}

#[test]
fn a_plan_that_has_yet_to_arrive_may_be_any() {
    let (mut one, mut blank) = (from_template(1), PlanDoc::create(&device(2)));
    assert!(one.is_same_plan(&mut blank) && blank.is_same_plan(&mut one));
}

#[test]
fn an_actors_changes_are_numbered_in_their_order() {
    let mut plan = PlanDoc::create(&device(1));
    let numbers = ["c1", "c2"].map(|chapter| {
        add_chapter(&mut plan, chapter);
        let latest = plan.heads()[0];
        plan.number_by_actor(&latest)
    });
    assert_eq!(numbers, [Some(1), Some(2)]);
    assert_eq!(plan.number_by_actor(&[9; 32]), None);
}
