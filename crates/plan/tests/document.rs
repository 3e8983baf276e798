//! Opening and saving a plan, what is no plan, and text as an editor sees it.

#![allow(clippy::unwrap_used)]

use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, ROOT};
use plan::schema::{Chapter, chapter};
use plan::*;
use proptest::prelude::*;

fn device() -> DeviceName {
    DeviceName::from_public_key(&[7; 32])
}

const BODY: TextField = TextField::Chapter(chapter::Text::Body);
const HEADING: TextField = TextField::Chapter(chapter::Text::Heading);

fn with_chapter() -> PlanDoc {
    let mut doc = PlanDoc::create(&device());
    let entity = EntityRef::new(EntityKind::Chapter, "c1");
    doc.edit(
        &Edit::Add {
            entity,
            place: Place::Last,
            fields: vec![],
        },
        100,
    )
    .unwrap();
    doc
}

fn splice(doc: &mut PlanDoc, text: TextField, at: usize, delete: usize, insert: &str) {
    let edit = Edit::Splice {
        id: "c1".into(),
        text,
        at,
        delete,
        insert: insert.into(),
    };
    doc.edit(&edit, 100).unwrap();
}

fn body(doc: &mut PlanDoc) -> RichText {
    doc.view()
        .get(&Id::<Chapter>::new("c1"))
        .unwrap()
        .body
        .clone()
}

#[test]
fn the_first_change_is_the_same_bytes_for_ever() {
    let hex: String = PlanDoc::create(&device()).heads()[0]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(
        hex, FIRST_CHANGE,
        "plans begun by another version would no longer merge with these"
    );
}

const FIRST_CHANGE: &str = "bac58c179d2eca61fef8306badf8b93ef5407f5c966303fa08e938e75905c21c";

/// What several devices may begin at once is one thing only while every version
/// of the app makes the same bytes of it.
#[test]
fn shared_beginnings_are_the_same_bytes_for_ever() {
    let shared = [
        Shared::Party {
            id: party_id("Vinje kommune"),
        },
        Shared::Section {
            measure: Id::new("m1"),
            kind: value::SectionKind::FurtherPlanning,
        },
        Shared::Anchoring {
            party: party_id("Tokke kommune"),
            body: value::Body::MunicipalCouncil,
        },
        Shared::Role {
            party: party_id("KS"),
            role: value::RoleKind::Partner,
            goal: Some(Id::new("g1")),
        },
        Shared::Person {
            device: device().as_str().into(),
        },
    ];
    let hashes = shared.map(|shared| {
        let mut doc = PlanDoc::create(&device());
        doc.edit(&Edit::Ensure(shared), 100).unwrap();
        doc.heads()[0]
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    });
    assert_eq!(hashes, SHARED_BEGINNINGS);
}

const SHARED_BEGINNINGS: [&str; 5] = [
    "19348012d8f84c79",
    "a6fdb6fd19c835a4",
    "c11ba995f95add41",
    "3bf95431642b24e8",
    "ae835ad8536ce869",
];

#[test]
fn a_saved_plan_opens_with_the_same_heads_and_content() {
    let mut doc = with_chapter();
    splice(&mut doc, BODY, 0, 0, "Ein\nto");
    let saved = doc.save();
    let mut opened = PlanDoc::load(&saved, &device()).unwrap();
    assert_eq!((opened.heads(), opened.view()), (doc.heads(), doc.view()));
    assert_eq!(opened.newer_schema(), None);
}

#[test]
fn bytes_that_are_no_plan_say_so() {
    let mut cut = with_chapter().save();
    cut.truncate(cut.len() / 2);
    for bytes in [&b""[..], b"garbage", &cut] {
        let error = PlanDoc::load(bytes, &device()).unwrap_err();
        assert!(
            matches!(error, LoadError::NotAutomerge(_) | LoadError::NotAPlan),
            "{error}"
        );
    }
    let mut other = AutoCommit::new();
    other.put(ROOT, "title", "Handleliste").unwrap();
    assert!(matches!(
        PlanDoc::load(&other.save(), &device()),
        Err(LoadError::NotAPlan)
    ));
    // The right number alone does not make it a plan.
    other.put(ROOT, "schema", 1).unwrap();
    assert!(matches!(
        PlanDoc::load(&other.save(), &device()),
        Err(LoadError::NotAPlan)
    ));
}

