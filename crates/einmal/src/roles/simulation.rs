//! The simulated identity provider of the demonstration world.

use std::sync::Arc;

use anyhow::Context;
use axum::Router;
use einmal_identity::simulation::{Client, People, SimulatedProvider, SimulationAllowed};
use einmal_web::SimulationState;

use super::{Role, Shared, health};
use crate::config::IdentityProvider;
use crate::key_files::read_private_key;

pub(crate) async fn start(shared: &Shared, settings: &IdentityProvider) -> anyhow::Result<Role> {
    let allowed = SimulationAllowed::from_setting(shared.config.simulation)
        .context("the simulated identity provider starts only with `simulation = true`")?;
    let db = shared.open(&settings.database).await?;
    let key = read_private_key(&shared.config.path(&settings.signing_key))?;
    let clients = settings
        .clients
        .iter()
        .map(|client| Client {
            id: client.id.clone(),
            redirect_url: client.redirect_url.clone(),
            staff: client.staff,
        })
        .collect();
    let issuer = format!("{}/simulation", shared.config.public_url);
    let provider = SimulatedProvider::open(
        allowed,
        db.clone(),
        Arc::clone(&shared.clock),
        Arc::clone(&shared.random),
        &issuer,
        clients,
        People::built_in()?,
        &key,
    );
    let state = SimulationState {
        settings: Arc::new(super::web_settings(&shared.config)),
        provider: Arc::new(provider.await?),
    };
    Ok(Role {
        houses: vec![einmal_web::simulation(state)],
        machines: Router::new(),
        checks: vec![health::Check::database("simulation", db)],
    })
}
