//! Builds question pages and reads what comes back. Pure functions.

use std::collections::BTreeMap;

use einmal_model::{Clock, Date, Fact, Instant, Language, LocalText, Origin};

use crate::content::{FactKind, FactSpec, Question, RuleCode, label};
use crate::ids::ApplicationId;
use crate::input::{self, Context, FoundPlaces, PageInput};
use crate::journey::Journey;
use crate::value::{Answer, Answers, FactValue};
use crate::view::{
    CheckAnswers, CheckRow, CheckSection, FieldError, FieldView, OpenQuestion, OptionView, Place,
    QuestionPage, Widget,
};
use crate::words;

/// What a page shows besides the stored answers.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The draft.
    pub id: ApplicationId,
    /// Its version.
    pub version: i64,
    /// Language of the page.
    pub language: Language,
    /// What the person typed, when the page is shown again.
    pub typed: Option<&'a PageInput>,
    /// What is wrong with it.
    pub errors: &'a PageErrors,
    /// Candidates for places.
    pub places: &'a FoundPlaces,
}

/// Broken rules by fact.
pub type PageErrors = BTreeMap<String, RuleCode>;

/// A page was read without an error: the new answers of its facts; nothing for optional facts
/// that stay empty.
pub type PageAnswers = Vec<(String, Option<Answer>)>;

/// Reads a posted page. The origin of a value stays as it was when the value did not change: a
/// confirmed value from the login is still from the login.
///
/// # Errors
/// The broken rule of each field.
pub fn read_page(
    journey: &Journey<'_>,
    question: &Question,
    typed: &PageInput,
    places: &FoundPlaces,
    clock: &dyn Clock,
) -> Result<PageAnswers, PageErrors> {
    read_page_at(
        journey,
        question,
        typed,
        places,
        (clock.now(), clock.today()),
    )
}

fn read_page_at(
    journey: &Journey<'_>,
    question: &Question,
    typed: &PageInput,
    places: &FoundPlaces,
    (now, today): (Instant, Date),
) -> Result<PageAnswers, PageErrors> {
    let mut errors = PageErrors::new();
    let mut answers = PageAnswers::new();
    for key in &question.facts {
        let Some(spec) = journey.event().facts.get(key) else {
            continue;
        };
        let stored = journey.answers().facts.get(key);
        let context = Context {
            today,
            places,
            stored,
        };
        match input::read(spec, typed, context) {
            Ok(None) => answers.push((key.clone(), None)),
            Ok(Some(value)) => {
                let fact = match stored {
                    Some(stored) if stored.fact.value == value => stored.fact.clone(),
                    _ => Fact {
                        value,
                        origin: Origin::Person,
                        at: now,
                        dispute: None,
                    },
                };
                answers.push((
                    key.clone(),
                    Some(Answer {
                        fact,
                        confirmed: true,
                    }),
                ));
            }
            Err(rule) => {
                errors.insert(key.clone(), rule);
            }
        }
    }
    let number = |key: &str| {
        answers.iter().find_map(|(fact, answer)| match answer {
            Some(answer) if fact == key => match answer.fact.value {
                FactValue::Number(number) => Some(number),
                _ => None,
            },
            _ => None,
        })
    };
    for key in &question.facts {
        let other = journey
            .event()
            .facts
            .get(key)
            .and_then(|spec| spec.at_least.as_ref());
        if let Some((other, plus)) = other
            && let (Some(number), Some(least)) = (number(key), number(other))
            && number < least.saturating_add(*plus)
        {
            errors.insert(key.clone(), RuleCode::Order);
        }
    }
    if errors.is_empty() {
        Ok(answers)
    } else {
        Err(errors)
    }
}

/// Puts the answers of a page into the draft.
pub fn apply(answers: &mut Answers, question: &Question, page: PageAnswers) {
    for (fact, answer) in page {
        match answer {
            Some(answer) => {
                answers.facts.insert(fact, answer);
            }
            None => {
                answers.facts.remove(&fact);
            }
        }
    }
    answers.saved.insert(question.id.clone());
}

