//! Money in whole cents. No floating point anywhere.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An amount of euro in cents; may be negative.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Cents(pub i64);

/// Why a text is not an amount of money.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The text holds something other than digits, separators and a sign.
    #[error("not an amount of euro")]
    NotAnAmount,
    /// The amount does not fit into 64 bits of cents.
    #[error("the amount is too large")]
    TooLarge,
}

impl fmt::Display for Cents {
    /// German notation without the unit: `1.234,56`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let absolute = self.0.unsigned_abs();
        let euros = (absolute / 100).to_string();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        for (position, digit) in euros.chars().enumerate() {
            if position > 0 && (euros.len() - position).is_multiple_of(3) {
                f.write_str(".")?;
            }
            write!(f, "{digit}")?;
        }
        write!(f, ",{:02}", absolute % 100)
    }
}

impl FromStr for Cents {
    type Err = MoneyError;

    /// Accepts what people type: `1234`, `1.234,5`, `1234,56 €`, `-3,20`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim().trim_end_matches('€').trim();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once(',').unwrap_or((digits, ""));
        let whole: String = whole
            .chars()
            .filter(|c| *c != '.' && !c.is_whitespace())
            .collect();
        let all_digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
        if whole.is_empty() || !all_digits(&whole) || !all_digits(fraction) || fraction.len() > 2 {
            return Err(MoneyError::NotAnAmount);
        }
        let euros: i64 = whole.parse().map_err(|_| MoneyError::TooLarge)?;
        let cents: i64 = format!("{fraction:0<2}")
            .parse()
            .map_err(|_| MoneyError::NotAnAmount)?;
        let total = euros
            .checked_mul(100)
            .and_then(|amount| amount.checked_add(cents))
            .ok_or(MoneyError::TooLarge)?;
        Ok(Self(if negative { -total } else { total }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_people_type() {
        for (typed, cents) in [
            ("1234", 123_400),
            ("1.234,5", 123_450),
            ("1234,56 €", 123_456),
            ("-3,20", -320),
        ] {
            assert_eq!(typed.parse(), Ok(Cents(cents)), "{typed}");
        }
        for wrong in ["", "12,345", "1,2,3", "zwölf", "1e3"] {
            assert!(wrong.parse::<Cents>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(cents in -9_000_000_000_000_i64..9_000_000_000_000) {
            prop_assert_eq!(Cents(cents).to_string().parse(), Ok(Cents(cents)));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC*") {
            let _ = text.parse::<Cents>();
        }
    }
}
