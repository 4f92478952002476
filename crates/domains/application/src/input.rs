//! Reads what people type. Sloppy input is fine: blanks in an IBAN, dots or blanks in a date,
//! superfluous spaces. What is wrong is named by a [`RuleCode`].

use std::collections::BTreeMap;

use einmal_model::Date;

use crate::content::{FactKind, FactSpec, Question, RuleCode};
use crate::value::{Answer, FactValue};
use crate::view::Place;

/// A posted page: name of the input → what was typed. Unknown names are ignored.
pub type PageInput = BTreeMap<String, String>;

/// Longest text that is looked at, in bytes; the rest of the checks see a cut text and refuse it
/// by its length.
const MAX_TYPED: usize = 4_000;

/// What the directory of places found for each typed text.
pub type FoundPlaces = BTreeMap<String, Vec<Place>>;

/// The texts to look up in the directory of places before a page can be read.
#[must_use]
pub fn place_queries(
    question: &Question,
    facts: &BTreeMap<String, FactSpec>,
    input: &PageInput,
) -> Vec<String> {
    question
        .facts
        .iter()
        .filter_map(|fact| facts.get(fact))
        .filter(|spec| matches!(spec.kind, FactKind::Place { .. }))
        .map(|spec| typed(input, &spec.key))
        .filter(|typed| !typed.is_empty() && typed.len() <= 200)
        .collect()
}

/// What was typed into one input, with single spaces.
#[must_use]
pub fn typed(input: &PageInput, name: &str) -> String {
    let text = input.get(name).map(String::as_str).unwrap_or_default();
    let cut = text
        .char_indices()
        .take_while(|(at, _)| *at < MAX_TYPED)
        .map(|(_, character)| character);
    let cleaned: String = cut
        .map(|character| {
            if character.is_control() || character.is_whitespace() {
                ' '
            } else {
                character
            }
        })
        .collect();
    cleaned
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// What one field needs besides the input.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The civil date in Germany.
    pub today: Date,
    /// What the directory of places found.
    pub places: &'a FoundPlaces,
    /// The stored answer, to recognise an unchanged place.
    pub stored: Option<&'a Answer>,
}

/// Reads one field. Nothing when an optional field is empty.
///
/// # Errors
/// The rule that the input breaks.
pub fn read(
    spec: &FactSpec,
    input: &PageInput,
    context: Context<'_>,
) -> Result<Option<FactValue>, RuleCode> {
    let text = match spec.kind {
        FactKind::Date { .. } => typed_date(input, &spec.key),
        _ => typed(input, &spec.key),
    };
    if text.is_empty() {
        return if spec.optional {
            Ok(None)
        } else {
            Err(RuleCode::Missing)
        };
    }
    let value = match spec.kind {
        FactKind::Text => FactValue::Text(bounded(spec, text)?),
        FactKind::Name => FactValue::Text(name(bounded(spec, text)?)?),
        FactKind::Date { past } => FactValue::Date(date(&text, past, context.today)?),
        FactKind::Bool => match text.as_str() {
            "yes" => FactValue::Bool(true),
            "no" => FactValue::Bool(false),
            _ => return Err(RuleCode::Option),
        },
        FactKind::Choice => match spec.options.iter().find(|option| option.code == text) {
            Some(option) => FactValue::Choice(option.code.clone()),
            None => return Err(RuleCode::Option),
        },
        FactKind::Number => FactValue::Number(number(spec, &text)?),
        FactKind::Place { postcode } => {
            FactValue::Place(place(spec, &text, input, postcode, context)?)
        }
        FactKind::Iban => FactValue::Text(iban(&text).ok_or(RuleCode::Iban)?),
        FactKind::TaxId => FactValue::Text(tax_id(&text).ok_or(RuleCode::TaxId)?),
        FactKind::Email => FactValue::Text(email(bounded(spec, text)?)?),
        FactKind::Phone => FactValue::Text(phone(bounded(spec, text)?)?),
    };
    Ok(Some(value))
}

