//! Deflate in zlib form (RFC 1950), bounded on the way out: whoever can seal a
//! content can also seal one that swells to gigabytes.

use std::io::{Read as _, Write as _};

use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};

/// Why bytes do not unpack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnpackError {
    /// Not zlib, or cut.
    Malformed,
    /// More bytes than the reader allows.
    TooLarge,
}

pub(crate) fn pack(plain: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(plain)
        .and_then(|()| encoder.finish())
        .expect("compressing into memory does not fail")
}

/// Unpacks to at most `max` bytes.
pub(crate) fn unpack(packed: &[u8], max: usize) -> Result<Vec<u8>, UnpackError> {
    let mut plain = Vec::new();
    ZlibDecoder::new(packed)
        .take(max as u64 + 1)
        .read_to_end(&mut plain)
        .map_err(|_| UnpackError::Malformed)?;
    if plain.len() > max {
        return Err(UnpackError::TooLarge);
    }
    Ok(plain)
}
