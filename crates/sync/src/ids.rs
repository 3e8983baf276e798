//! Names and public values: plans, devices, chunks, changes, signatures.
//!
//! Each is its own type, though all are bytes, so that a plan's id can't be
//! passed where a chunk's hash belongs. They print as lowercase hex.

use std::{fmt, str::FromStr};

use minicbor::{Decode, Encode};

/// Text that should have been a fixed number of bytes in hex.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} hexadecimal digits")]
pub struct NotHex {
    /// How many digits the value has.
    pub expected: usize,
}

macro_rules! byte_newtype {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        #[cbor(transparent)]
        pub struct $name(#[n(0)] #[cbor(with = "minicbor::bytes")] pub [u8; $len]);

        impl $name {
            /// The raw bytes.
            pub fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// The first eight hex digits: enough to tell things apart in a
            /// log, too few to be of use to a reader of it.
            pub fn short(&self) -> String {
                to_hex(&self.0[..4])
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&to_hex(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.short())
            }
        }

        impl From<[u8; $len]> for $name {
            fn from(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }
        }

        impl FromStr for $name {
            type Err = NotHex;

            fn from_str(text: &str) -> Result<Self, NotHex> {
                from_hex(text).map(Self)
            }
        }
    };
}

byte_newtype!(
    /// A plan's name at every relay: a hash over its two public keys, so that a
    /// relay can check who may read and write without a table of users.
    PlanId, 32
);
byte_newtype!(
    /// A device's Ed25519 public key.
    DeviceId, 32
);
byte_newtype!(
    /// A plan's or a device's Ed25519 public key.
    PublicKey, 32
);
byte_newtype!(
    /// An Ed25519 signature (RFC 8032).
    Signature, 64
);
byte_newtype!(
    /// A sealed chunk's name: the hash both its signatures are made over.
    ChunkHash, 32
);
byte_newtype!(
    /// The hash of one change of the document; opaque here.
    ChangeHash, 32
);
byte_newtype!(
    /// Names one relay's log of chunks. A relay whose store was replaced has
    /// another one, and a device then starts from the beginning.
    LogId, 16
);
byte_newtype!(
    /// What the relay asks a connecting device to sign, new for each socket.
    Nonce, 32
);

/// A chunk's place in a plan's log at one relay.
///
/// The first chunk has 1 and each next one has one more; 0 is before the first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Cursor(#[n(0)] pub u64);

impl Cursor {
    /// Before the first chunk.
    pub const START: Self = Self(0);

    /// The place after this one.
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

fn from_hex<const N: usize>(text: &str) -> Result<[u8; N], NotHex> {
    let wrong = NotHex { expected: 2 * N };
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return Err(wrong);
    }
    let value = |digit: u8| char::from(digit).to_digit(16).ok_or(wrong);
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = (value(pair[0])? * 16 + value(pair[1])?) as u8;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_goes_both_ways() {
        let id = PlanId(std::array::from_fn(|i| (i * 7) as u8));
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn what_is_not_hex_is_refused() {
        for text in ["", "00", &"g".repeat(64), &"æ".repeat(32)] {
            assert_eq!(text.parse::<PlanId>(), Err(NotHex { expected: 64 }));
        }
    }
}
