//! Puts the files of a life event together and checks them against each other. Every problem is
//! collected with its file and key, so that an editor sees all of them at once.

use std::collections::{BTreeMap, BTreeSet};

use einmal_model::{Language, LocalText};
use einmal_xdatenfelder::{DataType, Element, Field, FieldKind, Position, Schema};
use serde::Deserialize as _;
use serde::de::value::{Error as ValueError, StrDeserializer};

use super::{
    Condition, ContentError, ContentProblem, Derived, FactKind, FactSpec, Leg, LifeEvent, Mapping,
    OptionSpec, Part, PlaceRole, PlaceRule, Question, RuleCode, Section, Step, raw,
};

const EVENT: &str = "event.toml";
const TEXTS: [(Language, &str); 2] = [
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
struct Problems(Vec<ContentProblem>);

impl Problems {
    fn add(&mut self, file: &str, key: impl Into<String>, problem: impl Into<String>) {
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

/// A field of a form that a fact fills.
struct Use<'a> {
    field: &'a Field,
    part: Part,
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
struct Texts<'a, 'p> {
    texts: &'a BTreeMap<Language, raw::Texts>,
    problems: &'p mut Problems,
}

impl Texts<'_, '_> {
    fn optional(&self, get: impl Fn(&raw::Texts) -> Option<String>) -> LocalText {
        LocalText(
            self.texts
                .iter()
                .filter_map(|(language, texts)| {
                    Some((*language, get(texts).filter(|text| !text.is_empty())?))
                })
                .collect(),
        )
    }

    fn required(&mut self, key: &str, get: impl Fn(&raw::Texts) -> Option<String>) -> LocalText {
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

    fn complete(&mut self, key: &str, text: &LocalText) {
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

fn find_field<'s>(schema: &'s Schema, path: &[Step]) -> Result<&'s Field, String> {
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

fn build_facts(
    legs: &[Leg],
    questions: &[Question],
    derived: &[Derived],
    written: &BTreeMap<String, raw::Fact>,
    texts: &mut Texts<'_, '_>,
) -> BTreeMap<String, FactSpec> {
    let mut uses: BTreeMap<&str, Vec<Use<'_>>> = BTreeMap::new();
    for leg in legs {
        for mapping in &leg.fields {
            if let Ok(field) = find_field(&leg.schema, &mapping.path) {
                uses.entry(&mapping.fact).or_default().push(Use {
                    field,
                    part: mapping.part,
                });
            }
        }
    }
    let asked: BTreeSet<&str> = questions
        .iter()
        .flat_map(|question| question.facts.iter().map(String::as_str))
        .collect();
    for (fact, file_key) in uses
        .keys()
        .map(|fact| (*fact, "legs"))
        .chain(written.keys().map(|fact| (fact.as_str(), "facts")))
        .chain(
            derived
                .iter()
                .map(|derived| (derived.fact.as_str(), "derived")),
        )
    {
        if !asked.contains(fact) {
            texts.problems.add(
                EVENT,
                format!("{file_key}: {fact}"),
                "no question asks for this fact",
            );
        }
    }
    let default = raw::Fact::default();
    asked
        .into_iter()
        .map(|key| {
            let written = written.get(key).unwrap_or(&default);
            let uses = uses.get(key).map_or(&[][..], Vec::as_slice);
            (key.to_owned(), build_fact(key, written, uses, texts))
        })
        .collect()
}

fn build_fact(
    key: &str,
    written: &raw::Fact,
    uses: &[Use<'_>],
    texts: &mut Texts<'_, '_>,
) -> FactSpec {
    let whole: Vec<&Field> = uses
        .iter()
        .filter(|usage| usage.part == Part::Whole)
        .map(|usage| usage.field)
        .collect();
    let first = whole.first().copied();
    let kind = kind_of(key, written, first, texts);
    let is_place = matches!(kind, FactKind::Place { .. });
    if uses
        .iter()
        .any(|usage| (usage.part == Part::Whole) == is_place)
    {
        texts.problems.add(
            EVENT,
            format!("facts.{key}"),
            "places are used by their parts (#name, #ars, #postcode), other facts as a whole",
        );
    }
    let length = |get: fn(&Field) -> Option<u32>| {
        whole
            .iter()
            .filter_map(move |field| get(field).and_then(|length| usize::try_from(length).ok()))
    };
    let value = |get: fn(&Field) -> Option<i128>| {
        whole.iter().filter_map(move |field| {
            get(field).and_then(|value| i64::try_from(value / 1_000_000).ok())
        })
    };
    let max_length = length(|field| field.constraints.max_length).min();
    let min = value(|field| {
        field
            .constraints
            .min_value
            .as_ref()
            .map(|min| min.millionths)
    })
    .max();
    let max = value(|field| {
        field
            .constraints
            .max_value
            .as_ref()
            .map(|max| max.millionths)
    })
    .min();
    let mut spec = FactSpec {
        key: key.to_owned(),
        kind,
        optional: written.optional,
        min,
        max,
        min_length: length(|field| field.constraints.min_length).max(),
        max_length,
        options: options(key, kind, written, &whole, texts),
        at_least: written
            .at_least
            .clone()
            .map(|other| (other.fact, other.plus)),
        width: written.width.unwrap_or(match kind {
            FactKind::Number => 4,
            FactKind::TaxId => 14,
            FactKind::Iban => 30,
            _ => max_length.unwrap_or(40).min(40),
        }),
        autocomplete: written.autocomplete.clone(),
        label: LocalText::default(),
        hint: LocalText::default(),
        errors: BTreeMap::new(),
    };
    fact_texts(&mut spec, first, texts);
    spec
}

fn kind_of(
    key: &str,
    written: &raw::Fact,
    field: Option<&Field>,
    texts: &mut Texts<'_, '_>,
) -> FactKind {
    let kind = written.kind.or_else(|| {
        field.and_then(|field| match (field.field_kind, field.data_type) {
            (FieldKind::Select, _) => Some(raw::Kind::Choice),
            (_, DataType::Text | DataType::TextLatin) => Some(raw::Kind::Text),
            (_, DataType::Date) => Some(raw::Kind::Date),
            (_, DataType::Bool) => Some(raw::Kind::Bool),
            (_, DataType::Integer) => Some(raw::Kind::Number),
            _ => None,
        })
    });
    match kind {
        Some(raw::Kind::Text) => FactKind::Text,
        Some(raw::Kind::Name) => FactKind::Name,
        Some(raw::Kind::Date) => FactKind::Date { past: written.past },
        Some(raw::Kind::Bool) => FactKind::Bool,
        Some(raw::Kind::Number) => FactKind::Number,
        Some(raw::Kind::Choice) => FactKind::Choice,
        Some(raw::Kind::Place) => FactKind::Place {
            postcode: written.postcode,
        },
        Some(raw::Kind::Iban) => FactKind::Iban,
        Some(raw::Kind::TaxId) => FactKind::TaxId,
        Some(raw::Kind::Email) => FactKind::Email,
        Some(raw::Kind::Phone) => FactKind::Phone,
        None => {
            texts.problems.add(
                EVENT,
                format!("facts.{key}"),
                "the kind of input is unknown",
            );
            FactKind::Text
        }
    }
}

fn options(
    key: &str,
    kind: FactKind,
    written: &raw::Fact,
    fields: &[&Field],
    texts: &mut Texts<'_, '_>,
) -> Vec<OptionSpec> {
    if kind == FactKind::Bool {
        return ["yes", "no"]
            .into_iter()
            .map(|code| OptionSpec {
                code: code.to_owned(),
                label: texts.required(&format!("options.bool.{code}"), |texts| {
                    texts.options.get("bool")?.get(code).cloned()
                }),
                hint: LocalText::default(),
            })
            .collect();
    }
    if kind != FactKind::Choice {
        return Vec::new();
    }
    if !written.options.is_empty() {
        return written
            .options
            .iter()
            .map(|code| OptionSpec {
                label: texts.required(&format!("options.{key}.{code}"), |texts| {
                    texts.options.get(key)?.get(code).cloned()
                }),
                code: code.clone(),
                hint: LocalText::default(),
            })
            .collect();
    }
    let Some(first) = fields.first() else {
        texts.problems.add(
            EVENT,
            format!("facts.{key}.options"),
            "a choice without options",
        );
        return Vec::new();
    };
    let codes = |field: &Field| -> Vec<String> {
        field
            .values
            .iter()
            .map(|value| value.code.clone())
            .collect()
    };
    if fields.iter().any(|field| codes(field) != codes(first)) || first.values.is_empty() {
        texts.problems.add(
            EVENT,
            format!("facts.{key}"),
            "the schemas have no options for it, or different ones",
        );
    }
    let id = &first.base.identifier.id;
    first
        .values
        .iter()
        .map(|value| {
            let mut label =
                texts.optional(|texts| texts.options.get(id)?.get(&value.code).cloned());
            label
                .0
                .entry(Language::De)
                .or_insert_with(|| value.name.clone());
            texts.complete(&format!("options.{id}.{}", value.code), &label);
            OptionSpec {
                code: value.code.clone(),
                label,
                hint: value
                    .help
                    .clone()
                    .map(LocalText::german)
                    .unwrap_or_default(),
            }
        })
        .collect()
}

fn fact_texts(spec: &mut FactSpec, field: Option<&Field>, texts: &mut Texts<'_, '_>) {
    let key = spec.key.clone();
    let written = |texts: &raw::Texts, name: &str| texts.facts.get(&key)?.get(name).cloned();
    spec.label = texts.optional(|texts| written(texts, "label"));
    if let Some(field) = field {
        spec.label
            .0
            .entry(Language::De)
            .or_insert_with(|| field.label_input.clone());
    }
    texts.complete(&format!("facts.{key}.label"), &spec.label);
    spec.hint = texts.optional(|texts| written(texts, "hint"));
    // An empty hint in the German texts switches the hint of the schema off.
    let german_hint = texts
        .texts
        .get(&Language::De)
        .and_then(|texts| written(texts, "hint"));
    if german_hint.is_none()
        && let Some(help) = field.and_then(|field| field.help_input.clone())
        && !matches!(spec.kind, FactKind::Bool | FactKind::Choice)
        && spec.hint.0.contains_key(&Language::En)
    {
        spec.hint.0.entry(Language::De).or_insert(help);
    }
    let mut errors = BTreeMap::new();
    for rule in spec.rules() {
        let name = rule_name(rule);
        let text = texts.required(&format!("facts.{key}.{name}"), |texts| {
            written(texts, &name).or_else(|| texts.rules.get(&rule).cloned())
        });
        errors.insert(rule, text);
    }
    spec.errors = errors;
    for (language, file) in TEXTS {
        let Some(entries) = texts
            .texts
            .get(&language)
            .and_then(|texts| texts.facts.get(&key))
        else {
            continue;
        };
        let unknown: Vec<&String> = entries
            .keys()
            .filter(|name| {
                !matches!(name.as_str(), "label" | "hint")
                    && !rule_code(name).is_some_and(|rule| spec.errors.contains_key(&rule))
            })
            .collect();
        for name in unknown {
            texts.problems.add(
                file,
                format!("facts.{key}.{name}"),
                "neither label, hint nor a rule that this fact can break",
            );
        }
    }
}

fn rule_code(name: &str) -> Option<RuleCode> {
    RuleCode::deserialize(StrDeserializer::<ValueError>::new(name)).ok()
}

/// The name of a rule in the files: its variant in snake case.
fn rule_name(rule: RuleCode) -> String {
    let mut name = String::new();
    for character in format!("{rule:?}").chars() {
        if character.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(character.to_lowercase());
    }
    name
}

fn group_names(legs: &[Leg], texts: &mut Texts<'_, '_>) -> BTreeMap<String, LocalText> {
    let mut names = BTreeMap::new();
    let mut open: Vec<&Position> = legs.iter().flat_map(|leg| &leg.schema.structure).collect();
    while let Some(position) = open.pop() {
        if let Element::Group(group) = &position.element {
            open.extend(&group.structure);
            let id = &group.base.identifier.id;
            if !names.contains_key(id) {
                let mut name = texts.optional(|texts| texts.groups.get(id).cloned());
                name.0
                    .entry(Language::De)
                    .or_insert_with(|| group.label_output.clone());
                texts.complete(&format!("groups.{id}"), &name);
                names.insert(id.clone(), name);
            }
        }
    }
    names
}

/// Questions: unique, in the order of the sections, each fact asked once, conditions only on what
/// was asked before and only on values that exist.
fn check_journey(event: &LifeEvent, problems: &mut Problems) {
    let mut section_index = 0;
    let mut asked: BTreeSet<&str> = BTreeSet::new();
    let mut ids: BTreeSet<&str> = BTreeSet::new();
    for question in &event.questions {
        let key = format!("questions.{}", question.id);
        if !ids.insert(&question.id) {
            problems.add(EVENT, &key, "the question exists twice");
        }
        match event
            .sections
            .iter()
            .position(|section| section.id == question.section)
        {
            None => problems.add(EVENT, &key, "unknown section"),
            Some(index) if index < section_index => {
                problems.add(EVENT, &key, "stands after a question of a later section");
            }
            Some(index) => section_index = index,
        }
        check_condition(event, &key, &question.when, Some(&asked), problems);
        for fact in &question.facts {
            if !asked.insert(fact) {
                problems.add(EVENT, &key, format!("`{fact}` is asked twice"));
            }
            let other = event
                .facts
                .get(fact)
                .and_then(|spec| spec.at_least.as_ref());
            if other.is_some_and(|(other, _)| !question.facts.contains(other)) {
                problems.add(
                    EVENT,
                    &key,
                    format!("`{fact}` is compared with another question"),
                );
            }
        }
    }
    for derived in &event.derived {
        let key = format!("derived.{}", derived.fact);
        check_condition(event, &key, &derived.when, Some(&asked), problems);
        check_value(event, &key, &derived.fact, &derived.value, problems);
        if derived.when.0.is_empty() {
            problems.add(EVENT, &key, "needs a condition");
        }
    }
    for leg in &event.legs {
        let key = format!("legs.{}.places", leg.id);
        for rule in &leg.places {
            let is_place = event
                .facts
                .get(&rule.fact)
                .is_some_and(|spec| matches!(spec.kind, FactKind::Place { .. }));
            if !is_place {
                problems.add(EVENT, &key, format!("`{}` is no place", rule.fact));
            }
            check_condition(event, &key, &rule.when, None, problems);
        }
        if leg.places.last().is_none_or(|rule| !rule.when.0.is_empty()) {
            problems.add(EVENT, &key, "the last rule must hold always");
        }
        if !event.places.iter().any(|place| place.role == leg.role) {
            problems.add(EVENT, &key, format!("there is no place `{}`", leg.role));
        }
    }
}

fn check_condition(
    event: &LifeEvent,
    key: &str,
    when: &Condition,
    asked: Option<&BTreeSet<&str>>,
    problems: &mut Problems,
) {
    for alternative in &when.0 {
        for (fact, accepted) in alternative {
            if asked.is_some_and(|asked| !asked.contains(fact.as_str())) {
                problems.add(EVENT, key, format!("`{fact}` is not asked before"));
            }
            for value in accepted {
                check_value(event, key, fact, value, problems);
            }
        }
    }
}

fn check_value(event: &LifeEvent, key: &str, fact: &str, value: &str, problems: &mut Problems) {
    let Some(spec) = event.facts.get(fact) else {
        problems.add(EVENT, key, format!("there is no fact `{fact}`"));
        return;
    };
    let possible = match spec.kind {
        FactKind::Bool | FactKind::Choice => spec.options.iter().any(|option| option.code == value),
        FactKind::Number => value.parse::<i64>().is_ok(),
        _ => false,
    };
    if !possible {
        problems.add(
            EVENT,
            key,
            format!("`{fact}` never has the value `{value}`"),
        );
    }
}

/// Every mandatory field of a form that is used at all must be filled by a fact that cannot stay
/// empty.
fn check_form(leg: &Leg, facts: &BTreeMap<String, FactSpec>, problems: &mut Problems) {
    let file = format!("legs.{}.fields", leg.id);
    let mut prefix = Vec::new();
    check_level(
        leg,
        &leg.schema.structure,
        &mut prefix,
        facts,
        &file,
        problems,
    );
}

fn check_level(
    leg: &Leg,
    structure: &[Position],
    prefix: &mut Vec<Step>,
    facts: &BTreeMap<String, FactSpec>,
    key: &str,
    problems: &mut Problems,
) {
    for position in structure {
        let id = position.element.id();
        let mut indices: Vec<Option<usize>> = leg
            .fields
            .iter()
            .filter(|mapping| mapping.path.starts_with(prefix))
            .filter_map(|mapping| mapping.path.get(prefix.len()))
            .filter(|step| step.id == id)
            .map(|step| step.index)
            .collect();
        indices.sort_unstable();
        indices.dedup();
        let required = position.multiplicity.is_required();
        if indices.is_empty() {
            let is_label = matches!(&position.element, Element::Field(field) if field.field_kind == FieldKind::Label);
            if required && !is_label {
                problems.add(
                    EVENT,
                    format!("{key}.{id}"),
                    "the form needs it, but no fact fills it",
                );
            }
            continue;
        }
        for index in indices {
            prefix.push(Step {
                id: id.to_owned(),
                index,
            });
            match &position.element {
                Element::Group(group) => {
                    check_level(leg, &group.structure, prefix, facts, key, problems);
                }
                Element::Field(_) => {
                    let optional = leg
                        .fields
                        .iter()
                        .find(|mapping| mapping.path == *prefix)
                        .and_then(|mapping| facts.get(&mapping.fact))
                        .is_some_and(|spec| spec.optional);
                    if required && optional {
                        problems.add(
                            EVENT,
                            format!("{key}.{id}"),
                            "the form needs it, but its fact may stay empty",
                        );
                    }
                }
            }
            prefix.pop();
        }
    }
}

/// The facts each leg needs: those in its form and those that decide about them.
fn find_needs(event: &mut LifeEvent) {
    let mut found: Vec<BTreeSet<String>> = Vec::new();
    for leg in &event.legs {
        let mut needs: BTreeSet<String> = BTreeSet::new();
        let mut open: Vec<String> = leg
            .fields
            .iter()
            .map(|mapping| mapping.fact.clone())
            .collect();
        for rule in &leg.places {
            open.push(rule.fact.clone());
            open.extend(rule.when.facts().map(str::to_owned));
        }
        while let Some(fact) = open.pop() {
            if !needs.insert(fact.clone()) {
                continue;
            }
            if let Some(question) = event.question_for(&fact) {
                open.extend(question.when.facts().map(str::to_owned));
            }
            for derived in event.derived.iter().filter(|derived| derived.fact == fact) {
                open.extend(derived.when.facts().map(str::to_owned));
            }
        }
        found.push(needs);
    }
    for (leg, needs) in event.legs.iter_mut().zip(found) {
        leg.needs = needs;
    }
}
