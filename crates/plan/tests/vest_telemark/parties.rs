//! Who takes part, approves, and is organised how.

use plan::Id;
use plan::schema::{Goal, Measure, OrgUnit, Party, PartyRole};
use plan::value::{Body, EventStatus, OrgUnitKind, PartialDate, RoleKind};

use crate::{example, names, numbered};

const MUNICIPALITIES: [&str; 6] = [
    "Fyresdal kommune",
    "Kviteseid kommune",
    "Nissedal kommune",
    "Seljord kommune",
    "Tokke kommune",
    "Vinje kommune",
];

#[test]
fn one_party_under_several_names_is_one() {
    let view = example();
    let study_centre = view.find_party("Studiesenteret i Nissedal").unwrap();
    assert_eq!(
        study_centre.name.value.as_deref(),
        Some("Nissedal studiesenter")
    );
    let with = numbered(view, |measure| measure.partners.contains(&study_centre.id));
    assert_eq!(with, [(3, 1), (3, 2), (3, 3), (3, 4)]);
    for (short, name) in [
        ("TFK", "Telemark fylkeskommune"),
        ("KDD", "Kommunal- og distriktsdepartementet"),
    ] {
        assert_eq!(
            view.find_party(short).unwrap().name.value.as_deref(),
            Some(name)
        );
    }
}

#[test]
fn each_municipality_is_anchored_in_both_bodies() {
    let view = example();
    let rows = view.anchoring();
    assert_eq!(
        names(view, rows.iter().map(|row| &row.party)),
        MUNICIPALITIES
    );
    let dates: Vec<_> = rows
        .iter()
        .map(|row| {
            [Body::ExecutiveCommittee, Body::MunicipalCouncil]
                .map(|body| row.events[&body].date.value.unwrap())
        })
        .collect();
    let expected = [
        ["2025-06-11", "2025-06-19"],
        ["2025-05-22", "2025-06-12"],
        ["2025-06-05", "2025-06-19"],
        ["2025-06-12", "2025-06-19"],
        ["2025-06-04", "2025-06-17"],
        ["2025-06-12", "2025-06-24"],
    ];
    assert_eq!(
        dates,
        expected.map(|row| row.map(|date| date.parse::<PartialDate>().unwrap()))
    );
    let events = rows.iter().flat_map(|row| row.events.values());
    assert!(
        events
            .clone()
            .all(|event| event.status.value == Some(EventStatus::Planned))
    );
    assert_eq!(events.count(), 12);
}

#[test]
fn seven_are_asked_to_approve_and_none_has() {
    let view = example();
    let rows = view.approvals();
    let expected: Vec<_> = MUNICIPALITIES
        .into_iter()
        .chain(["Telemark fylkeskommune"])
        .collect();
    assert_eq!(names(view, rows.iter().map(|row| &row.party)), expected);
    assert!(rows.iter().all(|row| row.approval.is_none()));
}

#[test]
fn roles_are_those_of_the_agreement() {
    let view = example();
    let roles = view.all::<PartyRole>();
    let count = |role: RoleKind, goal: Option<&str>| {
        let goal = goal.map(Id::<Goal>::new);
        roles
            .iter()
            .filter(|entry| entry.role.value == Some(role) && entry.goal.value == goal)
            .count()
    };
    assert_eq!(count(RoleKind::MainParty, None), 7);
    assert_eq!(count(RoleKind::CoordinatingMainParty, None), 1);
    assert_eq!(count(RoleKind::SpecialActor, None), 3);
    assert_eq!(
        ["d1", "d2", "d3"].map(|goal| count(RoleKind::Partner, Some(goal))),
        [4, 4, 7]
    );
}

#[test]
fn the_organisation_has_no_working_group_for_the_second_goal() {
    let view = example();
    let units = view.all::<OrgUnit>();
    let of = |kind| {
        units
            .iter()
            .filter(move |unit| unit.kind.value == Some(kind))
    };
    let groups: Vec<_> = of(OrgUnitKind::WorkingGroup)
        .map(|unit| unit.goal.value.as_ref().unwrap().as_str())
        .collect();
    assert_eq!(groups, ["d1", "d3"]);
    assert_eq!(of(OrgUnitKind::ReferenceGroup).count(), 3);
    assert_eq!(units.len(), 9);
}

#[test]
fn every_party_named_is_there_with_its_name_and_kind() {
    let view = example();
    for measure in view.all::<Measure>() {
        for party in measure.leads.iter().chain(&measure.partners) {
            assert!(view.get(party).is_some(), "{party} of {}", measure.title);
        }
    }
    for party in view.all::<Party>() {
        assert!(
            party.name.value.is_some() && party.kind.value.is_some(),
            "{}",
            party.id
        );
    }
}