/// True when the question was answered before with just these values, whenever that was.
#[must_use]
pub fn is_answered(answers: &Answers, question: &Question, page: &PageAnswers) -> bool {
    let value = |answer: &Answer| answer.fact.value.clone();
    answers.saved.contains(&question.id)
        && page
            .iter()
            .all(|(fact, answer)| answers.confirmed(fact).map(value) == answer.as_ref().map(value))
}

/// Builds a question page.
#[must_use]
pub fn question_page(journey: &Journey<'_>, question: &Question, shown: Shown<'_>) -> QuestionPage {
    let event = journey.event();
    let language = shown.language;
    let sections = journey.sections();
    let section_number = sections
        .iter()
        .position(|(section, _, _)| section.id == question.section)
        .map_or(1, |place| place + 1);
    let section = event
        .sections
        .iter()
        .find(|section| section.id == question.section);
    let fields: Vec<FieldView> = question
        .facts
        .iter()
        .filter_map(|fact| event.facts.get(fact))
        .map(|spec| field(journey, spec, shown))
        .collect();
    let errors = fields
        .iter()
        .filter_map(|field| {
            Some(FieldError {
                field: field.name.clone(),
                target: first_input(field),
                message: field.error.clone()?,
            })
        })
        .collect();
    let receivers = journey
        .legs()
        .iter()
        .filter(|leg| {
            leg.fields
                .iter()
                .any(|mapping| question.facts.contains(&mapping.fact))
        })
        .map(|leg| leg.office.in_language(language).to_owned())
        .collect();
    QuestionPage {
        id: shown.id,
        version: shown.version,
        question: question.id.clone(),
        section: label(
            section.map_or(&LocalText::default(), |section| &section.title),
            language,
        ),
        section_number,
        section_count: sections.len(),
        title: label(&question.title, language),
        hint: label(&question.hint, language),
        details: label(&question.details, language),
        fields,
        receivers,
        errors,
        back: journey
            .previous(&question.id)
            .map(|question| question.id.clone()),
    }
}

/// HTML id of a field.
#[must_use]
pub fn html_id(fact: &str) -> String {
    fact.replace(['.', '_'], "-")
}

/// The id of the first input of a field: what error links lead to.
#[must_use]
fn first_input(field: &FieldView) -> String {
    match &field.widget {
        Widget::Date { .. } => format!("{}-day", field.id),
        Widget::Radios(_) => format!("{}-1", field.id),
        Widget::Place { candidates } if !candidates.is_empty() => format!("{}-1", field.id),
        Widget::Text { .. } | Widget::Select(_) | Widget::Place { .. } => field.id.clone(),
    }
}

fn field(journey: &Journey<'_>, spec: &FactSpec, shown: Shown<'_>) -> FieldView {
    let language = shown.language;
    let stored = journey.answers().facts.get(&spec.key);
    let error = shown.errors.get(&spec.key).copied();
    let value = match (shown.typed, stored) {
        (Some(typed), _) => match spec.kind {
            FactKind::Date { .. } => input::typed_date(typed, &spec.key),
            _ => typed.get(&spec.key).cloned().unwrap_or_default(),
        },
        (None, Some(stored)) => words::editable(spec, &stored.fact.value),
        (None, None) => String::new(),
    };
    let unchanged = stored.is_some_and(|stored| words::editable(spec, &stored.fact.value) == value);
    FieldView {
        name: spec.key.clone(),
        id: html_id(&spec.key),
        label: label(&spec.label, language),
        hint: label(&spec.hint, language),
        widget: widget(spec, &value, error, shown),
        optional: spec.optional,
        autocomplete: spec.autocomplete.clone(),
        origin: stored
            .filter(|_| unchanged)
            .map(|stored| words::origin(stored, journey.event(), language))
            .unwrap_or_default(),
        unconfirmed: unchanged && stored.is_some_and(|stored| !stored.confirmed),
        error: error.map(|rule| spec.error(rule, language)),
        value,
    }
}

