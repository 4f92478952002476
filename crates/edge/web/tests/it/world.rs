//! Portal, three authorities and the simulated provider behind one address, on SQLite.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use axum::Router;
use einmal_application::port::{
    Authority, AuthorityDirectory, BoxFuture, PlaceDirectory, PortError,
};
use einmal_application::view::Place;
use einmal_application::{Applications, Deliveries, DeliverySettings, Foundation, LifeEvent};
use einmal_casework::{Casework, CaseworkParts, Schemas, Settings, Tenant};
use einmal_catalogue::{AddressView, Catalogue, CatalogueIndex};
use einmal_identity::simulation::{
    Client, CodeGrant, People, SimulatedProvider, SimulationAllowed,
};
use einmal_identity::{Audience, Identity, Level, ProviderFailure, ProviderHttp, ProviderSettings};
use einmal_jose::{KeyPurpose, KeySize, PrivateJwk};
use einmal_model::testing::SeededRandom;
use einmal_model::{Ars, Language};
use einmal_storage::testing::TestDb;
use einmal_storage::{Crypter, Kind};
use einmal_web::{AuthorityState, Operator, PortalState, SimulationState, WebSettings};
use zeroize::Zeroizing;

use crate::browser::Browser;
use crate::delivery::Wire;

pub(crate) const ADDRESS: &str = "http://127.0.0.1:1";

pub(crate) struct World {
    pub(crate) app: Router,
    pub(crate) test: TestDb,
    pub(crate) wire: Wire,
    deliveries: Deliveries,
    casework: Casework,
    tenants: Vec<Tenant>,
}

struct Directory(Catalogue);

impl AuthorityDirectory for Directory {
    fn find<'a>(
        &'a self,
        leika: &'a str,
        ars: Ars,
    ) -> BoxFuture<'a, Result<Option<Authority>, PortError>> {
        Box::pin(async move {
            let today = self.0.today();
            let office = self.0.destination_for(leika, ars, today).await.unwrap();
            Ok(office.map(|office| Authority {
                name: office.name.in_language(Language::De).to_owned(),
                address: office.addresses.first().map(AddressView::line),
                destination: office.destination,
            }))
        })
    }
}

impl PlaceDirectory for Directory {
    fn find<'a>(&'a self, typed: &'a str) -> BoxFuture<'a, Result<Vec<Place>, PortError>> {
        Box::pin(async move {
            let places = self.0.find_places(typed, 10).await.unwrap();
            Ok(places
                .into_iter()
                .map(|place| Place {
                    ars: place.ars,
                    name: place.short_name,
                    postcode: place.postcode,
                    within: Some(place.within).filter(|within| !within.is_empty()),
                })
                .collect())
        })
    }
}

/// HTTP to the provider without a network.
struct InProcess(Arc<SimulatedProvider>);

impl ProviderHttp for InProcess {
    fn get<'a>(
        &'a self,
        url: &'a str,
    ) -> einmal_identity::BoxFuture<'a, Result<Vec<u8>, ProviderFailure>> {
        Box::pin(async move {
            Ok(if url.ends_with("/jwks.json") {
                serde_json::to_vec(self.0.jwks()).unwrap()
            } else {
                serde_json::to_vec(&self.0.discovery()).unwrap()
            })
        })
    }

    fn post_form<'a>(
        &'a self,
        _: &'a str,
        form: &'a [(&'a str, &'a str)],
    ) -> einmal_identity::BoxFuture<'a, Result<Vec<u8>, ProviderFailure>> {
        Box::pin(async move {
            let form: BTreeMap<&str, &str> = form.iter().copied().collect();
            let given = |name: &str| (*form.get(name).unwrap_or(&"")).to_owned();
            let grant = CodeGrant {
                grant_type: given("grant_type"),
                code: given("code"),
                client_id: given("client_id"),
                redirect_uri: given("redirect_uri"),
                code_verifier: given("code_verifier"),
            };
            let token = self.0.redeem(&grant).await;
            let token = token.map_err(|error| ProviderFailure(error.to_string()))?;
            Ok(serde_json::to_vec(&serde_json::json!({ "id_token": token })).unwrap())
        })
    }
}

fn signing_key() -> &'static PrivateJwk {
    static KEY: OnceLock<PrivateJwk> = OnceLock::new();
    KEY.get_or_init(|| {
        PrivateJwk::generate(KeySize::Bits2048, KeyPurpose::Signature, "simulation").unwrap()
    })
}