fn bounded(spec: &FactSpec, text: String) -> Result<String, RuleCode> {
    let length = text.chars().count();
    if spec.max_length.is_some_and(|max| length > max) {
        return Err(RuleCode::TooLong);
    }
    if spec.min_length.is_some_and(|min| length < min) {
        return Err(RuleCode::TooShort);
    }
    Ok(text)
}

/// Letters with their marks, spaces, and the signs that occur in names (DIN 91379, without digits).
fn name(text: String) -> Result<String, RuleCode> {
    let fits = |character: char| {
        character.is_alphabetic()
            || matches!(
                character,
                ' ' | '-' | '‐' | '–' | '\'' | '’' | 'ʼ' | 'ʹ' | 'ʺ' | '.' | ','
            )
            || ('\u{300}'..='\u{36f}').contains(&character)
    };
    let has_letter = text.chars().any(char::is_alphabetic);
    if has_letter && text.chars().all(fits) {
        Ok(text)
    } else {
        Err(RuleCode::Characters)
    }
}

/// A date from one input or from day, month and year.
#[must_use]
pub fn typed_date(input: &PageInput, key: &str) -> String {
    let parts: Vec<String> = ["day", "month", "year"]
        .iter()
        .map(|part| typed(input, &format!("{key}.{part}")))
        .collect();
    if parts.iter().all(String::is_empty) {
        typed(input, key)
    } else {
        parts.join(".")
    }
}

const MONTHS: [[&str; 3]; 12] = [
    ["januar", "january", "jänner"],
    ["februar", "february", "feber"],
    ["märz", "march", "maerz"],
    ["april", "april", "apr"],
    ["mai", "may", "mai"],
    ["juni", "june", "jun"],
    ["juli", "july", "jul"],
    ["august", "august", "aug"],
    ["september", "september", "sept"],
    ["oktober", "october", "okt"],
    ["november", "november", "nov"],
    ["dezember", "december", "dez"],
];

fn date(text: &str, past: bool, today: Date) -> Result<Date, RuleCode> {
    let iso = text.len() == 10
        && text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    let parsed = if iso {
        text.parse::<Date>().ok()
    } else {
        german_order(text)
    };
    let date = parsed.ok_or(RuleCode::NotADate)?;
    if past && date > today {
        return Err(RuleCode::Future);
    }
    if date.year() < 1900 {
        return Err(RuleCode::TooOld);
    }
    Ok(date)
}

fn german_order(text: &str) -> Option<Date> {
    let lower = text.to_lowercase();
    let parts: Vec<&str> = lower
        .split(|c: char| c.is_whitespace() || matches!(c, '.' | '/' | '-' | ','))
        .filter(|part| !part.is_empty())
        .collect();
    let &[day, month, year] = parts.as_slice() else {
        return None;
    };
    let day: i8 = day.parse().ok()?;
    let month: i8 = match month.parse() {
        Ok(number) => number,
        Err(_) => {
            let index = MONTHS.iter().position(|names| names.contains(&month))?;
            i8::try_from(index + 1).ok()?
        }
    };
    if year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month, day).ok()
}

fn number(spec: &FactSpec, text: &str) -> Result<i64, RuleCode> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let plain = digits.strip_prefix('-').unwrap_or(&digits);
    if plain.is_empty() || !plain.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(RuleCode::NotANumber);
    }
    let too_far = if digits.starts_with('-') {
        i64::MIN
    } else {
        i64::MAX
    };
    let number = digits.parse::<i64>().unwrap_or(too_far);
    if spec.min.is_some_and(|min| number < min) {
        return Err(RuleCode::Below);
    }
    if spec.max.is_some_and(|max| number > max) {
        return Err(RuleCode::Above);
    }
    Ok(number)
}

