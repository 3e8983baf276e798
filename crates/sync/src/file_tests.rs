#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::{
    admit::{self, Refusal},
    aead, cbor,
    content::MAX_CONTENT,
    envelope::{CHUNK_VERSION, Header, Kind},
    frame::Hello,
    ids::Nonce,
    keys::{EditSecret, KEY_ID},
    seal::Place,
    session::{Collected, Snapshot},
    vouch::ActorId,
    zlib,
};

const HEAD: ChangeHash = ChangeHash([1; 32]);
const ACTOR: [u8; 2] = [4, 2];

/// A document of changes that each build on the one before, with one head.
struct Line {
    changes: Vec<Vec<u8>>,
    snapshot: Vec<u8>,
    vouches: Vec<Vouch>,
}

impl Line {
    fn authored(&self) -> Vec<(ActorId, ChangeHash)> {
        vec![(ActorId(ACTOR.to_vec()), HEAD)]
    }
}

impl Document for Line {
    fn heads(&mut self) -> Vec<ChangeHash> {
        vec![HEAD]
    }

    fn has(&mut self, change: &ChangeHash) -> bool {
        *change == HEAD
    }

    fn changes_since(&mut self, since: &[ChangeHash]) -> Collected {
        match since {
            [] => Collected {
                changes: self.changes.clone(),
                authored: self.authored(),
                vouches: self.vouches.clone(),
            },
            _ => Collected::default(),
        }
    }

    fn snapshot(&mut self) -> Snapshot {
        Snapshot {
            bytes: self.snapshot.clone(),
            authored: self.authored(),
            vouches: self.vouches.clone(),
        }
    }
}

fn document() -> Line {
    Line {
        changes: vec![b"tidsrom".to_vec()],
        snapshot: b"tidsrom i heilskap".to_vec(),
        vouches: vec![others_vouch()],
    }
}

fn keys() -> PlanKeys {
    PlanKeys::edit(EditSecret::from_bytes([1; 32]))
}

fn device() -> DeviceKey {
    DeviceKey::from_bytes(&[2; 32])
}

fn others_vouch() -> Vouch {
    let other = DeviceKey::from_bytes(&[3; 32]);
    Vouch::make(&other, &keys().id(), ActorId(vec![9]), HEAD)
}

fn own_vouch() -> Vouch {
    Vouch::make(&device(), &keys().id(), ActorId(ACTOR.to_vec()), HEAD)
}

/// xorshift64: bytes that don't compress.
fn noise(seed: u64) -> impl Entropy {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move |bytes: &mut [u8]| {
        for word in bytes.chunks_mut(8) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            word.copy_from_slice(&state.to_le_bytes()[..word.len()]);
        }
    }
}

fn whole() -> Vec<u8> {
    seal_whole(&keys(), &device(), &mut document(), &mut noise(1)).unwrap()
}

fn opened(file: &[u8], keys: &PlanKeys) -> Vec<Result<Part, FaultReason>> {
    let sealed = SealedPlan::parse(file).unwrap();
    let parts = sealed.parts(keys).unwrap();
    parts
        .map(|part| part.map_err(|fault| fault.reason))
        .collect()
}

#[test]
fn who_has_a_link_opens_what_was_sealed() {
    let part = Part {
        from: device().id(),
        changes: vec![b"tidsrom i heilskap".to_vec()],
        heads: vec![HEAD],
        vouches: vec![own_vouch(), others_vouch()],
    };
    for keys in [keys(), keys().to_read_only()] {
        assert_eq!(opened(&whole(), &keys), [Ok(part.clone())]);
    }
    assert_eq!(SealedPlan::parse(&whole()).unwrap().plan(), keys().id());
}

#[test]
fn the_content_is_not_in_the_file() {
    assert!(!whole().windows(7).any(|window| window == b"tidsrom"));
}

#[test]
fn only_what_is_new_goes_to_who_has_the_rest() {
    let since = |since: &[ChangeHash]| {
        let vouches = [others_vouch()];
        let (keys, device) = (keys(), device());
        let file = seal_since(
            &keys,
            &device,
            &mut document(),
            since,
            vouches,
            &mut noise(1),
        )
        .unwrap();
        opened(&file, &keys)[0].clone().unwrap()
    };
    let unknown = ChangeHash([8; 32]);
    let all = since(&[unknown]);
    assert_eq!(all.changes, document().changes);
    assert_eq!(all.vouches, [own_vouch(), others_vouch()]);

    let nothing = since(&[HEAD, unknown]);
    assert_eq!(nothing.changes, Vec::<Vec<u8>>::new());
    assert_eq!(nothing.heads, [HEAD]);
    assert_eq!(nothing.vouches, [others_vouch()]);
}

#[test]
fn a_reader_cannot_make_a_file() {
    let keys = keys().to_read_only();
    let sealed = seal_whole(&keys, &device(), &mut document(), &mut noise(1));
    assert_eq!(sealed, Err(SealError::ReadOnly));
}

#[test]
fn a_plan_too_large_for_one_chunk_goes_in_several() {
    let mut large = document();
    large.snapshot = vec![0; MAX_CHUNK];
    noise(1).fill(&mut large.snapshot);
    large.changes = vec![b"tidsrom".to_vec(); MAX_ITEMS + 1];
    let file = seal_whole(&keys(), &device(), &mut large, &mut noise(2)).unwrap();
    let parts: Vec<Part> = opened(&file, &keys()).into_iter().flatten().collect();
    assert_eq!(parts.len(), 2);
    let changes: Vec<Vec<u8>> = parts.iter().flat_map(|part| part.changes.clone()).collect();
    assert_eq!(changes, large.changes);
    let declared: Vec<usize> = parts.iter().map(|part| part.heads.len()).collect();
    assert_eq!(declared.iter().sum::<usize>(), 1);
    assert_eq!(declared.last(), Some(&1));
}

