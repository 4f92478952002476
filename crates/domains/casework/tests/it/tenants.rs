//! Tenants never see each other's cases, not even with a guessed id.

use einmal_casework::view::CaseView;
use einmal_casework::{
    CaseworkError, DecideError, Decision, InboxFilter, InboxQuery, ProblemType, Tenant,
};
use einmal_model::Language;
use einmal_storage::both_databases;

use crate::world::{FAMILIENKASSE, STANDESAMT, World, origins_id, staff, submission};

both_databases! {
    async fn each_sees_its_own_cases_only(test: TestDb) {
        let world = World::new(test).await;
        for number in 1..=3 {
            world.send(STANDESAMT, number, |_| {});
        }
        world.send(FAMILIENKASSE, 4, |_| {});
        world.receive(STANDESAMT).await;
        world.receive(FAMILIENKASSE).await;
        for (tenant, count) in [(STANDESAMT, 3), (FAMILIENKASSE, 1), ("elterngeldstelle-bremen", 0)] {
            let query = InboxQuery { filter: InboxFilter::All, ..InboxQuery::default() };
            let inbox = world.casework.inbox(&staff(tenant), &query, Language::De).await.unwrap();
            assert_eq!(inbox.rows.len(), count, "{tenant}");
            assert_eq!(inbox.total, count as u64);
            assert_eq!(inbox.tenant, format!("Amt {tenant}"));
            for filter in inbox.filters {
                let expected = if matches!(filter.filter, InboxFilter::Open | InboxFilter::All) { count as u64 } else { 0 };
                assert_eq!(filter.count, expected, "{tenant} {}", filter.label);
            }
        }
    }

    async fn guessed_ids_and_numbers_of_others_are_not_found(test: TestDb) {
        let world = World::new(test).await;
        let id = world.one_case(FAMILIENKASSE).await;
        let (mine, other) = (staff(FAMILIENKASSE), staff(STANDESAMT));
        let not_found = |outcome: Result<CaseView, CaseworkError>| {
            assert!(matches!(outcome, Err(CaseworkError::NotFound)));
        };
        not_found(world.casework.case(&other, id, Language::De).await);
        not_found(world.casework.case(&mine, "018f0000-0000-7000-8000-000000000000".parse().unwrap(), Language::De).await);
        let attachment = origins_id().parse().unwrap();
        assert!(world.casework.attachment(&mine, id, attachment).await.is_ok());
        let stolen = world.casework.attachment(&other, id, attachment).await;
        assert!(matches!(stolen, Err(CaseworkError::NotFound)));
        let decided = world.casework.decide(&other, id, &Decision::Accept).await;
        assert!(matches!(decided, Err(DecideError::Casework(CaseworkError::NotFound))));
        assert!(world.casework.case(&mine, id, Language::De).await.unwrap().can_decide);
        for search in ["K7QF-0001".to_owned(), submission(1).to_string()] {
            let query = InboxQuery { filter: InboxFilter::All, search, page: 1 };
            let found = world.casework.inbox(&mine, &query, Language::De).await.unwrap().rows;
            assert_eq!(found.len(), 1);
            let found = world.casework.inbox(&other, &query, Language::De).await.unwrap().rows;
            assert_eq!(found, []);
        }
    }

    async fn the_same_submission_id_at_two_tenants_opens_two_cases(test: TestDb) {
        // One tenant's delivery service must not be able to hide another tenant's submission.
        let world = World::new(test).await;
        world.send(STANDESAMT, 1, |_| {});
        world.send(FAMILIENKASSE, 1, |_| {});
        assert_eq!(world.receive(STANDESAMT).await.opened, 1);
        assert_eq!(world.receive(FAMILIENKASSE).await.opened, 1);
    }

    async fn an_unknown_tenant_has_nothing(test: TestDb) {
        let world = World::new(test).await;
        let nobody = staff("nobody");
        let inbox = world.casework.inbox(&nobody, &InboxQuery::default(), Language::De).await;
        assert!(matches!(inbox, Err(CaseworkError::UnknownTenant(_))));
        let received = world.casework.receive_once(&"nobody".parse().unwrap()).await;
        assert!(matches!(received, Err(CaseworkError::UnknownTenant(_))));
    }

    async fn registering_again_updates_the_name_and_keeps_the_cases(test: TestDb) {
        let world = World::new(test).await;
        world.one_case(STANDESAMT).await;
        let renamed = Tenant { name: "Standesamt Seestadt".to_owned(), ..world.tenant(STANDESAMT).clone() };
        world.casework.register_tenants(&[renamed]).await.unwrap();
        let query = InboxQuery::default();
        let inbox = world.casework.inbox(&staff(STANDESAMT), &query, Language::De).await.unwrap();
        assert_eq!((inbox.tenant.as_str(), inbox.rows.len()), ("Standesamt Seestadt", 1));
        assert_eq!(world.casework.tenants().await.unwrap().len(), 3);
        assert_eq!(world.casework.tenant_name(&staff(STANDESAMT)).await.unwrap(), "Standesamt Seestadt");
    }
}

#[test]
fn kinds_of_problem_are_found_by_their_address() {
    for kind in ProblemType::ALL {
        assert_eq!(ProblemType::from_uri(&kind.uri()), kind);
    }
    assert_eq!(
        ProblemType::from_uri("https://x/new-kind"),
        ProblemType::Other
    );
}
