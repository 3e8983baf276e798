//! What a part of the plan is called elsewhere, and where it stands.

use plan::schema::{Anchoring, Measure, Section};
use plan::{EntityKind, EntityRef, Id, PlanView};

use super::measure as detail;
use crate::locales::Texts;

/// What an entity is called in a sentence, and where it stands on the page.
pub fn place(view: &PlanView, entity: &EntityRef, t: &Texts) -> (String, String) {
    match entity.kind {
        EntityKind::Measure => {
            let id = Id::new(&entity.id);
            let name = match view.measure_number(&id) {
                Some(number) => (t.measure_n)(number),
                None => format!("«{}»", detail::title_or(view.get::<Measure>(&id), t)),
            };
            (name, detail::anchor(&id))
        }
        EntityKind::Section => {
            let section = view.get(&Id::<Section>::new(&entity.id));
            let measure = section.and_then(|section| section.measure.value.clone());
            let number = measure
                .as_ref()
                .and_then(|id| view.measure_number(id))
                .unwrap_or_default();
            let kind = section
                .and_then(|section| section.kind.value)
                .map_or("", |kind| (t.section)(kind));
            let anchor = measure.map(|id| detail::anchor(&id)).unwrap_or_default();
            ((t.section_of)(kind, number), anchor)
        }
        EntityKind::Goal => {
            let id = Id::new(&entity.id);
            (
                (t.sub_goal)(view.goal_number(&id).unwrap_or_default()),
                super::goal::anchor(&id),
            )
        }
        EntityKind::Chapter => {
            let id = Id::new(&entity.id);
            let number = view.chapter_number(&id).unwrap_or_default();
            ((t.chapter_heading)(number), super::chapter::anchor(&id))
        }
        EntityKind::LogEntry => (t.log.to_owned(), "log".to_owned()),
        EntityKind::Anchoring => {
            let event = view.get(&Id::<Anchoring>::new(&entity.id));
            let party = event.and_then(|event| event.party.value.as_ref());
            let name = party
                .map(|party| view.party_name(party))
                .unwrap_or_default();
            (name, "anchoring".to_owned())
        }
        _ => (t.view_plan.to_owned(), "content".to_owned()),
    }
}
