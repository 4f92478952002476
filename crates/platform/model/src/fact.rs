//! Facts with their origin (architecture rule 1): a value never travels without where it came from.

use serde::{Deserialize, Serialize};

use crate::Instant;

/// A value together with its origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact<V> {
    /// The value itself.
    pub value: V,
    /// Where the value came from.
    pub origin: Origin,
    /// When it was stated, fetched or computed.
    pub at: Instant,
    /// Set when the person says the value is wrong; the value stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispute: Option<Dispute>,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Origin {
    /// The person typed or chose it.
    Person,
    /// The means of identification delivered it at login, for example the eID card.
    Identification {
        /// Name of the means, as shown to people.
        means: String,
        /// True for the simulated provider of the demonstration world.
        simulated: bool,
    },
    /// A register delivered it.
    Register {
        /// Id of the evidence.
        evidence: String,
        /// Name of the register, as shown to people.
        register: String,
    },
    /// A rule computed it.
    Computed {
        /// Name of the rule.
        rule: String,
    },
}

/// The person's objection to a value; it travels with the value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// What the person says is right.
    pub claim: String,
    /// When they said it.
    pub at: Instant,
}
