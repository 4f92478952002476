//! The role `delivery`: the delivery service behind the FIT-Connect API.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use einmal_api::fit_connect::{self, FitConnect};
use einmal_delivery::{
    ClientId, Contact, Delivery, DeliverySettings, DestinationDraft, DestinationId,
    DestinationStatus, PublicService, Scope, SubmissionSchema,
};

use super::{Role, Shared, health};
use crate::commands::demo::world::{AUTHORITIES, SENDER, SUBSCRIBER};
use crate::config::{self, Config};
use crate::key_files::{read_private_key, read_secret};

const HOUSEKEEPING: Duration = Duration::from_secs(600);

pub(crate) async fn start(shared: &Shared, settings: &config::Delivery) -> anyhow::Result<Role> {
    let db = shared.open(&settings.database).await?;
    let delivery = open(shared, settings, db.clone()).await?;
    let sweeping = delivery.clone();
    shared
        .tasks
        .repeat("remove orphaned content", HOUSEKEEPING, move || {
            let delivery = sweeping.clone();
            async move { delivery.remove_orphaned_content().await.map(|_| 0) }
        });
    Ok(Role {
        houses: Vec::new(),
        machines: fit_connect::router(FitConnect::new(delivery)),
        checks: vec![health::Check::database("delivery", db)],
    })
}

async fn open(
    shared: &Shared,
    settings: &config::Delivery,
    db: einmal_storage::Db,
) -> anyhow::Result<Delivery> {
    let key = read_private_key(&shared.config.path(&settings.signing_key))?;
    let base_url = format!("{}/submission-api", shared.config.public_url);
    let delivery = Delivery::open(
        db,
        Arc::clone(&shared.clock),
        Arc::clone(&shared.random),
        DeliverySettings::new(&base_url),
        &key,
    );
    delivery.await.context("cannot open the delivery service")
}

/// Registers the destinations and clients of the demonstration world. Repeats itself harmlessly.
pub(crate) async fn register_demo(config: &Config) -> anyhow::Result<()> {
    let (Some(settings), Some(authority), Some(portal)) =
        (&config.delivery, &config.authority, &config.portal)
    else {
        return Ok(());
    };
    let shared = Shared::new(config.clone())?;
    let db = shared.open(&settings.database).await?;
    let delivery = open(&shared, settings, db).await?;
    let events = einmal_application::LifeEvent::embedded()?;
    let mut destinations = Vec::new();
    for (demo, tenant) in AUTHORITIES.iter().zip(&authority.tenants) {
        let id: DestinationId = tenant.destination.parse()?;
        let schema = events
            .iter()
            .flat_map(|event| &event.legs)
            .find(|leg| leg.leika == demo.leika)
            .map(einmal_application::content::Leg::schema_uri)
            .context("no life event has a leg for an authority of the demonstration")?;
        let draft = DestinationDraft {
            name: tenant.name.clone(),
            contact: Contact {
                legal_name: format!("{} (Simulation)", tenant.name),
                email: Some(format!("{}@example.org", tenant.id)),
                ..Contact::default()
            },
            public_services: vec![PublicService {
                identifier: format!("urn:de:fim:leika:leistung:{}", demo.leika),
                regions: vec![demo.region.to_owned()],
                submission_schemas: vec![SubmissionSchema {
                    schema_uri: schema,
                    mime_type: "application/json".to_owned(),
                }],
            }],
            metadata_versions: vec!["2.1.0".to_owned()],
            encryption_key: read_private_key(&config.path(&tenant.decryption_key))?
                .public()
                .clone(),
            signing_key: read_private_key(&config.path(&tenant.signing_key))?
                .public()
                .clone(),
            status: DestinationStatus::Active,
        };
        delivery.put_destination(id, &draft).await?;
        destinations.push(id);
    }
    let secret = |file| read_secret(&config.path(file));
    let sender: ClientId = SENDER.parse()?;
    let portal_secret = secret(&portal.delivery.client_secret)?;
    delivery
        .put_client(&sender, "Portal", &portal_secret, &[Scope::Send], &[])
        .await?;
    let subscriber: ClientId = SUBSCRIBER.parse()?;
    let authority_secret = secret(&authority.delivery.client_secret)?;
    delivery
        .put_client(
            &subscriber,
            "Authorities",
            &authority_secret,
            &[Scope::Subscribe],
            &destinations,
        )
        .await?;
    Ok(())
}
