//! The pages from outside: a small browser walks through the router, with real domains on SQLite.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod browser;
mod delivery;
mod errors;
mod find;
mod html;
mod journey;
mod staff;
mod world;
