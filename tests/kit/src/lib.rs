//! Private throw-away servers for tests: PostgreSQL and the browser.
//!
//! Nothing here is part of the product. A test asks for what it needs and gets its own copy, on loopback,
//! gone when the test process is gone (even when that process is killed):
//!
//! ```no_run
//! let url = einmal_testkit::fresh_database(); // an empty database of its own
//! ```
//!
//! What is missing on the machine stops the test with the command that installs it: a test that silently
//! skips half of its work looks the same as one that passed.

#![expect(
    clippy::panic,
    reason = "a test that cannot get its server has to stop, with the command that helps"
)]

pub mod browser;
pub mod postgres;
pub mod programs;

pub use browser::chromium;
pub use postgres::{Options, Server, fresh_database, postgres};
