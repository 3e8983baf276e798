//! The sections of a measure, in the order the outline has them.
//!
//! A known section is begun alike on every device and so has a place of its
//! own among the others: that of its kind. Only where an outline departs from
//! that order is a section moved. Free sections have no such place; each is
//! added right after the one before it.

use super::draft::Draft;
use super::outline::SectionOutline;
use crate::edit::{Edit, Place, Shared};
use crate::id::{EntityRef, Id};
use crate::schema::{EntityKind, Field, Measure, TextField, section};
use crate::value::SectionKind;

/// Adds the edits that make these sections.
pub(super) fn compose(draft: &mut Draft, measure: &Id<Measure>, sections: &[SectionOutline]) {
    let mut before: Option<EntityRef> = None;
    let mut furthest: Option<SectionKind> = None;
    for (index, outline) in sections.iter().enumerate() {
        let place = before.map_or(Place::First, |before| Place::After(before.id.to_string()));
        let entity = if outline.kind == SectionKind::Free {
            free(draft, measure, index + 1, place)
        } else {
            let is_in_order = furthest.is_none_or(|furthest| furthest < outline.kind);
            furthest = furthest.max(Some(outline.kind));
            known(
                draft,
                measure,
                outline.kind,
                (!is_in_order).then_some(place),
            )
        };
        draft.title(
            &entity.id,
            TextField::Section(section::Text::Heading),
            &outline.heading,
        );
        draft.text(
            &entity.id,
            TextField::Section(section::Text::Body),
            &outline.text,
        );
        before = Some(entity);
    }
}

fn free(draft: &mut Draft, measure: &Id<Measure>, number: usize, place: Place) -> EntityRef {
    let entity = EntityRef::new(EntityKind::Section, format!("{measure}.free-{number}"));
    let fields = vec![
        Field::Section(section::Field::Measure(Some(measure.clone()))),
        Field::Section(section::Field::Kind(Some(SectionKind::Free))),
    ];
    draft.push(Edit::Add {
        entity: entity.clone(),
        place,
        fields,
    });
    entity
}

fn known(
    draft: &mut Draft,
    measure: &Id<Measure>,
    kind: SectionKind,
    place: Option<Place>,
) -> EntityRef {
    let shared = Shared::Section {
        measure: measure.clone(),
        kind,
    };
    let entity = shared.entity();
    draft.push(Edit::Ensure(shared));
    if let Some(place) = place {
        draft.push(Edit::Move {
            entity: entity.clone(),
            place,
        });
    }
    entity
}
