//! Counting of periods, §§ 187 to 193 BGB.

use einmal_model::Language;
use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde::Serialize;

use crate::day::{Day, next_working_day};
use crate::error::ProcedureError;
use crate::place::Place;
use crate::regime::{EndRule, Regime};
use crate::trace::{InputName, Rule, Trace};

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case", tag = "unit", content = "count")]
pub enum Length {
    /// Calendar days, § 188(1) BGB.
    Days(u16),
    /// Weeks, § 188(2) BGB.
    Weeks(u16),
    /// Months, § 188(2), (3) BGB.
    Months(u16),
    /// Years, § 188(2), (3) BGB.
    Years(u16),
}

impl Length {
    /// Half a month: fifteen days (§ 189(1) BGB).
    pub const HALF_MONTH: Self = Self::Days(15);
    /// A quarter of a year: three months (§ 189(1) BGB).
    pub const QUARTER: Self = Self::Months(3);
    /// Half a year: six months (§ 189(1) BGB).
    pub const HALF_YEAR: Self = Self::Months(6);

    const fn count(self) -> u16 {
        match self {
            Self::Days(n) | Self::Weeks(n) | Self::Months(n) | Self::Years(n) => n,
        }
    }

    fn span(self) -> Span {
        match self {
            Self::Days(n) => i64::from(n).days(),
            Self::Weeks(n) => i64::from(n).weeks(),
            Self::Months(n) => i64::from(n).months(),
            Self::Years(n) => i64::from(n).years(),
        }
    }

    /// The number of days when a period of months or years need not be continuous: a month is
    /// thirty, a year 365 days (§ 191 BGB).
    #[must_use]
    pub const fn days_when_interrupted(self) -> u32 {
        // Widening; `From` is not available in constants.
        let count = self.count() as u32;
        match self {
            Self::Days(_) => count,
            Self::Weeks(_) => 7 * count,
            Self::Months(_) => 30 * count,
            Self::Years(_) => 365 * count,
        }
    }

    /// The length in words, such as `1 Monat`.
    #[must_use]
    pub fn text(self, language: Language) -> String {
        let (one, many) = match (self, language) {
            (Self::Days(_), Language::De) => ("Tag", "Tage"),
            (Self::Days(_), Language::En) => ("day", "days"),
            (Self::Weeks(_), Language::De) => ("Woche", "Wochen"),
            (Self::Weeks(_), Language::En) => ("week", "weeks"),
            (Self::Months(_), Language::De) => ("Monat", "Monate"),
            (Self::Months(_), Language::En) => ("month", "months"),
            (Self::Years(_), Language::De) => ("Jahr", "Jahre"),
            (Self::Years(_), Language::En) => ("year", "years"),
        };
        let count = self.count();
        format!("{count} {}", if count == 1 { one } else { many })
    }
}

/// Where a period starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "from", content = "day")]
pub enum Start {
    /// An event in the course of this day; the day does not count (§ 187(1) BGB).
    Event(Date),
    /// The beginning of this day; the day counts. Also birthdays (§ 187(2) BGB).
    BeginningOf(Date),
    /// Notification of a period that an authority sets; the day does not count.
    SetByAuthority(Date),
}

impl Start {
    const fn date(self) -> Date {
        match self {
            Self::Event(date) | Self::BeginningOf(date) | Self::SetByAuthority(date) => date,
        }
    }
}

/// When a period runs, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deadline {
    /// The first day that counts.
    pub first_day: Date,
    /// The last day by counting alone.
    pub counted: Date,
    /// The last day: the period ends at its midnight.
    pub last_day: Day,
    /// Why.
    pub trace: Trace,
}

fn add(date: Date, span: Span) -> Result<Date, ProcedureError> {
    date.checked_add(span)
        .map_err(|_| ProcedureError::BeyondCalendar(date))
}

/// The last day by counting, and whether the last month was too short for it.
fn counted(start: Start, length: Length) -> Result<(Date, bool), ProcedureError> {
    let date = start.date();
    let calendar = matches!(length, Length::Months(_) | Length::Years(_));
    let event = match start {
        Start::Event(day) | Start::SetByAuthority(day) => day,
        // A month from the first of a month is that whole month, whatever its length.
        Start::BeginningOf(day) if calendar && day.day() == 1 => {
            return Ok((add(add(day, length.span())?, -1.day())?, false));
        }
        Start::BeginningOf(day) => add(day, -1.day())?,
    };
    // The calendar constrains a missing day to the last of the month: § 188(3) BGB.
    let last = add(event, length.span())?;
    let short = calendar && last.day() != event.day();
    if last < date {
        return Err(ProcedureError::EmptyPeriod);
    }
    Ok((last, short))
}

