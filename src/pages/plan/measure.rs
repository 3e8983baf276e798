//! One measure in full: its title, its sections, and what can be done with it.

use leptos::prelude::*;
use plan::schema::{Measure, measure};
use plan::value::SectionKind;
use plan::{Edit, EntityKind, EntityRef, Id, Place, Shared, TextField};

use super::panel::Beside;
use super::section::{SectionField, section_name};
use super::shape::GoalShape;
use super::still;
use crate::derived::Derived;
use crate::device::new_id;
use crate::document::OpenPlan;
use crate::locales::Texts;
use crate::ui::{Item, Show, Surroundings, TextInput, TextOf, each, items};

/// How the anchors of measures begin.
pub const ANCHOR: &str = "measure-";

/// The anchor of a measure on the page.
pub fn anchor(id: &Id<Measure>) -> String {
    format!("{ANCHOR}{id}")
}

/// The measure's title, or the words for one that has none.
pub fn title_or(measure: Option<&Measure>, t: &Texts) -> String {
    match measure {
        Some(measure) if !measure.title.is_empty() => measure.title.clone(),
        _ => t.untitled_measure.to_owned(),
    }
}

/// The sections a new measure offers to write in.
const USUAL: [SectionKind; 4] = [
    SectionKind::Challenge,
    SectionKind::Description,
    SectionKind::FirstSteps,
    SectionKind::Contributions,
];

/// The measure's place on the page, with its fields while it is near.
#[component]
pub fn MeasureSection(id: Id<Measure>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let shape = expect_context::<GoalShape>();
    let part = expect_context::<Surroundings>().part(plan.count_of_measures());
    let anchor = anchor(&id);
    let still = id.clone();
    view! {
        <section id=anchor class="measure" tabindex="-1" node_ref=part.host()>
            <Show
                when=move || part.is_near()
                fallback=move || {
                    let id = still.clone();
                    view! { <div inner_html=move || part.html(|| still::measure(plan, shape, &id, t))></div> }
                }
            >
                <Fields id=id.clone() />
            </Show>
        </section>
    }
}

#[component]
fn Fields(id: Id<Measure>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let measure = plan.entity(&id);
    let shape = expect_context::<GoalShape>();
    let number = shape.number_of(&id);
    let title = measure.signal(|m| m.title.clone());
    let sections = {
        let id = id.clone();
        Derived::new(move || -> Vec<String> {
            let sections = shape.sections(&id);
            sections.iter().map(ToString::to_string).collect()
        })
    };
    let (for_tools, for_sections) = (id.clone(), id.clone());
    view! {
        <h3>
            <span class="label">{move || (t.measure_n)(number.get())}":"</span>
            <TextInput
                of=TextOf::new(&id, TextField::Measure(measure::Text::Title))
                text=title
                label=Signal::derive(move || (t.measure_title)(number.get()))
                placeholder=t.untitled_measure
            />
            <Show when=move || plan.is_writable()>
                <Tools id=for_tools.clone() number=number />
            </Show>
        </h3>
        {each(move || sections.get(), move |id| view! { <SectionField id=Id::new(id) number=number /> }.into_any())}
        <Show when=move || plan.is_writable()>
            <AddSection id=for_sections.clone() number=number />
        </Show>
    }
}

