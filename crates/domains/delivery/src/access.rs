//! Who may do what: OAuth 2.0 clients (RFC 6749 §4.4, client credentials in the body), their
//! access tokens, and the rights these give.

use std::collections::BTreeSet;
use std::fmt;

use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use einmal_model::Random;
use einmal_storage::{Query, Tx, args, transaction};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{ClientId, Delivery, DeliveryError, DestinationId};

const SCOPES: &str = "https://schema.fitko.de/fit-connect/oauth/scopes/";
/// Longer tokens are not ours.
const MAX_TOKEN: usize = 4_096;
const MAX_SECRET: usize = 512;

/// A right of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Send submissions to any active destination.
    Send,
    /// List, fetch and acknowledge submissions of the connected destinations.
    Subscribe,
    /// Create and change destinations.
    Manage,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 3] = [Self::Send, Self::Subscribe, Self::Manage];

    const fn name(self) -> &'static str {
        match self {
            Self::Send => "send-submissions",
            Self::Subscribe => "subscribe-destinations",
            Self::Manage => "manage-destinations",
        }
    }

    /// The scope as it stands in tokens.
    #[must_use]
    pub fn uri(self) -> String {
        format!("{SCOPES}{}", self.name())
    }

    /// Reads one scope; nothing for one that is unknown.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let name = text.strip_prefix(SCOPES)?;
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }

    fn parse_list(text: &str) -> Option<BTreeSet<Self>> {
        text.split_ascii_whitespace().map(Self::parse).collect()
    }

    fn write_list(scopes: &BTreeSet<Self>) -> String {
        let uris: Vec<String> = scopes.iter().map(|scope| scope.uri()).collect();
        uris.join(" ")
    }
}

/// A client whose token was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    client: ClientId,
    scopes: BTreeSet<Scope>,
}

impl Principal {
    /// The client.
    #[must_use]
    pub const fn client(&self) -> &ClientId {
        &self.client
    }

    pub(crate) fn require(&self, scope: Scope) -> Result<(), DeliveryError> {
        if self.scopes.contains(&scope) {
            Ok(())
        } else {
            Err(DeliveryError::Forbidden(
                "the access token does not have the scope for this operation",
            ))
        }
    }
}

/// What a client sends to the token endpoint.
#[derive(Clone, Default)]
pub struct TokenGrant {
    /// `grant_type`; only `client_credentials`.
    pub grant_type: String,
    /// `client_id`.
    pub client_id: String,
    /// `client_secret`.
    pub client_secret: Zeroizing<String>,
    /// `scope`, separated by blanks; none means all scopes of the client.
    pub scope: Option<String>,
}

impl fmt::Debug for TokenGrant {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenGrant")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// The answer of the token endpoint.
#[derive(Clone)]
pub struct AccessToken {
    /// The token, opaque to clients.
    pub token: String,
    /// Seconds until it expires.
    pub expires_in: i64,
    /// The scopes it gives, separated by blanks.
    pub scope: String,
}

/// Why no token was given (RFC 6749 §5.2).
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Unknown client or wrong secret; not told apart.
    #[error("unknown client or wrong secret")]
    InvalidClient,
    /// A scope that the client does not have or that does not exist.
    #[error("the scope is unknown or not granted")]
    InvalidScope,
    /// Another grant type.
    #[error("only client_credentials is supported")]
    UnsupportedGrantType,
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] einmal_storage::StorageError),
}

impl TokenError {
    /// The error code of RFC 6749; nothing for failures of ours.
    #[must_use]
    pub const fn code(&self) -> Option<&'static str> {
        match self {
            Self::InvalidClient => Some("invalid_client"),
            Self::InvalidScope => Some("invalid_scope"),
            Self::UnsupportedGrantType => Some("unsupported_grant_type"),
            Self::Storage(_) => None,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: ClientId,
    iat: i64,
    exp: i64,
    scope: String,
}

impl Delivery {
    /// Registers a client or replaces what was registered under its name. The secret should be
    /// one of [`Delivery::new_client_secret`]; it is stored as a salted digest only, which is
    /// enough for random secrets of high entropy.
    ///
    /// # Errors
    /// [`DeliveryError::BadRequest`] for a secret of fewer than 32 characters,
    /// [`DeliveryError::DestinationNotFound`], [`DeliveryError::Storage`].
    pub async fn put_client(
        &self,
        id: &ClientId,
        name: &str,
        secret: &str,
        scopes: &[Scope],
        destinations: &[DestinationId],
    ) -> Result<(), DeliveryError> {
        if !(32..=MAX_SECRET).contains(&secret.len()) {
            return Err(DeliveryError::BadRequest(
                "a client secret has 32 to 512 characters".to_owned(),
            ));
        }
        let mut salt = [0; 16];
        self.inner.random.fill(&mut salt);
        let digest = secret_digest(&salt, secret);
        let scopes = Scope::write_list(&scopes.iter().copied().collect());
        let now = self.now();
        transaction!(self.inner.db, "delivery.client.put", |tx| {
            tx.execute(
                "insert into delivery_client (id, name, secret_salt, secret_digest, scopes, created_at)
                 values ($1, $2, $3, $4, $5, $6)
                 on conflict (id) do update set name = excluded.name, secret_salt = excluded.secret_salt,
                     secret_digest = excluded.secret_digest, scopes = excluded.scopes",
                args![id.as_str(), name, salt.as_slice(), digest.as_ref(), scopes.as_str(), now],
            )
            .await?;
            tx.execute(
                "delete from delivery_connection where client_id = $1",
                args![id.as_str()],
            )
            .await?;
            for destination in destinations {
                connect(tx, id, *destination).await?;
            }
            Ok::<_, DeliveryError>(())
        })
    }

