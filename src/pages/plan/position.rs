//! Where in the plan the reader is.

use gloo_events::EventListener;
use leptos::prelude::*;
use web_sys::Element;

use super::{chapter, goal, measure};

/// How far down the window one reads, as a share of its height.
const READING_AT: f64 = 0.25;

/// The anchor of the part that is being read.
pub fn follow() -> RwSignal<String> {
    let position = RwSignal::new(String::new());
    let due = StoredValue::new(false);
    let scrolled = EventListener::new(&window(), "scroll", move |_| {
        // Once a frame, however often the browser tells of it.
        if due.try_update_value(|due| std::mem::replace(due, true)) != Some(false) {
            return;
        }
        request_animation_frame(move || {
            due.try_update_value(|due| *due = false);
            let now = current();
            if now.is_some() && position.try_get_untracked() != now {
                position.try_update(|position| *position = now.unwrap_or_default());
            }
        });
    });
    let scrolled = StoredValue::new_local(scrolled);
    on_cleanup(move || scrolled.dispose());
    position
}

fn current() -> Option<String> {
    let paper = document()
        .get_element_by_id("content")?
        .get_bounding_client_rect();
    let height = window().inner_height().ok()?.as_f64()?;
    let middle = paper.left() + paper.width() / 2.0;
    let at = document().element_from_point(middle as f32, (height * READING_AT) as f32)?;
    part_around(&at)
}

/// The innermost part with an anchor in the outline around an element.
fn part_around(element: &Element) -> Option<String> {
    let parts = [measure::ANCHOR, goal::ANCHOR, chapter::ANCHOR];
    let selector = parts.map(|anchor| format!("[id^={anchor}]")).join(",");
    let part = element.closest(&selector).ok()??;
    Some(part.id())
}
