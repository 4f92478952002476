//! What an import writes, deletes, ignores and counts.

use einmal_catalogue::{Catalogue, Counts, Question};
use einmal_storage::both_databases;

use crate::{catalogue, folder, import, import_xml, xml};

fn counts(service: u64, organisation: u64, online_service: u64, responsibility: u64) -> Counts {
    Counts {
        service,
        organisation,
        online_service,
        responsibility,
    }
}

async fn title(catalogue: &Catalogue, id: &str) -> Option<String> {
    let page = catalogue.service(&id.parse().unwrap()).await.unwrap()?;
    Some(
        page.title
            .in_language(einmal_model::Language::De)
            .to_owned(),
    )
}

async fn answers(catalogue: &Catalogue, ars: &str) -> Vec<String> {
    let question = Question {
        leika: "99102013104000".to_owned(),
        ars: ars.parse().unwrap(),
        role: "01".to_owned(),
        date: catalogue.today(),
    };
    let candidates = catalogue.responsible(&question).await.unwrap();
    candidates
        .iter()
        .map(|candidate| candidate.object.to_string())
        .collect()
}

both_databases! {
    async fn counts_what_it_did(test: TestDb) {
        let catalogue = catalogue(&test).await;
        let body = xml::delete("Leistung", "1")
            + &xml::service("1", "Alte Fassung")
            + &xml::service("1", "Neue Fassung")
            + &xml::service("2", "Zweite")
            + &xml::delete("Leistung", "2")
            + &xml::delete("Leistung", "2")
            + &xml::delete("LeistungSpezialisierung", "2")
            + &xml::office("1")
            + &xml::responsibility("1", "1", "1", "010010000000")
            + &xml::online("1", &["10", "11"]);
        let summary = import_xml(&catalogue, &body).await;
        assert_eq!(summary.written, counts(3, 1, 1, 3));
        assert_eq!(summary.deleted, counts(1, 0, 0, 0));
        assert_eq!(summary.ignored_deletes, 3);
        assert_eq!((summary.rejected_files.len(), summary.warnings), (0, 0));
        assert_eq!(catalogue.counts(Some("A1")).await.unwrap(), counts(1, 1, 1, 3));
        assert_eq!(catalogue.counts(Some("B2")).await.unwrap(), Counts::default());
        assert_eq!(title(&catalogue, "A1.LB.1").await.as_deref(), Some("Neue Fassung"));
        assert_eq!(title(&catalogue, "A1.LB.2").await, None);

        let json = serde_json::to_value(&summary).unwrap();
        let expected = serde_json::json!({
            "written": {"service": 3, "organisation": 1, "online_service": 1, "responsibility": 3},
            "deleted": {"service": 1, "organisation": 0, "online_service": 0, "responsibility": 0},
            "ignored_deletes": 3, "rejected_files": [], "warnings": 0
        });
        assert_eq!(json, expected);
    }

    async fn importing_again_changes_nothing(test: TestDb) {
        let catalogue = catalogue(&test).await;
        let body = xml::service("1", "Eine") + &xml::office("1")
            + &xml::responsibility("1", "1", "1", "010010000000") + &xml::online("1", &["10"]);
        let first = import_xml(&catalogue, &body).await;
        let before = catalogue.counts(None).await.unwrap();
        assert_eq!(import_xml(&catalogue, &body).await, first);
        assert_eq!(catalogue.counts(None).await.unwrap(), before);
    }

    async fn a_write_replaces_the_object_with_all_its_parts(test: TestDb) {
        let catalogue = catalogue(&test).await;
        let body = xml::service("1", "Eine") + &xml::office("1") + &xml::office("2")
            + &xml::responsibility("1", "1", "1", "010010000000")
            + &xml::online("1", &["10", "11"]);
        import_xml(&catalogue, &body).await;
        assert_eq!(answers(&catalogue, "010010000000").await, ["A1.OE.1", "A1.OD.1"]);

        // Another area, another office; one embedded responsibility less.
        let body = xml::responsibility("1", "2", "1", "010020000000") + &xml::online("1", &["11"]);
        import_xml(&catalogue, &body).await;
        assert_eq!(catalogue.counts(None).await.unwrap(), counts(1, 2, 1, 2));
        assert_eq!(answers(&catalogue, "010010000000").await, ["A1.OD.1"]);
        assert_eq!(answers(&catalogue, "010020000000").await, ["A1.OE.2", "A1.OD.1"]);

        // Twice in one delivery: the last one counts, also for what is embedded.
        let body = xml::online("1", &["12", "13"]) + &xml::online("1", &["14"]);
        import_xml(&catalogue, &body).await;
        assert_eq!(catalogue.counts(None).await.unwrap(), counts(1, 2, 1, 2));
        let body = xml::online("1", &["15"]) + &xml::delete("Onlinedienst", "1");
        import_xml(&catalogue, &body).await;
        assert_eq!(catalogue.counts(None).await.unwrap(), counts(1, 2, 0, 1));
    }

    async fn what_refers_to_nothing_is_kept_and_answers_nothing(test: TestDb) {
        let catalogue = catalogue(&test).await;
        let body = xml::service("1", "Eine") + &xml::office("1")
            + &xml::responsibility("1", "77", "1", "010010000000")
            + &xml::responsibility("2", "1", "78", "010010000000")
            + &xml::responsibility("3", "1", "1", "10010000000")
            + &xml::responsibility("4", "1", "1", "010990077077");
        let summary = import_xml(&catalogue, &body).await;
        assert_eq!(summary.warnings, 1, "the key of eleven digits");
        assert_eq!(catalogue.counts(None).await.unwrap(), counts(1, 1, 0, 4));
        assert!(answers(&catalogue, "010010000000").await.is_empty());
        assert_eq!(answers(&catalogue, "010990077077").await, ["A1.OE.1"]);
        // What was missing arrives later.
        import_xml(&catalogue, &xml::office("77")).await;
        assert_eq!(answers(&catalogue, "010010000000").await, ["A1.OE.77"]);
    }

    async fn one_faulty_file_drops_its_edition_and_no_other(test: TestDb) {
        let catalogue = catalogue(&test).await;
        import_xml(&catalogue, &xml::service("9", "Bestand")).await;
        let editions = tempfile::tempdir().unwrap();
        let good = xml::message(&xml::service("1", "Gut"));
        let broken = xml::message("<x:schreibe><x:leistung/></x:schreibe>");
        for (edition, files) in [
            ("a", vec![("1.xml", &good), ("2.xml", &broken)]),
            ("b", vec![("1.xml", &good)]),
        ] {
            let path = editions.path().join(edition);
            std::fs::create_dir(&path).unwrap();
            let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
            std::fs::write(path.join("index.txt"), names.join("\r\n")).unwrap();
            for (name, content) in files {
                std::fs::write(path.join(name), content.replace("A1", edition)).unwrap();
            }
        }
        std::fs::create_dir(editions.path().join("c")).unwrap();
        std::fs::write(editions.path().join("c/index.txt"), "\n \r\n").unwrap();
        let summary = import(&catalogue, editions.path()).await;
        let codes: Vec<&str> = summary.rejected_files.iter().map(|file| file.code.as_str()).collect();
        assert_eq!(codes, ["missing", "empty-index"]);
        let [first, _] = summary.rejected_files.as_slice() else { unreachable!() };
        assert!(first.file.ends_with("2.xml"));
        assert_eq!((first.line, first.column), (Some(2), Some(1)));
        assert_eq!(summary.written, counts(1, 0, 0, 0));
        assert_eq!(title(&catalogue, "a.LB.1").await, None);
        assert_eq!(title(&catalogue, "b.LB.1").await.as_deref(), Some("Gut"));
        assert_eq!(title(&catalogue, "A1.LB.9").await.as_deref(), Some("Bestand"));
    }

    async fn follows_the_order_of_the_index(test: TestDb) {
        let catalogue = catalogue(&test).await;
        let folder = folder(&[
            ("a.xml", &xml::message(&xml::service("1", "Spaet"))),
            ("b.xml", &xml::message(&xml::service("1", "Frueh"))),
            ("c.xml", "not listed"),
            ("index.txt", "\u{feff}b.xml  \r\n\r\na.xml\r\n"),
        ]);
        let summary = import(&catalogue, folder.path()).await;
        assert!(summary.rejected_files.is_empty(), "{summary:?}");
        assert_eq!(title(&catalogue, "A1.LB.1").await.as_deref(), Some("Spaet"));
    }
}
