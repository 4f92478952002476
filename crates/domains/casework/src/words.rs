//! The words of the workbench, German first.

use einmal_model::{Dispute, Language, Origin, german_date_time};

use crate::error::DecideError;
use crate::history::HistoryKind;
use crate::inbox::InboxFilter;
use crate::origins::Entry;
use crate::problem::ProblemType;
use crate::state::{CaseState, Verdict};
use crate::view::OriginKind;

const fn pick(language: Language, german: &'static str, english: &'static str) -> &'static str {
    match language {
        Language::De => german,
        Language::En => english,
    }
}

pub(crate) const fn state(state: CaseState, language: Language) -> &'static str {
    match state {
        CaseState::Received => pick(language, "Eingegangen", "Received"),
        CaseState::Accepting => pick(
            language,
            "Annahme wird übermittelt",
            "Acceptance being sent",
        ),
        CaseState::Rejecting => pick(
            language,
            "Zurückweisung wird übermittelt",
            "Rejection being sent",
        ),
        CaseState::Accepted => pick(language, "Angenommen", "Accepted"),
        CaseState::Rejected => pick(language, "Zurückgewiesen", "Rejected"),
        CaseState::NotReadable => pick(
            language,
            "Nicht lesbar, Zurückweisung wird übermittelt",
            "Not readable, rejection being sent",
        ),
        CaseState::NotReadableRejected => pick(
            language,
            "Nicht lesbar, zurückgewiesen",
            "Not readable, rejected",
        ),
    }
}

pub(crate) const fn state_sentence(state: CaseState, language: Language) -> &'static str {
    match state {
        CaseState::Received => pick(
            language,
            "Über diesen Eingang hat noch niemand entschieden.",
            "Nobody has decided about this submission yet.",
        ),
        CaseState::Accepting | CaseState::Rejecting => pick(
            language,
            "Die Entscheidung ist gespeichert und wird übermittelt. Sie gilt als zugestellt, sobald der Zustelldienst sie bestätigt hat.",
            "The decision is stored and being sent. It counts as delivered once the delivery service has confirmed it.",
        ),
        CaseState::Accepted => pick(
            language,
            "Die Annahme ist beim Zustelldienst verzeichnet. Die antragstellende Person kann sie sehen.",
            "The acceptance is recorded by the delivery service. The applicant can see it.",
        ),
        CaseState::Rejected => pick(
            language,
            "Die Zurückweisung ist beim Zustelldienst verzeichnet. Die antragstellende Person kann sie mit dem Grund sehen.",
            "The rejection is recorded by the delivery service. The applicant can see it with the reason.",
        ),
        CaseState::NotReadable => pick(
            language,
            "Diese Einreichung ist nicht lesbar. Sie wird automatisch zurückgewiesen. Sie müssen nichts tun.",
            "This submission cannot be read. It is being rejected automatically. You need to do nothing.",
        ),
        CaseState::NotReadableRejected => pick(
            language,
            "Diese Einreichung war nicht lesbar. Sie wurde automatisch zurückgewiesen. Die sendende Stelle kennt den Grund.",
            "This submission could not be read. It was rejected automatically. The sender knows the reason.",
        ),
    }
}

pub(crate) const fn verdict(verdict: Verdict, language: Language) -> &'static str {
    match verdict {
        Verdict::Accepted => pick(language, "Annahme", "Acceptance"),
        Verdict::Rejected => pick(language, "Zurückweisung", "Rejection"),
    }
}

pub(crate) const fn filter(filter: InboxFilter, language: Language) -> &'static str {
    match filter {
        InboxFilter::Open => pick(language, "Offen", "Open"),
        InboxFilter::Sending => pick(language, "Wird übermittelt", "Being sent"),
        InboxFilter::Accepted => pick(language, "Angenommen", "Accepted"),
        InboxFilter::Rejected => pick(language, "Zurückgewiesen", "Rejected"),
        InboxFilter::NotReadable => pick(language, "Nicht lesbar", "Not readable"),
        InboxFilter::All => pick(language, "Alle", "All"),
    }
}

