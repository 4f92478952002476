//! Family benefits as pure functions: wage tax, Elterngeld, plans of months, Kindergeld, maternity
//! protection, months of life and birth names.
//!
//! No input or output, no clock, no floating point. Every figure is dated data with its norm; every
//! result can be told with its trace.
#![deny(clippy::float_arithmetic)]

pub mod assessment;
pub mod calendar;
pub mod command;
pub mod elterngeld;
pub mod kindergeld;
pub mod maternity;
pub mod names;
mod number;
pub mod plan;
pub mod problem;
pub mod trace;
pub mod wage_tax;

pub use command::{Command, answer_line};
pub use elterngeld::Mode;
