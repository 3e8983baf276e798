//! What of a long page is near enough to be worked with.
//!
//! A plan may have thousands of measures. As HTML they cost little, are found by
//! the browser's own search and read by screen readers; as fields with all that
//! follows them they would take seconds to make. So a part of the page is made
//! of fields while it is within a screen's height of what is seen, and is HTML
//! otherwise, which comes once the page has been drawn without it. In a plan of
//! ordinary length all of it is made of fields.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

use crate::device;

/// As many parts as are all made of fields.
const FEW: usize = 40;
/// How far around the window a part is near: one window up and one down.
const MARGIN: &str = "100% 0px";
/// The attribute that names an observed element.
const NAME: &str = "data-part";

/// Follows which parts of the page are near.
#[derive(Clone, Copy)]
pub struct Surroundings {
    /// `None` where the browser can't tell.
    watch: Option<StoredValue<Watch, LocalStorage>>,
}

struct Watch {
    observer: IntersectionObserver,
    parts: Rc<RefCell<Parts>>,
    _callback: Closure<dyn Fn(Array)>,
}

#[derive(Default)]
struct Parts {
    next: u32,
    /// Each has signals of its own: to leave one that thousands follow takes a
    /// search among them all.
    parts: BTreeMap<u32, Signals>,
    is_drawn: bool,
}

#[derive(Clone, Copy)]
struct Signals {
    near: RwSignal<bool>,
    /// Whether the page has been drawn.
    drawn: RwSignal<bool>,
}

impl Surroundings {
    /// Nothing is followed yet.
    pub fn new() -> Self {
        let watch = Watch::new().map(StoredValue::new_local);
        spawn_local(async move {
            device::drawn().await;
            // Gone when the page was left meanwhile.
            let parts =
                watch.and_then(|watch| watch.try_with_value(|watch| Rc::clone(&watch.parts)));
            if let Some(parts) = parts {
                let drawn = parts.borrow_mut().are_drawn();
                for drawn in drawn {
                    drawn.try_set(true);
                }
            }
        });
        Self { watch }
    }

    /// A part of a page that has so many of them, which shall hand its element
    /// to [`Part::observe`].
    pub fn part(self, parts: usize) -> Part {
        let Some(watch) = self.watch.filter(|_| parts > FEW) else {
            return Part {
                signals: Signals::new(true, true),
                watched: None,
            };
        };
        let (name, signals) = watch.with_value(|watch| watch.parts.borrow_mut().add());
        on_cleanup(move || {
            // Gone already when the whole page is.
            watch.try_with_value(|watch| watch.parts.borrow_mut().parts.remove(&name));
        });
        Part {
            signals,
            watched: Some((watch, name)),
        }
    }
}

impl Signals {
    fn new(near: bool, drawn: bool) -> Self {
        Self {
            near: RwSignal::new(near),
            drawn: RwSignal::new(drawn),
        }
    }
}

impl Parts {
    fn add(&mut self) -> (u32, Signals) {
        let (name, signals) = (self.next, Signals::new(false, self.is_drawn));
        self.next += 1;
        self.parts.insert(name, signals);
        (name, signals)
    }

    /// The page has been drawn; who is to hear of it.
    fn are_drawn(&mut self) -> Vec<RwSignal<bool>> {
        self.is_drawn = true;
        self.parts.values().map(|signals| signals.drawn).collect()
    }
}

/// A part of the page.
#[derive(Clone, Copy)]
pub struct Part {
    signals: Signals,
    watched: Option<(StoredValue<Watch, LocalStorage>, u32)>,
}

impl Part {
    /// Whether it is near, tracked.
    pub fn is_near(self) -> bool {
        self.signals.near.get()
    }

    /// Its HTML while it is far, tracked; empty until the page has been drawn.
    pub fn html(self, html: impl FnOnce() -> String) -> String {
        if self.signals.drawn.get() {
            html()
        } else {
            String::new()
        }
    }

    /// The element that is the part from now on.
    pub fn observe(self, element: &Element) {
        let Some((watch, name)) = self.watched else {
            return;
        };
        watch.try_with_value(|watch| {
            // Fails only for a name that is no attribute's.
            let _ = element.set_attribute(NAME, &name.to_string());
            watch.observer.observe(element);
        });
    }
}

impl Watch {
    fn new() -> Option<Self> {
        let parts = Rc::<RefCell<Parts>>::default();
        let near = Rc::clone(&parts);
        let callback = Closure::new(move |entries: Array| {
            for entry in entries.iter() {
                note(&near.borrow(), entry);
            }
        });
        let options = IntersectionObserverInit::new();
        options.set_root_margin(MARGIN);
        let observer =
            IntersectionObserver::new_with_options(callback.as_ref().unchecked_ref(), &options);
        Some(Self {
            observer: observer.ok()?,
            parts,
            _callback: callback,
        })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

fn note(parts: &Parts, entry: JsValue) {
    let entry: IntersectionObserverEntry = entry.unchecked_into();
    let target = entry.target();
    let name = target
        .get_attribute(NAME)
        .and_then(|name| name.parse().ok());
    let Some(Signals { near, .. }) = name.and_then(|name: u32| parts.parts.get(&name)) else {
        return;
    };
    let is_near = entry.is_intersecting();
    let in_hand = document()
        .active_element()
        .is_some_and(|active| target.contains(Some(&active)));
    // What has the focus stays, wherever one scrolls.
    if near.get_untracked() != is_near && (is_near || !in_hand) {
        near.set(is_near);
    }
}
