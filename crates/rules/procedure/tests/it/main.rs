//! Deadlines, holidays, notification and remedies against known days, statutes and properties.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

mod holidays;
mod periods;
mod properties;
mod remedies;

use einmal_procedure::Place;

/// The place with this key.
fn place(key: &str) -> Place {
    Place::at(key.parse().unwrap()).unwrap()
}
