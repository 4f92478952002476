//! The remedy against a notice and the last day for it.

use serde::Serialize;

use crate::day::Day;
use crate::error::ProcedureError;
use crate::period::{Deadline, Length, Start, deadline};
use crate::place::Place;
use crate::regime::{EndRule, Regime};
use crate::service::{Effect, Notification, ServiceLaw};
use crate::trace::{InputName, Rule, Trace};

/// Which procedure a notice ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Procedure {
    /// Elterngeld: social courts (§ 13(1) BEEG).
    ParentalAllowance,
    /// Kindergeld by the EStG: a tax act.
    ChildBenefitTax,
    /// Kindergeld by the BKGG: social courts (§ 15 BKGG, recalled).
    ChildBenefitSocial,
    /// Other acts of authorities: administrative courts. Some Länder have given up the objection
    /// for many of them; whether there is one is not decided here.
    Administrative,
}

/// What the remedy is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RemedyKind {
    /// Widerspruch.
    Widerspruch,
    /// Einspruch.
    Einspruch,
}

/// Whether the notice told how to object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Instruction {
    /// Complete and right.
    Given,
    /// Missing, incomplete or wrong: a year.
    MissingOrWrong,
}

impl Procedure {
    /// The name of the remedy.
    #[must_use]
    pub const fn remedy_kind(self) -> RemedyKind {
        match self {
            Self::ChildBenefitTax => RemedyKind::Einspruch,
            Self::ParentalAllowance | Self::ChildBenefitSocial | Self::Administrative => {
                RemedyKind::Widerspruch
            }
        }
    }

    /// The law that counts the period of the remedy.
    #[must_use]
    pub const fn regime(self) -> Regime {
        match self {
            Self::ParentalAllowance | Self::ChildBenefitSocial => Regime::SocialCourt,
            Self::ChildBenefitTax => Regime::Tax,
            Self::Administrative => Regime::AdministrativeCourt,
        }
    }

    /// The law by which its notices are notified.
    #[must_use]
    pub const fn service_law(self) -> ServiceLaw {
        match self {
            Self::ParentalAllowance => ServiceLaw::ParentalAllowance,
            Self::ChildBenefitSocial => ServiceLaw::Social,
            Self::ChildBenefitTax => ServiceLaw::Tax,
            Self::Administrative => ServiceLaw::Administrative,
        }
    }

    /// The period for the remedy with its norm.
    #[must_use]
    pub const fn remedy_period(
        self,
        instruction: Instruction,
        abroad: bool,
    ) -> (Length, &'static str) {
        match (self, instruction) {
            (Self::ParentalAllowance | Self::ChildBenefitSocial, Instruction::Given) => {
                if abroad {
                    (Length::Months(3), "§ 84 Abs. 1 Satz 2 SGG")
                } else {
                    (Length::Months(1), "§ 84 Abs. 1 Satz 1 SGG")
                }
            }
            (Self::ParentalAllowance | Self::ChildBenefitSocial, Instruction::MissingOrWrong) => {
                (Length::Years(1), "§ 66 Abs. 2 SGG")
            }
            (Self::ChildBenefitTax, Instruction::Given) => (Length::Months(1), "§ 355 Abs. 1 AO"),
            (Self::ChildBenefitTax, Instruction::MissingOrWrong) => {
                (Length::Years(1), "§ 356 Abs. 2 AO")
            }
            (Self::Administrative, Instruction::Given) => (Length::Months(1), "§ 70 Abs. 1 VwGO"),
            (Self::Administrative, Instruction::MissingOrWrong) => {
                (Length::Years(1), "§ 58 Abs. 2 VwGO")
            }
        }
    }
}

/// The remedy against a notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remedy {
    /// What it is called.
    pub kind: RemedyKind,
    /// How long the period is.
    pub period: Length,
    /// The last day on which it must reach the office. Whoever acts by
    /// [`Day::earliest`] is in time.
    pub last_day: Day,
    /// From dispatch to the last day.
    pub trace: Trace,
}

/// The remedy against a notice that was notified, and the last day for it.
///
/// `office` is the place of the office that must receive the remedy.
///
/// # Errors
/// [`ProcedureError::NotNotified`] when no period runs, and those of [`deadline`].
pub fn remedy(
    procedure: Procedure,
    notification: &Notification,
    instruction: Instruction,
    office: &Place,
) -> Result<Remedy, ProcedureError> {
    let Effect::On(notified) = &notification.effect else {
        return Err(ProcedureError::NotNotified);
    };
    let (period, norm) = procedure.remedy_period(instruction, notification.abroad);
    let mut trace = notification.trace.clone();
    let rule = match instruction {
        Instruction::Given => Rule::RemedyPeriod,
        Instruction::MissingOrWrong => Rule::YearWithoutInstruction,
    };
    trace.add(
        rule,
        norm,
        [(InputName::Event, notified.clone().into())],
        period,
    );
    let run = |day| -> Result<Deadline, ProcedureError> {
        deadline(
            procedure.regime(),
            Start::Event(day),
            period,
            EndRule::NextWorkingDay,
            office,
        )
    };
    let first = run(notified.earliest())?;
    let last = run(notified.latest())?;
    let last_day = Day::combine(notified, &first.last_day, &last.last_day);
    trace.0.extend(first.trace.0);
    if let Some(step) = trace.0.last_mut() {
        if last_day.certain() != Some(first.counted) {
            step.rule = Rule::NextWorkingDay;
        }
        step.result = last_day.clone().into();
    }
    Ok(Remedy {
        kind: procedure.remedy_kind(),
        period,
        last_day,
        trace,
    })
}
