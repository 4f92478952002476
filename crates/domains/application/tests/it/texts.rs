//! Every rule has a message with the name of the field and a remedy; German texts stay plain.

use einmal_application::content::RuleCode;
use einmal_model::Language;

use crate::content::birth;

#[test]
fn every_rule_has_a_message_that_names_the_field_and_the_remedy() {
    let mut seen = 0;
    for spec in birth().facts.values() {
        for rule in spec.rules() {
            for language in Language::ALL {
                let text = spec.error(rule, language);
                let place = format!("{} {rule:?} {language:?}: {text}", spec.key);
                assert!(text.split_whitespace().count() >= 3, "{place}");
                assert!(!text.contains(['{', '}', '!']), "{place}");
                let remedy = match language {
                    Language::De => [
                        "Geben Sie",
                        "Wählen Sie",
                        "Prüfen Sie",
                        "Kürzen Sie",
                        "Verwenden Sie",
                        "Nötig",
                    ]
                    .as_slice(),
                    Language::En => {
                        ["nter ", "elect ", "heck ", "horten ", "se only", "need "].as_slice()
                    }
                };
                assert!(remedy.iter().any(|word| text.contains(word)), "{place}");
                assert!(
                    !text.contains("ungültig") && !text.contains("leider"),
                    "{place}"
                );
                if rule != RuleCode::Missing && !text.contains(':') {
                    // An own text must name the field in its own words.
                    let label = spec.label.in_language(language);
                    let lower = text.to_lowercase();
                    let named = label
                        .split_whitespace()
                        .any(|word| word.len() > 4 && lower.contains(&word.to_lowercase()));
                    assert!(named, "{place}");
                }
                seen += 1;
            }
        }
    }
    assert!(seen > 200, "{seen}");
}

#[test]
fn german_question_pages_use_short_sentences_and_short_words() {
    let event = birth();
    let mut texts: Vec<String> = Vec::new();
    for question in &event.questions {
        for text in [&question.title, &question.hint] {
            texts.push(text.in_language(Language::De).to_owned());
        }
    }
    for spec in event.facts.values() {
        for text in [&spec.label, &spec.hint] {
            texts.push(text.in_language(Language::De).to_owned());
        }
        for option in &spec.options {
            texts.push(option.label.in_language(Language::De).to_owned());
        }
        for rule in spec.rules() {
            texts.push(spec.error(rule, Language::De));
        }
    }
    let mut found = Vec::new();
    for text in texts {
        for sentence in text.split(['.', '?', ':']) {
            let words: Vec<&str> = sentence.split_whitespace().collect();
            if words.len() > 15 {
                found.push(text.clone());
            }
            for word in words {
                let longest = word.split('-').map(|part| part.chars().count()).max();
                if longest > Some(27) {
                    found.push(format!("{word}: {text}"));
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}