#[test]
fn a_plan_of_a_newer_schema_opens_for_reading_only() {
    let mut later = AutoCommit::load(&with_chapter().save())
        .unwrap()
        .with_actor(ActorId::random());
    later.put(ROOT, "schema", 2).unwrap();
    let mut doc = PlanDoc::load(&later.save(), &device()).unwrap();
    assert_eq!(doc.newer_schema(), Some(2));
    assert_eq!(doc.view().all::<Chapter>().len(), 1);
    let edit = Edit::Delete(EntityRef::new(EntityKind::Chapter, "c1"));
    assert!(matches!(doc.edit(&edit, 0), Err(EditError::NewerSchema(2))));
}

#[test]
fn damaged_changes_are_refused_whole() {
    let mut doc = with_chapter();
    splice(&mut doc, BODY, 0, 0, "Tekst");
    let changes = doc.changes_since(&[]);
    let mut damaged = changes.clone();
    let last = damaged.last_mut().unwrap();
    let middle = last.len() / 2;
    last[middle] ^= 0xff;
    let mut other = PlanDoc::create(&device());
    let heads = other.heads();
    assert!(other.merge(&damaged).is_err());
    assert!(other.merge([b"garbage"]).is_err());
    assert_eq!(other.heads(), heads);
    other.merge(&changes).unwrap();
    assert_eq!(other.heads(), doc.heads());
}

/// A plan of five changes, and they.
fn of_five_changes() -> (PlanDoc, Vec<Vec<u8>>) {
    let mut doc = with_chapter();
    doc.commit();
    for text in ["first", "second", "third"] {
        splice(&mut doc, BODY, 0, 0, text);
        doc.commit();
    }
    let changes = doc.changes_since(&[]);
    assert_eq!(changes.len(), 5);
    (doc, changes)
}

#[test]
fn few_changes_are_the_same_as_among_many() {
    let mut doc = with_chapter();
    let mut heads = Vec::new();
    for number in 0..30 {
        let title = Shared::Party {
            id: party_id(&format!("Kommune {number}")),
        };
        doc.edit(&Edit::Ensure(title), 100).unwrap();
        splice(&mut doc, BODY, 0, 0, "x");
        doc.commit();
        if number == 24 {
            heads = doc.heads();
        }
    }
    let all = doc.changes_since(&[]);
    let few = doc.changes_since(&heads);
    assert!((5..16).contains(&few.len()), "{}", few.len());
    assert_eq!(few, all[all.len() - few.len()..]);
}

#[test]
fn a_blank_plan_takes_in_a_saved_one_as_by_its_changes() {
    let (mut doc, changes) = of_five_changes();
    let saved = doc.save();
    let mut by_changes = PlanDoc::create(&device());
    let mut expected = by_changes.merge(&changes).unwrap();
    let the_plan = EntityRef::new(EntityKind::Plan, schema::PLAN_ID);
    expected.changed.insert(the_plan);
    let mut whole = PlanDoc::create(&device());
    assert_eq!(whole.merge([&saved]).unwrap(), expected);
    assert_eq!(whole.heads(), doc.heads());
    assert_eq!(whole.merge([&saved]).unwrap(), Merged::default());

    splice(&mut whole, BODY, 0, 0, "fourth");
    let since = doc.heads();
    let [edit] = &whole.latest_by(&device(), &since)[..] else {
        panic!("one actor wrote");
    };
    assert_eq!(edit.1, whole.heads()[0]);
    doc.merge(whole.changes_since(&since)).unwrap();
    assert_eq!(doc.view(), whole.view());
}

#[test]
fn a_blank_plan_stays_blank_where_something_beside_the_saved_one_is_damaged() {
    let (mut doc, changes) = of_five_changes();
    let mut blank = PlanDoc::create(&device());
    blank.merge(&changes[4..]).unwrap();
    let heads = blank.heads();
    assert!(blank.merge([&doc.save()[..], b"garbage"]).is_err());
    assert_eq!(blank.heads(), heads);
    assert!(blank.is_blank());
    // What had waited before is still there.
    blank.merge(&changes[..4]).unwrap();
    assert_eq!(blank.heads(), doc.heads());
}

#[test]
fn what_waits_in_a_blank_plan_stays_when_a_saved_one_comes() {
    let (mut doc, changes) = of_five_changes();
    let mut early = PlanDoc::create(&device());
    early.merge(&changes[..3]).unwrap();
    let mut blank = PlanDoc::create(&device());
    blank.merge(&changes[4..]).unwrap();
    blank.merge([early.save()]).unwrap();
    assert_eq!(blank.heads(), early.heads());
    blank.merge(&changes[3..4]).unwrap();
    assert_eq!(blank.heads(), doc.heads());
}

