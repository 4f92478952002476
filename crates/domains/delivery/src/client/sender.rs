//! Sending, one resumable step at a time.
//!
//! The caller stores the [`Progress`] after every step, before the next. Whatever step a crash
//! interrupts, taking it again from the stored progress delivers nothing twice: before
//! [`Step::Submitted`] the receiver sees nothing, and the submit itself is repeated with
//! identical bytes, which the service recognises.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use einmal_jose::{
    AuthenticationTag, EncryptOptions, EncryptionKey, JoseError, KeyOperation, KeySize, encrypt,
};
use einmal_model::{Clock, Random};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::api::{Api, ClientError, ClientSettings, from_json};
use super::transport::{Method, Transport};
use super::verify::{Subject, VerifiedEvent, submitted_tags};
use crate::destination::check_key;
use crate::{AttachmentId, CaseId, DestinationId, DestinationStatus, Event, SubmissionId, Tags};

/// Media type of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataType {
    /// `application/json`.
    Json,
    /// `application/xml`.
    Xml,
}

impl DataType {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Xml => "application/xml",
        }
    }
}

/// One message in clear.
#[derive(Clone)]
pub struct Message {
    /// Where it goes.
    pub destination: DestinationId,
    /// URN of the public service.
    pub service_identifier: String,
    /// Its name.
    pub service_name: String,
    /// Metadata as JSON; names every attachment by id and hash.
    pub metadata: Vec<u8>,
    /// The data.
    pub data: Vec<u8>,
    /// What kind of data.
    pub data_type: DataType,
    /// Attachments.
    pub attachments: Vec<MessageAttachment>,
}

/// An attachment in clear.
#[derive(Clone)]
pub struct MessageAttachment {
    /// The id that the metadata use.
    pub id: AttachmentId,
    /// Its content.
    pub content: Vec<u8>,
}

impl fmt::Debug for Message {
    /// Receiver and sizes only: the content is personal data.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("destination", &self.destination)
            .field("service", &self.service_identifier)
            .field("data_bytes", &self.data.len())
            .field("attachments", &self.attachments.len())
            .finish_non_exhaustive()
    }
}

/// The steps of a delivery, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Encrypted; nothing has left the house.
    Prepared,
    /// Announced; the service gave ids.
    Created,
    /// All attachments are uploaded.
    Uploaded,
    /// The service has answered that it holds the whole submission.
    Submitted,
}

/// How far a delivery has come, with all that is needed to go on. Holds ciphertext only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    step: Step,
    destination: DestinationId,
    service_identifier: String,
    service_name: String,
    kid: String,
    encrypted_metadata: String,
    encrypted_data: String,
    attachments: Vec<EncryptedAttachment>,
    uploaded: usize,
    submission: Option<SubmissionId>,
    case: Option<CaseId>,
    tags: Tags,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct EncryptedAttachment {
    id: AttachmentId,
    /// Emptied once the submission is complete.
    jwe: String,
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Progress")
            .field("step", &self.step)
            .field("submission", &self.submission)
            .field("case", &self.case)
            .finish_non_exhaustive()
    }
}

impl Progress {
    /// The step that is done.
    #[must_use]
    pub const fn step(&self) -> Step {
        self.step
    }

    /// Id of the submission, from [`Step::Created`] on.
    #[must_use]
    pub const fn submission(&self) -> Option<SubmissionId> {
        self.submission
    }

    /// Id of the case, from [`Step::Created`] on.
    #[must_use]
    pub const fn case(&self) -> Option<CaseId> {
        self.case
    }

