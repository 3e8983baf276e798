//! Where randomness comes from: always from the caller.

/// A source of unpredictable bytes.
///
/// This crate asks no system for anything, so the host brings its own: the
/// operating system's generator, the browser's, or a seeded one in a test. For
/// anything but a test it must be fit for keys.
pub trait Entropy {
    /// Fills `bytes` with random bytes.
    fn fill(&mut self, bytes: &mut [u8]);
}

impl<F: FnMut(&mut [u8])> Entropy for F {
    fn fill(&mut self, bytes: &mut [u8]) {
        self(bytes);
    }
}

/// `N` random bytes.
pub(crate) fn random<const N: usize>(entropy: &mut (impl Entropy + ?Sized)) -> [u8; N] {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes);
    bytes
}
