#![allow(clippy::unwrap_used)]

use minicbor::bytes::ByteVec;

use super::*;
use crate::{
    ids::{ChangeHash, PublicKey},
    keys::{EditSecret, ReadSecret},
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

fn content() -> Content {
    Content {
        changes: vec![ByteVec::from(b"tidsrom".to_vec())],
        heads: vec![ChangeHash([4; 32])],
        vouches: vec![],
        closing: None,
    }
}

fn counting() -> impl Entropy {
    let mut next = 0_u8;
    move |bytes: &mut [u8]| {
        for byte in bytes {
            *byte = next;
            next = next.wrapping_add(1);
        }
    }
}

fn chunk() -> Envelope {
    seal_changes(&keys(), &device(), FIRST, &content(), &mut counting()).unwrap()
}

#[test]
fn writers_and_readers_open_what_was_sealed() {
    assert_eq!(open(&keys(), &chunk()), Ok(content()));
    assert_eq!(open(&keys().to_read_only(), &chunk()), Ok(content()));
}

#[test]
fn the_content_is_not_in_the_envelope() {
    let bytes = chunk().to_bytes();
    assert!(!bytes.windows(7).any(|window| window == b"tidsrom"));
}

#[test]
fn a_reader_cannot_seal() {
    let result = seal_changes(
        &keys().to_read_only(),
        &device(),
        FIRST,
        &content(),
        &mut counting(),
    );
    assert_eq!(result, Err(SealError::ReadOnly));
}

#[test]
fn a_wrong_read_secret_names_another_plan() {
    let wrong = PlanKeys::read(ReadSecret::from_bytes([9; 32]), keys().write_public());
    assert_eq!(open(&wrong, &chunk()), Err(ChunkError::OtherPlan));
    let wrong = PlanKeys::read(keys().read_secret().clone(), PublicKey([9; 32]));
    assert_eq!(open(&wrong, &chunk()), Err(ChunkError::OtherPlan));
}

/// Signed by both, so that only the sealing can tell.
fn resigned(change: impl FnOnce(&mut Header, &mut Vec<u8>)) -> Envelope {
    let (mut header, mut sealed) = (chunk().header().clone(), chunk().sealed().to_vec());
    change(&mut header, &mut sealed);
    let header_bytes = cbor::encode(&header);
    Envelope::sign(header, header_bytes, sealed, &keys(), &device()).unwrap()
}

#[test]
fn damage_is_found_even_under_good_signatures() {
    for damaged in [
        resigned(|_, sealed| sealed[30] ^= 1),
        resigned(|_, sealed| sealed[0] ^= 1),
        resigned(|_, sealed| sealed.truncate(10)),
        resigned(|header, _| header.number = 2),
    ] {
        assert_eq!(open(&keys(), &damaged), Err(ChunkError::DoesNotOpen));
    }
}

#[test]
fn another_key_is_named() {
    let other = resigned(|header, _| header.key_id = 2);
    assert_eq!(open(&keys(), &other), Err(ChunkError::UnknownKey(2)));
}

#[test]
fn stored_and_ephemeral_are_never_taken_for_each_other() {
    let message = Ephemeral {
        heads: Some(vec![ChangeHash([4; 32])]),
        presence: None,
    };
    let sealed = seal_ephemeral(&keys(), &device(), &message, &mut counting()).unwrap();
    assert_eq!(open_ephemeral(&keys(), &sealed), Ok(message));
    assert_eq!(open(&keys(), &sealed), Err(ChunkError::WrongKind));
    assert_eq!(
        open_ephemeral(&keys(), &chunk()),
        Err(ChunkError::WrongKind)
    );
}

#[test]
fn what_does_not_fit_is_refused() {
    let mut noise = counting();
    let mut state = 1_u64;
    let mut bytes = vec![0; MAX_CHUNK + 1];
    for byte in &mut bytes {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        *byte = state as u8;
    }
    let large = Content {
        changes: vec![ByteVec::from(bytes)],
        ..Content::default()
    };
    assert_eq!(
        seal_changes(&keys(), &device(), FIRST, &large, &mut noise),
        Err(SealError::TooLarge)
    );
}
