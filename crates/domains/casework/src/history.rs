//! What happened to a case: its own stream beside the record (architecture rule 7). Names no
//! person.

use einmal_storage::{Query, Tx, args};

use crate::error::CaseworkError;
use crate::ids::CaseId;
use einmal_model::Instant;

/// Kinds of entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HistoryKind {
    /// The case was opened.
    Received,
    /// The submission could not be read; its rejection was ordered.
    NotReadable,
    /// Staff decided to accept.
    DecidedAccept,
    /// Staff decided to reject.
    DecidedReject,
    /// The delivery service confirmed the acceptance.
    ConfirmedAccept,
    /// The delivery service confirmed the rejection.
    ConfirmedReject,
    /// The delivery service had recorded an acceptance before our rejection came.
    OvertakenAccept,
    /// The delivery service had recorded a rejection before our acceptance came.
    OvertakenReject,
    /// Posting was given up; operators must look at it.
    Stuck,
}

const CODES: [(HistoryKind, &str); 9] = [
    (HistoryKind::Received, "received"),
    (HistoryKind::NotReadable, "not_readable"),
    (HistoryKind::DecidedAccept, "decided_accept"),
    (HistoryKind::DecidedReject, "decided_reject"),
    (HistoryKind::ConfirmedAccept, "confirmed_accept"),
    (HistoryKind::ConfirmedReject, "confirmed_reject"),
    (HistoryKind::OvertakenAccept, "overtaken_accept"),
    (HistoryKind::OvertakenReject, "overtaken_reject"),
    (HistoryKind::Stuck, "stuck"),
];

impl HistoryKind {
    /// As stored and as the audit log names it.
    #[must_use]
    pub fn code(self) -> &'static str {
        CODES
            .into_iter()
            .find(|(kind, _)| *kind == self)
            .map_or("", |(_, code)| code)
    }

    fn from_code(text: &str) -> Option<Self> {
        CODES
            .into_iter()
            .find(|(_, code)| *code == text)
            .map(|(kind, _)| kind)
    }
}

/// Appends an entry in the transaction of the change.
pub(crate) async fn append(
    tx: &mut Tx,
    case: CaseId,
    kind: HistoryKind,
    at: Instant,
) -> Result<(), CaseworkError> {
    tx.execute(
        "insert into case_history (case_id, seq, at, kind)
         select $1, coalesce(max(seq), 0) + 1, $2, $3 from case_history where case_id = $1",
        args![case.to_string(), at, kind.code()],
    )
    .await?;
    Ok(())
}

/// The entries of a case, oldest first.
pub(crate) async fn entries(
    query: &mut impl Query,
    case: CaseId,
) -> Result<Vec<(HistoryKind, Instant)>, CaseworkError> {
    let rows = query
        .fetch_all(
            "select kind, at from case_history where case_id = $1 order by seq",
            args![case.to_string()],
        )
        .await?;
    rows.iter()
        .map(|row| {
            let kind = HistoryKind::from_code(&row.text("kind")?);
            let kind = kind.ok_or(CaseworkError::Stored("kind of history entry"))?;
            Ok((kind, row.instant("at")?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_back_as_they_are_written() {
        for (kind, code) in CODES {
            assert_eq!(HistoryKind::from_code(code), Some(kind));
            assert_eq!(kind.code(), code);
        }
    }
}
