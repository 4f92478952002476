//! Applications leave the portal through the delivery client.

use einmal_application::port::{
    BoxFuture, EventKind, LegTransport, OutgoingMessage, TransportFailure, TransportProgress,
    TransportStep, VerifiedEvent,
};
use einmal_delivery::Event;
use einmal_delivery::client::{
    ClientError, DataType, Message, MessageAttachment, Progress, Sender, Step,
};

/// Delivers legs with one sender.
pub(crate) struct LegDeliveries(pub(crate) Sender);

impl LegTransport for LegDeliveries {
    fn advance<'a>(
        &'a self,
        message: &'a OutgoingMessage,
        progress: Option<&'a TransportProgress>,
    ) -> BoxFuture<'a, Result<TransportProgress, TransportFailure>> {
        Box::pin(async move {
            let progress = progress.map(read_progress).transpose()?;
            let next = self
                .0
                .step(&read_message(message)?, progress.as_ref())
                .await;
            write_progress(&next.map_err(|error| failure(&error))?)
        })
    }

    fn events<'a>(
        &'a self,
        progress: &'a TransportProgress,
    ) -> BoxFuture<'a, Result<Vec<VerifiedEvent>, TransportFailure>> {
        Box::pin(async move {
            let progress = read_progress(progress)?;
            let events = self
                .0
                .events(&progress)
                .await
                .map_err(|error| failure(&error))?;
            Ok(events
                .into_iter()
                .filter_map(|event| {
                    let kind = event_kind(event.event)?;
                    Some(VerifiedEvent {
                        id: event.id.to_string(),
                        at: event.at,
                        kind,
                    })
                })
                .collect())
        })
    }
}

fn event_kind(event: Event) -> Option<EventKind> {
    Some(match event {
        Event::Submit(_) => EventKind::Submitted,
        Event::Notify => EventKind::Notified,
        Event::Forward => EventKind::Forwarded,
        Event::Accept { .. } => EventKind::Accepted,
        Event::Reject(reasons) => EventKind::Rejected {
            reasons: reasons.into_iter().map(|reason| reason.detail).collect(),
        },
        Event::Delete => EventKind::Deleted,
        Event::Create | Event::Other(_) => return None,
    })
}

fn read_message(message: &OutgoingMessage) -> Result<Message, TransportFailure> {
    let attachments = message.attachments.iter().map(|attachment| {
        Ok(MessageAttachment {
            id: attachment.id.parse().map_err(|_| broken("attachment id"))?,
            content: attachment.content.clone(),
        })
    });
    Ok(Message {
        destination: message
            .destination
            .parse()
            .map_err(|_| broken("destination id"))?,
        service_identifier: format!("urn:de:fim:leika:leistung:{}", message.leika),
        service_name: message.service_name.clone(),
        metadata: message.metadata.clone(),
        data: message.data.clone(),
        data_type: DataType::Json,
        attachments: attachments.collect::<Result<_, TransportFailure>>()?,
    })
}

fn read_progress(progress: &TransportProgress) -> Result<Progress, TransportFailure> {
    serde_json::from_slice(&progress.opaque).map_err(|_| broken("stored progress"))
}

fn write_progress(progress: &Progress) -> Result<TransportProgress, TransportFailure> {
    Ok(TransportProgress {
        step: match progress.step() {
            Step::Prepared => TransportStep::Prepared,
            Step::Created => TransportStep::Created,
            Step::Uploaded => TransportStep::Uploaded,
            Step::Submitted => TransportStep::Submitted,
        },
        submission: progress.submission().map(|id| id.to_string()),
        opaque: serde_json::to_vec(progress).map_err(|_| broken("progress"))?,
    })
}

/// Trying again helps unless the content itself was refused: keys, tokens and destinations get
/// mended by people, and the applicant's term is kept meanwhile.
fn failure(error: &ClientError) -> TransportFailure {
    let retryable = match error {
        ClientError::Refused {
            status: 400 | 413 | 415,
            ..
        }
        | ClientError::Jose(_) => false,
        ClientError::Refused {
            status: 422, kind, ..
        } => kind == "destination-state-invalid",
        _ => true,
    };
    TransportFailure {
        retryable,
        cause: error.to_string(),
    }
}

fn broken(what: &str) -> TransportFailure {
    TransportFailure {
        retryable: false,
        cause: format!("the {what} cannot be read"),
    }
}
