//! Makes the demonstration world: keys, secrets, configuration; then destinations, clients and the
//! catalogue in the databases.

use std::path::Path;

use anyhow::Context;
use einmal_jose::KeyPurpose;

use super::world::{self, AUTHORITIES};
use crate::config::Config;
use crate::key_files::{create_private_key, random_secret, write_secret};
use crate::roles;
use crate::system::SystemRandom;

/// Makes folder, keys and configuration. The keys take a few seconds.
pub(super) async fn create(folder: &Path, port: u16) -> anyhow::Result<()> {
    tracing::info!("generating the keys of the demonstration world, this takes some seconds");
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot create {}", folder.display()))?;
    // Left over from a start that was broken off.
    let _ = std::fs::remove_dir_all(folder.join("keys"));
    let mut keys = vec![
        ("delivery-signing".to_owned(), KeyPurpose::Signature),
        ("simulation-signing".to_owned(), KeyPurpose::Signature),
    ];
    for authority in &AUTHORITIES {
        keys.push((
            format!("{}-decryption", authority.id),
            KeyPurpose::Encryption,
        ));
        keys.push((format!("{}-signing", authority.id), KeyPurpose::Signature));
    }
    let made = keys.into_iter().map(|(name, purpose)| {
        let file = folder.join("keys").join(format!("{name}.jwk"));
        tokio::task::spawn_blocking(move || {
            create_private_key(&file, purpose, &format!("{name}-1"))
        })
    });
    for outcome in futures_util::future::join_all(made).await {
        outcome.context("generating a key was broken off")??;
    }
    for name in [
        "field.key",
        "audit.key",
        "portal-client.secret",
        "authority-client.secret",
    ] {
        write_secret(
            &folder.join("keys").join(name),
            &random_secret(&SystemRandom),
        )?;
    }
    // Written last: its presence says that the world is complete.
    world::config(port).write(&folder.join("einmal.toml"))
}

/// Brings destinations, clients and the catalogue into the databases; repeats itself harmlessly.
pub(super) async fn fill(config: &Config) -> anyhow::Result<()> {
    roles::delivery::register_demo(config).await?;
    roles::portal::fill_demo_catalogue(config).await
}
