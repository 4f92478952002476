//! The place whose holidays count, and what may be unknown about it.

use einmal_model::Ars;
use serde::Serialize;

use crate::error::ProcedureError;

/// A Land of Germany.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the official two-letter codes of the Länder")]
pub enum Land {
    Sh,
    Hh,
    Ni,
    Hb,
    Nw,
    He,
    Rp,
    Bw,
    By,
    Sl,
    Be,
    Bb,
    Mv,
    Sn,
    St,
    Th,
}

impl Land {
    /// All Länder in the order of their keys (01 Schleswig-Holstein … 16 Thuringia).
    pub const ALL: [Self; 16] = [
        Self::Sh,
        Self::Hh,
        Self::Ni,
        Self::Hb,
        Self::Nw,
        Self::He,
        Self::Rp,
        Self::Bw,
        Self::By,
        Self::Sl,
        Self::Be,
        Self::Bb,
        Self::Mv,
        Self::Sn,
        Self::St,
        Self::Th,
    ];

    /// The Land a region key lies in; nothing for keys without one.
    #[must_use]
    pub fn of(ars: Ars) -> Option<Self> {
        let number: usize = ars.as_str().get(..2)?.parse().ok()?;
        Self::ALL.get(number.checked_sub(1)?).copied()
    }

    /// The Land's act on Sundays and public holidays, with the paragraph that lists the days
    /// (paragraphs recalled).
    #[must_use]
    pub const fn holiday_act(self) -> &'static str {
        match self {
            Self::Sh => "§ 2 SFTG (SH)",
            Self::Hh => "§ 1 Feiertagsgesetz (HH)",
            Self::Ni => "§ 2 NFeiertagsG",
            Self::Hb => "§ 2 Gesetz über die Sonn- und Feiertage (HB)",
            Self::Nw => "§ 2 Feiertagsgesetz NW",
            Self::He => "§ 1 HFeiertagsG",
            Self::Rp => "§ 2 LFtG (RP)",
            Self::Bw => "§ 1 FTG (BW)",
            Self::By => "Art. 1 FTG (BY)",
            Self::Sl => "§ 2 SFG (SL)",
            Self::Be => "§ 1 Gesetz über die Sonn- und Feiertage (BE)",
            Self::Bb => "§ 2 FTG (BB)",
            Self::Mv => "§ 2 FTG M-V",
            Self::Sn => "§ 1 SächsSFG",
            Self::St => "§ 2 FeiertG LSA",
            Self::Th => "§ 2 ThürFGtG",
        }
    }
}

/// What would have to be known to say whether a day is a holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OpenFact {
    /// In which Land the place lies.
    Land,
    /// Whether the place lies in the city of Augsburg (Friedensfest, 8 August).
    WithinAugsburg,
    /// Whether more Catholics than Protestants live in the Bavarian municipality (Assumption day,
    /// 15 August).
    CatholicMajority,
    /// Whether Corpus Christi is observed in this municipality or part of it (Saxony, Thuringia).
    CorpusChristi,
    /// Which rule applied before the Land had its own act (new Länder, 1991 to 1994).
    LawBeforeOwnAct,
}

/// The place whose holidays count: for a declaration the seat of the office that must receive it.
///
/// § 193 BGB: "am Erklärungs- oder Leistungsort".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub(crate) ars: Ars,
    pub(crate) land: Option<Land>,
    pub(crate) assumption_day: Option<bool>,
    pub(crate) corpus_christi: Option<bool>,
}

impl Place {
    /// A place somewhere in Germany: every holiday that not all Länder have stays open.
    pub const UNKNOWN: Self = Self {
        ars: Ars::GERMANY,
        land: None,
        assumption_day: None,
        corpus_christi: None,
    };

    /// The place with this key of today's territory; a wider key (Kreis, Land) leaves open what
    /// differs within.
    ///
    /// # Errors
    /// [`ProcedureError::NoSuchLand`] when the key lies in no Land; the key of the whole of Germany
    /// is [`Place::UNKNOWN`].
    pub fn at(ars: Ars) -> Result<Self, ProcedureError> {
        if ars == Ars::GERMANY {
            return Ok(Self::UNKNOWN);
        }
        let land = Land::of(ars).ok_or(ProcedureError::NoSuchLand(ars))?;
        Ok(Self {
            ars,
            land: Some(land),
            ..Self::UNKNOWN
        })
    }

    /// The same place, knowing whether Assumption day (15 August) is observed there. The Bavarian
    /// statistical office establishes it by municipality (Art. 1(3) FTG, recalled).
    #[must_use]
    pub const fn with_assumption_day(mut self, observed: bool) -> Self {
        self.assumption_day = Some(observed);
        self
    }

    /// The same place, knowing whether Corpus Christi is observed there (Saxony, Thuringia).
    #[must_use]
    pub const fn with_corpus_christi(mut self, observed: bool) -> Self {
        self.corpus_christi = Some(observed);
        self
    }

    /// The Land, unless the place is [`Place::UNKNOWN`].
    #[must_use]
    pub const fn land(&self) -> Option<Land> {
        self.land
    }
}
