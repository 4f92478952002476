//! The provider: authorization request, choice of a person, code, ID token.

use std::sync::Arc;

use einmal_jose::{JwkSet, KeySize, PrivateJwk, SigningKey, sign};
use einmal_model::{Clock, Random};
use einmal_storage::{Db, Query, args, transaction};
use serde_json::json;

use super::people::{People, SimulatedPerson};
use super::{MIGRATIONS, SimulationAllowed};
use crate::error::IdentityError;
use crate::login::percent_encode;
use crate::person::Level;
use crate::secret::{digest_of, random_text, same};

const CODE_SECONDS: i64 = 60;
const TOKEN_SECONDS: i64 = 300;
const MAX_PARAMETER: usize = 1_000;

/// A client of the provider.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// The only URL it may return to.
    pub redirect_url: String,
    /// True when staff log in through it, false for citizens.
    pub staff: bool,
}

/// The parameters of an authorization request (OpenID Connect Core 1.0 §3.1.2.1). The page that
/// lets people choose carries them along and hands them back.
#[derive(Debug, Clone, Default)]
pub struct AuthorizationRequest {
    /// `client_id`.
    pub client_id: String,
    /// `redirect_uri`.
    pub redirect_uri: String,
    /// `response_type`; only `code`.
    pub response_type: String,
    /// `state`.
    pub state: String,
    /// `nonce`.
    pub nonce: String,
    /// `code_challenge`.
    pub code_challenge: String,
    /// `code_challenge_method`; only `S256`.
    pub code_challenge_method: String,
}

/// What a client posts to the token endpoint (RFC 6749 §4.1.3).
#[derive(Debug, Clone, Default)]
pub struct CodeGrant {
    /// `grant_type`; only `authorization_code`.
    pub grant_type: String,
    /// `code`.
    pub code: String,
    /// `client_id`.
    pub client_id: String,
    /// `redirect_uri`.
    pub redirect_uri: String,
    /// `code_verifier`.
    pub code_verifier: String,
}

/// The simulated provider.
pub struct SimulatedProvider {
    db: Db,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    issuer: String,
    clients: Vec<Client>,
    people: People,
    key: Arc<SigningKey>,
    keys: JwkSet,
}

