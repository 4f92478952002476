//! Puts the files of a life event together and checks them against each other. Every problem is
//! collected with its file and key, so that an editor sees all of them at once.

use std::collections::{BTreeMap, BTreeSet};

use einmal_model::{Language, LocalText};
use einmal_xdatenfelder::{Element, Field, FieldKind, Schema};

use super::check::{check_form, check_journey, find_needs};
use super::facts::{build_facts, group_names};
use super::{
    Condition, ContentError, ContentProblem, Derived, Leg, LifeEvent, Mapping, Part, PlaceRole,
    PlaceRule, Question, Section, Step, raw,
};

pub(super) const EVENT: &str = "event.toml";
pub(super) const TEXTS: [(Language, &str); 2] = [
    (Language::De, "texts.de.toml"),
    (Language::En, "texts.en.toml"),
];

type Read<'a> = &'a dyn Fn(&str) -> Option<String>;

pub(super) fn load(folder: &str, read: Read<'_>) -> Result<LifeEvent, ContentError> {
    let mut problems = Problems::default();
    let event = build(read, &mut problems);
    match event {
        Some(event) if problems.0.is_empty() => Ok(event),
        _ => Err(ContentError {
            folder: folder.to_owned(),
            problems: problems.0,
        }),
    }
}

#[derive(Default)]
pub(super) struct Problems(Vec<ContentProblem>);

impl Problems {
    pub(super) fn add(&mut self, file: &str, key: impl Into<String>, problem: impl Into<String>) {
        self.0.push(ContentProblem {
            file: file.to_owned(),
            key: key.into(),
            problem: problem.into(),
        });
    }
}

fn parse<T: serde::de::DeserializeOwned>(
    read: Read<'_>,
    file: &str,
    problems: &mut Problems,
) -> Option<T> {
    let Some(text) = read(file) else {
        problems.add(file, "", "the file is missing");
        return None;
    };
    toml::from_str(&text)
        .map_err(|error| problems.add(file, "", error.to_string()))
        .ok()
}

fn build(read: Read<'_>, problems: &mut Problems) -> Option<LifeEvent> {
    let event: raw::Event = parse(read, EVENT, problems)?;
    let mut all_texts = BTreeMap::new();
    for (language, file) in TEXTS {
        all_texts.insert(language, parse::<raw::Texts>(read, file, problems)?);
    }
    let mut texts = Texts {
        texts: &all_texts,
        problems,
    };
    let mut legs = Vec::new();
    for leg in event.legs {
        legs.push(build_leg(leg, read, &mut texts)?);
    }
    let questions: Vec<Question> = event
        .questions
        .into_iter()
        .map(|question| build_question(question, &mut texts))
        .collect();
    let derived: Vec<Derived> = event
        .derived
        .into_iter()
        .map(|derived| Derived {
            when: condition(derived.when),
            explanation: texts.required(&format!("derived.{}", derived.rule), |texts| {
                texts.derived.get(&derived.rule).cloned()
            }),
            fact: derived.fact,
            value: derived.value,
            rule: derived.rule,
        })
        .collect();
    let sections: Vec<Section> = event
        .sections
        .into_iter()
        .map(|id| Section {
            title: texts.required(&format!("sections.{id}"), |texts| {
                texts.sections.get(&id).cloned()
            }),
            id,
        })
        .collect();
    let places: Vec<PlaceRole> = event
        .places
        .into_iter()
        .map(|place| {
            let key = format!("places.{}", place.role);
            PlaceRole {
                label: texts.required(&key, |texts| {
                    texts
                        .places
                        .get(&place.role)
                        .map(|place| place.label.clone())
                }),
                hint: texts.optional(|texts| {
                    texts
                        .places
                        .get(&place.role)
                        .map(|place| place.hint.clone())
                }),
                role: place.role,
                fact: place.fact,
            }
        })
        .collect();
    let facts = build_facts(&legs, &questions, &derived, &event.facts, &mut texts);
    let groups = group_names(&legs, &mut texts);
    let title = texts.required("title", |texts| Some(texts.title.clone()));
    let teaser = texts.required("teaser", |texts| Some(texts.teaser.clone()));
    for (key, fact) in event
        .identification
        .iter()
        .map(|(key, fact)| (format!("identification.{key}"), fact))
        .chain(
            places
                .iter()
                .map(|place| (format!("places.{}", place.role), &place.fact)),
        )
    {
        if !facts.contains_key(fact) {
            problems.add(EVENT, key, format!("there is no fact `{fact}`"));
        }
    }
    let mut built = LifeEvent {
        id: event.id,
        version: event.version,
        title,
        teaser,
        search: all_texts
            .iter()
            .map(|(language, texts)| (*language, texts.search.clone()))
            .collect(),
        draft_days: event.draft_days,
        places,
        sections,
        legs,
        questions,
        derived,
        facts,
        identification: event.identification,
        groups,
    };
    check_journey(&built, problems);
    for leg in &built.legs {
        check_form(leg, &built.facts, problems);
    }
    find_needs(&mut built);
    for question in &built.questions {
        let needed = built
            .legs
            .iter()
            .any(|leg| question.facts.iter().any(|fact| leg.needs.contains(fact)));
        if !needed {
            problems.add(
                EVENT,
                format!("questions.{}", question.id),
                "no leg needs any of its facts",
            );
        }
    }
    Some(built)
}

