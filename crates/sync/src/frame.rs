//! What device and relay say to each other, one CBOR value a WebSocket message.
//!
//! ```text
//! relay                                device
//!   ── Challenge ──────────────────────▶
//!   ◀───────────────────────── Hello ──
//!   ── Welcome ────────────────────────▶
//!   ◀───────────────────── Subscribe ──
//!   ── Chunk … Chunk, CaughtUp ────────▶   from here on both speak freely
//!   ◀──────────────────────── Append ──
//!   ── Ack ────────────────────────────▶   only once the store has it durably
//! ```
//!
//! `docs/protocol.md` is the specification, with test vectors.

use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};

use crate::{
    cbor::{self, CborError},
    ids::{ChunkHash, Cursor, LogId, Nonce, PlanId, PublicKey, Signature},
    keys::PlanKeys,
    label,
};

/// The version of the frames this crate speaks.
pub const PROTOCOL_VERSION: u8 = 1;

/// The most bytes a frame may have: 16 MiB.
pub const MAX_FRAME: usize = 16 * 1024 * 1024;

/// Why a message is no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Not CBOR, or not the shape of any frame.
    #[error("the message is not a frame of this protocol")]
    Malformed,
    /// A kind of frame a newer version has; devices pass over it.
    #[error("the message is a kind of frame this version does not know")]
    UnknownKind,
    /// More than [`MAX_FRAME`] bytes.
    #[error("the message has {0} bytes, more than a frame may have")]
    TooLarge(usize),
}

/// What a relay says.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum RelayFrame {
    /// The first frame of a socket.
    #[n(0)]
    Challenge {
        /// The protocol versions the relay speaks.
        #[n(0)]
        versions: Vec<u8>,
        /// To be signed by the device; new for each socket.
        #[n(1)]
        nonce: Nonce,
        /// The most bytes the relay takes in one frame.
        #[n(2)]
        max_frame: u32,
    },
    /// The device may read, and write what it can sign.
    #[n(1)]
    Welcome {
        /// Names the relay's log; another one means another store.
        #[n(0)]
        log: LogId,
        /// The last cursor of the plan's log; 0 when it is empty.
        #[n(1)]
        last: Cursor,
    },
    /// A stored chunk.
    #[n(2)]
    Chunk {
        /// Its place in the plan's log.
        #[n(0)]
        cursor: Cursor,
        /// See [`Envelope`](crate::envelope::Envelope).
        #[cbor(n(1), with = "minicbor::bytes")]
        envelope: Vec<u8>,
    },
    /// All chunks stored when the subscription began have been sent.
    #[n(3)]
    CaughtUp {
        /// The last cursor sent, or the one subscribed from.
        #[n(0)]
        cursor: Cursor,
    },
    /// The chunk is stored durably.
    #[n(4)]
    Ack {
        /// Which chunk.
        #[n(0)]
        hash: ChunkHash,
        /// Its place in the plan's log.
        #[n(1)]
        cursor: Cursor,
    },
    /// How many other sockets are in the plan's room; sent after `Welcome` and
    /// whenever it changes.
    #[n(5)]
    Peers {
        /// The number, without the receiver.
        #[n(0)]
        count: u32,
    },
    /// An ephemeral message from another device.
    #[n(6)]
    Ephemeral {
        /// See [`Envelope`](crate::envelope::Envelope).
        #[cbor(n(0), with = "minicbor::bytes")]
        envelope: Vec<u8>,
    },
    /// Something the device sent was not taken.
    #[n(7)]
    Error {
        /// What was wrong.
        #[n(0)]
        code: ErrorCode,
        /// The chunk it is about, if about one.
        #[n(1)]
        about: Option<ChunkHash>,
        /// For a log; never shown as the only explanation.
        #[n(2)]
        detail: String,
    },
}

/// What a device says.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum ClientFrame {
    /// The answer to the challenge.
    #[n(0)]
    Hello(#[n(0)] Hello),
    /// Asks for all chunks after a cursor, then for each new one.
    #[n(1)]
    Subscribe {
        /// The last cursor the device has.
        #[n(0)]
        after: Cursor,
    },
    /// Asks to store a chunk; safe to repeat.
    #[n(2)]
    Append {
        /// See [`Envelope`](crate::envelope::Envelope).
        #[cbor(n(0), with = "minicbor::bytes")]
        envelope: Vec<u8>,
    },
    /// Asks to forward a message to whoever is there now.
    #[n(3)]
    Ephemeral {
        /// See [`Envelope`](crate::envelope::Envelope).
        #[cbor(n(0), with = "minicbor::bytes")]
        envelope: Vec<u8>,
    },
}

/// Which plan a device wants, and the proof that it may read it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Hello {
    /// The version of all frames that follow.
    #[n(0)]
    pub version: u8,
    /// Must be the hash of the two keys below.
    #[n(1)]
    pub plan: PlanId,
    /// The key that signs the plan's chunks.
    #[n(2)]
    pub write_public: PublicKey,
    /// The key that signs the proof.
    #[n(3)]
    pub read_public: PublicKey,
    /// The read key's signature over [`Hello::digest`].
    #[n(4)]
    pub proof: Signature,
}

