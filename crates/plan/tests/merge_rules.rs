//! Where hands collide, and what becomes of it: one test for each rule, with
//! two or more devices that write without knowing of each other.

#![allow(clippy::unwrap_used)]

use plan::schema::*;
use plan::value::*;
use plan::*;

/// Devices begin with the same small plan: Delmål 1 with two measures.
fn devices<const N: usize>() -> [PlanDoc; N] {
    let mut first = PlanDoc::create(&device(0));
    let edits = [
        add("goals/d1", vec![]),
        add("measures/d1-1", vec![in_goal("d1")]),
        add("measures/d1-2", vec![in_goal("d1"), time_frame(2026, 2028)]),
    ];
    edits
        .iter()
        .for_each(|edit| drop(first.edit(edit, 100).unwrap()));
    let saved = first.save();
    std::array::from_fn(|n| {
        let mut doc = PlanDoc::load(&saved, &device(n)).unwrap();
        doc.edit(
            &Edit::Ensure(Shared::Person {
                device: device(n).as_str().into(),
            }),
            100,
        )
        .unwrap();
        let name = person::Field::Name(Some(NAMES[n].into()));
        doc.edit(
            &Edit::Set {
                id: device(n).as_str().into(),
                field: Field::Person(name),
            },
            100,
        )
        .unwrap();
        doc
    })
}

const NAMES: [&str; 6] = [
    "Fyresdal",
    "Vinje",
    "Tokke",
    "Seljord",
    "Nissedal",
    "Kviteseid",
];

fn device(n: usize) -> DeviceName {
    DeviceName::from_public_key(&[n as u8 + 1; 32])
}

fn entity(path: &str) -> EntityRef {
    let (collection, id) = path.split_once('/').unwrap();
    let kind = EntityKind::ALL
        .iter()
        .find(|kind| kind.collection() == collection)
        .unwrap();
    EntityRef::new(*kind, id)
}

fn add(path: &str, fields: Vec<Field>) -> Edit {
    Edit::Add {
        entity: entity(path),
        place: Place::Last,
        fields,
    }
}

fn in_goal(goal: &str) -> Field {
    Field::Measure(measure::Field::Goal(Some(Id::new(goal))))
}

fn time_frame(from: i32, to: i32) -> Field {
    Field::Measure(measure::Field::TimeFrame(Some(TimeFrame::Years(from, to))))
}

fn set(id: &str, field: Field) -> Edit {
    Edit::Set {
        id: id.into(),
        field,
    }
}

fn splice(id: &str, text: TextField, at: usize, delete: usize, insert: &str) -> Edit {
    Edit::Splice {
        id: id.into(),
        text,
        at,
        delete,
        insert: insert.into(),
    }
}

const TITLE: TextField = TextField::Measure(measure::Text::Title);
const BODY: TextField = TextField::Section(section::Text::Body);

/// Everyone gets everyone's changes, then all are equal in heads and view.
fn meet<const N: usize>(devices: &mut [PlanDoc; N]) -> PlanView {
    let changes: Vec<_> = devices
        .iter_mut()
        .flat_map(|doc| doc.changes_since(&[]))
        .collect();
    for doc in devices.iter_mut() {
        doc.merge(&changes).unwrap();
    }
    let heads = devices[0].heads();
    let view = devices[0].view();
    for doc in devices.iter_mut() {
        assert_eq!(doc.heads(), heads);
        assert_eq!(doc.view(), view);
    }
    let bytes = view.to_bytes().unwrap();
    assert_eq!(PlanView::from_bytes(&bytes).as_ref(), Some(&view));
    view
}

fn hands<T>(view: &PlanView, register: &Register<T>) -> Vec<String> {
    register
        .clash
        .iter()
        .map(|candidate| view.hand(&candidate.by).unwrap())
        .collect()
}

