//! Rows and their sealed fields.

use einmal_model::Instant;
use einmal_storage::{Query, Row, Tx, args, audit};
use serde_json::json;

use crate::error::CaseworkError;
use crate::history::HistoryKind;
use crate::ids::{CaseId, DestinationId};
use crate::port::SubmissionRef;
use crate::service::Casework;
use crate::tenant::{Tenant, TenantId};

/// The table whose fields are sealed by case.
const CASE: &str = "case_file";
/// The table whose fields are sealed by case and attachment.
const ATTACHMENT: &str = "case_attachment";

impl Casework {
    pub(crate) fn seal(
        &self,
        case: CaseId,
        column: &'static str,
        value: &[u8],
    ) -> Result<Vec<u8>, CaseworkError> {
        Ok(self.crypter.seal(CASE, &case.to_string(), column, value)?)
    }

    pub(crate) fn open(
        &self,
        case: CaseId,
        column: &'static str,
        row: &Row,
    ) -> Result<Option<Vec<u8>>, CaseworkError> {
        row.opt_bytes(column)?
            .map(|sealed| {
                Ok(self
                    .crypter
                    .open(CASE, &case.to_string(), column, &sealed)?)
            })
            .transpose()
    }

    pub(crate) fn open_text(
        &self,
        case: CaseId,
        column: &'static str,
        row: &Row,
    ) -> Result<Option<String>, CaseworkError> {
        self.open(case, column, row)?
            .map(|bytes| String::from_utf8(bytes).map_err(|_| CaseworkError::Stored(column)))
            .transpose()
    }

    pub(crate) fn seal_attachment(
        &self,
        case: CaseId,
        attachment: &str,
        column: &'static str,
        value: &[u8],
    ) -> Result<Vec<u8>, CaseworkError> {
        let row = format!("{case}/{attachment}");
        Ok(self.crypter.seal(ATTACHMENT, &row, column, value)?)
    }

    pub(crate) fn open_attachment(
        &self,
        case: CaseId,
        attachment: &str,
        column: &'static str,
        row: &Row,
    ) -> Result<Vec<u8>, CaseworkError> {
        let place = format!("{case}/{attachment}");
        Ok(self
            .crypter
            .open(ATTACHMENT, &place, column, &row.bytes(column)?)?)
    }
}

/// Writes the audit entry of a step, in its transaction. The member of staff stands here and
/// nowhere else.
pub(crate) async fn audit(
    tx: &mut Tx,
    case: CaseId,
    kind: HistoryKind,
    staff_id: Option<&str>,
    at: Instant,
) -> Result<(), CaseworkError> {
    let payload = match staff_id {
        Some(staff) => json!({ "by": staff }),
        None => json!({}),
    };
    let kind = format!("case.{}", kind.code());
    audit::append(tx, &format!("case:{case}"), &kind, &payload.to_string(), at).await?;
    Ok(())
}

/// The tenant of an id.
pub(crate) async fn tenant(query: &mut impl Query, id: &TenantId) -> Result<Tenant, CaseworkError> {
    let row = query
        .fetch_optional(
            "select id, name, destination_id from tenant where id = $1",
            args![id.as_str()],
        )
        .await?;
    row.as_ref()
        .map(tenant_from)
        .transpose()?
        .ok_or_else(|| CaseworkError::UnknownTenant(id.clone()))
}

pub(crate) fn tenant_from(row: &Row) -> Result<Tenant, CaseworkError> {
    Ok(Tenant {
        id: row.parse("id")?,
        name: row.text("name")?,
        destination: row.parse::<DestinationId>("destination_id")?,
    })
}

pub(crate) fn submission_from(row: &Row) -> Result<SubmissionRef, CaseworkError> {
    Ok(SubmissionRef {
        submission_id: row.parse("submission_id")?,
        case_id: row.parse("delivery_case_id")?,
    })
}
