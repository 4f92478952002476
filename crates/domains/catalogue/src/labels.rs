//! German and English words for the codes of service descriptions.

use einmal_model::{Language, LocalText};
use einmal_xzufi::{Amount, Cost, Deadline, Span, Text};

/// A text in both languages of the product.
pub(crate) fn both(german: impl Into<String>, english: impl Into<String>) -> LocalText {
    LocalText(
        [
            (Language::De, german.into()),
            (Language::En, english.into()),
        ]
        .into(),
    )
}

/// The order in which a page shows the text modules, with their headings. Codes that are not
/// listed are not shown: 02 and 03 are the title, 24 the teaser, 18 the author.
const SECTIONS: [(&str, &str, &str); 14] = [
    ("06", "Beschreibung", "Description"),
    ("05", "Kurz gefasst", "In short"),
    ("09", "Voraussetzungen", "Requirements"),
    ("08", "Erforderliche Unterlagen", "Documents you need"),
    ("11", "Ablauf", "Procedure"),
    ("14", "Formulare", "Forms"),
    ("16", "Hinweise", "Please note"),
    ("15", "Weitere Informationen", "Further information"),
    ("07", "Rechtsgrundlagen", "Legal basis"),
    ("25", "Rechtsbehelf", "Legal remedies"),
    ("22", "Zuständige Stelle", "Responsible office"),
    ("23", "Ansprechpunkt", "Contact"),
    ("19", "Handlungsgrundlagen", "Basis for action"),
    ("21", "Besonderheiten", "Special cases"),
];

/// Place in the order of the page, and heading.
pub(crate) fn section(code: &str) -> Option<(usize, LocalText)> {
    SECTIONS
        .iter()
        .enumerate()
        .find(|(_, (known, _, _))| *known == code)
        .map(|(at, (_, german, english))| (at, both(*german, *english)))
}

/// Delivered texts in the languages of the product; other languages are left out unless there is
/// nothing else.
pub(crate) fn local(texts: &[Text], change: impl Fn(&str) -> String) -> LocalText {
    let mut local = LocalText::default();
    for text in texts {
        if let Some(language) = Language::from_code(&text.language) {
            local
                .0
                .entry(language)
                .or_insert_with(|| change(&text.text));
        }
    }
    if local.0.is_empty()
        && let Some(first) = texts.first()
    {
        local.0.insert(Language::De, change(&first.text));
    }
    local.0.retain(|_, text| !text.is_empty());
    local
}

/// `2 Wochen`, `2 bis 4 Wochen`.
pub(crate) fn span(span: &Span) -> LocalText {
    let to = span.amount_to.as_deref();
    let unit = span.unit_to.as_deref().unwrap_or(&span.unit);
    let last = to.unwrap_or(&span.amount);
    let (german, english) = unit_words(unit, last == "1");
    let first_unit = unit_words(&span.unit, span.amount == "1");
    match to {
        Some(to) if span.unit == unit => both(
            format!("{} bis {to} {german}", span.amount),
            format!("{} to {to} {english}", span.amount),
        ),
        Some(to) => both(
            format!("{} {} bis {to} {german}", span.amount, first_unit.0),
            format!("{} {} to {to} {english}", span.amount, first_unit.1),
        ),
        None => both(
            format!("{} {german}", span.amount),
            format!("{} {english}", span.amount),
        ),
    }
}

fn unit_words(unit: &str, one: bool) -> (&str, &str) {
    match (unit, one) {
        ("JAHR", true) => ("Jahr", "year"),
        ("JAHR", false) => ("Jahre", "years"),
        ("MONAT", true) => ("Monat", "month"),
        ("MONAT", false) => ("Monate", "months"),
        ("WOCHE", true) => ("Woche", "week"),
        ("WOCHE", false) => ("Wochen", "weeks"),
        ("TAG", true) => ("Tag", "day"),
        ("TAG", false) => ("Tage", "days"),
        ("WERKTAG", true) => ("Werktag", "working day (Monday to Saturday)"),
        ("WERKTAG", false) => ("Werktage", "working days (Monday to Saturday)"),
        ("ARBEITSTAG", true) => ("Arbeitstag", "working day"),
        ("ARBEITSTAG", false) => ("Arbeitstage", "working days"),
        ("STUNDE", true) => ("Stunde", "hour"),
        ("STUNDE", false) => ("Stunden", "hours"),
        ("MINUTE", true) => ("Minute", "minute"),
        ("MINUTE", false) => ("Minuten", "minutes"),
        ("SEKUNDE", true) => ("Sekunde", "second"),
        ("SEKUNDE", false) => ("Sekunden", "seconds"),
        (other, _) => (other, other),
    }
}

