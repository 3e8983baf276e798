//! Counts what passed and what failed.

use std::{fmt, ops::AddAssign};

/// The result of a step, or of all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tests and checks that held.
    pub passed: u64,
    /// Tests and checks that did not.
    pub failed: u64,
}

impl Tally {
    /// A step that is one check as a whole.
    pub fn of(held: bool) -> Self {
        Self {
            passed: u64::from(held),
            failed: u64::from(!held),
        }
    }

    /// The counts of a line such as `test result: ok. 12 passed; 0 failed; …`.
    pub fn from_libtest(line: &str) -> Option<Self> {
        let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let count = |word: &str| {
            counts
                .split("; ")
                .find_map(|part| part.strip_suffix(word)?.trim().parse().ok())
        };
        Some(Self {
            passed: count("passed")?,
            failed: count("failed")?,
        })
    }

    /// A step that ended badly without naming a test did fail as a whole.
    pub fn or_failed_as_a_whole(self, held: bool) -> Self {
        if held || self.failed > 0 {
            self
        } else {
            Self { failed: 1, ..self }
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn reads_the_summary_of_a_test_binary() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";
        assert_eq!(
            Tally::from_libtest(line),
            Some(Tally {
                passed: 12,
                failed: 3
            })
        );
        assert_eq!(Tally::from_libtest("test merge::keeps_both ... ok"), None);
    }

    #[test]
    fn a_step_that_never_reached_its_tests_has_failed() {
        let compiled_not = Tally::default().or_failed_as_a_whole(false);
        assert_eq!(
            compiled_not,
            Tally {
                passed: 0,
                failed: 1
            }
        );
        let named_one = Tally {
            passed: 5,
            failed: 1,
        };
        assert_eq!(named_one.or_failed_as_a_whole(false), named_one);
    }
}
