//! Showing something while it holds, and something for each of a list.
//!
//! As the framework's own, but without a type for every use of them: what they
//! are told and what they show is erased, so their code is in the bundle once.

use std::sync::Arc;

use leptos::prelude::*;

/// Shows its children while `when` holds, else the fallback.
#[component]
pub fn Show(
    /// Whether to show the children.
    #[prop(into)]
    when: Signal<bool>,
    /// What to show.
    children: ChildrenFn,
    /// What to show instead.
    #[prop(optional, into)]
    fallback: ViewFn,
) -> AnyView {
    let when = Memo::new(move |_| when.get());
    (move || {
        if when.get() {
            children()
        } else {
            fallback.run()
        }
    })
    .into_any()
}

/// One view for each key, kept while the key stays, wherever it moves.
pub fn each(
    keys: impl Fn() -> Vec<String> + Send + Sync + 'static,
    view: impl Fn(String) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let keys = Signal::derive(keys);
    let view: Arc<dyn Fn(String) -> AnyView + Send + Sync> = Arc::new(view);
    view! { <For each=move || keys.get() key=String::clone children=move |key| view(key) /> }
        .into_any()
}
