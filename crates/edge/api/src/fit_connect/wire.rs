//! The JSON of the protocol. Names and shapes are FIT-Connect's.

use einmal_delivery::{
    AttachmentId, CaseId, Contact, Created, Destination, DestinationId, DestinationStatus, Listed,
    NewSubmission, PublicService, ServiceRef, Submission, SubmissionContent, SubmissionId,
    SubmissionSchema,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The service applied for.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = PublicServiceReference)]
pub(crate) struct ServiceBody {
    /// URN of the service, for example `urn:de:fim:leika:leistung:99400048079000`.
    pub(crate) identifier: String,
    /// Its name; may be empty.
    #[serde(default)]
    pub(crate) name: String,
}

impl From<ServiceRef> for ServiceBody {
    fn from(service: ServiceRef) -> Self {
        Self {
            identifier: service.identifier,
            name: service.name,
        }
    }
}

/// Announces a submission.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CreateSubmission)]
pub(crate) struct CreateBody {
    /// Where it goes.
    #[schema(value_type = String, format = "uuid")]
    destination_id: DestinationId,
    /// Ids of the attachments that will be uploaded, chosen by the sender.
    #[schema(value_type = Vec<String>)]
    announced_attachments: Vec<AttachmentId>,
    /// What it applies for.
    public_service: ServiceBody,
    /// `DE` and up to 12 digits of a region key.
    region: Option<String>,
    /// An existing case to add it to.
    #[schema(value_type = Option<String>, format = "uuid")]
    case_id: Option<CaseId>,
}

impl From<CreateBody> for NewSubmission {
    fn from(body: CreateBody) -> Self {
        Self {
            destination: body.destination_id,
            announced_attachments: body.announced_attachments,
            service: ServiceRef {
                identifier: body.public_service.identifier,
                name: body.public_service.name,
            },
            region: body.region,
            case: body.case_id,
        }
    }
}

/// The ids the service gave.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SubmissionForPickup)]
pub(crate) struct IdsBody {
    /// Where it goes.
    #[schema(value_type = String, format = "uuid")]
    destination_id: DestinationId,
    /// The submission.
    #[schema(value_type = String, format = "uuid")]
    submission_id: SubmissionId,
    /// Its case.
    #[schema(value_type = String, format = "uuid")]
    case_id: CaseId,
}

impl From<Created> for IdsBody {
    fn from(created: Created) -> Self {
        Self {
            destination_id: created.destination,
            submission_id: created.submission,
            case_id: created.case,
        }
    }
}

impl From<Listed> for IdsBody {
    fn from(listed: Listed) -> Self {
        Self {
            destination_id: listed.destination,
            submission_id: listed.submission,
            case_id: listed.case,
        }
    }
}

/// A page of waiting submissions.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SubmissionsForPickup)]
pub(crate) struct ListBody {
    /// Entries in this page.
    pub(crate) count: usize,
    /// Entries before this page.
    pub(crate) offset: u32,
    /// Entries altogether.
    pub(crate) total_count: u64,
    /// The entries, oldest first.
    pub(crate) submissions: Vec<IdsBody>,
}

/// Completes a submission.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SubmitSubmission)]
pub(crate) struct SubmitBody {
    /// JWE of the metadata.
    pub(crate) encrypted_metadata: String,
    /// JWE of the data; required in this version.
    pub(crate) encrypted_data: Option<String>,
}

/// A submission without its content.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SubmissionReduced)]
pub(crate) struct SubmissionBody {
    /// Where it goes.
    #[schema(value_type = String, format = "uuid")]
    destination_id: DestinationId,
    /// The submission.
    #[schema(value_type = String, format = "uuid")]
    submission_id: SubmissionId,
    /// Its case.
    #[schema(value_type = String, format = "uuid")]
    case_id: CaseId,
    /// Ids of the uploaded attachments.
    #[schema(value_type = Vec<String>)]
    attachments: Vec<AttachmentId>,
    /// What it applies for.
    public_service: ServiceBody,
    /// The region it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    /// When it became complete (RFC 3339).
    #[serde(skip_serializing_if = "Option::is_none")]
    submitted_at: Option<String>,
}

impl From<Submission> for SubmissionBody {
    fn from(submission: Submission) -> Self {
        Self {
            destination_id: submission.destination,
            submission_id: submission.id,
            case_id: submission.case,
            attachments: submission.attachments,
            public_service: submission.service.into(),
            region: submission.region,
            submitted_at: submission.submitted_at.map(|at| at.to_string()),
        }
    }
}

/// A submission with its ciphertext.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Submission)]
pub(crate) struct ContentBody {
    #[serde(flatten)]
    submission: SubmissionBody,
    /// JWE of the metadata.
    encrypted_metadata: String,
    /// JWE of the data.
    #[serde(skip_serializing_if = "Option::is_none")]
    encrypted_data: Option<String>,
}

