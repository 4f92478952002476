//! Drafts on both databases: saved page by page, owned, prefilled without defaults, sent once.

use std::collections::BTreeMap;

use einmal_application::input::PageInput;
use einmal_application::view::{AuthorityView, LegState, SectionStatus, Widget};
use einmal_application::{ApplicationError, Identification, NewApplication, SavedPage};
use einmal_model::Language;
use einmal_storage::{Query, args, audit, both_databases};

use crate::answering::place;
use crate::world::{ACCOUNT, World};

const DE: Language = Language::De;

fn input(pairs: &[(&str, &str)]) -> PageInput {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn mia() -> Identification {
    let attributes = [
        ("given_names", "Mia"),
        ("family_name", "Feldkamp"),
        ("birth_date", "1996-02-29"),
        ("street", "Am Wall"),
        ("house_number", "7"),
        ("place", "28195 Bremen"),
        ("nationality", "de"),
        ("unknown", "x"),
        ("email", "not an address"),
    ];
    Identification {
        means: "Ausweis".to_owned(),
        simulated: true,
        attributes: attributes
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
    }
}

both_databases! {
    async fn the_plan_is_honest_about_each_office(test: TestDb) {
        let world = World::new(test).await;
        let mut places = BTreeMap::from([("birth".to_owned(), place("27568").remove(0))]);
        let plan = world.applications.plan("geburt", &places, DE).await.unwrap();
        assert!(matches!(&plan.legs[0].authority, AuthorityView::Online { name, .. } if name == "Standesamt Bremerhaven"));
        assert_eq!(plan.legs[1].authority, AuthorityView::PlaceUnknown);
        places.insert("birth".to_owned(), place("Bremen").remove(0));
        places.insert("home".to_owned(), place("Neuenkirchen").remove(0));
        let plan = world.applications.plan("geburt", &places, DE).await.unwrap();
        assert!(matches!(plan.legs[0].authority, AuthorityView::NotOnline { .. }));
        assert_eq!(plan.legs[2].authority, AuthorityView::NothingRegistered);
    }

    async fn bad_input_is_shown_again_and_changes_nothing(test: TestDb) {
        let world = World::new(test).await;
        let id = world.draft(&["name"]).await;
        let typed = input(&[("child.birth_date.day", "31"), ("child.birth_date.month", "2"), ("child.birth_date.year", "2026")]);
        let saved = world.applications.save_page(ACCOUNT, id, "geburtsdatum", 1, &typed, DE).await.unwrap();
        let SavedPage::Invalid(page) = saved else { unreachable!("{saved:?}") };
        assert_eq!(page.errors[0].message, "Geburtsdatum des Kindes: Geben Sie das Datum so ein: 7 11 2026");
        assert_eq!(page.errors[0].target, "child-birth-date-day");
        assert_eq!(page.fields[0].widget, Widget::Date { day: "31".to_owned(), month: "2".to_owned(), year: "2026".to_owned() });
        let stored = world.applications.question(ACCOUNT, id, "geburtsdatum", DE).await.unwrap();
        assert_eq!((stored.fields[0].value.as_str(), stored.version), ("", 1));
    }

    async fn an_ambiguous_place_comes_back_to_the_person(test: TestDb) {
        let world = World::new(test).await;
        let id = world.draft(&["name"]).await;
        let mut typed = input(&[("child.birth_place", " Neuenkirchen ")]);
        let saved = world.applications.save_page(ACCOUNT, id, "geburtsort", 1, &typed, DE).await.unwrap();
        let SavedPage::Invalid(page) = saved else { unreachable!("{saved:?}") };
        let Widget::Place { candidates } = &page.fields[0].widget else { unreachable!() };
        assert_eq!(candidates[1].label.text, "Neuenkirchen (Landkreis Rotenburg (Wümme))");
        typed.insert("child.birth_place.choice".to_owned(), candidates[1].value.clone());
        let saved = world.applications.save_page(ACCOUNT, id, "geburtsort", 1, &typed, DE).await.unwrap();
        assert!(matches!(saved, SavedPage::Next(_)));
        // The stored place needs no second choice.
        let page = world.applications.question(ACCOUNT, id, "geburtsort", DE).await.unwrap();
        let typed = input(&[("child.birth_place", &page.fields[0].value)]);
        let saved = world.applications.save_page(ACCOUNT, id, "geburtsort", 2, &typed, DE).await.unwrap();
        assert!(matches!(saved, SavedPage::Next(_)));
    }

    async fn two_windows_do_not_overwrite_each_other(test: TestDb) {
        let world = World::new(test).await;
        let id = world.draft(&["name"]).await;
        let count = |value: &str| input(&[("child.count", value)]);
        let save = |version: i64, value: &'static str| {
            let (applications, typed) = (world.applications.clone(), count(value));
            async move { applications.save_page(ACCOUNT, id, "anzahl", version, &typed, DE).await.unwrap() }
        };
        assert!(matches!(save(1, "1").await, SavedPage::Next(_)));
        let SavedPage::Stale(page) = save(1, "2").await else { unreachable!() };
        assert_eq!((page.version, page.fields[0].value.as_str()), (2, "2"));
        assert!(matches!(save(page.version, "2").await, SavedPage::Next(_)));
        // A second click on the same button is no conflict.
        assert!(matches!(save(page.version, "2").await, SavedPage::Next(_)));
    }

    async fn login_attributes_are_shown_and_used_only_when_confirmed(test: TestDb) {
        let world = World::new(test).await;
        let id = world.draft_with(&["name", "kindergeld"], Some(&mia())).await;
        let list = world.applications.task_list(ACCOUNT, id, DE).await.unwrap();
        let you = list.sections.iter().find(|section| section.section == "sie").unwrap();
        assert_eq!(you.status, SectionStatus::PleaseCheck);
        let page = world.applications.question(ACCOUNT, id, "ihr-name", DE).await.unwrap();
        assert_eq!(page.fields[0].value, "Mia");
        assert!(page.fields[0].unconfirmed);
        assert_eq!(page.fields[0].origin, "aus Ihrer Anmeldung mit Ausweis (Simulation), 23.11.2026, 11:00 Uhr");
        // Confirmed as it is: still from the login. Changed: from the person.
        let typed = input(&[("parent.1.first_names", "Mia"), ("parent.1.last_name", "Feldkamp-Ohm"), ("parent.1.birth_name", "")]);
        world.applications.save_page(ACCOUNT, id, "ihr-name", 1, &typed, DE).await.unwrap();
        let page = world.applications.question(ACCOUNT, id, "ihr-name", DE).await.unwrap();
        assert!(!page.fields[0].unconfirmed && page.fields[0].origin.starts_with("aus Ihrer Anmeldung"));
        assert_eq!(page.fields[1].origin, "von Ihnen");
        // An attribute that does not fit is not used.
        let page = world.applications.question(ACCOUNT, id, "kontakt", DE).await.unwrap();
        assert_eq!(page.fields[0].value, "");
        let version = page.version;
        assert!(matches!(world.applications.send(ACCOUNT, id, version).await, Err(ApplicationError::Incomplete(_))));
    }

    async fn drafts_are_sealed_and_belong_to_one_account(test: TestDb) {
        let world = World::new(test).await;
        let id = world.draft_with(&["name"], Some(&mia())).await;
        let foreign = "account-paul";
        assert!(matches!(world.applications.task_list(foreign, id, DE).await, Err(ApplicationError::NotFound)));
        assert!(matches!(world.applications.question(foreign, id, "anzahl", DE).await, Err(ApplicationError::NotFound)));
        let typed = input(&[("child.count", "1")]);
        assert!(matches!(world.applications.save_page(foreign, id, "anzahl", 1, &typed, DE).await, Err(ApplicationError::NotFound)));
        assert!(matches!(world.applications.send(foreign, id, 1).await, Err(ApplicationError::NotFound)));
        assert!(matches!(world.applications.delete_draft(foreign, id).await, Err(ApplicationError::NotFound)));
        assert_eq!(world.applications.list(foreign, DE).await.unwrap(), []);
        assert_eq!(world.applications.list(ACCOUNT, DE).await.unwrap().len(), 1);
        let row = world.test.db.read().await.unwrap()
            .fetch_one("select answers from application where id = $1", args![id.to_string()]).await.unwrap();
        let bytes = row.bytes("answers").unwrap();
        assert!(!bytes.windows(8).any(|window| window == b"Feldkamp"));
    }

    async fn a_draft_that_nobody_touches_ends(test: TestDb) {
        let world = World::new(test).await;
        let id = world.draft(&["name"]).await;
        world.test.clock.advance_seconds(29 * 86_400);
        let typed = input(&[("child.count", "1")]);
        world.applications.save_page(ACCOUNT, id, "anzahl", 1, &typed, DE).await.unwrap();
        world.test.clock.advance_seconds(29 * 86_400);
        assert_eq!(world.applications.erase_expired_once().await.unwrap(), 0);
        world.test.clock.advance_seconds(2 * 86_400);
        assert!(matches!(world.applications.task_list(ACCOUNT, id, DE).await, Err(ApplicationError::NotFound)));
        assert_eq!(world.applications.erase_expired_once().await.unwrap(), 1);
    }

    async fn choosing_other_legs_keeps_the_answers(test: TestDb) {
        let world = World::new(test).await;
        let id = world.draft(&["name"]).await;
        world.answer_all(id, &[("child.birth_place", "Bremerhaven")]).await;
        let version = world.applications.check(ACCOUNT, id, DE).await.unwrap().version;
        let legs = ["name".to_owned(), "kindergeld".to_owned()];
        world.applications.choose_legs(ACCOUNT, id, version, &legs).await.unwrap();
        let check = world.applications.check(ACCOUNT, id, DE).await.unwrap();
        let open: Vec<&str> = check.open.iter().map(|open| open.question.as_str()).collect();
        assert!(open.contains(&"konto") && !open.contains(&"vornamen"), "{open:?}");
        assert!(matches!(world.applications.choose_legs(ACCOUNT, id, version, &legs).await, Err(ApplicationError::Stale)));
        assert!(matches!(world.applications.choose_legs(ACCOUNT, id, version, &[]).await, Err(ApplicationError::NoLegs)));
    }

    async fn sending_twice_gives_the_same_confirmation(test: TestDb) {
        let world = World::new(test).await;
        let id = world.complete_draft().await;
        let receivers = world.applications.receivers(ACCOUNT, id, DE).await.unwrap();
        assert_eq!(receivers.blocked, []);
        let offices: Vec<&str> = receivers.legs.iter().map(|leg| leg.authority.as_str()).collect();
        assert_eq!(offices, ["Standesamt Bremerhaven", "Familienkasse Bremen", "Elterngeldstelle Bremen"]);
        assert!(receivers.legs[0].rows.iter().all(|row| row.label != "IBAN"));
        assert!(receivers.legs[1].rows.iter().any(|row| row.label == "IBAN"));
        world.send(id).await;
        let first = world.confirmation(id).await;
        assert_eq!(first.legs.len(), 3);
        assert!(first.legs.iter().all(|leg| leg.state == LegState::Queued && leg.history.len() == 1));
        assert_eq!(first.reference.len(), 11, "{}", first.reference);
        world.applications.send(ACCOUNT, id, 1).await.unwrap();
        assert_eq!(world.confirmation(id).await, first);
        let typed = input(&[("child.count", "2")]);
        assert!(matches!(world.applications.save_page(ACCOUNT, id, "anzahl", 1, &typed, DE).await, Err(ApplicationError::AlreadySent)));
        assert!(matches!(world.applications.confirmation("account-paul", id, DE).await, Err(ApplicationError::NotFound)));
    }

    async fn two_sends_at_once_send_once(test: TestDb) {
        let world = World::new(test).await;
        let id = world.complete_draft().await;
        let version = world.applications.check(ACCOUNT, id, DE).await.unwrap().version;
        let (one, two) = tokio::join!(
            world.applications.send(ACCOUNT, id, version),
            world.applications.send(ACCOUNT, id, version),
        );
        assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");
        assert_eq!(world.confirmation(id).await.legs.len(), 3);
    }

    async fn a_leg_without_an_office_blocks_until_it_is_deselected(test: TestDb) {
        let world = World::new(test).await;
        let id = world.draft(&["name", "kindergeld"]).await;
        world.answer_all(id, &[("child.birth_place", "Bremen")]).await;
        let receivers = world.applications.receivers(ACCOUNT, id, DE).await.unwrap();
        assert_eq!(receivers.blocked.len(), 1);
        assert!(receivers.blocked[0].reason.contains("Papier"), "{:?}", receivers.blocked);
        let version = receivers.version;
        assert!(matches!(world.applications.send(ACCOUNT, id, version).await, Err(ApplicationError::Blocked(_))));
        world.applications.choose_legs(ACCOUNT, id, version, &["kindergeld".to_owned()]).await.unwrap();
        world.send(id).await;
        assert_eq!(world.states(id).await, [LegState::Queued]);
    }

    async fn places_of_the_preview_are_suggestions(test: TestDb) {
        let world = World::new(test).await;
        let places = BTreeMap::from([("birth".to_owned(), place("27568").remove(0))]);
        let legs = ["name".to_owned()];
        let new = NewApplication { life_event: "geburt", legs: &legs, places: &places, identification: None };
        let id = world.applications.create(ACCOUNT, new).await.unwrap();
        let page = world.applications.question(ACCOUNT, id, "geburtsort", DE).await.unwrap();
        assert_eq!(page.fields[0].value, "27568 Bremerhaven");
        assert!(page.fields[0].unconfirmed);
        let list = world.applications.task_list(ACCOUNT, id, DE).await.unwrap();
        assert!(matches!(list.legs[0].authority, AuthorityView::Online { .. }));
        assert_eq!((list.legs.len(), list.other_legs.len()), (1, 2));
    }

    async fn what_follows_is_shown_with_its_rule(test: TestDb) {
        let world = World::new(test).await;
        let id = world.draft(&["kindergeld"]).await;
        world.answer_all(id, &[("parent.2.known", "no")]).await;
        let check = world.applications.check(ACCOUNT, id, DE).await.unwrap();
        let rows: Vec<_> = check.sections.iter().flat_map(|section| &section.rows).collect();
        let row = rows.iter().find(|row| row.label.text == "Kindergeld erhält").unwrap();
        assert_eq!((row.value.as_str(), row.question.as_str()), ("Ich", "anderer-elternteil"));
        assert!(row.origin.starts_with("ergibt sich"), "{}", row.origin);
        assert!(rows.iter().all(|row| row.label.text != "Elterngeld beantragt"));
    }

    async fn sending_is_in_the_audit_log_without_answers(test: TestDb) {
        let world = World::new(test).await;
        let id = world.complete_draft().await;
        world.send(id).await;
        let mut read = world.test.db.read().await.unwrap();
        let entries = audit::entries(&mut read, &format!("application:{id}"), 0, 10).await.unwrap();
        assert_eq!(entries.len(), 1);
        assert!(entries[0].payload.contains("dest-standesamt"));
        assert!(!entries[0].payload.contains("DE89"));
    }
}

#[tokio::test]
async fn both_databases_get_the_same_tables() {
    einmal_storage::testing::assert_schemas_agree("application", einmal_application::MIGRATIONS)
        .await;
}
