//! One login: begun here, answered by the provider, finished here.
//!
//! `state` (against forged answers), `nonce` (against replayed tokens), PKCE (against stolen codes)
//! and a secret in the browser's cookie (against answers begun in another browser) belong
//! together and are good for one use and ten minutes.

use std::sync::Arc;

use einmal_model::{Clock, Random};
use einmal_storage::{Crypter, Db, Query, args, transaction};
use serde::{Deserialize, Serialize};

use crate::error::IdentityError;
use crate::oidc::{self, Provider, ProviderHttp};
use crate::person::{Level, Staff};
use crate::secret::{self, SessionToken, digest_of, random_text};
use crate::session::Audience;
use crate::{MIGRATIONS, account, session};

const LOGIN_SECONDS: i64 = 10 * 60;

/// The provider, and who we are to it.
#[derive(Debug, Clone)]
pub struct ProviderSettings {
    /// Who logs in.
    pub audience: Audience,
    /// Issuer of the ID tokens; the discovery document lies below it.
    pub issuer: String,
    /// Our client id.
    pub client_id: String,
    /// Where the provider sends people back to.
    pub redirect_url: String,
    /// The least level of assurance that is let in.
    pub least_level: Level,
}

/// Logins, accounts and sessions of one audience.
pub struct Identity {
    pub(crate) db: Db,
    pub(crate) crypter: Crypter,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    settings: ProviderSettings,
    provider: Provider,
}

/// A login that has begun.
pub struct LoginStart {
    /// Where to send the person.
    pub url: String,
    /// Goes into a cookie of this browser (10 minutes, `HttpOnly`, `SameSite=Lax`).
    pub browser: SessionToken,
}

/// What the provider sends back in the query of the redirect URL.
#[derive(Debug, Clone, Default)]
pub struct Callback {
    /// `state`.
    pub state: String,
    /// `code`, when the login went well.
    pub code: Option<String>,
    /// `error`, when it did not.
    pub error: Option<String>,
}

/// A login that went well.
pub struct FinishedLogin {
    /// Goes into the session cookie.
    pub session: SessionToken,
    /// The page the person came from: a local path.
    pub return_to: String,
}

/// What must stay secret of a begun login.
#[derive(Serialize, Deserialize)]
struct LoginSecret {
    nonce: String,
    verifier: String,
}

impl Identity {
    /// Brings the tables up to date and opens the login.
    ///
    /// # Errors
    /// [`IdentityError::Storage`].
    pub async fn open(
        db: Db,
        crypter: Crypter,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        http: Arc<dyn ProviderHttp>,
        settings: ProviderSettings,
    ) -> Result<Self, IdentityError> {
        db.migrate("identity", MIGRATIONS).await?;
        let provider = Provider::new(settings.issuer.clone(), http, Arc::clone(&clock));
        Ok(Self {
            db,
            crypter,
            clock,
            random,
            settings,
            provider,
        })
    }

    /// Who logs in here.
    #[must_use]
    pub const fn audience(&self) -> Audience {
        self.settings.audience
    }

    /// Begins a login. `return_to` is the local path to come back to; anything else becomes `/`.
    ///
    /// # Errors
    /// [`IdentityError::Provider`] when the provider does not answer, [`IdentityError::Storage`].
    pub async fn start_login(&self, return_to: &str) -> Result<LoginStart, IdentityError> {
        let discovery = self.provider.discovery().await?;
        let state = random_text(&*self.random);
        let browser = SessionToken::new(&*self.random);
        let secret = LoginSecret {
            nonce: random_text(&*self.random),
            verifier: random_text(&*self.random),
        };
        let url = format!(
            "{}?response_type=code&scope=openid&client_id={}&redirect_uri={}&state={state}\
             &nonce={}&code_challenge={}&code_challenge_method=S256",
            discovery.authorization_endpoint,
            percent_encode(&self.settings.client_id),
            percent_encode(&self.settings.redirect_url),
            secret.nonce,
            digest_of(&secret.verifier),
        );
        let state_digest = digest_of(&state);
        // Two short texts always serialise.
        let text = serde_json::to_vec(&secret).unwrap_or_default();
        let sealed = self
            .crypter
            .seal("identity_login", &state_digest, "secret", &text)?;
        let return_to = local_path(return_to);
        let expires_at = self.clock.now().plus_seconds(LOGIN_SECONDS);
        transaction!(self.db, "identity.login.start", |tx| {
            tx.execute(
                "insert into identity_login
                     (state_digest, browser_digest, audience, secret, return_to, expires_at)
                 values ($1, $2, $3, $4, $5, $6)",
                args![
                    &state_digest,
                    browser.digest(),
                    self.audience().name(),
                    &sealed,
                    &return_to,
                    expires_at
                ],
            )
            .await?;
            Ok::<_, IdentityError>(())
        })?;
        Ok(LoginStart { url, browser })
    }

