//! The decision of staff: one transaction that changes the state, orders the message to the
//! delivery service, and writes history and audit.

use std::fmt;
use std::str::FromStr;

use einmal_model::Instant;
use einmal_storage::{Query, args, transaction};

use crate::error::{CaseworkError, DecideError};
use crate::history::{self, HistoryKind};
use crate::ids::CaseId;
use crate::post;
use crate::service::Casework;
use crate::state::{CaseState, Verdict};
use crate::store;
use crate::tenant::TenantScope;

/// What staff decide about a received case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// The authority takes the application on.
    Accept,
    /// The authority refuses the submission; not without a reason.
    Reject(Reason),
}

impl Decision {
    /// The verdict alone.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        match self {
            Self::Accept => Verdict::Accepted,
            Self::Reject(_) => Verdict::Rejected,
        }
    }
}

/// The reason of a rejection: 10 to 2 000 characters. The applicant reads it. **It travels
/// unencrypted** in the event log of the delivery service.
#[derive(Clone, PartialEq, Eq)]
pub struct Reason(String);

/// Why a text is no reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReasonError {
    /// Fewer than ten characters.
    #[error("the reason needs at least {min} characters, has {0}", min = Reason::MIN)]
    TooShort(usize),
    /// More than two thousand characters.
    #[error("the reason takes at most {max} characters, has {0}", max = Reason::MAX)]
    TooLong(usize),
}

impl Reason {
    /// Least number of characters.
    pub const MIN: usize = 10;
    /// Greatest number of characters.
    pub const MAX: usize = 2_000;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Reason {
    type Err = ReasonError;

    /// Trims; line ends become `\n`, other control characters blanks.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.replace("\r\n", "\n");
        let text: String = text
            .trim()
            .chars()
            .map(|c| if c.is_control() && c != '\n' { ' ' } else { c })
            .collect();
        match text.chars().count() {
            short @ ..Self::MIN => Err(ReasonError::TooShort(short)),
            Self::MIN..=Self::MAX => Ok(Self(text)),
            long => Err(ReasonError::TooLong(long)),
        }
    }
}

impl fmt::Debug for Reason {
    /// Length only: may name people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reason({} characters)", self.0.chars().count())
    }
}

impl Casework {
    /// Decides a received case. The state becomes "wird übermittelt"; the delivery service is told
    /// by [`Casework::post_decisions_once`].
    ///
    /// # Errors
    /// [`DecideError::AlreadyDecided`] when somebody was faster, [`DecideError::NotReadable`] for
    /// what is rejected automatically, [`CaseworkError::NotFound`] for cases of other tenants.
    pub async fn decide(
        &self,
        scope: &TenantScope,
        case: CaseId,
        decision: &Decision,
    ) -> Result<(), DecideError> {
        let now = self.clock.now();
        let verdict = decision.verdict();
        let reason = match decision {
            Decision::Accept => None,
            Decision::Reject(reason) => {
                Some(self.seal(case, "reason", reason.as_str().as_bytes())?)
            }
        };
        let kind = match verdict {
            Verdict::Accepted => HistoryKind::DecidedAccept,
            Verdict::Rejected => HistoryKind::DecidedReject,
        };
        transaction!(self.db, "casework.decide", |tx| {
            let row = tx
                .fetch_optional(
                    "select state, decided_at from case_file where tenant_id = $1 and id = $2",
                    args![scope.tenant().as_str(), case.to_string()],
                )
                .await?
                .ok_or(CaseworkError::NotFound)?;
            let state: CaseState = row.parse("state")?;
            let Some(undecided) = state.undecided() else {
                return Err(refusal(state, row.opt_instant("decided_at")?));
            };
            tx.execute(
                "update case_file set state = $3, decided_at = $4, reason = $5
                 where tenant_id = $1 and id = $2",
                args![
                    scope.tenant().as_str(),
                    case.to_string(),
                    undecided.decide(verdict).code(),
                    now,
                    reason.clone()
                ],
            )
            .await?;
            history::append(tx, case, kind, now).await?;
            store::audit(tx, case, kind, Some(scope.staff_id()), now).await?;
            post::order(tx, case, now).await?;
            Ok(())
        })
    }
}

/// Why a case in this state cannot be decided.
fn refusal(state: CaseState, decided_at: Option<Instant>) -> DecideError {
    let verdict = match state {
        CaseState::Accepting | CaseState::Accepted => Verdict::Accepted,
        CaseState::Rejecting | CaseState::Rejected => Verdict::Rejected,
        CaseState::NotReadable | CaseState::NotReadableRejected => return DecideError::NotReadable,
        CaseState::Received => return CaseworkError::Stored("state").into(),
    };
    match decided_at {
        Some(at) => DecideError::AlreadyDecided { verdict, at },
        None => CaseworkError::Stored("time of the decision").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_has_ten_to_two_thousand_characters() {
        assert_eq!(
            "  zu kurz  ".parse::<Reason>(),
            Err(ReasonError::TooShort(7))
        );
        assert_eq!(
            "ä".repeat(2_001).parse::<Reason>(),
            Err(ReasonError::TooLong(2_001))
        );
        assert!("ä".repeat(2_000).parse::<Reason>().is_ok());
        assert!("ä".repeat(10).parse::<Reason>().is_ok());
    }

    #[test]
    fn a_reason_keeps_lines_and_loses_control_characters() {
        let reason: Reason = " Erste Zeile\r\nzweite\u{7} Zeile ".parse().unwrap();
        assert_eq!(reason.as_str(), "Erste Zeile\nzweite  Zeile");
        assert_eq!(format!("{reason:?}"), "Reason(25 characters)");
    }
}
