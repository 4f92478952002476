//! The assessment period: which months count for the income before birth (§ 2b BEEG).

use jiff::civil::{Date, date};
use serde::Deserialize;
use serde::ser::{Serialize, SerializeStruct, Serializer};

use crate::calendar::{Days, month_after};

/// Months examined at most, backwards from the birth.
const HORIZON: i64 = 600;

/// Kind of income that decides on the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Wages only: twelve calendar months before birth (§ 2b(1)).
    Employee,
    /// Any profit: the last closed tax year for all income (§ 2b(2), (3)).
    SelfEmployed,
}

/// What the assessment period depends on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Assessment {
    /// Birth of the child.
    pub birth_date: Date,
    /// Kind of income.
    pub kind: Kind,
    /// Days of Elterngeld for an older child, maternity protection or pay, pregnancy-related
    /// illness, or service (§ 2b(1) sentence 2).
    #[serde(default)]
    pub exclusions: Vec<Days>,
}

/// A run of calendar months, both inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day of the first month.
    pub from_month: Date,
    /// First day of the last month.
    pub to_month: Date,
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let month = |day: Date| format!("{:04}-{:02}", day.year(), day.month());
        let mut period = serializer.serialize_struct("Period", 2)?;
        period.serialize_field("from_month", &month(self.from_month))?;
        period.serialize_field("to_month", &month(self.to_month))?;
        period.end()
    }
}

/// The periods that count, oldest first; empty if everything within fifty years is excluded.
///
/// A calendar month touched by an exclusion is left out and the window moves back by a month. With
/// profits the last calendar year untouched by an exclusion is taken; by statute that happens only
/// on request (§ 2b(2) sentence 2), so leave the exclusions out if there was none.
#[must_use]
pub fn periods(assessment: &Assessment) -> Vec<Period> {
    match assessment.kind {
        Kind::Employee => employee_months(assessment),
        Kind::SelfEmployed => tax_year(assessment),
    }
}

fn touched(exclusions: &[Days], days: Days) -> bool {
    exclusions
        .iter()
        .any(|excluded| excluded.from <= days.to && days.from <= excluded.to)
}

fn employee_months(assessment: &Assessment) -> Vec<Period> {
    let mut found: Vec<Period> = Vec::new();
    let mut count = 0;
    for back in 1..=HORIZON {
        if count == 12 {
            break;
        }
        let month = month_after(assessment.birth_date, -back);
        let days = Days {
            from: month,
            to: month.last_of_month(),
        };
        if touched(&assessment.exclusions, days) {
            continue;
        }
        count += 1;
        match found.last_mut() {
            Some(period) if month_after(month, 1) == period.from_month => {
                period.from_month = month;
            }
            _ => found.push(Period {
                from_month: month,
                to_month: month,
            }),
        }
    }
    found.reverse();
    found
}

fn tax_year(assessment: &Assessment) -> Vec<Period> {
    let last = assessment.birth_date.year() - 1;
    (last.saturating_sub(50).max(1)..=last)
        .rev()
        .map(|year| Days {
            from: date(year, 1, 1),
            to: date(year, 12, 31),
        })
        .find(|days| !touched(&assessment.exclusions, *days))
        .map(|days| Period {
            from_month: days.from,
            to_month: days.to.first_of_month(),
        })
        .into_iter()
        .collect()
}