    /// Finishes a login: checks that this browser began it, redeems the code, verifies the ID
    /// token, remembers the account, opens a session.
    ///
    /// # Errors
    /// Any [`IdentityError`]; the begun login is used up in any case.
    pub async fn finish_login(
        &self,
        callback: &Callback,
        browser: &SessionToken,
    ) -> Result<FinishedLogin, IdentityError> {
        let (secret, return_to) = self.take_login(&callback.state, browser).await?;
        let code = match (&callback.error, &callback.code) {
            (None, Some(code)) => code,
            (error, _) => {
                // Codes of RFC 6749 §4.1.2.1 are short; nothing else gets into logs.
                let error = error.as_deref().unwrap_or("no code");
                let error = error
                    .chars()
                    .filter(|c| c.is_ascii_alphanumeric() || *c == '_');
                return Err(IdentityError::BrokenOff(error.take(40).collect()));
            }
        };
        let settings = &self.settings;
        let token = self
            .provider
            .redeem(
                code,
                &settings.client_id,
                &settings.redirect_url,
                &secret.verifier,
            )
            .await?;
        let token = oidc::verify(
            &token,
            &self.provider,
            &settings.client_id,
            &secret.nonce,
            self.clock.now(),
        )
        .await?;
        let level = token.level().ok_or(IdentityError::LevelTooLow)?;
        if level < settings.least_level {
            return Err(IdentityError::LevelTooLow);
        }
        let staff = match settings.audience {
            Audience::Citizen => None,
            Audience::Staff => Some(Staff {
                id: token.sub.clone(),
                name: token.name.clone(),
                tenant: token.tenant.clone().ok_or(IdentityError::NotStaff)?,
                simulated: token.simulated,
            }),
        };
        let session = SessionToken::new(&*self.random);
        transaction!(self.db, "identity.login.finish", |tx| {
            let account = match &staff {
                Some(_) => None,
                None => {
                    Some(account::remember(tx, self, self.provider.issuer(), &token, level).await?)
                }
            };
            session::open(tx, self, &session, account, staff.as_ref()).await
        })?;
        Ok(FinishedLogin { session, return_to })
    }

    /// Takes the begun login away, so that nobody uses it twice.
    async fn take_login(
        &self,
        state: &str,
        browser: &SessionToken,
    ) -> Result<(LoginSecret, String), IdentityError> {
        let state_digest = digest_of(state);
        let row = transaction!(self.db, "identity.login.take", |tx| {
            tx.fetch_optional(
                "delete from identity_login where state_digest = $1 and audience = $2
                 returning browser_digest, secret, return_to, expires_at",
                args![&state_digest, self.audience().name()],
            )
            .await
        })?;
        let row = row.ok_or(IdentityError::UnknownLogin)?;
        let same_browser = secret::same(&row.text("browser_digest")?, &browser.digest());
        if !same_browser || row.instant("expires_at")? <= self.clock.now() {
            return Err(IdentityError::UnknownLogin);
        }
        let sealed = row.bytes("secret")?;
        let text = self
            .crypter
            .open("identity_login", &state_digest, "secret", &sealed)?;
        let secret = serde_json::from_slice(&text).map_err(|_| IdentityError::UnknownLogin)?;
        Ok((secret, row.text("return_to")?))
    }
}

/// A path on this site, never another site's address.
fn local_path(path: &str) -> String {
    let local = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
        && path.len() <= 500
        && path.bytes().all(|byte| byte.is_ascii_graphic());
    if local {
        path.to_owned()
    } else {
        "/".to_owned()
    }
}

/// Percent-encoding of a query value (RFC 3986 §2.1).
pub(crate) fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returns_to_local_paths_only() {
        assert_eq!(local_path("/antrag/1?x=2"), "/antrag/1?x=2");
        for foreign in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "",
            "/a\nb",
        ] {
            assert_eq!(local_path(foreign), "/", "{foreign}");
        }
    }
}