#[test]
fn rule_1_both_values_stand_until_someone_chooses() {
    let mut docs = devices::<2>();
    docs[0]
        .edit(&set("d1-2", time_frame(2026, 2027)), 200)
        .unwrap();
    docs[1]
        .edit(&set("d1-2", time_frame(2025, 2027)), 300)
        .unwrap();
    let view = meet(&mut docs);

    let clash = &view.get(&Id::<Measure>::new("d1-2")).unwrap().time_frame;
    let mut values: Vec<_> = clash
        .clash
        .iter()
        .map(|c| c.value.clone().unwrap())
        .collect();
    assert_eq!(
        clash.value,
        values.last().cloned(),
        "the current one stands last"
    );
    values.sort_by_key(|value| format!("{value:?}"));
    assert_eq!(
        values,
        [TimeFrame::Years(2025, 2027), TimeFrame::Years(2026, 2027)]
    );
    let mut names = hands(&view, clash);
    names.sort();
    assert_eq!(names, ["Fyresdal", "Vinje"]);
    let mut times: Vec<_> = clash.clash.iter().map(|c| c.by.at.unwrap()).collect();
    times.sort();
    assert_eq!(times, [200, 300]);
    assert_eq!(view.clashes().len(), 1);

    for chosen in [time_frame(2026, 2027), time_frame(2025, 2027)] {
        let mut docs = docs.clone();
        docs[1].edit(&set("d1-2", chosen.clone()), 400).unwrap();
        let view = meet(&mut docs);
        let settled = &view.get(&Id::<Measure>::new("d1-2")).unwrap().time_frame;
        assert_eq!(
            Field::Measure(measure::Field::TimeFrame(settled.value.clone())),
            chosen
        );
        assert!(
            settled.clash.is_empty(),
            "either choice settles it, the current value too"
        );
    }
}

#[test]
fn rule_1_names_stand_at_later_changes_too() {
    let mut docs = devices::<2>();
    for (n, doc) in docs.iter_mut().enumerate() {
        // The first change of an actor differs from those that follow: only it
        // says who the author is.
        doc.commit();
        let years = time_frame(2026, 2030 + n as i32);
        doc.edit(&set("d1-2", years), 200).unwrap();
    }
    let view = meet(&mut docs);

    let clash = &view.get(&Id::<Measure>::new("d1-2")).unwrap().time_frame;
    let mut names = hands(&view, clash);
    names.sort();
    assert_eq!(names, ["Fyresdal", "Vinje"]);
}

#[test]
fn rule_1_the_same_value_from_two_hands_is_no_clash() {
    let mut docs = devices::<2>();
    for (n, doc) in docs.iter_mut().enumerate() {
        doc.edit(&set("d1-2", time_frame(2025, 2027)), n as i64)
            .unwrap();
    }
    assert!(meet(&mut docs).clashes().is_empty());
}

#[test]
fn rule_1_clearing_a_field_against_setting_it_is_a_clash() {
    let mut docs = devices::<2>();
    docs[0]
        .edit(
            &set("d1-2", Field::Measure(measure::Field::TimeFrame(None))),
            200,
        )
        .unwrap();
    docs[1]
        .edit(&set("d1-2", time_frame(2025, 2027)), 300)
        .unwrap();
    assert_eq!(meet(&mut docs).clashes().len(), 1);
}

#[test]
fn rule_1_a_title_two_hands_rewrote_keeps_both_versions() {
    let [mut a, mut b] = devices::<2>();
    a.edit(&splice("d1-1", TITLE, 0, 0, "Kartlegging"), 200)
        .unwrap();
    b.edit(&splice("d1-1", TITLE, 0, 0, "Innsikt"), 300)
        .unwrap();
    let merged = a.merge(b.changes_since(&[])).unwrap();
    let contested = &merged.contested[..];
    assert_eq!(contested.len(), 1);
    assert_eq!(contested[0].versions, ["Kartlegging", "Innsikt"]);
    assert_eq!(contested[0].entity, entity("measures/d1-1"));
    assert_eq!(contested[0].by.len(), 2);
}

