//! Beginning a plan from a template.

#![allow(clippy::unwrap_used)]

use plan::schema::{LogEntry, Party};
use plan::template::{self, Content, Template, known_party};
use plan::value::{Language, SectionKind, TableKind};
use plan::{DeviceName, Edit, Id, PlanDoc, PlanView};

const CONTENTS: [Content<'static>; 3] = [
    Content::Empty(Language::Nn),
    Content::Empty(Language::Nb),
    Content::Example(template::VEST_TELEMARK),
];

fn begun(content: Content<'_>, title: Option<&str>) -> PlanDoc {
    let edits = template::edits(Template::RuralGrowth, content, title).unwrap();
    let mut plan = PlanDoc::create(&DeviceName::from_public_key(b"device"));
    template::fill(&mut plan, &edits, 1_746_000_000).unwrap();
    plan
}

fn view(content: Content<'_>) -> PlanView {
    begun(content, None).view()
}

#[test]
fn templates_go_by_name() {
    assert_eq!("bygdevekst".parse(), Ok(Template::RuralGrowth));
    for template in Template::ALL {
        assert_eq!(template.name().parse(), Ok(*template));
    }
    let unknown = "budsjett".parse::<Template>().unwrap_err();
    assert_eq!(
        unknown.to_string(),
        "there is no template «budsjett»; choose one of: bygdevekst"
    );
}

#[test]
fn an_empty_plan_is_ready_to_write_in() {
    for (language, content) in [(Language::Nn, CONTENTS[0]), (Language::Nb, CONTENTS[1])] {
        let view = view(content);
        assert_eq!(view.plan().unwrap().language.value, Some(language));
        let chapters = view.chapters();
        assert_eq!(
            chapters
                .iter()
                .map(|(number, _)| *number)
                .collect::<Vec<_>>(),
            [1, 2, 3, 4, 5, 6]
        );
        assert!(
            chapters
                .iter()
                .all(|(_, chapter)| !chapter.heading.is_empty())
        );
        let in_chapter = |number: usize, table| chapters[number - 1].1.tables.contains(&table);
        assert!(in_chapter(3, TableKind::Measures));
        assert!(in_chapter(5, TableKind::Anchoring));
        assert!(in_chapter(6, TableKind::Approvals));

        let goals = view.goals(None);
        assert_eq!(goals.len(), 1);
        let measures = view.measures(&goals[0].id);
        assert_eq!(measures.len(), 1);
        let kinds: Vec<_> = view
            .sections(&measures[0].id)
            .iter()
            .map(|section| section.kind.value.unwrap())
            .collect();
        let expected = [
            SectionKind::Challenge,
            SectionKind::Description,
            SectionKind::FirstSteps,
            SectionKind::Contributions,
        ];
        assert_eq!(kinds, expected);

        assert_eq!(view.all::<LogEntry>().len(), 1);
        assert_eq!(view.all::<Party>().len(), 7);
        assert_eq!(view.approvals().len(), 7);
        let anchoring = view.anchoring();
        assert_eq!(anchoring.len(), 6);
        let mut events = anchoring.iter().flat_map(|row| row.events.values());
        assert!(events.all(|event| event.date.value.is_none()));
    }
}

#[test]
fn a_title_of_one_s_own_replaces_the_template_s() {
    let content = Content::Empty(Language::Nn);
    let title = |title| begun(content, title).view().plan().unwrap().title.clone();
    assert_eq!(title(None), "Handlingsplan for bygdevekstavtale");
    assert_eq!(title(Some("Plan for Tokke")), "Plan for Tokke");
}

#[test]
fn the_same_template_gives_the_same_edits() {
    for content in CONTENTS {
        let edits = || template::edits(Template::RuralGrowth, content, None).unwrap();
        assert_eq!(edits(), edits());
    }
}

#[test]
fn all_that_is_not_begun_alike_is_one_change() {
    for content in CONTENTS {
        let edits = template::edits(Template::RuralGrowth, content, None).unwrap();
        let shared = edits
            .iter()
            .filter(|edit| matches!(edit, Edit::Ensure(_)))
            .count();
        assert!(
            edits[..shared]
                .iter()
                .all(|edit| matches!(edit, Edit::Ensure(_)))
        );
        // The first change of every plan, the shared beginnings, and the rest.
        assert_eq!(begun(content, None).history().len(), 1 + shared + 1);
    }
}

#[test]
fn a_template_survives_saving() {
    for content in CONTENTS {
        let mut plan = begun(content, None);
        let mut again =
            PlanDoc::load(&plan.save(), &DeviceName::from_public_key(b"another")).unwrap();
        assert_eq!(again.view(), plan.view());
    }
}

#[test]
fn a_known_party_is_added_with_all_that_is_known_of_it() {
    let mut plan = PlanDoc::create(&DeviceName::from_public_key(b"device"));
    let county = known_party("TFK").unwrap();
    for edit in county.edits() {
        plan.edit(&edit, 0).unwrap();
    }
    let view = plan.view();
    let party = view.get(&county.id()).unwrap();
    assert_eq!(party.name.value.as_deref(), Some("Telemark fylkeskommune"));
    assert_eq!(party.kind.value, Some(county.kind));
    assert_eq!(party.number.value.as_deref(), Some("40"));
    assert!(party.aliases.contains("TFK"));
    assert_eq!(
        view.find_party("tfk").map(|found| found.id.clone()),
        Some(party.id.clone())
    );
}

#[test]
fn two_who_add_a_party_apart_add_it_once() {
    let [mut tokke, mut vinje] = ["tokke", "vinje"]
        .map(|device| PlanDoc::create(&DeviceName::from_public_key(device.as_bytes())));
    for plan in [&mut tokke, &mut vinje] {
        for edit in known_party("Husbanken").unwrap().edits() {
            plan.edit(&edit, 0).unwrap();
        }
    }
    tokke.merge([vinje.save()]).unwrap();
    let view = tokke.view();
    assert_eq!(view.all::<Party>().len(), 1);
    assert_eq!(view.party_name(&Id::new("husbanken")), "Husbanken");
    assert_eq!(view.clashes(), []);
}
