//! From dispatch to the last day for the remedy.

use einmal_model::Language;
use einmal_procedure::{
    Day, Delivery, Effect, FictionShift, Instruction, NotNotified, Notification, Office, OpenFact,
    Place, Procedure, ProcedureError, Receipt, Remedy, RemedyKind, ServiceLaw, notification,
    remedy, remedy_instruction,
};
use jiff::civil::{Date, date};

use super::place;

const LAWS: [ServiceLaw; 4] = [
    ServiceLaw::Social,
    ServiceLaw::ParentalAllowance,
    ServiceLaw::Administrative,
    ServiceLaw::Tax,
];

fn notify(law: ServiceLaw, delivery: Delivery, receipt: Receipt) -> Notification {
    let berlin = place("110000000000");
    notification(law, delivery, receipt, law.prevailing_shift(), &berlin).unwrap()
}

fn day(law: ServiceLaw, delivery: Delivery, receipt: Receipt) -> Option<Date> {
    match notify(law, delivery, receipt).effect {
        Effect::On(day) => day.certain(),
        Effect::None(_) => None,
    }
}

fn letter(year: i16, month: i8, day: i8) -> Delivery {
    Delivery::PostInGermany {
        posted: date(year, month, day),
    }
}

fn object(procedure: Procedure, delivery: Delivery, instruction: Instruction) -> Remedy {
    let notified = notify(procedure.service_law(), delivery, Receipt::AsPresumed);
    remedy(procedure, &notified, instruction, &place("110000000000")).unwrap()
}

#[test]
fn three_days_until_2024_four_since() {
    for law in LAWS {
        // 30 December 2024 + 3 and 2 January 2025 + 4 are working days in Berlin.
        assert_eq!(
            day(law, letter(2024, 12, 30), Receipt::AsPresumed),
            Some(date(2025, 1, 2))
        );
        assert_eq!(
            day(law, letter(2025, 1, 2), Receipt::AsPresumed),
            Some(date(2025, 1, 6))
        );
        let sent = |sent| Delivery::Electronic { sent };
        assert_eq!(
            day(law, sent(date(2024, 12, 31)), Receipt::AsPresumed),
            Some(date(2025, 1, 3))
        );
        assert_eq!(
            day(law, sent(date(2025, 1, 2)), Receipt::AsPresumed),
            Some(date(2025, 1, 6))
        );
    }
}

#[test]
fn the_presumed_saturday_moves_in_tax_law_only() {
    // 22 December 2026 + 4 = Saturday, 26 December.
    for law in LAWS {
        let expected = match law {
            ServiceLaw::Tax => date(2026, 12, 28),
            _ => date(2026, 12, 26),
        };
        assert_eq!(
            day(law, letter(2026, 12, 22), Receipt::AsPresumed),
            Some(expected)
        );
        assert!(law.shift_source(law.prevailing_shift()).is_some());
    }
    let berlin = place("110000000000");
    let other = notification(
        ServiceLaw::Social,
        letter(2026, 12, 22),
        Receipt::AsPresumed,
        FictionShift::NextWorkingDay,
        &berlin,
    )
    .unwrap();
    assert_eq!(
        other.effect,
        Effect::On(Day::certain_on(date(2026, 12, 28)))
    );
}

#[test]
fn the_case_of_the_federal_social_court() {
    // B 14 AS 12/09 R: posted 26.9.2007, presumed Saturday 29.9., last day 29.10.2007.
    let result = object(
        Procedure::ChildBenefitSocial,
        letter(2007, 9, 26),
        Instruction::Given,
    );
    assert_eq!(result.last_day.certain(), Some(date(2007, 10, 29)));
}

