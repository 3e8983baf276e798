//! What of a long page is near enough to be worked with.
//!
//! A plan may have thousands of measures. As HTML they cost little, are found by
//! the browser's own search and read by screen readers; as fields with all that
//! follows them they would take seconds to make. So a part of the page is made
//! of fields while it is within a screen's height of what is seen, and is HTML
//! otherwise, which comes once the page has been drawn without it. In a plan of
//! ordinary length all of it is drawn as HTML, and then made of fields.
//!
//! Parts are in groups, and the browser is asked only about those of the groups
//! that are near: it would look at each with every frame, and so with every key.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use js_sys::Array;
use leptos::html::ElementType;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

use crate::device;

/// As many parts as are all made of fields.
const FEW: usize = 40;
/// How far around the window a part is near: one window up and one down.
const MARGIN: &str = "100% 0px";
/// The attribute that names an observed element.
const NAME: &str = "data-part";

/// Follows which parts of the page, or of a group in it, are near.
#[derive(Clone, Copy)]
pub struct Surroundings {
    /// `None` where the browser can't tell.
    watch: Option<StoredValue<Watch, LocalStorage>>,
    group: Option<Name>,
    /// Whether the page has been drawn once.
    is_drawn: RwSignal<bool>,
}

type Name = u32;

impl Surroundings {
    /// Nothing is followed yet.
    pub fn new() -> Self {
        let watch = Watch::new().map(StoredValue::new_local);
        let is_drawn = RwSignal::new(false);
        spawn_local(async move {
            device::drawn().await;
            // Gone when the page was left meanwhile.
            is_drawn.try_set(true);
            let parts = watch.and_then(|watch| watch.try_with_value(Watch::waiting));
            for drawn in parts.into_iter().flatten() {
                drawn.try_set(true);
            }
        });
        Self {
            watch,
            group: None,
            is_drawn,
        }
    }

    /// A part of a page that has so many of them, which shall have an element by
    /// [`Part::host`].
    pub fn part(self, parts: usize) -> Part {
        let Some(watch) = self.watch.filter(|_| parts > FEW) else {
            return Part {
                near: self.is_drawn,
                drawn: RwSignal::new(true),
                watched: None,
            };
        };
        let is_drawn = self.is_drawn.get_untracked();
        let (name, near, drawn) = watch.with_value(|watch| watch.add(self.group, is_drawn));
        on_cleanup(move || {
            // Gone already when the whole page is.
            watch.try_with_value(|watch| watch.remove(name));
        });
        Part {
            near,
            drawn,
            watched: Some((watch, name)),
        }
    }

    /// A part that holds others, and what is to be asked about those.
    pub fn group(self, parts: usize) -> (Part, Self) {
        let group = self.part(parts);
        let inside = Self {
            group: group.watched.map(|(_, name)| name),
            ..self
        };
        (group, inside)
    }
}

/// A part of the page.
#[derive(Clone, Copy)]
pub struct Part {
    near: RwSignal<bool>,
    drawn: RwSignal<bool>,
    watched: Option<(StoredValue<Watch, LocalStorage>, Name)>,
}

impl Part {
    /// Whether it is near, tracked.
    pub fn is_near(self) -> bool {
        self.near.get()
    }

    /// Its HTML while it is far, tracked; empty until the page has been drawn.
    pub fn html(self, html: impl FnOnce() -> String) -> String {
        if self.drawn.get() {
            html()
        } else {
            String::new()
        }
    }

    /// For the element that is the part from now on.
    pub fn host<E>(self) -> NodeRef<E>
    where
        E: ElementType + 'static,
        E::Output: JsCast + Clone + AsRef<Element> + 'static,
    {
        let host = NodeRef::new();
        Effect::new(move || {
            let element: Option<E::Output> = host.get();
            if let (Some(element), Some((watch, name))) = (element, self.watched) {
                watch.try_with_value(|watch| watch.observe(name, element.as_ref()));
            }
        });
        host
    }
}

struct Watch {
    observer: IntersectionObserver,
    known: Rc<RefCell<Known>>,
    _callback: Closure<dyn Fn(Array, IntersectionObserver)>,
}

#[derive(Default)]
struct Known {
    next: Name,
    parts: BTreeMap<Name, Watched>,
}

/// Each has signals of its own: to leave one that thousands follow takes a search
/// among them all.
struct Watched {
    near: RwSignal<bool>,
    drawn: RwSignal<bool>,
    group: Option<Name>,
    element: Option<Element>,
}

impl Watch {
    fn new() -> Option<Self> {
        let known = Rc::<RefCell<Known>>::default();
        let asked = Rc::clone(&known);
        let callback = Closure::new(move |entries: Array, observer: IntersectionObserver| {
            for entry in entries.iter() {
                note(&asked.borrow(), entry.unchecked_ref(), &observer);
            }
        });
        let options = IntersectionObserverInit::new();
        options.set_root_margin(MARGIN);
        let observer =
            IntersectionObserver::new_with_options(callback.as_ref().unchecked_ref(), &options);
        Some(Self {
            observer: observer.ok()?,
            known,
            _callback: callback,
        })
    }

    fn add(&self, group: Option<Name>, is_drawn: bool) -> (Name, RwSignal<bool>, RwSignal<bool>) {
        let mut known = self.known.borrow_mut();
        let (near, drawn) = (RwSignal::new(false), RwSignal::new(is_drawn));
        let name = known.next;
        known.next += 1;
        let part = Watched {
            near,
            drawn,
            group,
            element: None,
        };
        known.parts.insert(name, part);
        (name, near, drawn)
    }

    fn remove(&self, name: Name) {
        let part = self.known.borrow_mut().parts.remove(&name);
        if let Some(element) = part.and_then(|part| part.element) {
            self.observer.unobserve(&element);
        }
    }

    /// Who is to hear that the page has been drawn.
    fn waiting(&self) -> Vec<RwSignal<bool>> {
        let known = self.known.borrow();
        known.parts.values().map(|part| part.drawn).collect()
    }

    fn observe(&self, name: Name, element: &Element) {
        let mut known = self.known.borrow_mut();
        let Some(part) = known.parts.get_mut(&name) else {
            return;
        };
        // Fails only for a name that is no attribute's.
        let _ = element.set_attribute(NAME, &name.to_string());
        if let Some(before) = part.element.replace(element.clone()) {
            self.observer.unobserve(&before);
        }
        let group = part.group.and_then(|group| known.parts.get(&group));
        if group.is_none_or(|group| group.near.get_untracked()) {
            self.observer.observe(element);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

fn note(known: &Known, entry: &IntersectionObserverEntry, observer: &IntersectionObserver) {
    let target = entry.target();
    let name = target
        .get_attribute(NAME)
        .and_then(|name| name.parse().ok());
    let Some((name, part)) = name.and_then(|name: Name| known.parts.get_key_value(&name)) else {
        return;
    };
    let is_near = entry.is_intersecting();
    let in_hand = document()
        .active_element()
        .is_some_and(|active| target.contains(Some(&active)));
    // What has the focus stays, wherever one scrolls.
    if part.near.get_untracked() == is_near || in_hand && !is_near {
        return;
    }
    part.near.set(is_near);
    // No group is in another, so this one has no members to be looked for.
    if part.group.is_some() {
        return;
    }
    let members = known
        .parts
        .values()
        .filter(|part| part.group == Some(*name));
    for member in members {
        match &member.element {
            Some(element) if is_near => observer.observe(element),
            Some(element) => observer.unobserve(element),
            None => {}
        }
        if !is_near && member.near.get_untracked() {
            member.near.set(false);
        }
    }
}
