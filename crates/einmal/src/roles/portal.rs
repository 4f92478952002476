//! The role `portal`: catalogue, life events, accounts, and the delivery of applications.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use einmal_application::{
    Applications, Deliveries, DeliverySettings, Foundation, LifeEvent, MIGRATIONS,
};
use einmal_catalogue::{Catalogue, CatalogueIndex};
use einmal_delivery::client::Sender;
use einmal_identity::{Audience, Identity, Level, ProviderSettings};
use einmal_model::Language;
use einmal_storage::{Db, jobs};
use einmal_web::PortalState;

use super::{Role, Shared, health};
use crate::audit_log;
use crate::config::{Config, Portal};
use crate::ports::directory::Directory;
use crate::ports::leg_transport::LegDeliveries;
use crate::ports::provider_http::ProviderOverHttp;

/// How long the workers sleep when there is nothing to do.
const IDLE: Duration = Duration::from_millis(300);
/// How often the index looks whether the catalogue has changed, for example by an import.
const FOLLOW: Duration = Duration::from_secs(5);
const HOUSEKEEPING: Duration = Duration::from_secs(600);

pub(crate) async fn start(shared: &Shared, settings: &Portal) -> anyhow::Result<Role> {
    let db = shared.open(&settings.database).await?;
    db.migrate("application", MIGRATIONS).await?;
    audit_log::keep(shared, "portal", &db)?;
    let events = life_events(&shared.config, settings)?;
    let catalogue = open_catalogue(&db).await?;
    let index = follow_catalogue(shared, &catalogue, &events).await?;
    let directory = Arc::new(Directory(catalogue.clone()));
    let applications = Applications::new(Foundation {
        db: db.clone(),
        clock: Arc::clone(&shared.clock),
        random: Arc::clone(&shared.random),
        crypter: shared.crypter()?,
        events,
        authorities: directory.clone(),
        places: directory,
    });
    deliver(shared, settings, &db, &applications).await?;
    let identity = Arc::new(identity(shared, settings, &db).await?);
    super::sweep_sessions(shared, &identity);
    let state = PortalState {
        settings: Arc::new(super::web_settings(&shared.config)),
        identity,
        applications,
        catalogue,
        index,
        clock: Arc::clone(&shared.clock),
        random: Arc::clone(&shared.random),
    };
    Ok(Role {
        houses: vec![einmal_web::portal(state)],
        machines: axum::Router::new(),
        checks: vec![health::Check::database("portal", db)],
    })
}

fn life_events(config: &Config, settings: &Portal) -> anyhow::Result<Vec<LifeEvent>> {
    let mut events = LifeEvent::embedded()?;
    if let Some(folder) = &settings.life_events {
        let folder = config.path(folder);
        let entries = std::fs::read_dir(&folder)
            .with_context(|| format!("cannot read the life events in {}", folder.display()))?;
        for entry in entries {
            let event = LifeEvent::load(&entry?.path())?;
            // One of the operator's replaces a built-in one of the same name.
            events.retain(|built_in| built_in.id != event.id);
            events.push(event);
        }
    }
    Ok(events)
}

async fn open_catalogue(db: &Db) -> anyhow::Result<Catalogue> {
    let catalogue = Catalogue::new(db.clone());
    catalogue.migrate().await?;
    Ok(catalogue)
}

/// Builds the search index, and builds it anew whenever the catalogue has changed.
async fn follow_catalogue(
    shared: &Shared,
    catalogue: &Catalogue,
    events: &[LifeEvent],
) -> anyhow::Result<CatalogueIndex> {
    let documents: Vec<_> = events
        .iter()
        .map(|event| {
            let words: Vec<String> = event.search.values().flatten().cloned().collect();
            CatalogueIndex::life_event(
                &event.id,
                event.title.in_language(Language::De),
                event.teaser.in_language(Language::De),
                &words,
            )
        })
        .collect();
    let index = CatalogueIndex::in_memory()?;
    index.rebuild(catalogue, documents.clone()).await?;
    let (catalogue, followed) = (catalogue.clone(), index.clone());
    shared.tasks.repeat("search index", FOLLOW, move || {
        let (catalogue, index, documents) =
            (catalogue.clone(), followed.clone(), documents.clone());
        async move {
            if index.is_stale(&catalogue).await? {
                index.rebuild(&catalogue, documents).await?;
                tracing::info!(documents = index.len(), "search index rebuilt");
            }
            anyhow::Ok(0)
        }
    });
    Ok(index)
}

/// Starts the workers that deliver legs and follow what becomes of them.
async fn deliver(
    shared: &Shared,
    settings: &Portal,
    db: &Db,
    applications: &Applications,
) -> anyhow::Result<()> {
    let worker = format!("portal {}", shared.config.node);
    jobs::release(db, &worker).await?;
    let sender = Sender::new(
        shared.transport(),
        Arc::clone(&shared.clock),
        Arc::clone(&shared.random),
        shared.delivery_client(&settings.delivery)?,
    );
    let deliveries = Deliveries::new(
        db.clone(),
        Arc::clone(&shared.clock),
        Arc::clone(&shared.random),
        shared.crypter()?,
        Arc::new(LegDeliveries(sender)),
        DeliverySettings {
            worker,
            poll_seconds: settings.poll_seconds,
            ..DeliverySettings::default()
        },
    );
    let polling = deliveries.clone();
    shared.tasks.repeat("deliver legs", IDLE, move || {
        let deliveries = deliveries.clone();
        async move { deliveries.run_once().await }
    });
    shared.tasks.repeat("follow legs", IDLE, move || {
        let deliveries = polling.clone();
        async move { deliveries.poll_once().await }
    });
    let applications = applications.clone();
    shared
        .tasks
        .repeat("erase expired drafts", HOUSEKEEPING, move || {
            let applications = applications.clone();
            async move { applications.erase_expired_once().await.map(|_| 0) }
        });
    Ok(())
}

async fn identity(shared: &Shared, settings: &Portal, db: &Db) -> anyhow::Result<Identity> {
    let provider = ProviderSettings {
        audience: Audience::Citizen,
        issuer: settings.login.issuer.clone(),
        client_id: settings.login.client_id.clone(),
        redirect_url: format!("{}/anmelden/zurueck", shared.config.public_url),
        least_level: Level::Low,
    };
    let http = Arc::new(ProviderOverHttp(shared.http.clone()));
    let (clock, random) = (Arc::clone(&shared.clock), Arc::clone(&shared.random));
    Ok(Identity::open(db.clone(), shared.crypter()?, clock, random, http, provider).await?)
}

/// Brings the demonstration catalogue into the portal's database.
pub(crate) async fn fill_demo_catalogue(config: &Config) -> anyhow::Result<()> {
    let Some(settings) = &config.portal else {
        return Ok(());
    };
    let shared = Shared::new(config.clone())?;
    let catalogue = open_catalogue(&shared.open(&settings.database).await?).await?;
    catalogue.import_demonstration().await?;
    Ok(())
}
