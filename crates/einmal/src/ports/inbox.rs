//! The letterboxes of the tenants: the delivery client with each tenant's keys.

use std::collections::HashMap;

use einmal_casework::port::{
    BoxFuture, FetchFailure, Inbox, PortFailure, PostOutcome, ReceivedSubmission, SubmissionRef,
};
use einmal_casework::{ProblemType, RejectionProblem, Tenant, TenantId, Verdict};
use einmal_delivery::client::{
    ClientError, Decision, Fetched, ReceiverKeys, Subscriber, VerifiedEvent, Waiting,
};
use einmal_delivery::{Event, Rejection, Tags};

/// One subscriber for all tenants of this process, and the keys of each.
pub(crate) struct Letterboxes {
    pub(crate) subscriber: Subscriber,
    pub(crate) keys: HashMap<TenantId, ReceiverKeys>,
}

impl Letterboxes {
    fn keys(&self, tenant: &Tenant) -> Result<&ReceiverKeys, PortFailure> {
        self.keys.get(&tenant.id).ok_or_else(|| PortFailure {
            retryable: true,
            cause: format!("the keys of `{}` are not loaded in this process", tenant.id),
        })
    }

    fn waiting(keys: &ReceiverKeys, submission: SubmissionRef) -> Waiting {
        Waiting {
            destination_id: keys.destination(),
            submission_id: einmal_delivery::SubmissionId(submission.submission_id.0),
            case_id: einmal_delivery::CaseId(submission.case_id.0),
        }
    }

    /// Posts a decision. When the service has one already, the verified event log says which.
    async fn post(
        &self,
        waiting: Waiting,
        decision: &Decision,
    ) -> Result<PostOutcome, PortFailure> {
        match self.subscriber.post(decision).await {
            Ok(()) => Ok(PostOutcome::Posted),
            Err(
                error @ ClientError::Refused {
                    status: 404 | 409, ..
                },
            ) => {
                let events = self
                    .subscriber
                    .events(waiting)
                    .await
                    .map_err(|e| failure(&e))?;
                verdict_of(&events)
                    .map(PostOutcome::AlreadyDone)
                    .ok_or_else(|| failure(&error))
            }
            Err(error) => Err(failure(&error)),
        }
    }
}

impl Inbox for Letterboxes {
    fn list<'a>(
        &'a self,
        tenant: &'a Tenant,
    ) -> BoxFuture<'a, Result<Vec<SubmissionRef>, PortFailure>> {
        Box::pin(async move {
            let keys = self.keys(tenant)?;
            let waiting = self
                .subscriber
                .waiting(keys.destination())
                .await
                .map_err(|e| failure(&e))?;
            Ok(waiting
                .into_iter()
                .map(|entry| SubmissionRef {
                    submission_id: einmal_casework::SubmissionId(entry.submission_id.0),
                    case_id: einmal_casework::DeliveryCaseId(entry.case_id.0),
                })
                .collect())
        })
    }

    fn fetch<'a>(
        &'a self,
        tenant: &'a Tenant,
        submission: SubmissionRef,
    ) -> BoxFuture<'a, Result<ReceivedSubmission, FetchFailure>> {
        Box::pin(async move {
            let temporary = |cause: String| FetchFailure::Temporary(cause);
            let keys = self.keys(tenant).map_err(|error| temporary(error.cause))?;
            let fetched = self
                .subscriber
                .fetch(Self::waiting(keys, submission), keys)
                .await
                .map_err(|error| temporary(error.to_string()))?;
            let received = match fetched {
                Fetched::Good(received) => received,
                Fetched::Bad(reasons) => return Err(unacceptable(&reasons)),
            };
            Ok(ReceivedSubmission {
                submission_id: submission.submission_id,
                case_id: submission.case_id,
                submitted_at: received.submitted_at,
                // Tags are short texts; they always serialise.
                receipt: serde_json::to_vec(&received.tags).unwrap_or_default(),
                metadata: received.metadata.to_vec(),
                data: received.data.as_ref().map(|data| data.to_vec()),
                attachments: received
                    .attachments
                    .iter()
                    .map(|attachment| {
                        let id = einmal_casework::AttachmentId(attachment.id.0);
                        (id, attachment.content.to_vec())
                    })
                    .collect(),
            })
        })
    }

    fn accept<'a>(
        &'a self,
        tenant: &'a Tenant,
        submission: SubmissionRef,
        receipt: &'a [u8],
    ) -> BoxFuture<'a, Result<PostOutcome, PortFailure>> {
        Box::pin(async move {
            let keys = self.keys(tenant)?;
            let waiting = Self::waiting(keys, submission);
            // The tags that were checked when the content was read, not what the log says by now.
            let tags: Tags = serde_json::from_slice(receipt).map_err(|_| PortFailure {
                retryable: false,
                cause: "the stored authentication tags cannot be read".to_owned(),
            })?;
            let decision = self
                .subscriber
                .sign_acceptance(waiting, tags, keys)
                .await
                .map_err(|e| failure(&e))?;
            self.post(waiting, &decision).await
        })
    }

    fn reject<'a>(
        &'a self,
        tenant: &'a Tenant,
        submission: SubmissionRef,
        problems: &'a [RejectionProblem],
    ) -> BoxFuture<'a, Result<PostOutcome, PortFailure>> {
        Box::pin(async move {
            let keys = self.keys(tenant)?;
            let waiting = Self::waiting(keys, submission);
            let reasons = problems.iter().map(|problem| {
                Rejection::new(
                    problem.kind.code(),
                    &problem.title,
                    &problem.detail,
                    &problem.instance,
                )
            });
            let decision = self
                .subscriber
                .sign_rejection(waiting, reasons.collect(), keys)
                .await
                .map_err(|e| failure(&e))?;
            self.post(waiting, &decision).await
        })
    }
}

fn verdict_of(events: &[VerifiedEvent]) -> Option<Verdict> {
    events.iter().rev().find_map(|event| match event.event {
        Event::Accept { .. } => Some(Verdict::Accepted),
        Event::Reject(_) => Some(Verdict::Rejected),
        _ => None,
    })
}

/// The first reason in the terms of casework; further ones stand in its words.
fn unacceptable(reasons: &[Rejection]) -> FetchFailure {
    let first = reasons.first();
    let code = first
        .and_then(|reason| reason.kind.rsplit('/').next())
        .unwrap_or_default();
    let known = ProblemType::ALL
        .into_iter()
        .find(|kind| kind.code() == code);
    let words: Vec<&str> = reasons
        .iter()
        .map(|reason| reason.detail.as_str())
        .collect();
    FetchFailure::Unacceptable {
        problem_type: known.unwrap_or(ProblemType::Other),
        instance: first.map_or_else(|| "submission".to_owned(), |reason| reason.instance.clone()),
        cause: words.join(" "),
    }
}

/// Trying again helps unless the service says that the event itself is wrong.
fn failure(error: &ClientError) -> PortFailure {
    let final_word = matches!(
        error,
        ClientError::Refused {
            status: 400 | 413 | 415 | 422,
            ..
        } | ClientError::Jose(_)
    );
    PortFailure {
        retryable: !final_word,
        cause: error.to_string(),
    }
}
