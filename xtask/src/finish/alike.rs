//! Puts the functions of a module in an order in which like ones are neighbours.
//!
//! The compiler makes many functions that differ in little: one generic, for
//! many types. Compression points to what is alike with fewer bits, and its
//! statistics fit better, the nearer it lies.

use std::{collections::HashMap, convert::Infallible};

use anyhow::Result;
use wasm_encoder::{
    CodeSection, FunctionSection, Module,
    reencode::{Error, Reencode},
};
use wasmparser::{CodeSectionReader, FunctionSectionReader, Parser, Payload, TypeRef};

/// Functions are compared by the runs of so many bytes that they share.
const RUN: usize = 5;

/// A run that more functions than this have says little of any one, and takes
/// the longest to look through.
const COMMON: usize = 1000;

/// A run of bytes, as a number.
type Run = u64;

/// The same module in that order.
///
/// # Errors
/// When the wasm can't be read.
pub fn reorder(wasm: &[u8]) -> Result<Vec<u8>> {
    let mut imported = 0;
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += usize::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(&wasm[body.range()]),
            _ => {}
        }
    }
    let order = order(&bodies);
    let mut places = vec![0; order.len()];
    for (new, &old) in order.iter().enumerate() {
        places[old] = new;
    }
    let mut module = Module::new();
    Reorder {
        imported,
        order,
        places,
    }
    .parse_core_module(&mut module, Parser::new(0), wasm)?;
    Ok(module.finish())
}

struct Reorder {
    /// How many functions are imported; they are numbered before all others.
    imported: usize,
    /// The old places of the functions, in their new order.
    order: Vec<usize>,
    /// Their new places, in their old order.
    places: Vec<usize>,
}

impl Reencode for Reorder {
    type Error = Infallible;

    fn function_index(&mut self, index: u32) -> Result<u32, Error> {
        Ok(match (index as usize).checked_sub(self.imported) {
            Some(old) => (self.imported + self.places[old]) as u32,
            None => index,
        })
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        let types = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for &old in &self.order {
            functions.function(types[old]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error> {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        for old in self.order.clone() {
            self.parse_function_body(code, bodies[old].clone())?;
        }
        Ok(())
    }
}

/// The places of the functions in the new order. Each is followed by the most
/// similar of those that are left.
fn order(bodies: &[&[u8]]) -> Vec<usize> {
    let runs: Vec<Vec<Run>> = bodies.iter().map(|body| runs(body)).collect();
    let mut having: HashMap<Run, Vec<usize>> = HashMap::new();
    for (function, runs) in runs.iter().enumerate() {
        for run in runs {
            having.entry(*run).or_default().push(function);
        }
    }

    // Where nothing that is left is alike, go on with the next of these.
    let mut by_bytes: Vec<usize> = (0..bodies.len()).collect();
    by_bytes.sort_by_key(|&function| bodies[function]);
    let mut rest = by_bytes.into_iter();

    let mut order = Vec::with_capacity(bodies.len());
    let mut left = vec![true; bodies.len()];
    let mut shared = vec![0_usize; bodies.len()];
    let mut next = rest.next();
    while let Some(function) = next {
        order.push(function);
        left[function] = false;

        let mut candidates = Vec::new();
        let telling = runs[function].iter().map(|run| &having[run]);
        for &other in telling.filter(|all| all.len() <= COMMON).flatten() {
            if left[other] {
                if shared[other] == 0 {
                    candidates.push(other);
                }
                shared[other] += 1;
            }
        }
        // Of what either of the two has, how much both have.
        let likeness = |other: usize| {
            let both = shared[other];
            both as f64 / (runs[function].len() + runs[other].len() - both) as f64
        };
        // Ties go by place, so that the same wasm always gets the same order.
        next = candidates
            .iter()
            .copied()
            .max_by(|&a, &b| likeness(a).total_cmp(&likeness(b)).then(b.cmp(&a)))
            .or_else(|| rest.find(|&function| left[function]));
        for other in candidates {
            shared[other] = 0;
        }
    }
    order
}

/// The different runs of a function.
fn runs(body: &[u8]) -> Vec<Run> {
    let number = |run: &[u8]| {
        run.iter()
            .fold(0, |number, &byte| number << 8 | Run::from(byte))
    };
    let mut runs: Vec<Run> = body.windows(RUN).map(number).collect();
    runs.sort_unstable();
    runs.dedup();
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_functions_become_neighbours() {
        let bodies: [&[u8]; 5] = [
            b"one that adds two numbers",
            b"PUT WHAT IS GIVEN INTO A LIST",
            b"something else altogether",
            b"PUT WHAT IS FOUND INTO A LIST",
            b"one that adds six numbers",
        ];
        let order = order(&bodies);
        let place = |function| order.iter().position(|&at| at == function);
        let mut all = order.clone();
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2, 3, 4]);
        for (one, other) in [(0, 4), (1, 3)] {
            let (one, other) = (place(one).expect("a place"), place(other).expect("a place"));
            assert_eq!(one.abs_diff(other), 1, "{order:?}");
        }
    }

    #[test]
    fn functions_too_short_to_compare_are_kept() {
        let mut all = order(&[b"ab", b"", b"cd"]);
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2]);
    }
}
