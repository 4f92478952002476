//! The delivery service without HTTP on both databases, and its client against a service that
//! lies.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop at the first surprise"
)]

mod liar;
mod mistrust;
mod receiving;
mod schema;
mod service;
