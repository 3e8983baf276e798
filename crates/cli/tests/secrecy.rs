//! What the relay stores and what passes the socket holds nothing that a
//! person has written.

#![allow(clippy::unwrap_used)]

mod harness;

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use harness::{Desk, Relay};
use serde_json::Value;
use sync::link::Link;

/// Shorter ones could be there by chance.
const SHORTEST: usize = 6;

/// Every text in a plan, with each of its words.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            found.push(text.clone());
            found.extend(text.split_whitespace().map(str::to_owned));
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| texts(field, found)),
        _ => {}
    }
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    memchr::memmem::find(bytes, wanted).is_some()
}

/// The texts that stand in `bytes`, as UTF-8 or as UTF-16.
fn leaked(plan: &Value, bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    texts(plan, &mut found);
    found.retain(|text| text.len() >= SHORTEST);
    found.sort_unstable();
    found.dedup();
    assert!(
        found.iter().any(|text| text == "Vest-Telemark"),
        "the plan has texts to look for"
    );
    found.retain(|text| {
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        contains(bytes, text.as_bytes()) || contains(bytes, &wide)
    });
    found
}

#[test]
fn the_relay_stores_no_text() {
    let relay = Relay::start();
    let desk = Desk::new();
    desk.example("p");
    let (edit, read) = desk.share("p", &relay);
    let stored = relay.stored();

    let keys = Link::parse(&edit).unwrap().keys;
    assert!(
        contains(&stored, keys.id().as_bytes()),
        "what is stored can be searched"
    );
    assert_eq!(leaked(&desk.show("p"), &stored), Vec::<String>::new());
    for secret in [
        &keys.edit_secret().unwrap().expose()[..],
        &keys.read_secret().expose()[..],
    ] {
        assert!(!contains(&stored, secret), "a secret is stored");
    }
    for link in [edit, read] {
        assert!(!contains(
            &stored,
            link.split_once('#').unwrap().1.as_bytes()
        ));
    }
}

#[test]
fn the_socket_carries_no_text() {
    let relay = Relay::start();
    let desk = Desk::new();
    desk.example("p");
    let (edit, _) = desk.share("p", &relay);
    let keys = Link::parse(&edit).unwrap().keys;

    // Towards a device, WebSocket frames are not masked: a wiretap reads them.
    let wire = Wiretap::on(&relay);
    let tapped = edit.replace(&relay.url, &wire.url);
    Desk::new().run(&["join", &tapped, "-o", "q"]).code(0);
    let heard = wire.heard.lock().unwrap();
    assert!(
        contains(&heard, keys.id().as_bytes()),
        "what passes can be searched"
    );
    assert_eq!(leaked(&desk.show("p"), &heard), Vec::<String>::new());
}

/// Passes on what goes to a relay, and keeps what comes from it.
struct Wiretap {
    url: String,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Wiretap {
    fn on(relay: &Relay) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let relay = relay.url.strip_prefix("http://").unwrap().to_owned();
        let heard = Arc::<Mutex<Vec<u8>>>::default();
        let tape = heard.clone();
        thread::spawn(move || {
            for device in listener.incoming() {
                let (device, relay) = (device.unwrap(), TcpStream::connect(&relay).unwrap());
                let (to_relay, to_device) =
                    (relay.try_clone().unwrap(), device.try_clone().unwrap());
                let tape = tape.clone();
                thread::spawn(move || copy(device, to_relay, |_| {}));
                thread::spawn(move || {
                    copy(relay, to_device, |bytes| {
                        tape.lock().unwrap().extend_from_slice(bytes)
                    });
                });
            }
        });
        Self { url, heard }
    }
}

fn copy(mut from: TcpStream, mut to: TcpStream, hear: impl Fn(&[u8])) {
    let mut buffer = [0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        // Heard before it is passed on: who waits for the other end has all of it.
        hear(&buffer[..read]);
        if to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    // The other side may have closed first.
    let _ = to.shutdown(Shutdown::Both);
}
