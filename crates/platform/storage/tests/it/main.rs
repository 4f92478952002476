//! Storage from outside, every test on both databases.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise"
)]

mod audit;
mod blobs;
mod crash;
mod groups;
mod jobs;
mod migrations;
mod transactions;
