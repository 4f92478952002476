//! Parents: from the plan over the questions to the answers of the authorities.

use std::collections::BTreeMap;

use axum::http::StatusCode;

use crate::browser::{Browser, Seen};
use crate::html;
use crate::world::World;

/// What Mara types, by the name of the input. What is not here is a choice: the first option is taken.
fn answers() -> BTreeMap<&'static str, &'static str> {
    BTreeMap::from([
        ("child.count", "1"),
        ("child.birth_date.day", "20"),
        ("child.birth_date.month", "11"),
        ("child.birth_date.year", "2026"),
        ("child.1.first_names", "Zoë Ayşe"),
        ("parent.1.birth_name", "Feldkamp"),
        ("parent.2.first_names", "Jonas"),
        ("parent.2.last_name", "Feldkamp"),
        ("parent.2.birth_name", "Öztürk-Brandt"),
        ("parent.2.birth_date.day", "3"),
        ("parent.2.birth_date.month", "11"),
        ("parent.2.birth_date.year", "1992"),
        ("parent.2.tax_id", "09876543220"),
        ("certificates.standard", "2"),
        ("certificates.multilingual", "0"),
        ("child_benefit.other_children", "0"),
        ("parental_allowance.first_month", "1"),
        ("parental_allowance.last_month", "12"),
        ("account.iban", "DE89 3704 0044 0532 0130 00"),
        ("account.holder", "Mara Feldkamp"),
        ("contact.email", "mara.feldkamp@example.org"),
        ("contact.phone", ""),
    ])
}

/// From the plan to the task list, with all three benefits.
pub(crate) async fn begin(browser: &mut Browser) -> Seen {
    let plan = browser
        .open("/lebenslagen/geburt?birth=Bremerhaven&home=28203")
        .await;
    let sign_in = browser.submit_posted(&plan, "/lebenslagen/geburt").await;
    assert!(
        sign_in.address.starts_with("/anmelden?weiter="),
        "{}",
        sign_in.address
    );
    browser.sign_in(&sign_in, "mara-feldkamp").await
}

/// Answers the question on a page.
async fn answer(browser: &mut Browser, page: &Seen) -> Seen {
    let known = answers();
    let mut given: Vec<(&str, String)> = Vec::new();
    let fields = html::fields(&page.body, &page.address);
    for (name, kind, value) in &fields {
        if given.iter().any(|(other, _)| other == name) {
            continue;
        }
        let filled = matches!(kind.as_str(), "text" | "email" | "tel") && !value.is_empty();
        match known.get(name.as_str()) {
            Some(answer) => given.push((name, (*answer).to_owned())),
            None if filled => {}
            None if kind == "radio" => given.push((name, value.clone())),
            None if kind == "text" => panic!("{}: no answer for {name}", page.address),
            None => {}
        }
    }
    let given: Vec<(&str, &str)> = given
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    browser.submit(page, &page.address, &given).await
}

/// Answers every question of a draft, each first with nothing at all, and comes to the check page.
pub(crate) async fn answer_all(browser: &mut Browser, tasks: &Seen) -> Seen {
    let id = tasks.segment(2);
    let first = html::tags(&tasks.body)
        .iter()
        .filter_map(|tag| tag.get("href"))
        .find(|href| href.starts_with(&format!("/antrag/{id}/")))
        .unwrap()
        .to_owned();
    let mut page = browser.open(&first).await;
    let mut asked = Vec::new();
    for _ in 0..60 {
        if page.address.ends_with("/pruefen") {
            assert!(asked.len() >= 12, "only {asked:?}");
            return page;
        }
        assert!(
            !asked.contains(&page.address),
            "{} asked twice",
            page.address
        );
        asked.push(page.address.clone());
        let empty: Vec<(String, String, String)> = html::fields(&page.body, &page.address);
        let empty: Vec<(&str, &str)> = empty
            .iter()
            .filter(|(_, kind, _)| kind != "hidden")
            .map(|(name, _, _)| (name.as_str(), ""))
            .collect();
        let wrong = browser.submit(&page, &page.address, &empty).await;
        if wrong.status == StatusCode::UNPROCESSABLE_ENTITY {
            assert_eq!(wrong.state(), "error");
            wrong.must_have("Es gibt ").must_have("id=\"fehler\"");
        }
        // What was there before is still there.
        page = browser.open(asked.last().unwrap()).await;
        let next = answer(browser, &page).await;
        assert_eq!(
            next.status,
            StatusCode::OK,
            "{}:\n{}",
            next.address,
            next.body
        );
        page = next;
    }
    panic!("the questions never end: {asked:?}");
}

