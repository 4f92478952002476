//! Why a day is the day it is: rule → norm → inputs → result, in the order of reasoning.

use std::fmt::Write as _;

use einmal_model::{Language, german_date};
use jiff::civil::Date;
use serde::Serialize;

use crate::day::Day;
use crate::period::Length;

/// One rule that was applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The period starts with the day after an event.
    DayAfterEvent,
    /// The period starts with this day.
    BeginningOfDay,
    /// A period set by an authority starts with the day after its notification.
    DayAfterNotification,
    /// The last day by counting.
    LastDayCounted,
    /// The last day, where the last month has no such day.
    LastDayOfShortMonth,
    /// The last day is a Saturday, Sunday or holiday: the next working day.
    NextWorkingDay,
    /// The last day stays as it is.
    NoShift,
    /// An extension counts from the end of the period it extends.
    ExtensionFromEnd,
    /// A notice is presumed notified some days after posting or sending.
    PresumedNotified,
    /// The presumed day is moved to the next working day.
    PresumedDayMoved,
    /// The notice came later than presumed: the later day counts.
    CameLater,
    /// The day of receipt counts because no presumption applies.
    DayOfReceipt,
    /// A notice fetched from a portal is notified by the fetching.
    Fetched,
    /// Notice formally served or handed over: that day.
    Served,
    /// The period for the remedy.
    RemedyPeriod,
    /// A year, because the instruction on the remedy is missing or wrong.
    YearWithoutInstruction,
}

impl Rule {
    /// The rule as a sentence without full stop.
    #[must_use]
    pub const fn sentence(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::DayAfterEvent, Language::De) => {
                "Die Frist beginnt am Tag nach dem Ereignis; der Tag des Ereignisses zählt nicht mit"
            }
            (Self::DayAfterEvent, Language::En) => {
                "The period starts on the day after the event; the day of the event does not count"
            }
            (Self::BeginningOfDay, Language::De) => "Der erste Tag zählt mit",
            (Self::BeginningOfDay, Language::En) => "The first day counts",
            (Self::DayAfterNotification, Language::De) => {
                "Eine von der Behörde gesetzte Frist beginnt am Tag nach ihrer Bekanntgabe"
            }
            (Self::DayAfterNotification, Language::En) => {
                "A period set by the authority starts on the day after its notification"
            }
            (Self::LastDayCounted, Language::De) => "Letzter Tag der Frist",
            (Self::LastDayCounted, Language::En) => "Last day of the period",
            (Self::LastDayOfShortMonth, Language::De) => {
                "Der Monat hat keinen solchen Tag: sein letzter Tag zählt"
            }
            (Self::LastDayOfShortMonth, Language::En) => {
                "The month has no such day: its last day counts"
            }
            (Self::NextWorkingDay, Language::De) => {
                "Der letzte Tag ist ein Samstag, Sonntag oder Feiertag: Die Frist endet am nächsten Werktag"
            }
            (Self::NextWorkingDay, Language::En) => {
                "The last day is a Saturday, Sunday or public holiday: the period ends on the next working day"
            }
            (Self::NoShift, Language::De) => "Der letzte Tag verschiebt sich nicht",
            (Self::NoShift, Language::En) => "The last day does not move",
            (Self::ExtensionFromEnd, Language::De) => {
                "Die Verlängerung zählt ab dem Ende der bisherigen Frist"
            }
            (Self::ExtensionFromEnd, Language::En) => {
                "The extension counts from the end of the period so far"
            }
            (Self::PresumedNotified, Language::De) => {
                "Der Bescheid gilt an diesem Tag als bekannt gegeben"
            }
            (Self::PresumedNotified, Language::En) => {
                "The notice is presumed to be notified on this day"
            }
            (Self::PresumedDayMoved, Language::De) => {
                "Der Tag der vermuteten Bekanntgabe ist ein Samstag, Sonntag oder Feiertag: Es gilt der nächste Werktag"
            }
            (Self::PresumedDayMoved, Language::En) => {
                "The day of presumed notification is a Saturday, Sunday or public holiday: the next working day counts"
            }
            (Self::CameLater, Language::De) => {
                "Der Bescheid kam später an als vermutet: Der spätere Tag gilt"
            }
            (Self::CameLater, Language::En) => {
                "The notice arrived later than presumed: the later day counts"
            }
            (Self::DayOfReceipt, Language::De) => "Es gilt der Tag, an dem der Bescheid zuging",
            (Self::DayOfReceipt, Language::En) => "The day on which the notice arrived counts",
            (Self::Fetched, Language::De) => "Der Bescheid ist durch den Abruf bekannt gegeben",
            (Self::Fetched, Language::En) => "The notice is notified by being fetched",
            (Self::Served, Language::De) => {
                "Der Bescheid wurde an diesem Tag übergeben oder zugestellt"
            }
            (Self::Served, Language::En) => {
                "The notice was handed over or formally served on this day"
            }
            (Self::RemedyPeriod, Language::De) => "Frist für den Rechtsbehelf",
            (Self::RemedyPeriod, Language::En) => "Period for the remedy",
            (Self::YearWithoutInstruction, Language::De) => {
                "Die Belehrung über den Rechtsbehelf fehlt oder ist falsch: Die Frist ist ein Jahr"
            }
            (Self::YearWithoutInstruction, Language::En) => {
                "The instruction on the remedy is missing or wrong: the period is one year"
            }
        }
    }
}

