//! Legs on their way: each on its own, exactly once, whatever fails.

use einmal_application::port::EventKind;
use einmal_application::view::LegState;
use einmal_storage::{Kind, both_databases};

use crate::world::World;

async fn run_until_quiet(world: &World) {
    for _ in 0..60 {
        world.deliveries.run_once().await.unwrap();
        world.test.clock.advance_seconds(61);
        if world.deliveries.run_once().await.unwrap() == 0 {
            return;
        }
    }
}

both_databases! {
    async fn states_come_from_events_only(test: TestDb) {
        let world = World::new(test).await;
        let id = world.complete_draft().await;
        world.send(id).await;
        assert_eq!(world.deliveries.run_once().await.unwrap(), 3);
        // Handed over, but the delivery service has confirmed nothing yet.
        assert_eq!(world.deliveries.poll_once().await.unwrap(), 3);
        assert_eq!(world.states(id).await, [LegState::Delivering; 3]);
        for (submission, destination) in world.service.submissions() {
            world.service.tell(&submission, EventKind::Submitted, world.now());
            if destination == "dest-standesamt" {
                world.service.tell(&submission, EventKind::Accepted, world.now());
            }
            if destination == "dest-elterngeld" {
                let reasons = vec!["Die Angaben sind nicht lesbar.".to_owned()];
                world.service.tell(&submission, EventKind::Rejected { reasons }, world.now());
            }
        }
        world.test.clock.advance_seconds(6);
        world.deliveries.poll_once().await.unwrap();
        assert_eq!(world.states(id).await, [LegState::Accepted, LegState::Delivered, LegState::Rejected]);
        let legs = world.confirmation(id).await.legs;
        assert!(legs[2].sentence.ends_with("Die Angaben sind nicht lesbar."), "{}", legs[2].sentence);
        assert!(legs[1].not_picked_up_since.is_some() && legs[0].not_picked_up_since.is_none());
        let states: Vec<LegState> = legs[0].history.iter().map(|entry| entry.state).collect();
        assert_eq!(states, [LegState::Queued, LegState::Delivering, LegState::Delivered, LegState::Accepted]);
        // Told again: nothing new. Finished legs are not looked at any more.
        world.test.clock.advance_seconds(61);
        assert_eq!(world.deliveries.poll_once().await.unwrap(), 1);
        assert_eq!(world.confirmation(id).await.legs[0].history.len(), 4);
    }

    async fn an_office_that_is_down_does_not_hold_up_the_others(test: TestDb) {
        let world = World::new(test).await;
        let id = world.complete_draft().await;
        world.service.0.lock().unwrap().down.push("dest-familienkasse".to_owned());
        world.send(id).await;
        world.deliveries.run_once().await.unwrap();
        assert_eq!(world.service.submissions().len(), 2);
        assert_eq!(world.states(id).await, [LegState::Delivering, LegState::Retrying, LegState::Delivering]);
        let sentence = world.confirmation(id).await.legs[1].sentence.clone();
        assert!(sentence.contains("Sie müssen nichts tun") && sentence.contains("gilt als gestellt"), "{sentence}");
        world.service.0.lock().unwrap().down.clear();
        run_until_quiet(&world).await;
        assert_eq!(world.service.submissions().len(), 3);
        assert_eq!(world.states(id).await, [LegState::Delivering; 3]);
    }

    async fn a_delivery_that_never_works_is_handed_to_people(test: TestDb) {
        let world = World::new(test).await;
        let id = world.draft(&["kindergeld"]).await;
        world.answer_all(id, &[]).await;
        world.send(id).await;
        world.service.0.lock().unwrap().down.push("dest-familienkasse".to_owned());
        for _ in 0..50 {
            world.deliveries.run_once().await.unwrap();
            world.test.clock.advance_seconds(61);
        }
        assert_eq!(world.states(id).await, [LegState::Undeliverable]);
        let history = world.confirmation(id).await.legs[0].history.clone();
        assert_eq!(history.len(), 3, "{history:?}");
    }

    async fn every_leg_arrives_once_whichever_step_fails(test: TestDb) {
        let mut world = World::new(test).await;
        // Twelve calls deliver three legs: each of them fails once, before its effect on one
        // database and after its effect on the other.
        let turn = usize::from(world.test.db.kind() == Kind::Sqlite);
        for failing in 0..12 {
                let lose_answers = failing % 2 == turn;
                let id = world.complete_draft().await;
                let before = {
                    let mut state = world.service.0.lock().unwrap();
                    state.lose_answers = lose_answers;
                    state.fail_calls = vec![state.calls + failing];
                    state.submitted.len()
                };
                world.send(id).await;
                world.deliveries.run_once().await.unwrap();
                world.restart();
                run_until_quiet(&world).await;
                assert_eq!(world.states(id).await, [LegState::Delivering; 3], "{failing}");
                let state = world.service.0.lock().unwrap();
                assert_eq!(state.submitted.len(), before + 3, "{failing} {lose_answers}");
                assert_eq!(state.conflicts, 0);
        }
    }
}

mod crash {
    use super::*;
    use std::time::Duration;

    both_databases! {
        async fn a_worker_killed_at_any_await_is_replaced(test: TestDb) {
            let mut world = World::new(test).await;
            for millis in [0_u64, 1, 2, 3, 5, 8] {
                let id = world.complete_draft().await;
                let before = world.service.submissions().len();
                world.send(id).await;
                // Dropping the future is what a kill looks like to the database.
                let _ = tokio::time::timeout(Duration::from_millis(millis), world.deliveries.run_once()).await;
                world.restart();
                // The lease of the dead worker ends.
                world.test.clock.advance_seconds(200);
                for _ in 0..200 {
                    run_until_quiet(&world).await;
                    if world.states(id).await == [LegState::Delivering; 3] {
                        break;
                    }
                    // PostgreSQL rolls the dropped transaction back in the background; until then
                    // its rows are locked and nobody can claim them.
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                assert_eq!(world.service.submissions().len(), before + 3, "{millis}");
                assert_eq!(world.service.0.lock().unwrap().conflicts, 0);
            }
        }
    }
}