impl Hello {
    /// Answers a challenge.
    pub fn new(keys: &PlanKeys, nonce: &Nonce) -> Self {
        Self {
            version: PROTOCOL_VERSION,
            plan: keys.id(),
            write_public: keys.write_public(),
            read_public: keys.read_public(),
            proof: keys.sign_as_reader(&Self::digest(&keys.id(), nonce)),
        }
    }

    /// What the proof signs.
    pub fn digest(plan: &PlanId, nonce: &Nonce) -> [u8; 32] {
        label::hash(label::HELLO, &[&nonce.0, &plan.0])
    }
}

/// What was wrong with something a device sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorCode {
    /// The hello asks for a version the relay does not speak.
    UnsupportedVersion,
    /// The hello's proof does not hold.
    BadProof,
    /// Not a frame, or not one that may come now.
    BadFrame,
    /// A signature of the chunk does not hold.
    Forged,
    /// The plan id does not follow from the keys, or the chunk is of another plan.
    WrongPlan,
    /// The frame or chunk is larger than the relay takes.
    TooLarge,
    /// Too much, too often, or the plan's room is full; wait, then try again.
    Limited,
    /// The relay can't store now; nothing was taken, try again.
    Unavailable,
    /// A code of a newer version.
    Other(u16),
}

impl From<u16> for ErrorCode {
    fn from(code: u16) -> Self {
        match code {
            1 => Self::UnsupportedVersion,
            2 => Self::BadProof,
            3 => Self::BadFrame,
            4 => Self::Forged,
            5 => Self::WrongPlan,
            6 => Self::TooLarge,
            7 => Self::Limited,
            8 => Self::Unavailable,
            other => Self::Other(other),
        }
    }
}

impl From<ErrorCode> for u16 {
    fn from(code: ErrorCode) -> Self {
        match code {
            ErrorCode::UnsupportedVersion => 1,
            ErrorCode::BadProof => 2,
            ErrorCode::BadFrame => 3,
            ErrorCode::Forged => 4,
            ErrorCode::WrongPlan => 5,
            ErrorCode::TooLarge => 6,
            ErrorCode::Limited => 7,
            ErrorCode::Unavailable => 8,
            ErrorCode::Other(other) => other,
        }
    }
}

impl<C> Encode<C> for ErrorCode {
    fn encode<W: encode::Write>(
        &self,
        encoder: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        encoder.u16((*self).into())?.ok()
    }
}

impl<C> Decode<'_, C> for ErrorCode {
    fn decode(decoder: &mut Decoder<'_>, _: &mut C) -> Result<Self, decode::Error> {
        decoder.u16().map(Self::from)
    }
}

macro_rules! frame_codec {
    ($frame:ident) => {
        impl $frame {
            /// The frame as one binary WebSocket message.
            pub fn to_bytes(&self) -> Vec<u8> {
                cbor::encode(self)
            }

            /// Reads one binary WebSocket message.
            ///
            /// # Errors
            /// See [`FrameError`].
            pub fn parse(bytes: &[u8]) -> Result<Self, FrameError> {
                if bytes.len() > MAX_FRAME {
                    return Err(FrameError::TooLarge(bytes.len()));
                }
                cbor::decode(bytes).map_err(|error| match error {
                    CborError::UnknownVariant => FrameError::UnknownKind,
                    CborError::Malformed => FrameError::Malformed,
                })
            }
        }
    };
}

frame_codec!(RelayFrame);
frame_codec!(ClientFrame);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_kind_of_a_newer_version_is_told_from_garbage() {
        // [99, [1, 2]]: a variant no one has yet.
        assert_eq!(
            RelayFrame::parse(&[0x82, 0x18, 99, 0x82, 1, 2]),
            Err(FrameError::UnknownKind)
        );
        assert_eq!(RelayFrame::parse(&[]), Err(FrameError::Malformed));
        assert_eq!(RelayFrame::parse(b"GET / HTTP"), Err(FrameError::Malformed));
    }

    #[test]
    fn bytes_left_over_are_refused() {
        let mut bytes = RelayFrame::Peers { count: 2 }.to_bytes();
        bytes.push(0);
        assert_eq!(RelayFrame::parse(&bytes), Err(FrameError::Malformed));
    }

    #[test]
    fn more_than_a_frame_is_refused_unread() {
        let bytes = vec![0; MAX_FRAME + 1];
        assert_eq!(
            ClientFrame::parse(&bytes),
            Err(FrameError::TooLarge(MAX_FRAME + 1))
        );
    }

    #[test]
    fn an_unknown_error_code_keeps_its_number() {
        let frame = RelayFrame::Error {
            code: ErrorCode::Other(999),
            about: None,
            detail: String::new(),
        };
        assert_eq!(RelayFrame::parse(&frame.to_bytes()), Ok(frame));
    }

    proptest! {
        #[test]
        fn garbage_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..512)) {
            let _ = RelayFrame::parse(&bytes);
            let _ = ClientFrame::parse(&bytes);
        }

        #[test]
        fn what_is_sent_is_what_arrives(
            cursor in any::<u64>(),
            envelope in prop::collection::vec(any::<u8>(), 0..64),
        ) {
            let frame = RelayFrame::Chunk { cursor: Cursor(cursor), envelope: envelope.clone() };
            prop_assert_eq!(RelayFrame::parse(&frame.to_bytes()), Ok(frame));
            let frame = ClientFrame::Append { envelope };
            prop_assert_eq!(ClientFrame::parse(&frame.to_bytes()), Ok(frame));
        }
    }
}
