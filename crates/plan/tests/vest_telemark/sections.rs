//! The sections of the measures.

use plan::schema::Section;
use plan::value::SectionKind;
use plan::{BlockKind, Id};

use crate::{by_goal, example};

#[test]
fn sections_stand_in_the_source_s_order_under_its_headings() {
    use SectionKind::*;
    let view = example();
    let sections = |id: &str| -> Vec<(SectionKind, String)> {
        let sections = view.sections(&Id::new(id));
        sections
            .iter()
            .map(|section| (section.kind.value.unwrap(), section.heading.clone()))
            .collect()
    };
    let expect = |id: &str, expected: &[(SectionKind, &str)]| {
        let expected: Vec<_> = expected
            .iter()
            .map(|(kind, heading)| (*kind, (*heading).to_owned()))
            .collect();
        assert_eq!(sections(id), expected, "{id}");
    };
    expect(
        "d1-1",
        &[
            (Challenge, ""),
            (Description, ""),
            (Aim, "Mål med innsiktsarbeidet"),
            (FirstSteps, ""),
            (Contributions, ""),
            (FurtherPlanning, ""),
        ],
    );
    let unusual = [
        (Challenge, ""),
        (Trial, ""),
        (Note, ""),
        (Description, "Skildring av tiltak"),
        (Contributions, ""),
    ];
    expect("d1-2", &unusual);
    expect(
        "d1-3",
        &[
            (Free, ""),
            (Challenge, ""),
            (Description, ""),
            (DevelopmentArea, "Utviklingsområde for piloten"),
            (TargetGroups, ""),
            (FirstSteps, ""),
            (Contributions, ""),
        ],
    );
    expect(
        "d2-2",
        &[
            (Challenge, ""),
            (Description, "Tiltak"),
            (FirstSteps, ""),
            (Participants, ""),
        ],
    );
    expect(
        "d3-1",
        &[
            (Challenge, ""),
            (Description, ""),
            (Free, "Innsats retta mot ungdom"),
            (Free, "Innsats retta mot vaksne og etablerte arbeidstakarar"),
            (Contributions, ""),
        ],
    );
    expect(
        "d3-4",
        &[
            (Challenge, "Utfordringar"),
            (Description, ""),
            (Contributions, ""),
        ],
    );
    let by_measure = by_goal(view, |measure| view.sections(&measure.id).len());
    assert_eq!(
        by_measure,
        [vec![6, 5, 7, 5, 1, 1], vec![5, 4, 4, 5], vec![5, 3, 3, 3]]
    );
    assert!(
        view.all::<Section>()
            .iter()
            .all(|section| !section.body.is_empty())
    );
}

#[test]
fn lists_are_lists() {
    let view = example();
    let first_steps = view.get(&Id::<Section>::new("d1-1.first_steps")).unwrap();
    let kinds: Vec<_> = first_steps
        .body
        .blocks
        .iter()
        .map(|block| block.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            BlockKind::Numbered(1),
            BlockKind::Numbered(1),
            BlockKind::Bullet(1)
        ]
    );
    assert_eq!(first_steps.body.blocks[0].text(), "Skaffe kunnskap");
}
