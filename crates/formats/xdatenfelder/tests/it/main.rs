//! The reader and the check from outside.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests fail by panicking and say what they skip"
)]

mod corpus;
mod reading;
mod validation;
