//! The event log of a case, and what a receiver may add to it.

use einmal_jose::{CompactJws, KeyOperation, KeySize};
use einmal_storage::{Query, Tx, args, transaction};

use crate::submission::{self, Stored};
use crate::{
    CaseId, ClientId, Delivery, DeliveryError, DestinationId, Event, EventToken, Issuer, Page,
    Principal, Scope, SetIssue, SubmissionId, SubmissionState, destination, signer,
};

/// Clocks of partners may run ahead of ours by this much.
const CLOCK_SKEW_SECONDS: i64 = 60;

/// Who takes part in a case.
pub(crate) struct Case {
    pub(crate) sender: ClientId,
    pub(crate) destination: DestinationId,
}

impl Delivery {
    /// An event of the service itself, not signed yet.
    pub(crate) fn own_event(
        &self,
        submission: SubmissionId,
        case: CaseId,
        event: Event,
    ) -> EventToken {
        EventToken {
            id: self.new_uuid(),
            issuer: Issuer::Service(self.inner.settings.base_url.clone()),
            issued_at: self.now(),
            submission,
            case,
            event,
        }
    }

    /// The events of a case as signed, newest last, for its sender and its receiver. The second
    /// value counts all of them.
    ///
    /// # Errors
    /// [`DeliveryError::CaseNotFound`], [`DeliveryError::Forbidden`], [`DeliveryError::Storage`].
    pub async fn case_events(
        &self,
        principal: &Principal,
        case: CaseId,
        page: Page,
    ) -> Result<(Vec<String>, u64), DeliveryError> {
        let mut read = self.inner.db.read().await?;
        self.require_participant(&mut read, principal, case).await?;
        let key = case.to_string();
        let total = read
            .fetch_one(
                "select events as total from delivery_case where id = $1",
                args![key.as_str()],
            )
            .await?;
        let rows = read
            .fetch_all(
                "select token from delivery_event where case_id = $1
                 order by number limit $2 offset $3",
                args![key, page.limit(), page.offset()],
            )
            .await?;
        tokens(&rows, &total)
    }

    /// The events of one submission as signed, newest last, for its sender and its receiver.
    ///
    /// # Errors
    /// [`DeliveryError::SubmissionNotFound`], [`DeliveryError::Forbidden`],
    /// [`DeliveryError::Storage`].
    pub async fn submission_events(
        &self,
        principal: &Principal,
        id: SubmissionId,
        page: Page,
    ) -> Result<(Vec<String>, u64), DeliveryError> {
        let mut read = self.inner.db.read().await?;
        let stored = submission::load(&mut read, id).await?;
        self.require_participant(&mut read, principal, stored.case)
            .await?;
        let key = id.to_string();
        let total = read
            .fetch_one(
                "select count(*) as total from delivery_event where submission_id = $1",
                args![key.as_str()],
            )
            .await?;
        let rows = read
            .fetch_all(
                "select token from delivery_event where submission_id = $1
                 order by number limit $2 offset $3",
                args![key, page.limit(), page.offset()],
            )
            .await?;
        tokens(&rows, &total)
    }

    async fn require_participant(
        &self,
        query: &mut impl Query,
        principal: &Principal,
        case: CaseId,
    ) -> Result<(), DeliveryError> {
        let case = load_case(query, case).await?;
        if case.sender == *principal.client() && principal.require(Scope::Send).is_ok() {
            return Ok(());
        }
        principal
            .require(Scope::Subscribe)
            .or_else(|_| principal.require(Scope::Manage))?;
        self.require_connection(query, principal, case.destination)
            .await
    }

