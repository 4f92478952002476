//! A small world around applications: places, offices, and a transport that fails on command.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use einmal_application::port::{
    Authority, AuthorityDirectory, BoxFuture, EventKind, LegTransport, OutgoingMessage,
    PlaceDirectory, PortError, TransportFailure, TransportProgress, TransportStep, VerifiedEvent,
};
use einmal_application::view::{Confirmation, LegState, Place};
use einmal_application::{
    ApplicationId, Applications, Deliveries, DeliverySettings, Foundation, Identification,
    LifeEvent, MIGRATIONS, NewApplication, SavedPage,
};
use einmal_model::testing::SeededRandom;
use einmal_model::{Ars, Clock, Language};
use einmal_storage::Crypter;
use einmal_storage::jobs::RetryPolicy;
use einmal_storage::testing::TestDb;

use crate::answering::{fitting_page, place};

pub(crate) struct Places;

impl PlaceDirectory for Places {
    fn find<'a>(&'a self, typed: &'a str) -> BoxFuture<'a, Result<Vec<Place>, PortError>> {
        Box::pin(async move { Ok(place(typed)) })
    }
}

pub(crate) struct Offices;

impl AuthorityDirectory for Offices {
    fn find<'a>(
        &'a self,
        leika: &'a str,
        ars: Ars,
    ) -> BoxFuture<'a, Result<Option<Authority>, PortError>> {
        Box::pin(async move {
            let office = |name: &str, destination: Option<&str>| {
                Some(Authority {
                    name: name.to_owned(),
                    address: None,
                    destination: destination.map(str::to_owned),
                })
            };
            Ok(match (leika, ars.as_str()) {
                ("99027002012000", "040120000000") => {
                    office("Standesamt Bremerhaven", Some("dest-standesamt"))
                }
                ("99027002012000", "040110000000") => office("Standesamt Bremen-Mitte", None),
                ("99041008017000", _) if ars.land().as_str() == "040000000000" => {
                    office("Familienkasse Bremen", Some("dest-familienkasse"))
                }
                ("99041006017000", "040110000000") => {
                    office("Elterngeldstelle Bremen", Some("dest-elterngeld"))
                }
                _ => None,
            })
        })
    }
}

/// A delivery service that keeps what it got, and fails when told to.
#[derive(Default)]
pub(crate) struct Service(pub(crate) Mutex<ServiceState>);

#[derive(Default)]
pub(crate) struct ServiceState {
    /// Number of the calls that fail, counted over all calls.
    pub(crate) fail_calls: Vec<usize>,
    /// Destinations that cannot be reached.
    pub(crate) down: Vec<String>,
    /// Failures of `fail_calls` happen after the effect: the answer is lost.
    pub(crate) lose_answers: bool,
    pub(crate) calls: usize,
    next: usize,
    /// Submitted bytes by submission.
    pub(crate) submitted: BTreeMap<String, (String, Vec<u8>)>,
    pub(crate) events: BTreeMap<String, Vec<VerifiedEvent>>,
    pub(crate) conflicts: usize,
}

fn failure(cause: &str) -> TransportFailure {
    TransportFailure {
        retryable: true,
        cause: cause.to_owned(),
    }
}

impl Service {
    pub(crate) fn tell(&self, submission: &str, kind: EventKind, at: einmal_model::Instant) {
        let mut state = self.0.lock().unwrap();
        let events = state.events.entry(submission.to_owned()).or_default();
        events.push(VerifiedEvent {
            id: format!("{submission}-{}", events.len()),
            at,
            kind,
        });
    }

    pub(crate) fn submissions(&self) -> Vec<(String, String)> {
        let state = self.0.lock().unwrap();
        state
            .submitted
            .iter()
            .map(|(id, (destination, _))| (id.clone(), destination.clone()))
            .collect()
    }

    fn step(
        &self,
        message: &OutgoingMessage,
        progress: Option<&TransportProgress>,
    ) -> Result<TransportProgress, TransportFailure> {
        let mut state = self.0.lock().unwrap();
        let call = state.calls;
        state.calls += 1;
        let fails = state.fail_calls.contains(&call);
        if state.down.contains(&message.destination) || (fails && !state.lose_answers) {
            return Err(failure("no connection"));
        }
        let done = match progress {
            None => {
                // Encryption is never twice the same.
                let mut opaque = message.data.clone();
                opaque.push(u8::try_from(call % 250).unwrap());
                TransportProgress {
                    step: TransportStep::Prepared,
                    submission: None,
                    opaque,
                }
            }
            Some(progress) => {
                let mut next = progress.clone();
                next.step = match progress.step {
                    TransportStep::Prepared => {
                        state.next += 1;
                        next.submission = Some(format!("submission-{}", state.next));
                        TransportStep::Created
                    }
                    TransportStep::Created => TransportStep::Uploaded,
                    TransportStep::Uploaded | TransportStep::Submitted => {
                        let id = progress.submission.clone().unwrap();
                        let sent = (message.destination.clone(), progress.opaque.clone());
                        match state.submitted.get(&id) {
                            Some(known) if *known != sent => state.conflicts += 1,
                            Some(_) => {}
                            None => {
                                state.submitted.insert(id, sent);
                            }
                        }
                        TransportStep::Submitted
                    }
                };
                next
            }
        };
        if fails {
            return Err(failure("the answer was lost"));
        }
        Ok(done)
    }
}

