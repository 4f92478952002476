//! The role `authority`: the workbench of one or many authorities, each with its own keys.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use einmal_application::LifeEvent;
use einmal_casework::{Casework, CaseworkParts, MIGRATIONS, Schemas, Settings, Tenant, TenantId};
use einmal_delivery::client::{ReceiverKeys, Subscriber};
use einmal_identity::{Audience, Identity, Level, ProviderSettings};
use einmal_storage::{Db, jobs};
use einmal_web::AuthorityState;

use super::{Role, Shared, health};
use crate::audit_log;
use crate::config::Authority;
use crate::key_files::read_private_key;
use crate::ports::inbox::Letterboxes;
use crate::ports::provider_http::ProviderOverHttp;

/// How often a letterbox is looked into when it was empty.
const LOOK: Duration = Duration::from_secs(1);
const IDLE: Duration = Duration::from_millis(300);

pub(crate) async fn start(shared: &Shared, settings: &Authority) -> anyhow::Result<Role> {
    let db = shared.open(&settings.database).await?;
    db.migrate("casework", MIGRATIONS).await?;
    audit_log::keep(shared, "authority", &db)?;
    let (tenants, keys) = tenants(shared, settings)?;
    let subscriber = Subscriber::new(
        shared.transport(),
        Arc::clone(&shared.clock),
        Arc::clone(&shared.random),
        shared.delivery_client(&settings.delivery)?,
    );
    let casework = Casework::new(CaseworkParts {
        db: db.clone(),
        crypter: shared.crypter()?,
        clock: Arc::clone(&shared.clock),
        random: Arc::clone(&shared.random),
        inbox: Arc::new(Letterboxes { subscriber, keys }),
        schemas: schemas()?,
        settings: Settings::default(),
    });
    casework.register_tenants(&tenants).await?;
    work(shared, &db, &casework, tenants).await?;
    let identity = Arc::new(identity(shared, settings, &db).await?);
    super::sweep_sessions(shared, &identity);
    let state = AuthorityState {
        settings: Arc::new(super::web_settings(&shared.config)),
        identity,
        casework,
        clock: Arc::clone(&shared.clock),
        random: Arc::clone(&shared.random),
    };
    Ok(Role {
        houses: vec![einmal_web::authority(state)],
        machines: axum::Router::new(),
        checks: vec![health::Check::database("authority", db)],
    })
}

fn tenants(
    shared: &Shared,
    settings: &Authority,
) -> anyhow::Result<(Vec<Tenant>, HashMap<TenantId, ReceiverKeys>)> {
    let mut tenants = Vec::new();
    let mut keys = HashMap::new();
    for tenant in &settings.tenants {
        let id: TenantId = tenant
            .id
            .parse()
            .with_context(|| format!("tenant `{}`", tenant.id))?;
        let decryption = read_private_key(&shared.config.path(&tenant.decryption_key))?;
        let signing = read_private_key(&shared.config.path(&tenant.signing_key))?;
        let receiver = ReceiverKeys::new(tenant.destination.parse()?, &[decryption], &signing)
            .with_context(|| format!("the keys of `{id}` cannot be used"))?;
        keys.insert(id.clone(), receiver);
        tenants.push(Tenant {
            id,
            name: tenant.name.clone(),
            destination: tenant.destination.parse()?,
        });
    }
    Ok((tenants, keys))
}

/// The forms we know, by the address that senders name.
fn schemas() -> anyhow::Result<Schemas> {
    let legs = LifeEvent::embedded()?
        .into_iter()
        .flat_map(|event| event.legs);
    Ok(legs
        .map(|leg| (leg.schema_uri(), Arc::new(leg.schema)))
        .collect())
}

/// Starts a poller per tenant, so that one that hangs does not hold up another, and the worker that
/// posts decisions.
async fn work(
    shared: &Shared,
    db: &Db,
    casework: &Casework,
    tenants: Vec<Tenant>,
) -> anyhow::Result<()> {
    for tenant in tenants {
        let casework = casework.clone();
        shared.tasks.repeat("receive", LOOK, move || {
            let (casework, tenant) = (casework.clone(), tenant.id.clone());
            async move {
                let report = casework.receive_once(&tenant).await?;
                if let Some(cause) = &report.first_cause {
                    tracing::warn!(%tenant, postponed = report.postponed, %cause, "submissions wait");
                }
                anyhow::Ok(report.opened + report.refused)
            }
        });
    }
    let worker = format!("authority {}", shared.config.node);
    jobs::release(db, &worker).await?;
    let casework = casework.clone();
    shared.tasks.repeat("post decisions", IDLE, move || {
        let (casework, worker) = (casework.clone(), worker.clone());
        async move {
            casework
                .post_decisions_once(&worker)
                .await
                .map(|report| report.work_done())
        }
    });
    Ok(())
}

async fn identity(shared: &Shared, settings: &Authority, db: &Db) -> anyhow::Result<Identity> {
    let provider = ProviderSettings {
        audience: Audience::Staff,
        issuer: settings.login.issuer.clone(),
        client_id: settings.login.client_id.clone(),
        redirect_url: format!("{}/amt/anmelden/zurueck", shared.config.public_url),
        least_level: Level::High,
    };
    let http = Arc::new(ProviderOverHttp(shared.http.clone()));
    let (clock, random) = (Arc::clone(&shared.clock), Arc::clone(&shared.random));
    Ok(Identity::open(db.clone(), shared.crypter()?, clock, random, http, provider).await?)
}
