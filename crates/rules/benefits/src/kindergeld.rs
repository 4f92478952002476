//! Kindergeld: who counts as a child, in which order, and how much (§§ 32, 62–66 EStG, BKGG).

use einmal_model::Cents;
use jiff::civil::{Date, date};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde::{Deserialize, Deserializer};

use crate::calendar::month_after;
use crate::problem::Problem;
use crate::trace::{Line, Sink, Value};

/// Hours a week in hundredths that do not harm a child in second training (§ 32(4) sentence 3).
const HARMLESS_HOURS: i64 = 2_000;

/// Amounts per child by order, in cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amounts {
    from: Date,
    /// First, second, third, and every further child.
    pub by_order: [i64; 4],
    /// Where they stand.
    pub norm: &'static str,
}

/// By month, newest first.
static AMOUNTS: [Amounts; 4] = [
    Amounts {
        from: date(2026, 1, 1),
        by_order: [25_900; 4],
        norm: "§ 66(1) EStG as of 2026",
    },
    Amounts {
        from: date(2025, 1, 1),
        by_order: [25_500; 4],
        norm: "§ 66(1) EStG as of 2025",
    },
    Amounts {
        from: date(2023, 1, 1),
        by_order: [25_000; 4],
        norm: "§ 66(1) EStG as of 2023",
    },
    Amounts {
        from: date(2021, 1, 1),
        by_order: [21_900, 21_900, 22_500, 25_000],
        norm: "§ 66(1) EStG as of 2021",
    },
];

/// Kindergeld without an application for newborns: planned, not enacted as far as known (open point 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WithoutApplication {
    /// Whether the act is known to be in force; as long as it is not, nothing is paid by itself.
    pub enacted: bool,
    /// First births of families that draw Kindergeld already.
    pub further_children_from: Date,
    /// First births of first children.
    pub first_children_from: Date,
    /// Legal basis.
    pub norm: &'static str,
}

/// State of the draft act of 2026-02-19.
pub static WITHOUT_APPLICATION: WithoutApplication = WithoutApplication {
    enacted: false,
    further_children_from: date(2027, 3, 1),
    first_children_from: date(2027, 11, 1),
    norm: "draft act of the Federal Ministry of Finance of 2026-02-19 (adoption not found)",
};

/// Hours a week in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hours(pub i64);

/// Reads a decimal number as hundredths, without any floating point arithmetic.
pub(crate) fn hundredths(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: String = fraction.chars().chain("00".chars()).take(2).collect();
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = digits.parse().ok()?;
    (0..=100_000).contains(&whole).then_some(whole * 100 + part)
}

impl<'de> Deserialize<'de> for Hours {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;
        impl serde::de::Visitor<'_> for Number {
            type Value = Hours;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number of hours or weeks that is not negative")
            }
            fn visit_u64<E: serde::de::Error>(self, whole: u64) -> Result<Hours, E> {
                i64::try_from(whole)
                    .ok()
                    .filter(|hours| *hours <= 100_000)
                    .map(|hours| Hours(hours * 100))
                    .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Unsigned(whole), &self))
            }
            fn visit_f64<E: serde::de::Error>(self, number: f64) -> Result<Hours, E> {
                // Most hours are whole and need no text in between; the cast saturates.
                let whole = number as i64;
                if whole as f64 == number && (0..=100_000).contains(&whole) {
                    return Ok(Hours(whole * 100));
                }
                hundredths(&number.to_string())
                    .map(Hours)
                    .ok_or_else(|| E::invalid_value(serde::de::Unexpected::Float(number), &self))
            }
        }
        deserializer.deserialize_any(Number)
    }
}

fn yes() -> bool {
    true
}

/// A child of the household, oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Child {
    /// Completed years.
    pub age: u8,
    /// In training, in a transition of up to four months, or in a service (§ 32(4) no. 2).
    #[serde(default)]
    pub in_education: bool,
    /// Hours worked a week.
    #[serde(default)]
    pub weekly_hours: Hours,
    /// Which of the two recipients draws it: 0 or 1.
    #[serde(default)]
    pub recipient: u8,
    /// Registered as seeking work (§ 32(4) no. 1), until 21.
    #[serde(default)]
    pub seeking_work: bool,
    /// Unable to support itself for a disability that began before 25 (§ 32(4) no. 3).
    #[serde(default)]
    pub disabled_before_25: bool,
    /// A first training or degree is completed, so that hours of work matter (§ 32(4) sentence 2).
    #[serde(default = "yes")]
    pub first_training_completed: bool,
    /// Counts for the order only (Zählkind): someone else is paid for it.
    #[serde(default)]
    pub counts_only: bool,
}

impl Child {
    /// Whether there is Kindergeld for the child (§ 32(3), (4) EStG).
    #[must_use]
    pub fn is_eligible(&self) -> bool {
        let works_too_much = self.first_training_completed && self.weekly_hours.0 > HARMLESS_HOURS;
        self.age < 18
            || (self.age < 21 && self.seeking_work)
            || (self.age < 25 && self.in_education && !works_too_much)
            || self.disabled_before_25
    }
}

