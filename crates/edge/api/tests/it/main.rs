//! The routers in the same process, asked by the real client and by hand.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise"
)]

mod flow;
mod openapi;
mod refusals;
mod world;
