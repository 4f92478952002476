//! The region key (Amtlicher Regionalschlüssel, ARS) and its walk up to the federation.
//!
//! Twelve digits: Land 2 · Regierungsbezirk 1 · Kreis 2 · Gemeindeverband 4 · Gemeinde 3. Keys are
//! text: leading zeros carry meaning. Wider areas are padded with zeros on the right.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A region key of twelve digits.
///
/// Keys below the municipality exist (boroughs of Berlin, quarters of Hamburg and Bremen) and look
/// like municipal keys; the walk accepts them although no municipal directory lists them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ars([u8; 12]);

/// The level of a key in the walk up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Gemeinde, or an area below it.
    Gemeinde,
    /// Gemeindeverband (Amt, Samtgemeinde, Verbandsgemeinde, …).
    Verband,
    /// Kreis or kreisfreie Stadt.
    Kreis,
    /// Regierungsbezirk.
    Regierungsbezirk,
    /// Land.
    Land,
    /// The whole of Germany.
    Bund,
}

/// Why a text is not a region key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArsError {
    /// Something other than twelve characters.
    #[error("a region key has 12 digits, this text has {0} characters")]
    Length(usize),
    /// A character that is no digit.
    #[error("a region key consists of digits only")]
    NotADigit,
}

impl Ars {
    /// The whole of Germany, `000000000000`.
    pub const GERMANY: Self = Self([b'0'; 12]);

    /// The twelve digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII digits get in, so the empty fallback is never taken.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The key of the Kreis or Land and so on: the first `digits` digits, padded with zeros.
    #[must_use]
    pub fn truncated(self, digits: usize) -> Self {
        let mut key = self.0;
        for digit in key.iter_mut().skip(digits) {
            *digit = b'0';
        }
        Self(key)
    }

    /// The Land of this key as a key of its own.
    #[must_use]
    pub fn land(self) -> Self {
        self.truncated(2)
    }

    /// The key of eight digits (AGS): the ARS without the digits of the Gemeindeverband.
    #[must_use]
    pub fn ags(self) -> String {
        let digits = self.as_str();
        digits
            .chars()
            .take(5)
            .chain(digits.chars().skip(9))
            .collect()
    }

    /// True when the key lies in `area` or is `area`.
    #[must_use]
    pub fn is_within(self, area: Self) -> bool {
        self.chain().any(|(_, key)| key == area)
    }

    /// The walk up, most specific first, each distinct key once with its most specific level.
    ///
    /// A Verband exists only when the sixth digit is 5; a Regierungsbezirk only when the third is
    /// not 0. In city states several steps fall on the same key and are reported once.
    pub fn chain(self) -> impl Iterator<Item = (Level, Self)> {
        let has_verband = self.0.get(5) == Some(&b'5');
        let has_district = self.0.get(2) != Some(&b'0');
        let steps = [
            Some((Level::Gemeinde, self)),
            has_verband.then(|| (Level::Verband, self.truncated(9))),
            Some((Level::Kreis, self.truncated(5))),
            has_district.then(|| (Level::Regierungsbezirk, self.truncated(3))),
            Some((Level::Land, self.truncated(2))),
            Some((Level::Bund, Self::GERMANY)),
        ];
        let mut seen: Vec<Self> = Vec::with_capacity(6);
        steps.into_iter().flatten().filter(move |(_, key)| {
            let new = !seen.contains(key);
            if new {
                seen.push(*key);
            }
            new
        })
    }
}

impl fmt::Display for Ars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Ars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ars({self})")
    }
}

impl FromStr for Ars {
    type Err = ArsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let key: [u8; 12] = text
            .as_bytes()
            .try_into()
            .map_err(|_| ArsError::Length(text.chars().count()))?;
        if key.iter().all(u8::is_ascii_digit) {
            Ok(Self(key))
        } else {
            Err(ArsError::NotADigit)
        }
    }
}

impl Serialize for Ars {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Ars {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn walk(key: &str) -> Vec<String> {
        key.parse::<Ars>()
            .unwrap()
            .chain()
            .map(|(_, key)| key.to_string())
            .collect()
    }

    #[test]
    fn walks_up_from_a_municipality_in_a_verband() {
        assert_eq!(
            walk("082265001013"),
            [
                "082265001013",
                "082265001000",
                "082260000000",
                "082000000000",
                "080000000000",
                "000000000000"
            ]
        );
    }

    #[test]
    fn has_no_verband_without_the_digit_five() {
        assert_eq!(
            walk("010510044044"),
            [
                "010510044044",
                "010510000000",
                "010000000000",
                "000000000000"
            ]
        );
    }

    #[test]
    fn reports_a_city_state_once() {
        assert_eq!(walk("110000000000"), ["110000000000", "000000000000"]);
        assert_eq!(
            walk("040120000000"),
            ["040120000000", "040000000000", "000000000000"]
        );
    }

    #[test]
    fn accepts_keys_below_the_municipality() {
        assert_eq!(
            walk("021010101101"),
            [
                "021010101101",
                "021010000000",
                "021000000000",
                "020000000000",
                "000000000000"
            ]
        );
    }

    #[test]
    fn the_ags_leaves_the_verband_out() {
        assert_eq!("082265001013".parse::<Ars>().unwrap().ags(), "08226013");
    }

    #[test]
    fn refuses_short_keys_instead_of_padding_them() {
        assert_eq!("04012".parse::<Ars>(), Err(ArsError::Length(5)));
        assert_eq!("04012000000x".parse::<Ars>(), Err(ArsError::NotADigit));
    }

    proptest! {
        #[test]
        fn every_walk_ends_in_germany_without_repeats(key in "[0-9]{12}") {
            let keys = walk(&key);
            prop_assert_eq!(keys.last().map(String::as_str), Some("000000000000"));
            let mut distinct = keys.clone();
            distinct.dedup();
            prop_assert_eq!(distinct, keys);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,20}") {
            let _ = text.parse::<Ars>();
        }
    }
}
