//! Who is who: citizens and staff log in with OpenID Connect; a session remembers them.
//!
//! - [`Identity`] is one login of one audience ([`Audience::Citizen`] at the portal,
//!   [`Audience::Staff`] at the authority): it starts and finishes logins, keeps accounts and
//!   sessions. It asks the provider through the port [`ProviderHttp`].
//! - [`simulation`] is a provider for the demonstration world. It cannot be built without saying
//!   that simulation is allowed.
//!
//! Session tokens, login states and authorization codes are 256 random bits; the database holds
//! their digests only. What a provider tells about a person is sealed at rest.

mod account;
mod error;
mod login;
mod oidc;
mod person;
mod secret;
mod session;
pub mod simulation;

use einmal_storage::Migration;

pub use error::IdentityError;
pub use login::{Callback, FinishedLogin, Identity, LoginStart, ProviderSettings};
pub use oidc::{BoxFuture, ProviderFailure, ProviderHttp};
pub use person::{Account, AccountId, Attributes, Level, Staff};
pub use secret::SessionToken;
pub use session::{Audience, Principal, Session};

/// The tables of this domain.
pub const MIGRATIONS: &[Migration] = &[Migration {
    version: 1,
    name: "accounts, logins, sessions",
    sqlite: include_str!("../migrations/sqlite/0001_identity.sql"),
    postgres: include_str!("../migrations/postgres/0001_identity.sql"),
}];
