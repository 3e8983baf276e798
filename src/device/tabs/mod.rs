//! The tabs that have one plan open, talking to each other.
//!
//! A `BroadcastChannel` for each plan. Nothing depends on a message arriving:
//! changes are in the database before they are told of, and a tab that was
//! frozen reads them there when it is seen again.

mod message;

use gloo_events::EventListener;
use js_sys::Uint8Array;
use sync::ids::PlanId;
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

pub use message::{TabChanges, TabMessage};

use super::cbor;

/// A tab's end of a plan's channel. Dropped, it closes.
pub struct Tabs {
    channel: Option<BroadcastChannel>,
    _listener: Option<EventListener>,
}

impl Tabs {
    /// Opens a plan's channel and tells what the other tabs say. A browser
    /// without such channels has tabs that see each other's changes when they
    /// are next opened or shown.
    pub fn open(plan: PlanId, tell: impl Fn(TabMessage) + 'static) -> Self {
        let channel = BroadcastChannel::new(&format!("samskriv {plan}")).ok();
        let listener = channel.as_ref().map(|channel| {
            EventListener::new(channel, "message", move |event| {
                // A tab with another version of the app may say what this one
                // does not understand.
                if let Some(message) = read(event) {
                    tell(message);
                }
            })
        });
        Self {
            channel,
            _listener: listener,
        }
    }

    /// Tells the other tabs.
    pub fn send(&self, message: &TabMessage) {
        if let Some(channel) = &self.channel {
            let bytes = Uint8Array::from(cbor::encode(message).as_slice());
            // Fails only once the channel is closed.
            let _ = channel.post_message(&bytes);
        }
    }
}

impl Drop for Tabs {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            channel.close();
        }
    }
}

fn read(event: &web_sys::Event) -> Option<TabMessage> {
    let data = event.unchecked_ref::<MessageEvent>().data();
    cbor::decode(&data.dyn_into::<Uint8Array>().ok()?.to_vec())
}
