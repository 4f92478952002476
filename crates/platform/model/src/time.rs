//! Instants and civil dates, and the clock as a parameter.

use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Language;

/// A clock. The binary hands in the system's; tests hand in [`crate::testing::FixedClock`] and
/// move it.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Instant;

    /// The civil date in Germany, on which legal deadlines are counted.
    fn today(&self) -> jiff::civil::Date {
        self.now().date_in_germany()
    }
}

/// A point in time with microsecond resolution, UTC. Stored as microseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

/// Why a text is not an instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a time in RFC 3339 form")]
pub struct InstantError;

impl Instant {
    /// From microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, as in JSON Web Tokens (`iat`, `exp`).
    #[must_use]
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// This instant moved by a number of seconds, which may be negative.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// This instant moved by a number of milliseconds.
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis.saturating_mul(1_000)))
    }

    /// The civil date in Germany at this instant.
    #[must_use]
    pub fn date_in_germany(self) -> jiff::civil::Date {
        self.in_germany().date()
    }

    fn in_germany(self) -> jiff::ZonedDateTime {
        let timestamp =
            jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let zone = TimeZone::get("Europe/Berlin").unwrap_or(TimeZone::UTC);
        timestamp.to_zoned_datetime(zone)
    }
}

impl fmt::Display for Instant {
    /// RFC 3339 in UTC, as machines want it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(timestamp) => write!(f, "{timestamp}"),
            Err(_) => write!(f, "{}us", self.0),
        }
    }
}

impl FromStr for Instant {
    type Err = InstantError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let timestamp: jiff::Timestamp = text.parse().map_err(|_| InstantError)?;
        Ok(Self(timestamp.as_microsecond()))
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A date as people read it: `23.11.2026` in German, `23 November 2026` in English.
#[must_use]
pub fn german_date(date: jiff::civil::Date, language: Language) -> String {
    match language {
        Language::De => date.strftime("%d.%m.%Y").to_string(),
        Language::En => date.strftime("%-d %B %Y").to_string(),
    }
}

/// An instant as people in Germany read it: `23.11.2026, 14:05 Uhr`.
#[must_use]
pub fn german_date_time(instant: Instant, language: Language) -> String {
    let local = instant.in_germany();
    match language {
        Language::De => local.strftime("%d.%m.%Y, %H:%M Uhr").to_string(),
        Language::En => local.strftime("%-d %B %Y, %H:%M").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_german_day_begins_before_the_utc_day() {
        let late: Instant = "2026-11-22T23:30:00Z".parse().unwrap();
        assert_eq!(late.date_in_germany(), jiff::civil::date(2026, 11, 23));
        assert_eq!(
            german_date_time(late, Language::De),
            "23.11.2026, 00:30 Uhr"
        );
    }

    #[test]
    fn survives_json() {
        let instant = Instant::from_micros(1_790_000_000_123_456);
        let json = serde_json::to_string(&instant).unwrap();
        assert_eq!(serde_json::from_str::<Instant>(&json).unwrap(), instant);
    }
}
