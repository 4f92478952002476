//! Text by language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A language the product speaks. German comes first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// German.
    #[default]
    De,
    /// English.
    En,
}

impl Language {
    /// All languages, in the order in which the product prefers them.
    pub const ALL: [Self; 2] = [Self::De, Self::En];

    /// The two-letter code of ISO 639, as in `lang` attributes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::De => "de",
            Self::En => "en",
        }
    }

    /// The language of a code such as `en` or `en-GB`; nothing for languages we do not speak.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next().unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|language| primary.eq_ignore_ascii_case(language.code()))
    }
}

/// One text in the languages it was written in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocalText(pub BTreeMap<Language, String>);

impl LocalText {
    /// A text that exists in German only.
    #[must_use]
    pub fn german(text: impl Into<String>) -> Self {
        Self(BTreeMap::from([(Language::De, text.into())]))
    }

    /// The text in the wanted language, or in the one it has, with the language it really is in:
    /// pages mark a deviating language (WCAG 3.1.2).
    #[must_use]
    pub fn get(&self, wanted: Language) -> Option<(Language, &str)> {
        self.0
            .get_key_value(&wanted)
            .or_else(|| self.0.iter().next())
            .map(|(language, text)| (*language, text.as_str()))
    }

    /// The text alone, empty when there is none.
    #[must_use]
    pub fn in_language(&self, wanted: Language) -> &str {
        self.get(wanted).map_or("", |(_, text)| text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn falls_back_to_the_language_that_exists_and_says_so() {
        let text = LocalText::german("Geburt");
        assert_eq!(text.get(Language::En), Some((Language::De, "Geburt")));
    }

    #[test]
    fn knows_regional_variants() {
        assert_eq!(Language::from_code("EN-gb"), Some(Language::En));
        assert_eq!(Language::from_code("fr"), None);
    }
}