#[test]
fn another_plans_keys_do_not_open_it() {
    let file = whole();
    let other = PlanKeys::edit(EditSecret::from_bytes([7; 32]));
    let refused = SealedPlan::parse(&file).unwrap().parts(&other).err();
    assert_eq!(refused, Some(FileError::OtherPlan));
}

/// A file of one record, as someone makes it who means harm.
fn file_of(record: Vec<u8>) -> Vec<u8> {
    container::write(FileKind::Plan, VERSION, &keys().id().0, &[record]).unwrap()
}

fn reason(record: &Envelope) -> FaultReason {
    opened(&file_of(record.to_bytes()), &keys())[0]
        .clone()
        .unwrap_err()
}

#[test]
fn each_forgery_has_its_own_error() {
    let content = Content::default();
    let part = |keys: &PlanKeys| seal::seal_part(keys, &device(), &content, &mut noise(1)).unwrap();
    let other = PlanKeys::edit(EditSecret::from_bytes([7; 32]));
    assert_eq!(
        reason(&part(&other)),
        FaultReason::Chunk(ChunkError::OtherPlan)
    );

    let place = Place {
        number: 1,
        previous: None,
    };
    let stored = seal::seal_changes(&keys(), &device(), place, &content, &mut noise(1)).unwrap();
    assert_eq!(reason(&stored), FaultReason::Chunk(ChunkError::WrongKind));
    assert_eq!(
        seal::open(&keys(), &part(&keys())),
        Err(ChunkError::WrongKind)
    );

    let forged = |at_end: usize| {
        let mut bytes = part(&keys()).to_bytes();
        let at = bytes.len() - at_end;
        bytes[at] ^= 1;
        opened(&file_of(bytes), &keys())[0].clone().unwrap_err()
    };
    assert_eq!(forged(1), FaultReason::Chunk(ChunkError::ForgedWrite));
    assert_eq!(forged(70), FaultReason::Chunk(ChunkError::ForgedDevice));
}

fn header(number: u64) -> (Header, Vec<u8>) {
    let header = Header {
        version: CHUNK_VERSION,
        plan: keys().id(),
        key_id: KEY_ID,
        device: device().id(),
        number,
        previous: None,
        kind: Kind::File,
        covers: None,
    };
    let bytes = cbor::encode(&header);
    (header, bytes)
}

#[test]
fn a_part_with_a_number_is_malformed() {
    let (header, bytes) = header(1);
    let envelope = Envelope::sign(header, bytes, vec![], &keys(), &device()).unwrap();
    assert_eq!(reason(&envelope), FaultReason::Chunk(ChunkError::Malformed));
}

#[test]
fn no_relay_stores_a_part() {
    let part = seal::seal_part(&keys(), &device(), &Content::default(), &mut noise(1)).unwrap();
    let nonce = Nonce([9; 32]);
    let admitted = admit::verify_hello(&Hello::new(&keys(), &nonce), &nonce).unwrap();
    for answer in [
        admitted.verify_append(&part.to_bytes()),
        admitted.verify_ephemeral(&part.to_bytes()),
    ] {
        assert_eq!(answer, Err(Refusal::Chunk(ChunkError::WrongKind)));
    }
}

#[test]
fn a_bomb_is_refused_at_the_limit() {
    let content = Content {
        changes: vec![vec![0; MAX_CONTENT].into()],
        ..Content::default()
    };
    let packed = zlib::pack(&cbor::encode(&content));
    let (header, header_bytes) = header(0);
    let sealed = aead::seal(&keys().content_key(), &header_bytes, &packed, &mut noise(1)).unwrap();
    let envelope = Envelope::sign(header, header_bytes, sealed, &keys(), &device()).unwrap();
    assert_eq!(reason(&envelope), FaultReason::Chunk(ChunkError::TooLarge));
}

#[test]
fn a_changed_byte_harms_its_part_only_and_is_called_damage() {
    let one = seal::seal_part(&keys(), &device(), &Content::default(), &mut noise(1)).unwrap();
    let two = seal::seal_part(&keys(), &device(), &Content::default(), &mut noise(2)).unwrap();
    let records = [one.to_bytes(), two.to_bytes()];
    let file = container::write(FileKind::Plan, VERSION, &keys().id().0, &records).unwrap();
    let begin = file.len() - records.concat().len();
    for at in begin..file.len() {
        let mut damaged = file.clone();
        damaged[at] ^= 1;
        let parts = opened(&damaged, &keys());
        let harmed = usize::from(at >= begin + records[0].len());
        assert_eq!(parts[harmed], Err(FaultReason::Damaged), "byte {at}");
        assert!(parts[1 - harmed].is_ok(), "byte {at}");
    }
    let cut = opened(&file[..file.len() - 1], &keys());
    assert!(cut[0].is_ok());
    assert_eq!(cut[1], Err(FaultReason::Cut));
}

proptest! {
    #[test]
    fn garbage_never_panics(
        garbage in proptest::collection::vec(any::<u8>(), 0..300),
        keep in 0..300_usize,
    ) {
        let file = whole();
        let spliced = [&file[..keep.min(file.len())], &garbage].concat();
        for bytes in [garbage.clone(), spliced, file_of(garbage)] {
            if let Ok(sealed) = SealedPlan::parse(&bytes) {
                sealed.parts(&keys()).into_iter().flatten().for_each(drop);
            }
        }
    }
}
