//! Amounts and limits as dated data with their norm, and the readings of open points.

use einmal_model::Cents;
use jiff::civil::{Date, date};

use crate::wage_tax::{Edition, Plan};

/// Lowest Basiselterngeld (§ 2(4) BEEG).
pub const LOWEST_BASIS: i64 = 30_000;
/// Highest Basiselterngeld (§ 2(1) sentence 2 BEEG).
pub const HIGHEST_BASIS: i64 = 180_000;
/// Income before birth that counts at most when there is income while drawing (§ 2(3) sentence 2).
pub const HIGHEST_INCOME: i64 = 277_000;

/// Whether the product's reading of the statute or the peer's results are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// The statute: the product.
    #[default]
    Statute,
    /// The frozen parameters and simplifications of the federal calculator, for tests.
    Peer,
}

/// Which wage tax plan serves births in 2026 (§ 2e(1) BEEG, open point 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PlanOf2025 {
    /// As amended in January 2025, basic allowance 12 096 €: what the federal calculator does.
    #[default]
    Amended,
    /// As announced on 2024-11-22, the one "in force on 1 January": the words of § 2e(1).
    First,
}

/// Which employee allowance serves births in 2024 (§ 2c(1) sentence 4 BEEG, open point 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum AllowanceFor2024 {
    /// 1 200 € a year by guideline 2c.1.4.0.
    #[default]
    Guidelines,
    /// 1 230 € a year: § 9a EStG as in force on 2023-01-01.
    Statute,
}

/// Which tax class serves someone with profits only (§ 2e(3) sentence 2 BEEG).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ProfitClass {
    /// The class stated: what the federal calculator does.
    #[default]
    Stated,
    /// Class IV without factor: the words of § 2e(3) sentence 2.
    ClassIv,
}

/// How a part of a month's Elterngeld is rounded when maternity benefits end within the month
/// (§ 3(1) sentence 2 BEEG, open point 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OffsetRounding {
    /// The part of the days is formed first and rounded once.
    #[default]
    PartOnce,
    /// The amount of one day is rounded first, then multiplied.
    DayFirst,
}

/// The readings of the open points that a calculation follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Readings {
    /// Wage tax plan for births in 2026.
    pub plan_of_2025: PlanOf2025,
    /// Employee allowance for births in 2024.
    pub allowance_for_2024: AllowanceFor2024,
    /// Tax class with profits only.
    pub profit_class: ProfitClass,
    /// Rounding of the daily offset.
    pub offset_rounding: OffsetRounding,
}

/// A reading of an open point that can be chosen by name.
#[derive(Debug, Clone, Copy)]
pub struct Variant {
    /// Name of the open point.
    pub point: &'static str,
    /// Name of the reading.
    pub reading: &'static str,
    /// Norm it is about.
    pub norm: &'static str,
    /// What it says, in German.
    pub label: &'static str,
    /// Whether it is the one taken unless another is chosen.
    pub default: bool,
    apply: fn(&mut Readings),
}

/// All readings of all open points.
pub static VARIANTS: [Variant; 8] = [
    Variant {
        point: "plan_of_2025",
        reading: "amended",
        norm: "§ 2e(1) BEEG",
        label: "Geburten 2026: geänderter Programmablaufplan 2025 (Grundfreibetrag 12.096 €)",
        default: true,
        apply: |r| r.plan_of_2025 = PlanOf2025::Amended,
    },
    Variant {
        point: "plan_of_2025",
        reading: "first",
        norm: "§ 2e(1) BEEG",
        label: "Geburten 2026: am 1. Januar 2025 geltender Plan vom 22.11.2024 (Grundfreibetrag 11.784 €)",
        default: false,
        apply: |r| r.plan_of_2025 = PlanOf2025::First,
    },
    Variant {
        point: "allowance_for_2024",
        reading: "guidelines",
        norm: "§ 2c(1) s. 4 BEEG",
        label: "Geburten 2024: Pauschbetrag 1.200 € nach Richtlinie 2c.1.4.0",
        default: true,
        apply: |r| r.allowance_for_2024 = AllowanceFor2024::Guidelines,
    },
    Variant {
        point: "allowance_for_2024",
        reading: "statute",
        norm: "§ 2c(1) s. 4 BEEG, § 9a EStG",
        label: "Geburten 2024: Pauschbetrag 1.230 € nach § 9a EStG am 1. Januar 2023",
        default: false,
        apply: |r| r.allowance_for_2024 = AllowanceFor2024::Statute,
    },
    Variant {
        point: "profit_class",
        reading: "stated",
        norm: "§ 2e(3) BEEG",
        label: "Nur Gewinn: angegebene Steuerklasse",
        default: true,
        apply: |r| r.profit_class = ProfitClass::Stated,
    },
    Variant {
        point: "profit_class",
        reading: "class_iv",
        norm: "§ 2e(3) s. 2 BEEG",
        label: "Nur Gewinn: Steuerklasse IV ohne Faktor",
        default: false,
        apply: |r| r.profit_class = ProfitClass::ClassIv,
    },
    Variant {
        point: "offset_rounding",
        reading: "part_once",
        norm: "§ 3(1) s. 2 BEEG",
        label: "Teilmonat: Anteil bilden und einmal runden",
        default: true,
        apply: |r| r.offset_rounding = OffsetRounding::PartOnce,
    },
    Variant {
        point: "offset_rounding",
        reading: "day_first",
        norm: "§ 3(1) s. 2 BEEG",
        label: "Teilmonat: erst den Tagesbetrag runden",
        default: false,
        apply: |r| r.offset_rounding = OffsetRounding::DayFirst,
    },
];