/// What an input of a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InputName {
    /// The event from which a period counts.
    Event,
    /// The first day of a period.
    FirstDay,
    /// The length of a period.
    Length,
    /// The last day by counting alone.
    LastDay,
    /// The day of posting.
    Posted,
    /// The day of electronic sending.
    Sent,
    /// The day on which the notice could be fetched.
    Provided,
    /// The day on which the message about it was sent.
    Notified,
    /// The day on which it was fetched.
    Retrieved,
    /// The day of arrival, handing over or service.
    Received,
    /// The day presumed.
    Presumed,
}

impl InputName {
    /// The label of the input.
    #[must_use]
    pub const fn label(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Event, Language::De) => "Ereignis",
            (Self::Event, Language::En) => "event",
            (Self::FirstDay, Language::De) => "erster Tag",
            (Self::FirstDay, Language::En) => "first day",
            (Self::Length, Language::De) => "Dauer",
            (Self::Length, Language::En) => "length",
            (Self::LastDay, Language::De) => "letzter Tag",
            (Self::LastDay, Language::En) => "last day",
            (Self::Posted, Language::De) => "zur Post gegeben",
            (Self::Posted, Language::En) => "posted",
            (Self::Sent, Language::De) => "abgesendet",
            (Self::Sent, Language::En) => "sent",
            (Self::Provided, Language::De) => "zum Abruf bereitgestellt",
            (Self::Provided, Language::En) => "provided",
            (Self::Notified, Language::De) => "Benachrichtigung abgesendet",
            (Self::Notified, Language::En) => "message sent",
            (Self::Retrieved, Language::De) => "abgerufen",
            (Self::Retrieved, Language::En) => "fetched",
            (Self::Received, Language::De) => "zugegangen",
            (Self::Received, Language::En) => "received",
            (Self::Presumed, Language::De) => "vermutete Bekanntgabe",
            (Self::Presumed, Language::En) => "presumed notification",
        }
    }
}

/// A value in a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A day, certain or within bounds.
    Day(Day),
    /// A length of time.
    Length(Length),
}

impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Day(Day::certain_on(date))
    }
}

impl Value {
    /// The value as text.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Day(Day::Certain { date }) => german_date(*date, language),
            Self::Day(Day::Depends {
                earliest, latest, ..
            }) => format!(
                "{} – {}",
                german_date(*earliest, language),
                german_date(*latest, language)
            ),
            Self::Length(length) => length.text(language),
        }
    }
}

/// An input of a step with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Input {
    /// What it is.
    pub name: InputName,
    /// Its value.
    pub value: Value,
}

/// One step of reasoning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The rule that was applied.
    pub rule: Rule,
    /// The norm it stands in, or the source of a reading.
    pub norm: &'static str,
    /// What it was applied to.
    pub inputs: Vec<Input>,
    /// What came out.
    pub result: Value,
}

/// The steps of a result, in the order of reasoning.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Trace(pub Vec<Step>);

impl Trace {
    pub(crate) fn add(
        &mut self,
        rule: Rule,
        norm: &'static str,
        inputs: impl IntoIterator<Item = (InputName, Value)>,
        result: impl Into<Value>,
    ) {
        self.0.push(Step {
            rule,
            norm,
            inputs: inputs
                .into_iter()
                .map(|(name, value)| Input { name, value })
                .collect(),
            result: result.into(),
        });
    }

    /// One line per step.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let mut text = String::new();
        for step in &self.0 {
            let inputs: Vec<String> = step
                .inputs
                .iter()
                .map(|input| {
                    let label = input.name.label(language);
                    format!("{label}: {}", input.value.text(language))
                })
                .collect();
            // Writing to a text cannot fail.
            let _ = writeln!(
                text,
                "{}: {} ({}; {})",
                step.rule.sentence(language),
                step.result.text(language),
                step.norm,
                inputs.join(", ")
            );
        }
        text
    }
}

impl From<Day> for Value {
    fn from(day: Day) -> Self {
        Self::Day(day)
    }
}

impl From<Length> for Value {
    fn from(length: Length) -> Self {
        Self::Length(length)
    }
}