#[test]
fn einspruch_and_widerspruch_differ_after_christmas() {
    let tax = object(
        Procedure::ChildBenefitTax,
        letter(2026, 12, 22),
        Instruction::Given,
    );
    assert_eq!(tax.kind, RemedyKind::Einspruch);
    assert_eq!(tax.last_day.certain(), Some(date(2027, 1, 28)));
    let social = object(
        Procedure::ParentalAllowance,
        letter(2026, 12, 22),
        Instruction::Given,
    );
    assert_eq!(social.kind, RemedyKind::Widerspruch);
    assert_eq!(social.last_day.certain(), Some(date(2027, 1, 26)));
    let norms: Vec<_> = social.trace.0.iter().map(|step| step.norm).collect();
    assert_eq!(
        norms,
        [
            "§ 37 Abs. 2 Satz 1 SGB X",
            "§ 84 Abs. 1 Satz 1 SGG",
            "§ 187 Abs. 1 BGB",
            "§ 188 Abs. 2 BGB",
            "§ 64 Abs. 3 SGG"
        ]
    );
}

#[test]
fn a_period_that_ends_on_whit_monday_ends_on_tuesday() {
    let hamburg = place("020000000000");
    let law = ServiceLaw::Administrative;
    let notified = notification(
        law,
        letter(2027, 4, 13),
        Receipt::AsPresumed,
        law.prevailing_shift(),
        &hamburg,
    )
    .unwrap();
    let result = remedy(
        Procedure::Administrative,
        &notified,
        Instruction::Given,
        &hamburg,
    )
    .unwrap();
    assert_eq!(result.last_day.certain(), Some(date(2027, 5, 18)));
}

#[test]
fn a_year_without_instruction() {
    for (procedure, norm) in [
        (Procedure::ParentalAllowance, "§ 66 Abs. 2 SGG"),
        (Procedure::ChildBenefitTax, "§ 356 Abs. 2 AO"),
        (Procedure::Administrative, "§ 58 Abs. 2 VwGO"),
    ] {
        let result = object(procedure, letter(2026, 3, 2), Instruction::MissingOrWrong);
        // Notified Friday 6 March 2026; 6 March 2027 is a Saturday, the 8th a holiday in Berlin.
        assert_eq!(result.last_day.certain(), Some(date(2027, 3, 9)));
        assert!(result.trace.0.iter().any(|step| step.norm == norm));
    }
}

#[test]
fn a_later_arrival_counts_an_earlier_does_not() {
    let law = ServiceLaw::Social;
    let posted = letter(2026, 11, 2);
    assert_eq!(
        day(law, posted, Receipt::On(date(2026, 11, 3))),
        Some(date(2026, 11, 6))
    );
    assert_eq!(
        day(law, posted, Receipt::On(date(2026, 11, 9))),
        Some(date(2026, 11, 9))
    );
    let lost = notify(law, posted, Receipt::NotProven);
    assert_eq!(lost.effect, Effect::None(NotNotified::NotReceived));
    assert_eq!(
        remedy(
            Procedure::ChildBenefitSocial,
            &lost,
            Instruction::Given,
            &Place::UNKNOWN
        ),
        Err(ProcedureError::NotNotified)
    );
    assert_eq!(
        notification(
            law,
            posted,
            Receipt::On(date(2026, 11, 1)),
            FictionShift::Stays,
            &Place::UNKNOWN
        ),
        Err(ProcedureError::OutOfOrder {
            earlier: date(2026, 11, 2),
            later: date(2026, 11, 1)
        })
    );
}