#[test]
fn rule_2_two_who_add_a_measure_both_keep_theirs() {
    let mut docs = devices::<2>();
    docs[0]
        .edit(&add("measures/aaa", vec![in_goal("d1")]), 200)
        .unwrap();
    docs[1]
        .edit(&add("measures/bbb", vec![in_goal("d1")]), 200)
        .unwrap();
    let link = "plan:measures/aaa";
    let view = meet(&mut docs);
    let numbers: Vec<_> = view
        .measures(&Id::new("d1"))
        .iter()
        .map(|m| view.measure_number(&m.id).unwrap())
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4]);

    let before = view.resolve_link(link).unwrap();
    docs[0]
        .edit(
            &Edit::Move {
                entity: entity("measures/aaa"),
                place: Place::First,
            },
            300,
        )
        .unwrap();
    let after = meet(&mut docs).resolve_link(link).unwrap();
    assert_eq!(
        (before > 1, after),
        (true, 1),
        "a cross-reference follows its measure"
    );
}

#[test]
fn rule_3_a_measure_that_one_deletes_and_one_edits_is_kept_and_flagged() {
    let mut docs = devices::<3>();
    docs[0]
        .edit(&Edit::Delete(entity("measures/d1-1")), 200)
        .unwrap();
    docs[1]
        .edit(&splice("d1-1", TITLE, 0, 0, "Meir om bustad"), 300)
        .unwrap();
    let view = meet(&mut docs);
    let contested = &view.contested_deletions[&entity("measures/d1-1")];
    assert_eq!(view.hand(&contested.deleted_by).unwrap(), "Fyresdal");
    let editors: Vec<_> = contested
        .edited_by
        .iter()
        .map(|by| view.hand(by).unwrap())
        .collect();
    assert_eq!(editors, ["Vinje"]);
    assert_eq!(
        view.get(&Id::<Measure>::new("d1-1")).unwrap().title,
        "Meir om bustad"
    );

    let mut keep = docs.clone();
    keep[2]
        .edit(&Edit::Restore(entity("measures/d1-1")), 400)
        .unwrap();
    let view = meet(&mut keep);
    assert!(view.contested_deletions.is_empty());
    assert_eq!(view.measures(&Id::new("d1")).len(), 2);

    docs[2]
        .edit(&Edit::Delete(entity("measures/d1-1")), 400)
        .unwrap();
    let view = meet(&mut docs);
    assert!(
        view.contested_deletions.is_empty(),
        "deleted anew by someone who knew of the edit"
    );
    assert_eq!(view.measures(&Id::new("d1")).len(), 1);
}

#[test]
fn rule_3_writing_in_a_section_counts_as_editing_its_measure() {
    let mut docs = devices::<2>();
    docs[0]
        .edit(&Edit::Delete(entity("measures/d1-1")), 200)
        .unwrap();
    let challenge = Shared::Section {
        measure: Id::new("d1-1"),
        kind: SectionKind::Challenge,
    };
    docs[1].edit(&Edit::Ensure(challenge), 300).unwrap();
    docs[1]
        .edit(
            &splice("d1-1.challenge", BODY, 0, 0, "Det manglar bustader."),
            300,
        )
        .unwrap();
    let view = meet(&mut docs);
    assert!(
        view.contested_deletions
            .contains_key(&entity("measures/d1-1"))
    );
}

#[test]
fn rule_3_a_plain_deletion_is_not_flagged() {
    let mut docs = devices::<2>();
    docs[0]
        .edit(&splice("d1-1", TITLE, 0, 0, "Før"), 150)
        .unwrap();
    docs[0]
        .edit(&Edit::Delete(entity("measures/d1-1")), 200)
        .unwrap();
    docs[1]
        .edit(&splice("d1-2", TITLE, 0, 0, "Eit anna"), 300)
        .unwrap();
    let view = meet(&mut docs);
    assert!(view.contested_deletions.is_empty());
    assert_eq!(view.deleted::<Measure>().len(), 1);
}

