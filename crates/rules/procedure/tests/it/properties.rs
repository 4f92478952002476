//! What must hold for every day, place and length.

use einmal_procedure::{
    Day, DayKind, Delivery, EndRule, FictionShift, Holiday, Instruction, Length, Place, Procedure,
    Receipt, Regime, ServiceLaw, Start, day_kind, deadline, easter_sunday, holiday_on,
    holidays_of_year, notification, remedy,
};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};
use proptest::prelude::*;

use super::place;

fn days() -> impl Strategy<Value = Date> {
    (0_i64..36_000).prop_map(|n| date(1991, 1, 1).checked_add(n.days()).unwrap())
}

fn places() -> impl Strategy<Value = Place> {
    prop_oneof![
        Just(Place::UNKNOWN),
        prop::sample::select(vec![
            "010000000000",
            "020000000000",
            "053150000000",
            "064120000000",
            "081110000000",
            "090000000000",
            "091620000000",
            "097610000000",
            "110000000000",
            "120540000000",
            "146250020020",
            "146255501080",
            "150030000000",
            "160630000000",
        ])
        .prop_map(place),
    ]
}

fn lengths() -> impl Strategy<Value = Length> {
    prop_oneof![
        (1_u16..100).prop_map(Length::Days),
        (1_u16..60).prop_map(Length::Weeks),
        (1_u16..14).prop_map(Length::Months),
        (1_u16..3).prop_map(Length::Years),
    ]
}

fn starts() -> impl Strategy<Value = Start> {
    days().prop_flat_map(|day| {
        prop_oneof![
            Just(Start::Event(day)),
            Just(Start::BeginningOf(day)),
            Just(Start::SetByAuthority(day)),
        ]
    })
}

proptest! {
    #[test]
    fn a_period_never_ends_before_it_starts(
        start in starts(), length in lengths(), place in places()
    ) {
        let run = deadline(Regime::Social, start, length, EndRule::NextWorkingDay, &place).unwrap();
        prop_assert!(run.first_day <= run.counted);
        prop_assert!(run.counted <= run.last_day.earliest());
        prop_assert!(run.last_day.earliest() <= run.last_day.latest());
    }

    #[test]
    fn a_shifted_end_is_a_working_day_and_none_was_passed(
        start in starts(), length in lengths(), place in places()
    ) {
        let run = deadline(Regime::Tax, start, length, EndRule::NextWorkingDay, &place).unwrap();
        let latest = run.last_day.latest();
        prop_assert_eq!(day_kind(latest, &place).unwrap(), DayKind::Working);
        let mut day = run.counted;
        while day < latest {
            prop_assert_ne!(day_kind(day, &place).unwrap(), DayKind::Working);
            day = day.tomorrow().unwrap();
        }
        prop_assert!(!matches!(run.last_day.earliest().weekday(), Weekday::Saturday | Weekday::Sunday));
        let open = matches!(&run.last_day, Day::Depends { on, .. } if !on.is_empty());
        prop_assert!(open || run.last_day.certain().is_some());
    }

    #[test]
    fn months_end_on_the_same_number_or_the_last_day(event in days(), months in 1_u16..48) {
        let end = EndRule::NothingDue;
        let run = deadline(Regime::Civil, Start::Event(event), Length::Months(months), end, &Place::UNKNOWN).unwrap();
        let last = run.counted;
        prop_assert!(last.day() == event.day() || (last.day() < event.day() && last == last.last_of_month()));
        let between = (i32::from(last.year()) - i32::from(event.year())) * 12
            + i32::from(last.month()) - i32::from(event.month());
        prop_assert_eq!(between, i32::from(months));
    }

    #[test]
    fn a_period_from_a_day_ends_with_one_from_the_event_before_or_at_the_month_end(
        day in days(), length in lengths()
    ) {
        let run = |start| deadline(Regime::Civil, start, length, EndRule::NothingDue, &Place::UNKNOWN)
            .unwrap().counted;
        let from = run(Start::BeginningOf(day));
        let event = run(Start::Event(day.yesterday().unwrap()));
        prop_assert!(from == event || (day.day() == 1 && from == from.last_of_month()));
    }

    #[test]
    fn a_later_dispatch_never_ends_earlier(posted in days(), later in 0_i64..40, place in places()) {
        for procedure in [Procedure::ParentalAllowance, Procedure::ChildBenefitTax, Procedure::Administrative] {
            let last = |posted| {
                let law = procedure.service_law();
                let letter = Delivery::PostInGermany { posted };
                let known = notification(law, letter, Receipt::AsPresumed, law.prevailing_shift(), &place).unwrap();
                remedy(procedure, &known, Instruction::Given, &place).unwrap().last_day
            };
            let (first, second) = (last(posted), last(posted.checked_add(later.days()).unwrap()));
            prop_assert!(first.earliest() <= second.earliest());
            prop_assert!(first.latest() <= second.latest());
            prop_assert!(posted < first.earliest());
        }
    }

    #[test]
    fn both_readings_of_a_presumed_day_agree_on_working_days(posted in days(), place in places()) {
        let read = |shift| notification(
            ServiceLaw::Social, Delivery::PostInGermany { posted }, Receipt::AsPresumed, shift, &place,
        ).unwrap().effect;
        let (stays, moves) = (read(FictionShift::Stays), read(FictionShift::NextWorkingDay));
        if let einmal_procedure::Effect::On(day) = &stays {
            let works = day_kind(day.earliest(), &place).unwrap() == DayKind::Working;
            prop_assert_eq!(works, stays == moves);
        }
    }
}

#[test]
fn easter_is_a_sunday_in_its_range_every_year() {
    for year in 1583..=9998 {
        let easter = easter_sunday(year).unwrap();
        assert_eq!(easter.weekday(), Weekday::Sunday, "{year}");
        assert!(easter >= date(year, 3, 22) && easter <= date(year, 4, 25));
    }
}

#[test]
fn repentance_is_a_wednesday_between_16_and_22_november() {
    for year in 1991..=2100 {
        let day = Holiday::RepentanceDay.date(year).unwrap();
        assert_eq!(day.weekday(), Weekday::Wednesday);
        assert!((16..=22).contains(&day.day()) && day.month() == 11);
    }
}

#[test]
fn the_list_of_a_year_and_the_single_days_agree() {
    for key in [
        "090000000000",
        "140000000000",
        "110000000000",
        "160000000000",
    ] {
        let place = place(key);
        for year in 1991..=2100 {
            let list = holidays_of_year(year, &place).unwrap();
            let mut day = date(year, 1, 1);
            while day.year() == year {
                let listed = list.iter().any(|entry| entry.date == day);
                assert_eq!(holiday_on(day, &place).unwrap().is_some(), listed, "{day}");
                day = day.tomorrow().unwrap();
            }
        }
    }
}
