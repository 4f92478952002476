//! Working days, and days that are known only within bounds.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::Serialize;

use crate::error::ProcedureError;
use crate::holidays::{Observance, PublicHoliday, holiday_on};
use crate::place::{OpenFact, Place};

/// A day as a result: certain, or within bounds until a fact is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "known")]
pub enum Day {
    /// This day.
    Certain {
        /// The day.
        date: Date,
    },
    /// Not before `earliest`, not after `latest`.
    Depends {
        /// The day if no open holiday is one. Who acts by then is in time.
        earliest: Date,
        /// The day if every open holiday is one.
        latest: Date,
        /// What would have to be known.
        on: Vec<OpenFact>,
    },
}

impl Day {
    /// A certain day.
    #[must_use]
    pub const fn certain_on(date: Date) -> Self {
        Self::Certain { date }
    }

    /// The day, when it is certain.
    #[must_use]
    pub const fn certain(&self) -> Option<Date> {
        match self {
            Self::Certain { date } => Some(*date),
            Self::Depends { .. } => None,
        }
    }

    /// The first day it may be: the safe one for who must act.
    #[must_use]
    pub const fn earliest(&self) -> Date {
        match self {
            Self::Certain { date } => *date,
            Self::Depends { earliest, .. } => *earliest,
        }
    }

    /// The last day it may be: the safe one for who must wait.
    #[must_use]
    pub const fn latest(&self) -> Date {
        match self {
            Self::Certain { date } => *date,
            Self::Depends { latest, .. } => *latest,
        }
    }

    /// From the earliest of `first` to the latest of `last`, open on what `origin` and both are.
    pub(crate) fn combine(origin: &Self, first: &Self, last: &Self) -> Self {
        let (earliest, latest) = (first.earliest(), last.latest());
        if earliest == latest {
            return Self::certain_on(earliest);
        }
        let mut on: Vec<OpenFact> = [origin, first, last]
            .into_iter()
            .flat_map(|day| match day {
                Self::Certain { .. } => [].iter(),
                Self::Depends { on, .. } => on.iter(),
            })
            .copied()
            .collect();
        on.sort_unstable();
        on.dedup();
        Self::Depends {
            earliest,
            latest,
            on,
        }
    }
}

/// What kind of day it is for the end of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum DayKind {
    /// Werktag.
    Working,
    /// Sonnabend.
    Saturday,
    /// Sonntag.
    Sunday,
    /// A public holiday, or a day that may be one.
    Holiday(PublicHoliday),
}

/// What kind of day it is at a place. Saturdays and Sundays are named as such even on holidays.
///
/// # Errors
/// [`ProcedureError::YearOutsideCalendar`].
pub fn day_kind(date: Date, place: &Place) -> Result<DayKind, ProcedureError> {
    let holiday = holiday_on(date, place)?;
    Ok(match (date.weekday(), holiday) {
        (Weekday::Saturday, _) => DayKind::Saturday,
        (Weekday::Sunday, _) => DayKind::Sunday,
        (_, Some(holiday)) => DayKind::Holiday(holiday),
        (_, None) => DayKind::Working,
    })
}

fn first_working(
    from: Date,
    place: &Place,
    count_open_as_holiday: bool,
    open: &mut Vec<OpenFact>,
) -> Result<Date, ProcedureError> {
    let mut date = from;
    loop {
        let works = match day_kind(date, place)? {
            DayKind::Working => true,
            DayKind::Saturday | DayKind::Sunday => false,
            DayKind::Holiday(holiday) => match holiday.observance {
                Observance::Observed => false,
                Observance::Depends(fact) => {
                    open.push(fact);
                    !count_open_as_holiday
                }
            },
        };
        if works {
            return Ok(date);
        }
        date = date
            .checked_add(1.day())
            .map_err(|_| ProcedureError::BeyondCalendar(from))?;
    }
}

/// The day itself when it is a working day at the place, else the next one (§ 193 BGB).
///
/// # Errors
/// [`ProcedureError::YearOutsideCalendar`].
pub fn next_working_day(from: Date, place: &Place) -> Result<Day, ProcedureError> {
    let mut on = Vec::new();
    let earliest = first_working(from, place, false, &mut on)?;
    let latest = first_working(from, place, true, &mut on)?;
    if earliest == latest {
        return Ok(Day::certain_on(earliest));
    }
    on.sort_unstable();
    on.dedup();
    Ok(Day::Depends {
        earliest,
        latest,
        on,
    })
}
