//! The filled template against the figures of its source: what a person would
//! count who held the real plan of the six municipalities beside it.

#![allow(clippy::unwrap_used)]

mod front;
mod measures;
mod parties;
mod sections;
mod source;

use std::sync::LazyLock;

use plan::schema::{Measure, Party};
use plan::template::{self, Content, Template};
use plan::{DeviceName, Id, PlanDoc, PlanView};

/// The example, made once for all tests, which only read it.
fn example() -> &'static PlanView {
    static EXAMPLE: LazyLock<PlanView> = LazyLock::new(|| {
        let edits = template::edits(
            Template::RuralGrowth,
            Content::Example(template::VEST_TELEMARK),
            None,
        )
        .unwrap();
        let mut plan = PlanDoc::create(&DeviceName::from_public_key(b"device"));
        template::fill(&mut plan, &edits, 0).unwrap();
        plan.view()
    });
    &EXAMPLE
}

/// For each goal what `of` says of each of its measures.
fn by_goal<T>(view: &PlanView, of: impl Fn(&Measure) -> T) -> Vec<Vec<T>> {
    let goals = view.goals(None).into_iter();
    let goals = goals.map(|goal| view.measures(&goal.id).into_iter().map(&of).collect());
    goals.collect()
}

/// The numbers of the goal and of the measure in it, for each measure that `is`.
fn numbered(view: &PlanView, is: impl Fn(&Measure) -> bool) -> Vec<(usize, usize)> {
    let measures = view.all::<Measure>().into_iter().filter(|it| is(it));
    let numbers = measures.map(|measure| {
        let goal = view.goal_number(measure.goal.value.as_ref().unwrap());
        (goal.unwrap(), view.measure_number(&measure.id).unwrap())
    });
    numbers.collect()
}

fn names<'a>(view: &PlanView, parties: impl IntoIterator<Item = &'a Id<Party>>) -> Vec<String> {
    parties
        .into_iter()
        .map(|party| view.party_name(party))
        .collect()
}
