//! The content that is part of the binary, and what is refused.

use std::collections::BTreeMap;
use std::path::PathBuf;

use einmal_application::LifeEvent;
use einmal_model::Language;

pub(crate) fn birth() -> LifeEvent {
    LifeEvent::embedded()
        .unwrap()
        .into_iter()
        .find(|event| event.id == "geburt")
        .unwrap()
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../content/life-events/birth")
}

fn files() -> BTreeMap<String, String> {
    std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read_to_string(path).unwrap(),
            )
        })
        .collect()
}

fn problems(file: &str, from: &str, to: &str) -> String {
    let mut files = files();
    let content = files.get_mut(file).unwrap();
    assert!(content.contains(from), "{from}");
    *content = content.replacen(from, to, 1);
    LifeEvent::load_with("birth", &|name| files.get(name).cloned())
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default()
}

#[test]
fn the_embedded_birth_is_complete() {
    let event = birth();
    assert_eq!(event.legs.len(), 3);
    assert_eq!(event.sections.len(), 5);
    assert!(event.facts.len() > 40);
    let fact = &event.facts["child.1.sex"];
    assert_eq!(fact.options[0].label.in_language(Language::De), "weiblich");
    assert_eq!(fact.options[0].label.in_language(Language::En), "female");
}

#[test]
fn a_folder_gives_the_same_as_the_binary() {
    let loaded = LifeEvent::load(&folder()).unwrap();
    assert_eq!(
        format!("{:?}", loaded.facts),
        format!("{:?}", birth().facts)
    );
}

#[test]
fn an_editor_is_told_file_and_key() {
    for (file, from, to, expected) in [
        (
            "event.toml",
            "\"F99000000006\" = \"child.count\"",
            "",
            "event.toml: `legs.name.fields.F99000000006`: the form needs it, but no fact fills it",
        ),
        (
            "event.toml",
            "= \"child.birth_place#ars\"",
            "= \"child.birthplace#ars\"",
            "event.toml: `legs: child.birthplace`: no question asks for this fact",
        ),
        (
            "event.toml",
            "\"parent.2.known\" = \"yes\"",
            "\"parent.2.known\" = \"ja\"",
            "`parent.2.known` never has the value `ja`",
        ),
        (
            "event.toml",
            "when = [{ \"child.count\" = \"3\" }]",
            "when = [{ \"parents.married\" = \"yes\" }]",
            "event.toml: `questions.vornamen-3`: `parents.married` is not asked before",
        ),
        (
            "event.toml",
            "facts = [\"child.1.sex\"]",
            "facts = [\"child.1.sex\", \"child.count\"]",
            "event.toml: `questions.geschlecht`: `child.count` is asked twice",
        ),
        (
            "event.toml",
            "\"G99000000001[0]/F99000000001\"",
            "\"G99000000001/F99000000001\"",
            "`G99000000001` is a list and needs an index",
        ),
        (
            "event.toml",
            "\"G99000000002/F99000000004\"",
            "\"G99000000002/F99000000999\"",
            "the schema has no `F99000000999` here",
        ),
        (
            "event.toml",
            "\"parent.1.tax_id\" = { kind = \"tax_id\" }",
            "\"parent.1.tax_id\" = { kind = \"tax_id\", optional = true }",
            "the form needs it, but its fact may stay empty",
        ),
        (
            "texts.en.toml",
            "missing = \"Enter your street\"",
            "hint = \"x\"",
            "texts.en.toml: `facts.parent.1.street.missing`: the text is missing",
        ),
        (
            "texts.de.toml",
            "missing = \"Geben Sie Ihre Straße ein\"",
            "missing = \"Geben Sie Ihre Straße ein\", future = \"x\"",
            "texts.de.toml: `facts.parent.1.street.future`: neither label, hint nor a rule that this fact can break",
        ),
        (
            "texts.en.toml",
            "[questions.monate]",
            "[questions.months]",
            "texts.en.toml: `questions.monate`: the text is missing",
        ),
        (
            "name.xml",
            "<code>date</code>",
            "<code>datum</code>",
            "`datum` is no data type",
        ),
    ] {
        let found = problems(file, from, to);
        assert!(found.contains(expected), "{expected}\n{found}");
    }
}

#[test]
fn all_problems_are_named_at_once() {
    let error = LifeEvent::load_with("birth", &|name| {
        let text = files().remove(name)?;
        Some(text.replace("facts = [\"child.count\"]", "facts = [\"child.number\"]"))
    })
    .unwrap_err();
    assert!(error.problems.len() > 1, "{error}");
}
