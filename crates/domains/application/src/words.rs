//! The few words that belong to every life event: states, origins, yes and no answers in words.

use einmal_model::{Instant, Language, Origin, german_date, german_date_time};

use crate::content::{FactKind, FactSpec, LifeEvent};
use crate::input::place_text;
use crate::value::{Answer, FactValue};
use crate::view::{LegState, SectionStatus};

const fn pick(language: Language, german: &'static str, english: &'static str) -> &'static str {
    match language {
        Language::De => german,
        Language::En => english,
    }
}

/// A section's state as a word (ux.md §3.2).
#[must_use]
pub const fn section_status(status: SectionStatus, language: Language) -> &'static str {
    match status {
        SectionStatus::NotStarted => pick(language, "Noch nicht begonnen", "Not started"),
        SectionStatus::InProgress => pick(language, "In Arbeit", "In progress"),
        SectionStatus::Done => pick(language, "Fertig", "Done"),
        SectionStatus::NotYet => pick(language, "Noch nicht möglich", "Not possible yet"),
        SectionStatus::PleaseCheck => pick(language, "Bitte prüfen", "Please check"),
    }
}

/// Why a section is not possible yet; empty for every other state.
#[must_use]
pub const fn section_why(status: SectionStatus, language: Language) -> &'static str {
    match status {
        SectionStatus::NotYet => pick(
            language,
            "Beantworten Sie zuerst die Fragen davor.",
            "Answer the questions before it first.",
        ),
        _ => "",
    }
}

/// "Keine Angabe".
#[must_use]
pub const fn no_answer(language: Language) -> &'static str {
    pick(language, "Keine Angabe", "Not stated")
}

/// Where a value came from, in words.
#[must_use]
pub fn origin(answer: &Answer, event: &LifeEvent, language: Language) -> String {
    let at = german_date_time(answer.fact.at, language);
    match &answer.fact.origin {
        Origin::Person => pick(language, "von Ihnen", "from you").to_owned(),
        Origin::Identification { means, simulated } => {
            // Some means carry the word in their name already.
            let simulation = if *simulated && !means.contains("Simulation") {
                pick(language, " (Simulation)", " (simulation)")
            } else {
                ""
            };
            match language {
                Language::De => format!("aus Ihrer Anmeldung mit {means}{simulation}, {at}"),
                Language::En => format!("from your login with {means}{simulation}, {at}"),
            }
        }
        Origin::Register { register, .. } => match language {
            Language::De => format!("aus dem Register: {register}, {at}"),
            Language::En => format!("from the register: {register}, {at}"),
        },
        Origin::Computed { rule } => event
            .derived
            .iter()
            .find(|derived| derived.rule == *rule)
            .map_or(pick(language, "berechnet", "computed"), |derived| {
                derived.explanation.in_language(language)
            })
            .to_owned(),
    }
}

/// A value as people read it.
#[must_use]
pub fn value(spec: &FactSpec, value: &FactValue, language: Language) -> String {
    match value {
        FactValue::Text(text) => match spec.kind {
            FactKind::Iban => groups(text, &[4]),
            FactKind::TaxId => groups(text, &[2, 3]),
            _ => text.clone(),
        },
        FactValue::Date(date) => german_date(*date, language),
        FactValue::Number(number) => number.to_string(),
        FactValue::Place(place) => place_text(place),
        FactValue::Bool(_) | FactValue::Choice(_) => {
            let code = value.canonical();
            spec.options
                .iter()
                .find(|option| option.code == code)
                .map_or(code, |option| option.label.in_language(language).to_owned())
        }
    }
}

/// A value as it goes into an input.
#[must_use]
pub fn editable(spec: &FactSpec, value: &FactValue) -> String {
    match value {
        FactValue::Bool(_) | FactValue::Choice(_) => value.canonical(),
        FactValue::Date(date) => date.strftime("%-d.%-m.%Y").to_string(),
        other => self::value(spec, other, Language::De),
    }
}

/// Splits text into groups with blanks; the last length repeats.
fn groups(text: &str, lengths: &[usize]) -> String {
    let mut grouped = String::with_capacity(text.len() + text.len() / 3);
    let mut lengths = lengths.iter().copied();
    let mut length = lengths.next().unwrap_or(4);
    let mut in_group = 0;
    for character in text.chars() {
        if in_group == length {
            grouped.push(' ');
            in_group = 0;
            length = lengths.next().unwrap_or(length);
        }
        grouped.push(character);
        in_group += 1;
    }
    grouped
}

/// A leg's state as a word.
#[must_use]
pub const fn leg_state(state: LegState, language: Language) -> &'static str {
    match state {
        LegState::Queued => pick(language, "Abgeschickt", "Sent"),
        LegState::Delivering => pick(language, "Wird übermittelt", "Being delivered"),
        LegState::Retrying => pick(language, "Wird erneut versucht", "Being retried"),
        LegState::Delivered => pick(language, "Übermittelt", "Delivered"),
        LegState::Accepted => pick(language, "Angenommen", "Accepted"),
        LegState::Rejected => pick(language, "Zurückgewiesen", "Rejected"),
        LegState::Undeliverable => pick(language, "Wir kümmern uns", "We take care of it"),
    }
}

