//! Views as bytes.

#![allow(clippy::unwrap_used)]

use std::sync::LazyLock;

use plan::schema::{goal, measure};
use plan::template::{self, Content, Template};
use plan::value::TimeFrame;
use plan::{
    Block, BlockKind, DeviceName, Edit, EntityKind, EntityRef, Field, Mark, Place, PlanDoc,
    PlanView, Run, TextField,
};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

const NOW: i64 = 1_746_000_000;

/// The example, with a clash, a measure that one deleted while another wrote in
/// it, and a text with all that a text can have.
fn plan_with_everything() -> PlanView {
    let device = |n: u8| DeviceName::from_public_key(&[n; 32]);
    let mut first = PlanDoc::create(&device(1)).writing_as(&[1]);
    let example = Content::Example(template::VEST_TELEMARK);
    let edits = template::edits(Template::RuralGrowth, example, None).unwrap();
    template::fill(&mut first, &edits, NOW).unwrap();
    for id in ["wanted", "unwanted"] {
        edit(
            &mut first,
            Edit::Add {
                entity: EntityRef::new(EntityKind::Measure, id),
                place: Place::Last,
                fields: Vec::new(),
            },
        );
    }
    let mut second = PlanDoc::load(&first.save(), &device(2))
        .unwrap()
        .writing_as(&[2]);
    edit(&mut first, time_frame(2026));
    edit(&mut second, time_frame(2028));
    let unwanted = EntityRef::new(EntityKind::Measure, "unwanted");
    edit(&mut first, Edit::Delete(unwanted));
    edit(
        &mut second,
        Edit::Splice {
            id: "unwanted".into(),
            text: TextField::Measure(measure::Text::Title),
            at: 0,
            delete: 0,
            insert: "Breiband".into(),
        },
    );
    first.merge([second.save()]).unwrap();
    let goal = first.view().goals(None)[0].id.to_string();
    let write = Edit::Write {
        id: goal,
        text: TextField::Goal(goal::Text::Body),
        blocks: blocks(),
    };
    edit(&mut first, write);
    first.view()
}

fn edit(doc: &mut PlanDoc, edit: Edit) {
    doc.edit(&edit, NOW).unwrap();
}

fn time_frame(to: i32) -> Edit {
    let frame = measure::Field::TimeFrame(Some(TimeFrame::Years(2025, to)));
    Edit::Set {
        id: "wanted".into(),
        field: Field::Measure(frame),
    }
}

fn blocks() -> Vec<Block> {
    let kinds = [
        BlockKind::Heading(2),
        BlockKind::Paragraph,
        BlockKind::Bullet(2),
        BlockKind::Numbered(1),
        BlockKind::Note,
        BlockKind::Head(1),
        BlockKind::Cell(1),
    ];
    let mut blocks: Vec<Block> = kinds.map(|kind| Block::new(kind, "å skrive")).into();
    let marks = [
        Mark::Bold,
        Mark::Italic,
        Mark::Link("plan:measures/wanted".into()),
    ];
    blocks[1].runs.extend(marks.map(|mark| Run {
        text: mark.name().into(),
        marks: vec![mark],
    }));
    blocks
}

#[test]
fn a_view_comes_back_from_its_bytes() {
    let view = plan_with_everything();
    assert_eq!(view.clashes().len(), 1);
    assert_eq!(view.contested_deletions.len(), 1);
    let back = PlanView::from_bytes(&view.to_bytes().unwrap()).unwrap();
    assert_eq!(back, view);
    let goals = |view: &PlanView| -> Vec<String> {
        let goals = view.goals(None).into_iter();
        goals.map(|goal| goal.id.to_string()).collect()
    };
    assert_eq!(goals(&back), goals(&view), "in their order");
}

/// Bytes that are on people's disks must read as their document would.
#[test]
fn these_bytes_are_of_this_version() {
    let bytes = plan_with_everything().to_bytes().unwrap();
    let digest: String = Sha256::digest(bytes)[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(
        digest, "d8ed000f78b690ea",
        "what a document reads as, or its bytes, are others now: raise VERSION in src/kept.rs, and put this here"
    );
}

#[test]
fn what_cannot_be_read_is_not_kept() {
    use automerge::{AutoCommit, ROOT, ReadDoc, transaction::Transactable};
    let mut plan = PlanDoc::create(&DeviceName::from_public_key(b"device"));
    assert!(plan.view().to_bytes().is_some());
    let mut doc = AutoCommit::load(&plan.save()).unwrap();
    let (_, parties) = doc.get(ROOT, "parties").unwrap().unwrap();
    doc.put(parties, "tokke", "no map").unwrap();
    let mut plan = PlanDoc::load(&doc.save(), &DeviceName::from_public_key(b"device")).unwrap();
    assert_eq!(plan.view().to_bytes(), None);
}

proptest! {
    #[test]
    fn damaged_bytes_are_no_view(at in any::<prop::sample::Index>(), cut: bool) {
        static BYTES: LazyLock<Vec<u8>> =
            LazyLock::new(|| plan_with_everything().to_bytes().unwrap());
        let mut bytes = BYTES.clone();
        let at = at.index(bytes.len());
        if cut {
            bytes.truncate(at);
            prop_assert_eq!(PlanView::from_bytes(&bytes), None);
        } else {
            // It may be a letter of a text that is another now.
            bytes[at] ^= 0xff;
            PlanView::from_bytes(&bytes);
        }
    }

    #[test]
    fn other_bytes_are_no_view(bytes: Vec<u8>) {
        prop_assert_eq!(PlanView::from_bytes(&bytes), None);
    }
}
