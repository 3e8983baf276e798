//! The format of a template: a plan in outline, as a person would jot it down.
//!
//! Parties stand by any name that the register knows them under. Running text
//! is a list of lines in the short form of [`blocks`](super::blocks). What is
//! left out is left empty in the plan.

use serde::Deserialize;

use crate::value::{
    Language, Maturity, OrgUnitKind, PartialDate, Percent, Period, PlanKind, RoleKind, SectionKind,
    TableKind, TimeFrame,
};

/// Lines of running text.
pub(super) type Lines = Vec<String>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Outline {
    pub plan: PlanHead,
    #[serde(default)]
    pub log: Vec<LogRow>,
    #[serde(default)]
    pub chapters: Vec<ChapterOutline>,
    #[serde(default)]
    pub goals: Vec<GoalOutline>,
    #[serde(default)]
    pub organisation: Vec<Unit>,
    #[serde(default)]
    pub anchoring: Vec<AnchoringDates>,
    #[serde(default)]
    pub roles: Vec<Roles>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PlanHead {
    pub kind: PlanKind,
    pub language: Language,
    pub year: Option<i32>,
    pub period: Option<Period>,
    pub title: String,
    #[serde(default)]
    pub subtitle: String,
    #[serde(default)]
    pub programme: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LogRow {
    pub version: String,
    pub label: String,
    pub date: Option<PartialDate>,
    #[serde(default)]
    pub status: String,
    pub by: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChapterOutline {
    /// Only where the document departs from 1, 2, 3.
    pub number: Option<u32>,
    pub heading: String,
    #[serde(default)]
    pub tables: Vec<TableKind>,
    #[serde(default)]
    pub text: Lines,
}

/// A subgoal («delmål») with its measures.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GoalOutline {
    #[serde(default)]
    pub title: String,
    pub weight: Option<Percent>,
    #[serde(default)]
    pub main_goal: Lines,
    #[serde(default)]
    pub text: Lines,
    #[serde(default)]
    pub caveat: Lines,
    #[serde(default)]
    pub measures: Vec<MeasureOutline>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MeasureOutline {
    #[serde(default)]
    pub title: String,
    pub time_frame: Option<TimeFrame>,
    #[serde(default)]
    pub later: bool,
    pub maturity: Option<Maturity>,
    #[serde(default)]
    pub leads: Vec<String>,
    #[serde(default)]
    pub partners: Vec<String>,
    #[serde(default)]
    pub and_others: bool,
    #[serde(default)]
    pub sections: Vec<SectionOutline>,
}

/// A section, in the place where it stands in the measure.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SectionOutline {
    pub kind: SectionKind,
    /// The literal heading where it is not the kind's own. A free section
    /// without one is text that stands right under the measure's title.
    #[serde(default)]
    pub heading: String,
    #[serde(default)]
    pub text: Lines,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Unit {
    pub kind: OrgUnitKind,
    pub name: String,
    /// The number of the goal that a working group serves.
    pub goal: Option<usize>,
}

/// When the bodies of a municipality treat the plan.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnchoringDates {
    pub party: String,
    pub executive_committee: Option<PartialDate>,
    pub municipal_council: Option<PartialDate>,
}

/// The parties that have one role.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Roles {
    pub role: RoleKind,
    /// The number of a goal; the whole plan without.
    pub goal: Option<usize>,
    pub parties: Vec<String>,
}
