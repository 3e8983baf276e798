//! A dialog: the browser's own, which keeps the focus in and closes on Escape.

use leptos::html::Dialog as DialogElement;
use leptos::prelude::*;

use crate::locales::Texts;
use crate::ui::Show;

/// Shown while `open` is true; closing it by any means makes that false.
#[component]
pub fn Dialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Its heading, which is also its name.
    #[prop(into)]
    title: Signal<String>,
    /// What stands in it. Made anew each time it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let t = expect_context::<&'static Texts>();
    let element = NodeRef::<DialogElement>::new();
    Effect::new(move || {
        let Some(dialog) = element.get() else { return };
        if open.get() && !dialog.open() {
            // Fails only for a dialog that is off the page, which this is not.
            let _ = dialog.show_modal();
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog class="ds-dialog" node_ref=element aria-label=title on:close=move |_| open.set(false)>
            <Show when=move || open.get()>
                <button
                    type="button"
                    class="ds-button"
                    data-variant="tertiary"
                    data-icon="true"
                    data-command="close"
                    aria-label=t.close
                    on:click=move |_| open.set(false)
                ></button>
                <h2 class="ds-heading">{title}</h2>
                {children()}
            </Show>
        </dialog>
    }
}
