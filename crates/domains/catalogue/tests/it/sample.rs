//! A generated delivery of all seventeen editions with known answers, and the real catalogue.

use std::collections::BTreeMap;
use std::path::Path;

use einmal_catalogue::{Catalogue, Counts, Question};
use einmal_storage::both_databases;
use serde::Deserialize;

use crate::{catalogue, import, material};

#[derive(Deserialize)]
struct Live {
    leistung: u64,
    organisationseinheit: u64,
    onlinedienst: u64,
    zustaendigkeit: u64,
}

/// The lines must be the same text, so that nothing of the form can slip.
async fn check_answers(catalogue: &Catalogue, file: &Path) {
    let mut lines = 0;
    for line in std::fs::read_to_string(file).unwrap().lines() {
        let mut expected: serde_json::Value = serde_json::from_str(line).unwrap();
        let id = expected.as_object_mut().unwrap().remove("id");
        let question: Question = serde_json::from_str(line).unwrap();
        let answer = catalogue.answer(question).await.unwrap();
        assert_eq!(
            serde_json::to_value(&answer).unwrap(),
            expected,
            "question {id:?}"
        );
        lines += 1;
    }
    assert_eq!(lines, 800);
}

async fn check_counts(catalogue: &Catalogue, file: &Path) {
    let text = std::fs::read_to_string(file).unwrap();
    let all: BTreeMap<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
    let mut editions = 0;
    for (edition, value) in all {
        let Some(live) = value.get("live").filter(|_| edition != "total") else {
            continue;
        };
        let live = Live::deserialize(live).unwrap();
        let expected = Counts {
            service: live.leistung,
            organisation: live.organisationseinheit,
            online_service: live.onlinedienst,
            responsibility: live.zustaendigkeit,
        };
        assert_eq!(
            catalogue.counts(Some(&edition)).await.unwrap(),
            expected,
            "{edition}"
        );
        editions += 1;
    }
    assert_eq!(editions, 17);
}

both_databases! {
    async fn the_sample_delivery_gives_the_known_answers(test: TestDb) {
        let Some(sample) = material("xzufi/sample") else { return };
        let catalogue = catalogue(&test).await;
        let summary = import(&catalogue, &sample.join("voll")).await;
        assert!(summary.rejected_files.is_empty(), "{:?}", summary.rejected_files);
        assert_eq!(summary.warnings, 0);
        check_counts(&catalogue, &sample.join("expected/counts.json")).await;
        check_answers(&catalogue, &sample.join("expected/responsibility.jsonl")).await;

        let summary = import(&catalogue, &sample.join("delta")).await;
        assert!(summary.rejected_files.is_empty(), "{:?}", summary.rejected_files);
        check_counts(&catalogue, &sample.join("expected/delta/counts.json")).await;
        check_answers(&catalogue, &sample.join("expected/delta/responsibility.jsonl")).await;
    }

    async fn the_real_catalogue_is_taken_over_completely(test: TestDb) {
        let Some(path) = material("xzufi/real_catalogue.xml.gz") else { return };
        let catalogue = catalogue(&test).await;
        let summary = import(&catalogue, &path).await;
        let expected = Counts {
            service: 5701,
            organisation: 0,
            online_service: 223,
            responsibility: 374,
        };
        assert_eq!((summary.written, summary.warnings), (expected, 0));
        assert_eq!(catalogue.counts(None).await.unwrap(), expected);
        let id = "B100019.LB.574711".parse().unwrap();
        let page = catalogue.service(&id).await.unwrap().unwrap();
        assert_eq!(
            page.title.in_language(einmal_model::Language::De),
            "Ausbildungsgeld beantragen"
        );
        assert!(page.sections.iter().any(|section| section.code == "09"));
        assert!(!page.costs.is_empty());
        let offices = catalogue
            .offices(&id, &page.keys, "040120000000".parse().unwrap(), catalogue.today())
            .await
            .unwrap();
        assert!(!offices.online.is_empty());
        assert!(offices.responsible.is_empty());
    }
}