/// A household in a month.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Household {
    /// Any day of the month.
    pub policy_date: Date,
    /// Children, oldest first.
    pub children: Vec<Child>,
}

impl Household {
    /// What is wrong with the input.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if amounts(self.policy_date).is_none() {
            problems.push(Problem::new(
                "policy_date",
                "there are amounts from January 2021 on",
                "state a month from 2021-01 on",
            ));
        }
        for (position, child) in self.children.iter().enumerate() {
            if child.recipient > 1 {
                problems.push(Problem::new(
                    &format!("children[{position}].recipient"),
                    "there are two recipients, 0 and 1",
                    "state 0 or 1",
                ));
            }
        }
        problems
    }
}

/// The amounts of a month; `None` before 2021.
#[must_use]
pub fn amounts(month: Date) -> Option<&'static Amounts> {
    AMOUNTS.iter().find(|amounts| amounts.from <= month)
}

/// What one recipient is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recipient {
    /// Children paid for.
    pub children: i64,
    /// Amount of the month.
    pub amount: Cents,
}

/// Kindergeld of a household in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kindergeld {
    /// For each child whether there is Kindergeld.
    pub eligible: Vec<bool>,
    /// The two recipients.
    pub recipients: [Recipient; 2],
}

/// Works out who is paid how much.
///
/// The order counts per recipient over all children that count for the recipient (§ 66(1) EStG).
pub fn compute<S: Sink>(household: &Household, sink: &mut S) -> Kindergeld {
    let mut result = Kindergeld {
        eligible: Vec::with_capacity(household.children.len()),
        recipients: [Recipient::default(); 2],
    };
    let table = amounts(household.policy_date);
    let mut order = [0_usize; 2];
    sink.open();
    for child in &household.children {
        let eligible = child.is_eligible();
        result.eligible.push(eligible);
        let index = usize::from(child.recipient);
        let (Some(recipient), Some(rank), Some(table)) = (
            result.recipients.get_mut(index),
            order.get_mut(index),
            table,
        ) else {
            continue;
        };
        if !eligible {
            continue;
        }
        let amount = table
            .by_order
            .get((*rank).min(table.by_order.len() - 1))
            .copied()
            .unwrap_or(0);
        *rank += 1;
        if child.counts_only {
            continue;
        }
        recipient.children += 1;
        recipient.amount.0 += amount;
        sink.leaf_from(
            Line::KindergeldChild,
            Value::Money(Cents(amount)),
            table.norm,
        );
    }
    let sum = result.recipients.iter().map(|r| r.amount.0).sum();
    sink.close(Line::KindergeldTotal, Value::Money(Cents(sum)));
    result
}

/// The first month paid when the application was received on a day (§ 70(1) EStG): six months back.
#[must_use]
pub fn first_paid_month(birth: Date, received: Date) -> Date {
    month_after(received, -6).max(birth.first_of_month())
}

/// The last month paid without further proof: that in which the child turns 18 (§ 32(3) EStG).
///
/// A child born on the first of a month completes its year on the day before.
#[must_use]
pub fn last_month_without_proof(birth: Date) -> Date {
    let months = 18 * 12;
    if birth.day() == 1 {
        month_after(birth, months - 1)
    } else {
        month_after(birth, months)
    }
}

impl Serialize for Recipient {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut recipient = serializer.serialize_struct("Recipient", 2)?;
        recipient.serialize_field("children", &self.children)?;
        recipient.serialize_field("amount_cents", &self.amount)?;
        recipient.end()
    }
}

impl Serialize for Kindergeld {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut result = serializer.serialize_struct("Kindergeld", 2)?;
        result.serialize_field("child_eligible", &self.eligible)?;
        result.serialize_field("recipients", &self.recipients)?;
        result.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_without_floating_point() {
        assert_eq!(hundredths("20"), Some(2_000));
        assert_eq!(hundredths("20.5"), Some(2_050));
        assert_eq!(hundredths("5.125"), Some(512));
        assert_eq!(hundredths("-1"), None);
        assert_eq!(hundredths("NaN"), None);
    }

    #[test]
    fn six_months_are_paid_back_but_nothing_before_birth() {
        assert_eq!(
            first_paid_month(date(2024, 3, 9), date(2026, 3, 15)),
            date(2025, 9, 1)
        );
        assert_eq!(
            first_paid_month(date(2026, 1, 9), date(2026, 3, 15)),
            date(2026, 1, 1)
        );
    }

    #[test]
    fn a_child_born_on_the_first_is_eighteen_the_day_before() {
        assert_eq!(last_month_without_proof(date(2008, 5, 1)), date(2026, 4, 1));
        assert_eq!(last_month_without_proof(date(2008, 5, 2)), date(2026, 5, 1));
    }
}