#[test]
fn a_saved_plan_brings_what_waits_in_it_for_changes_yet_to_come() {
    let (mut doc, changes) = of_five_changes();
    let (early, rest) = changes.split_at(2);
    let mut waiting = PlanDoc::create(&device());
    waiting.merge(&rest[1..]).unwrap();
    let mut other = PlanDoc::create(&device());
    other.merge([waiting.save()]).unwrap();
    assert_ne!(other.heads(), doc.heads());

    other.merge(early).unwrap();
    other.merge(&rest[..1]).unwrap();
    assert_eq!(other.heads(), doc.heads());
}

#[test]
fn edits_that_name_what_is_not_there_change_nothing() {
    let mut doc = with_chapter();
    let heads = doc.heads();
    let wrong = [
        Edit::Delete(EntityRef::new(EntityKind::Measure, "m9")),
        Edit::Splice {
            id: "c9".into(),
            text: BODY,
            at: 0,
            delete: 0,
            insert: "x".into(),
        },
        Edit::Add {
            entity: EntityRef::new(EntityKind::Chapter, "c1"),
            place: Place::Last,
            fields: vec![],
        },
        Edit::Add {
            entity: EntityRef::new(EntityKind::Chapter, "c2"),
            place: Place::After("c9".into()),
            fields: vec![],
        },
        Edit::Mark {
            id: "c1".into(),
            text: HEADING,
            from: 0,
            to: 1,
            mark: Mark::Bold,
            on: true,
        },
    ];
    for edit in wrong {
        assert!(doc.edit(&edit, 200).is_err(), "{edit:?}");
    }
    assert_eq!(doc.heads(), heads);
}

#[test]
fn typing_gathers_in_one_change_until_commit() {
    let mut doc = with_chapter();
    doc.commit();
    let before = doc.changes_since(&[]).len();
    for (at, letter) in "Innsikt".chars().enumerate() {
        splice(&mut doc, HEADING, at, 0, &letter.to_string());
    }
    assert!(doc.has_uncommitted());
    doc.commit();
    assert_eq!(doc.changes_since(&[]).len(), before + 1);
}

#[test]
fn blocks_and_marks_are_written_and_read_back() {
    let mut doc = with_chapter();
    let blocks = vec![
        Block::new(BlockKind::Heading(1), "Mål"),
        Block {
            kind: BlockKind::Paragraph,
            runs: vec![
                Run {
                    text: "Sjå ".into(),
                    marks: vec![],
                },
                Run {
                    text: "tiltak".into(),
                    marks: vec![Mark::Link("plan:measures/m1".into())],
                },
            ],
        },
        Block::new(BlockKind::Bullet(1), "eitt"),
        Block::new(BlockKind::Bullet(2), "under"),
    ];
    doc.edit(
        &Edit::Write {
            id: "c1".into(),
            text: BODY,
            blocks: blocks.clone(),
        },
        100,
    )
    .unwrap();
    assert_eq!(body(&mut doc).blocks, blocks);
    doc.edit(
        &Edit::Mark {
            id: "c1".into(),
            text: BODY,
            from: 0,
            to: 3,
            mark: Mark::Bold,
            on: true,
        },
        100,
    )
    .unwrap();
    assert_eq!(body(&mut doc).blocks[0].runs[0].marks, [Mark::Bold]);
    doc.edit(
        &Edit::SetBlock {
            id: "c1".into(),
            text: BODY,
            at: 5,
            kind: BlockKind::Note,
        },
        100,
    )
    .unwrap();
    assert_eq!(body(&mut doc).blocks[1].kind, BlockKind::Note);
    // Enter in a list goes on with the list, Enter in a heading does not.
    splice(&mut doc, BODY, 3, 0, "\n");
    let kinds: Vec<_> = body(&mut doc)
        .blocks
        .iter()
        .map(|block| block.kind)
        .collect();
    let (note, bullet) = (BlockKind::Note, BlockKind::Bullet);
    assert_eq!(
        kinds,
        [
            BlockKind::Heading(1),
            BlockKind::Paragraph,
            note,
            bullet(1),
            bullet(2)
        ]
    );
}

