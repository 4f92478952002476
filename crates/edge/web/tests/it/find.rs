//! Start, search, places, services.

use axum::http::StatusCode;

use crate::world::World;

#[tokio::test]
async fn a_search_word_leads_to_the_life_event_and_its_three_offices() {
    let world = World::new().await;
    let mut browser = world.browser();
    let start = browser.open("/").await;
    assert_eq!(
        (start.status, start.state().as_str()),
        (StatusCode::OK, "filled")
    );
    let results = browser
        .submit(&start, "/suche", &[("q", "baby bekommen")])
        .await;
    assert_eq!(results.state(), "filled");
    results
        .must_have("/lebenslagen/geburt")
        .must_have("Lebenslage");

    let plan = browser.open("/lebenslagen/geburt").await;
    assert_eq!(plan.state(), "empty");
    plan.must_have("Die Behörde steht fest, sobald");
    let plan = browser
        .submit(
            &plan,
            "/lebenslagen/geburt",
            &[("birth", "Bremerhaven"), ("home", "28203")],
        )
        .await;
    assert_eq!(plan.state(), "filled");
    plan.must_have("Standesamt Bremerhaven")
        .must_have("Familienkasse Bremen")
        .must_have("Elterngeldstelle Bremen");
}

#[tokio::test]
async fn a_search_without_words_or_results_says_so() {
    let world = World::new().await;
    let mut browser = world.browser();
    let empty = browser.open("/suche?q=").await;
    assert_eq!(
        (empty.status, empty.state().as_str()),
        (StatusCode::OK, "empty")
    );
    let nothing = browser.open("/suche?q=xqzvw%3Cscript%3E").await;
    assert_eq!(nothing.state(), "empty");
    nothing.must_have("Dazu haben wir nichts gefunden");
    assert!(!nothing.has("<script>"));
}

#[tokio::test]
async fn a_place_is_remembered_and_can_be_removed() {
    let world = World::new().await;
    let mut browser = world.browser();
    let ask = browser.open("/ort?weiter=%2Fsuche%3Fq%3Dkindergeld").await;
    assert_eq!(ask.state(), "empty");

    let missing = browser.submit(&ask, "/ort", &[("ort", "")]).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    missing
        .must_have("Es gibt ein Problem")
        .must_have("href=\"#ort\"");
    let unknown = browser.submit(&ask, "/ort", &[("ort", "Atlantis")]).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    unknown.must_have("value=\"Atlantis\"");

    let results = browser.submit(&ask, "/ort", &[("ort", "27568")]).await;
    assert_eq!(results.address, "/suche?q=kindergeld");
    results.must_have("Ihr Ort:").must_have("Bremerhaven");
    assert_eq!(browser.cookies()["einmal-ort"], "040120000000");

    let ask = browser.open("/ort").await;
    assert_eq!(ask.state(), "filled");
    let start = browser.submit(&ask, "/ort", &[("entfernen", "1")]).await;
    assert_eq!(start.address, "/");
    start.must_have("Sie haben noch keinen Ort gewählt");
    assert!(browser.cookies().is_empty());
}

#[tokio::test]
async fn the_place_page_never_leads_away_from_this_site() {
    let world = World::new().await;
    let mut browser = world.browser();
    let ask = browser
        .open("/ort?weiter=https%3A%2F%2Fevil.example%2F")
        .await;
    assert!(!ask.has("\"https://evil") && !ask.has("value=\"https"));
    let form = [("ort", "27568"), ("weiter", "//evil.example")];
    let answer = browser.submit(&ask, "/ort", &form).await;
    assert_eq!(answer.address, "/");
}

#[tokio::test]
async fn a_service_page_names_the_office_or_says_that_none_is_registered() {
    let world = World::new().await;
    let mut browser = world.browser();
    let service = browser.open("/leistungen/99041008017000").await;
    assert_eq!(
        (service.status, service.state().as_str()),
        (StatusCode::OK, "waiting")
    );
    service
        .must_have("Kindergeld")
        .must_have("/lebenslagen/geburt");
    let here = browser.open("/leistungen/99041008017000?ort=28203").await;
    assert_eq!(here.state(), "filled");
    here.must_have("Familienkasse Bremen");
    // Bavaria: our demonstration catalogue registers nobody there.
    let there = browser
        .open("/leistungen/99041006017000?ort=090000000000")
        .await;
    if there.state() == "empty" {
        there.must_have("Für Ihren Ort ist keine Behörde eingetragen");
    }
    let unknown = browser.open("/leistungen/00000000000000").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_page_speaks_english_and_keeps_its_address() {
    let world = World::new().await;
    let mut browser = world.browser();
    for path in [
        "/",
        "/suche?q=kindergeld",
        "/ort",
        "/lebenslagen/geburt?birth=27568",
        "/leistungen/99041008017000",
        "/hilfe",
        "/barrierefreiheit",
        "/datenschutz",
        "/impressum",
        "/leichte-sprache",
        "/anmelden?weiter=%2Fkonto",
        "/amt/anmelden",
        "/gibt-es-nicht",
    ] {
        let german = browser.open(path).await;
        let link = crate::html::tags(&german.body)
            .iter()
            .find(|tag| tag.name == "a" && tag.get("hreflang") == Some("en"))
            .and_then(|tag| tag.get("href").map(str::to_owned))
            .unwrap_or_else(|| panic!("{path}: no link to English"));
        assert!(link.starts_with(path.split('?').next().unwrap()), "{link}");
        let english = browser.open(&link).await;
        english.must_have("<html lang=\"en\">");
        assert!(
            crate::html::title(&english.body) != crate::html::title(&german.body)
                || path.contains("leistungen"),
            "{path}"
        );
        // The choice holds on the next page too.
        assert!(browser.open("/hilfe").await.has("<html lang=\"en\">"));
        browser.open("/hilfe?sprache=de").await;
    }
}

#[tokio::test]
async fn titles_tell_the_pages_apart() {
    let world = World::new().await;
    let mut browser = world.browser();
    let mut titles = std::collections::BTreeMap::new();
    for path in [
        "/",
        "/suche",
        "/suche?q=kindergeld",
        "/ort",
        "/lebenslagen/geburt",
        "/leistungen/99041008017000",
        "/hilfe",
        "/barrierefreiheit",
        "/datenschutz",
        "/impressum",
        "/leichte-sprache",
        "/anmelden",
        "/amt/anmelden",
        "/gibt-es-nicht",
    ] {
        let title = crate::html::title(&browser.open(path).await.body);
        if let Some(other) = titles.insert(title.clone(), path) {
            panic!("{path} and {other} share the title {title}");
        }
    }
}
