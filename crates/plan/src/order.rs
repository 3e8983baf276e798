//! Order keys: automerge has no move, so order is a value of its own.
//!
//! A key is a fraction written in base 62 without trailing zeros, compared as
//! text. Between any two keys there is another, so a move writes one register
//! of one entity, and two moves of different entities never collide.

use serde::{Deserialize, Serialize};

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Where an entity stands among its siblings. Equal keys (made by two devices
/// at once) are told apart by id, so every device shows the same order.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OrderKey(String);

impl OrderKey {
    /// A key from its stored text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The stored text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key of the entity of this `rank` among siblings that are begun by
    /// several devices alike, such as the known sections of a measure.
    pub(crate) fn ranked(rank: usize, salt: &str) -> OrderKey {
        let middle = OrderKey(
            write_head(HEADS / 2 + rank * STEP * STEP)
                .into_iter()
                .map(char::from)
                .collect(),
        );
        Self::between(Some(&middle), None, salt)
    }

    /// A key strictly between `low` and `high`, where `None` is the open end.
    ///
    /// `salt` (the id of the entity that moves) is folded into two further
    /// digits, so that two devices that put different entities into the same
    /// gap get different keys and a third entity can later go between them.
    pub fn between(low: Option<&OrderKey>, high: Option<&OrderKey>, salt: &str) -> OrderKey {
        let low = low.map(|key| key.0.as_bytes());
        // Equal or crossed neighbours (possible after a merge) leave no gap
        // above `low`: then the end is open, and the tie is broken by id.
        let high = high
            .map(|key| key.0.as_bytes())
            .filter(|high| low.is_none_or(|low| low < *high));
        let mut digits = match (low, high) {
            (None, None) => Some(write_head(HEADS / 2)),
            (Some(low), None) => read_head(low)
                .checked_add(STEP)
                .filter(|head| *head < HEADS)
                .map(write_head),
            (None, Some(high)) => read_head(high)
                .checked_sub(STEP)
                .filter(|head| *head > 0)
                .map(write_head),
            (Some(_), Some(_)) => None,
        }
        .unwrap_or_else(|| midpoint(low.unwrap_or_default(), high));
        let hash = fnv1a(salt);
        // Digits 1..=61: a key never ends in zero, or nothing could go below it.
        digits.push(DIGITS[1 + (hash % 61) as usize]);
        digits.push(DIGITS[1 + (hash / 61 % 61) as usize]);
        OrderKey(digits.into_iter().map(char::from).collect())
    }
}

/// Keys open with a number of four digits, so that appending, by far the most
/// common move, counts upwards instead of halving the space.
const HEAD_DIGITS: usize = 4;
const HEADS: usize = DIGITS.len().pow(HEAD_DIGITS as u32);
const STEP: usize = 64;

fn read_head(key: &[u8]) -> usize {
    (0..HEAD_DIGITS).fold(0, |head, index| {
        head * DIGITS.len() + digit_at(key, index).unwrap_or(0)
    })
}

fn write_head(mut head: usize) -> Vec<u8> {
    let mut digits = vec![DIGITS[0]; HEAD_DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[head % DIGITS.len()];
        head /= DIGITS.len();
    }
    digits
}

fn digit_at(key: &[u8], index: usize) -> Option<usize> {
    let byte = key.get(index)?;
    DIGITS.iter().position(|digit| digit == byte)
}

/// A prefix such that every extension of it lies strictly between the two.
fn midpoint(low: &[u8], high: Option<&[u8]>) -> Vec<u8> {
    let mut prefix = Vec::new();
    let mut high = high;
    for index in 0.. {
        let below = digit_at(low, index).unwrap_or(0);
        let above = match high {
            Some(key) if index < low.len().max(key.len()) => digit_at(key, index).unwrap_or(0),
            // The end is open. So it is after keys that differ only in what is
            // no digit, or in zeros at the end: they leave no room between, and
            // only another program writes them.
            _ => DIGITS.len(),
        };
        if above > below + 1 {
            prefix.push(DIGITS[below + (above - below) / 2]);
            return prefix;
        }
        prefix.push(DIGITS[below]);
        if above > below {
            high = None;
        }
    }
    unreachable!("the loop returns once low and high have run out of digits")
}

fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::OrderKey;

    #[test]
    fn two_devices_in_one_gap_get_different_keys() {
        let first = OrderKey::between(None, None, "a");
        let fyresdal = OrderKey::between(Some(&first), None, "fyresdal");
        let vinje = OrderKey::between(Some(&first), None, "vinje");
        assert_ne!(fyresdal, vinje);
    }

    #[test]
    fn appending_a_thousand_keeps_keys_short() {
        let mut last = OrderKey::between(None, None, "start");
        for n in 0..1000 {
            let next = OrderKey::between(Some(&last), None, &n.to_string());
            assert!(next > last);
            last = next;
        }
        assert!(last.as_str().len() < 10, "{}", last.as_str().len());
    }

    #[test]
    fn keys_of_another_program_that_leave_no_room_are_gone_past() {
        for (low, high) in [
            ("a", "a0"),
            ("", "00"),
            ("!", "#"),
            ("a!", "a#~"),
            ("9", "{"),
        ] {
            let key = OrderKey::between(Some(&OrderKey::new(low)), Some(&OrderKey::new(high)), "x");
            assert!(key.as_str().len() < 8, "{low}, {high}: {}", key.as_str());
        }
    }

    proptest! {
        #[test]
        fn there_is_always_room_between(places in prop::collection::vec(0usize..1000, 1..200)) {
            let mut keys: Vec<OrderKey> = Vec::new();
            for (n, place) in places.into_iter().enumerate() {
                let at = place % (keys.len() + 1);
                let low = at.checked_sub(1).and_then(|i| keys.get(i));
                let key = OrderKey::between(low, keys.get(at), &n.to_string());
                if let Some(low) = low { prop_assert!(*low < key); }
                if let Some(high) = keys.get(at) { prop_assert!(key < *high); }
                keys.insert(at, key);
            }
        }
    }
}
