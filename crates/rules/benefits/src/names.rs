//! The birth name of a child: which names are open, what the statute gives without a declaration
//! (§§ 1616–1617a BGB, births from 2025-05-01).

use jiff::ToSpan;
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use crate::problem::Problem;

/// Who has custody when the child is born.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Custody {
    /// Both parents.
    Joint,
    /// The first parent alone.
    Parent1,
    /// The second parent alone.
    Parent2,
}

/// What the choice depends on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct NameCase {
    /// Birth of the child.
    pub birth_date: Date,
    /// Common married name of the parents (Ehename).
    #[serde(default)]
    pub married_name: Option<String>,
    /// Custody at birth.
    #[serde(default = "joint")]
    pub custody: Custody,
    /// Name of the first parent; parts of a double name joined by a hyphen.
    pub parent1_name: String,
    /// Name of the second parent; empty if there is none in law.
    #[serde(default)]
    pub parent2_name: String,
    /// Birth name that the parents determined for an older common child.
    #[serde(default)]
    pub older_common_child_name: Option<String>,
    /// The birth is registered already.
    #[serde(default)]
    pub registered: bool,
}

fn joint() -> Custody {
    Custody::Joint
}

/// How a name is formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// Common married name.
    Married,
    /// Name of one parent.
    OneParent,
    /// Part of a parent's double name.
    Part,
    /// Double name with a hyphen.
    DoubleHyphen,
    /// Double name without a hyphen.
    DoubleSpace,
}

/// A name that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NameOption {
    /// The name.
    pub name: String,
    /// How it is formed.
    pub form: Form,
    /// The other parent must consent in certified form (§ 1617a(2), (4)).
    pub consent_needed: bool,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NameAnswer {
    /// Where the answer stands.
    pub norm: &'static str,
    /// Names that can be chosen, without duplicates.
    pub options: Vec<NameOption>,
    /// The name the child has if nobody declares anything; `None` if a court must decide.
    pub fallback: Option<String>,
    /// Where that stands.
    pub fallback_norm: &'static str,
    /// Last day for a declaration of both parents.
    pub deadline: Option<Date>,
    /// The declaration needs public certification (§ 1617(3)).
    pub certification_needed: bool,
    /// The determination binds all further common children (§ 1617(5)).
    pub binds_siblings: bool,
}

impl NameCase {
    /// What is wrong with the input.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let long = |name: &str| name.chars().count() > 120;
        for (field, name) in [
            ("parent1_name", &self.parent1_name),
            ("parent2_name", &self.parent2_name),
        ] {
            if long(name) {
                problems.push(Problem::new(
                    field,
                    "a name has at most 120 characters",
                    "state the family name only",
                ));
            }
        }
        let needs_second = self.custody != Custody::Parent1 && self.married_name.is_none();
        if self.parent1_name.trim().is_empty()
            || (needs_second && self.parent2_name.trim().is_empty())
        {
            problems.push(Problem::new(
                "parent1_name",
                "a parent with custody has no name",
                "state the family names of the parents with custody",
            ));
        }
        problems
    }
}

/// Parts of a name; only a hyphen parts it, since a space may belong to one name ("von Berg").
fn parts(name: &str) -> Vec<&str> {
    name.split('-')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

/// Sort key of a name: umlauts as their base letters, ß as ss, without case (DIN 5007-1).
fn sort_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for character in name.chars().flat_map(char::to_lowercase) {
        match character {
            'ä' | 'á' | 'à' | 'â' | 'å' => key.push('a'),
            'ö' | 'ó' | 'ò' | 'ô' | 'ø' => key.push('o'),
            'ü' | 'ú' | 'ù' | 'û' => key.push('u'),
            'é' | 'è' | 'ê' | 'ë' => key.push('e'),
            'í' | 'ì' | 'î' | 'ï' => key.push('i'),
            'ç' | 'č' | 'ć' => key.push('c'),
            'ñ' => key.push('n'),
            'ß' => key.push_str("ss"),
            other => key.push(other),
        }
    }
    key
}

fn first_part(name: &str) -> String {
    parts(name)
        .into_iter()
        .min_by_key(|part| sort_key(part))
        .unwrap_or(name)
        .to_owned()
}

/// The alphabetical double name of § 1617(4), each parent giving its alphabetically first part.
fn statutory_double(first: &str, second: &str) -> String {
    let mut both = [first_part(first), first_part(second)];
    both.sort_by_key(|part| sort_key(part));
    let [a, b] = both;
    if a == b { a } else { format!("{a}-{b}") }
}

fn push(options: &mut Vec<NameOption>, name: String, form: Form, consent_needed: bool) {
    if !name.is_empty() && !options.iter().any(|option| option.name == name) {
        options.push(NameOption {
            name,
            form,
            consent_needed,
        });
    }
}

/// A parent's whole name and its parts.
fn push_names_of(options: &mut Vec<NameOption>, name: &str, consent: bool) {
    push(options, name.to_owned(), Form::OneParent, consent);
    let parts = parts(name);
    if parts.len() > 1 {
        for part in parts {
            push(options, part.to_owned(), Form::Part, consent);
        }
    }
}

/// Every double name of one part from each parent, in both orders, with and without hyphen.
fn push_doubles(options: &mut Vec<NameOption>, first: &str, second: &str, consent: bool) {
    for a in parts(first) {
        for b in parts(second) {
            if a == b {
                continue;
            }
            for (left, right) in [(a, b), (b, a)] {
                push(
                    options,
                    format!("{left}-{right}"),
                    Form::DoubleHyphen,
                    consent,
                );
                push(
                    options,
                    format!("{left} {right}"),
                    Form::DoubleSpace,
                    consent,
                );
            }
        }
    }
}

