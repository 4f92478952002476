//! German analysis: words in lower case, reduced to their stem. The stemmer treats umlauts and
//! their two-letter spellings alike, so that `Führerschein` and `fuehrerschein` meet.

use tantivy::tokenizer::{
    Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, TextAnalyzer,
};

/// Name under which the index keeps the analyser.
pub(crate) const GERMAN: &str = "german";

/// Longer words are noise, and cost memory.
const LONGEST_WORD: usize = 80;

pub(crate) fn german() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(LONGEST_WORD))
        .filter(LowerCaser)
        .filter(Stemmer::new(Language::German))
        .build()
}

/// Words that people type around what they look for. Only queries drop them.
const FILLERS: &[&str] = &[
    "aber", "als", "am", "an", "auf", "aus", "bei", "beim", "bin", "bis", "brauche", "da", "das",
    "dass", "dem", "den", "der", "des", "die", "dies", "diese", "du", "ein", "eine", "einem",
    "einen", "einer", "er", "es", "für", "fuer", "habe", "haben", "hat", "hier", "ich", "ihr",
    "im", "in", "ist", "kann", "mein", "meine", "meinem", "meinen", "meiner", "mich", "mir", "mit",
    "möchte", "moechte", "muss", "nach", "nicht", "noch", "oder", "sich", "sie", "sind", "so",
    "soll", "über", "ueber", "um", "und", "uns", "unser", "unsere", "unserem", "vom", "von", "vor",
    "wann", "was", "wegen", "wenn", "wer", "wie", "will", "wir", "wird", "wo", "woher", "zu",
    "zum", "zur", "a", "an", "and", "do", "for", "how", "i", "my", "need", "of", "the", "to",
    "want", "where",
];

/// Words that say only that somebody wants something. They may be missing in a document.
const WISHES: &[&str] = &[
    "antrag",
    "anträge",
    "beantragen",
    "bekomme",
    "bekommen",
    "benötige",
    "brauchen",
    "erhalten",
    "erledigen",
    "geht",
    "machen",
    "stellen",
    "werden",
    "apply",
    "get",
    "application",
];

/// One analysed word of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// The stem.
    pub(crate) stem: String,
    /// True when a document should have it; false for words such as "beantragen".
    pub(crate) carries: bool,
}

/// The words of a query, analysed; fillers are dropped unless nothing else is left.
pub(crate) fn query_words(text: &str, limit: usize) -> Vec<Word> {
    let typed: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(limit)
        .map(str::to_lowercase)
        .collect();
    let is = |list: &[&str], word: &String| list.contains(&word.as_str());
    let kept: Vec<&String> = typed.iter().filter(|word| !is(FILLERS, word)).collect();
    let kept = if kept.is_empty() {
        typed.iter().collect()
    } else {
        kept
    };
    let only_wishes = kept.iter().all(|word| is(WISHES, word));
    let mut analyser = german();
    let mut words: Vec<Word> = Vec::with_capacity(kept.len());
    for word in kept {
        let carries = only_wishes || !is(WISHES, word);
        let mut stream = analyser.token_stream(word);
        while stream.advance() {
            let stem = stream.token().text.clone();
            if !words.iter().any(|known| known.stem == stem) {
                words.push(Word { stem, carries });
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(word: &str) -> String {
        query_words(word, 8).remove(0).stem
    }

    #[test]
    fn spellings_and_forms_of_a_word_meet() {
        for (left, right) in [
            ("Führerschein", "fuehrerschein"),
            ("Straße", "STRASSE"),
            ("Gebühren", "Gebühr"),
            ("Anmeldungen", "Anmeldung"),
            ("Geburtsurkunden", "geburtsurkunde"),
        ] {
            assert_eq!(one(left), one(right));
        }
    }

    #[test]
    fn fillers_leave_unless_they_are_all_there_is() {
        assert_eq!(query_words("Wo melde ich mein Kind an?", 20).len(), 2);
        assert_eq!(query_words("wer, wie, was", 20).len(), 3);
        assert!(query_words(" ?!. ", 20).is_empty());
        let words = query_words("Elterngeld beantragen", 20);
        let carrying: Vec<bool> = words.iter().map(|word| word.carries).collect();
        assert_eq!(carrying, [true, false]);
        assert!(
            query_words("beantragen", 20)
                .iter()
                .all(|word| word.carries)
        );
    }
}