    fn ids(&self) -> Result<(SubmissionId, CaseId), ClientError> {
        self.submission
            .zip(self.case)
            .ok_or_else(|| ClientError::Protocol("the submission was not created yet".to_owned()))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DestinationAnswer {
    status: DestinationStatus,
    encryption_kid: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreatedAnswer {
    submission_id: SubmissionId,
    case_id: CaseId,
}

/// Sends messages. Share one: it keeps the access token.
pub struct Sender {
    api: Api,
    random: Arc<dyn Random>,
}

impl Sender {
    /// A sender for one OAuth client.
    #[must_use]
    pub fn new(
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        settings: ClientSettings,
    ) -> Self {
        Self {
            api: Api::new(transport, clock, settings),
            random,
        }
    }

    /// Asks for the destination's key, checks it and encrypts. Nothing leaves the house.
    ///
    /// # Errors
    /// [`ClientError::Destination`] when it is not active or its key breaks the rules; the others
    /// as they come.
    pub async fn prepare(&self, message: &Message) -> Result<Progress, ClientError> {
        let (kid, key) = self.encryption_key(message.destination).await?;
        let key = Arc::new(key);
        let metadata = self
            .encrypt(&key, &kid, "application/json", message.metadata.clone())
            .await?;
        let data_type = message.data_type.as_str();
        let data = self
            .encrypt(&key, &kid, data_type, message.data.clone())
            .await?;
        let mut attachments = Vec::with_capacity(message.attachments.len());
        let mut tags = BTreeMap::new();
        for attachment in &message.attachments {
            let content = attachment.content.clone();
            let jwe = self
                .encrypt(&key, &kid, "application/json", content)
                .await?;
            tags.insert(attachment.id, tag_of(&jwe)?);
            attachments.push(EncryptedAttachment {
                id: attachment.id,
                jwe,
            });
        }
        Ok(Progress {
            step: Step::Prepared,
            destination: message.destination,
            service_identifier: message.service_identifier.clone(),
            service_name: message.service_name.clone(),
            kid,
            tags: Tags {
                metadata: tag_of(&metadata)?,
                data: Some(tag_of(&data)?),
                attachments: tags,
            },
            encrypted_metadata: metadata,
            encrypted_data: data,
            attachments,
            uploaded: 0,
            submission: None,
            case: None,
        })
    }

    /// The name of the key to encrypt with at present.
    async fn current_kid(&self, id: DestinationId) -> Result<String, ClientError> {
        let text = self
            .api
            .open_text(&format!("/v2/destinations/{id}"))
            .await?;
        let destination: DestinationAnswer = from_json(text.as_bytes())?;
        if destination.status != DestinationStatus::Active {
            let text = format!("its status is `{}`", destination.status.as_str());
            return Err(ClientError::Destination(text));
        }
        Ok(destination.encryption_kid)
    }

    async fn encryption_key(
        &self,
        id: DestinationId,
    ) -> Result<(String, EncryptionKey), ClientError> {
        let kid = self.current_kid(id).await?;
        let refused = |error: String| ClientError::Destination(error);
        let key = self.api.destination_key(id, &kid).await?;
        let named =
            check_key(&key, KeyOperation::WrapKey).map_err(|error| refused(error.to_string()))?;
        if named != kid {
            return Err(refused(
                "the service gave another key than asked for".to_owned(),
            ));
        }
        let key = key
            .encryption_key(KeySize::Bits4096)
            .map_err(|error| refused(error.to_string()))?;
        Ok((kid, key))
    }

    /// Encrypts off the asynchronous threads.
    async fn encrypt(
        &self,
        key: &Arc<EncryptionKey>,
        kid: &str,
        content_type: &str,
        plaintext: Vec<u8>,
    ) -> Result<String, ClientError> {
        let options = EncryptOptions {
            kid: Some(kid.to_owned()),
            content_type: Some(content_type.to_owned()),
            compression: None,
        };
        let (key, random) = (Arc::clone(key), Arc::clone(&self.random));
        let work = move || encrypt(&plaintext, &key, &options, &*random);
        let token = tokio::task::spawn_blocking(work).await;
        Ok(token.map_err(|_| JoseError::Library)??)
    }

    /// Takes the next step after `progress`; after [`Step::Submitted`] there is none and the
    /// progress comes back unchanged.
    ///
    /// An error leaves the stored progress valid: when
    /// [`is_retryable`](ClientError::is_retryable), take the same step again later.
    ///
    /// # Errors
    /// [`ClientError::KeyChanged`] when the content has to be encrypted anew: forget this progress
    /// and [`prepare`](Self::prepare) again. Any other [`ClientError`].
    pub async fn advance(&self, progress: &Progress) -> Result<Progress, ClientError> {
        let outcome = match progress.step {
            Step::Prepared => self.create(progress).await,
            Step::Created => self.upload(progress).await,
            Step::Uploaded => self.submit(progress).await,
            Step::Submitted => return Ok(progress.clone()),
        };
        match outcome {
            Err(refused @ ClientError::Refused { status: 422, .. })
                if progress.step > Step::Prepared =>
            {
                let current = self.current_kid(progress.destination).await;
                if current.is_ok_and(|kid| kid != progress.kid) {
                    Err(ClientError::KeyChanged)
                } else {
                    Err(refused)
                }
            }
            other => other,
        }
    }

    /// Takes the next step of a message's delivery, whatever it is: prepares when there is no
    /// progress yet or when the destination's key changed, goes on otherwise.
    ///
    /// # Errors
    /// Any [`ClientError`] but [`ClientError::KeyChanged`].
    pub async fn step(
        &self,
        message: &Message,
        progress: Option<&Progress>,
    ) -> Result<Progress, ClientError> {
        let Some(progress) = progress else {
            return self.prepare(message).await;
        };
        match self.advance(progress).await {
            Err(ClientError::KeyChanged) => self.prepare(message).await,
            other => other,
        }
    }

    async fn create(&self, progress: &Progress) -> Result<Progress, ClientError> {
        if self.current_kid(progress.destination).await? != progress.kid {
            return Err(ClientError::KeyChanged);
        }
        let announced: Vec<AttachmentId> = progress.attachments.iter().map(|a| a.id).collect();
        let body = json!({
            "destinationId": progress.destination,
            "announcedAttachments": announced,
            "publicService": {
                "identifier": progress.service_identifier,
                "name": progress.service_name,
            },
        });
        let answer = self
            .api
            .send(
                Method::Post,
                "/v2/submissions",
                "application/json",
                body.to_string().into(),
                &[201],
            )
            .await?;
        let answer: CreatedAnswer = from_json(&answer)?;
        Ok(Progress {
            step: Step::Created,
            submission: Some(answer.submission_id),
            case: Some(answer.case_id),
            ..progress.clone()
        })
    }

    async fn upload(&self, progress: &Progress) -> Result<Progress, ClientError> {
        let (submission, _) = progress.ids()?;
        for attachment in &progress.attachments {
            let path = format!("/v2/submissions/{submission}/attachments/{}", attachment.id);
            let body = Bytes::from(attachment.jwe.clone());
            self.api
                .send(Method::Put, &path, "application/jose", body, &[204])
                .await?;
        }
        Ok(Progress {
            step: Step::Uploaded,
            ..progress.clone()
        })
    }

    async fn submit(&self, progress: &Progress) -> Result<Progress, ClientError> {
        let (submission, _) = progress.ids()?;
        let body = json!({
            "encryptedMetadata": progress.encrypted_metadata,
            "encryptedData": progress.encrypted_data,
        });
        self.api
            .send(
                Method::Put,
                &format!("/v2/submissions/{submission}"),
                "application/json",
                body.to_string().into(),
                &[200, 202],
            )
            .await?;
        let mut next = progress.clone();
        next.step = Step::Submitted;
        // From here on only the tags are needed; the ciphertext lies at the service.
        next.encrypted_metadata.clear();
        next.encrypted_data.clear();
        next.attachments.clear();
        Ok(next)
    }

    /// All verified events of the submission, oldest first. Only these say what became of it:
    /// `submit-submission` with our tags that the service holds it, `accept-submission` with our
    /// tags that the receiver has it.
    ///
    /// # Errors
    /// [`ClientError::Untrusted`] when a signature, a claim or a tag is wrong; the others as they
    /// come.
    pub async fn events(&self, progress: &Progress) -> Result<Vec<VerifiedEvent>, ClientError> {
        let (submission, case) = progress.ids()?;
        let subject = Subject {
            submission,
            case,
            destination: progress.destination,
        };
        let events = self.api.verified_events(subject).await?;
        submitted_tags(&events)?;
        for event in &events {
            let foreign = match &event.event {
                Event::Submit(tags) => *tags != progress.tags,
                Event::Accept { tags, .. } => tags.as_ref() != Some(&progress.tags),
                _ => false,
            };
            if foreign {
                let text = "an event confirms other content than we sent".to_owned();
                return Err(ClientError::Untrusted(text));
            }
        }
        Ok(events)
    }
}

fn tag_of(jwe: &str) -> Result<AuthenticationTag, JoseError> {
    jwe.rsplit('.').next().unwrap_or_default().parse()
}
