//! Finding places by what people type.

use einmal_catalogue::{Catalogue, import_regions};
use einmal_storage::testing::TestDb;
use einmal_storage::{Kind, both_databases};

use crate::{catalogue, material};

async fn found(catalogue: &Catalogue, typed: &str) -> Vec<String> {
    let places = catalogue.find_places(typed, 20).await.unwrap();
    places
        .into_iter()
        .map(|place| format!("{} {} ({})", place.ars, place.short_name, place.within))
        .collect()
}

both_databases! {
    async fn the_embedded_places_are_there_at_once(test: TestDb) {
        let catalogue = catalogue(&test).await;
        let bremen = ["040110000000 Bremen ()"];
        let bremerhaven = ["040120000000 Bremerhaven (Bremen)"];
        assert_eq!(found(&catalogue, "28195").await, bremen);
        assert_eq!(found(&catalogue, "28195 Bremen").await, bremen);
        assert_eq!(found(&catalogue, " bremen ").await, bremen);
        assert_eq!(found(&catalogue, "040110000000").await, bremen);
        assert_eq!(found(&catalogue, "bremerh").await, bremerhaven);
        assert_eq!(found(&catalogue, "27570 Lehe").await, bremerhaven);
        assert_eq!(found(&catalogue, "Brem").await.len(), 2);
        for nothing in ["", " ", "x", "99999", "Atlantis", "%", "_____", "!'\""] {
            assert!(found(&catalogue, nothing).await.is_empty(), "{nothing}");
        }
        let place = catalogue.find_places("28195", 5).await.unwrap().pop().unwrap();
        assert_eq!(place.postcode.as_deref(), Some("28195"));
        assert_eq!(place.name, "Bremen, Stadt");
    }

    async fn a_name_that_many_bear_goes_back_to_the_person(test: TestDb) {
        let catalogue = catalogue(&test).await;
        let places = found(&catalogue, "Neuenkirchen").await;
        assert_eq!(places.len(), 6);
        assert_eq!(
            places.first().unwrap(),
            "055660060060 Neuenkirchen (Kreis Steinfurt, Nordrhein-Westfalen)"
        );
        assert!(places.contains(
            &"033580017017 Neuenkirchen (Heidekreis, Niedersachsen)".to_owned()
        ));
    }

    async fn migrating_again_keeps_what_was_imported(test: TestDb) {
        let catalogue = catalogue(&test).await;
        catalogue.migrate().await.unwrap();
        assert_eq!(found(&catalogue, "Bremerhaven").await.len(), 1);
    }
}

#[tokio::test]
async fn imports_the_whole_directory_of_municipalities() {
    let Some(folder) = material("regions") else {
        return;
    };
    let test = TestDb::open(Kind::Sqlite).await;
    let catalogue = catalogue(&test).await;
    let files = [
        "GV100AD_30112025.txt.gz",
        "plz_gemeinde.csv",
        "pvog_regionen_2024-12.csv",
    ]
    .map(|name| folder.join(name));
    let summary = import_regions(&catalogue, &files).await.unwrap();
    assert_eq!(summary.warnings, 0);
    assert_eq!(summary.postcodes, 12_834);
    assert_eq!(summary.municipalities, 10_953 + 11_243);
    assert_eq!(found(&catalogue, "Neuenkirchen").await.len(), 11);
    assert_eq!(found(&catalogue, "54636").await.len(), 20);
    for munich in ["München", "muenchen", "munchen", "80331"] {
        assert_eq!(
            found(&catalogue, munich).await,
            ["091620000000 München (Bayern)"],
            "{munich}"
        );
    }
    assert_eq!(
        found(&catalogue, "021010101101").await.len(),
        1,
        "a quarter of Hamburg"
    );
    assert_eq!(
        found(&catalogue, "Cottbus").await,
        ["120520000000 Cottbus/Chóśebuz (Brandenburg)"]
    );
    assert_eq!(found(&catalogue, "Bad Neuenahr-Ahrweiler").await.len(), 1);
    assert!(!found(&catalogue, "ahrweiler").await.is_empty());
    // The exact name and the bigger town that many call by it.
    let halle = found(&catalogue, "Halle").await;
    assert!(
        halle.iter().any(|place| place.contains("Halle (Saale)")),
        "{halle:?}"
    );
}

#[tokio::test]
async fn refuses_a_table_of_another_kind() {
    let test = TestDb::open(Kind::Sqlite).await;
    let catalogue = catalogue(&test).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("table.csv");
    for text in ["", "a,b\n1,2\n", "\u{feff}\n"] {
        std::fs::write(&file, text).unwrap();
        assert!(
            import_regions(&catalogue, std::slice::from_ref(&file))
                .await
                .is_err()
        );
    }
    assert_eq!(found(&catalogue, "Bremerhaven").await.len(), 1);
}
