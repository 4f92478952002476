//! The embedded catalogue carries the story of a birth in Bremerhaven.

use einmal_catalogue::{Catalogue, HitKind, Offices, SearchQuery};
use einmal_model::Language;
use einmal_storage::both_databases;

use crate::catalogue;

const BREMEN: &str = "040110000000";
const BREMERHAVEN: &str = "040120000000";

async fn destination(catalogue: &Catalogue, leika: &str, ars: &str) -> (String, Option<String>) {
    let office = catalogue
        .destination_for(leika, ars.parse().unwrap(), catalogue.today())
        .await
        .unwrap()
        .unwrap();
    (
        office.name.in_language(Language::De).to_owned(),
        office.destination,
    )
}

async fn offices(catalogue: &Catalogue, leika: &str, ars: &str) -> Offices {
    let ars = ars.parse().unwrap();
    let page = catalogue
        .service_for(leika, Some(ars))
        .await
        .unwrap()
        .unwrap();
    catalogue
        .offices(&page.id, &page.keys, ars, catalogue.today())
        .await
        .unwrap()
}

both_databases! {
    async fn every_leg_of_the_birth_finds_its_authority(test: TestDb) {
        let catalogue = catalogue(&test).await;
        let summary = catalogue.import_demonstration().await.unwrap();
        assert!(summary.rejected_files.is_empty(), "{summary:?}");
        assert_eq!(summary.warnings, 0);
        let id = |last| Some(format!("0d3e0000-0000-4000-8000-00000000000{last}"));
        for (leika, ars, name, expected) in [
            ("99027002012000", BREMERHAVEN, "Standesamt Bremerhaven", id(1)),
            ("99041008017000", BREMEN, "Familienkasse Bremen", id(2)),
            ("99041008017000", BREMERHAVEN, "Familienkasse Bremen", id(2)),
            ("99041006017000", BREMEN, "Elterngeldstelle Bremen", id(3)),
            ("99027002012000", BREMEN, "Standesamt Bremen-Mitte", None),
            ("99041006017000", BREMERHAVEN, "Elterngeldstelle Bremerhaven", None),
        ] {
            assert_eq!(
                destination(&catalogue, leika, ars).await,
                (name.to_owned(), expected),
                "{leika} in {ars}"
            );
        }
        let elsewhere = catalogue
            .destination_for("99041006017000", "091620000000".parse().unwrap(), catalogue.today())
            .await
            .unwrap();
        assert_eq!(elsewhere, None);
    }

    async fn pages_show_offices_by_role_or_that_there_are_none(test: TestDb) {
        let catalogue = catalogue(&test).await;
        catalogue.import_demonstration().await.unwrap();
        let found = offices(&catalogue, "99041006017000", BREMEN).await;
        let office = found.responsible.first().unwrap();
        assert_eq!(office.name.in_language(Language::De), "Elterngeldstelle Bremen");
        assert_eq!(office.area_name.as_deref(), Some("Bremen"));
        assert_eq!(office.addresses.first().unwrap().line(), "Musterwall 4, 28195 Bremen");
        assert_eq!(found.contacts.len(), 1);
        assert_eq!(found.online.first().unwrap().life_event.as_deref(), Some("geburt"));
        assert!(offices(&catalogue, "99041006017000", "091620000000").await.nothing_registered());
        assert!(!offices(&catalogue, "99115005104000", BREMERHAVEN).await.nothing_registered());
        assert!(offices(&catalogue, "99115005104000", BREMEN).await.nothing_registered());

        let page = catalogue.service_for("99027002012000", None).await.unwrap().unwrap();
        assert_eq!(page.title.in_language(Language::En), "Apply for a birth certificate");
        let codes: Vec<&str> = page.sections.iter().map(|section| section.code.as_str()).collect();
        assert_eq!(codes, ["06", "09", "08", "11", "07"]);
        let deadline = page.deadlines.lines.first().unwrap().in_language(Language::De);
        assert!(deadline.starts_with("1 Monat. Der Vorname"), "{deadline}");
        let cost = page.costs.lines.first().unwrap().in_language(Language::De);
        assert!(cost.starts_with("kostenfrei. "), "{cost}");
        assert_eq!(catalogue.service_for("99999999999999", None).await.unwrap(), None);
    }

    async fn everyday_words_find_services_and_the_life_event(test: TestDb) {
        let catalogue = catalogue(&test).await;
        catalogue.import_demonstration().await.unwrap();
        let index = einmal_catalogue::CatalogueIndex::in_memory().unwrap();
        let words = ["Baby bekommen".to_owned(), "Kind geboren".to_owned()];
        let birth = einmal_catalogue::CatalogueIndex::life_event(
            "geburt", "Geburt eines Kindes", "Alles in einem Antrag", &words,
        );
        let documents = index.rebuild(&catalogue, vec![birth]).await.unwrap();
        assert_eq!(documents, 8);
        let query = SearchQuery { words: "baby bekommen", ..SearchQuery::default() };
        let hits = index.search(&catalogue, &query).await.unwrap();
        assert_eq!(hits.first().unwrap().kind, HitKind::LifeEvent("geburt".to_owned()));
        let query = SearchQuery {
            words: "elterngeld",
            place: Some(BREMEN.parse().unwrap()),
            ..SearchQuery::default()
        };
        let hits = index.search(&catalogue, &query).await.unwrap();
        let first = hits.first().unwrap();
        assert_eq!(first.title, "Elterngeld beantragen");
        assert_eq!(first.online, Some(true));
        let query = SearchQuery { place: Some(BREMERHAVEN.parse().unwrap()), ..query };
        let hits = index.search(&catalogue, &query).await.unwrap();
        assert_eq!(hits.first().unwrap().online, Some(false));
        let query = SearchQuery { words: "child benefit", ..SearchQuery::default() };
        let hits = index.search(&catalogue, &query).await.unwrap();
        assert_eq!(hits.first().unwrap().title, "Kindergeld beantragen");
    }
}
