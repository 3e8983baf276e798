//! The WebSocket to the relay: binary messages, events into a callback.

use std::{cell::Cell, rc::Rc};

use futures_channel::oneshot;
use gloo_events::EventListener;
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{BinaryType, MessageEvent, WebSocket};

/// What the socket tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SocketEvent {
    /// It is open.
    Opened,
    /// A message came. Text, which no relay sends, comes as its bytes.
    Message(Vec<u8>),
    /// It closed or could not be opened; the last event.
    Closed,
}

/// An open socket, or one that is being opened. Dropped, it closes and tells
/// nothing more.
pub struct Socket {
    socket: WebSocket,
    _listeners: [EventListener; 3],
}

/// The address is none that the browser opens a socket to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the browser opens no socket to this address")]
pub struct SocketRefused;

impl Socket {
    /// Opens a socket and tells what comes of it.
    ///
    /// # Errors
    /// When the browser refuses the address itself, as a page that came over
    /// https does with `ws://`.
    pub fn open(url: &str, tell: impl Fn(SocketEvent) + 'static) -> Result<Self, SocketRefused> {
        let socket = WebSocket::new(url).map_err(|_| SocketRefused)?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let tell = Rc::new(tell);
        let listeners = [
            EventListener::new(&socket, "open", {
                let tell = Rc::clone(&tell);
                move |_| tell(SocketEvent::Opened)
            }),
            EventListener::new(&socket, "message", {
                let tell = Rc::clone(&tell);
                move |event| tell(SocketEvent::Message(message(event)))
            }),
            // A failure is followed by this one as well.
            EventListener::new(&socket, "close", move |_| tell(SocketEvent::Closed)),
        ];
        Ok(Self {
            socket,
            _listeners: listeners,
        })
    }

    /// Sends a binary message. On a socket that is not open it is lost; that it
    /// closed is told by an event.
    pub fn send(&self, message: &[u8]) {
        let _ = self.socket.send_with_u8_array(message);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // Fails only for codes and reasons, of which there are none here.
        let _ = self.socket.close();
    }
}

fn message(event: &web_sys::Event) -> Vec<u8> {
    let data = event.unchecked_ref::<MessageEvent>().data();
    match data.dyn_into::<ArrayBuffer>() {
        Ok(buffer) => Uint8Array::new(&buffer).to_vec(),
        Err(other) => other.as_string().unwrap_or_default().into_bytes(),
    }
}

/// Whether something takes a socket at this address.
pub async fn answers(url: &str) -> bool {
    let (sender, first) = oneshot::channel();
    let sender = Cell::new(Some(sender));
    let socket = Socket::open(url, move |event| {
        if let Some(sender) = sender.take() {
            // Whoever no longer waits doesn't need to know.
            let _ = sender.send(event == SocketEvent::Opened);
        }
    });
    socket.is_ok() && first.await.unwrap_or(false)
}