#[test]
fn rule_4_moves_of_different_measures_both_hold() {
    let mut docs = devices::<3>();
    docs[0]
        .edit(&add("measures/d1-3", vec![in_goal("d1")]), 200)
        .unwrap();
    meet(&mut docs);
    docs[0]
        .edit(
            &Edit::Move {
                entity: entity("measures/d1-3"),
                place: Place::First,
            },
            300,
        )
        .unwrap();
    docs[1]
        .edit(
            &Edit::Move {
                entity: entity("measures/d1-1"),
                place: Place::Last,
            },
            300,
        )
        .unwrap();
    docs[2]
        .edit(&splice("d1-3", TITLE, 0, 0, "Skrive under flyttinga"), 300)
        .unwrap();
    let view = meet(&mut docs);
    let order: Vec<_> = view
        .measures(&Id::new("d1"))
        .iter()
        .map(|m| m.id.to_string())
        .collect();
    assert_eq!(order, ["d1-3", "d1-2", "d1-1"]);
    assert_eq!(
        view.measures(&Id::new("d1"))[0].title,
        "Skrive under flyttinga"
    );
}

#[test]
fn rule_5_a_section_begun_twice_is_one_with_both_texts() {
    let mut docs = devices::<2>();
    let challenge = Shared::Section {
        measure: Id::new("d1-1"),
        kind: SectionKind::Challenge,
    };
    for (doc, line) in docs.iter_mut().zip(["Fyresdal skriv.", "Vinje skriv."]) {
        doc.edit(&Edit::Ensure(challenge.clone()), 200).unwrap();
        doc.edit(&splice("d1-1.challenge", BODY, 0, 0, line), 200)
            .unwrap();
    }
    let view = meet(&mut docs);
    let sections = view.sections(&Id::new("d1-1"));
    assert_eq!(sections.len(), 1);
    let text = sections[0].body.plain();
    assert!(
        text.contains("Fyresdal skriv.") && text.contains("Vinje skriv."),
        "{text}"
    );
}

#[test]
fn rule_6_partners_are_united_and_an_alias_is_the_same_party() {
    let mut docs = devices::<2>();
    for doc in &mut docs {
        let party = party_id("Nissedal studiesenter");
        doc.edit(&Edit::Ensure(Shared::Party { id: party.clone() }), 200)
            .unwrap();
        let name = party::Field::Name(Some("Nissedal studiesenter".into()));
        doc.edit(&set(party.as_str(), Field::Party(name)), 200)
            .unwrap();
    }
    let alias = Member::Party(party::Set::Aliases("Studiesenteret i Nissedal".into()));
    docs[0]
        .edit(
            &Edit::Include {
                id: "nissedal-studiesenter".into(),
                member: alias,
            },
            200,
        )
        .unwrap();
    let partner = |name: &str| Member::Measure(measure::Set::Partners(party_id(name)));
    for (doc, name) in docs.iter_mut().zip(["Nissedal studiesenter", "KS"]) {
        doc.edit(
            &Edit::Include {
                id: "d1-1".into(),
                member: partner(name),
            },
            300,
        )
        .unwrap();
    }
    let view = meet(&mut docs);
    assert_eq!(view.all::<Party>().len(), 1);
    assert_eq!(
        view.get(&Id::<Measure>::new("d1-1"))
            .unwrap()
            .partners
            .len(),
        2
    );
    let found = view.find_party("studiesenteret i  Nissedal").unwrap();
    assert_eq!(found.id.as_str(), "nissedal-studiesenter");

    // Taken out by both, put in anew by one of them: who puts it in wins.
    for doc in &mut docs {
        doc.edit(
            &Edit::Exclude {
                id: "d1-1".into(),
                member: partner("KS"),
            },
            400,
        )
        .unwrap();
    }
    docs[1]
        .edit(
            &Edit::Include {
                id: "d1-1".into(),
                member: partner("KS"),
            },
            400,
        )
        .unwrap();
    let view = meet(&mut docs);
    assert!(
        view.get(&Id::<Measure>::new("d1-1"))
            .unwrap()
            .partners
            .contains(&party_id("KS"))
    );
}

