//! The inbox: filters, search, pages, age.

use einmal_casework::view::InboxView;
use einmal_casework::{Decision, InboxFilter, InboxQuery, Settings};
use einmal_model::{Clock as _, Language};
use einmal_storage::both_databases;
use einmal_storage::testing::TestDb;

use crate::world::{STANDESAMT, World, staff, submission};

async fn ask(world: &World, filter: InboxFilter, search: &str, page: u32) -> InboxView {
    let query = InboxQuery {
        filter,
        search: search.to_owned(),
        page,
    };
    world
        .casework
        .inbox(&staff(STANDESAMT), &query, Language::De)
        .await
        .unwrap()
}

fn numbers(view: &InboxView) -> Vec<&str> {
    view.rows.iter().map(|row| row.number.as_str()).collect()
}

/// Five cases, a minute apart.
async fn five(test: TestDb) -> World {
    let mut world = World::new(test).await;
    world.restart(Settings {
        page_size: 2,
        ..Settings::default()
    });
    for number in 1..=5 {
        world.send(STANDESAMT, number, |_| {});
        world.receive(STANDESAMT).await;
        world.test.clock.advance_seconds(60);
    }
    world
}

both_databases! {
    async fn pages_hold_the_oldest_first_and_never_run_out(test: TestDb) {
        let world = five(test).await;
        let view = ask(&world, InboxFilter::Open, "", 1).await;
        assert_eq!(numbers(&view), ["K7QF-0001", "K7QF-0002"]);
        assert_eq!((view.total, view.page, view.pages), (5, 1, 3));
        assert_eq!(view.rows[0].title, "Kindergeld (Test)");
        assert_eq!(numbers(&ask(&world, InboxFilter::Open, "", 3).await), ["K7QF-0005"]);
        for beyond in [4, u32::MAX] {
            let view = ask(&world, InboxFilter::Open, "", beyond).await;
            assert_eq!((view.page, numbers(&view)), (3, vec!["K7QF-0005"]));
        }
        assert_eq!(ask(&world, InboxFilter::Open, "", 0).await.page, 1);
    }

    async fn all_and_done_cases_come_newest_first(test: TestDb) {
        let world = five(test).await;
        assert_eq!(numbers(&ask(&world, InboxFilter::All, "", 1).await), ["K7QF-0005", "K7QF-0004"]);
        let rows = ask(&world, InboxFilter::Open, "", 1).await.rows;
        for row in &rows {
            world.casework.decide(&staff(STANDESAMT), row.id, &Decision::Accept).await.unwrap();
        }
        assert_eq!(numbers(&ask(&world, InboxFilter::Sending, "", 1).await), ["K7QF-0001", "K7QF-0002"]);
        world.casework.post_decisions_once("w").await.unwrap();
        let view = ask(&world, InboxFilter::Accepted, "", 1).await;
        assert_eq!(numbers(&view), ["K7QF-0002", "K7QF-0001"]);
        let counts: Vec<_> = view.filters.iter().map(|filter| (filter.label, filter.count, filter.active)).collect();
        assert_eq!(counts, [
            ("Offen", 3, false), ("Wird übermittelt", 0, false), ("Angenommen", 2, true),
            ("Zurückgewiesen", 0, false), ("Nicht lesbar", 0, false), ("Alle", 5, false),
        ]);
    }

    async fn search_finds_reference_numbers_and_submission_ids(test: TestDb) {
        let world = five(test).await;
        let found = |view: &InboxView| numbers(view).into_iter().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(found(&ask(&world, InboxFilter::Open, " k7qf 0003 ", 1).await), ["K7QF-0003"]);
        assert_eq!(ask(&world, InboxFilter::Open, "K7", 1).await.total, 5);
        let id = submission(4).to_string();
        assert_eq!(found(&ask(&world, InboxFilter::Open, &id.to_uppercase(), 1).await), ["K7QF-0004"]);
        for nothing in ["%", "_", "Mia", "'; drop table case_file; --", &"9".repeat(5_000)] {
            let view = ask(&world, InboxFilter::Open, nothing, 1).await;
            assert_eq!((view.total, view.pages), (0, 1), "{nothing}");
            assert!(view.empty.is_some());
        }
        assert!(ask(&world, InboxFilter::Open, "", 1).await.search_hint.contains("verschlüsselt"));
    }

    async fn age_counts_civil_days_since_the_hand_over(test: TestDb) {
        let world = World::new(test).await;
        world.send(STANDESAMT, 1, |_| {});
        world.test.clock.advance_seconds(3 * 24 * 3_600);
        world.receive(STANDESAMT).await;
        let row = ask(&world, InboxFilter::Open, "", 1).await.rows.remove(0);
        assert_eq!((row.age_days, row.age.as_str()), (3, "seit 3 Tagen"));
        assert_eq!(row.received_at, world.test.clock.now());
        assert_eq!(row.submitted_at, Some(world.test.clock.now().plus_seconds(-3 * 24 * 3_600)));
    }

    async fn a_case_without_reference_is_named_by_its_submission(test: TestDb) {
        let world = World::new(test).await;
        world.send(STANDESAMT, 7, |parts| parts.metadata = Box::new(|_| {}));
        world.receive(STANDESAMT).await;
        assert_eq!(numbers(&ask(&world, InboxFilter::Open, "", 1).await), ["000000000007"]);
    }
}
