//! Seeded chance: the same seed plays the same story.

use sync::entropy::Entropy;

/// xorshift64*; good enough to choose what happens next, and no more.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// Chance that follows from a seed.
    pub fn new(seed: u64) -> Self {
        // SplitMix64's finish, so that neighbouring seeds begin far apart.
        let mut state = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Self((state ^ (state >> 31)) | 1)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// From 0 up to, but without, `end`.
    pub fn below(&mut self, end: usize) -> usize {
        // The high bits, which are better than the low ones.
        ((u128::from(self.bits()) * end as u128) >> 64) as usize
    }

    /// As [`Chance::below`], for times.
    pub fn time_below(&mut self, end: u64) -> u64 {
        self.below(end as usize) as u64
    }

    /// True once in `n` times.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// A source of bytes for a session's keys and nonces.
    pub fn entropy(&mut self) -> Box<dyn Entropy + Send> {
        let mut own = Self::new(self.bits());
        Box::new(move |bytes: &mut [u8]| bytes.fill_with(|| (own.bits() >> 32) as u8))
    }
}
