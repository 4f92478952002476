//! Identifiers: UUIDs behind one newtype per kind of thing, so that a case id can never be passed
//! where a submission id is meant.

use crate::{Clock, Random};

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a UUID")]
pub struct IdError {
    /// The offending text, cut to 64 characters.
    pub text: String,
}

/// A new UUID version 7 (RFC 9562): time-ordered, so rows written together lie together.
#[must_use]
pub fn new_uuid(clock: &dyn Clock, random: &dyn Random) -> uuid::Uuid {
    let mut entropy = [0_u8; 10];
    random.fill(&mut entropy);
    let millis = u64::try_from(clock.now().as_micros() / 1_000).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &entropy).into_uuid()
}

/// Reads a UUID in its hyphenated or its simple form.
///
/// # Errors
/// [`IdError`] when the text is no UUID.
pub fn parse_uuid(text: &str) -> Result<uuid::Uuid, IdError> {
    uuid::Uuid::try_parse(text).map_err(|_| IdError {
        text: text.chars().take(64).collect(),
    })
}

/// Declares an identifier type: a newtype over a UUID with `new`, `Display`, `FromStr` and serde.
///
/// ```
/// einmal_model::id_type!(
///     /// Names one parcel.
///     ParcelId
/// );
/// let id: ParcelId = "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap();
/// assert_eq!(id.to_string(), "01890a5d-ac96-774b-bcce-b302099a8057");
/// ```
#[macro_export]
macro_rules! id_type {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
                 $crate::reexport::serde::Serialize, $crate::reexport::serde::Deserialize)]
        #[serde(crate = "::einmal_model::reexport::serde", transparent)]
        pub struct $name(pub $crate::reexport::Uuid);

        impl $name {
            /// A fresh, time-ordered identifier.
            #[must_use]
            pub fn new(clock: &dyn $crate::Clock, random: &dyn $crate::Random) -> Self {
                Self($crate::new_uuid(clock, random))
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::IdError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::parse_uuid(text).map(Self)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FixedClock, SeededRandom};

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let (clock, random) = (FixedClock::at("2026-11-23T10:00:00Z"), SeededRandom::new(1));
        let first = new_uuid(&clock, &random);
        clock.advance_seconds(1);
        assert!(new_uuid(&clock, &random) > first);
    }

    #[test]
    fn refuses_text_that_is_no_uuid_without_echoing_all_of_it() {
        let error = parse_uuid(&"x".repeat(1000)).unwrap_err();
        assert_eq!(error.text.len(), 64);
    }
}