fn place(
    spec: &FactSpec,
    text: &str,
    input: &PageInput,
    postcode_needed: bool,
    context: Context<'_>,
) -> Result<Place, RuleCode> {
    let stored = context.stored.and_then(|answer| match &answer.fact.value {
        FactValue::Place(place) => Some(place),
        _ => None,
    });
    let chosen = typed(input, &format!("{}.choice", spec.key));
    let found = context.places.get(text).map_or(&[][..], Vec::as_slice);
    let mut place = match (stored, found) {
        (Some(stored), _) if chosen.is_empty() && place_text(stored) == text => stored.clone(),
        (_, []) => return Err(RuleCode::NoPlace),
        (_, [one]) => one.clone(),
        (_, several) => several
            .iter()
            .find(|place| place.ars.as_str() == chosen)
            .cloned()
            .ok_or(RuleCode::SeveralPlaces)?,
    };
    let typed_postcode = text
        .split(|c: char| !c.is_ascii_digit())
        .find(|digits| digits.len() == 5);
    if let Some(postcode) = typed_postcode {
        place.postcode = Some(postcode.to_owned());
    }
    if postcode_needed && place.postcode.is_none() {
        return Err(RuleCode::Postcode);
    }
    Ok(place)
}

/// A place as one line: `28195 Bremen`.
#[must_use]
pub fn place_text(place: &Place) -> String {
    match &place.postcode {
        Some(postcode) => format!("{postcode} {}", place.name),
        None => place.name.clone(),
    }
}

/// An IBAN in its electronic form, if its length and its check digits hold (ISO 13616, ISO 7064
/// MOD 97-10).
#[must_use]
pub fn iban(text: &str) -> Option<String> {
    let compact: String = text
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || !(c.is_whitespace() || matches!(c, '-' | '.')))
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let country = compact.get(..2)?;
    let shape = compact
        .bytes()
        .enumerate()
        .all(|(index, byte)| match index {
            0 | 1 => byte.is_ascii_uppercase(),
            2 | 3 => byte.is_ascii_digit(),
            _ => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
        });
    let length_fits = match country {
        "DE" => compact.len() == 22 && compact.bytes().skip(4).all(|byte| byte.is_ascii_digit()),
        "AT" => compact.len() == 20,
        "CH" => compact.len() == 21,
        "NL" | "DK" => compact.len() == 18 || country == "DK",
        "FR" | "IT" => compact.len() == 27,
        "PL" => compact.len() == 28,
        _ => (15..=34).contains(&compact.len()),
    };
    if !shape || !length_fits {
        return None;
    }
    let remainder =
        compact
            .bytes()
            .cycle()
            .skip(4)
            .take(compact.len())
            .fold(0_u32, |rest, byte| match byte {
                b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
                _ => (rest * 100 + u32::from(byte.saturating_sub(b'A')) + 10) % 97,
            });
    (remainder == 1).then_some(compact)
}

/// A tax identification number of 11 digits, if its check digit holds (ISO 7064 MOD 11,10) and
/// among the first ten digits exactly one occurs two or three times. Synthetic numbers for tests
/// begin with 0 and pass.
#[must_use]
pub fn tax_id(text: &str) -> Option<String> {
    let compact: String = text
        .chars()
        .filter(|c| !(c.is_whitespace() || matches!(c, '/' | '-' | '.')))
        .collect();
    if compact.len() != 11 || !compact.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits: Vec<u32> = compact.chars().filter_map(|c| c.to_digit(10)).collect();
    let (check, body) = digits.split_last()?;
    let mut repeated = 0;
    for digit in 0..10 {
        match body.iter().filter(|other| **other == digit).count() {
            0 | 1 => {}
            2 | 3 => repeated += 1,
            _ => return None,
        }
    }
    let product = body.iter().fold(10_u32, |product, digit| {
        let sum = match (digit + product) % 10 {
            0 => 10,
            sum => sum,
        };
        (2 * sum) % 11
    });
    let expected = (11 - product) % 10;
    (repeated == 1 && expected == *check).then_some(compact)
}

