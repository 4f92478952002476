//! Checks between the parts of a life event: the journey, and each form.

use std::collections::{BTreeMap, BTreeSet};

use einmal_xdatenfelder::{Element, FieldKind, Position};

use super::load::{EVENT, Problems};
use super::{Condition, FactKind, FactSpec, Leg, LifeEvent, Step};

/// Questions: unique, in the order of the sections, each fact asked once, conditions only on what
/// was asked before and only on values that exist.
pub(super) fn check_journey(event: &LifeEvent, problems: &mut Problems) {
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
pub(super) fn check_form(leg: &Leg, facts: &BTreeMap<String, FactSpec>, problems: &mut Problems) {
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
pub(super) fn find_needs(event: &mut LifeEvent) {
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
