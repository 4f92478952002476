//! The roles of a process: each opens its own database and keys, adds its routes to the listener
//! and its work to the task set. Roles reach each other over HTTP only, even inside one process.

pub(crate) mod authority;
pub(crate) mod delivery;
mod health;
pub(crate) mod portal;
pub(crate) mod simulation;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use einmal_delivery::client::{ClientSettings, Transport};
use einmal_identity::Identity;
use einmal_model::{Clock, Random};
use einmal_storage::Db;
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::trace::TraceLayer;

use crate::config::{Config, DeliveryClient};
use crate::ports::transport::HttpTransport;
use crate::system::{SystemClock, SystemRandom};
use crate::tasks::Tasks;
use crate::{http_client, key_files, server};

/// What all roles share: configuration, clock, randomness, the HTTP client, the task set.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) config: Arc<Config>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) http: reqwest::Client,
    pub(crate) tasks: Tasks,
}

/// What a role gives to the process.
pub(crate) struct Role {
    /// Pages for people; the process puts one frame around all of them.
    pub(crate) houses: Vec<Router>,
    /// Routes for machines.
    pub(crate) machines: Router,
    /// What must be usable.
    pub(crate) checks: Vec<health::Check>,
}

/// A process that is ready to serve.
pub(crate) struct Process {
    shared: Shared,
    listener: TcpListener,
    app: Router,
}

impl Shared {
    pub(crate) fn new(config: Config) -> anyhow::Result<Self> {
        Ok(Self {
            config: Arc::new(config),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            http: http_client::client()?,
            tasks: Tasks::default(),
        })
    }

    /// Opens a database of the configuration.
    pub(crate) async fn open(&self, database: &str) -> anyhow::Result<Db> {
        let location = self.config.database(database)?;
        let db = Db::open(&location, Arc::clone(&self.clock)).await?;
        db.migrate_platform().await?;
        Ok(db)
    }

    /// The way of delivery clients to their service.
    pub(crate) fn transport(&self) -> Arc<dyn Transport> {
        Arc::new(HttpTransport(self.http.clone()))
    }

    /// Who we are at a delivery service.
    pub(crate) fn delivery_client(
        &self,
        settings: &DeliveryClient,
    ) -> anyhow::Result<ClientSettings> {
        Ok(ClientSettings {
            token_url: settings.token_url.clone(),
            submission_url: settings.submission_url.clone(),
            client_id: settings.client_id.clone(),
            client_secret: key_files::read_secret(&self.config.path(&settings.client_secret))?,
        })
    }

    /// The encryption of fields in databases.
    pub(crate) fn crypter(&self) -> anyhow::Result<einmal_storage::Crypter> {
        let files = self.config.field_keys.iter();
        let keys: Vec<_> = files
            .map(|file| key_files::read_symmetric_key(&self.config.path(file)))
            .collect::<anyhow::Result<_>>()?;
        Ok(einmal_storage::Crypter::new(
            keys,
            Arc::clone(&self.random),
        )?)
    }
}

impl Process {
    /// Takes the port, opens everything, starts the background work.
    pub(crate) async fn start(config: Config) -> anyhow::Result<Self> {
        let shared = Shared::new(config)?;
        let listener = server::listen(shared.config.listen).await?;
        let mut roles = Vec::new();
        if let Some(settings) = &shared.config.delivery {
            roles.push(delivery::start(&shared, settings).await?);
        }
        if let Some(settings) = &shared.config.identity_provider {
            roles.push(simulation::start(&shared, settings).await?);
        }
        if let Some(settings) = &shared.config.portal {
            roles.push(portal::start(&shared, settings).await?);
        }
        if let Some(settings) = &shared.config.authority {
            roles.push(authority::start(&shared, settings).await?);
        }
        let mut machines = Router::new();
        let mut houses = Vec::new();
        let mut checks = Vec::new();
        for role in roles {
            machines = machines.merge(role.machines);
            houses.extend(role.houses);
            checks.extend(role.checks);
        }
        let random = Arc::clone(&shared.random);
        let app = einmal_web::pages(web_settings(&shared.config), random, houses)
            .merge(machines)
            .merge(health::routes(checks))
            .layer(CatchPanicLayer::new())
            .layer(TraceLayer::new_for_http());
        Ok(Self {
            shared,
            listener,
            app,
        })
    }

    /// The address for people.
    pub(crate) fn url(&self) -> &str {
        &self.shared.config.public_url
    }

    /// Serves until asked to stop.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        server::serve(self.listener, self.app, &self.shared.tasks).await
    }
}

/// Erases sessions and logins that are over, now and then.
fn sweep_sessions(shared: &Shared, identity: &Arc<Identity>) {
    let identity = Arc::clone(identity);
    shared
        .tasks
        .repeat("sweep sessions", Duration::from_secs(600), move || {
            let identity = Arc::clone(&identity);
            async move { identity.sweep().await.map(|_| 0) }
        });
}

fn web_settings(config: &Config) -> einmal_web::WebSettings {
    einmal_web::WebSettings {
        public_url: config.public_url.clone(),
        simulation: config.simulation,
        operator: einmal_web::Operator {
            name: config.operator.name.clone(),
            address: config.operator.address.clone(),
            email: config.operator.email.clone(),
        },
    }
}

/// The people of the demonstration world, one line each.
pub(crate) fn demo_people() -> Vec<String> {
    let people = einmal_identity::simulation::People::built_in();
    let people = people
        .as_ref()
        .map(einmal_identity::simulation::People::all)
        .unwrap_or_default();
    people
        .iter()
        .map(|person| format!("{:<26} {}", person.name, person.note))
        .collect()
}
