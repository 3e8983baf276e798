//! Running text: read as the document it will be, and written in the same place.

use leptos::ev::{FocusEvent, PointerEvent};
use leptos::html::Div;
use leptos::prelude::*;
use plan::RichText;
use wasm_bindgen::JsCast;
use web_sys::{EventTarget, HtmlElement, Node};

use super::prose;
use crate::derived::Derived;
use crate::document::OpenPlan;
use crate::editor::{self, Editor};
use crate::locales::Texts;
use crate::ui::{Show, TextInput, TextOf};

/// A running text of an entity. It is plain HTML until it is pointed at or gets
/// the focus; then an editor stands on the same element until it is left. Where
/// the editor has not been fetched yet, a plain field serves.
#[component]
pub fn BodyField(
    /// Where edits go.
    of: TextOf,
    /// The text as the plan has it.
    text: Derived<RichText>,
    /// The accessible name.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    let plan = expect_context::<OpenPlan>();
    let t = expect_context::<&'static Texts>();
    let around = NodeRef::<Div>::new();
    let place = NodeRef::<Div>::new();
    let editor = StoredValue::new_local(None::<Editor>);
    let plainly = RwSignal::new(false);
    let contested = {
        let of = of.clone();
        Derived::new(move || {
            plan.contested()
                .with(|texts| texts.iter().any(|text| of.is(text)))
        })
    };

    let writers = {
        let of = of.clone();
        Derived::new(move || plan.writers_in(&of))
    };
    let draw = {
        let of = of.clone();
        move |place: &HtmlElement| {
            text.with(|text| {
                let carets = writers.with(|writers| plan.carets(&of, writers));
                editor.with_value(|editor| match editor {
                    Some(editor) => editor.show(text, &carets),
                    None => place.set_inner_html(&prose::html(text, &carets)),
                });
            });
        }
    };
    Effect::new({
        let draw = draw.clone();
        move || {
            if let Some(place) = place.get() {
                draw(&place);
            }
        }
    });
    let edits_to = of.clone();
    let draw_first = draw.clone();
    let take_up = move || {
        let Some(place) = place.get_untracked() else {
            return;
        };
        if untrack(|| plan.is_writable()) && editor.with_value(Option::is_none) {
            editor.set_value(Editor::open_in(&place, plan, edits_to.clone(), t));
            // With the carets that are in it already.
            untrack(|| draw_first(&place));
        }
    };
    let left = of.clone();
    let put_down = move || {
        let held = editor.try_update_value(Option::take).flatten();
        let (Some(held), Some(place)) = (held, place.get_untracked()) else {
            return;
        };
        held.close();
        untrack(|| draw(&place));
        plan.leave_text(&left);
        plan.save_now();
    };
    // The page is left with the text still in hand.
    on_cleanup(move || {
        if let Some(held) = editor.try_update_value(Option::take).flatten() {
            held.close();
        }
    });
    let take_by_hand = {
        let take_up = take_up.clone();
        move |_: PointerEvent| take_up()
    };
    let take_by_mouse = {
        let take_up = take_up.clone();
        // A finger has no way to point without touching; it comes by `pointerdown`.
        move |event: PointerEvent| {
            if event.pointer_type() == "mouse" {
                take_up();
            }
        }
    };
    let begin = move || {
        take_up();
        editor.with_value(|editor| {
            let (Some(editor), Some(around)) = (editor, around.get_untracked()) else {
                return false;
            };
            editor.equip(&around);
            editor.focus();
            true
        })
    };
    let focus = move |event: FocusEvent| {
        let arrived = move |target| {
            place
                .try_get_untracked()
                .flatten()
                .is_some_and(|place| is(&place, target))
        };
        if !arrived(event.target()) || begin() || !untrack(|| plan.is_writable()) {
            return;
        }
        // It may be on its way.
        let begin = begin.clone();
        leptos::task::spawn_local(async move {
            let is_here = editor::fetch().await;
            let still_here = arrived(document().active_element().map(Into::into));
            if still_here && !(is_here && begin()) {
                plainly.set(true);
            }
        });
    };
    let put_down_here = put_down.clone();
    let blur = move |event: FocusEvent| {
        if !around
            .get_untracked()
            .is_some_and(|around| contains(&around, event.related_target()))
        {
            put_down_here();
        }
    };
    let leave = move |_: PointerEvent| {
        let active = document().active_element().map(Into::into);
        if !around
            .get_untracked()
            .is_some_and(|around| contains(&around, active))
        {
            put_down();
        }
    };
    view! {
        <div
            class="body"
            class:read=move || contested.get()
            data-note=t.read_through
            node_ref=around
            on:pointerenter=take_by_mouse
            on:pointerdown=take_by_hand
            on:pointerleave=leave
            on:focusin=focus
            on:focusout=blur
        >
            <Show
                when=move || plainly.get()
                fallback=move || {
                    view! {
            <div
                            class="prose"
                            class:empty=move || text.with(RichText::is_empty)
                            node_ref=place
                            role=move || plan.is_writable().then_some("textbox")
                            aria-multiline=move || plan.is_writable().then_some("true")
                            aria-label=move || plan.is_writable().then(|| label.get())
                            aria-placeholder=move || plan.is_writable().then_some(t.write_here)
                            tabindex=move || plan.is_writable().then_some("0")
                        ></div>
                    }
                }
            >
                <TextInput
                    of=of.clone()
                    text=Signal::derive(move || text.with(RichText::plain))
                    label=label
                    placeholder=t.write_here
                    multiline=true
                    autofocus=true
                    on_leave=move |()| plainly.set(false)
                />
            </Show>
        </div>
    }
}

fn is(element: &HtmlElement, target: Option<EventTarget>) -> bool {
    node(target).is_some_and(|node| element.is_same_node(Some(&node)))
}

fn contains(element: &HtmlElement, target: Option<EventTarget>) -> bool {
    node(target).is_some_and(|node| element.contains(Some(&node)))
}

fn node(target: Option<EventTarget>) -> Option<Node> {
    target?.dyn_into().ok()
}