impl SimulatedProvider {
    /// Brings the tables up to date and opens the provider.
    ///
    /// # Errors
    /// [`IdentityError::Key`], [`IdentityError::Storage`].
    #[expect(
        clippy::too_many_arguments,
        reason = "everything is handed in, each thing once"
    )]
    pub async fn open(
        _allowed: SimulationAllowed,
        db: Db,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        issuer: &str,
        clients: Vec<Client>,
        people: People,
        key: &PrivateJwk,
    ) -> Result<Self, IdentityError> {
        db.migrate("simulation", MIGRATIONS).await?;
        Ok(Self {
            db,
            clock,
            random,
            issuer: issuer.to_owned(),
            clients,
            people,
            key: Arc::new(key.signing_key(KeySize::Bits2048)?),
            keys: JwkSet {
                keys: vec![key.public().clone()],
            },
        })
    }

    /// The discovery document.
    #[must_use]
    pub fn discovery(&self) -> serde_json::Value {
        let issuer = &self.issuer;
        json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/anmeldung"),
            "token_endpoint": format!("{issuer}/token"),
            "jwks_uri": format!("{issuer}/jwks.json"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["PS512"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": ["openid"],
        })
    }

    /// The public keys of the provider.
    #[must_use]
    pub const fn jwks(&self) -> &JwkSet {
        &self.keys
    }

    /// The people a client may be shown.
    ///
    /// # Errors
    /// [`IdentityError::Simulation`] when the request breaks the rules; the person must then not
    /// be sent back to the client.
    pub fn choices(
        &self,
        request: &AuthorizationRequest,
    ) -> Result<Vec<&SimulatedPerson>, IdentityError> {
        let client = self.check(request)?;
        Ok(self
            .people
            .all()
            .iter()
            .filter(|person| person.is_staff() == client.staff)
            .collect())
    }

    fn check(&self, request: &AuthorizationRequest) -> Result<&Client, IdentityError> {
        let wrong = IdentityError::Simulation;
        let client = self
            .clients
            .iter()
            .find(|client| client.id == request.client_id)
            .ok_or(wrong("unknown client"))?;
        if client.redirect_url != request.redirect_uri {
            return Err(wrong("the client may not return to this address"));
        }
        if request.response_type != "code" || request.code_challenge_method != "S256" {
            return Err(wrong("only the code flow with PKCE S256 is offered"));
        }
        let parameters = [&request.state, &request.nonce, &request.code_challenge];
        if parameters
            .iter()
            .any(|text| text.is_empty() || text.len() > MAX_PARAMETER)
        {
            return Err(wrong("state, nonce and code_challenge are required"));
        }
        Ok(client)
    }

    /// Somebody chose who to be: gives the address to send the browser to.
    ///
    /// # Errors
    /// [`IdentityError::Simulation`], [`IdentityError::Storage`].
    pub async fn choose(
        &self,
        request: &AuthorizationRequest,
        person: &str,
    ) -> Result<String, IdentityError> {
        let choices = self.choices(request)?;
        if !choices.iter().any(|choice| choice.id == person) {
            return Err(IdentityError::Simulation(
                "nobody of this name can be chosen here",
            ));
        }
        let code = random_text(&*self.random);
        let expires_at = self.clock.now().plus_seconds(CODE_SECONDS);
        transaction!(self.db, "simulation.code", |tx| {
            tx.execute(
                "delete from simulation_code where expires_at <= $1",
                args![self.clock.now()],
            )
            .await?;
            tx.execute(
                "insert into simulation_code
                     (code_digest, client_id, redirect_url, person, nonce, challenge, expires_at)
                 values ($1, $2, $3, $4, $5, $6, $7)",
                args![
                    digest_of(&code),
                    &request.client_id,
                    &request.redirect_uri,
                    person,
                    &request.nonce,
                    &request.code_challenge,
                    expires_at
                ],
            )
            .await?;
            Ok::<_, IdentityError>(())
        })?;
        let state = percent_encode(&request.state);
        Ok(format!(
            "{}?code={code}&state={state}",
            request.redirect_uri
        ))
    }

    /// The address to send the browser to when the person does not want to log in.
    ///
    /// # Errors
    /// [`IdentityError::Simulation`] when the request breaks the rules.
    pub fn refuse(&self, request: &AuthorizationRequest) -> Result<String, IdentityError> {
        self.check(request)?;
        let state = percent_encode(&request.state);
        Ok(format!(
            "{}?error=access_denied&state={state}",
            request.redirect_uri
        ))
    }

    /// Redeems a code for an ID token.
    ///
    /// # Errors
    /// [`IdentityError::Simulation`] when code, client or verifier do not fit; the code is used up
    /// in any case.
    pub async fn redeem(&self, grant: &CodeGrant) -> Result<String, IdentityError> {
        let wrong = IdentityError::Simulation;
        if grant.grant_type != "authorization_code" {
            return Err(wrong("only authorization_code is offered"));
        }
        let row = transaction!(self.db, "simulation.redeem", |tx| {
            tx.fetch_optional(
                "delete from simulation_code where code_digest = $1
                 returning client_id, redirect_url, person, nonce, challenge, expires_at",
                args![digest_of(&grant.code)],
            )
            .await
        })?;
        let row = row.ok_or(wrong("unknown code"))?;
        let fits = row.text("client_id")? == grant.client_id
            && row.text("redirect_url")? == grant.redirect_uri
            && row.instant("expires_at")? > self.clock.now()
            && same(&row.text("challenge")?, &digest_of(&grant.code_verifier));
        if !fits {
            return Err(wrong("code, client and verifier do not belong together"));
        }
        let person = self
            .people
            .find(&row.text("person")?)
            .ok_or(wrong("unknown person"))?;
        self.id_token(person, &grant.client_id, &row.text("nonce")?)
            .await
    }

    async fn id_token(
        &self,
        person: &SimulatedPerson,
        client: &str,
        nonce: &str,
    ) -> Result<String, IdentityError> {
        let now = self.clock.now().as_seconds();
        let level = match person.level {
            Level::Low => "low",
            Level::Substantial => "substantial",
            Level::High => "high",
        };
        let claims = json!({
            "iss": self.issuer, "sub": person.id, "aud": client,
            "iat": now, "exp": now + TOKEN_SECONDS, "nonce": nonce,
            "acr": format!("http://eidas.europa.eu/LoA/{level}"),
            "name": person.name, "means": person.means, "simulated": true,
            "attributes": person.attributes(), "tenant": person.tenant,
        });
        let (key, payload) = (Arc::clone(&self.key), claims.to_string());
        let signed =
            tokio::task::spawn_blocking(move || sign(payload.as_bytes(), &key, "JWT")).await;
        Ok(signed.map_err(|_| IdentityError::Simulation("signing was broken off"))??)
    }
}
