//! Portal and authorities joined without a delivery service: what the portal hands over waits for the authority, and
//! its verdict comes back as an event. The real wire is tested elsewhere; here only what pages show of it matters.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use einmal_application::port::{
    BoxFuture, EventKind, LegTransport, OutgoingMessage, TransportFailure, TransportProgress,
    TransportStep, VerifiedEvent,
};
use einmal_casework::port::{
    FetchFailure, Inbox, PortFailure, PostOutcome, ReceivedSubmission, SubmissionRef,
};
use einmal_casework::{RejectionProblem, SubmissionId, Tenant};
use einmal_model::testing::{FixedClock, SeededRandom};
use einmal_model::{Clock as _, new_uuid};

#[derive(Clone)]
struct Parcel {
    message: OutgoingMessage,
    submission: SubmissionRef,
    events: Vec<VerifiedEvent>,
}

/// The wire between both.
#[derive(Clone)]
pub(crate) struct Wire {
    clock: Arc<FixedClock>,
    random: Arc<SeededRandom>,
    parcels: Arc<Mutex<BTreeMap<SubmissionId, Parcel>>>,
    /// While it is down, nothing gets through to this destination.
    pub(crate) down: Arc<Mutex<Option<String>>>,
    pub(crate) silent: Arc<AtomicBool>,
}

impl Wire {
    pub(crate) fn new(clock: Arc<FixedClock>) -> Self {
        Self {
            clock,
            random: Arc::new(SeededRandom::new(99)),
            parcels: Arc::default(),
            down: Arc::default(),
            silent: Arc::default(),
        }
    }

    fn event(&self, kind: EventKind) -> VerifiedEvent {
        VerifiedEvent {
            id: new_uuid(&*self.clock, &*self.random).to_string(),
            at: self.clock.now(),
            kind,
        }
    }

    fn tell(&self, submission: SubmissionRef, kind: EventKind) -> PostOutcome {
        let event = self.event(kind);
        let mut parcels = self.parcels.lock().unwrap();
        let parcel = parcels.get_mut(&submission.submission_id).unwrap();
        parcel.events.push(event);
        PostOutcome::Posted
    }
}

impl LegTransport for Wire {
    fn advance<'a>(
        &'a self,
        message: &'a OutgoingMessage,
        progress: Option<&'a TransportProgress>,
    ) -> BoxFuture<'a, Result<TransportProgress, TransportFailure>> {
        Box::pin(async move {
            if self.down.lock().unwrap().as_ref() == Some(&message.destination) {
                return Err(TransportFailure {
                    retryable: true,
                    cause: "connection refused".to_owned(),
                });
            }
            if progress.is_some_and(|progress| progress.step == TransportStep::Submitted) {
                return Ok(progress.unwrap().clone());
            }
            let id = || new_uuid(&*self.clock, &*self.random).to_string().parse();
            let submission = SubmissionRef {
                submission_id: id().unwrap(),
                case_id: new_uuid(&*self.clock, &*self.random)
                    .to_string()
                    .parse()
                    .unwrap(),
            };
            let parcel = Parcel {
                message: message.clone(),
                submission,
                events: vec![self.event(EventKind::Submitted)],
            };
            let name = submission.submission_id.to_string();
            let mut parcels = self.parcels.lock().unwrap();
            parcels.insert(submission.submission_id, parcel);
            Ok(TransportProgress {
                step: TransportStep::Submitted,
                submission: Some(name),
                opaque: Vec::new(),
            })
        })
    }

    fn events<'a>(
        &'a self,
        progress: &'a TransportProgress,
    ) -> BoxFuture<'a, Result<Vec<VerifiedEvent>, TransportFailure>> {
        Box::pin(async move {
            let id: SubmissionId = progress.submission.as_ref().unwrap().parse().unwrap();
            Ok(self.parcels.lock().unwrap()[&id].events.clone())
        })
    }
}

impl Inbox for Wire {
    fn list<'a>(
        &'a self,
        tenant: &'a Tenant,
    ) -> einmal_casework::port::BoxFuture<'a, Result<Vec<SubmissionRef>, PortFailure>> {
        Box::pin(async move {
            if self.silent.load(Ordering::SeqCst) {
                return Ok(Vec::new());
            }
            let parcels = self.parcels.lock().unwrap();
            let destination = tenant.destination.to_string();
            Ok(parcels
                .values()
                .filter(|parcel| parcel.message.destination == destination)
                .map(|parcel| parcel.submission)
                .collect())
        })
    }

    fn fetch<'a>(
        &'a self,
        _: &'a Tenant,
        submission: SubmissionRef,
    ) -> einmal_casework::port::BoxFuture<'a, Result<ReceivedSubmission, FetchFailure>> {
        Box::pin(async move {
            let parcel = self.parcels.lock().unwrap()[&submission.submission_id].clone();
            let attachments = parcel.message.attachments.iter();
            Ok(ReceivedSubmission {
                submission_id: submission.submission_id,
                case_id: submission.case_id,
                submitted_at: parcel.events[0].at,
                metadata: parcel.message.metadata.clone(),
                data: Some(parcel.message.data.clone()),
                attachments: attachments
                    .map(|attachment| (attachment.id.parse().unwrap(), attachment.content.clone()))
                    .collect(),
                receipt: Vec::new(),
            })
        })
    }

    fn accept<'a>(
        &'a self,
        _: &'a Tenant,
        submission: SubmissionRef,
        _: &'a [u8],
    ) -> einmal_casework::port::BoxFuture<'a, Result<PostOutcome, PortFailure>> {
        Box::pin(async move { Ok(self.tell(submission, EventKind::Accepted)) })
    }

    fn reject<'a>(
        &'a self,
        _: &'a Tenant,
        submission: SubmissionRef,
        problems: &'a [RejectionProblem],
    ) -> einmal_casework::port::BoxFuture<'a, Result<PostOutcome, PortFailure>> {
        Box::pin(async move {
            let reasons = problems
                .iter()
                .map(|problem| problem.detail.clone())
                .collect();
            Ok(self.tell(submission, EventKind::Rejected { reasons }))
        })
    }
}
