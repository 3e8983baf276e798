//! What happened, step by step, for whoever looks into a seed.

use std::fmt::Display;

/// Prints what happens, or keeps silent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Story {
    /// Nothing is printed.
    #[default]
    Silent,
    /// Each step is a line.
    Told,
}

impl Story {
    /// Tells a step. The words are only made if somebody reads them.
    pub fn tell<T: Display>(self, now: u64, words: impl FnOnce() -> T) {
        if self == Self::Told {
            println!("{:>9}.{:03} s  {}", now / 1_000, now % 1_000, words());
        }
    }
}
