//! What can become of a case, so that nothing else can.
//!
//! ```text
//! Received ──decide──▶ Accepting ──confirmed──▶ Accepted
//!     └────decide──▶ Rejecting ──confirmed──▶ Rejected
//! NotReadable (rejection on its way) ──confirmed──▶ NotReadableRejected
//! ```
//!
//! Only [`Undecided`] can be decided and only [`Sending`] can be confirmed; both are made from a
//! stored [`CaseState`] and from nothing else.

/// What is said to the sender: accepted (angenommen) or rejected (zurückgewiesen).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The authority has received the application and could read it; it works on it.
    Accepted,
    /// The authority refuses the submission, with reasons.
    Rejected,
}

impl Verdict {
    /// For the audit log.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
        }
    }
}

/// State of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CaseState {
    /// Arrived, nobody has decided (eingegangen).
    Received,
    /// Accepted by staff; the delivery service has not confirmed it yet (wird übermittelt).
    Accepting,
    /// Rejected by staff; the delivery service has not confirmed it yet (wird übermittelt).
    Rejecting,
    /// Accepted, confirmed by the delivery service.
    Accepted,
    /// Rejected, confirmed by the delivery service.
    Rejected,
    /// Could not be read; the automatic rejection is on its way.
    NotReadable,
    /// Could not be read; the delivery service has confirmed the rejection.
    NotReadableRejected,
}

impl CaseState {
    /// All states.
    pub const ALL: [Self; 7] = [
        Self::Received,
        Self::Accepting,
        Self::Rejecting,
        Self::Accepted,
        Self::Rejected,
        Self::NotReadable,
        Self::NotReadableRejected,
    ];

    /// As stored, and as CSS and tests name it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Accepting => "accepting",
            Self::Rejecting => "rejecting",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::NotReadable => "not_readable",
            Self::NotReadableRejected => "not_readable_rejected",
        }
    }

    pub(crate) fn undecided(self) -> Option<Undecided> {
        (self == Self::Received).then_some(Undecided(()))
    }

    pub(crate) const fn sending(self) -> Option<Sending> {
        match self {
            Self::Accepting | Self::Rejecting | Self::NotReadable => Some(Sending(self)),
            Self::Received | Self::Accepted | Self::Rejected | Self::NotReadableRejected => None,
        }
    }
}

impl std::str::FromStr for CaseState {
    type Err = UnknownState;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|state| state.code() == code)
            .ok_or(UnknownState)
    }
}

/// A stored text that is no state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no state of a case")]
pub struct UnknownState;

/// Proof that nobody has decided yet.
pub(crate) struct Undecided(());

impl Undecided {
    /// The state after a decision; uses the proof up.
    pub(crate) const fn decide(self, verdict: Verdict) -> CaseState {
        match verdict {
            Verdict::Accepted => CaseState::Accepting,
            Verdict::Rejected => CaseState::Rejecting,
        }
    }
}

/// Proof that a decision is on its way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sending(CaseState);

impl Sending {
    /// What is to be said.
    pub(crate) const fn verdict(self) -> Verdict {
        match self.0 {
            CaseState::Accepting => Verdict::Accepted,
            _ => Verdict::Rejected,
        }
    }

    /// The state once the delivery service has confirmed `verdict`; it may have recorded another
    /// one before ours (it rejects by itself after 14 days). Nothing for an unreadable submission
    /// that is recorded as accepted: we have no content for such a case.
    pub(crate) const fn confirmed(self, verdict: Verdict) -> Option<CaseState> {
        match (self.0, verdict) {
            (CaseState::NotReadable, Verdict::Rejected) => Some(CaseState::NotReadableRejected),
            (CaseState::NotReadable, Verdict::Accepted) => None,
            (_, Verdict::Accepted) => Some(CaseState::Accepted),
            (_, Verdict::Rejected) => Some(CaseState::Rejected),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_read_back_as_they_are_written() {
        for state in CaseState::ALL {
            assert_eq!(state.code().parse(), Ok(state));
        }
        assert_eq!("open".parse::<CaseState>(), Err(UnknownState));
    }

    #[test]
    fn only_a_received_case_can_be_decided() {
        for state in CaseState::ALL {
            assert_eq!(state.undecided().is_some(), state == CaseState::Received);
        }
    }

    #[test]
    fn a_state_is_either_open_or_on_its_way_or_final() {
        for state in CaseState::ALL {
            assert!(state.undecided().is_none() || state.sending().is_none());
            if let Some(sending) = state.sending() {
                let end = sending.confirmed(sending.verdict()).unwrap();
                assert!(
                    end.undecided().is_none() && end.sending().is_none(),
                    "{state:?}"
                );
            }
        }
    }

    #[test]
    fn what_cannot_be_read_is_never_accepted() {
        let sending = CaseState::NotReadable.sending().unwrap();
        assert_eq!(sending.verdict(), Verdict::Rejected);
        assert_eq!(sending.confirmed(Verdict::Accepted), None);
    }
}
