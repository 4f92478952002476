//! Organisational units, online services and responsibilities.

use serde::{Deserialize, Serialize};

use super::{Code, Identifier, Link, Text, Validity, record};

record! {
    /// An organisational unit (Organisationseinheit): an authority or a part of one.
    Organisation {
        /// Its identifier.
        id: Identifier,
        /// Further identifiers (idSekundaer).
        secondary_ids: Vec<Identifier>,
        /// Its name (name/name).
        name: Vec<Text>,
        /// Short descriptions (kurzbeschreibung, beschreibung).
        description: Vec<Text>,
        /// Addresses (anschrift).
        addresses: Vec<Address>,
        /// Ways to reach it (kommunikation, kommunikationssystem).
        communications: Vec<Communication>,
        /// Pages of its own (internetadresse).
        links: Vec<Link>,
        /// Responsibilities that are written inside the object.
        responsibilities: Vec<Responsibility>,
        /// When the entry holds (gueltigkeit).
        validity: Vec<Validity>,
    }
}

record! {
    /// A postal or visitors' address (anschrift).
    Address {
        /// 001 house, 002 visitors, 003 PO box, 004 large customer, 005 delivery, 006 mail.
        kind: Option<Code>,
        /// Street.
        street: Option<String>,
        /// House number with its addition.
        house_number: Option<String>,
        /// Number of the PO box (postfach).
        post_box: Option<String>,
        /// Postal code.
        postcode: Option<String>,
        /// Place.
        place: Option<String>,
        /// Remarks for visitors (zusatz).
        note: Option<String>,
        /// Region key of twelve digits (verwaltungspolitischeKodierung/regionalschluessel).
        region: Option<String>,
    }
}

record! {
    /// A telephone number, e-mail address or similar.
    Communication {
        /// The channel; 02 is the telephone.
        channel: Option<Code>,
        /// Number or address (kennung).
        value: String,
        /// Remark (zusatz).
        note: Option<String>,
    }
}

record! {
    /// An online service (Onlinedienst).
    OnlineService {
        /// Its identifier.
        id: Identifier,
        /// Further identifiers (idSekundaer).
        secondary_ids: Vec<Identifier>,
        /// Its name (bezeichnung).
        name: Vec<Text>,
        /// What it does (teaser, kurzbeschreibung).
        description: Vec<Text>,
        /// Where it is (link).
        links: Vec<OnlineServiceLink>,
        /// Level of trust that it asks for (vertrauensniveau): 00, 10, 15, 20, 30, 40.
        trust_level: Option<Code>,
        /// Means of identification (identifizierungsmittel).
        identification: Vec<Code>,
        /// Means of payment (zahlungsweise).
        payment: Vec<Code>,
        /// Responsibilities that are written inside the object.
        responsibilities: Vec<Responsibility>,
        /// When the entry holds (gueltigkeit).
        validity: Vec<Validity>,
    }
}

record! {
    /// The address of an online service (link).
    OnlineServiceLink {
        /// Kind of link; 01 is the service itself.
        kind: Option<Code>,
        /// The address, as delivered.
        uri: String,
        /// Its title.
        title: Option<String>,
        /// Language of the target.
        language: Option<String>,
    }
}

/// The kind of object that a responsibility belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum OwnerKind {
    /// An organisational unit; sorts before online services, as answers list it first.
    #[serde(rename = "OE")]
    Organisation,
    /// An online service.
    #[serde(rename = "OD")]
    OnlineService,
}

record! {
    /// A responsibility (Zuständigkeit): who does a service where, and in which role.
    Responsibility {
        /// Its identifier; the scheme says what kind of object the owner is.
        id: Identifier,
        /// Further identifiers; the address of a FIT-Connect destination travels here.
        secondary_ids: Vec<Identifier>,
        /// The object that is responsible (uebergeordnetesObjektID); for a responsibility that is
        /// written inside an object, the identifier of that object.
        owner: Identifier,
        /// The kind of the owner; nothing when the delivery does not say it.
        owner_kind: Option<OwnerKind>,
        /// The service (leistungID). It may belong to another editorial office.
        service: Identifier,
        /// The areas (gebietID): region keys.
        areas: Vec<Identifier>,
        /// The role (rolle): 01 responsible office, 03 contact.
        role: Option<Code>,
        /// When the responsibility holds (gueltigkeit).
        validity: Vec<Validity>,
    }
}

impl Responsibility {
    /// Scheme of the secondary identifier that carries a FIT-Connect destination.
    pub const DESTINATION_SCHEME: &'static str = "urn:de:fitko:fit-connect:xzufi:destination";

    /// The value of the FIT-Connect destination, if the entry carries one: a signed token
    /// (`DestinationSignature`).
    #[must_use]
    pub fn destination(&self) -> Option<&str> {
        self.secondary_ids
            .iter()
            .find(|id| id.scheme.as_deref() == Some(Self::DESTINATION_SCHEME))
            .map(|id| id.value.as_str())
    }
}
