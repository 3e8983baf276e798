#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::{
    content::Content,
    keys::EditSecret,
    seal::{Place, seal_changes, seal_ephemeral},
};

const FIRST: Place = Place {
    number: 1,
    previous: None,
};

fn keys() -> PlanKeys {
    PlanKeys::edit(EditSecret::from_bytes([1; 32]))
}

fn device() -> DeviceKey {
    DeviceKey::from_bytes(&[2; 32])
}

fn chunk() -> Envelope {
    let mut entropy = |bytes: &mut [u8]| bytes.fill(3);
    seal_changes(&keys(), &device(), FIRST, &Content::default(), &mut entropy).unwrap()
}

fn verify_with(keys: &PlanKeys, envelope: &Envelope) -> Result<(), ChunkError> {
    envelope.verify(&keys.id(), &keys.write_public())
}

fn with_header(change: impl FnOnce(&mut Header)) -> Vec<u8> {
    let mut envelope = chunk();
    change(&mut envelope.header);
    envelope.header_bytes = cbor::encode(&envelope.header);
    envelope.to_bytes()
}

#[test]
fn what_is_parsed_is_what_was_made() {
    let made = chunk();
    let parsed = Envelope::parse(&made.to_bytes()).unwrap();
    assert_eq!(parsed, made);
    assert_eq!(verify_with(&keys(), &parsed), Ok(()));
}

#[test]
fn a_newer_version_is_named_though_its_header_is_unknown() {
    let mut envelope = chunk();
    // [7, "another shape"]
    envelope.header_bytes = [&[0x82, 7, 0x6d][..], b"another shape"].concat();
    assert_eq!(
        Envelope::parse(&envelope.to_bytes()),
        Err(ChunkError::NewerVersion(7))
    );
}

#[test]
fn headers_that_contradict_themselves_are_malformed() {
    for bytes in [
        with_header(|header| header.version = 0),
        with_header(|header| header.number = 0),
        with_header(|header| header.covers = Some(Cursor(1))),
        with_header(|header| header.kind = Kind::Snapshot),
        with_header(|header| header.kind = Kind::Ephemeral),
        with_header(|header| header.previous = Some(ChunkHash([0; 32]))),
    ] {
        assert_eq!(Envelope::parse(&bytes), Err(ChunkError::Malformed));
    }
}

#[test]
fn each_forgery_has_its_own_error() {
    let changed = Envelope::parse(&with_header(|header| header.number = 2)).unwrap();
    assert_eq!(verify_with(&keys(), &changed), Err(ChunkError::ForgedWrite));

    let stranger = PlanKeys::edit(EditSecret::from_bytes([9; 32]));
    assert_eq!(verify_with(&stranger, &chunk()), Err(ChunkError::OtherPlan));

    // A member, who has the write key, in the name of another device.
    let mut in_anothers_name = chunk();
    in_anothers_name.header.device = DeviceKey::from_bytes(&[8; 32]).id();
    let forged = Envelope::sign(
        in_anothers_name.header.clone(),
        cbor::encode(&in_anothers_name.header),
        in_anothers_name.sealed,
        &keys(),
        &device(),
    );
    assert_eq!(
        verify_with(&keys(), &forged.unwrap()),
        Err(ChunkError::ForgedDevice)
    );
}

#[test]
fn another_outer_encoding_is_the_same_chunk() {
    let bytes = chunk().to_bytes();
    // The same array of four, with its length written in one byte more.
    let longer = [&[0x98, 4], &bytes[1..]].concat();
    assert_eq!(Envelope::parse(&longer).unwrap().hash(), chunk().hash());
}

#[test]
fn more_than_a_chunk_is_refused_unread() {
    assert_eq!(
        Envelope::parse(&vec![0; MAX_CHUNK + 1]),
        Err(ChunkError::TooLarge)
    );
}

#[test]
fn a_full_envelope_fits_in_a_frame() {
    let mut full = chunk();
    full.sealed = vec![0; MAX_CHUNK - 512];
    let bytes = full.to_bytes();
    assert!(bytes.len() <= MAX_CHUNK);
    let frame = crate::frame::RelayFrame::Chunk {
        cursor: Cursor(u64::MAX),
        envelope: bytes,
    };
    assert!(frame.to_bytes().len() <= crate::frame::MAX_FRAME);
}

#[test]
fn an_ephemeral_message_has_no_number() {
    let mut entropy = |bytes: &mut [u8]| bytes.fill(3);
    let message = seal_ephemeral(&keys(), &device(), &Default::default(), &mut entropy).unwrap();
    assert_eq!(message.header().number, 0);
    assert!(Envelope::parse(&message.to_bytes()).is_ok());
}

proptest! {
    #[test]
    fn garbage_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
        let _ = Envelope::parse(&bytes);
    }

    #[test]
    fn no_changed_byte_passes(at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let mut bytes = chunk().to_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        let passes = Envelope::parse(&bytes)
            .is_ok_and(|envelope| verify_with(&keys(), &envelope).is_ok());
        prop_assert!(!passes);
    }
}
