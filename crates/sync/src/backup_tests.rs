#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::{ids::ChangeHash, keys::DeviceKey, vouch::ActorId};

fn key() -> PassphraseKey {
    PassphraseKey::from_bytes([7; 32])
}

fn derivation() -> Derivation {
    Derivation {
        rounds: ROUNDS,
        salt: [5; SALT_LEN],
    }
}

fn noise() -> impl Entropy {
    let mut next = 0_u8;
    move |bytes: &mut [u8]| {
        bytes.fill_with(|| {
            next = next.wrapping_add(1);
            next
        })
    }
}

fn entry(number: u8) -> Entry {
    let keys = PlanKeys::edit(EditSecret::from_bytes([number; 32]));
    let device = DeviceKey::from_bytes(&[number; 32]);
    let vouch = Vouch::make(&device, &keys.id(), ActorId(vec![1]), ChangeHash([2; 32]));
    Entry {
        keys,
        relay: None,
        document: b"tidsrom".repeat(100),
        vouches: vec![vouch],
    }
}

fn backup(entries: &[Entry]) -> Vec<u8> {
    seal(entries, &derivation(), &key(), &mut noise()).unwrap()
}

fn opened(file: &[u8]) -> Vec<Result<Entry, Fault>> {
    let sealed = SealedBackup::parse(file).unwrap();
    assert_eq!(sealed.derivation(), derivation());
    sealed.entries(&key()).unwrap().collect()
}

fn assert_same(one: &Entry, other: &Entry) {
    assert_eq!(one.keys.id(), other.keys.id());
    assert_eq!(one.keys.can_write(), other.keys.can_write());
    assert_eq!(
        (&one.relay, &one.document, &one.vouches),
        (&other.relay, &other.document, &other.vouches)
    );
}

#[test]
fn plans_come_back_as_they_were() {
    let mut reader = entry(2);
    reader.keys = reader.keys.to_read_only();
    reader.relay = Some("https://relay.example".parse().unwrap());
    let entries = [entry(1), reader];
    let back = opened(&backup(&entries));
    assert_eq!(back.len(), 2);
    for (entry, back) in entries.iter().zip(&back) {
        assert_same(entry, back.as_ref().unwrap());
    }
}

#[test]
fn nothing_in_the_file_tells_what_it_holds() {
    let file = backup(&[entry(1)]);
    let device = DeviceKey::from_bytes(&[1; 32]).id();
    let keys = entry(1).keys;
    let (read, id) = (keys.read_secret().expose(), keys.id());
    let hidden: [&[u8]; 5] = [b"tidsrom", &[1; 32], read, id.as_bytes(), device.as_bytes()];
    for part in hidden {
        assert!(!file.windows(part.len()).any(|window| window == part));
    }
}

#[test]
fn a_wrong_passphrase_is_told_from_a_damaged_file() {
    let file = backup(&[entry(1), entry(2)]);
    let wrong = PassphraseKey::from_bytes([8; 32]);
    let refused = SealedBackup::parse(&file).unwrap().entries(&wrong).err();
    assert_eq!(refused, Some(OpenError::WrongPassphrase));

    for at in 10..file.len() {
        let mut damaged = file.clone();
        damaged[at] ^= 1;
        match SealedBackup::parse(&damaged) {
            Err(error) => assert_eq!(error, OpenError::File(FileError::Damaged), "byte {at}"),
            Ok(sealed) => {
                let entries: Vec<_> = sealed.entries(&key()).unwrap().collect();
                let faults: Vec<_> = entries
                    .iter()
                    .filter_map(|entry| entry.as_ref().err())
                    .collect();
                assert!(
                    matches!(
                        faults[..],
                        [Fault {
                            reason: FaultReason::Damaged,
                            ..
                        }]
                    ),
                    "byte {at} harms one plan, and only that: {faults:?}"
                );
            }
        }
    }
}

/// A file as someone makes it who knows the passphrase and means harm.
fn forged(records: &[Vec<u8>]) -> Vec<u8> {
    let about = about(&derivation(), &key());
    container::write(FileKind::Backup, VERSION, &about, records).unwrap()
}

fn sealed_record(plain: &[u8]) -> Vec<u8> {
    let about = about(&derivation(), &key());
    let associated = associated(&about, 0, 1);
    aead::seal(&key().sealing_key(), &associated, plain, &mut noise()).unwrap()
}

#[test]
fn records_have_their_place_in_their_file() {
    let file = backup(&[entry(1), entry(2)]);
    let container: Container<'_, ABOUT_LEN> =
        Container::read(&file, FileKind::Backup, VERSION).unwrap();
    let records: Vec<Vec<u8>> = container
        .records()
        .map(|record| record.unwrap().1.to_vec())
        .collect();
    let [one, two] = [records[0].clone(), records[1].clone()];
    for moved in [
        vec![two.clone(), one.clone()],
        vec![one.clone()],
        vec![one.clone(), one, two],
    ] {
        let opened = opened(&forged(&moved));
        assert!(opened.iter().all(Result::is_err), "{moved:?}");
    }
}

#[test]
fn what_opens_and_is_no_plan_is_set_aside() {
    let reason = |plain: &[u8]| {
        opened(&forged(&[sealed_record(plain)]))[0]
            .as_ref()
            .unwrap_err()
            .reason
    };
    assert_eq!(reason(b"no zlib"), FaultReason::Malformed);
    assert_eq!(reason(&zlib::pack(b"no CBOR")), FaultReason::Malformed);
    let bomb = zlib::pack(&vec![0; MAX_CONTENT + 1]);
    assert_eq!(reason(&bomb), FaultReason::TooLarge);
}

#[test]
fn a_vouch_that_does_not_hold_is_left_out() {
    let mut forged = entry(1);
    forged.vouches[0].change = ChangeHash([9; 32]);
    let back = opened(&backup(&[forged]));
    assert_eq!(back[0].as_ref().unwrap().vouches, []);
}

#[test]
fn rounds_are_bounded_before_any_is_made() {
    for rounds in [0, 1, ROUNDS - 1, MAX_ROUNDS + 1, u32::MAX] {
        let derivation = Derivation {
            rounds,
            ..derivation()
        };
        let file = seal(&[], &derivation, &key(), &mut noise()).unwrap();
        assert_eq!(
            SealedBackup::parse(&file).err(),
            Some(OpenError::Rounds(rounds))
        );
    }
}

#[test]
fn another_way_of_deriving_is_named() {
    let mut about = about(&derivation(), &key());
    about[0] = 2;
    let file = container::write(FileKind::Backup, VERSION, &about, &[]).unwrap();
    let error = SealedBackup::parse(&file).err();
    assert_eq!(error, Some(OpenError::UnknownDerivation(2)));
}

#[test]
fn debug_prints_no_key() {
    assert_eq!(format!("{:?}", key()), "PassphraseKey(…)");
}

proptest! {
    #[test]
    fn garbage_never_panics(
        garbage in proptest::collection::vec(any::<u8>(), 0..200),
        keep in 0..200_usize,
    ) {
        let file = backup(&[entry(1)]);
        for bytes in [&garbage[..], &[&file[..keep.min(file.len())], &garbage].concat()] {
            if let Ok(sealed) = SealedBackup::parse(bytes) {
                sealed.entries(&key()).into_iter().flatten().for_each(drop);
            }
        }
        let record = forged(&[sealed_record(&zlib::pack(&garbage))]);
        prop_assert!(opened(&record)[0].is_err());
    }
}
