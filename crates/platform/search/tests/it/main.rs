//! The index from outside.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use einmal_search::{Document, Index, Matched, Query};
use proptest::prelude::*;

fn document(id: &str, title: &str, regions: &[&str]) -> Document {
    Document {
        id: id.to_owned(),
        kind: "service".to_owned(),
        title: title.to_owned(),
        regions: regions.iter().map(|key| key.parse().unwrap()).collect(),
        ..Document::default()
    }
}

fn filled() -> Index {
    let index = Index::in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    for document in [
        document("1", "Personalausweis beantragen", &[]),
        document("2", "Führerschein umtauschen", &["110000000000"]),
        document("3", "Führerschein ersetzen", &["040000000000"]),
        Document {
            synonyms: "Hundesteuer anmelden, Hundehaltung".to_owned(),
            body: "Wer einen Hund hält, meldet ihn an. Der Personalausweis genügt.".to_owned(),
            keys: vec!["99102013104000".to_owned()],
            ..document("4", "Hund anmelden", &["040120000000"])
        },
        Document {
            kind: "life-event".to_owned(),
            ..document("5", "Geburt eines Kindes", &[])
        },
    ] {
        writer.replace(&document).unwrap();
    }
    writer.commit().unwrap();
    index
}

fn ids(index: &Index, query: &Query<'_>) -> Vec<String> {
    let hits = index.search(query).unwrap();
    hits.into_iter().map(|hit| hit.id).collect()
}

fn words(words: &str) -> Query<'_> {
    Query {
        words,
        ..Query::default()
    }
}

#[test]
fn finds_by_word_form_and_spelling() {
    let index = filled();
    assert_eq!(ids(&index, &words("fuehrerscheine umtausch")), ["2"]);
    assert_eq!(ids(&index, &words("Wie melde ich meinen Hund an?")), ["4"]);
    assert_eq!(ids(&index, &words("99102013104000")), ["4"]);
}

#[test]
fn the_title_weighs_more_than_the_text() {
    assert_eq!(ids(&filled(), &words("personalausweis")), ["1", "4"]);
}

#[test]
fn finds_parts_of_compounds() {
    assert_eq!(ids(&filled(), &words("ausweis")), ["1"]);
}

#[test]
fn guesses_only_when_nothing_fits_exactly() {
    let index = filled();
    let hits = index.search(&words("personalauswies")).unwrap();
    assert_eq!(hits.first().unwrap().id, "1");
    assert_eq!(hits.first().unwrap().matched, Matched::Similar);
    let exact = index.search(&words("führerschein ersetzen")).unwrap();
    assert!(exact.iter().all(|hit| hit.matched == Matched::Words));
    let some = index.search(&words("führerschein raketenstart")).unwrap();
    assert!(some.iter().all(|hit| hit.matched == Matched::Some));
    assert_eq!(some.len(), 2);
}

#[test]
fn finds_nothing_where_there_is_nothing() {
    let index = filled();
    for nothing in ["", "   ", "?!", "xylophonquarz"] {
        assert_eq!(
            ids(&index, &words(nothing)),
            Vec::<String>::new(),
            "{nothing}"
        );
    }
}

#[test]
fn a_place_keeps_what_holds_there() {
    let index = filled();
    let at = |ars: &str| {
        let query = Query {
            place: Some(ars.parse().unwrap()),
            ..words("führerschein")
        };
        ids(&index, &query)
    };
    assert_eq!(at("040120000000"), ["3"]);
    assert_eq!(at("110000000000"), ["2"]);
    assert!(at("010010000000").is_empty());
    let everywhere = Query {
        place: Some("010010000000".parse().unwrap()),
        ..words("personalausweis")
    };
    assert_eq!(ids(&index, &everywhere), ["1"]);
}

#[test]
fn a_kind_can_be_asked_for() {
    let index = filled();
    let query = Query {
        kind: Some("life-event"),
        ..words("geburt")
    };
    assert_eq!(ids(&index, &query), ["5"]);
    let query = Query {
        kind: Some("service"),
        ..words("geburt")
    };
    assert!(ids(&index, &query).is_empty());
}

#[test]
fn replaces_deletes_and_undoes() {
    let index = filled();
    let mut writer = index.writer().unwrap();
    writer
        .replace(&document("1", "Reisepass beantragen", &[]))
        .unwrap();
    writer.delete("4").unwrap();
    writer.delete("never there").unwrap();
    assert_eq!(index.len(), 5);
    writer.commit().unwrap();
    assert_eq!(index.len(), 4);
    assert!(ids(&index, &words("personalausweis")).is_empty());
    assert_eq!(ids(&index, &words("reisepass")), ["1"]);

    let mut writer = index.writer().unwrap();
    writer.clear().unwrap();
    drop(writer);
    let mut writer = index.writer().unwrap();
    writer.add(&document("9", "Ballon", &[])).unwrap();
    writer.commit().unwrap();
    assert_eq!(index.len(), 5);
}

#[test]
fn a_folder_keeps_the_index_and_a_broken_one_starts_empty() {
    let folder = tempfile::tempdir().unwrap();
    let index = Index::in_folder(folder.path()).unwrap();
    assert!(index.is_empty());
    let mut writer = index.writer().unwrap();
    writer.add(&document("1", "Reisepass", &[])).unwrap();
    writer.commit().unwrap();
    drop(index);
    assert_eq!(Index::in_folder(folder.path()).unwrap().len(), 1);
    std::fs::write(folder.path().join("meta.json"), "{}").unwrap();
    assert!(Index::in_folder(folder.path()).unwrap().is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn no_question_makes_the_search_fail(words in "\\PC{0,60}") {
        let index = filled();
        index.search(&Query { words: &words, ..Query::default() }).unwrap();
    }
}
