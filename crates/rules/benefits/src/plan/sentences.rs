//! What a parent is told about a rule that the plan breaks.

use super::checks::{Code, Violation};
use crate::trace::Language;

/// The months concerned as people write them: `2, 5–7`.
fn runs(months: &[u8]) -> String {
    let mut runs: Vec<(u8, u8)> = Vec::new();
    for month in months {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *month => *last = *month,
            _ => runs.push((*month, *month)),
        }
    }
    let texts: Vec<String> = runs
        .iter()
        .map(|(from, to)| {
            if from == to {
                from.to_string()
            } else {
                format!("{from}–{to}")
            }
        })
        .collect();
    texts.join(", ")
}

pub(super) fn sentence(violation: &Violation, language: Language) -> String {
    let (months, limit) = (runs(&violation.months), violation.limit);
    match language {
        Language::German => german(violation.code, &months, limit),
        Language::English => english(violation.code, &months, limit),
    }
}

fn german(code: Code, months: &str, limit: u8) -> String {
    match code {
        Code::MaternityMonthsAreBasis => format!(
            "Die Lebensmonate 1 bis {limit} mit Mutterschaftsleistungen zählen immer als Basiselterngeld. Bitte wählen Sie dort Basiselterngeld (Lebensmonat {months})."
        ),
        Code::BasisQuota => format!(
            "Sie haben zusammen höchstens {limit} Monate Basiselterngeld. Bitte nehmen Sie Monate heraus oder wählen Sie ElterngeldPlus."
        ),
        Code::PlusQuota => format!(
            "Sie haben zusammen höchstens {limit} Monate ElterngeldPlus; ein Monat Basiselterngeld zählt wie zwei Monate ElterngeldPlus."
        ),
        Code::BonusQuota => format!(
            "Jeder Elternteil kann den Partnerschaftsbonus höchstens {limit} Monate bekommen."
        ),
        Code::ParallelBasis => format!(
            "Basiselterngeld können Sie nur in einem der ersten {limit} Lebensmonate gleichzeitig bekommen. Gleichzeitig gewählt sind: {months}. Ausnahmen gelten bei Mehrlingen, Frühgeburten und Kindern mit Behinderung."
        ),
        Code::PerParentLimit => format!(
            "Ein Elternteil kann höchstens {limit} Monate Basiselterngeld bekommen; zwei Monate ElterngeldPlus zählen wie einer."
        ),
        Code::BonusNeedsTwo => "Den Partnerschaftsbonus gibt es nur für beide Eltern gemeinsam oder für Alleinerziehende.".to_owned(),
        Code::BonusOnlyParallel => format!(
            "Den Partnerschaftsbonus bekommen Sie nur in Monaten, in denen beide ihn wählen (betroffen: {months})."
        ),
        Code::BonusAtLeastTwo => format!(
            "Den Partnerschaftsbonus gibt es für mindestens zwei Monate; gewählt ist nur Lebensmonat {months}."
        ),
        Code::BonusConsecutive => format!(
            "Die Monate mit Partnerschaftsbonus müssen direkt aufeinander folgen (gewählt: {months})."
        ),
        Code::ContinuousFrom => format!(
            "Ab Lebensmonat {limit} darf es keine Unterbrechung geben: Mindestens ein Elternteil muss Elterngeld bekommen (Lücke: {months})."
        ),
        Code::NoBasisAfter => format!(
            "Basiselterngeld gibt es nur bis Lebensmonat {limit}. Bitte wählen Sie danach ElterngeldPlus (betroffen: {months})."
        ),
        Code::AtLeastOneMonth => "Sie haben noch keinen Monat mit Elterngeld gewählt.".to_owned(),
        Code::ZeroOrTwoMonths => format!(
            "Jeder Elternteil muss Elterngeld für mindestens zwei Monate nehmen oder gar nicht; gewählt ist nur Lebensmonat {months}."
        ),
        Code::BonusNeedsIncome => format!(
            "In Monaten mit Partnerschaftsbonus müssen Sie in Teilzeit arbeiten. Bitte geben Sie das Einkommen an (Lebensmonat {months})."
        ),
        Code::BonusHours => format!(
            "Beim Partnerschaftsbonus müssen es 24 bis 32 Wochenstunden sein (Lebensmonat {months})."
        ),
        Code::AtMostHours => format!(
            "Während Sie Elterngeld bekommen, dürfen Sie höchstens {limit} Stunden in der Woche arbeiten (Lebensmonat {months})."
        ),
    }
}

fn english(code: Code, months: &str, limit: u8) -> String {
    match code {
        Code::MaternityMonthsAreBasis => format!(
            "Months 1 to {limit} with maternity benefits always count as Basiselterngeld. Please choose Basiselterngeld there (month {months})."
        ),
        Code::BasisQuota => format!(
            "Together you have at most {limit} months of Basiselterngeld. Please remove months or choose ElterngeldPlus."
        ),
        Code::PlusQuota => format!(
            "Together you have at most {limit} months of ElterngeldPlus; one month of Basiselterngeld counts as two months of ElterngeldPlus."
        ),
        Code::BonusQuota => {
            format!("Each parent can get the partnership bonus for at most {limit} months.")
        }
        Code::ParallelBasis => format!(
            "Both of you can get Basiselterngeld at the same time only in one of the first {limit} months. Chosen for both: {months}. There are exceptions for multiples, premature births and children with a disability."
        ),
        Code::PerParentLimit => format!(
            "One parent can get at most {limit} months of Basiselterngeld; two months of ElterngeldPlus count as one."
        ),
        Code::BonusNeedsTwo => {
            "The partnership bonus is only for both parents together or for lone parents."
                .to_owned()
        }
        Code::BonusOnlyParallel => format!(
            "You get the partnership bonus only in months that both of you choose (concerned: {months})."
        ),
        Code::BonusAtLeastTwo => format!(
            "The partnership bonus is for at least two months; only month {months} is chosen."
        ),
        Code::BonusConsecutive => format!(
            "The months with the partnership bonus must follow each other directly (chosen: {months})."
        ),
        Code::ContinuousFrom => format!(
            "From month {limit} on there must be no interruption: at least one parent must get Elterngeld (gap: {months})."
        ),
        Code::NoBasisAfter => format!(
            "Basiselterngeld is possible only until month {limit}. Please choose ElterngeldPlus after that (concerned: {months})."
        ),
        Code::AtLeastOneMonth => "You have not chosen any month with Elterngeld yet.".to_owned(),
        Code::ZeroOrTwoMonths => format!(
            "Each parent must take Elterngeld for at least two months or not at all; only month {months} is chosen."
        ),
        Code::BonusNeedsIncome => format!(
            "In months with the partnership bonus you must work part-time. Please state the income (month {months})."
        ),
        Code::BonusHours => {
            format!("For the partnership bonus it must be 24 to 32 hours a week (month {months}).")
        }
        Code::AtMostHours => format!(
            "While you get Elterngeld you may work at most {limit} hours a week (month {months})."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_read_as_runs() {
        assert_eq!(runs(&[1, 2, 3, 5, 8, 9]), "1–3, 5, 8–9");
        assert_eq!(runs(&[]), "");
    }
}
