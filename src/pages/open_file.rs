//! «Opne ei fil»: a plan that someone handed on, or a backup.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use sync::container::MAX_FILE;

use crate::device::chosen_file;
use crate::locales::Texts;
use crate::seldom;
use crate::ui::lazy;

/// The button, and below it what came of the file.
#[component]
pub fn OpenFile(
    /// Told when there may be other plans than before.
    on_change: Callback<()>,
) -> impl IntoView {
    let t = expect_context::<&'static Texts>();
    let file = RwSignal::new(None::<Vec<u8>>);
    let input = NodeRef::<html::Input>::new();
    let choose = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let open = move |_| {
        let Some(input) = input.get_untracked() else {
            return;
        };
        spawn_local(async move {
            if let Some(bytes) = chosen_file(&input, MAX_FILE).await {
                file.set(Some(bytes));
            }
        });
    };
    view! {
        <button class="ds-button" data-variant="secondary" type="button" on:click=choose>{t.open_file}</button>
        <input type="file" hidden=true tabindex="-1" node_ref=input on:change=open />
        {move || file.get().map(|bytes| lazy(seldom::opened_file(bytes, on_change)))}
    }
}
