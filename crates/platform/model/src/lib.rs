//! The vocabulary every part of Einmal shares: ids, region keys, money, text by language, time,
//! facts with their origin, and the problem document of RFC 9457.
//!
//! This crate does no I/O. The clock and the source of randomness are traits ([`Clock`],
//! [`Random`]) that the binary implements and tests replace, so that every state of the system
//! can be reached on purpose.
//!
//! ```
//! use einmal_model::Ars;
//! let bremerhaven: Ars = "040120000000".parse().unwrap();
//! assert_eq!(bremerhaven.to_string(), "040120000000");
//! ```

mod ars;
mod fact;
mod ids;
mod money;
mod problem;
mod random;
mod text;
mod time;

pub mod testing;

pub use ars::{Ars, ArsError, Level};
pub use fact::{Dispute, Fact, Origin};
pub use ids::{IdError, new_uuid, parse_uuid};
pub use jiff::civil::Date;
pub use money::{Cents, MoneyError};
pub use problem::Problem;
pub use random::Random;
pub use text::{Language, LocalText};
pub use time::{Clock, Instant, InstantError, german_date, german_date_time};

#[doc(hidden)]
pub mod reexport {
    pub use serde;
    pub use uuid::Uuid;
}
