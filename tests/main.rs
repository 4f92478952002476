//! The real binary from outside: its pages, its command line, its behaviour under SIGKILL.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests stop at the first surprise and may say why"
)]

mod browser;
mod command_line;
mod crash;
mod demo;
mod harness;
mod outage;
mod story;