    /// A fresh client secret: 256 random bits.
    #[must_use]
    pub fn new_client_secret(random: &dyn Random) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0; 32]);
        random.fill(bytes.as_mut_slice());
        Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()))
    }

    /// Gives an access token for client credentials.
    ///
    /// # Errors
    /// [`TokenError`].
    pub async fn grant_token(&self, grant: &TokenGrant) -> Result<AccessToken, TokenError> {
        if grant.grant_type != "client_credentials" {
            return Err(TokenError::UnsupportedGrantType);
        }
        let client: ClientId = grant
            .client_id
            .parse()
            .map_err(|_| TokenError::InvalidClient)?;
        if grant.client_secret.len() > MAX_SECRET {
            return Err(TokenError::InvalidClient);
        }
        let row = self
            .inner
            .db
            .read()
            .await?
            .fetch_optional(
                "select secret_salt, secret_digest, scopes from delivery_client where id = $1",
                args![client.as_str()],
            )
            .await?;
        let Some(row) = row else {
            // The same effort as for a wrong secret.
            let _ = secret_digest(&[0; 16], &grant.client_secret);
            return Err(TokenError::InvalidClient);
        };
        let digest = secret_digest(&row.bytes("secret_salt")?, &grant.client_secret);
        let stored = row.bytes("secret_digest")?;
        if !bool::from(digest.as_ref().ct_eq(stored.as_slice())) {
            return Err(TokenError::InvalidClient);
        }
        let granted = Scope::parse_list(&row.text("scopes")?).unwrap_or_default();
        let scopes = match grant
            .scope
            .as_deref()
            .filter(|scope| !scope.trim().is_empty())
        {
            None => granted,
            Some(wanted) => Scope::parse_list(wanted)
                .filter(|wanted| wanted.is_subset(&granted))
                .ok_or(TokenError::InvalidScope)?,
        };
        Ok(self.issue(client, &scopes))
    }

    fn issue(&self, client: ClientId, scopes: &BTreeSet<Scope>) -> AccessToken {
        let now = self.now().as_seconds();
        let expires_in = self.inner.settings.token_lifetime_seconds;
        let scope = Scope::write_list(scopes);
        let claims = Claims {
            iss: self.inner.settings.base_url.clone(),
            sub: client,
            iat: now,
            exp: now.saturating_add(expires_in),
            scope: scope.clone(),
        };
        // Texts and numbers always serialise.
        let claims = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&claims).unwrap_or_default());
        let mac = hmac::sign(&self.inner.token_key, claims.as_bytes());
        AccessToken {
            token: format!("{claims}.{}", URL_SAFE_NO_PAD.encode(mac)),
            expires_in,
            scope,
        }
    }

    /// Checks an access token.
    ///
    /// # Errors
    /// [`DeliveryError::Unauthorized`].
    pub fn authorise(&self, token: &str) -> Result<Principal, DeliveryError> {
        let refused = || DeliveryError::Unauthorized("the access token is not valid");
        if token.len() > MAX_TOKEN {
            return Err(refused());
        }
        let (claims, mac) = token.split_once('.').ok_or_else(refused)?;
        let mac = URL_SAFE_NO_PAD.decode(mac).map_err(|_| refused())?;
        hmac::verify(&self.inner.token_key, claims.as_bytes(), &mac).map_err(|_| refused())?;
        let claims = URL_SAFE_NO_PAD.decode(claims).map_err(|_| refused())?;
        let claims: Claims = serde_json::from_slice(&claims).map_err(|_| refused())?;
        if claims.iss != self.inner.settings.base_url {
            return Err(refused());
        }
        if claims.exp <= self.now().as_seconds() {
            return Err(DeliveryError::Unauthorized("the access token has expired"));
        }
        Ok(Principal {
            client: claims.sub,
            scopes: Scope::parse_list(&claims.scope).ok_or_else(refused)?,
        })
    }

    /// Refuses a client that is not connected with the destination.
    pub(crate) async fn require_connection(
        &self,
        query: &mut impl Query,
        principal: &Principal,
        destination: DestinationId,
    ) -> Result<(), DeliveryError> {
        if self.is_connected(query, principal, destination).await? {
            Ok(())
        } else {
            Err(DeliveryError::Forbidden(
                "the client is not connected with the destination",
            ))
        }
    }

    pub(crate) async fn is_connected(
        &self,
        query: &mut impl Query,
        principal: &Principal,
        destination: DestinationId,
    ) -> Result<bool, DeliveryError> {
        let row = query
            .fetch_optional(
                "select 1 as connected from delivery_connection
                 where client_id = $1 and destination_id = $2",
                args![principal.client.as_str(), destination.to_string()],
            )
            .await?;
        Ok(row.is_some())
    }
}

async fn connect(
    tx: &mut Tx,
    client: &ClientId,
    destination: DestinationId,
) -> Result<(), DeliveryError> {
    let known = tx
        .fetch_optional(
            "select 1 as known from delivery_destination where id = $1",
            args![destination.to_string()],
        )
        .await?;
    if known.is_none() {
        return Err(DeliveryError::DestinationNotFound);
    }
    tx.execute(
        "insert into delivery_connection (client_id, destination_id) values ($1, $2)
         on conflict (client_id, destination_id) do nothing",
        args![client.as_str(), destination.to_string()],
    )
    .await?;
    Ok(())
}

fn secret_digest(salt: &[u8], secret: &str) -> digest::Digest {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(salt);
    context.update(secret.as_bytes());
    context.finish()
}