fn widget(spec: &FactSpec, value: &str, error: Option<RuleCode>, shown: Shown<'_>) -> Widget {
    let inputmode = match spec.kind {
        FactKind::Number | FactKind::TaxId => "numeric",
        FactKind::Email => "email",
        FactKind::Phone => "tel",
        _ => "text",
    };
    match spec.kind {
        FactKind::Date { .. } => {
            let mut parts = value.splitn(3, '.').map(str::to_owned);
            let mut part = || parts.next().unwrap_or_default();
            Widget::Date {
                day: part(),
                month: part(),
                year: part(),
            }
        }
        FactKind::Bool | FactKind::Choice => {
            let options: Vec<OptionView> = spec
                .options
                .iter()
                .map(|option| OptionView {
                    value: option.code.clone(),
                    label: label(&option.label, shown.language),
                    hint: label(&option.hint, shown.language),
                    checked: option.code == value,
                })
                .collect();
            if options.len() > 7 {
                Widget::Select(options)
            } else {
                Widget::Radios(options)
            }
        }
        FactKind::Place { .. } => {
            let candidates = match (error, shown.typed) {
                (Some(RuleCode::SeveralPlaces), Some(typed)) => shown
                    .places
                    .get(&input::typed(typed, &spec.key))
                    .map(|places| places.iter().map(candidate).collect())
                    .unwrap_or_default(),
                _ => Vec::new(),
            };
            Widget::Place { candidates }
        }
        FactKind::Text
        | FactKind::Name
        | FactKind::Number
        | FactKind::Iban
        | FactKind::TaxId
        | FactKind::Email
        | FactKind::Phone => Widget::Text {
            width: spec.width,
            inputmode,
        },
    }
}

/// A place as an option to choose from.
#[must_use]
pub fn candidate(place: &Place) -> OptionView {
    let text = match &place.within {
        Some(within) => format!("{} ({within})", input::place_text(place)),
        None => input::place_text(place),
    };
    OptionView {
        value: place.ars.to_string(),
        label: crate::view::Label { text, lang: None },
        hint: crate::view::Label::default(),
        checked: false,
    }
}

/// All answers with their origins, in the order of the journey.
#[must_use]
pub fn check_answers(
    journey: &Journey<'_>,
    id: ApplicationId,
    version: i64,
    language: Language,
) -> CheckAnswers {
    let event = journey.event();
    let mut sections = Vec::new();
    for section in &event.sections {
        let mut rows = Vec::new();
        for question in &event.questions {
            if question.section != section.id {
                continue;
            }
            let asked = journey.question(&question.id).is_some();
            for fact in &question.facts {
                let Some(spec) = event.facts.get(fact) else {
                    continue;
                };
                if asked {
                    let stored = journey.answers().facts.get(fact);
                    rows.push(row(journey, &question.id, spec, stored, language));
                } else if let Some(derived) = journey.value(fact) {
                    // Not asked, because it follows from another answer: that is where to change it.
                    let source = event
                        .derived
                        .iter()
                        .filter(|rule| rule.fact == *fact)
                        .flat_map(|rule| rule.when.facts())
                        .find_map(|fact| event.question_for(fact));
                    let target = source.map_or(question.id.as_str(), |source| source.id.as_str());
                    let needed = journey.legs().iter().any(|leg| leg.needs.contains(fact));
                    if needed {
                        rows.push(row(journey, target, spec, Some(derived), language));
                    }
                }
            }
        }
        if !rows.is_empty() {
            sections.push(CheckSection {
                title: label(&section.title, language),
                rows,
            });
        }
    }
    CheckAnswers {
        id,
        version,
        sections,
        open: journey
            .open()
            .map(|question| OpenQuestion {
                question: question.id.clone(),
                title: label(&question.title, language),
            })
            .collect(),
    }
}

fn row(
    journey: &Journey<'_>,
    question: &str,
    spec: &FactSpec,
    answer: Option<&Answer>,
    language: Language,
) -> CheckRow {
    CheckRow {
        label: label(&spec.label, language),
        value: answer.map_or_else(
            || words::no_answer(language).to_owned(),
            |answer| words::value(spec, &answer.fact.value, language),
        ),
        origin: answer
            .map(|answer| words::origin(answer, journey.event(), language))
            .unwrap_or_default(),
        unconfirmed: answer.is_some_and(|answer| !answer.confirmed),
        question: question.to_owned(),
        target: html_id(&spec.key),
    }
}