#[test]
fn rule_7_sums_are_recomputed_and_overdrawing_is_shown() {
    let mut docs = devices::<2>();
    let line = |field| Field::BudgetLine(field);
    docs[0]
        .edit(
            &add(
                "budget_lines/b5",
                vec![line(budget_line::Field::Budget(Some(Amount::kroner(
                    750_000,
                ))))],
            ),
            200,
        )
        .unwrap();
    meet(&mut docs);
    docs[0]
        .edit(
            &set(
                "b5",
                line(budget_line::Field::Granted(Some(Amount::kroner(650_000)))),
            ),
            300,
        )
        .unwrap();
    docs[1]
        .edit(
            &set(
                "b5",
                line(budget_line::Field::Granted(Some(Amount::kroner(800_000)))),
            ),
            300,
        )
        .unwrap();
    let view = meet(&mut docs);
    let row = view.get(&Id::<BudgetLine>::new("b5")).unwrap();
    assert!(row.granted.is_clash());
    let granted = row.granted.value.as_ref().unwrap().kroner.unwrap().0;
    assert_eq!(row.remaining(), Some(Kroner(750_000 - granted)));
    assert_eq!(row.is_overdrawn(), granted == 800_000);

    let xxx = Amount {
        kroner: None,
        literal: Some("xxx".into()),
    };
    docs[0]
        .edit(
            &set("b5", line(budget_line::Field::Granted(Some(xxx.clone())))),
            400,
        )
        .unwrap();
    let view = meet(&mut docs);
    let row = view.get(&Id::<BudgetLine>::new("b5")).unwrap();
    assert_eq!(
        (row.granted.value.as_ref(), row.remaining()),
        (Some(&xxx), None)
    );
    assert_eq!(
        total(row.budget.value.iter().chain(&row.granted.value)),
        Kroner(750_000)
    );
}

#[test]
fn rule_8_weights_are_summed_and_never_normalised() {
    let mut docs = devices::<2>();
    let weight = |share| Field::Goal(goal::Field::Weight(Some(Percent::whole(share))));
    docs[0]
        .edit(&add("goals/d2", vec![weight(40)]), 200)
        .unwrap();
    docs[1].edit(&set("d1", weight(70)), 200).unwrap();
    let view = meet(&mut docs);
    assert_eq!(view.weight_sum(None), Percent::whole(110));
    assert_eq!(
        view.get(&Id::<Goal>::new("d2")).unwrap().weight.value,
        Some(Percent::whole(40))
    );
}

#[test]
fn rule_9_a_paragraph_two_parties_changed_is_reported() {
    let [mut a, mut b] = devices::<2>();
    let section = Shared::Section {
        measure: Id::new("d1-1"),
        kind: SectionKind::Description,
    };
    a.edit(&Edit::Ensure(section), 200).unwrap();
    a.edit(
        &splice(
            "d1-1.description",
            BODY,
            0,
            0,
            "Første avsnitt.\nAndre avsnitt.\nTredje avsnitt.",
        ),
        200,
    )
    .unwrap();
    b.merge(a.changes_since(&[])).unwrap();

    // In «Andre avsnitt.» both write; in the first only one, in the last only the other.
    a.edit(&splice("d1-1.description", BODY, 0, 6, "Fyrste"), 300)
        .unwrap();
    a.edit(&splice("d1-1.description", BODY, 16, 5, "Neste"), 300)
        .unwrap();
    b.edit(&splice("d1-1.description", BODY, 29, 0, " frå Vinje"), 300)
        .unwrap();
    b.edit(&splice("d1-1.description", BODY, 41, 6, "Siste"), 300)
        .unwrap();
    let heads = b.heads();
    let merged = b.merge(a.changes_since(&heads)).unwrap();
    assert_eq!(merged.contested.len(), 1);
    assert_eq!(merged.contested[0].blocks, [1]);
    assert_eq!(merged.contested[0].text, "body");

    let view = b.view();
    let text = view.sections(&Id::new("d1-1"))[0].body.plain();
    assert!(text.starts_with("Fyrste avsnitt.\nNeste avsnitt"), "{text}");
    assert!(
        text.contains("frå Vinje") && text.contains("Siste avsnitt."),
        "{text}"
    );

    // Someone who had read the merged text and goes on is no contest.
    b.edit(&splice("d1-1.description", BODY, 0, 0, "Me seier: "), 400)
        .unwrap();
    let next = b.changes_since(&a.heads());
    assert!(
        a.merge(next)
            .unwrap()
            .contested
            .iter()
            .all(|c| c.blocks != [0])
    );
}

