//! The records of a delivery.
//!
//! Field names are English; the German element name stands in each doc comment. Lists keep the
//! order of the message.

mod modules;
mod objects;
mod service;

use serde::{Deserialize, Serialize};

pub use modules::*;
pub use objects::*;
pub use service::*;

pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Declares a record whose empty fields are left out when it is written as JSON.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct $name {
            $($(#[$field_meta])*
            #[serde(skip_serializing_if = "crate::model::is_default")]
            pub $field: $kind,)*
        }
    };
}
pub(crate) use record;

record! {
    /// An identifier with its scheme (Identifikator). Unique is agency + kind of object + value.
    Identifier {
        /// The value; text, never a number.
        value: String,
        /// The editorial office that gave the value (`schemeAgencyID`), for example `B100019`.
        agency: String,
        /// Name of that office (`schemeAgencyName`).
        agency_name: Option<String>,
        /// The scheme (`schemeID`), for example `ZustaendigkeitOnlinedienst`.
        scheme: Option<String>,
        /// Name of the scheme (`schemeName`).
        scheme_name: Option<String>,
        /// Address of the scheme (`schemeURI`).
        scheme_uri: Option<String>,
        /// Version of the scheme (`schemeVersionID`).
        scheme_version: Option<String>,
        /// Address of the data (`schemeDataURI`).
        data_uri: Option<String>,
    }
}

record! {
    /// A value of a code list. Match on the code, never on the address of the list: lists move.
    Code {
        /// The code.
        code: String,
        /// What the sender calls it.
        name: Option<String>,
        /// Address of the list (`listURI`).
        list: Option<String>,
        /// Version of the list (`listVersionID`).
        list_version: Option<String>,
    }
}

record! {
    /// A text in one language. May contain HTML; see [`crate::html::sanitise`].
    Text {
        /// The language as delivered (`languageCode`); empty when the sender gave none.
        language: String,
        /// The text.
        text: String,
    }
}

record! {
    /// A link to further information (weiterfuehrenderLink).
    Link {
        /// Language of the target (`languageCode`).
        language: String,
        /// The address, as delivered.
        uri: String,
        /// Its title.
        title: Option<String>,
        /// What is found there.
        description: Option<String>,
        /// Place in the order of display (positionDarstellung).
        position: Option<i64>,
    }
}

record! {
    /// A time window (gueltigkeit); both ends belong to it, a missing end is open.
    Validity {
        /// First day (beginn).
        from: Option<einmal_model::Date>,
        /// Last day (ende).
        to: Option<einmal_model::Date>,
        /// Remarks (zusatz).
        remarks: Vec<Text>,
    }
}

impl Validity {
    /// True when the windows allow the day: no window at all, or one that contains it.
    #[must_use]
    pub fn allow(windows: &[Self], day: einmal_model::Date) -> bool {
        windows.is_empty()
            || windows.iter().any(|window| {
                window.from.is_none_or(|from| from <= day) && window.to.is_none_or(|to| day <= to)
            })
    }
}

/// The text in a language (two letters), else in German, else whatever comes first.
#[must_use]
pub fn pick<'a>(texts: &'a [Text], language: &str) -> Option<&'a Text> {
    texts
        .iter()
        .find(|text| text.language == language)
        .or_else(|| texts.iter().find(|text| text.language == "de"))
        .or_else(|| texts.first())
}

record! {
    /// The head of a message (nachrichtenkopf).
    Header {
        /// Id of the message (nachrichtUUID).
        message_id: String,
        /// When it was made (erstelltDatumZeit), as delivered.
        created: Option<String>,
        /// The product that wrote it (`produktbezeichnung`).
        product: Option<String>,
        /// Version of the standard as the sender names it (`xzufiVersion`): `2.2` or `2.2.0`.
        version: Option<String>,
    }
}

/// The kind of object that a deletion or an identity is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Leistung.
    Service,
    /// `LeistungSpezialisierung`: a variant of a service; its content is not read yet.
    Specialisation,
    /// Organisationseinheit.
    Organisation,
    /// Onlinedienst.
    OnlineService,
    /// Zuständigkeit.
    Responsibility,
}

/// What a message writes: an object that replaces the one with the same identity as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    /// A service description (leistung).
    Service(Box<Service>),
    /// An organisational unit (organisationseinheit).
    Organisation(Box<Organisation>),
    /// An online service (onlinedienst).
    OnlineService(Box<OnlineService>),
    /// A responsibility on its own (zustaendigkeitTransferObjekt).
    Responsibility(Box<Responsibility>),
}

impl Object {
    /// The identifier of the object.
    #[must_use]
    pub fn id(&self) -> &Identifier {
        match self {
            Self::Service(service) => &service.id,
            Self::Organisation(organisation) => &organisation.id,
            Self::OnlineService(online) => &online.id,
            Self::Responsibility(responsibility) => &responsibility.id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_include_both_ends() {
        let day = |text: &str| text.parse().unwrap();
        let window = Validity {
            from: Some(day("2026-01-01")),
            to: Some(day("2026-12-31")),
            remarks: Vec::new(),
        };
        let windows = [window];
        assert!(Validity::allow(&[], day("1990-01-01")));
        assert!(Validity::allow(&windows, day("2026-01-01")));
        assert!(Validity::allow(&windows, day("2026-12-31")));
        assert!(!Validity::allow(&windows, day("2027-01-01")));
    }
}
