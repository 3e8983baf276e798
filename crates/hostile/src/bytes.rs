//! Taking input apart.

/// Cuts bytes into parts, each preceded by its length in two bytes; the last is
/// whatever is left.
pub(crate) fn parts(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    while let [high, low, rest @ ..] = bytes {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let (part, after) = rest.split_at(length.min(rest.len()));
        parts.push(part);
        bytes = after;
    }
    parts
}