    /// Takes an event of a receiver, `accept-submission` or `reject-submission`, after all checks:
    /// header, signature with the destination's own key, claims, issuer, submission, tags, state.
    ///
    /// # Errors
    /// [`DeliveryError::CaseNotFound`], [`DeliveryError::Forbidden`],
    /// [`DeliveryError::InvalidEvent`], [`DeliveryError::StateTransition`] when the submission was
    /// decided already, [`DeliveryError::TooLarge`], [`DeliveryError::Storage`].
    pub async fn post_event(
        &self,
        principal: &Principal,
        case: CaseId,
        token: &str,
    ) -> Result<(), DeliveryError> {
        principal.require(Scope::Subscribe)?;
        let mut read = self.inner.db.read().await?;
        let owner = load_case(&mut read, case).await?;
        self.require_connection(&mut read, principal, owner.destination)
            .await?;
        let limit = self.inner.settings.limits.event;
        if token.len() > limit {
            return Err(DeliveryError::TooLarge {
                what: "event",
                limit: limit as u64,
            });
        }
        let event = self
            .verified_event(&mut read, owner.destination, token)
            .await?;
        if event.case != case {
            return Err(SetIssue::Claim("txn").into());
        }
        let target = match submission::load(&mut read, event.submission).await {
            Err(DeliveryError::SubmissionNotFound) => Err(SetIssue::Claim("sub").into()),
            other => other,
        }?;
        if target.case != case {
            return Err(SetIssue::Claim("sub").into());
        }
        let new_state = Self::decided_state(&event)?;
        drop(read);

        transaction!(self.inner.db, "delivery.event.post", |tx| {
            let target: Stored = submission::load(tx, event.submission).await?;
            if !target.state.is_open() {
                return Err(DeliveryError::StateTransition(target.state));
            }
            if let Event::Accept { tags, .. } = &event.event {
                let stored = submission::stored_tags(tx, event.submission).await?;
                if tags.as_ref() != Some(&stored) {
                    return Err(SetIssue::Tags.into());
                }
            }
            submission::finish(tx, event.submission, new_state, self.now()).await?;
            append(tx, &event, token).await
        })
        .map_err(|error| match error {
            // The same `jti` again: whatever it said was said before.
            DeliveryError::Storage(storage) if storage.is_duplicate() => {
                SetIssue::Claim("jti").into()
            }
            other => other,
        })
    }

    /// The claims of a token that the destination really signed.
    async fn verified_event(
        &self,
        query: &mut impl Query,
        issuer: DestinationId,
        token: &str,
    ) -> Result<EventToken, DeliveryError> {
        let limit = self.inner.settings.limits.event;
        let jws = CompactJws::parse(token, limit).map_err(SetIssue::Jose)?;
        if jws.header().typ.as_deref() != Some(signer::SET_TYPE) {
            return Err(SetIssue::Type.into());
        }
        // Only keys of the case's own destination count, whatever the payload says.
        let kid = jws.header().kid.as_deref().ok_or(SetIssue::Key)?;
        let key = destination::key(query, issuer, kid)
            .await?
            .ok_or(SetIssue::Key)?;
        destination::check_key(&key, KeyOperation::Verify).map_err(|_| SetIssue::Key)?;
        let key = key.verification_key(KeySize::Bits4096);
        let key = key.map_err(|_| SetIssue::Key)?;
        let payload = jws.verify(&key).map_err(SetIssue::Jose)?;
        let event = EventToken::parse(payload)?;
        if event.issuer != Issuer::Destination(issuer) {
            return Err(SetIssue::Claim("iss").into());
        }
        if event.issued_at > self.now().plus_seconds(CLOCK_SKEW_SECONDS) {
            return Err(SetIssue::Claim("iat").into());
        }
        Ok(event)
    }

    fn decided_state(event: &EventToken) -> Result<SubmissionState, SetIssue> {
        match event.event {
            Event::Accept { .. } => Ok(SubmissionState::Accepted),
            Event::Reject(_) => Ok(SubmissionState::Rejected),
            _ => Err(SetIssue::Author),
        }
    }
}

pub(crate) async fn load_case(query: &mut impl Query, case: CaseId) -> Result<Case, DeliveryError> {
    let row = query
        .fetch_optional(
            "select sender, destination_id from delivery_case where id = $1",
            args![case.to_string()],
        )
        .await?
        .ok_or(DeliveryError::CaseNotFound)?;
    Ok(Case {
        sender: row.parse("sender")?,
        destination: row.parse("destination_id")?,
    })
}

/// Puts a signed event at the end of the log. The counter in the case locks the log, so that its
/// order is the order of the commits.
pub(crate) async fn append(
    tx: &mut Tx,
    event: &EventToken,
    token: &str,
) -> Result<(), DeliveryError> {
    let case = event.case.to_string();
    let number = tx
        .fetch_one(
            "update delivery_case set events = events + 1 where id = $1 returning events",
            args![case.as_str()],
        )
        .await?
        .int("events")?;
    tx.execute(
        "insert into delivery_event (case_id, number, submission_id, jti, kind, issued_at, token)
         values ($1, $2, $3, $4, $5, $6, $7)",
        args![
            case,
            number,
            event.submission.to_string(),
            event.id.to_string(),
            event.event.name(),
            event.issued_at,
            token
        ],
    )
    .await?;
    Ok(())
}

fn tokens(
    rows: &[einmal_storage::Row],
    total: &einmal_storage::Row,
) -> Result<(Vec<String>, u64), DeliveryError> {
    let tokens: Result<_, _> = rows.iter().map(|row| row.text("token")).collect();
    Ok((
        tokens?,
        u64::try_from(total.int("total")?).unwrap_or_default(),
    ))
}
