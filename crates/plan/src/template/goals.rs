//! A goal with its measures.

use super::draft::Draft;
use super::outline::{GoalOutline, MeasureOutline};
use super::{TemplateError, sections};
use crate::id::Id;
use crate::schema::{EntityKind, Field, Goal, Measure, Member, TextField, goal, measure};
use crate::value::GoalLevel;

/// Adds the edits that make this goal.
pub(super) fn compose(
    draft: &mut Draft,
    id: &Id<Goal>,
    outline: &GoalOutline,
) -> Result<(), TemplateError> {
    let fields = [
        Some(goal::Field::Level(Some(GoalLevel::SubGoal))),
        outline
            .weight
            .map(|weight| goal::Field::Weight(Some(weight))),
    ];
    let goal = id.as_str();
    draft.add(EntityKind::Goal, goal, fields, Field::Goal);
    draft.title(goal, TextField::Goal(goal::Text::Title), &outline.title);
    draft.text(
        goal,
        TextField::Goal(goal::Text::MainGoal),
        &outline.main_goal,
    );
    draft.text(goal, TextField::Goal(goal::Text::Body), &outline.text);
    draft.text(goal, TextField::Goal(goal::Text::Caveat), &outline.caveat);
    for (index, outline) in outline.measures.iter().enumerate() {
        measure(draft, id, &Id::new(format!("{id}-{}", index + 1)), outline)?;
    }
    Ok(())
}

fn measure(
    draft: &mut Draft,
    goal: &Id<Goal>,
    id: &Id<Measure>,
    outline: &MeasureOutline,
) -> Result<(), TemplateError> {
    use measure::{Field as MeasureField, Set, Text};
    let fields = [
        Some(MeasureField::Goal(Some(goal.clone()))),
        outline
            .time_frame
            .clone()
            .map(|frame| MeasureField::TimeFrame(Some(frame))),
        outline.later.then_some(MeasureField::Later(Some(true))),
        outline
            .maturity
            .map(|maturity| MeasureField::Maturity(Some(maturity))),
        outline
            .and_others
            .then_some(MeasureField::AndOthers(Some(true))),
    ];
    draft.add(EntityKind::Measure, id.as_str(), fields, Field::Measure);
    draft.title(id.as_str(), TextField::Measure(Text::Title), &outline.title);
    for name in &outline.leads {
        let lead = draft.party(name)?;
        draft.include(id.as_str(), Member::Measure(Set::Leads(lead)));
    }
    for name in &outline.partners {
        let partner = draft.party(name)?;
        draft.include(id.as_str(), Member::Measure(Set::Partners(partner)));
    }
    sections::compose(draft, id, &outline.sections);
    Ok(())
}
