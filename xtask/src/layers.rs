//! The dependency rule of `docs/architecture.md`, checked on what cargo really links.
//!
//! `model ← formats, rules ← domains ← edge ← einmal` and `model ← storage, search, messaging ← domains`.

use anyhow::{Result, bail};

use crate::metadata::{Graph, Package};

/// A floor of the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layer {
    /// The shared vocabulary.
    Model,
    Formats,
    Rules,
    /// Storage, search, messaging.
    Platform,
    Domains,
    Edge,
    /// The binary.
    Binary,
    /// Tests, benches and chores: may use everything, nothing may use them.
    Tools,
}

impl Layer {
    fn of(package: &Package) -> Option<Self> {
        let folder = package.folder.as_deref()?;
        let mut parts = folder.split('/');
        Some(match (parts.next(), parts.next(), parts.next()) {
            (Some("crates"), Some("platform"), Some("model")) => Self::Model,
            (Some("crates"), Some("platform"), _) => Self::Platform,
            (Some("crates"), Some("formats"), _) => Self::Formats,
            (Some("crates"), Some("rules"), _) => Self::Rules,
            (Some("crates"), Some("domains"), _) => Self::Domains,
            (Some("crates"), Some("edge"), _) => Self::Edge,
            (Some("crates"), Some("einmal"), _) => Self::Binary,
            _ => Self::Tools,
        })
    }

    /// The layers that a library of this layer may stand on.
    fn may_use(self) -> &'static [Self] {
        match self {
            Self::Model => &[],
            Self::Formats | Self::Rules | Self::Platform => &[Self::Model],
            Self::Domains => &[Self::Model, Self::Formats, Self::Rules, Self::Platform],
            Self::Edge => &[Self::Model, Self::Formats, Self::Rules, Self::Domains],
            Self::Binary => &[
                Self::Model,
                Self::Formats,
                Self::Rules,
                Self::Platform,
                Self::Domains,
                Self::Edge,
            ],
            Self::Tools => &[
                Self::Model,
                Self::Formats,
                Self::Rules,
                Self::Platform,
                Self::Domains,
                Self::Edge,
                Self::Binary,
                Self::Tools,
            ],
        }
    }
}

/// Fails with every forbidden edge of the graph.
pub(crate) fn check(graph: &Graph) -> Result<()> {
    let found = violations(graph);
    if found.is_empty() {
        return Ok(());
    }
    bail!(
        "forbidden dependencies (docs/architecture.md says why):\n  {}",
        found.join("\n  ")
    )
}

fn violations(graph: &Graph) -> Vec<String> {
    let mut found = Vec::new();
    for package in graph.own() {
        let Some(layer) = Layer::of(package) else {
            continue;
        };
        for needed in graph.named(&package.needs) {
            match Layer::of(needed) {
                Some(other) if !layer.may_use().contains(&other) => found.push(format!(
                    "{} ({layer:?}) must not use {} ({other:?})",
                    package.name, needed.name
                )),
                _ => {}
            }
        }
        // Formats and rules are pure: not even through somebody else.
        if matches!(layer, Layer::Model | Layer::Formats | Layer::Rules) {
            let impure = graph
                .reach(package)
                .into_iter()
                .filter(|other| is_impure(&other.name));
            found.extend(impure.map(|other| {
                format!("{} ({layer:?}) must not reach {}", package.name, other.name)
            }));
        }
        let direct: Vec<&Package> = graph
            .named(&package.needs)
            .chain(graph.named(&package.tests_need))
            .collect();
        for needed in direct {
            if let Some(reason) = outside(layer, package, &needed.name) {
                found.push(format!(
                    "{} must not use {}: {reason}",
                    package.name, needed.name
                ));
            }
        }
    }
    found
}

/// Whether a package brings I/O, a runtime or a server with it.
fn is_impure(name: &str) -> bool {
    is_sql(name) || is_http(name) || name == "tokio" || name == "mio"
}

fn is_sql(name: &str) -> bool {
    name == "libsqlite3-sys" || name == "rusqlite" || name.starts_with("sqlx")
}

