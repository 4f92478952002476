//! The public test vectors, line by line.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests may fail loudly"
)]

mod elterngeld;
mod plan;
mod small;
mod vectors;
mod wage_tax;
