//! Applications from outside.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod content;
