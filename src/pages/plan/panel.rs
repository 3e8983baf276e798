//! Beside the paper, under tabs: what asks for a decision, and what is said of
//! the plan.

use leptos::html::Div;
use leptos::prelude::*;
use plan::EntityRef;

use super::Showing;
use super::clashes::open_questions;
use crate::derived::Derived;
use crate::document::OpenPlan;
use crate::locales::Texts;
use crate::route::show_named_place_again;
use crate::seldom;
use crate::ui::{Show, lazy};

/// What the panel shows.
#[derive(Clone, Copy, PartialEq)]
pub enum Tab {
    /// Open questions.
    Clashes,
    /// What is said.
    Comments,
}

/// What stands beside the plan, for whatever part of the page leads there.
#[derive(Clone, Copy)]
pub struct Beside {
    /// What the phone shows.
    pub showing: RwSignal<Showing>,
    /// Whether the panel is open where it stands beside the plan.
    pub open: RwSignal<bool>,
    tab: RwSignal<Tab>,
    /// The part of the plan that is being commented on.
    pub about: RwSignal<Option<EntityRef>>,
}

impl Beside {
    /// The panel, open from the start or not.
    pub fn new(open: bool) -> Self {
        Self {
            showing: RwSignal::new(Showing::Plan),
            open: RwSignal::new(open),
            tab: RwSignal::new(Tab::Clashes),
            about: RwSignal::new(None),
        }
    }

    /// Opens the field for a comment on a part of the plan.
    pub fn comment_on(self, part: EntityRef) {
        self.tab.set(Tab::Comments);
        self.open.set(true);
        self.showing.set(Showing::Panel);
        self.about.set(Some(part));
    }

    /// Goes back to the plan, where the phone shows one thing at a time.
    pub fn back(self) {
        self.showing.set(Showing::Plan);
        show_named_place_again();
    }
}

/// The panel.
#[component]
pub fn Panel() -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let beside = expect_context::<Beside>();
    let questions = open_questions(plan);
    let comments = count_of_comments(plan);
    let tabs = NodeRef::<Div>::new();
    let tab =
        move |which: Tab, id: &'static str, count: Derived<usize>, name: fn(usize) -> String| {
            let chosen = move || beside.tab.get() == which;
            view! {
                <button
                    type="button"
                    role="tab"
                    id=id
                    aria-controls="beside"
                    aria-selected=move || chosen().to_string()
                    tabindex=move || if chosen() { "0" } else { "-1" }
                    on:click=move |_| beside.tab.set(which)
                >
                    {move || name(count.get())}
                </button>
            }
        };
    // With two tabs, either arrow leads to the other.
    let turn = move |event: leptos::ev::KeyboardEvent| {
        if !matches!(event.key().as_str(), "ArrowLeft" | "ArrowRight") {
            return;
        }
        beside.tab.update(|tab| {
            *tab = match tab {
                Tab::Clashes => Tab::Comments,
                Tab::Comments => Tab::Clashes,
            };
        });
        request_animation_frame(move || focus_chosen(tabs));
    };
    let named = move || match beside.tab.get() {
        Tab::Clashes => "tab-clashes",
        Tab::Comments => "tab-comments",
    };
    view! {
        <aside class="panel" aria-label=t.beside>
            <div class="tabs" role="tablist" aria-label=t.beside node_ref=tabs on:keydown=turn>
                {tab(Tab::Clashes, "tab-clashes", questions, t.clashes)}
                {tab(Tab::Comments, "tab-comments", comments, t.comments)}
            </div>
            <div id="beside" role="tabpanel" aria-labelledby=named>
                <Show
                    when=move || beside.tab.get() == Tab::Clashes
                    fallback=|| lazy(seldom::comments())
                >
                    <Show when=move || questions.get() == 0 fallback=|| lazy(seldom::questions())>
                        <p class="meta">{t.no_clashes}</p>
                    </Show>
                </Show>
            </div>
        </aside>
    }
}

/// How many comments wait to be settled.
fn count_of_comments(plan: OpenPlan) -> Derived<usize> {
    plan.derive(|view| {
        let threads = view.comments();
        threads.iter().map(|thread| thread.comments.len()).sum()
    })
}

fn focus_chosen(tabs: NodeRef<Div>) {
    use wasm_bindgen::JsCast;
    let tabs = tabs.try_get_untracked().flatten();
    let chosen = tabs.and_then(|tabs| tabs.query_selector("[tabindex=\"0\"]").ok().flatten());
    let chosen = chosen.and_then(|chosen| chosen.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(chosen) = chosen {
        // Fails only for what can't have the focus.
        let _ = chosen.focus();
    }
}
