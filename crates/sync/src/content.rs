//! The inside of a chunk, packed and unpacked.
//!
//! CBOR, then deflate. Unpacking is bounded in bytes and in items.

use minicbor::{Decode, Decoder, Encode, bytes::ByteVec, decode};

use crate::{
    cbor,
    closing::Closing,
    envelope::ChunkError,
    ids::ChangeHash,
    vouch::Vouch,
    zlib::{self, UnpackError},
};

/// The most bytes a content may unpack to: 64 MiB.
pub const MAX_CONTENT: usize = 64 * 1024 * 1024;

/// The most items in any of a content's lists.
pub const MAX_ITEMS: usize = 16 * 1024;

/// What a stored chunk says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct Content {
    /// Batches of changes, or one snapshot, as the document's library writes
    /// them.
    #[cbor(n(0), decode_with = "bounded")]
    pub changes: Vec<ByteVec>,
    /// The heads of the document which these changes, with all chunks that the
    /// device had seen at the relay, lead to. Empty for all but the last when a
    /// batch is split over several chunks.
    #[cbor(n(1), decode_with = "bounded")]
    pub heads: Vec<ChangeHash>,
    /// Who wrote what.
    #[cbor(n(2), decode_with = "bounded")]
    pub vouches: Vec<Vouch>,
    /// That the plan is closed here, and where the chosen go on.
    #[n(3)]
    pub closing: Option<Closing>,
}

/// What an ephemeral message says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct Ephemeral {
    /// The heads of the sender's document, once all of it is at the relay.
    #[cbor(n(0), decode_with = "bounded_option")]
    pub heads: Option<Vec<ChangeHash>>,
    /// Where the sender is and what it selects; opaque here.
    #[n(1)]
    pub presence: Option<ByteVec>,
}

/// Packs a content for sealing; `None` if no one would unpack that much.
pub(crate) fn pack<T: Encode<()>>(content: &T) -> Option<Vec<u8>> {
    let plain = cbor::encode(content);
    (plain.len() <= MAX_CONTENT).then(|| zlib::pack(&plain))
}

/// Unpacks an opened content.
pub(crate) fn unpack<T: for<'b> Decode<'b, ()>>(packed: &[u8]) -> Result<T, ChunkError> {
    let plain = zlib::unpack(packed, MAX_CONTENT).map_err(|error| match error {
        UnpackError::Malformed => ChunkError::MalformedContent,
        UnpackError::TooLarge => ChunkError::TooLarge,
    })?;
    cbor::decode(&plain).map_err(|_| ChunkError::MalformedContent)
}

/// A list of at most [`MAX_ITEMS`].
pub(crate) fn bounded<'b, Ctx, T: Decode<'b, Ctx>>(
    decoder: &mut Decoder<'b>,
    ctx: &mut Ctx,
) -> Result<Vec<T>, decode::Error> {
    let mut items = Vec::new();
    for item in decoder.array_iter_with(ctx)? {
        if items.len() == MAX_ITEMS {
            return Err(decode::Error::message("too many items"));
        }
        items.push(item?);
    }
    Ok(items)
}

fn bounded_option<'b, Ctx, T: Decode<'b, Ctx>>(
    decoder: &mut Decoder<'b>,
    ctx: &mut Ctx,
) -> Result<Option<Vec<T>>, decode::Error> {
    if decoder.datatype()? == minicbor::data::Type::Null {
        decoder.null()?;
        return Ok(None);
    }
    bounded(decoder, ctx).map(Some)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn packing_goes_both_ways() {
        let content = Content {
            changes: vec![ByteVec::from(vec![1; 1000]), ByteVec::from(vec![])],
            heads: vec![ChangeHash([2; 32])],
            vouches: vec![],
            closing: None,
        };
        let packed = pack(&content).unwrap();
        assert!(packed.len() < 200);
        assert_eq!(unpack::<Content>(&packed), Ok(content));

        for heads in [None, Some(vec![ChangeHash([3; 32])])] {
            let message = Ephemeral {
                heads,
                presence: None,
            };
            assert_eq!(unpack::<Ephemeral>(&pack(&message).unwrap()), Ok(message));
        }
    }

    #[test]
    fn a_bomb_is_refused_at_the_limit() {
        let content = Content {
            changes: vec![ByteVec::from(vec![0; MAX_CONTENT])],
            ..Content::default()
        };
        assert_eq!(pack(&content), None, "what no one would open is not sealed");
        let packed = zlib::pack(&cbor::encode(&content));
        assert!(packed.len() < MAX_CONTENT / 100);
        assert_eq!(unpack::<Content>(&packed), Err(ChunkError::TooLarge));
    }

    #[test]
    fn a_crowd_of_empty_items_is_refused() {
        let content = Content {
            changes: vec![ByteVec::from(vec![]); MAX_ITEMS + 1],
            ..Content::default()
        };
        assert_eq!(
            unpack::<Content>(&pack(&content).unwrap()),
            Err(ChunkError::MalformedContent)
        );
    }

    #[test]
    fn what_does_not_inflate_is_malformed() {
        let cut = &pack(&Content::default()).unwrap()[..4];
        for packed in [&[][..], cut, b"plain text"] {
            assert_eq!(unpack::<Content>(packed), Err(ChunkError::MalformedContent));
        }
    }
}
