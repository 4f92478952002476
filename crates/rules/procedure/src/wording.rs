//! The instruction on the remedy (Rechtsbehelfsbelehrung) as it stands at the end of a notice.
//!
//! It must name the remedy, the office with its seat, the period and the form (§ 36 SGB X,
//! § 37(6) VwVfG, § 157(1) AO). A wrong instruction makes the period a year long, so the text says
//! how the period counts; the computed day stands apart, as help.

use einmal_model::{Language, german_date};

use crate::day::Day;
use crate::remedy::{Procedure, RemedyKind};

/// The office that must receive the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// Its name.
    pub name: String,
    /// Street or post box, postcode and town, on one line.
    pub address: String,
    /// The electronic way, as the office names it; nothing when it has opened none.
    pub electronic: Option<String>,
}

/// The instruction on the remedy for a notice delivered within Germany.
///
/// Forms: § 84(1) SGG, § 357(1) AO, § 70(1) `VwGO` (recalled). `last_day` is the day computed for
/// presumed notification; it is shown as help with the safe (earliest) day. The English text is for
/// information: the instruction with legal effect is the German one (§ 19(1) SGB X, § 87(1) AO,
/// § 23(1) VwVfG).
#[must_use]
pub fn remedy_instruction(
    procedure: Procedure,
    office: &Office,
    last_day: Option<&Day>,
    language: Language,
) -> String {
    match language {
        Language::De => german(procedure, office, last_day),
        Language::En => english(procedure, office, last_day),
    }
}

fn german(procedure: Procedure, office: &Office, last_day: Option<&Day>) -> String {
    let name = match procedure.remedy_kind() {
        RemedyKind::Widerspruch => "Widerspruch",
        RemedyKind::Einspruch => "Einspruch",
    };
    let form = match procedure {
        Procedure::ChildBenefitTax => {
            "schriftlich oder elektronisch einzureichen oder zur Niederschrift zu erklären"
        }
        Procedure::ParentalAllowance
        | Procedure::ChildBenefitSocial
        | Procedure::Administrative => {
            "schriftlich, in gesetzlich zugelassener elektronischer Form oder zur Niederschrift einzulegen"
        }
    };
    let mut text = format!(
        "Rechtsbehelfsbelehrung\n\nGegen diesen Bescheid können Sie innerhalb eines Monats nach \
         seiner Bekanntgabe {name} einlegen. Der {name} ist bei {}, {}, {form}.",
        office.name, office.address
    );
    if let Some(way) = &office.electronic {
        text.push_str(&format!(" Elektronisch erreichen Sie uns so: {way}."));
    }
    if procedure == Procedure::ParentalAllowance {
        // § 13(2) BEEG.
        text.push_str(" Der Widerspruch hat keine aufschiebende Wirkung.");
    }
    if let Some(day) = last_day {
        text.push_str(&format!(
            "\n\nHinweis: Bei gewöhnlichem Verlauf ist Ihr {name} rechtzeitig, wenn er spätestens am {} \
             bei uns eingeht. Kam der Bescheid später bei Ihnen an, endet die Frist später.",
            german_date(day.earliest(), Language::De)
        ));
    }
    text
}

fn english(procedure: Procedure, office: &Office, last_day: Option<&Day>) -> String {
    let name = match procedure.remedy_kind() {
        RemedyKind::Widerspruch => "objection (Widerspruch)",
        RemedyKind::Einspruch => "objection (Einspruch)",
    };
    let form = match procedure {
        Procedure::ChildBenefitTax => "in writing, electronically, or on the record at the office",
        Procedure::ParentalAllowance
        | Procedure::ChildBenefitSocial
        | Procedure::Administrative => {
            "in writing, in an electronic form the law admits, or on the record at the office"
        }
    };
    let mut text = format!(
        "How to object (for information; the German text has legal effect)\n\nYou can lodge an \
         {name} against this notice within one month of its notification, with {}, {}, {form}.",
        office.name, office.address
    );
    if let Some(way) = &office.electronic {
        text.push_str(&format!(" You reach us electronically this way: {way}."));
    }
    if procedure == Procedure::ParentalAllowance {
        text.push_str(" The objection does not suspend the decision.");
    }
    if let Some(day) = last_day {
        text.push_str(&format!(
            "\n\nNote: in the ordinary course your objection is in time if it reaches us by {}. If \
             the notice reached you later, the period ends later.",
            german_date(day.earliest(), Language::En)
        ));
    }
    text
}