/// Texts by language; asks for each in every language and notes what is missing.
pub(super) struct Texts<'a, 'p> {
    pub(super) texts: &'a BTreeMap<Language, raw::Texts>,
    pub(super) problems: &'p mut Problems,
}

impl Texts<'_, '_> {
    pub(super) fn optional(&self, get: impl Fn(&raw::Texts) -> Option<String>) -> LocalText {
        LocalText(
            self.texts
                .iter()
                .filter_map(|(language, texts)| {
                    Some((*language, get(texts).filter(|text| !text.is_empty())?))
                })
                .collect(),
        )
    }

    pub(super) fn required(
        &mut self,
        key: &str,
        get: impl Fn(&raw::Texts) -> Option<String>,
    ) -> LocalText {
        let text = self.optional(get);
        self.complete(key, &text);
        text
    }

    /// A text that may be missing, but then in every language.
    fn all_or_none(&mut self, key: &str, get: impl Fn(&raw::Texts) -> Option<String>) -> LocalText {
        let text = self.optional(get);
        if !text.0.is_empty() {
            self.complete(key, &text);
        }
        text
    }

    pub(super) fn complete(&mut self, key: &str, text: &LocalText) {
        for (language, file) in TEXTS {
            if !text.0.contains_key(&language) {
                self.problems.add(file, key, "the text is missing");
            }
        }
    }
}

fn condition(alternatives: Vec<BTreeMap<String, raw::OneOrMany>>) -> Condition {
    Condition(
        alternatives
            .into_iter()
            .map(|alternative| {
                alternative
                    .into_iter()
                    .map(|(fact, accepted)| (fact, accepted.into_vec()))
                    .collect()
            })
            .collect(),
    )
}

fn build_question(question: raw::Question, texts: &mut Texts<'_, '_>) -> Question {
    let key = format!("questions.{}", question.id);
    let id = question.id.clone();
    Question {
        title: texts.required(&key, |texts| {
            texts
                .questions
                .get(&id)
                .map(|question| question.title.clone())
        }),
        hint: texts.all_or_none(&format!("{key}.hint"), |texts| {
            texts
                .questions
                .get(&id)
                .map(|question| question.hint.clone())
        }),
        details: texts.all_or_none(&format!("{key}.details"), |texts| {
            texts
                .questions
                .get(&id)
                .map(|question| question.details.clone())
        }),
        id: question.id,
        section: question.section,
        facts: question.facts,
        when: condition(question.when),
    }
}

