//! Destinations (Zustellpunkte) and their public keys.

use einmal_jose::{Jwk, KeyOperation, KeyPurpose};
use einmal_storage::{Query, Row, args, transaction};
use serde::{Deserialize, Serialize};

use crate::{Delivery, DeliveryError, DestinationId};

/// The life cycle of a destination. Only an active one takes submissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DestinationStatus {
    /// Registered, not in use yet.
    Created,
    /// Takes submissions.
    Active,
    /// Takes none at present.
    Inactive,
    /// Will never take any again.
    Decommissioned,
}

impl DestinationStatus {
    const ALL: [Self; 4] = [
        Self::Created,
        Self::Active,
        Self::Inactive,
        Self::Decommissioned,
    ];

    /// The text on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::Decommissioned => "decommissioned",
        }
    }
}

/// Who answers questions about a destination.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// Official name of the body.
    pub legal_name: String,
    /// Postal address in one text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Unit within the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// A schema that a destination accepts for a service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SubmissionSchema {
    /// Identifies the schema.
    pub schema_uri: String,
    /// `application/json` or `application/xml`.
    pub mime_type: String,
}

/// A public service (Verwaltungsleistung) that a destination receives applications for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PublicService {
    /// URN, for FIM services `urn:de:fim:leika:leistung:` and 14 digits.
    pub identifier: String,
    /// Regions, `DE` and 0 to 12 digits of a region key.
    pub regions: Vec<String>,
    /// Accepted schemas.
    pub submission_schemas: Vec<SubmissionSchema>,
}

/// What the operator registers.
#[derive(Debug, Clone)]
pub struct DestinationDraft {
    /// Name for people.
    pub name: String,
    /// Contact data.
    pub contact: Contact,
    /// What it receives applications for, and where; at least one.
    pub public_services: Vec<PublicService>,
    /// Versions of the metadata schema it reads, for example `2.1.0`; at least one.
    pub metadata_versions: Vec<String>,
    /// The public key submissions are encrypted with: RSA-4096, `RSA-OAEP-256`, `wrapKey`.
    pub encryption_key: Jwk,
    /// The public key its events are verified with: RSA-4096, `PS512`, `verify`.
    pub signing_key: Jwk,
    /// Its status.
    pub status: DestinationStatus,
}

/// A destination as it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// Its id.
    pub id: DestinationId,
    /// Its status.
    pub status: DestinationStatus,
    /// The key to encrypt with at present.
    pub encryption_kid: String,
    /// Name for people.
    pub name: String,
    /// Contact data.
    pub contact: Contact,
    /// What it receives applications for.
    pub public_services: Vec<PublicService>,
    /// Versions of the metadata schema it reads.
    pub metadata_versions: Vec<String>,
}

/// The part of a destination that is stored as one JSON text.
#[derive(Serialize, Deserialize)]
struct Document {
    name: String,
    contact: Contact,
    public_services: Vec<PublicService>,
    metadata_versions: Vec<String>,
}

/// The rules of FIT-Connect for keys: bound to algorithm and operation, 4096 bits, a name of 8 to
/// 64 characters.
pub(crate) fn check_key(key: &Jwk, operation: KeyOperation) -> Result<&str, DeliveryError> {
    let purpose = match operation {
        KeyOperation::WrapKey | KeyOperation::UnwrapKey => KeyPurpose::Encryption,
        KeyOperation::Sign | KeyOperation::Verify => KeyPurpose::Signature,
    };
    let bound = key.permits(operation)
        && key.alg == Some(purpose.algorithm())
        && key.key_ops.iter().any(|found| found == operation.as_str());
    let kid = key.kid.as_deref().unwrap_or_default();
    if !bound || key.bits() < 4096 || !(8..=64).contains(&kid.len()) {
        return Err(DeliveryError::BadRequest(format!(
            "the key `{kid}` is not an RSA key of 4096 bits for `{}` with a `kid` of 8 to 64 characters",
            operation.as_str()
        )));
    }
    Ok(kid)
}

fn check_draft(draft: &DestinationDraft) -> Result<(), DeliveryError> {
    let bad = |text: &str| Err(DeliveryError::BadRequest(text.to_owned()));
    if draft.metadata_versions.is_empty() {
        return bad("`metadataVersions` is empty");
    }
    if draft.public_services.is_empty() {
        return bad("`publicServices` is empty");
    }
    for service in &draft.public_services {
        let identifier = &service.identifier;
        if !(7..=255).contains(&identifier.len()) || !identifier.starts_with("urn:") {
            return bad("the identifier of a service is not a URN of 7 to 255 characters");
        }
        let region = |region: &String| {
            let digits = region.strip_prefix("DE");
            digits.is_some_and(|d| d.len() <= 12 && d.bytes().all(|b| b.is_ascii_digit()))
        };
        if service.regions.is_empty() || !service.regions.iter().all(region) {
            return bad("a region is not `DE` and up to 12 digits");
        }
        if service.submission_schemas.is_empty() {
            return bad("`submissionSchemas` is empty");
        }
    }
    Ok(())
}

