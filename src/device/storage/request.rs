//! What the database answers, as futures.
//!
//! IndexedDB answers by events. One kind of future waits for all of them, so
//! that its code is in the app once and not for each kind of request.

use std::{cell::Cell, rc::Rc};

use futures_channel::oneshot;
use gloo_events::EventListener;
use wasm_bindgen::JsValue;
use web_sys::{Event, EventTarget, IdbRequest, IdbRequestReadyState};

use super::StorageError;

/// What a request answers.
///
/// # Errors
/// What the database says against it.
pub(super) async fn answer(request: &IdbRequest) -> Result<JsValue, StorageError> {
    // One that was made together with others may have its answer already.
    if request.ready_state() == IdbRequestReadyState::Pending {
        first_of(request, &["success", "error"]).await;
    }
    match request.error()? {
        Some(error) => Err(StorageError::from_exception(&error)),
        None => Ok(request.result()?),
    }
}

/// The name of the first of these events to come. They are listened for from
/// the first poll on, which is soon enough where nothing else was waited for.
pub(super) async fn first_of(target: &EventTarget, names: &[&'static str]) -> String {
    let (sender, first) = oneshot::channel();
    let sender = Rc::new(Cell::new(Some(sender)));
    let listen = |name: &&'static str| {
        let sender = Rc::clone(&sender);
        EventListener::new(target, *name, move |event: &Event| {
            if let Some(sender) = sender.take() {
                // Whoever no longer waits doesn't need to know.
                let _ = sender.send(event.type_());
            }
        })
    };
    let _listeners: Vec<_> = names.iter().map(listen).collect();
    first.await.expect("the listeners keep the sender")
}
