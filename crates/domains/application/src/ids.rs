//! Identifiers of this domain.

einmal_model::id_type!(
    /// Names one application, from the first draft on.
    ApplicationId
);

einmal_model::id_type!(
    /// Names one leg of a sent application: one benefit at one office. Also the idempotency key of
    /// its delivery.
    LegId
);