/// A leg's state in one or two sentences. `reasons` are the office's own words on a rejection.
#[must_use]
pub fn leg_sentence(
    state: LegState,
    authority: &str,
    since: Instant,
    sent_at: Instant,
    reasons: &[String],
    language: Language,
) -> String {
    let time = german_date_time(since, language);
    let sent = german_date_time(sent_at, language);
    let reasons = reasons.join(" ");
    match (language, state) {
        (Language::De, LegState::Queued) => {
            format!("Ihr Antrag ist auf dem Weg. Empfänger: {authority}.")
        }
        (Language::De, LegState::Delivering) => {
            format!("Wir übermitteln Ihren Antrag gerade. Empfänger: {authority}.")
        }
        (Language::De, LegState::Retrying) => format!(
            "Wir konnten die Behörde nicht erreichen: {authority}. Wir versuchen es weiter. Sie müssen nichts tun. Ihr Antrag gilt als gestellt am {sent}."
        ),
        (Language::De, LegState::Delivered) => format!(
            "Ihr Antrag liegt seit {time} im elektronischen Postfach: {authority}. Die Behörde hat noch nicht geantwortet."
        ),
        (Language::De, LegState::Accepted) => {
            format!("{authority} hat Ihren Antrag am {time} angenommen und prüft ihn.")
        }
        (Language::De, LegState::Rejected) => {
            format!("{authority} hat Ihren Antrag am {time} zurückgewiesen. {reasons}")
                .trim_end()
                .to_owned()
        }
        (Language::De, LegState::Undeliverable) => format!(
            "Wir konnten Ihren Antrag nicht zustellen: {authority}. Wir kümmern uns darum. Sie müssen nichts tun. Ihr Antrag gilt als gestellt am {sent}."
        ),
        (Language::En, LegState::Queued) => {
            format!("Your application is on its way. Receiver: {authority}.")
        }
        (Language::En, LegState::Delivering) => {
            format!("We are delivering your application. Receiver: {authority}.")
        }
        (Language::En, LegState::Retrying) => format!(
            "We could not reach the office: {authority}. We keep trying. You need not do anything. Your application counts as made on {sent}."
        ),
        (Language::En, LegState::Delivered) => format!(
            "Your application has been in the electronic letterbox since {time}: {authority}. The office has not answered yet."
        ),
        (Language::En, LegState::Accepted) => {
            format!("{authority} accepted your application on {time} and is checking it.")
        }
        (Language::En, LegState::Rejected) => {
            format!("{authority} rejected your application on {time}. {reasons}")
                .trim_end()
                .to_owned()
        }
        (Language::En, LegState::Undeliverable) => format!(
            "We could not deliver your application: {authority}. We take care of it. You need not do anything. Your application counts as made on {sent}."
        ),
    }
}

/// One entry of a leg's history in words.
#[must_use]
pub fn leg_history(state: LegState, language: Language) -> &'static str {
    match state {
        LegState::Queued => pick(language, "Von Ihnen abgeschickt", "Sent by you"),
        LegState::Delivering => pick(language, "Übermittlung begonnen", "Delivery begun"),
        LegState::Retrying => pick(
            language,
            "Behörde nicht erreichbar, wir versuchen es weiter",
            "Office not reachable, we keep trying",
        ),
        LegState::Delivered => pick(
            language,
            "Im elektronischen Postfach der Behörde angekommen",
            "Arrived in the office's electronic letterbox",
        ),
        LegState::Accepted => pick(
            language,
            "Von der Behörde angenommen",
            "Accepted by the office",
        ),
        LegState::Rejected => pick(
            language,
            "Von der Behörde zurückgewiesen",
            "Rejected by the office",
        ),
        LegState::Undeliverable => pick(
            language,
            "Nicht zustellbar, wir kümmern uns",
            "Not deliverable, we take care of it",
        ),
    }
}

/// Why a leg cannot be sent.
#[must_use]
pub fn blocked(office: &str, reason: Blocked, language: Language) -> String {
    match (language, reason) {
        (Language::De, Blocked::PlaceUnknown) => {
            format!("{office}: Der Ort fehlt noch, nach dem sich die Zuständigkeit richtet.")
        }
        (Language::De, Blocked::NothingRegistered) => format!(
            "{office}: Für diesen Ort ist keine Behörde eingetragen. Wählen Sie diesen Teil ab und wenden Sie sich an die Behörde vor Ort."
        ),
        (Language::De, Blocked::NotOnline) => format!(
            "{office}: Die Behörde nimmt diesen Antrag noch nicht online an. Wählen Sie diesen Teil ab und stellen Sie den Antrag auf Papier."
        ),
        (Language::En, Blocked::PlaceUnknown) => {
            format!("{office}: The place that decides about the office is still missing.")
        }
        (Language::En, Blocked::NothingRegistered) => format!(
            "{office}: No office is registered for this place. Deselect this part and turn to the local office."
        ),
        (Language::En, Blocked::NotOnline) => format!(
            "{office}: The office does not take this application online yet. Deselect this part and apply on paper."
        ),
    }
}

/// Why a leg cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocked {
    /// The deciding place is not known.
    PlaceUnknown,
    /// No office is registered.
    NothingRegistered,
    /// The office takes no online applications.
    NotOnline,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_are_shown_in_groups() {
        assert_eq!(
            groups("DE89370400440532013000", &[4]),
            "DE89 3704 0044 0532 0130 00"
        );
        assert_eq!(groups("86095742719", &[2, 3]), "86 095 742 719");
    }
}
