//! Holidays that only some municipalities of a Land have.

use einmal_model::Ars;

use crate::holidays::Observance;
use crate::place::{OpenFact, Place};

/// Municipalities of the Kreis Bautzen where Corpus Christi is a holiday everywhere, by AGS.
///
/// `FronleichnamsVO` of 4 May 1993 (`SächsGVBl.` p. 417), in today's municipalities as a public
/// encyclopedia lists them.
const SAXONY_WHOLE: [&str; 8] = [
    "14625080", // Crostwitz
    "14625350", // Nebelschütz
    "14625440", // Panschwitz-Kuckau
    "14625460", // Puschwitz
    "14625470", // Räckelwitz
    "14625490", // Radibor
    "14625500", // Ralbitz-Rosenthal
    "14625640", // Wittichenau
];

/// Municipalities where it is a holiday in some quarters only, by AGS (same source).
const SAXONY_PARTS: [&str; 6] = [
    "14625020", // Bautzen: Bolbritz, Salzenforst
    "14625150", // Göda: Prischwitz
    "14625160", // Großdubrau: Sdier
    "14625240", // Hoyerswerda: Dörgenhausen
    "14625280", // Königswartha without Wartha
    "14625360", // Neschwitz: Neschwitz, Saritsch
];

/// The first year with the Saxon regulation at Corpus Christi (in force since 22 May 1993).
const SAXONY_SINCE: i16 = 1993;

/// True when the key names a single municipality (or something below it).
fn is_municipality(ars: Ars) -> bool {
    ars.as_str().get(9..).is_some_and(|digits| digits != "000")
}

fn starts(ars: Ars, digits: &str) -> bool {
    ars.as_str().starts_with(digits)
}

/// True when `ars`, a key of an area, covers the area `digits` begins.
fn covers(ars: Ars, digits: &str) -> bool {
    digits.starts_with(ars.as_str().trim_end_matches('0'))
}

fn answer(known: Option<bool>, open: OpenFact) -> Option<Observance> {
    match known {
        Some(true) => Some(Observance::Observed),
        Some(false) => None,
        None => Some(Observance::Depends(open)),
    }
}

/// Friedensfest: only in the city of Augsburg.
pub(crate) fn peace_festival(place: &Place) -> Option<Observance> {
    if starts(place.ars, "09761") {
        Some(Observance::Observed)
    } else if covers(place.ars, "09761") {
        Some(Observance::Depends(OpenFact::WithinAugsburg))
    } else {
        None
    }
}

/// Assumption day in Bavaria: where more Catholics than Protestants live.
pub(crate) fn assumption_day_bavaria(place: &Place) -> Option<Observance> {
    answer(place.assumption_day, OpenFact::CatholicMajority)
}

/// Corpus Christi in Saxony: in Sorbian Catholic places of the Kreis Bautzen.
pub(crate) fn corpus_christi_saxony(place: &Place, year: i16) -> Option<Observance> {
    let in_area = starts(place.ars, "14625");
    if !in_area && !covers(place.ars, "14625") {
        return None;
    }
    if place.corpus_christi.is_some() || year < SAXONY_SINCE || !is_municipality(place.ars) {
        return answer(place.corpus_christi, OpenFact::CorpusChristi);
    }
    let ags = place.ars.ags();
    if SAXONY_WHOLE.contains(&ags.as_str()) {
        Some(Observance::Observed)
    } else if SAXONY_PARTS.contains(&ags.as_str()) {
        Some(Observance::Depends(OpenFact::CorpusChristi))
    } else {
        None
    }
}

/// Corpus Christi in Thuringia: Landkreis Eichsfeld as a whole, places of the Kreise
/// Unstrut-Hainich and Wartburg.
///
/// § 2(2) `ThürFGtG` keeps it where it was observed in 1994 (recalled); the places outside Eichsfeld
/// are not listed here and stay open.
pub(crate) fn corpus_christi_thuringia(place: &Place) -> Option<Observance> {
    const EICHSFELD: &str = "16061";
    const WARTBURG: &str = "16063";
    const UNSTRUT_HAINICH: &str = "16064";
    if starts(place.ars, EICHSFELD) {
        return Some(Observance::Observed);
    }
    let open = [EICHSFELD, WARTBURG, UNSTRUT_HAINICH]
        .iter()
        .any(|kreis| starts(place.ars, kreis) || covers(place.ars, kreis));
    open.then(|| answer(place.corpus_christi, OpenFact::CorpusChristi))
        .flatten()
}
