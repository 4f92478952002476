//! Holidays by Land, year and municipality.

use einmal_procedure::{
    DayKind, Holiday, Observance, OpenFact, Place, ProcedureError, day_kind, holiday_on,
    holidays_of_year,
};
use jiff::civil::date;

use super::place;

const LANDS_2026: [(&str, usize); 16] = [
    ("010510044044", 10),
    ("020000000000", 10),
    ("032410001001", 10),
    ("040110000000", 10),
    ("053150000000", 11),
    ("064120000000", 10),
    ("073150000000", 11),
    ("081110000000", 12),
    ("091620000000", 13),
    ("100410100100", 12),
    ("110000000000", 10),
    ("120540000000", 12),
    ("130030000000", 11),
    ("146120000000", 11),
    ("150030000000", 11),
    ("160510000000", 11),
];

#[test]
fn every_land_has_its_number_of_holidays_in_2026() {
    for (key, number) in LANDS_2026 {
        let days = holidays_of_year(2026, &place(key)).unwrap();
        assert_eq!(days.len(), number, "{key}: {days:?}");
    }
}

#[test]
fn only_the_assumption_day_of_munich_is_open() {
    let days = holidays_of_year(2026, &place("091620000000")).unwrap();
    let open: Vec<_> = days
        .iter()
        .filter(|day| day.observance != Observance::Observed)
        .collect();
    assert_eq!(open.len(), 1);
    assert_eq!(
        open[0].observance,
        Observance::Depends(OpenFact::CatholicMajority)
    );
}

fn observance(key: &str, year: i16, month: i8, day: i8) -> Option<Observance> {
    holiday_on(date(year, month, day), &place(key))
        .unwrap()
        .map(|day| day.observance)
}

#[test]
fn new_holidays_start_in_their_year() {
    let yes = Some(Observance::Observed);
    for (key, month, day, last_without) in [
        ("110000000000", 3, 8, 2018),
        ("130030000000", 3, 8, 2022),
        ("160510000000", 9, 20, 2018),
    ] {
        assert_eq!(observance(key, last_without, month, day), None, "{key}");
        assert_eq!(observance(key, last_without + 1, month, day), yes, "{key}");
    }
    for key in [
        "010510044044",
        "020000000000",
        "032410001001",
        "040110000000",
    ] {
        assert_eq!(observance(key, 2016, 10, 31), None);
        for year in [2017, 2018, 2026] {
            assert_eq!(observance(key, year, 10, 31), yes);
        }
    }
}

#[test]
fn the_reformation_day_of_2017_was_everywhere_and_only_once() {
    for (key, _) in LANDS_2026 {
        assert_eq!(observance(key, 2017, 10, 31), Some(Observance::Observed));
    }
    assert_eq!(observance("110000000000", 2018, 10, 31), None);
    assert_eq!(observance("091620000000", 2016, 10, 31), None);
}

#[test]
fn berlin_had_single_holidays() {
    let berlin = |year, month, day| observance("110000000000", year, month, day).is_some();
    assert!(berlin(2020, 5, 8) && berlin(2025, 5, 8) && berlin(2028, 6, 17));
    assert!(!berlin(2021, 5, 8) && !berlin(2024, 5, 8) && !berlin(2027, 6, 17));
    assert!(observance("120540000000", 2025, 5, 8).is_none());
}

#[test]
fn the_day_of_repentance_ended_in_1994_except_in_saxony() {
    assert!(observance("053150000000", 1994, 11, 16).is_some());
    assert!(observance("053150000000", 1995, 11, 22).is_none());
    for (year, day) in [(1995, 22), (2022, 16), (2023, 22), (2026, 18)] {
        let found = holiday_on(date(year, 11, day), &place("146120000000")).unwrap();
        assert_eq!(found.unwrap().holiday, Holiday::RepentanceDay);
    }
}

#[test]
fn movable_holidays_of_2026_fall_where_the_calendar_has_them() {
    for (holiday, month, day) in [
        (Holiday::GoodFriday, 4, 3),
        (Holiday::EasterSunday, 4, 5),
        (Holiday::EasterMonday, 4, 6),
        (Holiday::Ascension, 5, 14),
        (Holiday::WhitSunday, 5, 24),
        (Holiday::WhitMonday, 5, 25),
        (Holiday::CorpusChristi, 6, 4),
    ] {
        assert_eq!(holiday.date(2026), Some(date(2026, month, day)));
    }
}