pub(crate) fn settings() -> WebSettings {
    WebSettings {
        public_url: ADDRESS.to_owned(),
        simulation: true,
        operator: Operator {
            name: "Testbetrieb".to_owned(),
            address: vec!["Teststraße 1".to_owned(), "28195 Bremen".to_owned()],
            email: "hilfe@einmal.example".to_owned(),
        },
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        let test = TestDb::open(Kind::Sqlite).await;
        let random = Arc::new(SeededRandom::new(11));
        let db = test.db.clone();
        db.migrate_platform().await.unwrap();
        db.migrate("application", einmal_application::MIGRATIONS)
            .await
            .unwrap();
        db.migrate("casework", einmal_casework::MIGRATIONS)
            .await
            .unwrap();
        let crypter = || Crypter::new([Zeroizing::new([5; 32])], random.clone()).unwrap();

        let catalogue = Catalogue::new(db.clone());
        catalogue.migrate().await.unwrap();
        catalogue.import_demonstration().await.unwrap();
        let events = LifeEvent::embedded().unwrap();
        let documents = events.iter().map(|event| {
            let words: Vec<String> = event.search.values().flatten().cloned().collect();
            CatalogueIndex::life_event(
                &event.id,
                event.title.in_language(Language::De),
                event.teaser.in_language(Language::De),
                &words,
            )
        });
        let index = CatalogueIndex::in_memory().unwrap();
        index
            .rebuild(&catalogue, documents.collect())
            .await
            .unwrap();
        let schemas: Schemas = events
            .iter()
            .flat_map(|event| &event.legs)
            .map(|leg| (leg.schema_uri(), Arc::new(leg.schema.clone())))
            .collect();
        let directory = Arc::new(Directory(catalogue.clone()));
        let applications = Applications::new(Foundation {
            db: db.clone(),
            clock: test.clock.clone(),
            random: random.clone(),
            crypter: crypter(),
            events,
            authorities: directory.clone(),
            places: directory,
        });

        let wire = Wire::new(test.clock.clone());
        let deliveries = Deliveries::new(
            db.clone(),
            test.clock.clone(),
            random.clone(),
            crypter(),
            Arc::new(wire.clone()),
            DeliverySettings::default(),
        );
        let casework = Casework::new(CaseworkParts {
            db: db.clone(),
            crypter: crypter(),
            clock: test.clock.clone(),
            random: random.clone(),
            inbox: Arc::new(wire.clone()),
            schemas,
            settings: Settings::default(),
        });
        let tenants = tenants();
        casework.register_tenants(&tenants).await.unwrap();

        let issuer = format!("{ADDRESS}/simulation");
        let provider = SimulatedProvider::open(
            SimulationAllowed::from_setting(true).unwrap(),
            db.clone(),
            test.clock.clone(),
            random.clone(),
            &issuer,
            vec![
                client("portal", "/anmelden/zurueck", false),
                client("amt", "/amt/anmelden/zurueck", true),
            ],
            People::built_in().unwrap(),
            signing_key(),
        );
        let provider = Arc::new(provider.await.unwrap());
        let identity = async |audience, id: &str, path: &str| {
            let settings = ProviderSettings {
                audience,
                issuer: format!("{ADDRESS}/simulation"),
                client_id: id.to_owned(),
                redirect_url: format!("{ADDRESS}{path}"),
                least_level: Level::Low,
            };
            let http = Arc::new(InProcess(provider.clone()));
            let (db, clock) = (db.clone(), test.clock.clone());
            let identity =
                Identity::open(db, crypter(), clock, random.clone(), http, settings).await;
            Arc::new(identity.unwrap())
        };
        let web = Arc::new(settings());
        let portal = einmal_web::portal(PortalState {
            settings: web.clone(),
            identity: identity(Audience::Citizen, "portal", "/anmelden/zurueck").await,
            catalogue,
            index,
            applications,
            clock: test.clock.clone(),
            random: random.clone(),
        });
        let authority = einmal_web::authority(AuthorityState {
            settings: web.clone(),
            identity: identity(Audience::Staff, "amt", "/amt/anmelden/zurueck").await,
            casework: casework.clone(),
            clock: test.clock.clone(),
            random: random.clone(),
        });
        let simulation = einmal_web::simulation(SimulationState {
            settings: web,
            provider,
        });
        Self {
            app: einmal_web::pages(settings(), random, [portal, authority, simulation]),
            test,
            wire,
            deliveries,
            casework,
            tenants,
        }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.app.clone())
    }

    /// Lets all workers run until nothing is left to do right now.
    pub(crate) async fn work(&self) {
        for _ in 0..4 {
            self.deliveries.run_once().await.unwrap();
            for tenant in &self.tenants {
                self.casework.receive_once(&tenant.id).await.unwrap();
            }
            self.casework.post_decisions_once("test").await.unwrap();
            self.test.clock.advance_seconds(30);
            self.deliveries.poll_once().await.unwrap();
        }
    }
}

fn client(id: &str, path: &str, staff: bool) -> Client {
    Client {
        id: id.to_owned(),
        redirect_url: format!("{ADDRESS}{path}"),
        staff,
    }
}

fn tenants() -> Vec<Tenant> {
    [
        ("standesamt-bremerhaven", "Standesamt Bremerhaven"),
        ("familienkasse-bremen", "Familienkasse Bremen"),
        ("elterngeldstelle-bremen", "Elterngeldstelle Bremen"),
    ]
    .into_iter()
    .zip(1..)
    .map(|((id, name), number)| Tenant {
        id: id.parse().unwrap(),
        name: name.to_owned(),
        destination: format!("0d3e0000-0000-4000-8000-00000000000{number}")
            .parse()
            .unwrap(),
    })
    .collect()
}