async fn send(browser: &mut Browser, check: &Seen) -> Seen {
    let id = check.segment(2);
    let receivers = browser.open(&format!("/antrag/{id}/absenden")).await;
    receivers
        .must_have("Standesamt Bremerhaven")
        .must_have("Familienkasse Bremen")
        .must_have("Elterngeldstelle Bremen");
    let action = format!("/antrag/{id}/absenden");
    let undeclared = browser.submit(&receivers, &action, &[]).await;
    assert_eq!(undeclared.status, StatusCode::UNPROCESSABLE_ENTITY);
    undeclared.must_have("href=\"#erklaerung\"");
    browser
        .submit(&undeclared, &action, &[("erklaerung", "ja")])
        .await
}

#[tokio::test]
async fn one_application_travels_to_three_authorities_and_their_answers_come_back() {
    let world = World::new().await;
    let mut browser = world.browser();
    let tasks = begin(&mut browser).await;
    assert!(tasks.address.starts_with("/antrag/"), "{}", tasks.address);
    tasks
        .must_have("Was passiert wo")
        .must_have("Mara Feldkamp");

    let check = answer_all(&mut browser, &tasks).await;
    assert_eq!(check.state(), "filled");
    check
        .must_have("von Ihnen")
        .must_have("Simulation")
        .must_have("Zoë Ayşe");
    let confirmation = send(&mut browser, &check).await;
    assert_eq!(confirmation.status, StatusCode::OK);
    assert!(confirmation.address.ends_with("/bestaetigung"));
    assert_eq!(confirmation.state(), "waiting");
    assert!(!confirmation.has("rfolgreich"));
    let id = confirmation.segment(2);

    // Sending again, from a second tab or by the back button, changes nothing.
    let again = browser.open(&format!("/antrag/{id}/absenden")).await;
    assert!(again.address.ends_with("/bestaetigung"));
    assert!(
        browser
            .open(&format!("/antrag/{id}"))
            .await
            .address
            .starts_with("/konto/vorgaenge/")
    );

    *world.wire.down.lock().unwrap() = Some("0d3e0000-0000-4000-8000-000000000003".to_owned());
    world.work().await;
    let status = browser.open(&format!("/konto/vorgaenge/{id}")).await;
    status
        .must_have("data-leg=\"elterngeld\" data-leg-state=\"retrying\"")
        .must_have("data-leg=\"kindergeld\" data-leg-state=\"delivered\"");
    *world.wire.down.lock().unwrap() = None;
    world.test.clock.advance_seconds(3600);
    world.work().await;

    let mut staff = world.browser();
    let sign_in = staff.open("/amt").await;
    let inbox = staff.sign_in(&sign_in, "s-hansen").await;
    let case = staff.open(&first_case(&inbox)).await;
    case.must_have("Zoë Ayşe")
        .must_have("data-origin=\"person\"");
    let accepted = staff
        .submit(&case, &format!("{}/annehmen", case.address), &[])
        .await;
    assert_eq!(accepted.state(), "waiting");

    let mut staff = world.browser();
    let sign_in = staff.open("/amt").await;
    let inbox = staff.sign_in(&sign_in, "a-yilmaz").await;
    let case = staff.open(&first_case(&inbox)).await;
    let action = format!("{}/zurueckweisen", case.address);
    let short = staff
        .submit(&case, &action, &[("begruendung", "nein")])
        .await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    short.must_have(">nein</textarea>");
    let reason = "Die Angaben zum Einkommen fehlen.";
    staff
        .submit(&short, &action, &[("begruendung", reason)])
        .await;

    world.test.clock.advance_seconds(3600);
    world.work().await;
    world.test.clock.advance_seconds(3600);
    world.work().await;
    let confirmation = browser.open(&format!("/antrag/{id}/bestaetigung")).await;
    if confirmation.address.starts_with("/anmelden") {
        // Two hours of silence end a session; signing in again leads back to the page.
        let back = browser.sign_in(&confirmation, "mara-feldkamp").await;
        assert!(back.address.ends_with("/bestaetigung"));
    }
    let status = browser.open(&format!("/konto/vorgaenge/{id}")).await;
    status
        .must_have("data-leg=\"name\" data-leg-state=\"accepted\"")
        .must_have("data-leg=\"elterngeld\" data-leg-state=\"rejected\"")
        .must_have(reason);
    assert!(!status.has("Die Elterngeldstelle prüft den Antrag"));
    assert_eq!(status.state(), "waiting");
}

