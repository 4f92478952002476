//! Applications from outside.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod answering;
mod content;
mod delivery;
mod drafts;
mod journey;
mod texts;
mod world;
