//! Deadlines, public holidays, service of notices and remedies as pure functions.
//!
//! Everything is computed from a day ([`jiff::civil::Date`]) and a place ([`Place`]); there is no
//! clock and no input or output. Every result carries the norm it rests on. What the law leaves to
//! a municipality and nobody has told us is a value ([`Day::Depends`]), never a guess: a person who
//! acts by [`Day::earliest`] is in time whatever the answer is.
//!
//! ```
//! use einmal_procedure::{Delivery, Instruction, Place, Procedure, Receipt, notification, remedy};
//! use jiff::civil::date;
//!
//! let office = Place::at("120540000000".parse().unwrap()).unwrap(); // Potsdam
//! let law = Procedure::ParentalAllowance.service_law();
//! let posted = Delivery::PostInGermany { posted: date(2026, 11, 23) };
//! let known = notification(law, posted, Receipt::AsPresumed, law.prevailing_shift(), &office).unwrap();
//! let remedy = remedy(Procedure::ParentalAllowance, &known, Instruction::Given, &office).unwrap();
//! assert_eq!(remedy.last_day.certain(), Some(date(2026, 12, 28))); // the 27th is a Sunday
//! ```
//!
//! Sources. SGB X §§ 26, 36, 37, OZG § 9 in the text before 2025, the articles of the
//! Postrechtsmodernisierungsgesetz on VwVfG and `VwZG` and the Saxon regulation on Corpus Christi
//! were read in public copies; so were the headnotes of the decisions named, and § 84(1) s. 2, § 66(2)
//! SGG, § 13(2) BEEG and § 190 BGB in commentaries. What was written from memory says "(recalled)" and wants a second
//! look before anybody relies on it.
#![deny(clippy::float_arithmetic)]

mod day;
mod easter;
mod error;
mod holidays;
mod municipal;
mod period;
mod place;
mod regime;
mod remedy;
mod service;
mod trace;
mod wording;

pub use day::{Day, DayKind, day_kind, next_working_day};
pub use easter::easter_sunday;
pub use error::ProcedureError;
pub use holidays::{
    FIRST_YEAR, Holiday, LAST_YEAR, Observance, PublicHoliday, holiday_on, holidays_of_year,
};
pub use period::{Deadline, Length, MonthPoint, Start, deadline, extension, month_point};
pub use place::{Land, OpenFact, Place};
pub use regime::{EndRule, Regime};
pub use remedy::{Instruction, Procedure, Remedy, RemedyKind, remedy};
pub use service::{
    Delivery, Effect, FOUR_DAYS_SINCE, FictionShift, NotNotified, Notification, Receipt,
    ServiceLaw, notification,
};
pub use trace::{Input, InputName, Rule, Step, Trace, Value};
pub use wording::{Office, remedy_instruction};