/// The rules of one calculation: mode and readings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Rules {
    /// Statute or peer.
    pub mode: Mode,
    /// Readings of the open points.
    pub readings: Readings,
}

impl Rules {
    /// The rules of a mode with the default readings.
    #[must_use]
    pub fn of(mode: Mode) -> Self {
        Self {
            mode,
            readings: Readings::default(),
        }
    }

    /// Chooses a reading by the names of point and reading; `None` if there is no such reading.
    #[must_use]
    pub fn choose(mut self, point: &str, reading: &str) -> Option<Self> {
        let variant = VARIANTS
            .iter()
            .find(|v| v.point == point && v.reading == reading)?;
        (variant.apply)(&mut self.readings);
        Some(self)
    }

    /// Whether a simplification of the peer is switched on.
    pub(super) fn peer(self) -> bool {
        self.mode == Mode::Peer
    }

    /// The wage tax plan of the year before birth (§ 2e(1) BEEG).
    pub(super) fn plan(self, birth: Date) -> &'static Plan {
        match birth.year() {
            ..=2023 => Edition::Y2022.plan(),
            2024 => Edition::Y2023.plan(),
            2025 => Edition::Y2024.plan(),
            2026 => match self.readings.plan_of_2025 {
                PlanOf2025::Amended => Edition::Y2025Amended.plan(),
                PlanOf2025::First => Edition::Y2025First.plan(),
            },
            2027.. => Edition::Y2026.plan(),
        }
    }

    /// One twelfth of the employee allowance and where it stands.
    pub(super) fn allowance(self, birth: Date) -> (i64, &'static str) {
        match birth.year() {
            ..=2023 => (8_333, "§ 9a EStG as of 2022-01-01"),
            2024 => match self.readings.allowance_for_2024 {
                AllowanceFor2024::Guidelines => (10_000, "guideline 2c.1.4.0 BEEG"),
                AllowanceFor2024::Statute => (10_250, "§ 9a EStG as of 2023-01-01"),
            },
            2025.. => (10_250, "§ 9a EStG"),
        }
    }
}

/// Limits of marginal and midijob employment in a calendar month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmploymentLimits {
    from: Date,
    /// Minijob limit G (§ 8(1a) SGB IV).
    pub minijob: Cents,
    /// Upper limit OG of the midijob range (§ 20(2) SGB IV).
    pub midijob: Cents,
}

/// By month of income, newest first.
static LIMITS: [EmploymentLimits; 7] = [
    limits(2027, 1, 63_300, 200_000),
    limits(2026, 1, 60_300, 200_000),
    limits(2025, 1, 55_600, 200_000),
    limits(2024, 1, 53_800, 200_000),
    limits(2023, 1, 52_000, 200_000),
    limits(2022, 10, 52_000, 160_000),
    limits(1, 1, 45_000, 130_000),
];

const fn limits(year: i16, month: i8, minijob: i64, midijob: i64) -> EmploymentLimits {
    EmploymentLimits {
        from: date(year, month, 1),
        minijob: Cents(minijob),
        midijob: Cents(midijob),
    }
}

/// What the peer takes for every month.
pub(super) static FROZEN_LIMITS: EmploymentLimits = limits(2024, 1, 53_800, 200_000);

/// F of § 2f(2) BEEG: 28 % over the 42 % of all flat rates, to four decimals, in ten-thousandths.
pub(super) const MIDIJOB_FACTOR: i64 = 6_667;

/// The limits that hold in a month.
#[must_use]
pub fn employment_limits(day: Date) -> &'static EmploymentLimits {
    LIMITS
        .iter()
        .find(|limits| limits.from <= day)
        .unwrap_or(&FROZEN_LIMITS)
}

/// Taxable income in euro above which there is no claim (§ 1(8), § 28(5) BEEG).
#[must_use]
pub fn income_limit(birth: Date, lone_parent: bool) -> i64 {
    if birth >= date(2025, 4, 1) {
        175_000
    } else if birth >= date(2024, 4, 1) {
        200_000
    } else if lone_parent {
        250_000
    } else {
        300_000
    }
}
