//! A small plan to work on, and reading one in every way there is.

use std::sync::OnceLock;

use plan::{
    DeviceName, Edit, EntityKind, EntityRef, HeldCaret, Place, PlanDoc, PlanView, TextField,
    schema::{self, Approval, LogEntry},
};

/// The time that edits are dated.
pub(crate) const NOW: i64 = 1_700_000_000;

/// The device whose copy is looked at.
pub(crate) fn device() -> DeviceName {
    DeviceName::from_public_key(&[1; 32])
}

/// A plan with a little of much: every input begins from a copy of its own. It
/// is a saved one, made by the edits in `fuzz/corpus/edits/small`, so that the
/// changes in the corpus build on it for ever.
pub(crate) fn small_plan() -> PlanDoc {
    static PLAN: OnceLock<PlanDoc> = OnceLock::new();
    let opened = PLAN.get_or_init(|| {
        let saved = include_bytes!("small.plan");
        PlanDoc::load(saved, &device()).expect("the small plan is a plan")
    });
    opened.clone()
}

/// Reads all of a plan.
pub(crate) fn read(doc: &mut PlanDoc) {
    let view = doc.view();
    view.to_json();
    walk(&view);
    if let Some(bytes) = view.to_bytes() {
        assert!(PlanView::from_bytes(&bytes).as_ref() == Some(&view));
    }
    for unreadable in view.unreadable() {
        assert!(!unreadable.place.is_empty());
    }
    for approval in view.all::<Approval>() {
        doc.changed_since(approval);
    }
    let texts = [
        (
            EntityKind::Measure,
            TextField::Measure(schema::measure::Text::Title),
        ),
        (
            EntityKind::Section,
            TextField::Section(schema::section::Text::Body),
        ),
    ];
    for (kind, field) in texts {
        for id in ids(&view, kind) {
            let text = doc.text(&id, field);
            let end = text.plain().encode_utf16().count();
            for at in [0, end / 2, end, usize::MAX] {
                if let Some(held) = doc.hold(&id, field, at, 0) {
                    doc.held(&id, field, &held);
                    doc.carry(&id, field, &held, at);
                    let caret = HeldCaret::from_bytes(held.caret().to_bytes());
                    let caret = caret.expect("a caret reads as it was written");
                    doc.caret(&id, field, &caret);
                }
            }
            doc.begun_by(&EntityRef::new(kind, &id));
        }
    }
    doc.history();
}

/// Edits a plan that anybody may have written, in the places where edits depend
/// on what they find. What they name may not be there; then they say so.
pub(crate) fn edit(doc: &mut PlanDoc) {
    let view = doc.view();
    for kind in [EntityKind::Measure, EntityKind::Chapter] {
        let ids = ids(&view, kind);
        let places = ids
            .iter()
            .take(4)
            .flat_map(|id| [Place::Before(id.clone()), Place::After(id.clone())]);
        for (number, place) in places.chain([Place::First, Place::Last]).enumerate() {
            let entity = EntityRef::new(kind, format!("new-{number}"));
            let fields = Vec::new();
            // Refused where the collection is none.
            let _ = doc.edit(
                &Edit::Add {
                    entity,
                    place,
                    fields,
                },
                NOW,
            );
        }
        for id in ids.iter().take(4) {
            let entity = EntityRef::new(kind, id);
            let _ = doc.edit(&Edit::Delete(entity.clone()), NOW);
            let _ = doc.edit(&Edit::Restore(entity), NOW);
        }
    }
    let body = TextField::Section(schema::section::Text::Body);
    for id in ids(&view, EntityKind::Section).into_iter().take(4) {
        let splice = |at, delete| Edit::Splice {
            id: id.clone(),
            text: body,
            at,
            delete,
            insert: "a\nb".into(),
        };
        for (at, delete) in [(0, 1), (1, usize::MAX), (usize::MAX, 0)] {
            let _ = doc.edit(&splice(at, delete), NOW);
        }
        let text = doc.text(&id, body);
        let write = Edit::Write {
            id: id.clone(),
            text: body,
            blocks: text.blocks.into_iter().rev().collect(),
        };
        let _ = doc.edit(&write, NOW);
    }
}

/// All that is derived from a view.
fn walk(view: &PlanView) {
    view.plan();
    view.chapters();
    view.weight_sum(None);
    for goal in view.goals(None) {
        view.goal_number(&goal.id);
        view.goals(Some(&goal.id));
        for measure in view.measures(&goal.id) {
            view.measure_number(&measure.id);
            view.sections(&measure.id);
            measure.is_deferred();
        }
    }
    let lines = view.all::<schema::BudgetLine>();
    for line in &lines {
        line.is_overdrawn();
    }
    plan::total(lines.iter().filter_map(|line| line.budget.value.as_ref()));
    for entry in view.all::<LogEntry>() {
        view.free_version(&entry.id);
    }
    view.anchoring();
    view.approvals();
    view.parties();
    view.clashes();
    view.comments();
    view.find("a", 10);
    view.find_party("Vinje kommune");
    view.resolve_link("plan:measures/m1");
}

fn ids(view: &PlanView, kind: EntityKind) -> Vec<String> {
    let json = view.to_json();
    let entities = json[kind.collection()].as_object();
    entities
        .map(|map| map.keys().cloned().collect())
        .unwrap_or_default()
}