fn build_leg(leg: raw::Leg, read: Read<'_>, texts: &mut Texts<'_, '_>) -> Option<Leg> {
    let Some(bytes) = read(&leg.schema) else {
        texts.problems.add(
            EVENT,
            format!("legs.{}.schema", leg.id),
            "the schema is missing",
        );
        return None;
    };
    let schema = match einmal_xdatenfelder::read_schema(bytes.as_bytes()) {
        Ok(schema) => schema,
        Err(error) => {
            texts
                .problems
                .add(&leg.schema, error.path.clone(), error.to_string());
            return None;
        }
    };
    let mut fields = Vec::new();
    for (path, target) in &leg.fields {
        let key = format!("legs.{}.fields.{path}", leg.id);
        match mapping(path, target) {
            Some(mapping) => match find_field(&schema, &mapping.path) {
                Ok(_) => fields.push(mapping),
                Err(problem) => texts.problems.add(EVENT, key, problem),
            },
            None => texts
                .problems
                .add(EVENT, key, "not of the form `G…/F…` = \"fact#part\""),
        }
    }
    let key = |name: &str| format!("legs.{}.{name}", leg.id);
    let mut text = |name: &str, get: fn(&raw::LegTexts) -> &String| {
        texts.required(&key(name), |texts| {
            texts.legs.get(&leg.id).map(get).cloned()
        })
    };
    Some(Leg {
        title: text("title", |leg| &leg.title),
        teaser: text("teaser", |leg| &leg.teaser),
        why: text("why", |leg| &leg.why),
        office: text("office", |leg| &leg.office),
        next: text("next", |leg| &leg.next),
        deadline: texts.optional(|texts| texts.legs.get(&leg.id).map(|leg| leg.deadline.clone())),
        id: leg.id,
        leika: leg.leika,
        schema,
        role: leg.role,
        places: leg
            .places
            .into_iter()
            .map(|rule| PlaceRule {
                fact: rule.fact,
                when: condition(rule.when.into_iter().collect()),
            })
            .collect(),
        fields,
        needs: BTreeSet::new(),
    })
}

fn mapping(path: &str, target: &str) -> Option<Mapping> {
    let mut steps = Vec::new();
    for step in path.split('/') {
        let (id, index) = match step.split_once('[') {
            Some((id, rest)) => (id, Some(rest.strip_suffix(']')?.parse().ok()?)),
            None => (step, None),
        };
        steps.push(Step {
            id: id.to_owned(),
            index,
        });
    }
    let (fact, part) = match target.split_once('#') {
        None => (target, Part::Whole),
        Some((fact, "name")) => (fact, Part::Name),
        Some((fact, "ars")) => (fact, Part::Ars),
        Some((fact, "postcode")) => (fact, Part::Postcode),
        Some(_) => return None,
    };
    (!fact.is_empty()).then(|| Mapping {
        path: steps,
        fact: fact.to_owned(),
        part,
    })
}

pub(super) fn find_field<'s>(schema: &'s Schema, path: &[Step]) -> Result<&'s Field, String> {
    for (depth, step) in path.iter().enumerate() {
        let ids = path.iter().take(depth + 1).map(|step| step.id.as_str());
        let Some(position) = schema.position(ids) else {
            return Err(format!("the schema has no `{}` here", step.id));
        };
        let count = position.multiplicity;
        match step.index {
            None if count.is_list() => {
                return Err(format!("`{}` is a list and needs an index", step.id));
            }
            Some(_) if !count.is_list() => {
                return Err(format!("`{}` is no list and takes no index", step.id));
            }
            Some(index)
                if count
                    .max
                    .is_some_and(|max| index >= usize::try_from(max).unwrap_or(usize::MAX)) =>
            {
                return Err(format!("`{}` does not occur that often", step.id));
            }
            _ => {}
        }
        if depth + 1 == path.len() {
            return match &position.element {
                Element::Field(field) if field.field_kind != FieldKind::Label => Ok(field),
                _ => Err(format!("`{}` is no field with data", step.id)),
            };
        }
    }
    Err("the path is empty".to_owned())
}
