//! What stands before the goals: the plan's own facts, the log, the chapters.

use plan::schema::LogEntry;
use plan::value::{Language, PartialDate, PlanKind, TableKind};

use crate::{example, names};

#[test]
fn the_plan_says_what_it_is() {
    let view = example();
    let plan = view.plan().unwrap();
    assert_eq!(plan.kind.value, Some(PlanKind::RuralGrowthActionPlan));
    assert_eq!(plan.language.value, Some(Language::Nn));
    assert_eq!(plan.year.value, Some(2025));
    assert_eq!(
        plan.period.value.map(|period| (period.from, period.to)),
        Some((2025, 2028))
    );
    assert_eq!(plan.title, "Handlingsplan");
    assert_eq!(
        plan.subtitle,
        "oppfølging av Bygdevekstavtale for Vest-Telemark"
    );
    assert_eq!(plan.programme, "Bygdevekstavtale for Vest-Telemark");
}

#[test]
fn the_log_has_seven_rows_as_precise_as_the_source() {
    let view = example();
    let log = view.all::<LogEntry>();
    let rows: Vec<_> = log
        .iter()
        .map(|row| {
            (
                row.version.value.as_deref().unwrap(),
                row.date.value.unwrap().to_string(),
            )
        })
        .collect();
    let expected = [
        ("1.0", "2023-08"),
        ("2.0", "2024-01"),
        ("2.1", "2024-02"),
        ("3.0", "2024-06"),
        ("4.0", "2025-01-27"),
        ("5.0", "2025-05-04"),
        ("6.0", "2025-05-10"),
    ];
    assert_eq!(
        rows,
        expected.map(|(version, date)| (version, date.to_owned()))
    );
    let (months, days) = log.split_at(4);
    assert!(
        months
            .iter()
            .all(|row| matches!(row.date.value, Some(PartialDate::Month(..))))
    );
    assert!(
        days.iter()
            .all(|row| matches!(row.date.value, Some(PartialDate::Day(_))))
    );
    let by = names(
        view,
        log.iter().map(|row| row.changed_by.value.as_ref().unwrap()),
    );
    assert!(
        by[..4]
            .iter()
            .all(|name| name == "Kommunal- og distriktsdepartementet"),
        "{by:?}"
    );
    assert!(by[4..].iter().all(|name| name == "Piloten"), "{by:?}");
    assert!(
        log.iter()
            .all(|row| !row.label.is_empty() && !row.status.is_empty())
    );
}

#[test]
fn chapters_are_numbered_as_in_the_source() {
    let view = example();
    let chapters: Vec<_> = view
        .chapters()
        .iter()
        .map(|(number, chapter)| {
            (
                *number,
                chapter.heading.clone(),
                chapter.tables.iter().copied().collect(),
            )
        })
        .collect();
    let expected: [(u32, &str, Vec<TableKind>); 6] = [
        (1, "Introduksjon", vec![]),
        (2, "Rammer for handlingsplanen", vec![]),
        (
            3,
            "Handlingsplan 2025 per delmål",
            vec![TableKind::Measures],
        ),
        (4, "Organisering", vec![TableKind::Organisation]),
        (
            5,
            "Lokal og regional forankring",
            vec![TableKind::Anchoring],
        ),
        (
            8,
            "Handlingsplanen er godkjent av",
            vec![TableKind::Approvals],
        ),
    ];
    assert_eq!(
        chapters,
        expected.map(|(number, heading, tables)| (number, heading.to_owned(), tables))
    );
}
