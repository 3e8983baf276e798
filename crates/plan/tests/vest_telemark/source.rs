//! The filled template beside the documents it was made from: what it names
//! stands there, and what it says in running text does not.
//!
//! The documents are not part of the project. They are looked for beside the
//! workspace; where they are not, these tests have nothing to compare with and
//! say so.

use std::collections::HashSet;
use std::path::Path;

use plan::schema::*;
use plan::{PlanView, RichText};

use crate::example;

/// The plan and the agreement it follows up.
const SOURCES: [&str; 2] = ["001_183f2f31a4308e48.txt", "004_4442edc20838933b.txt"];

/// So many words in a row are no longer chance.
const COPIED_RUN: usize = 8;

fn sources() -> Option<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/seeds");
    if !folder.is_dir() {
        eprintln!("skipped: no source documents in {}", folder.display());
        return None;
    }
    Some(
        SOURCES
            .map(|name| std::fs::read_to_string(folder.join(name)).unwrap())
            .join("\n"),
    )
}

/// Titles, headings, table cells and names: everything that is a fact.
fn facts(view: &PlanView) -> Vec<String> {
    let plan = view.plan().unwrap();
    let mut facts = vec![
        plan.title.clone(),
        plan.subtitle.clone(),
        plan.programme.clone(),
    ];
    for row in view.all::<LogEntry>() {
        facts.extend([
            row.version.value.clone().unwrap(),
            row.label.clone(),
            row.status.clone(),
        ]);
    }
    facts.extend(
        view.all::<Chapter>()
            .iter()
            .map(|chapter| chapter.heading.clone()),
    );
    facts.extend(view.all::<Goal>().iter().map(|goal| goal.title.clone()));
    facts.extend(
        view.all::<Measure>()
            .iter()
            .map(|measure| measure.title.clone()),
    );
    facts.extend(
        view.all::<Section>()
            .iter()
            .map(|section| section.heading.clone()),
    );
    facts.extend(view.all::<OrgUnit>().iter().map(|unit| unit.name.clone()));
    facts.extend(
        view.all::<Party>()
            .iter()
            .map(|party| party.name.value.clone().unwrap()),
    );
    facts
}

fn running_texts(view: &PlanView) -> Vec<&RichText> {
    let mut texts: Vec<&RichText> = Vec::new();
    texts.extend(view.all::<Chapter>().iter().map(|chapter| &chapter.body));
    for goal in view.all::<Goal>() {
        texts.extend([&goal.main_goal, &goal.body, &goal.caveat]);
    }
    texts.extend(view.all::<Section>().iter().map(|section| &section.body));
    texts
}

/// Without white space, since the source breaks lines within words.
fn folded(text: &str) -> String {
    text.split_whitespace().collect()
}

fn words(text: &str) -> Vec<String> {
    let words = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

#[test]
fn every_fact_stands_in_the_source() {
    let Some(source) = sources() else { return };
    let source = folded(&source);
    let view = example();
    let missing: Vec<_> = facts(view)
        .into_iter()
        .filter(|fact| !source.contains(&folded(fact)))
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn no_running_text_is_copied_from_the_source() {
    let Some(source) = sources() else { return };
    let source = words(&source);
    let known: HashSet<&[String]> = source.windows(COPIED_RUN).collect();
    let view = example();
    for text in running_texts(view) {
        let words = words(&text.plain());
        let copied = words.windows(COPIED_RUN).find(|run| known.contains(run));
        assert_eq!(copied, None);
    }
}
