//! The real binary from outside: its HTTP surface, its command line, its behaviour under SIGKILL.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests stop at the first surprise"
)]

mod harness;
