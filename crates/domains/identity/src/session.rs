//! Sessions: what follows a login, until logout, half an hour of silence, or eight hours.

use einmal_model::Instant;
use einmal_storage::{Query, Row, Tx, args, transaction};

use crate::error::IdentityError;
use crate::login::Identity;
use crate::person::{AccountId, Staff};
use crate::secret::{self, SessionToken};

/// A session ends after this much silence …
const SILENCE_SECONDS: i64 = 30 * 60;
/// … and in any case after this long.
const LONGEST_SECONDS: i64 = 8 * 60 * 60;
/// The time of use is written down at most this often.
const TOUCH_SECONDS: i64 = 60;

/// Who a login is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Citizens at the portal.
    Citizen,
    /// Staff at the authority.
    Staff,
}

impl Audience {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Citizen => "citizen",
            Self::Staff => "staff",
        }
    }
}

/// Who is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// A citizen.
    Citizen(AccountId),
    /// A member of staff.
    Staff(Staff),
}

/// A session that is alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who is logged in.
    pub principal: Principal,
    /// When it ends unless it is used before.
    pub ends_at: Instant,
    csrf: String,
}

impl Session {
    /// The token that every form of this session carries.
    #[must_use]
    pub fn csrf_token(&self) -> &str {
        &self.csrf
    }

    /// True when a form came from a page of this session.
    #[must_use]
    pub fn is_own_form(&self, token: &str) -> bool {
        secret::same(&self.csrf, token)
    }
}

pub(crate) async fn open(
    tx: &mut Tx,
    identity: &Identity,
    token: &SessionToken,
    account: Option<AccountId>,
    staff: Option<&Staff>,
) -> Result<(), IdentityError> {
    let (now, digest) = (identity.clock.now(), token.digest());
    let staff = match staff {
        // Names and a few short texts always serialise.
        Some(staff) => {
            let text = serde_json::to_vec(staff).unwrap_or_default();
            Some(
                identity
                    .crypter
                    .seal("identity_session", &digest, "staff", &text)?,
            )
        }
        None => None,
    };
    tx.execute(
        "insert into identity_session
             (token_digest, audience, account_id, staff, csrf, created_at, used_at)
         values ($1, $2, $3, $4, $5, $6, $6)",
        args![
            digest,
            identity.audience().name(),
            account.map(|account| account.to_string()),
            staff,
            secret::random_text(&*identity.random),
            now
        ],
    )
    .await?;
    Ok(())
}

impl Identity {
    /// The session of a token, if it is alive and of this audience. Using a session keeps it
    /// alive.
    ///
    /// # Errors
    /// [`IdentityError::Storage`], [`IdentityError::Crypter`].
    pub async fn session(&self, token: &SessionToken) -> Result<Option<Session>, IdentityError> {
        let digest = token.digest();
        let row = self
            .db
            .read()
            .await?
            .fetch_optional(
                "select account_id, staff, csrf, created_at, used_at from identity_session
                 where token_digest = $1 and audience = $2",
                args![&digest, self.audience().name()],
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        let (now, used_at) = (self.clock.now(), row.instant("used_at")?);
        let last_end = row.instant("created_at")?.plus_seconds(LONGEST_SECONDS);
        if now >= used_at.plus_seconds(SILENCE_SECONDS) || now >= last_end {
            return Ok(None);
        }
        if now >= used_at.plus_seconds(TOUCH_SECONDS) {
            transaction!(self.db, "identity.session.touch", |tx| {
                tx.execute(
                    "update identity_session set used_at = $1 where token_digest = $2",
                    args![now, &digest],
                )
                .await?;
                Ok::<_, IdentityError>(())
            })?;
        }
        let principal = self.principal(&row, &digest)?;
        let ends_at = now.plus_seconds(SILENCE_SECONDS).min(last_end);
        Ok(Some(Session {
            principal,
            ends_at,
            csrf: row.text("csrf")?,
        }))
    }

    fn principal(&self, row: &Row, digest: &str) -> Result<Principal, IdentityError> {
        if let Some(account) = row.opt_text("account_id")? {
            let account = account
                .parse()
                .map_err(|_| einmal_storage::StorageError::Decode {
                    column: "account_id".into(),
                })?;
            return Ok(Principal::Citizen(account));
        }
        let sealed = row.bytes("staff")?;
        let text = self
            .crypter
            .open("identity_session", digest, "staff", &sealed)?;
        let staff =
            serde_json::from_slice(&text).map_err(|_| einmal_storage::StorageError::Decode {
                column: "staff".into(),
            })?;
        Ok(Principal::Staff(staff))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`IdentityError::Storage`].
    pub async fn log_out(&self, token: &SessionToken) -> Result<(), IdentityError> {
        let digest = token.digest();
        transaction!(self.db, "identity.session.end", |tx| {
            tx.execute(
                "delete from identity_session where token_digest = $1",
                args![&digest],
            )
            .await?;
            Ok(())
        })
    }

    /// Erases sessions and logins that are over. Gives how many.
    ///
    /// # Errors
    /// [`IdentityError::Storage`].
    pub async fn sweep(&self) -> Result<usize, IdentityError> {
        let now = self.clock.now();
        transaction!(self.db, "identity.sweep", |tx| {
            let sessions = tx
                .execute(
                    "delete from identity_session where used_at <= $1 or created_at <= $2",
                    args![
                        now.plus_seconds(-SILENCE_SECONDS),
                        now.plus_seconds(-LONGEST_SECONDS)
                    ],
                )
                .await?;
            let logins = tx
                .execute(
                    "delete from identity_login where expires_at <= $1",
                    args![now],
                )
                .await?;
            Ok(usize::try_from(sessions + logins).unwrap_or(usize::MAX))
        })
    }
}
