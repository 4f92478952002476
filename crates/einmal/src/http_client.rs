//! The one place that makes HTTP clients: time-outs, no redirects, a name of our own.

use std::time::Duration;

use anyhow::Context;

/// Connecting to a peer.
const CONNECT: Duration = Duration::from_secs(5);
/// A silent peer is given up after this long; large bodies may take longer as long as they move.
const SILENCE: Duration = Duration::from_secs(30);

/// A client for calls between roles and to partners.
#[expect(clippy::disallowed_methods, reason = "this is the factory")]
pub(crate) fn client() -> anyhow::Result<reqwest::Client> {
    reqwest::Client::builder()
        .user_agent(concat!("Einmal/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .redirect(reqwest::redirect::Policy::none())
        .pool_idle_timeout(Duration::from_secs(60))
        .build()
        .context("cannot set up the HTTP client")
}