pub(crate) const fn search_hint(language: Language) -> &'static str {
    pick(
        language,
        "Beginn der Vorgangsnummer oder ganze Einreichungsnummer. Nach Namen kann nicht gesucht werden: Namen sind verschlüsselt gespeichert.",
        "Beginning of the reference number, or the whole submission id. Names cannot be searched: they are stored encrypted.",
    )
}

pub(crate) const fn empty_inbox(searched: bool, language: Language) -> &'static str {
    if searched {
        pick(
            language,
            "Zu dieser Nummer gibt es hier keinen Vorgang.",
            "There is no case with this number here.",
        )
    } else {
        pick(
            language,
            "Hier ist im Moment kein Vorgang.",
            "There are no cases here at the moment.",
        )
    }
}

pub(crate) const fn untitled(not_readable: bool, language: Language) -> &'static str {
    if not_readable {
        pick(
            language,
            "Nicht lesbare Einreichung",
            "Unreadable submission",
        )
    } else {
        pick(language, "Unbekanntes Formular", "Unknown form")
    }
}

pub(crate) const fn unknown_form(language: Language) -> &'static str {
    pick(
        language,
        "Dieses Formular ist hier nicht hinterlegt. Die Daten werden so gezeigt, wie sie eingegangen sind. Sie sind nicht gegen ein Schema geprüft.",
        "This form is not known here. The data are shown as they arrived. They were not checked against a schema.",
    )
}

pub(crate) const fn reason_hint(language: Language) -> &'static str {
    pick(
        language,
        "Die antragstellende Person liest diesen Grund. Er wird unverschlüsselt übermittelt: Nennen Sie keine personenbezogenen Daten.",
        "The applicant reads this reason. It is sent unencrypted: do not name personal data.",
    )
}

pub(crate) fn delivery_note(cause: &str, language: Language) -> String {
    match language {
        Language::De => format!(
            "Die Entscheidung ist gespeichert, aber noch nicht übermittelt. Technische Ursache: {cause}"
        ),
        Language::En => {
            format!("The decision is stored but not delivered yet. Technical cause: {cause}")
        }
    }
}

pub(crate) fn age(days: i64, language: Language) -> String {
    match (days, language) {
        (0, Language::De) => "heute".to_owned(),
        (0, Language::En) => "today".to_owned(),
        (1, Language::De) => "seit 1 Tag".to_owned(),
        (1, Language::En) => "for 1 day".to_owned(),
        (days, Language::De) => format!("seit {days} Tagen"),
        (days, Language::En) => format!("for {days} days"),
    }
}

pub(crate) const fn history(kind: HistoryKind, language: Language) -> &'static str {
    match kind {
        HistoryKind::Received => pick(language, "Eingegangen und geprüft", "Received and checked"),
        HistoryKind::NotReadable => pick(
            language,
            "Nicht lesbar, automatische Zurückweisung angestoßen",
            "Not readable, automatic rejection started",
        ),
        HistoryKind::DecidedAccept => pick(language, "Annahme entschieden", "Acceptance decided"),
        HistoryKind::DecidedReject => {
            pick(language, "Zurückweisung entschieden", "Rejection decided")
        }
        HistoryKind::ConfirmedAccept => pick(
            language,
            "Annahme vom Zustelldienst bestätigt",
            "Acceptance confirmed by the delivery service",
        ),
        HistoryKind::ConfirmedReject => pick(
            language,
            "Zurückweisung vom Zustelldienst bestätigt",
            "Rejection confirmed by the delivery service",
        ),
        HistoryKind::OvertakenAccept => pick(
            language,
            "Der Zustelldienst hatte schon eine Annahme verzeichnet. Sie gilt.",
            "The delivery service had already recorded an acceptance. It stands.",
        ),
        HistoryKind::OvertakenReject => pick(
            language,
            "Der Zustelldienst hatte schon eine Zurückweisung verzeichnet. Sie gilt.",
            "The delivery service had already recorded a rejection. It stands.",
        ),
        HistoryKind::Stuck => pick(
            language,
            "Übermittlung aufgegeben, die Technik kümmert sich",
            "Sending given up, the operators take care of it",
        ),
    }
}

