//! What happens when something goes wrong: a page, and nothing else, always in the frame.

use axum::http::StatusCode;

use crate::html;
use crate::journey::begin;
use crate::world::World;

#[tokio::test]
async fn unknown_addresses_and_methods_have_a_page() {
    let world = World::new().await;
    let mut browser = world.browser();
    for path in [
        "/gibt-es-nicht",
        "/lebenslagen/umzug",
        "/amt/gibt-es-nicht",
        "/assets/x/y.css",
    ] {
        let page = browser.open(path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(page.state(), "failed");
        page.must_have("Was Sie jetzt tun können");
    }
    let wrong_method = browser.post("/hilfe", &[]).await;
    assert_eq!(wrong_method.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(wrong_method.state(), "failed");
}

#[tokio::test]
async fn forms_of_other_sites_change_nothing() {
    let world = World::new().await;
    let mut browser = world.browser();
    let tasks = begin(&mut browser).await;
    let address = format!("{}/anzahl", tasks.address);
    let page = browser.open(&address).await;
    let form = html::form(&page.body, &address);
    let mut fields = form.values.clone();
    fields.push(("child.count".to_owned(), "1".to_owned()));
    let foreign = browser
        .post_from(&address, &fields, "https://evil.example")
        .await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    fields.retain(|(name, _)| name != "form_token");
    let without_token = browser.post(&address, &fields).await;
    assert_eq!(without_token.status, StatusCode::FORBIDDEN);
    without_token.must_have("Das Formular ist nicht mehr gültig");
}

#[tokio::test]
async fn oversized_forms_are_refused_before_they_are_read() {
    let world = World::new().await;
    let mut browser = world.browser();
    let fields = [("ort".to_owned(), "x".repeat(100_000))];
    let refused = browser.post("/ort", &fields).await;
    assert!(refused.status.is_client_error());
    assert_eq!(refused.state(), "failed");
}

#[tokio::test]
async fn answers_carry_the_security_headers_and_a_request_id() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = browser.open("/hilfe").await;
    let header = |name: &str| page.headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("referrer-policy"), "same-origin");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("x-request-id").len(), 16);
    assert!(header("content-security-policy").contains("frame-ancestors 'none'"));
    assert!(!page.headers.contains_key("strict-transport-security"));
}

#[tokio::test]
async fn a_broken_off_or_forged_sign_in_says_so() {
    let world = World::new().await;
    let mut browser = world.browser();
    let forged = browser.open("/anmelden/zurueck?code=x&state=y").await;
    assert_eq!(forged.status, StatusCode::UNPROCESSABLE_ENTITY);
    forged.must_have("Die Anmeldung hat nicht geklappt");
    assert!(browser.cookies().is_empty());
    let other = browser.open("/simulation/anmeldung?client_id=evil").await;
    assert_eq!(other.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_double_click_on_sign_out_does_no_harm() {
    let world = World::new().await;
    let mut browser = world.browser();
    let tasks = begin(&mut browser).await;
    let out = browser.submit(&tasks, "/abmelden", &[]).await;
    assert_eq!(out.address, "/");
    let again = browser.submit(&tasks, "/abmelden", &[]).await;
    assert_eq!(again.address, "/");
    assert!(
        browser
            .open("/konto")
            .await
            .address
            .starts_with("/anmelden")
    );
}
