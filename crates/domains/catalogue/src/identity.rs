//! The identity of an object: agency + kind + value, printed as the portal network does.

use std::fmt;
use std::str::FromStr;

use einmal_xzufi::{Class, Identifier};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The kind of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Leistung, `LB`.
    Service,
    /// Organisationseinheit, `OE`.
    Organisation,
    /// Onlinedienst, `OD`.
    OnlineService,
    /// Zuständigkeit, `Z`.
    Responsibility,
}

impl Kind {
    const ALL: [Self; 4] = [
        Self::Service,
        Self::Organisation,
        Self::OnlineService,
        Self::Responsibility,
    ];

    /// The mark within an id.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Service => "LB",
            Self::Organisation => "OE",
            Self::OnlineService => "OD",
            Self::Responsibility => "Z",
        }
    }

    pub(crate) const fn of_class(class: Class) -> Option<Self> {
        match class {
            Class::Service => Some(Self::Service),
            Class::Specialisation => None,
            Class::Organisation => Some(Self::Organisation),
            Class::OnlineService => Some(Self::OnlineService),
            Class::Responsibility => Some(Self::Responsibility),
        }
    }
}

/// Names one object of the catalogue: `B100019.LB.574711`. Values repeat across agencies and kinds,
/// so all three parts belong together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId {
    /// The editorial office.
    pub agency: String,
    /// The kind of object.
    pub kind: Kind,
    /// The value that the office gave.
    pub value: String,
}

/// A text that is no object id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form agency.LB.value")]
pub struct ObjectIdError;

impl ObjectId {
    pub(crate) fn new(kind: Kind, id: &Identifier) -> Self {
        Self {
            agency: id.agency.clone(),
            kind,
            value: id.value.clone(),
        }
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A dot within the agency would make two different ids print alike.
        let agency = self.agency.replace('%', "%25").replace('.', "%2E");
        write!(f, "{agency}.{}.{}", self.kind.mark(), self.value)
    }
}

impl FromStr for ObjectId {
    type Err = ObjectIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (agency, rest) = text.split_once('.').ok_or(ObjectIdError)?;
        let (mark, value) = rest.split_once('.').ok_or(ObjectIdError)?;
        let kind = Kind::ALL
            .into_iter()
            .find(|kind| kind.mark() == mark)
            .ok_or(ObjectIdError)?;
        if value.is_empty() {
            return Err(ObjectIdError);
        }
        Ok(Self {
            agency: agency.replace("%2E", ".").replace("%25", "%"),
            kind,
            value: value.to_owned(),
        })
    }
}

impl Serialize for ObjectId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ObjectId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_and_reads_back() {
        for text in ["B100019.LB.574711", "L1.Z.a.b.c", "urn:x%2Ey.OE.7", ".OD.1"] {
            assert_eq!(text.parse::<ObjectId>().unwrap().to_string(), text);
        }
        for text in ["", "B100019", "B100019.LB", "B100019.XX.1", "B100019.LB."] {
            assert!(text.parse::<ObjectId>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_dot_in_the_agency_makes_no_second_object_of_the_same_name() {
        let id = |agency: &str, value: &str| ObjectId {
            agency: agency.to_owned(),
            kind: Kind::Service,
            value: value.to_owned(),
        };
        assert_ne!(id("a.LB.b", "c").to_string(), id("a", "b.LB.c").to_string());
    }
}
