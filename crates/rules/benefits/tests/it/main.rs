//! The public test vectors, line by line.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "tests may fail loudly"
)]

mod command;
mod elterngeld;
mod plan;
mod search;
mod second_opinion;
mod small;
mod speed;
mod statute;
mod vectors;
mod wage_tax;
