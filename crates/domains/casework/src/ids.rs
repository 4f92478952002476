//! Identifiers of this domain.

einmal_model::id_type!(
    /// Names one case at one authority. Our own, unguessable for the sender, and the idempotency
    /// key of the decision.
    CaseId
);
einmal_model::id_type!(
    /// Names one submission at the delivery service (Einreichung). Unique per tenant: it opens one
    /// case, however often it is fetched.
    SubmissionId
);
einmal_model::id_type!(
    /// The delivery service's name for what it calls a case (Vorgang): `txn` of its event log.
    DeliveryCaseId
);
einmal_model::id_type!(
    /// Names one attachment; the sender invents the id.
    AttachmentId
);
einmal_model::id_type!(
    /// A destination at the delivery service (Zustellpunkt).
    DestinationId
);
