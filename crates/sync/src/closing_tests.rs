//! Who can follow a plan to its new keys, and who can't.

#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::cbor;

const OLD: PlanId = PlanId([1; 32]);

fn device(number: u8) -> DeviceKey {
    DeviceKey::from_bytes(&[number; 32])
}

fn new_keys() -> PlanKeys {
    PlanKeys::edit(EditSecret::from_bytes([9; 32]))
}

fn counting() -> impl Entropy {
    let mut next = 0_u8;
    move |bytes: &mut [u8]| {
        bytes.fill_with(|| {
            next = next.wrapping_add(1);
            next
        })
    }
}

/// Device 1 closes for 2, who may write, and 3, who may read.
fn closing() -> Closing {
    let chosen = [
        (device(2).id(), Access::Write),
        (device(3).id(), Access::Read),
    ];
    Closing::make(&OLD, &device(1).id(), &new_keys(), chosen, &mut counting())
}

#[test]
fn the_chosen_get_what_they_were_chosen_for() {
    for (number, can_write) in [(2, true), (3, false)] {
        let keys = closing().open(&OLD, &device(1).id(), &device(number));
        let keys = keys.unwrap();
        assert_eq!((keys.id(), keys.can_write()), (new_keys().id(), can_write));
    }
}

#[test]
fn no_one_else_gets_anything() {
    for number in [1, 4, 5] {
        let opened = closing().open(&OLD, &device(1).id(), &device(number));
        assert!(opened.is_none());
    }
}

#[test]
fn a_record_opens_only_as_it_was_made() {
    let closing = closing();
    let by = device(1).id();
    assert!(closing.open(&PlanId([2; 32]), &by, &device(2)).is_none());
    // Someone passes it off as their own.
    assert!(closing.open(&OLD, &device(4).id(), &device(2)).is_none());
    let other = Closing {
        ephemeral: PublicKey(device(5).id().0),
        ..closing
    };
    assert!(other.open(&OLD, &by, &device(2)).is_none());
}

#[test]
fn it_tells_how_many_were_chosen_and_nothing_of_them() {
    let closing = closing();
    assert_eq!(closing.chosen(), 2);
    let lengths: Vec<usize> = closing.sealed.iter().map(|sealed| sealed.len()).collect();
    assert_eq!(lengths[0], lengths[1]);
    let bytes = cbor::encode(&closing);
    for number in 1..4 {
        let name = device(number).id().0;
        assert!(!bytes.windows(32).any(|window| window == name));
    }
}

/// With a key of small order everyone would agree on the same, so anyone could
/// open what is sealed to it.
#[test]
fn nothing_is_sealed_to_a_key_that_is_none() {
    let mut identity = [0; 32];
    identity[0] = 1;
    let no_point = [2; 32];
    assert!(VerifyingKey::from_bytes(&no_point).is_err());
    let chosen = [identity, no_point].map(|key| (DeviceId(key), Access::Write));
    let closing = Closing::make(&OLD, &device(1).id(), &new_keys(), chosen, &mut counting());
    assert_eq!(closing.chosen(), 0);

    let closing = Closing {
        ephemeral: PublicKey(identity),
        sealed: vec![],
    };
    assert!(closing.open(&OLD, &device(1).id(), &device(2)).is_none());
}

#[test]
fn who_only_reads_can_give_reading_only() {
    let chosen = [
        (device(2).id(), Access::Write),
        (device(3).id(), Access::Read),
    ];
    let reader = new_keys().to_read_only();
    let closing = Closing::make(&OLD, &device(1).id(), &reader, chosen, &mut counting());
    assert_eq!(closing.chosen(), 1);
    assert!(closing.open(&OLD, &device(1).id(), &device(3)).is_some());
}

proptest! {
    #[test]
    fn garbage_never_panics(ephemeral: [u8; 32], sealed: Vec<Vec<u8>>, bytes: Vec<u8>) {
        let closing = Closing {
            ephemeral: PublicKey(ephemeral),
            sealed: sealed.into_iter().map(ByteVec::from).collect(),
        };
        prop_assert!(closing.open(&OLD, &device(1).id(), &device(2)).is_none());
        let _ = cbor::decode::<Closing>(&bytes);
    }
}
