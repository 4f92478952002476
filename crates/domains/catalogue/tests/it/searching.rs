//! Search in the real catalogue.

use einmal_catalogue::{Catalogue, CatalogueIndex, SearchQuery};
use einmal_storage::Kind;
use einmal_storage::testing::TestDb;

use crate::{catalogue, import, import_xml, material, xml};

async fn titles(index: &CatalogueIndex, catalogue: &Catalogue, words: &str) -> Vec<String> {
    let query = SearchQuery {
        words,
        ..SearchQuery::default()
    };
    let hits = index.search(catalogue, &query).await.unwrap();
    hits.into_iter().map(|hit| hit.title).collect()
}

#[tokio::test]
async fn the_index_is_built_again_from_the_catalogue() {
    let test = TestDb::open(Kind::Sqlite).await;
    let catalogue = catalogue(&test).await;
    let index = CatalogueIndex::in_memory().unwrap();
    // More than one page of services.
    let many: String = (0..1_203)
        .map(|n| xml::service(&n.to_string(), "Hundesteuer"))
        .collect();
    import_xml(&catalogue, &many).await;
    assert!(index.is_stale(&catalogue).await.unwrap());
    assert_eq!(index.rebuild(&catalogue, Vec::new()).await.unwrap(), 1_203);
    assert!(!index.is_stale(&catalogue).await.unwrap());
    import_xml(&catalogue, &xml::delete("Leistung", "7")).await;
    assert!(index.is_stale(&catalogue).await.unwrap());
    assert_eq!(index.rebuild(&catalogue, Vec::new()).await.unwrap(), 1_202);
    assert_eq!(titles(&index, &catalogue, "hundesteuern").await.len(), 20);
}

#[tokio::test]
async fn finds_real_services_by_everyday_words() {
    let Some(path) = material("xzufi/real_catalogue.xml.gz") else {
        return;
    };
    let test = TestDb::open(Kind::Sqlite).await;
    let catalogue = catalogue(&test).await;
    import(&catalogue, &path).await;
    let index = CatalogueIndex::in_memory().unwrap();
    assert_eq!(index.rebuild(&catalogue, Vec::new()).await.unwrap(), 5_701);
    for (words, expected) in [
        ("Ausbildungsgeld", "Ausbildungsgeld beantragen"),
        ("elterngld", "Elterngeld"),
        ("Personalausweis", "Personalausweis"),
    ] {
        let titles = titles(&index, &catalogue, words).await;
        let found = titles.iter().take(5).any(|title| title.contains(expected));
        assert!(found, "{words}: {titles:?}");
    }
}