pub(crate) const fn problem(kind: ProblemType, language: Language) -> &'static str {
    let english = match kind {
        ProblemType::Encryption => "A part of the submission cannot be decrypted.",
        ProblemType::Syntax => "A part of the submission has a broken format.",
        ProblemType::MissingSchema => "The metadata do not name their schema.",
        ProblemType::SchemaViolation => "The data do not fit the agreed schema.",
        ProblemType::UnsupportedSchema => "This version of the metadata is not supported.",
        ProblemType::UnsupportedService => "This service is not offered here.",
        ProblemType::ServiceMismatch => "Metadata and submission name different services.",
        ProblemType::AttachmentsMismatch => {
            "Announced attachments and attachments in the metadata differ."
        }
        ProblemType::MissingData => "The data are missing.",
        ProblemType::MissingAttachment => "An attachment is missing.",
        ProblemType::HashMismatch => "A part of the submission does not match its hash.",
        ProblemType::AuthenticationTag => "A part of the submission does not match the event log.",
        ProblemType::EventLog => "The event log is not in order.",
        ProblemType::SubmitEvent => "The event log does not hold exactly one submission.",
        ProblemType::Other => "The submission was rejected.",
    };
    pick(language, kind.sentence(), english)
}

pub(crate) fn origin(entry: Option<&Entry>, language: Language) -> (OriginKind, String) {
    let Some(entry) = entry else {
        let words = pick(language, "Herkunft nicht angegeben", "origin not stated");
        return (OriginKind::Unknown, words.to_owned());
    };
    let at = german_date_time(entry.at, language);
    let (kind, words) = match (&entry.origin, language) {
        (Origin::Person, Language::De) => (
            OriginKind::Person,
            "von der antragstellenden Person".to_owned(),
        ),
        (Origin::Person, Language::En) => (OriginKind::Person, "from the applicant".to_owned()),
        (Origin::Identification { means, simulated }, _) => {
            // The means may say it in its name; twice is noise.
            let means = if *simulated && !means.contains("Simulation") {
                format!("{means} ({})", pick(language, "Simulation", "simulation"))
            } else {
                means.clone()
            };
            let words = match language {
                Language::De => format!("aus der Anmeldung mit {means}"),
                Language::En => format!("from the login with {means}"),
            };
            (OriginKind::Identification, words)
        }
        (Origin::Register { register, .. }, Language::De) => (
            OriginKind::Register,
            format!("aus dem Register: {register}"),
        ),
        (Origin::Register { register, .. }, Language::En) => (
            OriginKind::Register,
            format!("from the register: {register}"),
        ),
        (Origin::Computed { rule }, Language::De) => {
            (OriginKind::Computed, format!("berechnet (Regel {rule})"))
        }
        (Origin::Computed { rule }, Language::En) => {
            (OriginKind::Computed, format!("computed (rule {rule})"))
        }
    };
    (kind, format!("{words}, {at}"))
}

pub(crate) fn dispute(dispute: &Dispute, language: Language) -> String {
    let (claim, at) = (&dispute.claim, german_date_time(dispute.at, language));
    match language {
        Language::De => format!("Die Person widerspricht und gibt an: {claim} ({at})"),
        Language::En => format!("The person objects and states: {claim} ({at})"),
    }
}

impl DecideError {
    /// What the page says when a decision was refused; nothing for failures that are not the
    /// visitor's business. Never says who decided.
    #[must_use]
    pub fn message(&self, language: Language) -> Option<String> {
        match self {
            Self::AlreadyDecided { verdict, at } => {
                let (what, at) = (
                    self::verdict(*verdict, language),
                    german_date_time(*at, language),
                );
                Some(match language {
                    Language::De => {
                        format!("Über diesen Vorgang wurde schon entschieden: {what} am {at}.")
                    }
                    Language::En => format!("This case was decided already: {what}, {at}."),
                })
            }
            Self::NotReadable => {
                Some(state_sentence(CaseState::NotReadableRejected, language).to_owned())
            }
            Self::Casework(_) => None,
        }
    }
}
