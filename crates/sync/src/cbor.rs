//! One way to read and write CBOR (RFC 8949) in the whole crate.

use minicbor::{Decode, Decoder, Encode};

/// Why bytes were no value of the wanted type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CborError {
    /// An enum variant this version does not know.
    UnknownVariant,
    /// Anything else: not CBOR, another shape, or bytes left over.
    Malformed,
}

pub(crate) fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    // `Infallible` is the error of writing to a Vec; the types of this crate
    // have no encoding that refuses a value.
    minicbor::encode(value, &mut bytes).expect("writing CBOR to memory does not fail");
    bytes
}

/// Decodes the whole of `bytes`; bytes left over are an error, so that one
/// value has no two readings.
pub(crate) fn decode<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, CborError> {
    let mut decoder = Decoder::new(bytes);
    match decoder.decode() {
        Ok(value) if decoder.position() == bytes.len() => Ok(value),
        Ok(_) => Err(CborError::Malformed),
        Err(error) if error.is_unknown_variant() => Err(CborError::UnknownVariant),
        Err(_) => Err(CborError::Malformed),
    }
}

/// The first element of an array, when it is a small number. Versions stand
/// first and are read alone, before a shape that may be newer is looked at.
pub(crate) fn leading_u8(bytes: &[u8]) -> Result<u8, CborError> {
    let mut decoder = Decoder::new(bytes);
    decoder
        .array()
        .and_then(|_| decoder.u8())
        .map_err(|_| CborError::Malformed)
}
