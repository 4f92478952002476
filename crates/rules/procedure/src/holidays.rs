//! Public holidays (gesetzliche Feiertage) by Land, 1991 to 2100, as dated data.
//!
//! Holidays are law of the Länder, except 3 October (Art. 2(2) Einigungsvertrag). Church holidays
//! without rest from work, 24 and 31 December are not among them. Law that is not enacted yet is
//! not foreseen: every year until 2100 follows the law as known in November 2026. Years of change
//! are recalled where the table says nothing else.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::Serialize;

use crate::easter::easter_sunday;
use crate::error::ProcedureError;
use crate::municipal;
use crate::place::Land::{Bb, Be, Bw, By, Hb, He, Hh, Mv, Ni, Nw, Rp, Sh, Sl, Sn, St, Th};
use crate::place::{Land, OpenFact, Place};

/// First year of the calendar of holidays.
pub const FIRST_YEAR: i16 = 1991;
/// Last year of the calendar of holidays.
pub const LAST_YEAR: i16 = 2100;

/// A public holiday of at least one Land in at least one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Holiday {
    /// Neujahr, 1 January.
    NewYear,
    /// Heilige Drei Könige, 6 January.
    Epiphany,
    /// Internationaler Frauentag, 8 March.
    WomensDay,
    /// Karfreitag.
    GoodFriday,
    /// Ostersonntag.
    EasterSunday,
    /// Ostermontag.
    EasterMonday,
    /// Tag der Arbeit, 1 May.
    LabourDay,
    /// Tag der Befreiung, 8 May.
    LiberationDay,
    /// Christi Himmelfahrt.
    Ascension,
    /// Pfingstsonntag.
    WhitSunday,
    /// Pfingstmontag.
    WhitMonday,
    /// Fronleichnam.
    CorpusChristi,
    /// Jahrestag des Volksaufstandes, 17 June.
    Uprising1953,
    /// Augsburger Hohes Friedensfest, 8 August.
    PeaceFestival,
    /// Mariä Himmelfahrt, 15 August.
    AssumptionDay,
    /// Weltkindertag, 20 September.
    ChildrensDay,
    /// Tag der Deutschen Einheit, 3 October.
    GermanUnity,
    /// Reformationstag, 31 October.
    ReformationDay,
    /// Allerheiligen, 1 November.
    AllSaints,
    /// Buß- und Bettag, the Wednesday before 23 November.
    RepentanceDay,
    /// Erster Weihnachtstag, 25 December.
    ChristmasDay,
    /// Zweiter Weihnachtstag, 26 December.
    SecondChristmasDay,
}

impl Holiday {
    /// The day of this holiday in a year; nothing for a year outside the calendar.
    #[must_use]
    pub fn date(self, year: i16) -> Option<Date> {
        let fixed = |month, day| Date::new(year, month, day).ok();
        let after_easter = |days: i64| easter_sunday(year)?.checked_add(days.days()).ok();
        match self {
            Self::NewYear => fixed(1, 1),
            Self::Epiphany => fixed(1, 6),
            Self::WomensDay => fixed(3, 8),
            Self::GoodFriday => after_easter(-2),
            Self::EasterSunday => after_easter(0),
            Self::EasterMonday => after_easter(1),
            Self::LabourDay => fixed(5, 1),
            Self::LiberationDay => fixed(5, 8),
            Self::Ascension => after_easter(39),
            Self::WhitSunday => after_easter(49),
            Self::WhitMonday => after_easter(50),
            Self::CorpusChristi => after_easter(60),
            Self::Uprising1953 => fixed(6, 17),
            Self::PeaceFestival => fixed(8, 8),
            Self::AssumptionDay => fixed(8, 15),
            Self::ChildrensDay => fixed(9, 20),
            Self::GermanUnity => fixed(10, 3),
            Self::ReformationDay => fixed(10, 31),
            Self::AllSaints => fixed(11, 1),
            Self::RepentanceDay => fixed(11, 23)?.nth_weekday(-1, Weekday::Wednesday).ok(),
            Self::ChristmasDay => fixed(12, 25),
            Self::SecondChristmasDay => fixed(12, 26),
        }
    }

