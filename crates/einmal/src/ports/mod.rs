//! What one domain needs of another or of the outside, wired: each module implements ports that a
//! domain stated, on top of another domain's public interface or of the HTTP client.

pub(crate) mod directory;
pub(crate) mod inbox;
pub(crate) mod leg_transport;
pub(crate) mod provider_http;
pub(crate) mod transport;
