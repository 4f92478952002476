//! The synthetic people of the demonstration world, as data.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::IdentityError;
use crate::person::{Attributes, Level};

/// One person who can be chosen at login.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SimulatedPerson {
    /// Short name; the subject of ID tokens.
    pub id: String,
    /// Name as shown.
    pub name: String,
    /// Who this is in the story, in German.
    pub note: String,
    /// Means of identification, for people.
    pub means: String,
    /// Level of assurance of that means.
    pub level: Level,
    /// Authority they work for; citizens have none.
    pub tenant: Option<String>,
    /// What the means says about the person.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
}

impl SimulatedPerson {
    pub(crate) fn attributes(&self) -> Attributes {
        Attributes(self.attributes.clone())
    }

    /// True for members of staff.
    #[must_use]
    pub const fn is_staff(&self) -> bool {
        self.tenant.is_some()
    }
}

/// Everybody.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    #[serde(rename = "person")]
    people: Vec<SimulatedPerson>,
}

impl People {
    /// Reads a list in TOML.
    ///
    /// # Errors
    /// [`IdentityError::People`] when it is not valid or names somebody twice.
    pub fn read(text: &str) -> Result<Self, IdentityError> {
        let people: Self =
            toml::from_str(text).map_err(|error| IdentityError::People(error.to_string()))?;
        let mut ids: Vec<&str> = people
            .people
            .iter()
            .map(|person| person.id.as_str())
            .collect();
        ids.sort_unstable();
        if let Some([twice, _]) = ids.array_windows().find(|[one, other]| one == other) {
            return Err(IdentityError::People(format!("`{twice}` is there twice")));
        }
        Ok(people)
    }

    /// The people of the built-in demonstration world.
    ///
    /// # Errors
    /// [`IdentityError::People`]; a test makes sure that it never happens.
    pub fn built_in() -> Result<Self, IdentityError> {
        Self::read(include_str!("../../../../../content/demo/people.toml"))
    }

    /// All, in order.
    #[must_use]
    pub fn all(&self) -> &[SimulatedPerson] {
        &self.people
    }

    pub(crate) fn find(&self, id: &str) -> Option<&SimulatedPerson> {
        self.people.iter().find(|person| person.id == id)
    }
}
