//! Storage from outside, every test on both databases.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise"
)]

mod audit;
mod blobs;
mod jobs;
mod migrations;
mod transactions;