/// Move up, move down, delete.
#[component]
fn Tools(id: Id<Measure>, number: Derived<usize>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let beside = expect_context::<Beside>();
    let entity = EntityRef::new(EntityKind::Measure, id.as_str());
    let siblings = {
        let id = id.clone();
        plan.derive(move |view| {
            let goal = view.get(&id).and_then(|measure| measure.goal.value.clone());
            goal.map(|goal| {
                view.measures(&goal)
                    .iter()
                    .map(|m| m.id.clone())
                    .collect::<Vec<_>>()
            })
            .unwrap_or_default()
        })
    };
    let move_to = {
        let entity = entity.clone();
        move |place: Option<Place>| {
            if let Some(place) = place {
                plan.edit_one(Edit::Move {
                    entity: entity.clone(),
                    place,
                });
            }
        }
    };
    let neighbour = move |step: isize| {
        siblings.with(|siblings| {
            let at = (number.get() as isize - 1).checked_add(step)?;
            siblings
                .get(usize::try_from(at).ok()?)
                .map(ToString::to_string)
        })
    };
    let up = {
        let move_to = move_to.clone();
        move |_| move_to(neighbour(-1).map(Place::Before))
    };
    let down = move |_| move_to(neighbour(1).map(Place::After));
    view! {
        <span class="tools">
            <button
                type="button"
                aria-label=move || (t.move_up)(number.get())
                disabled=move || number.get() <= 1
                on:click=up
            >
                "↑"
            </button>
            <button
                type="button"
                aria-label=move || (t.move_down)(number.get())
                disabled=move || number.get() == siblings.with(Vec::len)
                on:click=down
            >
                "↓"
            </button>
            <button
                type="button"
                aria-label=move || (t.comment_on)(&(t.measure_n)(number.get()))
                on:click={
                    let entity = entity.clone();
                    move |_| beside.comment_on(entity.clone())
                }
            >
                {t.comment}
            </button>
            <button
                type="button"
                aria-label=move || (t.delete_measure)(number.get())
                on:click=move |_| plan.edit_one(Edit::Delete(entity.clone()))
            >
                {t.delete}
            </button>
        </span>
    }
}

/// A button for each section that the measure usually has and does not yet;
/// the others under «legg til avsnitt».
#[component]
fn AddSection(id: Id<Measure>, number: Derived<usize>) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let missing = {
        let id = id.clone();
        plan.derive(move |view| {
            let has: Vec<_> = view
                .sections(&id)
                .iter()
                .filter_map(|section| section.kind.value)
                .collect();
            let known = SectionKind::ALL
                .iter()
                .copied()
                .filter(|kind| *kind != SectionKind::Free);
            known.filter(|kind| !has.contains(kind)).collect::<Vec<_>>()
        })
    };
    let begin = {
        let id = id.clone();
        move |kind: SectionKind| plan.edit(begin_section(&id, kind))
    };
    let begin_chosen = begin.clone();
    let begin_button = move |kind: SectionKind| {
        let begin = begin.clone();
        let name = section_name(kind, t);
        Item::new(name, move || {
            let begin = begin.clone();
            view! {
                <button
                    class="add"
                    type="button"
                    aria-label=move || (t.section_of)(name, number.get())
                    on:click=move |_| begin(kind)
                >
                    "+ "{name}
                </button>
            }
            .into_any()
        })
    };
    let usual = move || {
        let kinds = missing.get().into_iter();
        let usual = kinds.filter(|kind| USUAL.contains(kind));
        usual.map(&begin_button).collect()
    };
    view! {
        <p class="add-section">
            {items(usual)}
            <select
                class="add"
                aria-label=move || (t.add_section)(number.get())
                prop:value=""
                on:change=move |event| {
                    let value = event_target_value(&event);
                    let kind = SectionKind::ALL.iter().copied().find(|kind| section_option(*kind, t) == value);
                    if let Some(kind) = kind {
                        begin_chosen(kind);
                    }
                }
            >
                <option value="">"+ "{t.free_section}" …"</option>
                {move || {
                    let rest = missing.get().into_iter().filter(|kind| !USUAL.contains(kind));
                    rest.chain([SectionKind::Free])
                        .map(|kind| view! { <option value=section_option(kind, t)>{section_option(kind, t)}</option> })
                        .collect::<Vec<_>>()
                }}
            </select>
        </p>
    }
}

fn section_option(kind: SectionKind, t: &Texts) -> &'static str {
    if kind == SectionKind::Free {
        t.free_section
    } else {
        section_name(kind, t)
    }
}

fn begin_section(measure: &Id<Measure>, kind: SectionKind) -> Vec<Edit> {
    use plan::Field;
    use plan::schema::section;
    if kind != SectionKind::Free {
        return vec![Edit::Ensure(Shared::Section {
            measure: measure.clone(),
            kind,
        })];
    }
    let fields = vec![
        Field::Section(section::Field::Measure(Some(measure.clone()))),
        Field::Section(section::Field::Kind(Some(kind))),
    ];
    vec![Edit::Add {
        entity: EntityRef::new(EntityKind::Section, new_id()),
        place: Place::Last,
        fields,
    }]
}
