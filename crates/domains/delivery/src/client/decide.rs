//! Deciding: accept or reject, and tell the service.

use std::sync::Arc;

use einmal_jose::{JoseError, sign};
use serde::{Deserialize, Serialize};

use super::api::ClientError;
use super::receiver_keys::ReceiverKeys;
use super::subscriber::{Subscriber, Waiting};
use super::transport::Method;
use super::verify::{VerifiedEvent, submitted_tags};
use crate::{Event, EventToken, Issuer, Rejection, Tags, signer};

/// A signed decision. Store it before posting it: repeating it after a crash then says the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    waiting: Waiting,
    token: String,
}

/// What the receiver decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Accepted; the event echoes the tags of the verified submit event.
    Accept,
    /// Rejected, for at least one reason. **The service can read the reasons.**
    Reject(Vec<Rejection>),
}

/// What became of a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// The service recorded it just now.
    Now,
    /// The verified event log held a decision already: this very one from an attempt whose answer
    /// was lost, or another one (the service rejects what nobody decides for 14 days).
    Before(Event),
}

impl Subscriber {
    /// Decides a submission: signs the verdict and posts it, unless the event log holds a decision
    /// already. Safe to repeat after a crash at any moment. For callers that do not store a
    /// [`Decision`].
    ///
    /// # Errors
    /// Any [`ClientError`]; [`ClientError::Untrusted`] when the log has no submit event.
    pub async fn decide(
        &self,
        waiting: Waiting,
        verdict: Verdict,
        keys: &ReceiverKeys,
    ) -> Result<Settled, ClientError> {
        let events = self.events(waiting).await?;
        if let Some(event) = decided(&events) {
            return Ok(Settled::Before(event));
        }
        let decision = match verdict {
            Verdict::Accept => {
                let none = || ClientError::Untrusted("there is no submit event".to_owned());
                let tags = submitted_tags(&events)?.ok_or_else(none)?.clone();
                self.sign_acceptance(waiting, tags, keys).await?
            }
            Verdict::Reject(reasons) => self.sign_rejection(waiting, reasons, keys).await?,
        };
        match self.post_once(&decision).await {
            Ok(()) => Ok(Settled::Now),
            Err(refused @ ClientError::Refused { status: 409, .. }) => {
                decided(&self.events(waiting).await?)
                    .map(Settled::Before)
                    .ok_or(refused)
            }
            Err(other) => Err(other),
        }
    }

    /// Signs the acceptance of what was received; `tags` are those of [`Received::tags`](super::Received::tags).
    ///
    /// # Errors
    /// [`ClientError::Jose`].
    pub async fn sign_acceptance(
        &self,
        waiting: Waiting,
        tags: Tags,
        keys: &ReceiverKeys,
    ) -> Result<Decision, ClientError> {
        let event = Event::Accept {
            tags: Some(tags),
            problems: Vec::new(),
        };
        self.sign(waiting, event, keys).await
    }

    /// Signs a rejection with its reasons, of which there must be at least one.
    ///
    /// # Errors
    /// [`ClientError::Jose`]; [`ClientError::Protocol`] without a reason.
    pub async fn sign_rejection(
        &self,
        waiting: Waiting,
        reasons: Vec<Rejection>,
        keys: &ReceiverKeys,
    ) -> Result<Decision, ClientError> {
        if reasons.is_empty() {
            let text = "a rejection needs a reason".to_owned();
            return Err(ClientError::Protocol(text));
        }
        self.sign(waiting, Event::Reject(reasons), keys).await
    }

    async fn sign(
        &self,
        waiting: Waiting,
        event: Event,
        keys: &ReceiverKeys,
    ) -> Result<Decision, ClientError> {
        let claims = EventToken {
            id: einmal_model::new_uuid(&*self.api.clock, &*self.random),
            issuer: Issuer::Destination(keys.destination),
            issued_at: self.api.clock.now(),
            submission: waiting.submission_id,
            case: waiting.case_id,
            event,
        };
        let key = Arc::clone(&keys.signing);
        let payload = claims.payload();
        let work = move || sign(payload.as_bytes(), &key, signer::SET_TYPE);
        let token = tokio::task::spawn_blocking(work).await;
        Ok(Decision {
            waiting,
            token: token.map_err(|_| JoseError::Library)??,
        })
    }

    /// Posts a decision. Repeating it is safe: when the service says that the submission was
    /// decided already, the event log tells whether it was this very decision.
    ///
    /// # Errors
    /// [`ClientError::Refused`] when it was decided otherwise; any other [`ClientError`].
    pub async fn post(&self, decision: &Decision) -> Result<(), ClientError> {
        let case = decision.waiting.case_id;
        match self.post_once(decision).await {
            Err(refused @ ClientError::Refused { status: 409, .. }) => {
                let log = self.api.raw_events(case).await?;
                if log.contains(&decision.token) {
                    Ok(())
                } else {
                    Err(refused)
                }
            }
            other => other,
        }
    }

    async fn post_once(&self, decision: &Decision) -> Result<(), ClientError> {
        let path = format!("/v2/cases/{}/events", decision.waiting.case_id);
        let body = decision.token.clone().into();
        self.api
            .send(Method::Post, &path, "application/jose", body, &[204])
            .await
            .map(|_| ())
    }
}

/// The decision in a verified log.
fn decided(events: &[VerifiedEvent]) -> Option<Event> {
    let decision =
        |event: &&VerifiedEvent| matches!(event.event, Event::Accept { .. } | Event::Reject(_));
    events
        .iter()
        .find(decision)
        .map(|found| found.event.clone())
}
