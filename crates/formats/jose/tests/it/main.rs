//! Tokens and keys against hostile input and against a second implementation.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests may panic")]

mod encryption;
mod interop;
mod keys;
mod signatures;
