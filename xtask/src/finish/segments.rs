//! Joins pieces of data that lie one after the other.
//!
//! The linker leaves each constant a piece of its own, so that a module can be
//! split. Each has its place written before it, which compresses badly.

use std::convert::Infallible;

use anyhow::{Result, bail};
use wasm_encoder::{
    ConstExpr, DataSection, Module,
    reencode::{Error, Reencode},
};
use wasmparser::{Data, DataKind, DataSectionReader, Operator, Parser, Payload};

/// The same module with its data in fewer pieces. A gap of up to `filled` bytes
/// between two is filled with zeros; there must be nothing else's data in it.
///
/// # Errors
/// When the wasm can't be read, or has data that has no place of its own.
pub fn join(wasm: &[u8], filled: usize) -> Result<Vec<u8>> {
    let mut pieces = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::DataSection(data) = payload? {
            for piece in data {
                pieces.push(placed(&piece?)?);
            }
        }
    }
    let mut module = Module::new();
    Join {
        segments: joined(pieces, filled),
    }
    .parse_core_module(&mut module, Parser::new(0), wasm)?;
    Ok(module.finish())
}

/// Data and its address.
type Segment = (usize, Vec<u8>);

fn placed(piece: &Data<'_>) -> Result<Segment> {
    let DataKind::Active {
        memory_index: 0,
        offset_expr,
    } = &piece.kind
    else {
        bail!("data without a place in the memory");
    };
    match offset_expr.get_operators_reader().read()? {
        Operator::I32Const { value } => {
            Ok((value.cast_unsigned().try_into()?, piece.data.to_vec()))
        }
        _ => bail!("data whose place is not a constant"),
    }
}

fn joined(mut pieces: Vec<Segment>, filled: usize) -> Vec<Segment> {
    pieces.retain(|(_, bytes)| !bytes.is_empty());
    pieces.sort_by_key(|(at, _)| *at);
    let mut segments: Vec<Segment> = Vec::new();
    for (at, bytes) in pieces {
        match segments.last_mut() {
            Some((start, last)) if at - *start - last.len() <= filled => {
                last.resize(at - *start, 0);
                last.extend(bytes);
            }
            _ => segments.push((at, bytes)),
        }
    }
    segments
}

struct Join {
    segments: Vec<Segment>,
}

impl Reencode for Join {
    type Error = Infallible;

    fn data_count(&mut self, _: u32) -> Result<u32, Error<Infallible>> {
        Ok(self.segments.len() as u32)
    }

    fn parse_data_section(
        &mut self,
        data: &mut DataSection,
        _: DataSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        for (at, bytes) in &self.segments {
            let at = (*at as u32).cast_signed();
            data.active(0, &ConstExpr::i32_const(at), bytes.iter().copied());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_joined_and_what_is_between_stays_free() {
        let pieces = vec![
            (20, vec![4, 4]),
            (8, vec![1]),
            (9, vec![2, 2]),
            (14, vec![3]),
            (30, vec![]),
        ];
        assert_eq!(
            joined(pieces.clone(), 0),
            [(8, vec![1, 2, 2]), (14, vec![3]), (20, vec![4, 4])]
        );
        assert_eq!(
            joined(pieces, 3),
            [(8, vec![1, 2, 2, 0, 0, 0, 3]), (20, vec![4, 4])]
        );
    }
}
