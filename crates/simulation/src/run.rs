//! Many histories, each by itself.

use std::panic::{self, AssertUnwindSafe};

use crate::{
    graph::Graph,
    history::{Tally, play},
    plan_replica::PlanReplica,
    story::Story,
};

/// Of so many seeds, one is played with the real document, which takes thirty
/// times as long.
const REAL_DOCUMENT: u64 = 256;

/// A promise was broken.
#[derive(Debug, Clone)]
pub struct Broken {
    /// The seed that breaks it, every time.
    pub seed: u64,
    /// Which promise.
    pub how: String,
}

/// Plays the history of a seed, with the document that belongs to it.
///
/// # Errors
/// When a promise was broken.
pub fn run(seed: u64, story: Story) -> Result<Tally, Broken> {
    let played = panic::catch_unwind(AssertUnwindSafe(|| {
        if seed.is_multiple_of(REAL_DOCUMENT) {
            play::<PlanReplica>(seed, story)
        } else {
            play::<Graph>(seed, story)
        }
    }));
    played.map_err(|panic| Broken {
        seed,
        how: words(&*panic),
    })
}

fn words(panic: &(dyn std::any::Any + Send)) -> String {
    if let Some(words) = panic.downcast_ref::<String>() {
        words.clone()
    } else if let Some(words) = panic.downcast_ref::<&str>() {
        (*words).to_owned()
    } else {
        "without a word".to_owned()
    }
}
