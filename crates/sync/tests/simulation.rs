//! Thousands of histories in which everything goes wrong, see
//! `docs/simulation.md`. One that fails is told step by step by
//! `cargo xtask simulate --story SEED`.

use std::ops::Range;

use simulation::{
    history::Tally,
    run::{Broken, run},
    story::Story,
};

/// What must have happened often enough in thousands of histories: a simulation
/// that never gets there proves nothing.
const HAPPENS: [&str; 23] = [
    "a clock jumps",
    "a connection half open",
    "a device left out",
    "a device that follows",
    "a device with its own new keys",
    "a device frozen",
    "a device killed",
    "a device long away",
    "a device without power",
    "a disk failing",
    "a disk full",
    "a disk restored",
    "a move interrupted",
    "a move to another relay",
    "a page closed",
    "a plan closed",
    "a relay killed",
    "a relay replaced",
    "a relay set back",
    "a relay that can't store",
    "a second page",
    "chunks deleted",
    "snapshots",
];

/// What chance seldom brings about must have happened at all.
const HAPPENS_SELDOM: &str = "a closing that came second";

fn keep_every_promise(seeds: Range<u64>) {
    let mut tally = Tally::default();
    let mut broken = Vec::new();
    for seed in seeds {
        match run(seed, Story::Silent) {
            Ok(one) => tally.add_all(&one),
            Err(Broken { seed, how }) => broken.push(format!("seed {seed}: {how}")),
        }
    }
    assert!(
        broken.is_empty(),
        "{}\nsee `cargo xtask simulate --story SEED`",
        broken.join("\n")
    );
    for what in HAPPENS {
        assert!(tally.of(what) >= 100, "{what}: {} times", tally.of(what));
    }
    let seldom = tally.of(HAPPENS_SELDOM);
    assert!(seldom >= 10, "{HAPPENS_SELDOM}: {seldom} times");
}

#[test]
fn fifteen_hundred_histories_keep_every_promise() {
    keep_every_promise(0..1_500);
}

#[test]
fn fifteen_hundred_more_histories_keep_every_promise() {
    keep_every_promise(1_500..3_000);
}

#[test]
fn a_seed_always_plays_the_same_history() {
    for seed in [0, 1, 2, 64] {
        let tallies = [(); 2].map(|()| run(seed, Story::Silent).ok());
        assert!(tallies[0].is_some());
        assert_eq!(tallies[0], tallies[1]);
    }
}
