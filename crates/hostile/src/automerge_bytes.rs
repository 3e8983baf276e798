//! automerge's binary format, as far as its checksums: a fuzzer can't guess
//! those, and everything behind them would go untested.
//!
//! See <https://automerge.org/automerge-binary-format-spec/>.

use sha2::{Digest as _, Sha256};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHECKSUM_LEN: usize = 4;

/// The same chunks with the checksums that their bytes have. What is no chunk
/// stays as it is.
pub(crate) fn with_true_checksums(bytes: &[u8]) -> Vec<u8> {
    let mut repaired = bytes.to_vec();
    let mut at = 0;
    while let Some(end) = end_of_chunk(&repaired, at) {
        let content = at + MAGIC.len() + CHECKSUM_LEN;
        let digest = Sha256::digest(&repaired[content..end]);
        repaired[at + MAGIC.len()..content].copy_from_slice(&digest[..CHECKSUM_LEN]);
        at = end;
    }
    repaired
}

/// Where the chunk that begins at `at` ends: magic, checksum, a type, the
/// length in LEB128, and so many bytes.
fn end_of_chunk(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?.strip_prefix(&MAGIC)?;
    let mut length = 0_usize;
    for (index, byte) in rest.iter().skip(CHECKSUM_LEN + 1).enumerate().take(5) {
        length |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            let end = at + MAGIC.len() + CHECKSUM_LEN + 1 + index + 1 + length;
            return (end <= bytes.len()).then_some(end);
        }
    }
    None
}
