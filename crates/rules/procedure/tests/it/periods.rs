//! Counting by the words of §§ 187 to 193 BGB and their counterparts.

use einmal_model::Language;
use einmal_procedure::{
    Day, EndRule, Length, MonthPoint, OpenFact, Place, ProcedureError, Regime, Rule, Start,
    deadline, extension, month_point,
};
use jiff::civil::{Date, date};

use super::place;

fn counted(start: Start, length: Length) -> Date {
    deadline(
        Regime::Civil,
        start,
        length,
        EndRule::NothingDue,
        &Place::UNKNOWN,
    )
    .unwrap()
    .counted
}

#[test]
fn section_188_table() {
    let event = |y, m, d| Start::Event(date(y, m, d));
    let from = |y, m, d| Start::BeginningOf(date(y, m, d));
    for (start, length, last) in [
        // (1) days
        (event(2026, 11, 23), Length::Days(14), date(2026, 12, 7)),
        (from(2026, 11, 23), Length::Days(14), date(2026, 12, 6)),
        (event(2026, 12, 31), Length::Days(1), date(2027, 1, 1)),
        (from(2026, 12, 31), Length::Days(1), date(2026, 12, 31)),
        // (2) weeks: the day with the name of the event's day
        (event(2026, 11, 23), Length::Weeks(1), date(2026, 11, 30)),
        (from(2026, 11, 23), Length::Weeks(1), date(2026, 11, 29)),
        // (2) months: the day with the number of the event's day
        (event(2026, 11, 23), Length::Months(1), date(2026, 12, 23)),
        (from(2026, 11, 23), Length::Months(1), date(2026, 12, 22)),
        (event(2026, 2, 28), Length::Months(1), date(2026, 3, 28)),
        (from(2026, 2, 1), Length::Months(1), date(2026, 2, 28)),
        (from(2026, 3, 1), Length::Months(1), date(2026, 3, 31)),
        (from(2026, 3, 31), Length::Months(1), date(2026, 4, 30)),
        // (3) the month has no such day
        (event(2026, 1, 31), Length::Months(1), date(2026, 2, 28)),
        (event(2024, 1, 31), Length::Months(1), date(2024, 2, 29)),
        (event(2026, 8, 31), Length::Months(1), date(2026, 9, 30)),
        (from(2026, 1, 31), Length::Months(1), date(2026, 2, 28)),
        (event(2024, 2, 29), Length::Years(1), date(2025, 2, 28)),
        // § 187(2) s. 2: ages
        (from(2008, 11, 23), Length::Years(18), date(2026, 11, 22)),
        (from(2008, 2, 29), Length::Years(18), date(2026, 2, 28)),
        (from(2008, 3, 1), Length::Years(18), date(2026, 2, 28)),
        (from(2007, 3, 1), Length::Years(17), date(2024, 2, 29)),
        // § 189
        (event(2026, 11, 23), Length::HALF_MONTH, date(2026, 12, 8)),
        (event(2026, 11, 30), Length::QUARTER, date(2027, 2, 28)),
        (event(2026, 8, 31), Length::HALF_YEAR, date(2027, 2, 28)),
    ] {
        assert_eq!(counted(start, length), last, "{start:?} {length:?}");
    }
}

#[test]
fn the_trace_names_the_short_month() {
    let result = deadline(
        Regime::Social,
        Start::Event(date(2026, 1, 31)),
        Length::Months(1),
        EndRule::NextWorkingDay,
        &place("110000000000"),
    )
    .unwrap();
    let rules: Vec<_> = result.trace.0.iter().map(|step| step.rule).collect();
    assert_eq!(
        rules,
        [
            Rule::DayAfterEvent,
            Rule::LastDayOfShortMonth,
            Rule::NextWorkingDay
        ]
    );
    assert_eq!(result.trace.0[2].norm, "§ 26 Abs. 3 Satz 1 SGB X");
    // 28 February 2026 is a Saturday.
    assert_eq!(result.last_day.certain(), Some(date(2026, 3, 2)));
    let text = result.trace.text(Language::De);
    assert!(text.contains("02.03.2026 (§ 26 Abs. 3 Satz 1 SGB X; letzter Tag: 28.02.2026)"));
    assert!(result.trace.text(Language::En).contains("length: 1 month"));
}

#[test]
fn sections_191_and_192() {
    assert_eq!(Length::Months(2).days_when_interrupted(), 60);
    assert_eq!(Length::Years(2).days_when_interrupted(), 730);
    let point = |point| month_point(2024, 2, point).unwrap();
    assert_eq!(point(MonthPoint::Beginning), date(2024, 2, 1));
    assert_eq!(point(MonthPoint::Middle), date(2024, 2, 15));
    assert_eq!(point(MonthPoint::End), date(2024, 2, 29));
    assert_eq!(month_point(2024, 13, MonthPoint::End), None);
}

