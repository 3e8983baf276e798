//! Showing something while it holds, and something for each of a list.
//!
//! As the framework's own, but without a type for every use of them: what they
//! are told and what they show is erased, so their code is in the bundle once.

use std::sync::Arc;

use crate::derived::Derived;
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
    let when = Derived::new(move || when.get());
    (move || {
        if when.get() {
            children()
        } else {
            fallback.run()
        }
    })
    .into_any()
}

/// One of a list.
#[derive(Clone)]
pub struct Item {
    key: String,
    view: Arc<dyn Fn() -> AnyView + Send + Sync>,
}

impl Item {
    /// What is shown by `view` for as long as the list has an item of this key.
    pub fn new(key: impl Into<String>, view: impl Fn() -> AnyView + Send + Sync + 'static) -> Self {
        Self {
            key: key.into(),
            view: Arc::new(view),
        }
    }
}

/// One view for each item, kept while its key stays, wherever it moves.
pub fn items(items: impl Fn() -> Vec<Item> + Send + Sync + 'static) -> AnyView {
    let items = Signal::derive(items);
    view! {
        <For each=move || items.get() key=|item| item.key.clone() children=|item| (item.view)() />
    }
    .into_any()
}

/// One view for each key, as [`items`].
pub fn each(
    keys: impl Fn() -> Vec<String> + Send + Sync + 'static,
    view: impl Fn(String) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let view = Arc::new(view);
    let item = move |key: String| {
        let view = Arc::clone(&view);
        Item::new(key.clone(), move || view(key.clone()))
    };
    items(move || keys().into_iter().map(&item).collect())
}
