//! What the calculation yields, and its form in JSON.

use einmal_model::Cents;
use serde::ser::{Serialize, SerializeSeq, SerializeStruct, Serializer};

use super::income::{IncomeBefore, status_word};
use crate::calendar::LIFE_MONTHS;

/// Amount of one month of life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MonthAmount {
    /// Whether anything was asked for in this month.
    pub drawn: bool,
    /// What is paid.
    pub total: Cents,
    /// Of which sibling bonus, before any offset.
    pub sibling_bonus: Cents,
    /// Of which supplement for multiples, before any offset.
    pub multiples: Cents,
    /// What was taken off by offsets and exclusions.
    pub offset: Cents,
}

/// Monthly amount in the months with income.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AmountWithIncome {
    /// Average gross less the allowance.
    pub average_gross: Cents,
    /// Average net.
    pub average_net: Cents,
    /// Amount of such a month.
    pub amount: Cents,
}

/// One parent's Elterngeld.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elterngeld {
    /// Income before birth.
    pub income: IncomeBefore,
    /// Monthly Basiselterngeld without income and bonuses.
    pub basis: Cents,
    /// Monthly ElterngeldPlus without income and bonuses.
    pub plus: Cents,
    /// Basis months with income; `None` if there are none.
    pub basis_with_income: Option<AmountWithIncome>,
    /// Plus and bonus months with income; `None` if there are none.
    pub plus_with_income: Option<AmountWithIncome>,
    /// Every month of life.
    pub months: [MonthAmount; LIFE_MONTHS],
    /// Sum of all months.
    pub total: Cents,
    /// Whether the taxable income stated excludes the claim.
    pub over_income_limit: bool,
}

impl Serialize for AmountWithIncome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut block = serializer.serialize_struct("AmountWithIncome", 3)?;
        block.serialize_field("average_gross_cents", &self.average_gross)?;
        block.serialize_field("average_net_cents", &self.average_net)?;
        block.serialize_field("amount_cents", &self.amount)?;
        block.end()
    }
}

impl Serialize for IncomeBefore {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut income = serializer.serialize_struct("IncomeBefore", 8)?;
        income.serialize_field("status", status_word(self.status))?;
        income.serialize_field("allowance_cents", &self.allowance)?;
        income.serialize_field("gross_cents", &self.gross)?;
        income.serialize_field("taxes_cents", &self.taxes)?;
        income.serialize_field("social_cents", &self.social)?;
        income.serialize_field("net_cents", &self.net)?;
        income.serialize_field("elterngeld_net_cents", &self.elterngeld_net)?;
        income.serialize_field("replacement_rate_permille", &self.rate_permille)?;
        income.end()
    }
}

/// The months drawn as `[month, total, sibling bonus, multiples]`.
struct Drawn<'a>(&'a [MonthAmount; LIFE_MONTHS]);

impl Serialize for Drawn<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for (month, amount) in (1_u8..).zip(self.0) {
            if amount.drawn {
                list.serialize_element(&(
                    month,
                    amount.total,
                    amount.sibling_bonus,
                    amount.multiples,
                ))?;
            }
        }
        list.end()
    }
}

impl Serialize for Elterngeld {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut result = serializer.serialize_struct("Elterngeld", 8)?;
        result.serialize_field("income", &self.income)?;
        result.serialize_field("basis_cents", &self.basis)?;
        result.serialize_field("plus_cents", &self.plus)?;
        result.serialize_field(
            "basis_with_income",
            &self.basis_with_income.unwrap_or_default(),
        )?;
        result.serialize_field(
            "plus_with_income",
            &self.plus_with_income.unwrap_or_default(),
        )?;
        result.serialize_field("months", &Drawn(&self.months))?;
        result.serialize_field("total_cents", &self.total)?;
        if self.over_income_limit {
            result.serialize_field("over_income_limit", &true)?;
        }
        result.end()
    }
}