#[test]
fn a_row_of_free_days_is_passed_at_once() {
    // Good Friday 2026 to Easter Monday.
    let result = deadline(
        Regime::Tax,
        Start::Event(date(2026, 3, 3)),
        Length::Months(1),
        EndRule::NextWorkingDay,
        &place("110000000000"),
    )
    .unwrap();
    assert_eq!(result.last_day.certain(), Some(date(2026, 4, 7)));
}

#[test]
fn benefit_periods_appointments_and_announced_days_stay() {
    for rule in [
        EndRule::BenefitPeriod,
        EndRule::Appointment,
        EndRule::AnnouncedDay,
    ] {
        for regime in [Regime::Social, Regime::Administrative] {
            let start = Start::SetByAuthority(date(2026, 11, 20));
            let berlin = place("110000000000");
            let end = deadline(regime, start, Length::Days(1), rule, &berlin).unwrap();
            assert_eq!(end.last_day.certain(), Some(date(2026, 11, 21)), "{rule:?}");
        }
    }
}

#[test]
fn tax_law_knows_no_announced_day() {
    let result = deadline(
        Regime::Tax,
        Start::Event(date(2026, 11, 20)),
        Length::Days(1),
        EndRule::AnnouncedDay,
        &Place::UNKNOWN,
    );
    assert_eq!(
        result,
        Err(ProcedureError::RuleNotInRegime {
            regime: Regime::Tax,
            rule: EndRule::AnnouncedDay
        })
    );
}

#[test]
fn an_extension_joins_the_counted_end_except_before_courts() {
    let berlin = place("110000000000");
    let end = EndRule::NextWorkingDay;
    for (regime, last) in [
        (Regime::Social, date(2026, 12, 7)), // 21 November + 14 days = Saturday, 5 December
        (Regime::AdministrativeCourt, date(2026, 12, 7)), // 23 November + 14 days
    ] {
        // A week from 14 November 2026 ends on Saturday the 21st, so on Monday the 23rd.
        let start = Start::Event(date(2026, 11, 14));
        let old = deadline(regime, start, Length::Weeks(1), end, &berlin).unwrap();
        assert_eq!(old.last_day.certain(), Some(date(2026, 11, 23)));
        let new = extension(regime, &old, Length::Weeks(2), end, &berlin).unwrap();
        assert_eq!(new.last_day.certain(), Some(last));
        assert_eq!(new.first_day, date(2026, 11, 15));
        assert_eq!(new.trace.0[3].norm, "§ 190 BGB");
        // With ten days the two differ: Tuesday 1 or Thursday 3 December.
        let short = extension(regime, &old, Length::Days(10), end, &berlin).unwrap();
        let day = if regime == Regime::Social { 1 } else { 3 };
        assert_eq!(short.last_day.certain(), Some(date(2026, 12, day)));
    }
}

fn one_month_after(event: Date, place: &Place) -> Day {
    deadline(
        Regime::Administrative,
        Start::Event(event),
        Length::Months(1),
        EndRule::NextWorkingDay,
        place,
    )
    .unwrap()
    .last_day
}

#[test]
fn an_unknown_holiday_gives_bounds_not_a_guess() {
    // 15 August 2025 is a Friday.
    let munich = place("091620000000");
    assert_eq!(
        one_month_after(date(2025, 7, 15), &munich),
        Day::Depends {
            earliest: date(2025, 8, 15),
            latest: date(2025, 8, 18),
            on: vec![OpenFact::CatholicMajority]
        }
    );
    for (observed, day) in [(true, 18), (false, 15)] {
        let known = munich.with_assumption_day(observed);
        assert_eq!(
            one_month_after(date(2025, 7, 15), &known).certain(),
            Some(date(2025, 8, day))
        );
    }
    assert_eq!(
        one_month_after(date(2025, 9, 30), &Place::UNKNOWN).certain(),
        Some(date(2025, 10, 30))
    );
    assert_eq!(
        one_month_after(date(2025, 10, 31 - 30), &Place::UNKNOWN).certain(),
        Some(date(2025, 11, 3))
    );
}

#[test]
fn refuses_empty_periods_and_years_without_holidays() {
    let run = |start, length| {
        deadline(
            Regime::Civil,
            Start::Event(start),
            length,
            EndRule::NextWorkingDay,
            &Place::UNKNOWN,
        )
    };
    assert_eq!(
        run(date(2026, 1, 1), Length::Days(0)),
        Err(ProcedureError::EmptyPeriod)
    );
    assert_eq!(
        run(date(2100, 12, 31), Length::Days(1)),
        Err(ProcedureError::YearOutsideCalendar(2101))
    );
    assert_eq!(
        run(date(9999, 12, 31), Length::Days(1)),
        Err(ProcedureError::BeyondCalendar(date(9999, 12, 31)))
    );
}