/// One deadline as a line of text; nothing when it says nothing.
pub(crate) fn deadline(deadline: &Deadline, plain: impl Fn(&str) -> String) -> LocalText {
    let description = local(&deadline.description, plain);
    let objection = deadline
        .kind
        .as_ref()
        .is_some_and(|kind| kind.code == "009");
    let mut line = match (&deadline.duration, &deadline.from, &deadline.to) {
        (Some(duration), _, _) => span(duration),
        (None, Some(from), Some(to)) => both(
            format!("{} bis {}", day(from), day(to)),
            format!("{} to {}", day(from), day(to)),
        ),
        (None, Some(from), None) => {
            both(format!("ab {}", day(from)), format!("from {}", day(from)))
        }
        (None, None, Some(to)) => both(format!("bis {}", day(to)), format!("until {}", day(to))),
        (None, None, None) => return description,
    };
    if objection {
        line = prefixed("Widerspruchsfrist: ", "Time to object: ", &line);
    }
    joined(line, &description)
}

/// `2026-12-31` as `31.12.2026`; anything else as it is.
fn day(text: &str) -> String {
    text.parse::<einmal_model::Date>().map_or_else(
        |_| text.to_owned(),
        |date| einmal_model::german_date(date, Language::De),
    )
}

/// One cost as a line of text; nothing when it says nothing.
pub(crate) fn cost(cost: &Cost, plain: impl Fn(&str) -> String) -> LocalText {
    let description = local(&cost.description, plain);
    let line = if cost.free {
        both("kostenfrei", "free of charge")
    } else {
        match (&cost.fixed, &cost.minimum, &cost.maximum) {
            (Some(fixed), _, _) => both(amount(fixed), amount(fixed)),
            (None, Some(low), Some(high)) => both(
                format!("{} bis {}", amount(low), amount(high)),
                format!("{} to {}", amount(low), amount(high)),
            ),
            (None, Some(low), None) => both(
                format!("ab {}", amount(low)),
                format!("from {}", amount(low)),
            ),
            (None, None, Some(high)) => both(
                format!("bis {}", amount(high)),
                format!("up to {}", amount(high)),
            ),
            (None, None, None) => return description,
        }
    };
    joined(line, &description)
}

/// `12.5` EUR as `12,50 €`. A value that is no number stays as delivered.
fn amount(amount: &Amount) -> String {
    let currency = match amount.currency.as_str() {
        "EUR" | "" => "€",
        other => other,
    };
    let cents = amount
        .value
        .replace('.', ",")
        .parse::<einmal_model::Cents>();
    cents.map_or_else(
        |_| format!("{} {currency}", amount.value),
        |cents| format!("{cents} {currency}"),
    )
}

fn prefixed(german: &str, english: &str, text: &LocalText) -> LocalText {
    both(
        format!("{german}{}", text.in_language(Language::De)),
        format!("{english}{}", text.in_language(Language::En)),
    )
}

/// The line, followed by its description in the languages that it has.
fn joined(line: LocalText, description: &LocalText) -> LocalText {
    let mut joined = line;
    for (language, text) in &mut joined.0 {
        let more = description.in_language(*language);
        if !more.is_empty() {
            text.push_str(". ");
            text.push_str(more);
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn german(text: &LocalText) -> &str {
        text.in_language(Language::De)
    }

    #[test]
    fn spans_read_as_people_say_them() {
        let mut length = Span {
            amount: "1".to_owned(),
            unit: "MONAT".to_owned(),
            ..Span::default()
        };
        assert_eq!(german(&span(&length)), "1 Monat");
        length.amount_to = Some("3".to_owned());
        assert_eq!(german(&span(&length)), "1 bis 3 Monate");
        length.unit_to = Some("JAHR".to_owned());
        assert_eq!(german(&span(&length)), "1 Monat bis 3 Jahre");
    }

    #[test]
    fn costs_read_as_people_say_them() {
        let euro = |value: &str| {
            Some(Amount {
                value: value.to_owned(),
                currency: "EUR".to_owned(),
            })
        };
        let plain = str::to_owned;
        let fixed = Cost {
            fixed: euro("12.5"),
            ..Cost::default()
        };
        assert_eq!(german(&cost(&fixed, plain)), "12,50 €");
        let range = Cost {
            minimum: euro("5.00"),
            maximum: euro("1200"),
            ..Cost::default()
        };
        assert_eq!(german(&cost(&range, plain)), "5,00 € bis 1.200,00 €");
        assert!(cost(&Cost::default(), plain).0.is_empty());
    }
}
