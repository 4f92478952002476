//! Casework from outside, on both databases, with a delivery service that fails on purpose.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests stop at the first surprise"
)]

mod content;
mod crash;
mod deciding;
mod inbox;
mod receiving;
mod schema;
mod tenants;
mod world;
