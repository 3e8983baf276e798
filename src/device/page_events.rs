//! The network comes and goes; the page is hidden and shown.

use std::rc::Rc;

use gloo_events::EventListener;
use web_sys::VisibilityState;

/// What happens to the page as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageEvent {
    /// The system says that there is a network; the relay may still be out of
    /// reach.
    Online,
    /// The reader looks elsewhere or leaves. It may be the last that is heard:
    /// on a phone a hidden page is ended without another event.
    Hidden,
    /// The page is seen again, perhaps after days of being frozen.
    Visible,
}

/// Listens until dropped.
pub struct PageWatch {
    _listeners: Vec<EventListener>,
}

/// Tells of each event.
pub fn watch(tell: impl Fn(PageEvent) + 'static) -> PageWatch {
    let Some(window) = web_sys::window() else {
        return PageWatch { _listeners: vec![] };
    };
    let tell = Rc::new(tell);
    let always = |event: PageEvent| {
        let tell = Rc::clone(&tell);
        move |_: &web_sys::Event| tell(event)
    };
    let mut listeners = vec![
        EventListener::new(&window, "online", always(PageEvent::Online)),
        // Older Safari leaves a page without `visibilitychange`.
        EventListener::new(&window, "pagehide", always(PageEvent::Hidden)),
        EventListener::new(&window, "pageshow", always(PageEvent::Visible)),
    ];
    if let Some(document) = window.document() {
        let of_document = document.clone();
        listeners.push(EventListener::new(
            &document,
            "visibilitychange",
            move |_| {
                tell(match of_document.visibility_state() {
                    VisibilityState::Hidden => PageEvent::Hidden,
                    _ => PageEvent::Visible,
                });
            },
        ));
    }
    PageWatch {
        _listeners: listeners,
    }
}
