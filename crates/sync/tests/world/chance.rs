//! Seeded chance: the same seed plays the same story.

/// xorshift64*; good enough to choose what happens next, and no more.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// From 0 up to, but without, `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// A source of bytes for a session's keys and nonces.
    pub fn entropy(&mut self) -> Box<dyn sync::entropy::Entropy + Send> {
        let mut own = Self::new(self.next());
        Box::new(move |bytes: &mut [u8]| bytes.fill_with(|| own.next() as u8))
    }
}
