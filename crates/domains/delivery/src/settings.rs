//! What an operator may set.

/// Settings of one delivery service.
#[derive(Debug, Clone)]
pub struct DeliverySettings {
    /// Public base URL of the submission API without the version, for example
    /// `https://delivery.example/submission-api`. It is the issuer (`iss`) of all events and must
    /// therefore never change while cases are open.
    pub base_url: String,
    /// Sizes and counts.
    pub limits: Limits,
    /// Life time of access tokens in seconds; FIT-Connect allows at most 30 minutes.
    pub token_lifetime_seconds: i64,
    /// How many signatures may be computed at the same time. One takes about 6 ms of a core.
    pub signing_threads: usize,
}

/// Sizes and counts, in bytes where not said otherwise. The defaults are those of FIT-Connect.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// One encrypted attachment.
    pub attachment: u64,
    /// Number of attachments of one submission.
    pub attachments: usize,
    /// All attachments of one submission together.
    pub submission: u64,
    /// Encrypted metadata and encrypted data, each.
    pub document: usize,
    /// One security event token.
    pub event: usize,
}

impl DeliverySettings {
    /// The defaults for a service that is reached at this URL.
    #[must_use]
    pub fn new(base_url: &str) -> Self {
        Self {
            base_url: base_url.trim_end_matches('/').to_owned(),
            limits: Limits::default(),
            token_lifetime_seconds: 1_800,
            signing_threads: std::thread::available_parallelism().map_or(2, usize::from),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            attachment: 500 << 20,
            attachments: 100,
            submission: 2 << 30,
            document: 16 << 20,
            event: 64 << 10,
        }
    }
}