/// The table of two columns with these rows of kinds and texts, after a paragraph.
fn with_table(cells: &[(BlockKind, &str)]) -> Vec<Block> {
    let paragraph = Block::new(BlockKind::Paragraph, "Tilskot i perioden:");
    let cells = cells.iter().map(|(kind, text)| Block::new(*kind, *text));
    std::iter::once(paragraph).chain(cells).collect()
}

fn write(doc: &mut PlanDoc, blocks: Vec<Block>) {
    let (id, text) = ("c1".into(), BODY);
    doc.edit(&Edit::Write { id, text, blocks }, 100).unwrap();
}

#[test]
fn a_table_is_written_by_the_smallest_difference_saved_and_merged() {
    use BlockKind::{Cell, Head};
    let table = [
        (Head(1), "Kommune"),
        (Head(2), "Kroner"),
        (Cell(1), "Seljord"),
        (Cell(2), "400 000"),
    ];
    let mut one = with_chapter();
    write(&mut one, with_table(&table));
    one.commit();
    let mut two = PlanDoc::load(&one.save(), &DeviceName::from_public_key(&[8; 32])).unwrap();
    assert_eq!(body(&mut two).blocks, with_table(&table));

    // One adds a row, the other writes on in the cells that were there.
    let mut longer = table.to_vec();
    longer.extend([(Cell(1), "Tokke"), (Cell(2), "250 000")]);
    write(&mut one, with_table(&longer));
    let mut corrected = table;
    corrected[0].1 = "Kommune eller eining";
    corrected[3].1 = "450 000";
    write(&mut two, with_table(&corrected));
    one.merge([two.save()]).unwrap();
    two.merge([one.save()]).unwrap();

    let mut both = longer;
    both[0].1 = "Kommune eller eining";
    both[3].1 = "450 000";
    assert_eq!(body(&mut one).blocks, with_table(&both));
    assert_eq!(body(&mut two).blocks, with_table(&both));
    let rows: Vec<usize> = table_rows(&body(&mut one).blocks[1..])
        .map(<[Block]>::len)
        .collect();
    assert_eq!(rows, [2, 2, 2]);
}

#[test]
fn a_line_begun_in_a_cell_is_a_cell_of_its_row() {
    let mut doc = with_chapter();
    let table = [
        (BlockKind::Head(1), "Kommune"),
        (BlockKind::Cell(1), "Fyresdal"),
    ];
    write(&mut doc, with_table(&table)[1..].to_vec());
    splice(&mut doc, BODY, 7, 0, "\nKroner");
    let blocks = body(&mut doc).blocks;
    let rows: Vec<Vec<String>> = table_rows(&blocks)
        .map(|row| row.iter().map(Block::text).collect())
        .collect();
    assert_eq!(rows, [vec!["Kommune", "Kroner"], vec!["Fyresdal"]]);
    assert_eq!(blocks[1].kind, BlockKind::Cell(2));
    // Without its first cell, what is left of the first row still is one.
    let continued: Vec<usize> = table_rows(&blocks[1..]).map(<[Block]>::len).collect();
    assert_eq!(continued, [1, 1]);
}

