//! The format of a template: a plan in outline, as a person would jot it down.
//!
//! Parties stand by any name that the register knows them under. Running text
//! is a list of lines in the short form of [`blocks`](super::blocks). What is
//! left out is left empty in the plan.

use super::object::objects;
use crate::value::{
    Language, Maturity, OrgUnitKind, PartialDate, Percent, Period, PlanKind, RoleKind, SectionKind,
    TableKind, TimeFrame,
};

/// Lines of running text.
pub(super) type Lines = Vec<String>;

objects! {
    #[derive(Debug)]
    pub(super) struct Outline {
        pub plan: PlanHead,
        pub log: Vec<LogRow> = default,
        pub chapters: Vec<ChapterOutline> = default,
        pub goals: Vec<GoalOutline> = default,
        pub organisation: Vec<Unit> = default,
        pub anchoring: Vec<AnchoringDates> = default,
        pub roles: Vec<Roles> = default,
    }

    #[derive(Debug)]
    pub(super) struct PlanHead {
        pub kind: PlanKind,
        pub language: Language,
        pub year: Option<i32>,
        pub period: Option<Period>,
        pub title: String,
        pub subtitle: String = default,
        pub programme: String = default,
    }

    #[derive(Debug)]
    pub(super) struct LogRow {
        pub version: String,
        pub label: String,
        pub date: Option<PartialDate>,
        pub status: String = default,
        pub by: Option<String>,
    }

    #[derive(Debug)]
    pub(super) struct ChapterOutline {
        /// Only where the document departs from 1, 2, 3.
        pub number: Option<u32>,
        pub heading: String,
        pub tables: Vec<TableKind> = default,
        pub text: Lines = default,
    }

    /// A subgoal («delmål») with its measures.
    #[derive(Debug)]
    pub(super) struct GoalOutline {
        pub title: String = default,
        pub weight: Option<Percent>,
        pub main_goal: Lines = default,
        pub text: Lines = default,
        pub caveat: Lines = default,
        pub measures: Vec<MeasureOutline> = default,
    }

    #[derive(Debug)]
    pub(super) struct MeasureOutline {
        pub title: String = default,
        pub time_frame: Option<TimeFrame>,
        pub later: bool = default,
        pub maturity: Option<Maturity>,
        pub leads: Vec<String> = default,
        pub partners: Vec<String> = default,
        pub and_others: bool = default,
        pub sections: Vec<SectionOutline> = default,
    }

    /// A section, in the place where it stands in the measure.
    #[derive(Debug)]
    pub(super) struct SectionOutline {
        pub kind: SectionKind,
        /// The literal heading where it is not the kind's own. A free section
        /// without one is text that stands right under the measure's title.
        pub heading: String = default,
        pub text: Lines = default,
    }

    #[derive(Debug)]
    pub(super) struct Unit {
        pub kind: OrgUnitKind,
        pub name: String,
        /// The number of the goal that a working group serves.
        pub goal: Option<usize>,
    }

    /// When the bodies of a municipality treat the plan.
    #[derive(Debug)]
    pub(super) struct AnchoringDates {
        pub party: String,
        pub executive_committee: Option<PartialDate>,
        pub municipal_council: Option<PartialDate>,
    }

    /// The parties that have one role.
    #[derive(Debug)]
    pub(super) struct Roles {
        pub role: RoleKind,
        /// The number of a goal; the whole plan without.
        pub goal: Option<usize>,
        pub parties: Vec<String>,
    }
}