/// The run of a period at a place.
///
/// # Errors
/// - [`ProcedureError::EmptyPeriod`] for a length of nothing;
/// - [`ProcedureError::RuleNotInRegime`] when the law has no such rule for the end;
/// - [`ProcedureError::YearOutsideCalendar`], [`ProcedureError::BeyondCalendar`] when the end lies
///   outside the years whose holidays are known.
pub fn deadline(
    regime: Regime,
    start: Start,
    length: Length,
    end: EndRule,
    place: &Place,
) -> Result<Deadline, ProcedureError> {
    if length.count() == 0 {
        return Err(ProcedureError::EmptyPeriod);
    }
    let end_norm = regime
        .end_norm(end)
        .ok_or(ProcedureError::RuleNotInRegime { regime, rule: end })?;
    let mut trace = Trace::default();
    let (rule, norm, first_day) = match start {
        Start::Event(day) => (Rule::DayAfterEvent, "§ 187 Abs. 1 BGB", add(day, 1.day())?),
        Start::BeginningOf(day) => (Rule::BeginningOfDay, "§ 187 Abs. 2 BGB", day),
        Start::SetByAuthority(day) => (
            Rule::DayAfterNotification,
            regime.authority_start_norm(),
            add(day, 1.day())?,
        ),
    };
    trace.add(
        rule,
        norm,
        [(InputName::Event, start.date().into())],
        first_day,
    );
    let (counted, short) = counted(start, length)?;
    let (rule, norm) = match (length, short) {
        (_, true) => (Rule::LastDayOfShortMonth, "§ 188 Abs. 2, 3 BGB"),
        (Length::Days(_), false) => (Rule::LastDayCounted, "§ 188 Abs. 1 BGB"),
        (_, false) => (Rule::LastDayCounted, "§ 188 Abs. 2 BGB"),
    };
    trace.add(
        rule,
        norm,
        [
            (InputName::FirstDay, first_day.into()),
            (InputName::Length, length.into()),
        ],
        counted,
    );
    let last_day = if end == EndRule::NextWorkingDay {
        next_working_day(counted, place)?
    } else {
        Day::certain_on(counted)
    };
    let rule = if last_day.certain() == Some(counted) {
        Rule::NoShift
    } else {
        Rule::NextWorkingDay
    };
    trace.add(
        rule,
        end_norm,
        [(InputName::LastDay, counted.into())],
        last_day.clone(),
    );
    Ok(Deadline {
        first_day,
        counted,
        last_day,
        trace,
    })
}

/// The run of a period that was extended: the new time is counted from the end of the old one
/// (§ 190 BGB).
///
/// Old and new time are one period, so the new time joins the day counted; where courts count, the
/// extension starts with the working day to which the old end had moved (§ 224(3) ZPO; BGH,
/// NJW-RR 2010, 211; for the SGG by its § 202, recalled).
///
/// # Errors
/// As [`deadline`].
pub fn extension(
    regime: Regime,
    old: &Deadline,
    length: Length,
    end: EndRule,
    place: &Place,
) -> Result<Deadline, ProcedureError> {
    let old_end = match regime {
        Regime::SocialCourt | Regime::AdministrativeCourt => old.last_day.clone(),
        Regime::Civil | Regime::Social | Regime::Administrative | Regime::Tax => {
            Day::certain_on(old.counted)
        }
    };
    let run = |day| deadline(regime, Start::Event(day), length, end, place);
    let mut result = run(old_end.earliest())?;
    let last = run(old_end.latest())?;
    result.last_day = Day::combine(&old_end, &result.last_day, &last.last_day);
    let (mut trace, steps) = (old.trace.clone(), result.trace.0);
    trace.0.extend(steps);
    let joint = old.trace.0.len();
    if let Some(step) = trace.0.get_mut(joint) {
        step.rule = Rule::ExtensionFromEnd;
        step.norm = "§ 190 BGB";
    }
    if let Some(step) = trace.0.last_mut() {
        step.result = result.last_day.clone().into();
    }
    result.first_day = old.first_day;
    result.trace = trace;
    Ok(result)
}

/// A point of a month as declarations name it, § 192 BGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MonthPoint {
    /// The first of the month.
    Beginning,
    /// The fifteenth.
    Middle,
    /// The last day.
    End,
}

/// The day a point of a month means (§ 192 BGB); nothing for an impossible month.
#[must_use]
pub fn month_point(year: i16, month: i8, point: MonthPoint) -> Option<Date> {
    let first = Date::new(year, month, 1).ok()?;
    match point {
        MonthPoint::Beginning => Some(first),
        MonthPoint::Middle => Date::new(year, month, 15).ok(),
        MonthPoint::End => Some(first.last_of_month()),
    }
}