#[test]
fn edits_are_one_line_of_json_each() {
    let line = r#"{"set":{"id":"m1","field":{"measure":{"time_frame":{"years":[2025,2027]}}}}}"#;
    let edit: Edit = serde_json::from_str(line).unwrap();
    assert_eq!(serde_json::to_string(&edit).unwrap(), line);
    let line = r#"{"set_block":{"id":"c1","text":{"chapter":"body"},"at":0,"kind":{"head":2}}}"#;
    let edit: Edit = serde_json::from_str(line).unwrap();
    assert_eq!(serde_json::to_string(&edit).unwrap(), line);
    assert!(serde_json::from_str::<Edit>(r#"{"set":{"id":"m1","fjeld":{}}}"#).is_err());
}

proptest! {
    /// Whatever is typed, pasted or cut, the plain form of the text is what
    /// the same splices make of a string: emoji, line breaks and all.
    #[test]
    fn splices_do_to_the_text_what_they_do_to_a_string(
        steps in prop::collection::vec((0usize..40, 0usize..6, "[a-cæøå\\n😀]{0,5}"), 1..40)
    ) {
        let mut doc = with_chapter();
        let mut model: Vec<u16> = Vec::new();
        for (at, delete, insert) in steps {
            // Stay off the middle of a surrogate pair, as an editor does.
            let on_boundary = |mut at: usize, model: &[u16]| {
                at = at.min(model.len());
                if at > 0 && at < model.len() && (0xdc00..0xe000).contains(&model[at]) { at -= 1; }
                at
            };
            let from = on_boundary(at, &model);
            let to = on_boundary(from + delete, &model).max(from);
            splice(&mut doc, BODY, from, to - from, &insert);
            model.splice(from..to, insert.encode_utf16());
            prop_assert_eq!(body(&mut doc).plain(), String::from_utf16(&model).unwrap());
        }
    }
}

#[test]
fn a_device_s_latest_change_is_the_last_one_not_the_first() {
    let mut doc = with_chapter();
    doc.commit();
    let first = doc.heads();
    splice(&mut doc, HEADING, 0, 0, "Innleiing");
    doc.commit();
    let all = doc.latest_by(&device(), &[]);
    assert_eq!(all.len(), 1, "one opening, one actor");
    assert_eq!(vec![all[0].1], doc.heads());
    assert_eq!(doc.latest_by(&device(), &first), all);
    let now = doc.heads();
    assert_eq!(doc.latest_by(&device(), &now), []);
}

#[test]
fn words_are_found_in_the_order_in_which_the_plan_is_read() {
    let mut doc = PlanDoc::create(&DeviceName::from_public_key(&[1]));
    let outline = template::Content::Empty(value::Language::Nn);
    let edits = template::edits(template::Template::RuralGrowth, outline, None).unwrap();
    template::fill(&mut doc, &edits, 0).unwrap();
    let goal = doc
        .view()
        .goals(None)
        .first()
        .map(|goal| goal.id.to_string());
    let goal = goal.unwrap_or_else(|| {
        let add = r#"{"add": {"entity": {"kind": "goal", "id": "g"}}}"#;
        doc.edit(&serde_json::from_str(add).unwrap(), 0).unwrap();
        "g".to_owned()
    });
    for edit in [
        format!(r#"{{"add": {{"entity": {{"kind": "measure", "id": "m"}}, "fields": [{{"measure": {{"goal": "{goal}"}}}}]}}}}"#),
        r#"{"ensure": {"section": {"measure": "m", "kind": "challenge"}}}"#.to_owned(),
        r#"{"splice": {"id": "m", "text": {"measure": "title"}, "at": 0, "delete": 0, "insert": "Ørsted og økta"}}"#.to_owned(),
        r#"{"splice": {"id": "m.challenge", "text": {"section": "body"}, "at": 0, "delete": 0, "insert": "Her er ØKTA.\nDer er økta."}}"#.to_owned(),
    ] {
        doc.edit(&serde_json::from_str(&edit).unwrap(), 0).unwrap();
    }
    let view = doc.view();
    let found = view.find(" økta ", 10);
    let places: Vec<String> = found
        .iter()
        .map(|found| format!("{}|{}|{}", found.before, found.words, found.after))
        .collect();
    assert_eq!(
        places,
        ["Ørsted og |økta|", "Her er |ØKTA|.", "Der er |økta|."]
    );
    assert_eq!(view.find("økta", 2).len(), 2);
    assert_eq!(view.find("  ", 10), []);
    assert_eq!(view.find("finst ikkje", 10), []);
}

#[test]
fn comments_stand_by_what_they_are_about_with_their_hand_until_they_are_settled() {
    let mut doc = with_chapter();
    let about = EntityRef::new(EntityKind::Chapter, "c1");
    assert_eq!(EntityRef::from_anchor(&about.anchor()), Some(about.clone()));
    assert_eq!(EntityRef::from_anchor("nowhere/c1"), None);
    let note = EntityRef::new(EntityKind::Note, "n1");
    let fields = vec![
        Field::Note(schema::note::Field::Kind(Some(value::NoteKind::Comment))),
        Field::Note(schema::note::Field::Anchor(Some(about.anchor()))),
    ];
    let add = Edit::Add {
        entity: note.clone(),
        place: Place::Last,
        fields,
    };
    doc.edit(&add, 7).unwrap();
    doc.commit();
    let threads: Vec<(EntityRef, usize)> = doc
        .view()
        .comments()
        .iter()
        .map(|thread| (thread.about.clone(), thread.comments.len()))
        .collect();
    assert_eq!(threads, [(about, 1)]);
    let by = doc.begun_by(&note).unwrap();
    assert_eq!((by.device, by.at), (Some(device()), Some(7)));
    doc.edit(&Edit::Delete(note), 8).unwrap();
    assert_eq!(doc.view().comments(), []);
}