impl LegTransport for Service {
    fn advance<'a>(
        &'a self,
        message: &'a OutgoingMessage,
        progress: Option<&'a TransportProgress>,
    ) -> BoxFuture<'a, Result<TransportProgress, TransportFailure>> {
        Box::pin(async move { self.step(message, progress) })
    }

    fn events<'a>(
        &'a self,
        progress: &'a TransportProgress,
    ) -> BoxFuture<'a, Result<Vec<VerifiedEvent>, TransportFailure>> {
        Box::pin(async move {
            let state = self.0.lock().unwrap();
            let id = progress.submission.clone().unwrap();
            Ok(state.events.get(&id).cloned().unwrap_or_default())
        })
    }
}

pub(crate) struct World {
    pub(crate) applications: Applications,
    pub(crate) deliveries: Deliveries,
    pub(crate) service: Arc<Service>,
    pub(crate) test: TestDb,
    random: Arc<SeededRandom>,
    crypter: Crypter,
}

pub(crate) const ACCOUNT: &str = "account-mia";

impl World {
    pub(crate) async fn new(test: TestDb) -> Self {
        test.db.migrate_platform().await.unwrap();
        test.db.migrate("application", MIGRATIONS).await.unwrap();
        let random = Arc::new(SeededRandom::new(11));
        let crypter =
            Crypter::new([zeroize::Zeroizing::new([5; 32])], Arc::clone(&random) as _).unwrap();
        let applications = Applications::new(Foundation {
            db: test.db.clone(),
            clock: Arc::clone(&test.clock) as _,
            random: Arc::clone(&random) as _,
            crypter: crypter.clone(),
            events: LifeEvent::embedded().unwrap(),
            authorities: Arc::new(Offices),
            places: Arc::new(Places),
        });
        let service = Arc::new(Service::default());
        let mut world = Self {
            deliveries: Deliveries::new(
                test.db.clone(),
                Arc::clone(&test.clock) as _,
                Arc::clone(&random) as _,
                crypter.clone(),
                Arc::clone(&service) as _,
                DeliverySettings::default(),
            ),
            applications,
            service,
            test,
            random,
            crypter,
        };
        world.restart();
        world
    }

    /// A worker that knows nothing of what the one before did.
    pub(crate) fn restart(&mut self) {
        self.deliveries = Deliveries::new(
            self.test.db.clone(),
            Arc::clone(&self.test.clock) as _,
            Arc::clone(&self.random) as _,
            self.crypter.clone(),
            Arc::clone(&self.service) as _,
            DeliverySettings {
                retry: RetryPolicy {
                    first_pause: 1,
                    longest_pause: 60,
                    attempts: 40,
                },
                ..DeliverySettings::default()
            },
        );
    }

    pub(crate) async fn draft(&self, legs: &[&str]) -> ApplicationId {
        self.draft_with(legs, None).await
    }

    pub(crate) async fn draft_with(
        &self,
        legs: &[&str],
        identification: Option<&Identification>,
    ) -> ApplicationId {
        let legs: Vec<String> = legs.iter().map(|leg| (*leg).to_owned()).collect();
        let new = NewApplication {
            life_event: "geburt",
            legs: &legs,
            places: &BTreeMap::new(),
            identification,
        };
        self.applications.create(ACCOUNT, new).await.unwrap()
    }

    /// Answers every open question; `choose` overrides single inputs.
    pub(crate) async fn answer_all(&self, id: ApplicationId, choose: &[(&str, &str)]) {
        for _ in 0..100 {
            let check = self
                .applications
                .check(ACCOUNT, id, Language::De)
                .await
                .unwrap();
            let Some(open) = check.open.first() else {
                return;
            };
            let event = self.applications.life_event("geburt").unwrap();
            let question = event.question(&open.question).unwrap();
            let mut page = fitting_page(event, question, || 0);
            for (fact, value) in choose {
                if let Some(typed) = page.get_mut(*fact) {
                    *typed = (*value).to_owned();
                }
            }
            let saved = self
                .applications
                .save_page(
                    ACCOUNT,
                    id,
                    &open.question,
                    check.version,
                    &page,
                    Language::De,
                )
                .await
                .unwrap();
            assert!(matches!(saved, SavedPage::Next(_)), "{saved:?}");
        }
        unreachable!("the questions have no end");
    }

    pub(crate) async fn complete_draft(&self) -> ApplicationId {
        let id = self.draft(&["name", "kindergeld", "elterngeld"]).await;
        self.answer_all(id, &[("child.birth_place", "Bremerhaven")])
            .await;
        id
    }

    pub(crate) async fn send(&self, id: ApplicationId) {
        let version = self
            .applications
            .check(ACCOUNT, id, Language::De)
            .await
            .unwrap()
            .version;
        self.applications.send(ACCOUNT, id, version).await.unwrap();
    }

    pub(crate) async fn confirmation(&self, id: ApplicationId) -> Confirmation {
        self.applications
            .confirmation(ACCOUNT, id, Language::De)
            .await
            .unwrap()
    }

    pub(crate) async fn states(&self, id: ApplicationId) -> Vec<LegState> {
        let legs = self.confirmation(id).await.legs;
        legs.into_iter().map(|leg| leg.state).collect()
    }

    pub(crate) fn now(&self) -> einmal_model::Instant {
        self.test.clock.now()
    }
}
