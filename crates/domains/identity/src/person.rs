//! People as the provider describes them.

use std::collections::BTreeMap;
use std::fmt;

use einmal_model::Instant;
use serde::{Deserialize, Serialize};

einmal_model::id_type!(
    /// A citizen's account.
    AccountId
);

/// Level of assurance of the login (eIDAS, Art. 8 of Regulation (EU) 910/2014).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// User name and password.
    Low,
    /// Two factors, for example a software certificate.
    Substantial,
    /// The online identity card.
    High,
}

/// What the means of identification says about a person: `given_names`, `family_name`,
/// `birth_date` (ISO 8601), `place` ("28195 Bremen") and so on.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Attributes(pub BTreeMap<String, String>);

impl Attributes {
    /// One attribute.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

impl fmt::Debug for Attributes {
    /// Names only: the values are personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// A citizen's account with what the last login told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// How the person is greeted.
    pub name: String,
    /// What the means of identification said.
    pub attributes: Attributes,
    /// Name of the means, for people.
    pub means: String,
    /// Level of the last login.
    pub level: Level,
    /// True when the simulated provider said all this.
    pub simulated: bool,
    /// When the person logged in last.
    pub seen_at: Instant,
}

/// A member of staff of one authority.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// Who, as the provider names them.
    pub id: String,
    /// Name for the page header.
    pub name: String,
    /// Authority they work for.
    pub tenant: String,
    /// True when the simulated provider said this.
    pub simulated: bool,
}

impl fmt::Debug for Staff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Staff")
            .field("tenant", &self.tenant)
            .finish_non_exhaustive()
    }
}
