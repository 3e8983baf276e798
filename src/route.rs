//! Which page an address leads to, and the way from one to another.
//!
//! The app has six addresses and one parameter, for which the framework's
//! router would be 32 KB of the download.

use gloo_events::{EventListener, EventListenerOptions};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlAnchorElement, HtmlElement, MouseEvent};

/// What an address leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The plans on this device.
    Plans,
    /// One plan, by its id as the address has it.
    Plan(String),
    /// Joining a plan, with the whole address where it is a link's.
    Join(Option<String>),
    /// Who writes here, and what is kept.
    Settings,
    /// How one writes a plan.
    Help,
    /// How accessible the app is.
    Accessibility,
    /// Nowhere.
    Unknown,
}

impl Route {
    /// Where `path` leads; `href` is the whole address with its fragment.
    fn at(path: &str, href: &str) -> Self {
        let path = path.trim_matches('/');
        match path.split_once('/') {
            Some(("plan", id)) if !id.contains('/') => Self::Plan(id.to_owned()),
            None if path.is_empty() => Self::Plans,
            None if path == "settings" => Self::Settings,
            None if path == "help" => Self::Help,
            None if path == "accessibility" => Self::Accessibility,
            None if path == "join" => {
                let fragment = href.split_once('#').map(|(_, fragment)| fragment);
                Self::Join(
                    fragment
                        .is_some_and(|fragment| !fragment.is_empty())
                        .then(|| href.to_owned()),
                )
            }
            _ => Self::Unknown,
        }
    }

    /// Where the window's address leads.
    fn current() -> Self {
        let location = window().location();
        let path = location.pathname().unwrap_or_default();
        Self::at(&path, &location.href().unwrap_or_default())
    }
}

/// Follows the address, and changes it.
#[derive(Clone, Copy)]
pub struct Navigator {
    route: RwSignal<Route>,
    /// Whether the page shown is another than the one that was loaded.
    moved: StoredValue<bool>,
}

impl Navigator {
    /// Follows the window's address from here on: the back button, and every
    /// link within the app, which then opens without loading the page anew.
    pub fn follow() -> Self {
        let navigator = Self {
            route: RwSignal::new(Route::current()),
            moved: StoredValue::new(false),
        };
        let moved = EventListener::new(&window(), "popstate", move |_| navigator.arrive());
        let clicked = EventListener::new_with_options(
            &window(),
            "click",
            EventListenerOptions::enable_prevent_default(),
            move |event| {
                if let Some(href) = inner_link(event) {
                    event.prevent_default();
                    navigator.go(&href);
                }
            },
        );
        // As long as the page itself.
        moved.forget();
        clicked.forget();
        navigator
    }

    /// The page to show, tracked.
    pub fn route(self) -> Route {
        self.route.get()
    }

    /// Opens `href`, with a way back.
    pub fn go(self, href: &str) {
        if let Ok(history) = window().history() {
            // Refused only for another origin, which no caller names.
            let _ = history.push_state_with_url(&JsValue::NULL, "", Some(href));
        }
        window().scroll_to_with_x_and_y(0.0, 0.0);
        self.arrive();
    }

    /// Opens `href` in place of the page shown, whose address is forgotten.
    pub fn replace(self, href: &str) {
        if let Ok(history) = window().history() {
            // As above.
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(href));
        }
        self.arrive();
    }

    fn arrive(self) {
        let route = Route::current();
        if self.route.with_untracked(|shown| *shown == route) {
            return;
        }
        self.moved.set_value(true);
        self.route.set(route);
        self.content_is_here();
    }

    /// Says that a page's content is on the page, at once or after it was
    /// loaded: the keyboard and a screen reader go on from there, and a place
    /// that the address names is shown.
    pub fn content_is_here(self) {
        request_animation_frame(move || {
            if let Some(place) = named_place() {
                place.scroll_into_view();
            }
            if !self.moved.get_value() {
                return;
            }
            let content = document().get_element_by_id("content");
            if let Some(content) =
                content.and_then(|content| content.dyn_into::<HtmlElement>().ok())
            {
                content.set_tab_index(-1);
                // Fails only for what can't have the focus.
                let _ = content.focus();
            }
        });
    }
}

/// Shows the place that the address names once more, when what was hidden
/// around it has been laid out: until then its parts have the heights that the
/// browser guesses.
pub fn show_named_place_again() {
    request_animation_frame(|| {
        request_animation_frame(|| {
            if let Some(place) = named_place() {
                place.scroll_into_view();
            }
        });
    });
}

/// The element that the fragment of the address names.
fn named_place() -> Option<Element> {
    let fragment = window().location().hash().ok()?;
    document().get_element_by_id(fragment.strip_prefix('#')?)
}

/// The address of the link that was clicked, when it is the app's to open: not
/// another site's, not a place on the page shown, not into a new tab.
fn inner_link(event: &Event) -> Option<String> {
    let click: &MouseEvent = event.dyn_ref()?;
    let plain = click.button() == 0
        && !(click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key());
    if !plain || event.default_prevented() {
        return None;
    }
    let target: Element = event.target()?.dyn_into().ok()?;
    let link: HtmlAnchorElement = target.closest("a[href]").ok()??.dyn_into().ok()?;
    let location = window().location();
    let inner = link.origin() == location.origin().ok()?
        && link.target().is_empty()
        && link.download().is_empty();
    let on_this_page = link.pathname() == location.pathname().ok()? && !link.hash().is_empty();
    (inner && !on_this_page).then(|| link.href())
}