    /// The name the acts use.
    #[must_use]
    pub const fn german_name(self) -> &'static str {
        match self {
            Self::NewYear => "Neujahr",
            Self::Epiphany => "Heilige Drei Könige",
            Self::WomensDay => "Internationaler Frauentag",
            Self::GoodFriday => "Karfreitag",
            Self::EasterSunday => "Ostersonntag",
            Self::EasterMonday => "Ostermontag",
            Self::LabourDay => "Tag der Arbeit",
            Self::LiberationDay => "Tag der Befreiung",
            Self::Ascension => "Christi Himmelfahrt",
            Self::WhitSunday => "Pfingstsonntag",
            Self::WhitMonday => "Pfingstmontag",
            Self::CorpusChristi => "Fronleichnam",
            Self::Uprising1953 => "Jahrestag des Volksaufstandes",
            Self::PeaceFestival => "Augsburger Hohes Friedensfest",
            Self::AssumptionDay => "Mariä Himmelfahrt",
            Self::ChildrensDay => "Weltkindertag",
            Self::GermanUnity => "Tag der Deutschen Einheit",
            Self::ReformationDay => "Reformationstag",
            Self::AllSaints => "Allerheiligen",
            Self::RepentanceDay => "Buß- und Bettag",
            Self::ChristmasDay => "Erster Weihnachtstag",
            Self::SecondChristmasDay => "Zweiter Weihnachtstag",
        }
    }
}

/// Whether a day is a holiday at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case", tag = "observance", content = "open")]
pub enum Observance {
    /// It is a public holiday.
    Observed,
    /// It is one if a fact that was not given is so.
    Depends(OpenFact),
}

/// A holiday of a year at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PublicHoliday {
    /// The day.
    pub date: Date,
    /// Which holiday it is.
    pub holiday: Holiday,
    /// Whether it certainly is one here.
    #[serde(flatten)]
    pub observance: Observance,
    /// The act that makes it one.
    pub norm: &'static str,
}

#[derive(Clone, Copy)]
enum Where {
    Everywhere,
    /// The rule of these years was not checked: the own act of the Land is younger.
    Unchecked,
    Augsburg,
    CatholicBavaria,
    SomeOfSaxony,
    SomeOfThuringia,
}

struct Rule {
    holiday: Holiday,
    lands: &'static [Land],
    from: i16,
    until: i16,
    place: Where,
}

const fn rule(holiday: Holiday, lands: &'static [Land], from: i16, until: i16) -> Rule {
    Rule {
        holiday,
        lands,
        from,
        until,
        place: Where::Everywhere,
    }
}

const fn always(holiday: Holiday, lands: &'static [Land]) -> Rule {
    rule(holiday, lands, FIRST_YEAR, LAST_YEAR)
}

const fn unchecked(holiday: Holiday, land: &'static [Land], until: i16) -> Rule {
    some(holiday, land, FIRST_YEAR, until, Where::Unchecked)
}

const fn some(
    holiday: Holiday,
    lands: &'static [Land],
    from: i16,
    until: i16,
    place: Where,
) -> Rule {
    Rule {
        holiday,
        lands,
        from,
        until,
        place,
    }
}

static RULES: [Rule; 39] = [
    always(Holiday::NewYear, &Land::ALL),
    always(Holiday::GoodFriday, &Land::ALL),
    always(Holiday::EasterMonday, &Land::ALL),
    always(Holiday::LabourDay, &Land::ALL),
    always(Holiday::Ascension, &Land::ALL),
    always(Holiday::WhitMonday, &Land::ALL),
    always(Holiday::GermanUnity, &Land::ALL),
    always(Holiday::ChristmasDay, &Land::ALL),
    always(Holiday::SecondChristmasDay, &Land::ALL),
    // Brandenburg lists the two Sundays by name.
    always(Holiday::EasterSunday, &[Bb]),
    always(Holiday::WhitSunday, &[Bb]),
    always(Holiday::Epiphany, &[Bw, By]),
    unchecked(Holiday::Epiphany, &[St], 1992),
    rule(Holiday::Epiphany, &[St], 1993, LAST_YEAR),
    rule(Holiday::WomensDay, &[Be], 2019, LAST_YEAR),
    rule(Holiday::WomensDay, &[Mv], 2023, LAST_YEAR),
    rule(Holiday::LiberationDay, &[Be], 2020, 2020),
    rule(Holiday::LiberationDay, &[Be], 2025, 2025),
    rule(Holiday::Uprising1953, &[Be], 2028, 2028),
    always(Holiday::CorpusChristi, &[Bw, By, He, Nw, Rp, Sl]),
    some(
        Holiday::CorpusChristi,
        &[Sn],
        FIRST_YEAR,
        LAST_YEAR,
        Where::SomeOfSaxony,
    ),
    unchecked(Holiday::CorpusChristi, &[Th], 1994),
    some(
        Holiday::CorpusChristi,
        &[Th],
        1995,
        LAST_YEAR,
        Where::SomeOfThuringia,
    ),
    some(
        Holiday::PeaceFestival,
        &[By],
        FIRST_YEAR,
        LAST_YEAR,
        Where::Augsburg,
    ),
    always(Holiday::AssumptionDay, &[Sl]),
    some(
        Holiday::AssumptionDay,
        &[By],
        FIRST_YEAR,
        LAST_YEAR,
        Where::CatholicBavaria,
    ),
    rule(Holiday::ChildrensDay, &[Th], 2019, LAST_YEAR),
    rule(Holiday::ReformationDay, &[Bb], 1991, LAST_YEAR),
    unchecked(Holiday::ReformationDay, &[Mv, St], 1991),
    rule(Holiday::ReformationDay, &[Mv, St], 1992, LAST_YEAR),
    unchecked(Holiday::ReformationDay, &[Sn], 1992),
    rule(Holiday::ReformationDay, &[Sn], 1993, LAST_YEAR),
    unchecked(Holiday::ReformationDay, &[Th], 1994),
    rule(Holiday::ReformationDay, &[Th], 1995, LAST_YEAR),
    // Five hundred years of Reformation: once in all Länder.
    rule(
        Holiday::ReformationDay,
        &[Sh, Hh, Ni, Hb, Nw, He, Rp, Bw, By, Sl, Be],
        2017,
        2017,
    ),
    rule(Holiday::ReformationDay, &[Sh, Hh, Ni, Hb], 2018, LAST_YEAR),
    always(Holiday::AllSaints, &[Bw, By, Nw, Rp, Sl]),
    // Given up in 1995 for the care insurance, except in Saxony.
    rule(Holiday::RepentanceDay, &Land::ALL, FIRST_YEAR, 1994),
    rule(Holiday::RepentanceDay, &[Sn], 1995, LAST_YEAR),
];