#[test]
fn rule_10_an_approval_stays_with_its_version() {
    let mut docs = devices::<2>();
    let approve = |doc: &mut PlanDoc, id: &str, party: &str| {
        let heads = doc.version_to_approve();
        let fields = vec![
            Field::Approval(approval::Field::Party(Some(party_id(party)))),
            Field::Approval(approval::Field::Heads(Some(heads))),
        ];
        doc.edit(&add(&format!("approvals/{id}"), fields), 200)
            .unwrap();
    };
    approve(&mut docs[0], "a1", "Fyresdal kommune");
    meet(&mut docs);
    approve(&mut docs[1], "a2", "Vinje kommune");
    let view = meet(&mut docs);
    for row in view.approvals() {
        assert!(
            !docs[0].changed_since(row.approval.as_ref().unwrap()),
            "another approval is no change"
        );
    }
    docs[1]
        .edit(&set("d1-2", time_frame(2025, 2026)), 300)
        .unwrap();
    meet(&mut docs);
    for row in docs[0].view().approvals() {
        assert!(docs[0].changed_since(row.approval.as_ref().unwrap()));
    }
}

#[test]
fn rule_11_two_log_rows_of_one_version_are_both_kept() {
    let mut docs = devices::<2>();
    for (doc, id) in docs.iter_mut().zip(["r1", "r2"]) {
        let version = Field::LogEntry(log_entry::Field::Version(Some("6.1".into())));
        doc.edit(&add(&format!("log/{id}"), vec![version]), 200)
            .unwrap();
    }
    let view = meet(&mut docs);
    assert_eq!(view.all::<LogEntry>().len(), 2);
    assert_eq!(view.free_version(&Id::new("r2")), Some("6.2".into()));
}

#[test]
fn six_devices_merge_in_any_order_to_the_same_plan() {
    let mut docs = devices::<6>();
    for (n, doc) in docs.iter_mut().enumerate() {
        doc.edit(
            &add(&format!("measures/new-{n}"), vec![in_goal("d1")]),
            200 + n as i64,
        )
        .unwrap();
        doc.edit(&splice(&format!("new-{n}"), TITLE, 0, 0, NAMES[n]), 200)
            .unwrap();
        doc.edit(&set("d1-2", time_frame(2025, 2026 + n as i32)), 300)
            .unwrap();
    }
    // A chain instead of a meeting: each hears only of the next.
    for round in 0..6 {
        for n in 0..6 {
            let (heads, other) = (docs[n].heads(), (n + 1 + round) % 6);
            let news = docs[other].changes_since(&heads);
            docs[n].merge(news).unwrap();
        }
    }
    let view = meet(&mut docs);
    assert_eq!(view.measures(&Id::new("d1")).len(), 8);
    assert_eq!(
        view.get(&Id::<Measure>::new("d1-2"))
            .unwrap()
            .time_frame
            .clash
            .len(),
        6
    );
}
