//! Randomness as a parameter.

/// A source of unpredictable bytes. The binary hands in the operating system's generator; tests
/// hand in [`crate::testing::SeededRandom`].
pub trait Random: Send + Sync {
    /// Fills the whole buffer. Must not fail: an implementation that cannot deliver aborts.
    fn fill(&self, buffer: &mut [u8]);
}