fn is_http(name: &str) -> bool {
    ["axum", "hyper", "reqwest", "tower-http"].contains(&name)
}

/// Why a package of ours must not use a package from elsewhere, if so.
fn outside(layer: Layer, package: &Package, needed: &str) -> Option<&'static str> {
    if is_sql(needed) && package.name != "einmal-storage" {
        return Some("only storage speaks SQL to a driver");
    }
    if needed == "tantivy" && package.name != "einmal-search" {
        return Some("only search knows the index");
    }
    if is_http(needed) && matches!(layer, Layer::Domains | Layer::Platform) {
        return Some("domains and platform know no HTTP");
    }
    None
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::metadata;

    /// A graph from lines `name folder: needs…`; an empty folder is a package from elsewhere.
    fn graph(lines: &[(&str, &str, &[&str])]) -> Graph {
        let mut graph = Graph::default();
        for (name, folder, needs) in lines {
            let package = Package {
                name: (*name).to_owned(),
                folder: (!folder.is_empty()).then(|| (*folder).to_owned()),
                needs: needs.iter().map(|need| (*need).to_owned()).collect(),
                tests_need: BTreeSet::new(),
                ..Package::default()
            };
            graph.packages.insert((*name).to_owned(), package);
        }
        graph
    }

    fn found(lines: &[(&str, &str, &[&str])]) -> String {
        violations(&graph(lines)).join("\n")
    }

    #[test]
    fn a_domain_must_not_use_another_domain() {
        let found = found(&[
            (
                "einmal-delivery",
                "crates/domains/delivery",
                &["einmal-catalogue"],
            ),
            ("einmal-catalogue", "crates/domains/catalogue", &[]),
        ]);
        assert!(
            found.contains("einmal-delivery (Domains) must not use einmal-catalogue"),
            "{found}"
        );
    }

    #[test]
    fn formats_must_not_reach_a_runtime_even_through_others() {
        let found = found(&[
            ("einmal-xzufi", "crates/formats/xzufi", &["innocent"]),
            ("innocent", "", &["tokio"]),
            ("tokio", "", &[]),
        ]);
        assert_eq!(found, "einmal-xzufi (Formats) must not reach tokio");
    }

    #[test]
    fn edge_knows_no_sql_and_no_storage() {
        let found = found(&[
            ("einmal-web", "crates/edge/web", &["sqlx", "einmal-storage"]),
            ("einmal-storage", "crates/platform/storage", &["sqlx"]),
            ("sqlx", "", &[]),
        ]);
        assert!(found.contains("einmal-web must not use sqlx"), "{found}");
        assert!(
            found.contains("einmal-web (Edge) must not use einmal-storage"),
            "{found}"
        );
        assert!(!found.contains("einmal-storage must not"), "{found}");
    }

    #[test]
    fn domains_know_no_http_and_only_search_knows_the_index() {
        let found = found(&[
            (
                "einmal-delivery",
                "crates/domains/delivery",
                &["reqwest", "tantivy"],
            ),
            ("einmal-search", "crates/platform/search", &["tantivy"]),
            ("reqwest", "", &[]),
            ("tantivy", "", &[]),
        ]);
        assert!(
            found.contains("einmal-delivery must not use reqwest"),
            "{found}"
        );
        assert!(
            found.contains("einmal-delivery must not use tantivy"),
            "{found}"
        );
        assert!(!found.contains("einmal-search must"), "{found}");
    }

    #[test]
    fn nothing_of_the_product_uses_the_tools() {
        let found = found(&[
            ("einmal", "crates/einmal", &["einmal-testkit"]),
            ("einmal-testkit", "tests/kit", &[]),
        ]);
        assert!(
            found.contains("einmal (Binary) must not use einmal-testkit"),
            "{found}"
        );
    }

    #[test]
    fn this_workspace_keeps_the_rule() {
        let graph = metadata::load().unwrap();
        assert!(
            graph.own().count() > 10,
            "the graph of this workspace is missing"
        );
        assert_eq!(violations(&graph), Vec::<String>::new());
    }
}
