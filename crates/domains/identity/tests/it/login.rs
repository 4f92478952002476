//! Only the browser that began a login finishes it, once, with what the provider really said.

use einmal_identity::{Callback, IdentityError, Principal, SessionToken};
use einmal_storage::{Query, args, both_databases};

use crate::world::{World, request};

both_databases! {
    async fn a_citizen_logs_in_and_is_known_next_time(test: TestDb) {
        let world = World::new(test).await;
        let mut accounts = Vec::new();
        for _ in 0..2 {
            let start = world.portal.start_login("/antrag/neu").await.unwrap();
            let callback = world.choose(&start, "mara-feldkamp").await;
            let done = world.portal.finish_login(&callback, &start.browser).await.unwrap();
            assert_eq!(done.return_to, "/antrag/neu");
            let session = world.portal.session(&done.session).await.unwrap().unwrap();
            let Principal::Citizen(account) = session.principal else { panic!("a citizen") };
            accounts.push(account);
        }
        assert_eq!(accounts[0], accounts[1]);
        let account = world.portal.account(accounts[0]).await.unwrap().unwrap();
        assert_eq!(account.attributes.get("birth_date"), Some("1994-05-17"));
        assert!(account.simulated);
    }

    async fn staff_belong_to_their_authority_and_to_no_other_login(test: TestDb) {
        let world = World::new(test).await;
        let start = world.authority.start_login("/amt").await.unwrap();
        let callback = world.choose(&start, "m-kowalski").await;
        let done = world.authority.finish_login(&callback, &start.browser).await.unwrap();
        let session = world.authority.session(&done.session).await.unwrap().unwrap();
        let Principal::Staff(staff) = session.principal else { panic!("staff") };
        assert_eq!(staff.tenant, "familienkasse-bremen");
        // The same cookie at the portal is nobody.
        assert_eq!(world.portal.session(&done.session).await.unwrap(), None);
        // Citizens are not offered to the authority, staff not to the portal.
        let start = world.authority.start_login("/amt").await.unwrap();
        let refused = world.provider.choose(&request(&start.url), "mara-feldkamp").await;
        assert!(matches!(refused, Err(IdentityError::Simulation(_))));
    }

    async fn another_browser_cannot_finish_a_login(test: TestDb) {
        let world = World::new(test).await;
        let start = world.portal.start_login("/").await.unwrap();
        let callback = world.choose(&start, "mara-feldkamp").await;
        let other = SessionToken::from_cookie("another browser");
        let refused = world.portal.finish_login(&callback, &other).await;
        assert!(matches!(refused, Err(IdentityError::UnknownLogin)));
    }

    async fn a_login_is_finished_once_and_in_time(test: TestDb) {
        let world = World::new(test).await;
        let start = world.portal.start_login("/").await.unwrap();
        let callback = world.choose(&start, "mara-feldkamp").await;
        world.portal.finish_login(&callback, &start.browser).await.unwrap();
        let again = world.portal.finish_login(&callback, &start.browser).await;
        assert!(matches!(again, Err(IdentityError::UnknownLogin)));

        let start = world.portal.start_login("/").await.unwrap();
        let callback = world.choose(&start, "mara-feldkamp").await;
        world.test.clock.advance_seconds(601);
        let late = world.portal.finish_login(&callback, &start.browser).await;
        assert!(matches!(late, Err(IdentityError::UnknownLogin)));
    }

    async fn a_code_is_redeemed_once_and_only_with_its_verifier(test: TestDb) {
        let world = World::new(test).await;
        let start = world.portal.start_login("/").await.unwrap();
        let callback = world.choose(&start, "mara-feldkamp").await;
        world.portal.finish_login(&callback, &start.browser).await.unwrap();
        let used = world.last_grant.lock().unwrap().clone().unwrap();
        assert!(world.provider.redeem(&used).await.is_err());

        let start = world.portal.start_login("/").await.unwrap();
        let stolen = world.choose(&start, "mara-feldkamp").await;
        let mut grant = used;
        grant.code = stolen.code.unwrap();
        assert!(world.provider.redeem(&grant).await.is_err(), "another login's verifier");
    }

    async fn a_token_for_another_login_is_refused(test: TestDb) {
        let world = World::new(test).await;
        // Somebody else's code under my state: PKCE and nonce both stand against it.
        let mine = world.portal.start_login("/").await.unwrap();
        let mine_back = world.choose(&mine, "jonas-feldkamp").await;
        let theirs = world.portal.start_login("/").await.unwrap();
        let theirs_back = world.choose(&theirs, "mara-feldkamp").await;
        let mixed = Callback { state: mine_back.state, code: theirs_back.code, error: None };
        assert!(world.portal.finish_login(&mixed, &mine.browser).await.is_err());
    }

    async fn breaking_off_is_no_login(test: TestDb) {
        let world = World::new(test).await;
        let start = world.portal.start_login("/").await.unwrap();
        let mut callback = world.choose(&start, "mara-feldkamp").await;
        callback.error = Some("access_denied <script>".to_owned());
        let refused = world.portal.finish_login(&callback, &start.browser).await;
        assert!(matches!(refused, Err(IdentityError::BrokenOff(text)) if text == "access_deniedscript"));
    }

    async fn silence_and_eight_hours_end_a_session(test: TestDb) {
        let world = World::new(test).await;
        let login = async || {
            let start = world.portal.start_login("/").await.unwrap();
            let callback = world.choose(&start, "tom-wegner").await;
            world.portal.finish_login(&callback, &start.browser).await.unwrap().session
        };
        let silent = login().await;
        world.test.clock.advance_seconds(29 * 60);
        assert!(world.portal.session(&silent).await.unwrap().is_some());
        world.test.clock.advance_seconds(30 * 60);
        assert!(world.portal.session(&silent).await.unwrap().is_none());

        let busy = login().await;
        for _ in 0..47 {
            world.test.clock.advance_seconds(10 * 60);
            assert!(world.portal.session(&busy).await.unwrap().is_some());
        }
        world.test.clock.advance_seconds(10 * 60);
        assert!(world.portal.session(&busy).await.unwrap().is_none());
        assert_eq!(world.portal.sweep().await.unwrap(), 2);
    }

    async fn logout_ends_a_session_and_forms_carry_its_token(test: TestDb) {
        let world = World::new(test).await;
        let start = world.portal.start_login("/").await.unwrap();
        let callback = world.choose(&start, "mara-feldkamp").await;
        let done = world.portal.finish_login(&callback, &start.browser).await.unwrap();
        let session = world.portal.session(&done.session).await.unwrap().unwrap();
        assert!(session.is_own_form(session.csrf_token()));
        assert!(!session.is_own_form("") && !session.is_own_form("other"));
        world.portal.log_out(&done.session).await.unwrap();
        assert_eq!(world.portal.session(&done.session).await.unwrap(), None);
    }

    async fn the_database_holds_neither_tokens_nor_names(test: TestDb) {
        let world = World::new(test).await;
        let start = world.portal.start_login("/").await.unwrap();
        let callback = world.choose(&start, "mara-feldkamp").await;
        let done = world.portal.finish_login(&callback, &start.browser).await.unwrap();
        let mut read = world.test.db.read().await.unwrap();
        let account = read.fetch_one("select attributes from identity_account", args![]).await.unwrap();
        let sealed = String::from_utf8_lossy(&account.bytes("attributes").unwrap()).into_owned();
        assert!(!sealed.contains("Feldkamp"));
        let session = read.fetch_one("select token_digest from identity_session", args![]).await.unwrap();
        assert_ne!(session.text("token_digest").unwrap(), done.session.as_str());
    }
}

#[test]
fn nothing_simulated_starts_without_the_setting() {
    assert!(einmal_identity::simulation::SimulationAllowed::from_setting(false).is_none());
}

#[test]
fn everybody_of_the_demonstration_world_is_synthetic() {
    let people = einmal_identity::simulation::People::built_in().unwrap();
    for person in people.all() {
        if let Some(tax_id) = person.attributes.get("tax_id") {
            assert!(
                tax_id.starts_with('0'),
                "{} has a tax id that could be real",
                person.id
            );
        }
        assert!(person.means.contains("Simulation"), "{}", person.id);
    }
}
