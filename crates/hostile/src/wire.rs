//! Frames, links and chunks.

use std::sync::OnceLock;

use sync::{
    admit::{Admitted, verify_hello},
    content::{Content, Ephemeral},
    envelope::Envelope,
    frame::{ClientFrame, Hello, RelayFrame},
    ids::Nonce,
    keys::{DeviceKey, EditSecret, PlanKeys},
    link::Link,
    seal::{self, Place},
};

/// The keys of the plan that all of this is about.
pub(crate) fn keys() -> &'static PlanKeys {
    static KEYS: OnceLock<PlanKeys> = OnceLock::new();
    KEYS.get_or_init(|| PlanKeys::edit(EditSecret::from_bytes([42; 32])))
}

/// The key of a device.
pub(crate) fn device(number: u8) -> DeviceKey {
    DeviceKey::from_bytes(&[number; 32])
}

/// Bytes that are random enough where nobody is to be kept out.
pub(crate) fn entropy(bytes: &mut [u8]) {
    bytes.fill(9);
}

/// A message on a socket: what reads as a frame is written as the same frame.
pub fn frames(bytes: &[u8]) {
    if let Ok(frame) = RelayFrame::parse(bytes) {
        assert_eq!(RelayFrame::parse(&frame.to_bytes()), Ok(frame));
    }
    if let Ok(frame) = ClientFrame::parse(bytes) {
        assert_eq!(ClientFrame::parse(&frame.to_bytes()), Ok(frame));
    }
}

/// A pasted link: what reads as a link leads to the same plan when it is shown
/// again, and a read link never carries the edit secret.
pub fn links(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let Ok(link) = Link::parse(text) else {
        return;
    };
    let again = Link::parse(&link.to_fragment()).expect("a link reads as it was written");
    assert_eq!(again.keys.id(), link.keys.id());
    assert_eq!(again.keys.can_write(), link.keys.can_write());
    if let Some(relay) = &link.relay {
        let whole = Link::parse(&link.url(relay)).expect("a whole link reads as it was written");
        assert_eq!(whole.relay.as_ref(), Some(relay));
    }
    assert!(!link.to_read_only().keys.can_write());
}

/// A chunk, to a device and to a relay; and a content, as if it had been in a
/// chunk that opened.
pub fn chunks(bytes: &[u8]) {
    if let Ok(envelope) = Envelope::parse(bytes) {
        assert_eq!(
            Envelope::parse(&envelope.to_bytes()).as_ref(),
            Ok(&envelope)
        );
        // A fuzzer makes no signatures.
        assert!(seal::open(keys(), &envelope).is_err());
        assert!(seal::open_ephemeral(keys(), &envelope).is_err());
    }
    assert!(admitted().verify_append(bytes).is_err());
    assert!(admitted().verify_ephemeral(bytes).is_err());

    if let Ok(content) = minicbor::decode::<Content>(bytes) {
        let holds = |content: &Content| -> Vec<bool> {
            let vouches = content.vouches.iter();
            vouches.map(|vouch| vouch.holds(&keys().id())).collect()
        };
        let place = Place {
            number: 1,
            previous: None,
        };
        if let Some(closing) = &content.closing {
            // A fuzzer seals nothing to a device.
            let opened = closing.open(&keys().id(), &device(1).id(), &device(2));
            assert!(opened.is_none());
        }
        let sealed = seal::seal_changes(keys(), &device(1), place, &content, &mut entropy);
        let opened = seal::open(keys(), &sealed.expect("a writer can seal"));
        assert_eq!(opened.as_ref(), Ok(&content));
        assert_eq!(opened.map(|content| holds(&content)), Ok(holds(&content)));
    }
    if let Ok(message) = minicbor::decode::<Ephemeral>(bytes) {
        let sealed = seal::seal_ephemeral(keys(), &device(1), &message, &mut entropy);
        let opened = seal::open_ephemeral(keys(), &sealed.expect("a writer can seal"));
        assert_eq!(opened, Ok(message));
    }
}

/// What a relay knows of a device that has shown its keys.
fn admitted() -> &'static Admitted {
    static ADMITTED: OnceLock<Admitted> = OnceLock::new();
    ADMITTED.get_or_init(|| {
        let nonce = Nonce([7; 32]);
        verify_hello(&Hello::new(keys(), &nonce), &nonce).expect("the keys are the plan's")
    })
}