#[test]
fn corpus_christi_differs_by_municipality_in_saxony_and_thuringia() {
    let on = |key| observance(key, 2026, 6, 4);
    let open = Some(Observance::Depends(OpenFact::CorpusChristi));
    assert_eq!(on("146255501080"), Some(Observance::Observed)); // Crostwitz
    assert_eq!(on("146250020020"), open); // Bautzen: two quarters
    assert_eq!(on("146250000000"), open); // the Kreis as a whole
    assert_eq!(on("140000000000"), open); // the Land as a whole
    assert_eq!(on("146250010010"), None); // another municipality of the Kreis
    assert_eq!(on("146120000000"), None); // Dresden
    assert_eq!(on("160615006019"), Some(Observance::Observed)); // Eichsfeld
    assert_eq!(on("160630000000"), open); // Wartburgkreis
    assert_eq!(on("160510000000"), None); // Erfurt
    let known = place("146250020020").with_corpus_christi(true);
    let day = holiday_on(date(2026, 6, 4), &known).unwrap().unwrap();
    assert_eq!(day.observance, Observance::Observed);
}

#[test]
fn the_peace_festival_is_of_augsburg_alone() {
    assert_eq!(
        observance("097610000000", 2026, 8, 8),
        Some(Observance::Observed)
    );
    assert_eq!(
        observance("090000000000", 2026, 8, 8),
        Some(Observance::Depends(OpenFact::WithinAugsburg))
    );
    assert_eq!(observance("091620000000", 2026, 8, 8), None);
    assert_eq!(observance("081110000000", 2026, 8, 8), None);
}

#[test]
fn without_a_land_only_common_holidays_are_certain() {
    let days = holidays_of_year(2026, &Place::UNKNOWN).unwrap();
    let certain = days
        .iter()
        .filter(|day| day.observance == Observance::Observed)
        .count();
    assert_eq!(certain, 9);
    let reformation = holiday_on(date(2017, 10, 31), &Place::UNKNOWN).unwrap();
    assert_eq!(
        reformation.unwrap().observance,
        Observance::Depends(OpenFact::Land)
    );
}

#[test]
fn unchecked_years_of_the_new_laender_stay_open() {
    assert_eq!(
        observance("160510000000", 1993, 10, 31),
        Some(Observance::Depends(OpenFact::LawBeforeOwnAct))
    );
    assert_eq!(
        observance("160510000000", 1995, 10, 31),
        Some(Observance::Observed)
    );
}

#[test]
fn christmas_eve_and_new_years_eve_are_working_days() {
    for (key, _) in LANDS_2026 {
        for day in [24, 31] {
            let kind = day_kind(date(2026, 12, day), &place(key)).unwrap();
            assert_eq!(kind, DayKind::Working);
        }
    }
}

#[test]
fn two_holidays_on_one_day_are_one_free_day() {
    // Ascension on 1 May.
    let kind = day_kind(date(2008, 5, 1), &place("110000000000")).unwrap();
    assert!(matches!(kind, DayKind::Holiday(_)));
}

#[test]
fn refuses_years_and_keys_it_does_not_know() {
    assert_eq!(
        holidays_of_year(1990, &Place::UNKNOWN),
        Err(ProcedureError::YearOutsideCalendar(1990))
    );
    let nowhere = "170000000000".parse().unwrap();
    assert_eq!(Place::at(nowhere), Err(ProcedureError::NoSuchLand(nowhere)));
}

#[test]
fn json_says_what_is_open() {
    let day = holiday_on(date(2026, 8, 15), &place("091620000000")).unwrap();
    assert_eq!(
        serde_json::to_value(day).unwrap(),
        serde_json::json!({
            "date": "2026-08-15",
            "holiday": "assumption_day",
            "observance": "depends",
            "open": "catholic_majority",
            "norm": "Art. 1 FTG (BY)"
        })
    );
    let monday = day_kind(date(2026, 5, 25), &place("091620000000")).unwrap();
    assert_eq!(serde_json::to_value(monday).unwrap()["kind"], "holiday");
}
