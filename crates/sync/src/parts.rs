//! Many changes as contents that each fit in a chunk.

use minicbor::bytes::ByteVec;

use crate::{
    content::{Content, MAX_ITEMS},
    ids::ChangeHash,
    vouch::Vouch,
};

/// Room for headers, signatures, heads and what compression may add to bytes it
/// can't compress.
const CHUNK_OVERHEAD: usize = 64 * 1024;

/// Splits batches so that each content fits in a chunk of `max_chunk` bytes, if
/// need be uncompressed. Heads and vouches go with the last: what they say is
/// true once all of it is there.
pub(crate) fn split(
    changes: Vec<Vec<u8>>,
    heads: &[ChangeHash],
    mut vouches: Vec<Vouch>,
    max_chunk: usize,
) -> Vec<Content> {
    let content = |changes| Content {
        changes,
        ..Content::default()
    };
    let mut contents: Vec<Content> = group(changes, max_chunk).into_iter().map(content).collect();
    if contents.is_empty() {
        contents.push(Content::default());
    }
    if let Some(last) = contents.last_mut() {
        vouches.truncate(MAX_ITEMS);
        last.heads = heads.to_vec();
        last.vouches = vouches;
    }
    contents
}

fn group(changes: Vec<Vec<u8>>, max_chunk: usize) -> Vec<Vec<ByteVec>> {
    let room = max_chunk.saturating_sub(CHUNK_OVERHEAD).max(1);
    let mut groups: Vec<Vec<ByteVec>> = Vec::new();
    let mut filled = usize::MAX;
    for batch in changes {
        // Nine bytes is the most CBOR puts before a byte string.
        let size = batch.len() + 9;
        match groups.last_mut() {
            Some(group) if filled.saturating_add(size) <= room && group.len() < MAX_ITEMS => {
                filled += size;
                group.push(batch.into());
            }
            _ => {
                filled = size;
                groups.push(vec![batch.into()]);
            }
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(batches: &[usize], max_chunk: usize) -> Vec<Vec<usize>> {
        let changes = batches.iter().map(|len| vec![0; *len]).collect();
        group(changes, max_chunk)
            .iter()
            .map(|group| group.iter().map(|batch| batch.len()).collect())
            .collect()
    }

    #[test]
    fn batches_share_chunks_as_long_as_they_fit() {
        let max = CHUNK_OVERHEAD + 1000;
        assert_eq!(lengths(&[], max), Vec::<Vec<usize>>::new());
        assert_eq!(lengths(&[400, 400, 400], max), [vec![400, 400], vec![400]]);
        assert_eq!(lengths(&[5000, 1], max), [vec![5000], vec![1]]);
    }

    #[test]
    fn only_the_last_declares_heads() {
        let heads = [ChangeHash([1; 32])];
        let max = CHUNK_OVERHEAD + 1000;
        let contents = split(vec![vec![0; 900]; 3], &heads, vec![], max);
        let declared: Vec<usize> = contents.iter().map(|part| part.heads.len()).collect();
        assert_eq!(declared, [0, 0, 1]);
        assert_eq!(split(vec![], &heads, vec![], max)[0].heads, heads);
    }
}
