//! Believing an event log: every signature, every claim, every authentication tag.

use einmal_jose::{CompactJws, KeyOperation, KeySize};
use einmal_model::Instant;
use serde::Deserialize;

use super::api::{Api, ClientError};
use crate::destination::check_key;
use crate::{
    CaseId, DestinationId, Event, EventToken, Issuer, SetIssue, SubmissionId, Tags, signer,
};

/// One event token is small; a hundred attachments make about 10 kB.
const MAX_TOKEN: usize = 64 << 10;
const MAX_LOG: usize = 32 << 20;
const PAGE: usize = 500;
/// No honest log of one submission is longer.
const MAX_EVENTS: usize = 10_000;

/// An event whose signature was verified and that speaks of the right submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedEvent {
    /// Unique id of the token (`jti`).
    pub id: einmal_model::reexport::Uuid,
    /// When it was issued, whole seconds.
    pub at: Instant,
    /// Who issued it.
    pub issuer: Issuer,
    /// What it says.
    pub event: Event,
    /// The token itself, as proof.
    pub token: String,
}

/// What the events must be about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject {
    pub(crate) submission: SubmissionId,
    pub(crate) case: CaseId,
    pub(crate) destination: DestinationId,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LogAnswer {
    event_log: Vec<String>,
    total_count: Option<usize>,
}

impl Api {
    /// The tokens of the case as the service gives them, newest last.
    pub(crate) async fn raw_events(&self, case: CaseId) -> Result<Vec<String>, ClientError> {
        let mut tokens: Vec<String> = Vec::new();
        loop {
            let path = format!(
                "/v2/cases/{case}/events?limit={PAGE}&offset={}",
                tokens.len()
            );
            let answer: LogAnswer = self.get(&path, MAX_LOG).await?;
            let received = answer.event_log.len();
            tokens.extend(answer.event_log);
            let complete = answer.total_count.is_none_or(|total| tokens.len() >= total);
            if received == 0 || complete {
                return Ok(tokens);
            }
            if tokens.len() > MAX_EVENTS {
                return Err(ClientError::Untrusted("the log has no end".to_owned()));
            }
        }
    }

    /// The verified events of one submission, oldest first. One bad token spoils the whole log.
    pub(crate) async fn verified_events(
        &self,
        subject: Subject,
    ) -> Result<Vec<VerifiedEvent>, ClientError> {
        let mut events = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for token in self.raw_events(subject.case).await? {
            let verified = self.verify(subject, &token).await?;
            if !seen.insert(verified.id) {
                return Err(ClientError::Untrusted("an event appears twice".to_owned()));
            }
            if verified.submission == subject.submission {
                events.push(VerifiedEvent {
                    id: verified.id,
                    at: verified.issued_at,
                    issuer: verified.issuer,
                    event: verified.event,
                    token,
                });
            }
        }
        Ok(events)
    }

    async fn verify(&self, subject: Subject, token: &str) -> Result<EventToken, ClientError> {
        let untrusted = |text: &str| ClientError::Untrusted(text.to_owned());
        let jws = CompactJws::parse(token, MAX_TOKEN).map_err(SetIssue::Jose)?;
        if jws.header().typ.as_deref() != Some(signer::SET_TYPE) {
            return Err(SetIssue::Type.into());
        }
        let kid = jws.header().kid.as_deref().ok_or(SetIssue::Key)?;
        // The payload is not verified yet; it only tells whose key to take, and both possible
        // issuers are fixed beforehand.
        let claimed = EventToken::parse(jws.unverified_payload())?;
        let key = match &claimed.issuer {
            Issuer::Service(url) if *url == self.settings.submission_url => {
                self.service_key(kid).await?
            }
            Issuer::Destination(id) if *id == subject.destination => {
                match self.destination_key(*id, kid).await {
                    Err(ClientError::Refused { status: 404, .. }) => {
                        return Err(SetIssue::Key.into());
                    }
                    other => other?,
                }
            }
            _ => return Err(untrusted("an event has a foreign issuer")),
        };
        check_key(&key, KeyOperation::Verify).map_err(|_| SetIssue::Key)?;
        let verification = key.verification_key(KeySize::Bits4096)?;
        let payload = jws.verify(&verification).map_err(SetIssue::Jose)?;
        let event = EventToken::parse(payload)?;
        if event.case != subject.case {
            return Err(untrusted("an event belongs to another case"));
        }
        let by_service = matches!(event.issuer, Issuer::Service(_));
        let allowed = match event.event {
            Event::Accept { .. } => !by_service,
            // The service itself rejects what nobody fetched for 14 days.
            Event::Reject(_) | Event::Other(_) => true,
            _ => by_service,
        };
        if !allowed {
            return Err(SetIssue::Author.into());
        }
        Ok(event)
    }
}

/// The tags of the one and only `submit-submission` event.
pub(crate) fn submitted_tags(events: &[VerifiedEvent]) -> Result<Option<&Tags>, ClientError> {
    let mut found = None;
    for event in events {
        if let Event::Submit(tags) = &event.event
            && found.replace(tags).is_some()
        {
            let text = "the submission was submitted more than once".to_owned();
            return Err(ClientError::Untrusted(text));
        }
    }
    Ok(found)
}
