//! The words of the pages: Fluent files in `locales/`, one folder per language, carried in the binary.
//!
//! A text that is missing at run time shows its key and is logged. The tests keep that from happening: every key that
//! code or a template names exists in every language, and every key that exists is used.

use std::sync::LazyLock;

use einmal_model::Language;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

/// The Fluent files of every language, by topic.
const FILES: [(Language, &[&str]); 2] = [
    (
        Language::De,
        &[
            include_str!("../locales/de/frame.ftl"),
            include_str!("../locales/de/errors.ftl"),
            include_str!("../locales/de/find.ftl"),
            include_str!("../locales/de/apply.ftl"),
            include_str!("../locales/de/account.ftl"),
            include_str!("../locales/de/authority.ftl"),
            include_str!("../locales/de/help.ftl"),
        ],
    ),
    (
        Language::En,
        &[
            include_str!("../locales/en/frame.ftl"),
            include_str!("../locales/en/errors.ftl"),
            include_str!("../locales/en/find.ftl"),
            include_str!("../locales/en/apply.ftl"),
            include_str!("../locales/en/account.ftl"),
            include_str!("../locales/en/authority.ftl"),
            include_str!("../locales/en/help.ftl"),
        ],
    ),
];

static TEXTS: LazyLock<Vec<(Language, FluentBundle<FluentResource>)>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|(language, files)| (*language, bundle(*language, files)))
        .collect()
});

fn bundle(language: Language, files: &[&str]) -> FluentBundle<FluentResource> {
    let locale: LanguageIdentifier = language.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Isolation marks around values end up in page titles and copied text; our values are short and left-to-right.
    bundle.set_use_isolating(false);
    for file in files {
        let resource =
            FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(readable, errors)| {
                tracing::error!(language = language.code(), ?errors, "unreadable texts");
                readable
            });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(language = language.code(), ?errors, "texts stated twice");
        }
    }
    bundle
}

/// The text of a key in a language, with values filled in.
pub(crate) fn text(language: Language, key: &str, values: &[(&str, String)]) -> String {
    let bundle = TEXTS.iter().find(|(known, _)| *known == language);
    let pattern = bundle
        .and_then(|(_, bundle)| Some((bundle, bundle.get_message(key)?)))
        .and_then(|(bundle, message)| Some((bundle, message.value()?)));
    let Some((bundle, pattern)) = pattern else {
        tracing::error!(language = language.code(), key, "text is missing");
        return key.to_owned();
    };
    let mut args = FluentArgs::new();
    for (name, value) in values {
        // Whole numbers choose plural forms; everything else goes in as it is.
        match value.parse::<i64>() {
            Ok(number) if number.to_string() == *value => args.set(*name, number),
            _ => args.set(*name, value.as_str()),
        }
    }
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&args), &mut errors);
    if !errors.is_empty() {
        tracing::error!(
            language = language.code(),
            key,
            ?errors,
            "text lacks a value"
        );
    }
    text.into_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    use super::*;

    fn keys(files: &[&str]) -> BTreeSet<String> {
        files
            .iter()
            .flat_map(|file| file.lines())
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| line.split_once(" ="))
            .map(|(key, _)| key.to_owned())
            .collect()
    }

    /// Values that a text names, as `{ $name }`.
    fn values(files: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut key = String::new();
        for line in files.iter().flat_map(|file| file.lines()) {
            if line.starts_with(|c: char| c.is_ascii_lowercase()) {
                key = line.split(" =").next().unwrap().to_owned();
            }
            for part in line.split('$').skip(1) {
                let name: String = part
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                    .collect();
                found.entry(key.clone()).or_default().insert(name);
            }
        }
        found
    }

    fn read_all(folder: &Path, into: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read_all(&path, into);
            } else {
                into.push_str(&std::fs::read_to_string(&path).unwrap());
                into.push('\n');
            }
        }
    }

    /// Everything that may name a key: code and templates.
    fn sources() -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut all = String::new();
        read_all(&root.join("src"), &mut all);
        read_all(&root.join("templates"), &mut all);
        all
    }

    #[test]
    fn every_language_has_the_same_keys_and_values() {
        let [(_, german), (_, english)] = FILES;
        assert_eq!(keys(german), keys(english));
        assert_eq!(values(german), values(english));
    }

    #[test]
    fn every_key_that_is_named_exists() {
        let known = keys(FILES[0].1);
        let sources = sources();
        let mut missing = BTreeSet::new();
        for call in [".t(\"", ".t1(\"", ".t2(\"", "say(\""] {
            for rest in sources.split(call).skip(1) {
                let key = rest.split('"').next().unwrap();
                if !known.contains(key) {
                    missing.insert(key.to_owned());
                }
            }
        }
        missing.remove(", ");
        assert_eq!(missing, BTreeSet::new());
    }

    #[test]
    fn every_key_that_exists_is_used() {
        let sources = sources();
        let unused: Vec<String> = keys(FILES[0].1)
            .into_iter()
            .filter(|key| !sources.contains(&format!("\"{key}\"")))
            .collect();
        assert_eq!(unused, Vec::<String>::new());
    }

    #[test]
    fn every_file_is_readable_and_no_key_stands_twice() {
        for (language, files) in FILES {
            let mut seen = BTreeSet::new();
            for file in files {
                let resource = FluentResource::try_new((*file).to_owned());
                assert!(resource.is_ok(), "{language:?}: {:?}", resource.err());
                for key in keys(&[file]) {
                    assert!(seen.insert(key.clone()), "{language:?}: {key}");
                }
            }
        }
    }

    #[test]
    fn numbers_choose_the_plural() {
        let one = text(Language::De, "error-summary", &[("count", "1".to_owned())]);
        let many = text(Language::De, "error-summary", &[("count", "3".to_owned())]);
        assert_eq!(one, "Es gibt ein Problem");
        assert_eq!(many, "Es gibt 3 Probleme");
    }
}
