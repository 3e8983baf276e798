//! From an outline to edits, table by table.

use super::draft::Draft;
use super::outline::{AnchoringDates, ChapterOutline, LogRow, Outline, PlanHead, Roles, Unit};
use super::{TemplateError, goals};
use crate::edit::{Edit, Shared};
use crate::id::Id;
use crate::schema::{
    EntityKind, Field, Goal, Member, PLAN_ID, TextField, anchoring, chapter, log_entry, org_unit,
    plan_fields,
};
use crate::value::{Body, EventStatus};

/// The edits that make an empty plan into this outline.
pub(super) fn edits(outline: &Outline) -> Result<Vec<Edit>, TemplateError> {
    let mut draft = Draft::default();
    plan_head(&mut draft, &outline.plan);
    for (index, row) in outline.log.iter().enumerate() {
        log_row(&mut draft, index + 1, row)?;
    }
    for (index, outline) in outline.chapters.iter().enumerate() {
        chapter(&mut draft, index + 1, outline);
    }
    for (index, outline) in outline.goals.iter().enumerate() {
        goals::compose(&mut draft, &goal_id(index + 1), outline)?;
    }
    for (index, unit) in outline.organisation.iter().enumerate() {
        org_unit(&mut draft, index + 1, unit, outline.goals.len())?;
    }
    for dates in &outline.anchoring {
        anchoring(&mut draft, dates)?;
    }
    for roles in &outline.roles {
        party_roles(&mut draft, roles, outline.goals.len())?;
    }
    Ok(draft.finish())
}

fn goal_id(number: usize) -> Id<Goal> {
    Id::new(format!("d{number}"))
}

/// The id of the goal that a row speaks of by number, if it speaks of one.
fn goal_of_row(number: Option<usize>, goals: usize) -> Result<Option<Id<Goal>>, TemplateError> {
    match number {
        Some(number) if !(1..=goals).contains(&number) => Err(TemplateError::UnknownGoal(number)),
        number => Ok(number.map(goal_id)),
    }
}

fn plan_head(draft: &mut Draft, head: &PlanHead) {
    use plan_fields::{Field as PlanField, Text};
    let fields = [
        Some(PlanField::Kind(Some(head.kind))),
        Some(PlanField::Language(Some(head.language))),
        head.year.map(|year| PlanField::Year(Some(year))),
        head.period.map(|period| PlanField::Period(Some(period))),
    ];
    for field in fields.into_iter().flatten() {
        draft.set(PLAN_ID, Field::Plan(field));
    }
    draft.title(PLAN_ID, TextField::Plan(Text::Title), &head.title);
    draft.title(PLAN_ID, TextField::Plan(Text::Subtitle), &head.subtitle);
    draft.title(PLAN_ID, TextField::Plan(Text::Programme), &head.programme);
}

fn log_row(draft: &mut Draft, number: usize, row: &LogRow) -> Result<(), TemplateError> {
    use log_entry::{Field as LogField, Text};
    let id = format!("log-{number}");
    let by = row.by.as_ref().map(|name| draft.party(name)).transpose()?;
    let fields = [
        Some(LogField::Version(Some(row.version.clone()))),
        row.date.map(|date| LogField::Date(Some(date))),
        by.map(|party| LogField::ChangedBy(Some(party))),
    ];
    draft.add(EntityKind::LogEntry, &id, fields, Field::LogEntry);
    draft.title(&id, TextField::LogEntry(Text::Label), &row.label);
    draft.title(&id, TextField::LogEntry(Text::Status), &row.status);
    Ok(())
}

/// `place` counts the chapters; the number a chapter shows may be its own.
fn chapter(draft: &mut Draft, place: usize, outline: &ChapterOutline) {
    let id = format!("chapter-{place}");
    let number = outline
        .number
        .map(|number| chapter::Field::Number(Some(number)));
    draft.add(EntityKind::Chapter, &id, [number], Field::Chapter);
    draft.title(
        &id,
        TextField::Chapter(chapter::Text::Heading),
        &outline.heading,
    );
    draft.text(&id, TextField::Chapter(chapter::Text::Body), &outline.text);
    for table in &outline.tables {
        draft.include(&id, Member::Chapter(chapter::Set::Tables(*table)));
    }
}

fn org_unit(
    draft: &mut Draft,
    number: usize,
    unit: &Unit,
    goals: usize,
) -> Result<(), TemplateError> {
    let id = format!("unit-{number}");
    let fields = [
        Some(org_unit::Field::Kind(Some(unit.kind))),
        goal_of_row(unit.goal, goals)?.map(|goal| org_unit::Field::Goal(Some(goal))),
    ];
    draft.add(EntityKind::OrgUnit, &id, fields, Field::OrgUnit);
    draft.title(&id, TextField::OrgUnit(org_unit::Text::Name), &unit.name);
    Ok(())
}

/// Both bodies get their place in the table, a date only where one is set.
fn anchoring(draft: &mut Draft, dates: &AnchoringDates) -> Result<(), TemplateError> {
    let party = draft.party(&dates.party)?;
    let bodies = [
        (Body::ExecutiveCommittee, dates.executive_committee),
        (Body::MunicipalCouncil, dates.municipal_council),
    ];
    for (body, date) in bodies {
        let shared = Shared::Anchoring {
            party: party.clone(),
            body,
        };
        let id = shared.entity().id;
        draft.push(Edit::Ensure(shared));
        if let Some(date) = date {
            let status = EventStatus::Planned;
            draft.set(&id, Field::Anchoring(anchoring::Field::Date(Some(date))));
            draft.set(
                &id,
                Field::Anchoring(anchoring::Field::Status(Some(status))),
            );
        }
    }
    Ok(())
}

fn party_roles(draft: &mut Draft, roles: &Roles, goals: usize) -> Result<(), TemplateError> {
    let goal = goal_of_row(roles.goal, goals)?;
    for name in &roles.parties {
        let party = draft.party(name)?;
        let shared = Shared::Role {
            party,
            role: roles.role,
            goal: goal.clone(),
        };
        draft.push(Edit::Ensure(shared));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The error that an outline of an otherwise empty plan gives.
    fn error(rest: &str) -> String {
        let json = format!(
            r#"{{"plan": {{"kind": "strategic_plan", "language": "nn", "title": ""}}, {rest}}}"#
        );
        let outline: Outline = serde_json::from_str(&json).expect("a well-formed outline");
        edits(&outline)
            .expect_err("an outline with a mistake")
            .to_string()
    }

    #[test]
    fn a_name_that_nobody_goes_by_is_told() {
        let error = error(r#""anchoring": [{"party": "Langtvekkistan kommune"}]"#);
        assert!(error.contains("«Langtvekkistan kommune»"), "{error}");
    }

    #[test]
    fn a_goal_that_is_not_there_is_told() {
        let error = error(
            r#""goals": [{}], "organisation": [{"kind": "working_group", "name": "", "goal": 2}]"#,
        );
        assert!(error.contains("goal 2"), "{error}");
    }
}