impl From<SubmissionContent> for ContentBody {
    fn from(content: SubmissionContent) -> Self {
        Self {
            submission: content.submission.into(),
            encrypted_metadata: content.encrypted_metadata,
            encrypted_data: content.encrypted_data,
        }
    }
}

/// A page of an event log.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = EventLog)]
pub(crate) struct EventLogBody {
    /// Entries in this page.
    count: usize,
    /// Entries before this page.
    offset: u32,
    /// Entries altogether.
    total_count: u64,
    /// Security event tokens, newest last.
    event_log: Vec<String>,
}

impl EventLogBody {
    pub(crate) fn new(offset: u32, (event_log, total_count): (Vec<String>, u64)) -> Self {
        Self {
            count: event_log.len(),
            offset,
            total_count,
            event_log,
        }
    }
}

/// A destination.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Destination)]
pub(crate) struct DestinationBody {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    destination_id: DestinationId,
    /// `created`, `active`, `inactive` or `decommissioned`.
    #[schema(value_type = String)]
    status: DestinationStatus,
    /// Name of the key to encrypt with.
    encryption_kid: String,
    /// Name for people.
    name: String,
    /// Contact data.
    contact_information: ContactBody,
    /// What it receives applications for.
    public_services: Vec<PublicServiceBody>,
    /// Versions of the metadata schema it reads.
    metadata_versions: Vec<String>,
}

/// Contact data of a destination.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ContactInformation)]
struct ContactBody {
    legal_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
}

impl From<Contact> for ContactBody {
    fn from(contact: Contact) -> Self {
        Self {
            legal_name: contact.legal_name,
            address: contact.address,
            phone: contact.phone,
            email: contact.email,
            unit: contact.unit,
        }
    }
}

/// A service that a destination receives applications for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PublicService)]
struct PublicServiceBody {
    identifier: String,
    regions: Vec<String>,
    submission_schemas: Vec<SchemaBody>,
}

/// A schema that a destination accepts.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SubmissionSchema)]
struct SchemaBody {
    #[schema(format = "uri")]
    schema_uri: String,
    mime_type: String,
}

impl From<SubmissionSchema> for SchemaBody {
    fn from(schema: SubmissionSchema) -> Self {
        Self {
            schema_uri: schema.schema_uri,
            mime_type: schema.mime_type,
        }
    }
}

impl From<PublicService> for PublicServiceBody {
    fn from(service: PublicService) -> Self {
        let schemas = service.submission_schemas.into_iter();
        Self {
            identifier: service.identifier,
            regions: service.regions,
            submission_schemas: schemas.map(Into::into).collect(),
        }
    }
}

impl From<Destination> for DestinationBody {
    fn from(destination: Destination) -> Self {
        let services = destination.public_services.into_iter();
        Self {
            destination_id: destination.id,
            status: destination.status,
            encryption_kid: destination.encryption_kid,
            name: destination.name,
            contact_information: destination.contact.into(),
            public_services: services.map(Into::into).collect(),
            metadata_versions: destination.metadata_versions,
        }
    }
}

/// A public RSA key (RFC 7517).
#[derive(ToSchema)]
#[schema(as = Jwk)]
#[expect(
    dead_code,
    reason = "describes `einmal_jose::Jwk` in the OpenAPI document"
)]
pub(crate) struct JwkBody {
    /// Always `RSA`.
    kty: String,
    /// Modulus, base64url.
    n: String,
    /// Exponent, base64url.
    e: String,
    /// Name of the key.
    kid: Option<String>,
    /// `RSA-OAEP-256` or `PS512`.
    alg: Option<String>,
    /// `wrapKey` or `verify`.
    key_ops: Option<Vec<String>>,
    /// `enc` or `sig`.
    #[schema(rename = "use")]
    usage: Option<String>,
    /// Certificate chain, leaf first, base64 DER.
    x5c: Option<Vec<String>>,
}

/// A set of public keys.
#[derive(ToSchema)]
#[schema(as = JwkSet)]
#[expect(
    dead_code,
    reason = "describes `einmal_jose::JwkSet` in the OpenAPI document"
)]
pub(crate) struct JwkSetBody {
    /// The keys.
    keys: Vec<JwkBody>,
}

/// The version of the API.
#[derive(Serialize, ToSchema)]
#[schema(as = Info)]
pub(crate) struct InfoBody {
    /// The version of the API.
    pub(crate) version: VersionBody,
}

/// A semantic version.
#[derive(Serialize, ToSchema)]
#[schema(as = Version)]
pub(crate) struct VersionBody {
    pub(crate) major: u32,
    pub(crate) minor: u32,
    pub(crate) patch: u32,
}
