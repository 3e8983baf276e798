//! Goals and the measure table.

use plan::Id;
use plan::schema::{BudgetLine, FundingSource, Grant, Measure};
use plan::value::{Maturity, Percent, TimeFrame};

use crate::{by_goal, example, names, numbered};

#[test]
fn goals_weigh_a_hundred_per_cent() {
    let view = example();
    let goals = view.goals(None);
    let weights: Vec<_> = goals
        .iter()
        .map(|goal| goal.weight.value.unwrap())
        .collect();
    assert_eq!(weights, [60, 20, 20].map(Percent::whole));
    assert_eq!(view.weight_sum(None), Percent::whole(100));
    assert!(goals.iter().all(|goal| !goal.main_goal.is_empty()));
    let reserved: Vec<_> = goals.iter().map(|goal| !goal.caveat.is_empty()).collect();
    assert_eq!(reserved, [false, true, false]);
}

#[test]
fn measures_are_fourteen_and_numbered_within_their_goal() {
    let view = example();
    assert_eq!(
        by_goal(view, |_| ())
            .iter()
            .map(Vec::len)
            .collect::<Vec<_>>(),
        [6, 4, 4]
    );
    let numbers = by_goal(view, |measure| view.measure_number(&measure.id).unwrap());
    assert_eq!(
        numbers,
        [vec![1, 2, 3, 4, 5, 6], vec![1, 2, 3, 4], vec![1, 2, 3, 4]]
    );
    assert_eq!(view.all::<Measure>().len(), 14);
}

#[test]
fn time_frames_fall_as_in_the_source() {
    let view = example();
    let within = |frame: TimeFrame| {
        numbered(view, |measure| {
            measure.time_frame.value == Some(frame.clone())
        })
    };
    assert_eq!(
        within(TimeFrame::Years(2025, 2028)),
        [(1, 1), (1, 4), (2, 2), (2, 3), (3, 1), (3, 2)]
    );
    assert_eq!(
        within(TimeFrame::Years(2026, 2028)),
        [(1, 2), (1, 3), (2, 1), (2, 4), (3, 3), (3, 4)]
    );
    assert_eq!(within(TimeFrame::NextRevision), [(1, 5), (1, 6)]);
}

#[test]
fn unfinished_measures_wait_and_an_early_one_says_so() {
    let view = example();
    let at = |maturity| numbered(view, |measure| measure.maturity.value == Some(maturity));
    assert_eq!(at(Maturity::Unfinished), [(1, 5), (1, 6)]);
    assert_eq!(at(Maturity::Early), [(2, 4)]);
    assert_eq!(
        numbered(view, |measure| measure.later.value == Some(true)),
        [(1, 5), (1, 6)]
    );
    assert_eq!(numbered(view, Measure::is_deferred), [(1, 5), (1, 6)]);
}

#[test]
fn three_lead_every_measure() {
    let view = example();
    let leads = by_goal(view, |measure| measure.leads.len());
    assert!(leads.iter().flatten().all(|leads| *leads == 3), "{leads:?}");
    assert_eq!(
        leads
            .iter()
            .map(|goal| goal.iter().sum())
            .collect::<Vec<usize>>(),
        [18, 12, 12]
    );
    assert_eq!(leads.iter().flatten().sum::<usize>(), 42);
}

#[test]
fn partners_are_eighty_four() {
    let view = example();
    let partners = by_goal(view, |measure| measure.partners.len());
    assert_eq!(
        partners,
        [vec![7, 3, 3, 5, 3, 3], vec![6, 6, 5, 5], vec![8, 11, 8, 11]]
    );
    assert_eq!(partners.iter().flatten().sum::<usize>(), 84);
    assert_eq!(
        numbered(view, |measure| measure.and_others.value == Some(true)),
        [(1, 2), (1, 3), (3, 1)]
    );
}

#[test]
fn rows_that_the_source_tears_apart_are_whole() {
    let view = example();
    let row = |id: &str| view.get(&Id::<Measure>::new(id)).unwrap().clone();
    assert_eq!(
        names(view, &row("d2-4").partners),
        [
            "Innovasjon Norge",
            "NAV Vest-Telemark",
            "NHO",
            "Telemark næringshage",
            "Vest-Telemark næringsforum"
        ],
    );
    let lead = names(view, &row("d2-4").leads);
    assert!(
        lead.contains(&"næringssjefane i avtalekommunane".to_owned()),
        "{lead:?}"
    );
    let last = names(view, &row("d3-4").partners);
    for name in [
        "Opplæringskontoret i offentleg sektor",
        "Nissedal studiesenter",
        "vidaregåande skular",
    ] {
        assert!(last.contains(&name.to_owned()), "{last:?}");
    }
}

#[test]
fn there_is_no_money_and_nothing_to_settle() {
    let view = example();
    assert!(view.all::<BudgetLine>().is_empty());
    assert!(view.all::<Grant>().is_empty());
    assert!(view.all::<FundingSource>().is_empty());
    assert_eq!(view.clashes(), []);
}