pub(crate) fn first_case(inbox: &Seen) -> String {
    html::tags(&inbox.body)
        .iter()
        .filter_map(|tag| tag.get("href"))
        .find(|href| href.starts_with("/amt/vorgaenge/"))
        .unwrap_or_else(|| panic!("no case in\n{}", inbox.body))
        .to_owned()
}

#[tokio::test]
async fn bad_input_keeps_what_was_typed_and_names_the_remedy() {
    let world = World::new().await;
    let mut browser = world.browser();
    let tasks = begin(&mut browser).await;
    let id = tasks.segment(2);
    let address = format!("/antrag/{id}/geburtsdatum");
    let page = browser.open(&address).await;
    let typed = [
        ("child.birth_date.day", "31"),
        ("child.birth_date.month", "2"),
        ("child.birth_date.year", "2026"),
    ];
    let wrong = browser.submit(&page, &address, &typed).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong
        .must_have("value=\"31\"")
        .must_have("aria-invalid=\"true\"");
    assert!(html::title(&wrong.body).starts_with("Fehler: "));
}

#[tokio::test]
async fn a_draft_waits_in_the_account_and_belongs_to_one_person_only() {
    let world = World::new().await;
    let mut browser = world.browser();
    let tasks = begin(&mut browser).await;
    let account = browser.open("/konto").await;
    account.must_have(&tasks.address);

    let mut stranger = world.browser();
    let sign_in = stranger.open(&tasks.address).await;
    assert!(sign_in.address.starts_with("/anmelden?weiter="));
    let refused = stranger.sign_in(&sign_in, "zoe-zivkovic").await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    let empty = stranger.open("/konto").await;
    assert_eq!(empty.state(), "empty");
}

#[tokio::test]
async fn no_benefit_chosen_is_an_error_with_the_places_kept() {
    let world = World::new().await;
    let mut browser = world.browser();
    let fields = [("birth".to_owned(), "040120000000".to_owned())];
    let wrong = browser.post("/lebenslagen/geburt", &fields).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    wrong
        .must_have("href=\"#leistung\"")
        .must_have("Bremerhaven");
}

#[tokio::test]
async fn a_changed_answer_leads_back_to_the_check_page() {
    let world = World::new().await;
    let mut browser = world.browser();
    let tasks = begin(&mut browser).await;
    let check = answer_all(&mut browser, &tasks).await;
    let id = check.segment(2);
    let page = browser
        .open(&format!("/antrag/{id}/vornamen?pruefen"))
        .await;
    page.must_have(&format!("href=\"/antrag/{id}/pruefen\""));
    let action = format!("/antrag/{id}/vornamen");
    let back = browser
        .submit(&page, &action, &[("child.1.first_names", "Mila")])
        .await;
    assert!(back.address.ends_with("/pruefen"), "{}", back.address);
    back.must_have("Mila");
}

#[tokio::test]
async fn benefits_can_be_chosen_anew_but_not_none() {
    let world = World::new().await;
    let mut browser = world.browser();
    let tasks = begin(&mut browser).await;
    let address = format!("{}/leistungen", tasks.address);
    let page = browser.open(&address).await;
    page.must_have("value=\"elterngeld\" checked");
    let none = browser.submit(&page, &address, &[("leistung", "")]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    none.must_have("href=\"#leistung\"");
    let tasks = browser
        .submit(&page, &address, &[("leistung", "kindergeld")])
        .await;
    tasks.must_have("nicht ausgewählt");
}

#[tokio::test]
async fn a_draft_can_be_deleted_after_a_question_and_a_second_click_does_no_harm() {
    let world = World::new().await;
    let mut browser = world.browser();
    let tasks = begin(&mut browser).await;
    let address = format!("{}/loeschen", tasks.address);
    let page = browser.open(&address).await;
    page.must_have("Das lässt sich nicht rückgängig machen");
    let account = browser.submit(&page, &address, &[]).await;
    assert_eq!(
        (account.address.as_str(), account.state().as_str()),
        ("/konto", "empty")
    );
    let again = browser.submit(&page, &address, &[]).await;
    assert_eq!(again.address, "/konto");
    let gone = browser.open(&tasks.address).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}
