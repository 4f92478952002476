//! A simulated identity provider for the demonstration world: the same protocol as a real one, but
//! people choose who they are from a list.
//!
//! It cannot be built without [`SimulationAllowed`], which only a configuration with
//! `simulation = true` makes.

mod people;
mod provider;

use einmal_storage::Migration;

pub use people::{People, SimulatedPerson};
pub use provider::{AuthorizationRequest, Client, CodeGrant, SimulatedProvider};

/// The tables of the simulated provider.
pub const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "authorization codes",
    sqlite: include_str!("../../migrations/sqlite/0001_simulation.sql"),
    postgres: include_str!("../../migrations/postgres/0001_simulation.sql"),
}];

/// Says that simulated systems may run. Whoever makes one has read it in the configuration.
#[derive(Debug, Clone, Copy)]
pub struct SimulationAllowed(());

impl SimulationAllowed {
    /// Allowed only by an explicit setting.
    #[must_use]
    pub const fn from_setting(simulation: bool) -> Option<Self> {
        if simulation { Some(Self(())) } else { None }
    }
}