#[test]
fn portals_differ_by_law() {
    let portal = |retrieved| Delivery::Portal {
        provided: date(2026, 11, 2),
        notified: date(2026, 11, 3),
        retrieved,
    };
    let fetched = Some(date(2026, 11, 12));
    let presumed = |law, retrieved| day(law, portal(retrieved), Receipt::AsPresumed);
    assert_eq!(
        presumed(ServiceLaw::Social, None),
        Some(date(2026, 11, 7)),
        "fourth day after the message, a Saturday"
    );
    assert_eq!(
        presumed(ServiceLaw::ParentalAllowance, None),
        Some(date(2026, 11, 6)),
        "fourth day after provision"
    );
    assert_eq!(presumed(ServiceLaw::Tax, None), Some(date(2026, 11, 6)));
    assert_eq!(presumed(ServiceLaw::Administrative, None), None);
    assert_eq!(
        presumed(ServiceLaw::Administrative, fetched),
        Some(date(2026, 11, 13)),
        "the day after fetching"
    );
    assert_eq!(
        presumed(ServiceLaw::Administrative, Some(date(2026, 11, 13))),
        Some(date(2026, 11, 14)),
        "fetched on the tenth day"
    );
    assert_eq!(
        presumed(ServiceLaw::Administrative, Some(date(2026, 11, 14))),
        None,
        "fetched after ten days"
    );
    assert_eq!(
        day(ServiceLaw::Social, portal(fetched), Receipt::NotProven),
        fetched,
        "without proof of the message the fetching counts"
    );
    assert_eq!(
        day(ServiceLaw::Social, portal(None), Receipt::NotProven),
        None
    );
}

#[test]
fn abroad_tax_presumes_a_month_and_social_law_gives_three() {
    let delivery = Delivery::PostAbroad {
        posted: date(2026, 11, 2),
    };
    assert_eq!(
        day(ServiceLaw::Tax, delivery, Receipt::AsPresumed),
        Some(date(2026, 12, 2))
    );
    let law = Procedure::ParentalAllowance.service_law();
    let open = notify(law, delivery, Receipt::AsPresumed);
    assert_eq!(open.effect, Effect::None(NotNotified::NoPresumption));
    let arrived = notify(law, delivery, Receipt::On(date(2026, 11, 16)));
    let result = remedy(
        Procedure::ParentalAllowance,
        &arrived,
        Instruction::Given,
        &place("110000000000"),
    )
    .unwrap();
    assert_eq!(result.last_day.certain(), Some(date(2027, 2, 16)));
}

#[test]
fn an_open_presumed_day_opens_the_last_day() {
    // Posted Monday 11 August 2025: the fourth day is 15 August, a Friday.
    let munich = place("091620000000");
    let notified = notification(
        ServiceLaw::Tax,
        letter(2025, 8, 11),
        Receipt::AsPresumed,
        FictionShift::NextWorkingDay,
        &munich,
    )
    .unwrap();
    let result = remedy(
        Procedure::ChildBenefitTax,
        &notified,
        Instruction::Given,
        &munich,
    )
    .unwrap();
    assert_eq!(
        result.last_day,
        Day::Depends {
            earliest: date(2025, 9, 15),
            latest: date(2025, 9, 18),
            on: vec![OpenFact::CatholicMajority]
        }
    );
    assert_eq!(
        result.trace.0.last().unwrap().result,
        result.last_day.clone().into()
    );
    serde_json::to_string(&result).unwrap();
}

#[test]
fn the_instruction_names_remedy_office_seat_period_and_form() {
    let office = Office {
        name: "Elterngeldstelle Musterstadt".into(),
        address: "Beispielweg 1, 12345 Musterstadt".into(),
        electronic: Some("über Ihr Postfach".into()),
    };
    let last = Day::certain_on(date(2027, 1, 26));
    let german = remedy_instruction(
        Procedure::ParentalAllowance,
        &office,
        Some(&last),
        Language::De,
    );
    for part in [
        "innerhalb eines Monats",
        "Widerspruch",
        "Elterngeldstelle Musterstadt, Beispielweg 1, 12345 Musterstadt",
        "zur Niederschrift",
        "keine aufschiebende Wirkung",
        "26.01.2027",
    ] {
        assert!(german.contains(part), "{part}");
    }
    let tax = remedy_instruction(Procedure::ChildBenefitTax, &office, None, Language::De);
    assert!(tax.contains("Einspruch") && !tax.contains("Widerspruch") && !tax.contains("Hinweis"));
    let english = remedy_instruction(
        Procedure::ParentalAllowance,
        &office,
        Some(&last),
        Language::En,
    );
    assert!(english.contains("within one month") && english.contains("26 January 2027"));
}