fn email(text: String) -> Result<String, RuleCode> {
    let fits = text.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && !domain.contains('@')
            && domain.split('.').count() >= 2
            && domain.split('.').all(|part| !part.is_empty())
            && !text.contains([' ', ',', ';', '<', '>', '"'])
    });
    if fits { Ok(text) } else { Err(RuleCode::Email) }
}

fn phone(text: String) -> Result<String, RuleCode> {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let fits = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '/' | '(' | ')' | '.'));
    if fits && (3..=20).contains(&digits) {
        Ok(text)
    } else {
        Err(RuleCode::Phone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TODAY: Date = Date::constant(2026, 11, 23);

    #[test]
    fn reads_dates_as_people_write_them() {
        for text in [
            "7.11.2026",
            "07.11.2026",
            "7 11 2026",
            "7/11/2026",
            "7. November 2026",
            "7-11-2026",
            "2026-11-07",
        ] {
            let expected = Ok(Date::constant(2026, 11, 7));
            assert_eq!(date(text, true, TODAY), expected, "{text}");
        }
        for text in [
            "31.11.2026",
            "7.11.26",
            "7.11.",
            "gestern",
            "1.2.3.2026",
            "٧.11.2026",
        ] {
            assert_eq!(date(text, true, TODAY), Err(RuleCode::NotADate), "{text}");
        }
        assert_eq!(date("24.11.2026", true, TODAY), Err(RuleCode::Future));
        assert!(date("24.11.2026", false, TODAY).is_ok());
        assert_eq!(date("1.1.1899", true, TODAY), Err(RuleCode::TooOld));
    }

    #[test]
    fn checks_the_digits_of_an_iban() {
        let good = Some("DE89370400440532013000".to_owned());
        assert_eq!(iban("DE89 3704 0044 0532 0130 00"), good);
        assert_eq!(iban("de89-3704-0044-0532-0130-00"), good);
        assert!(iban("GB82 WEST 1234 5698 7654 32").is_some());
        for wrong in [
            "DE89370400440532013001",
            "DE8937040044053201300",
            "DE8937040044053201300A",
            "89370400440532013000",
            "",
            "DÉ89370400440532013000",
        ] {
            assert_eq!(iban(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn checks_the_digits_of_a_tax_id() {
        // The first is the published test number; the second is synthetic (it begins with 0).
        assert!(tax_id("86 095 742 719").is_some());
        assert!(tax_id("01234567811").is_none());
        let synthetic = (0..10)
            .filter_map(|check| tax_id(&format!("0123456788{check}")))
            .count();
        assert_eq!(synthetic, 1);
        for wrong in ["86095742718", "8609574271", "860957427190", "8609574271a"] {
            assert_eq!(tax_id(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn names_may_be_foreign_but_hold_no_digits() {
        for good in ["Đặng Thị", "Ḥusayn", "D’Angelo-Müller", "Jr. O'Neill"] {
            assert!(name(good.to_owned()).is_ok(), "{good}");
        }
        for wrong in ["K3vin", "<b>", "-", "a@b"] {
            assert!(name(wrong.to_owned()).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn nothing_typed_makes_the_readers_panic(text in "\\PC{0,40}") {
            let _ = (iban(&text), tax_id(&text), date(&text, true, TODAY));
            let _ = (email(text.clone()), phone(text.clone()), name(text));
        }

        #[test]
        fn one_changed_digit_never_passes(at in 2_usize..22, digit in 0_u8..10) {
            let mut bytes = b"DE89370400440532013000".to_vec();
            prop_assume!(bytes[at] != b'0' + digit);
            bytes[at] = b'0' + digit;
            prop_assert_eq!(iban(&String::from_utf8(bytes).unwrap()), None);
        }
    }
}
