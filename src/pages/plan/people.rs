//! Who else is here, at the top of the page.

use leptos::prelude::*;

use crate::derived::Derived;
use crate::document::OpenPlan;
use crate::locales::Texts;
use crate::ui::{Item, items};

/// A sign for each person who has the plan open now.
#[component]
pub fn People() -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let here = Derived::new(move || plan.neighbours());
    let people = move || {
        let people = here.get().into_iter().map(|neighbour| {
            let words = format!("{}, {}", neighbour.name, neighbour.party);
            let letters: String = neighbour.party.chars().take(2).collect();
            Item::new(words.clone(), move || {
                view! {
                    <li class="who" data-party=neighbour.color title=words.clone()>
                        <span aria-hidden="true">{letters.clone()}</span>
                        <span class="ds-sr-only">{words.clone()}</span>
                    </li>
                }
                .into_any()
            })
        });
        people.collect()
    };
    view! {
        <ul class="people" aria-label=t.people_here>{items(people)}</ul>
    }
}
