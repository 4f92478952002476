//! A clock that tests move and randomness that tests can repeat. Never used by the product.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use crate::{Clock, Instant, Random};

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// Starts at an RFC 3339 time; an unreadable text starts at 1970.
    #[must_use]
    pub fn at(time: &str) -> Self {
        let start = time.parse().map_or(0, Instant::as_micros);
        Self(AtomicI64::new(start))
    }

    /// Moves the clock; negative values move it back.
    pub fn advance_seconds(&self, seconds: i64) {
        self.0
            .fetch_add(seconds.saturating_mul(1_000_000), Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// Repeatable pseudo-random bytes (SplitMix64). Predictable on purpose: never use it for secrets.
#[derive(Debug)]
pub struct SeededRandom(AtomicU64);

impl SeededRandom {
    /// The same seed gives the same bytes.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl Random for SeededRandom {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            let mut z = self
                .0
                .fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst)
                .wrapping_add(0x9E37_79B9_7F4A_7C15);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let bytes = (z ^ (z >> 31)).to_le_bytes();
            for (target, source) in chunk.iter_mut().zip(bytes) {
                *target = source;
            }
        }
    }
}