impl Delivery {
    /// Registers a destination or replaces what was registered under its id. Keys are only ever
    /// added: old ones stay readable, so that old events and submissions can still be checked.
    ///
    /// # Errors
    /// [`DeliveryError::BadRequest`], [`DeliveryError::Storage`].
    pub async fn put_destination(
        &self,
        id: DestinationId,
        draft: &DestinationDraft,
    ) -> Result<(), DeliveryError> {
        check_draft(draft)?;
        let encryption_kid = check_key(&draft.encryption_key, KeyOperation::WrapKey)?;
        check_key(&draft.signing_key, KeyOperation::Verify)?;
        let document = Document {
            name: draft.name.clone(),
            contact: draft.contact.clone(),
            public_services: draft.public_services.clone(),
            metadata_versions: draft.metadata_versions.clone(),
        };
        let document = to_json(&document)?;
        let now = self.now();
        transaction!(self.inner.db, "delivery.destination.put", |tx| {
            tx.execute(
                "insert into delivery_destination (id, status, encryption_kid, document, created_at)
                 values ($1, $2, $3, $4, $5)
                 on conflict (id) do update set status = excluded.status,
                     encryption_kid = excluded.encryption_kid, document = excluded.document",
                args![id.to_string(), draft.status.as_str(), encryption_kid, document.as_str(), now],
            )
            .await?;
            for key in [&draft.encryption_key, &draft.signing_key] {
                tx.execute(
                    "insert into delivery_key (destination_id, kid, thumbprint, jwk, position)
                     values ($1, $2, $3, $4,
                         (select count(*) from delivery_key where destination_id = $1))
                     on conflict (destination_id, kid) do update
                         set thumbprint = excluded.thumbprint, jwk = excluded.jwk",
                    args![
                        id.to_string(),
                        key.kid.as_deref().unwrap_or_default(),
                        key.thumbprint(),
                        to_json(key)?
                    ],
                )
                .await?;
            }
            Ok::<_, DeliveryError>(())
        })
    }

    /// Changes the status of a destination.
    ///
    /// # Errors
    /// [`DeliveryError::DestinationNotFound`], [`DeliveryError::Storage`].
    pub async fn set_destination_status(
        &self,
        id: DestinationId,
        status: DestinationStatus,
    ) -> Result<(), DeliveryError> {
        let changed = transaction!(self.inner.db, "delivery.destination.status", |tx| {
            let sql = "update delivery_destination set status = $1 where id = $2";
            let changed = tx
                .execute(sql, args![status.as_str(), id.to_string()])
                .await?;
            Ok::<_, DeliveryError>(changed)
        })?;
        if changed == 0 {
            return Err(DeliveryError::DestinationNotFound);
        }
        Ok(())
    }

    /// A destination. Open to everybody.
    ///
    /// # Errors
    /// [`DeliveryError::DestinationNotFound`], [`DeliveryError::Storage`].
    pub async fn destination(&self, id: DestinationId) -> Result<Destination, DeliveryError> {
        load(&mut self.inner.db.read().await?, id).await
    }

    /// One key of a destination, by name or by thumbprint (RFC 7638). Open to everybody.
    ///
    /// # Errors
    /// [`DeliveryError::DestinationNotFound`], [`DeliveryError::KeyNotFound`],
    /// [`DeliveryError::Storage`].
    pub async fn destination_key(
        &self,
        id: DestinationId,
        kid: &str,
    ) -> Result<Jwk, DeliveryError> {
        let mut read = self.inner.db.read().await?;
        match key(&mut read, id, kid).await? {
            Some(key) => Ok(key),
            None => {
                load(&mut read, id).await?;
                Err(DeliveryError::KeyNotFound)
            }
        }
    }

    /// All keys of a destination, the one to encrypt with first. Open to everybody.
    ///
    /// # Errors
    /// [`DeliveryError::DestinationNotFound`], [`DeliveryError::Storage`].
    pub async fn destination_keys(&self, id: DestinationId) -> Result<Vec<Jwk>, DeliveryError> {
        let mut read = self.inner.db.read().await?;
        let destination = load(&mut read, id).await?;
        let rows = read
            .fetch_all(
                "select jwk from delivery_key where destination_id = $1
                 order by case when kid = $2 then 0 else 1 end, position",
                args![id.to_string(), destination.encryption_kid],
            )
            .await?;
        rows.iter().map(read_key).collect()
    }
}

pub(crate) async fn load(
    query: &mut impl Query,
    id: DestinationId,
) -> Result<Destination, DeliveryError> {
    let row = query
        .fetch_optional(
            "select status, encryption_kid, document from delivery_destination where id = $1",
            args![id.to_string()],
        )
        .await?
        .ok_or(DeliveryError::DestinationNotFound)?;
    let document: Document = serde_json::from_str(&row.text("document")?)
        .map_err(|_| DeliveryError::Corrupt("destination"))?;
    let status = row.text("status")?;
    let status = DestinationStatus::ALL
        .into_iter()
        .find(|known| known.as_str() == status);
    Ok(Destination {
        id,
        status: status.ok_or(DeliveryError::Corrupt("status of a destination"))?,
        encryption_kid: row.text("encryption_kid")?,
        name: document.name,
        contact: document.contact,
        public_services: document.public_services,
        metadata_versions: document.metadata_versions,
    })
}

pub(crate) async fn key(
    query: &mut impl Query,
    id: DestinationId,
    kid: &str,
) -> Result<Option<Jwk>, DeliveryError> {
    let row = query
        .fetch_optional(
            "select jwk from delivery_key where destination_id = $1 and (kid = $2 or thumbprint = $2)
             order by case when kid = $2 then 0 else 1 end limit 1",
            args![id.to_string(), kid],
        )
        .await?;
    row.as_ref().map(read_key).transpose()
}

fn read_key(row: &Row) -> Result<Jwk, DeliveryError> {
    Jwk::parse(&row.text("jwk")?).map_err(|_| DeliveryError::Corrupt("key of a destination"))
}

fn to_json(value: &impl Serialize) -> Result<String, DeliveryError> {
    serde_json::to_string(value).map_err(|error| DeliveryError::BadRequest(error.to_string()))
}
