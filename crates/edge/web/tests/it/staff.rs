//! The workbench.

use axum::http::StatusCode;

use crate::journey::{answer_all, begin, first_case};
use crate::world::World;

#[tokio::test]
async fn an_empty_inbox_says_so_and_the_filter_stays() {
    let world = World::new().await;
    let mut staff = world.browser();
    let sign_in = staff.open("/amt?stand=all&nummer=AB").await;
    assert!(sign_in.address.starts_with("/amt/anmelden?weiter="));
    let inbox = staff.sign_in(&sign_in, "m-kowalski").await;
    assert_eq!(
        (inbox.status, inbox.state().as_str()),
        (StatusCode::OK, "empty")
    );
    assert_eq!(inbox.address, "/amt?stand=all&nummer=AB");
    inbox
        .must_have("Familienkasse Bremen")
        .must_have("value=\"AB\"");
}

#[tokio::test]
async fn nobody_sees_the_cases_of_another_office() {
    let world = World::new().await;
    let mut parents = world.browser();
    let tasks = begin(&mut parents).await;
    let check = answer_all(&mut parents, &tasks).await;
    let address = format!("/antrag/{}/absenden", check.segment(2));
    let page = parents.open(&address).await;
    parents
        .submit(&page, &address, &[("erklaerung", "ja")])
        .await;
    world.work().await;

    let mut staff = world.browser();
    let sign_in = staff.open("/amt").await;
    let inbox = staff.sign_in(&sign_in, "s-hansen").await;
    assert_eq!(inbox.state(), "filled");
    let case = first_case(&inbox);

    let mut other = world.browser();
    let sign_in = other.open("/amt").await;
    other.sign_in(&sign_in, "b-lorenz").await;
    assert_eq!(other.open(&case).await.status, StatusCode::NOT_FOUND);

    // A citizen's session opens no door of the workbench, and nobody's guess does.
    assert!(
        parents
            .open(&case)
            .await
            .address
            .starts_with("/amt/anmelden")
    );
    let forged = [("form_token".to_owned(), "00".to_owned())];
    let refused = staff.post(&format!("{case}/annehmen"), &forged).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let page = staff.open(&case).await;
    assert_eq!(page.state(), "filled", "nothing was decided");

    // A double click decides once.
    let action = format!("{case}/annehmen");
    let once = staff.submit(&page, &action, &[]).await;
    let twice = staff.submit(&page, &action, &[]).await;
    assert_eq!(
        (once.status, twice.status),
        (StatusCode::OK, StatusCode::OK)
    );
    assert_eq!(twice.state(), "waiting");
    // The other verdict comes too late and the page says so.
    let late = [("begruendung", "Das ist die falsche Behörde.")];
    let late = staff
        .submit(&page, &format!("{case}/zurueckweisen"), &late)
        .await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    late.must_have("schon entschieden");
}

#[tokio::test]
async fn citizens_cannot_sign_in_as_staff() {
    let world = World::new().await;
    let mut staff = world.browser();
    let sign_in = staff.open("/amt/anmelden").await;
    let refused = staff.sign_in(&sign_in, "mara-feldkamp").await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let world = World::new().await;
    let mut staff = world.browser();
    let sign_in = staff.open("/amt").await;
    let inbox = staff.sign_in(&sign_in, "r-petersen").await;
    let token = staff.cookies()["einmal-amt"].clone();
    let out = staff.submit(&inbox, "/amt/abmelden", &[]).await;
    assert!(out.address.starts_with("/amt/anmelden"));
    assert!(!staff.cookies().contains_key("einmal-amt"));
    assert!(!token.is_empty());
}