/// Works out the names that are open and the name without a declaration.
#[must_use]
pub fn answer(case: &NameCase) -> NameAnswer {
    let new_law = case.birth_date >= date(2025, 5, 1);
    if let Some(name) = &case.married_name {
        return settled(name, Form::Married, "§ 1616 BGB");
    }
    if let Some(name) = &case.older_common_child_name {
        let norm = if new_law {
            "§ 1617(5) BGB"
        } else {
            "§ 1617(1) s. 3 BGB as of 2025-04-30"
        };
        return settled(name, Form::OneParent, norm);
    }
    let (own, other) = match case.custody {
        Custody::Parent2 => (&case.parent2_name, &case.parent1_name),
        _ => (&case.parent1_name, &case.parent2_name),
    };
    let mut options = Vec::new();
    if case.custody == Custody::Joint {
        if new_law {
            push_names_of(&mut options, own, false);
            push_names_of(&mut options, other, false);
            push_doubles(&mut options, own, other, false);
        } else {
            push(&mut options, own.clone(), Form::OneParent, false);
            push(&mut options, other.clone(), Form::OneParent, false);
        }
        return NameAnswer {
            norm: if new_law {
                "§ 1617(1), (2) BGB"
            } else {
                "§ 1617(1) BGB as of 2025-04-30"
            },
            options,
            fallback: new_law.then(|| statutory_double(own, other)),
            fallback_norm: if new_law {
                "§ 1617(4) BGB"
            } else {
                "§ 1617(2) BGB as of 2025-04-30: the family court transfers the right"
            },
            deadline: Some(case.birth_date.saturating_add(1.month())),
            certification_needed: case.registered,
            binds_siblings: true,
        };
    }
    if new_law {
        push_names_of(&mut options, own, false);
        push_names_of(&mut options, other, true);
        push_doubles(&mut options, own, other, true);
    } else {
        push(&mut options, own.clone(), Form::OneParent, false);
        push(&mut options, other.clone(), Form::OneParent, true);
    }
    NameAnswer {
        norm: "§ 1617a BGB",
        options,
        fallback: Some(own.clone()),
        fallback_norm: "§ 1617a(1) BGB",
        deadline: None,
        certification_needed: case.registered,
        binds_siblings: false,
    }
}

/// Nothing to choose.
fn settled(name: &str, form: Form, norm: &'static str) -> NameAnswer {
    NameAnswer {
        norm,
        options: vec![NameOption {
            name: name.to_owned(),
            form,
            consent_needed: false,
        }],
        fallback: Some(name.to_owned()),
        fallback_norm: norm,
        deadline: None,
        certification_needed: false,
        binds_siblings: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(first: &str, second: &str) -> NameCase {
        NameCase {
            birth_date: date(2025, 6, 30),
            married_name: None,
            custody: Custody::Joint,
            parent1_name: first.to_owned(),
            parent2_name: second.to_owned(),
            older_common_child_name: None,
            registered: false,
        }
    }

    fn names(answer: &NameAnswer) -> Vec<&str> {
        answer.options.iter().map(|o| o.name.as_str()).collect()
    }

    #[test]
    fn without_declaration_the_statute_gives_the_alphabetical_double_name() {
        let answer = answer(&case("Özdemir", "Albrecht"));
        assert_eq!(answer.fallback.as_deref(), Some("Albrecht-Özdemir"));
        assert_eq!(answer.deadline, Some(date(2025, 7, 30)));
        // ö sorts as o, so it comes before p.
        let other = super::answer(&case("Petri", "Özdemir-Zahn"));
        assert_eq!(other.fallback.as_deref(), Some("Özdemir-Petri"));
    }

    #[test]
    fn parts_never_make_three_names() {
        let answer = answer(&case("Kern-Ohl", "Sander-Thal"));
        for name in names(&answer) {
            assert!(name.split(['-', ' ']).count() <= 2, "{name}");
        }
        assert!(names(&answer).contains(&"Ohl-Thal"));
        assert!(names(&answer).contains(&"Thal Ohl"));
    }

    #[test]
    fn a_married_name_leaves_nothing_to_choose() {
        let mut case = case("Kern", "Sander");
        case.married_name = Some("Kern".to_owned());
        let answer = answer(&case);
        assert_eq!(names(&answer), ["Kern"]);
        assert_eq!(answer.norm, "§ 1616 BGB");
    }

    #[test]
    fn the_name_of_an_older_common_child_binds() {
        let mut case = case("Kern", "Sander");
        case.older_common_child_name = Some("Sander".to_owned());
        assert_eq!(names(&answer(&case)), ["Sander"]);
    }

    #[test]
    fn with_sole_custody_the_other_name_needs_consent() {
        let mut case = case("Kern", "Sander");
        case.custody = Custody::Parent2;
        let answer = answer(&case);
        assert_eq!(answer.fallback.as_deref(), Some("Sander"));
        for option in &answer.options {
            assert_eq!(option.consent_needed, option.name != "Sander", "{option:?}");
        }
    }

    #[test]
    fn before_may_2025_there_is_no_double_name_and_no_statutory_one() {
        let mut case = case("Kern", "Sander");
        case.birth_date = date(2025, 4, 30);
        let answer = answer(&case);
        assert_eq!(names(&answer), ["Kern", "Sander"]);
        assert_eq!(answer.fallback, None);
    }
}
