//! Why a question has no answer.

use einmal_model::Ars;
use jiff::civil::Date;

use crate::regime::{EndRule, Regime};

/// A question that cannot be answered as it was put.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProcedureError {
    /// The first two digits of the key name no Land.
    #[error("region key {0} lies in no Land")]
    NoSuchLand(Ars),
    /// The year is outside the years for which holiday law is known.
    #[error("holidays are known for the years 1991 to 2100, not for {0}")]
    YearOutsideCalendar(i16),
    /// A period of nothing has no last day.
    #[error("a period must be at least one unit long")]
    EmptyPeriod,
    /// The law of the procedure has no such rule for the end of a period.
    #[error("{regime:?} has no rule {rule:?} for the end of a period")]
    RuleNotInRegime {
        /// The law of the procedure.
        regime: Regime,
        /// The rule that was asked for.
        rule: EndRule,
    },
    /// The end lies beyond the calendar.
    #[error("counting from {0} leaves the calendar")]
    BeyondCalendar(Date),
    /// Something happened before what it must follow.
    #[error("{later} lies before {earlier}")]
    OutOfOrder {
        /// What must come first.
        earlier: Date,
        /// What must come after it.
        later: Date,
    },
    /// Without notification no period for a remedy runs.
    #[error("the notice has not been notified, so no period runs")]
    NotNotified,
}
