//! An order of functions in which like ones are neighbours.
//!
//! The compiler makes many functions that differ in little: one generic, for
//! many types. Compression points to what is alike with fewer bits, and its
//! statistics fit better, the nearer it lies.

use std::collections::HashMap;

/// Functions are compared by the runs of so many bytes that they share.
const RUN: usize = 5;

/// A run that more functions than this have says little of any one, and takes
/// the longest to look through.
const COMMON: usize = 1000;

/// A run of bytes, as a number.
type Run = u64;

/// The places of the functions in the new order. Each is followed by the most
/// similar of those that are left.
pub fn order(bodies: &[&[u8]]) -> Vec<usize> {
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
            let (one, other) = (place(one).unwrap(), place(other).unwrap());
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
