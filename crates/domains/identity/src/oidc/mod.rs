//! OpenID Connect as a relying party: authorization code flow with PKCE, and nothing else.

mod id_token;
mod provider;

pub(crate) use id_token::{IdToken, verify};
pub(crate) use provider::Provider;
pub use provider::{BoxFuture, ProviderFailure, ProviderHttp};
