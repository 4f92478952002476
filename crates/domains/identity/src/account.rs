//! Accounts of citizens: one per issuer and subject, filled anew at every login.

use einmal_model::Instant;
use einmal_storage::{Query, StorageError, Tx, args};
use serde::{Deserialize, Serialize};

use crate::error::IdentityError;
use crate::login::Identity;
use crate::oidc::IdToken;
use crate::person::{Account, AccountId, Attributes, Level};

/// The sealed part of an account.
#[derive(Serialize, Deserialize)]
struct Sealed {
    name: String,
    attributes: Attributes,
    means: String,
    level: Level,
    simulated: bool,
}

/// Finds or makes the account of the person a token speaks of.
pub(crate) async fn remember(
    tx: &mut Tx,
    identity: &Identity,
    issuer: &str,
    token: &IdToken,
    level: Level,
) -> Result<AccountId, IdentityError> {
    let now = identity.clock.now();
    let known = tx
        .fetch_optional(
            "select id from identity_account where issuer = $1 and subject = $2",
            args![issuer, &token.sub],
        )
        .await?;
    let id = match &known {
        Some(row) => row.parse("id")?,
        None => AccountId::new(&*identity.clock, &*identity.random),
    };
    let sealed = Sealed {
        name: token.name.clone(),
        attributes: token.attributes.clone(),
        means: token.means.clone(),
        level,
        simulated: token.simulated,
    };
    // Texts always serialise.
    let sealed = serde_json::to_vec(&sealed).unwrap_or_default();
    let sealed =
        identity
            .crypter
            .seal("identity_account", &id.to_string(), "attributes", &sealed)?;
    tx.execute(
        "insert into identity_account (id, issuer, subject, attributes, created_at, seen_at)
         values ($1, $2, $3, $4, $5, $5)
         on conflict (issuer, subject)
         do update set attributes = excluded.attributes, seen_at = excluded.seen_at",
        args![id.to_string(), issuer, &token.sub, sealed, now],
    )
    .await?;
    Ok(id)
}

impl Identity {
    /// An account; nothing when there is none of this id.
    ///
    /// # Errors
    /// [`IdentityError::Storage`], [`IdentityError::Crypter`].
    pub async fn account(&self, id: AccountId) -> Result<Option<Account>, IdentityError> {
        let row = self
            .db
            .read()
            .await?
            .fetch_optional(
                "select attributes, seen_at from identity_account where id = $1",
                args![id.to_string()],
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        let sealed = row.bytes("attributes")?;
        let text = self
            .crypter
            .open("identity_account", &id.to_string(), "attributes", &sealed)?;
        let sealed: Sealed = serde_json::from_slice(&text).map_err(|_| StorageError::Decode {
            column: "attributes".to_owned(),
        })?;
        let seen_at: Instant = row.instant("seen_at")?;
        Ok(Some(Account {
            id,
            name: sealed.name,
            attributes: sealed.attributes,
            means: sealed.means,
            level: sealed.level,
            simulated: sealed.simulated,
            seen_at,
        }))
    }
}