impl Rule {
    fn observance(&self, place: &Place, year: i16) -> Option<Observance> {
        if !(self.from..=self.until).contains(&year) {
            return None;
        }
        let Some(land) = place.land else {
            return Some(if self.lands.len() == Land::ALL.len() {
                Observance::Observed
            } else {
                Observance::Depends(OpenFact::Land)
            });
        };
        if !self.lands.contains(&land) {
            return None;
        }
        match self.place {
            Where::Everywhere => Some(Observance::Observed),
            Where::Unchecked => Some(Observance::Depends(OpenFact::LawBeforeOwnAct)),
            Where::Augsburg => municipal::peace_festival(place),
            Where::CatholicBavaria => municipal::assumption_day_bavaria(place),
            Where::SomeOfSaxony => municipal::corpus_christi_saxony(place, year),
            Where::SomeOfThuringia => municipal::corpus_christi_thuringia(place),
        }
    }

    fn norm(&self, land: Option<Land>) -> &'static str {
        if self.holiday == Holiday::GermanUnity {
            return "Art. 2 Abs. 2 Einigungsvertrag";
        }
        land.map_or("Feiertagsrecht der Länder", Land::holiday_act)
    }
}

fn check_year(year: i16) -> Result<(), ProcedureError> {
    if (FIRST_YEAR..=LAST_YEAR).contains(&year) {
        Ok(())
    } else {
        Err(ProcedureError::YearOutsideCalendar(year))
    }
}

/// All holidays of a year at a place, by date; one entry per holiday.
///
/// # Errors
/// [`ProcedureError::YearOutsideCalendar`].
pub fn holidays_of_year(year: i16, place: &Place) -> Result<Vec<PublicHoliday>, ProcedureError> {
    check_year(year)?;
    let mut found: Vec<PublicHoliday> = RULES
        .iter()
        .filter_map(|rule| {
            Some(PublicHoliday {
                date: rule.holiday.date(year)?,
                holiday: rule.holiday,
                observance: rule.observance(place, year)?,
                norm: rule.norm(place.land),
            })
        })
        .collect();
    found.sort_by_key(|day| (day.date, day.holiday, day.observance));
    // Two rules may speak about one holiday when the Land is unknown; certainty sorts first.
    found.dedup_by_key(|day| day.holiday);
    Ok(found)
}

/// The holiday on a day at a place; of two on one day the certain one.
///
/// # Errors
/// [`ProcedureError::YearOutsideCalendar`].
pub fn holiday_on(date: Date, place: &Place) -> Result<Option<PublicHoliday>, ProcedureError> {
    check_year(date.year())?;
    Ok(RULES
        .iter()
        .filter(|rule| rule.holiday.date(date.year()) == Some(date))
        .filter_map(|rule| {
            Some(PublicHoliday {
                date,
                holiday: rule.holiday,
                observance: rule.observance(place, date.year())?,
                norm: rule.norm(place.land),
            })
        })
        .min_by_key(|day| day.observance))
}
