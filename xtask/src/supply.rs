//! Licences, sources, banned and duplicate packages, by the lists in `deny.toml`.
//!
//! The file is a configuration of cargo-deny, which also knows advisories but needs the network and minutes to build.
//! Reading the same file keeps one list for both.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::licence;
use crate::metadata::Graph;

/// The part of cargo-deny's configuration that this check understands.
#[derive(Debug, Deserialize)]
struct Rules {
    licenses: Licences,
    bans: Bans,
    sources: Sources,
}

#[derive(Debug, Deserialize)]
struct Licences {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

#[derive(Debug, Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    package: String,
    allow: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Bans {
    deny: Vec<Entry>,
    skip: Vec<Entry>,
}

/// A package by name, or by name and the beginning of its version (`name@1.2`).
#[derive(Debug, Deserialize)]
struct Entry {
    #[serde(rename = "crate")]
    package: String,
    /// Packages that may use a banned one all the same.
    #[serde(default)]
    wrappers: Vec<String>,
    reason: String,
}

impl Entry {
    fn matches(&self, name: &str, version: &str) -> bool {
        match self.package.split_once('@') {
            None => self.package == name,
            Some((wanted, prefix)) => {
                wanted == name
                    && version
                        .strip_prefix(prefix)
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            }
        }
    }
}

#[derive(Debug, Deserialize)]
struct Sources {
    /// Without a list only the public registry is allowed, as in cargo-deny.
    #[serde(rename = "allow-registry", default)]
    allow_registry: Vec<String>,
}

impl Sources {
    fn allow(&self, source: &str) -> bool {
        let Some(registry) = source.strip_prefix("registry+") else {
            return false;
        };
        if self.allow_registry.is_empty() {
            registry.ends_with("/crates.io-index")
        } else {
            self.allow_registry
                .iter()
                .any(|allowed| allowed == registry)
        }
    }
}

/// Fails with everything in the graph that the lists do not allow.
pub(crate) fn check(graph: &Graph, deny: &Path) -> Result<()> {
    let text = fs::read_to_string(deny).with_context(|| deny.display().to_string())?;
    let rules: Rules = toml::from_str(&text).with_context(|| deny.display().to_string())?;
    let found = findings(graph, &rules);
    if found.is_empty() {
        return Ok(());
    }
    bail!("not allowed by deny.toml:\n  {}", found.join("\n  "))
}

fn findings(graph: &Graph, rules: &Rules) -> Vec<String> {
    let mut found = Vec::new();
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut used_skips = BTreeSet::new();
    for (id, package) in &graph.packages {
        let (name, version) = (package.name.as_str(), package.version.as_str());
        for ban in rules
            .bans
            .deny
            .iter()
            .filter(|ban| ban.matches(name, version))
        {
            let users = graph
                .users(id)
                .filter(|user| !ban.wrappers.contains(&user.name));
            found.extend(users.map(|user| {
                format!(
                    "{name} {version}, used by {}, is banned: {}",
                    user.name, ban.reason
                )
            }));
        }
        let Some(source) = &package.source else {
            continue;
        };
        if !rules.sources.allow(source) {
            found.push(format!("{name} {version} comes from {source}"));
        }
        let extra = rules
            .licenses
            .exceptions
            .iter()
            .filter(|exception| exception.package == name);
        let extra: Vec<&String> = extra.flat_map(|exception| &exception.allow).collect();
        let accept = |licence: &str| {
            rules
                .licenses
                .allow
                .iter()
                .chain(extra.iter().copied())
                .any(|one| one == licence)
        };
        match &package.licence {
            Some(expression) if licence::accepted(expression, &accept) => {}
            Some(expression) => found.push(format!("{name} {version} has licence {expression}")),
            None => found.push(format!("{name} {version} states no licence")),
        }
        match rules
            .bans
            .skip
            .iter()
            .find(|skip| skip.matches(name, version))
        {
            Some(skip) => {
                used_skips.insert(&skip.package);
            }
            None => {
                versions.entry(name).or_default().insert(version);
            }
        }
    }
    for (name, several) in versions.iter().filter(|(_, several)| several.len() > 1) {
        let several: Vec<&str> = several.iter().copied().collect();
        found.push(format!(
            "{name} is there more than once: {}",
            several.join(", ")
        ));
    }
    let unused = rules
        .bans
        .skip
        .iter()
        .filter(|skip| !used_skips.contains(&skip.package));
    found.extend(unused.map(|skip| format!("{} is skipped but not there any more", skip.package)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::Package;

    const RULES: &str = r#"
        [licenses]
        allow = ["MIT"]
        exceptions = [{ crate = "roots", allow = ["CDLA-Permissive-2.0"] }]
        [bans]
        deny = [{ crate = "ring", wrappers = ["patient"], reason = "one crypto library is enough" }]
        skip = [{ crate = "old@0.2", reason = "waits for somebody" }]
        [sources]
        allow-registry = ["the-registry"]
    "#;

    fn package(name: &str, version: &str, licence: &str, source: &str) -> Package {
        Package {
            name: name.to_owned(),
            version: version.to_owned(),
            licence: Some(licence.to_owned()),
            source: Some(source.to_owned()),
            ..Package::default()
        }
    }

    fn found(packages: Vec<Package>) -> Vec<String> {
        let rules: Rules = toml::from_str(RULES).unwrap();
        let mut graph = Graph::default();
        // The skip must be in use, otherwise every test would find that too.
        let skipped = package("old", "0.2.9", "MIT", "registry+the-registry");
        for package in packages.into_iter().chain([skipped]) {
            graph
                .packages
                .insert(format!("{} {}", package.name, package.version), package);
        }
        findings(&graph, &rules)
    }

    #[test]
    fn a_clean_graph_has_no_findings() {
        let roots = package(
            "roots",
            "1.0.0",
            "CDLA-Permissive-2.0",
            "registry+the-registry",
        );
        let old = package("old", "0.3.0", "MIT", "registry+the-registry");
        assert_eq!(found(vec![roots, old]), Vec::<String>::new());
    }

    #[test]
    fn names_what_is_banned_foreign_unlicensed_and_doubled() {
        let mut user = package("user", "1.0.0", "MIT", "registry+the-registry");
        user.needs.insert("ring 0.17.0".to_owned());
        let mut patient = package("patient", "1.0.0", "MIT", "registry+the-registry");
        patient.needs.insert("ring 0.17.0".to_owned());
        let found = found(vec![
            user,
            patient,
            package("ring", "0.17.0", "MIT", "registry+the-registry"),
            package("fork", "1.0.0", "MIT", "git+somewhere"),
            package("copyleft", "1.0.0", "GPL-3.0", "registry+the-registry"),
            package("two", "1.0.0", "MIT", "registry+the-registry"),
            package("two", "2.0.0", "MIT", "registry+the-registry"),
        ])
        .join("\n");
        for expected in [
            "ring 0.17.0, used by user, is banned: one crypto library is enough",
            "fork 1.0.0 comes from git+somewhere",
            "copyleft 1.0.0 has licence GPL-3.0",
            "two is there more than once: 1.0.0, 2.0.0",
        ] {
            assert!(
                found.contains(expected),
                "{expected:?} is missing in {found}"
            );
        }
    }

    #[test]
    fn a_skip_that_is_not_needed_any_more_is_named() {
        let rules: Rules = toml::from_str(RULES).unwrap();
        let found = findings(&Graph::default(), &rules);
        assert_eq!(found, ["old@0.2 is skipped but not there any more"]);
    }

    #[test]
    fn every_ban_and_skip_gives_its_reason() {
        let text = fs::read_to_string(crate::process::root().join("deny.toml")).unwrap();
        let rules: Rules = toml::from_str(&text).unwrap();
        assert!(
            rules
                .bans
                .deny
                .iter()
                .chain(&rules.bans.skip)
                .all(|entry| !entry.reason.is_empty())
        );
    }
}
