//! The packages of the workspace and what they stand on, from `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, anyhow};
use serde::Deserialize;

use crate::process::{cargo, output, root};

/// One package of the graph.
#[derive(Clone, Debug, Default)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// SPDX expression, as the package states it.
    pub(crate) licence: Option<String>,
    /// Where it comes from; none for packages of this workspace.
    pub(crate) source: Option<String>,
    /// Folder inside the repository; none for packages from elsewhere.
    pub(crate) folder: Option<String>,
    /// Ids of packages that its library and build script need.
    pub(crate) needs: BTreeSet<String>,
    /// Ids of packages that only its tests need.
    pub(crate) tests_need: BTreeSet<String>,
}

/// All packages of a build for this machine, by id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    pub(crate) packages: BTreeMap<String, Package>,
}

impl Graph {
    /// The packages of this workspace.
    pub(crate) fn own(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .values()
            .filter(|package| package.folder.is_some())
    }

    /// The packages behind a set of ids.
    pub(crate) fn named<'g>(
        &'g self,
        ids: &'g BTreeSet<String>,
    ) -> impl Iterator<Item = &'g Package> {
        ids.iter().filter_map(|id| self.packages.get(id))
    }

    /// The packages that need the one with this id.
    pub(crate) fn users<'g>(&'g self, id: &'g str) -> impl Iterator<Item = &'g Package> {
        let needs =
            move |package: &&Package| package.needs.contains(id) || package.tests_need.contains(id);
        self.packages.values().filter(needs)
    }

    /// Everything that a package's library needs, directly or through others.
    pub(crate) fn reach<'g>(&'g self, package: &'g Package) -> Vec<&'g Package> {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&String> = package.needs.iter().collect();
        while let Some(id) = open.pop() {
            if seen.insert(id)
                && let Some(package) = self.packages.get(id)
            {
                open.extend(&package.needs);
            }
        }
        seen.into_iter()
            .filter_map(|id| self.packages.get(id))
            .collect()
    }
}

/// Asks cargo for the graph of this machine's target, exactly as locked.
pub(crate) fn load() -> Result<Graph> {
    let version = output(Command::new("rustc").arg("-vV"))?;
    let target = version.lines().find_map(|line| line.strip_prefix("host: "));
    let target = target.context("rustc does not name its host")?;
    let json = output(cargo().args([
        "metadata",
        "--format-version=1",
        "--locked",
        "--filter-platform",
        target,
    ]))?;
    let mut graph = parse(&json, &root().display().to_string())?;
    // The metadata also list packages that a feature only might switch on; the tree has what is really built.
    let tree = output(cargo().args([
        "tree",
        "--workspace",
        "--locked",
        "--edges=normal,build,dev",
        "--prefix=none",
        "--format={p}",
    ]))?;
    let built = built(&tree);
    graph
        .packages
        .retain(|_, package| built.contains(&(package.name.as_str(), package.version.as_str())));
    Ok(graph)
}

/// Names and versions in the lines of `cargo tree` (`name v1.2.3 (where it comes from) (*)`).
fn built(tree: &str) -> BTreeSet<(&str, &str)> {
    tree.lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?, words.next()?.strip_prefix('v')?))
        })
        .collect()
}

/// Where cargo puts what it builds.
pub(crate) fn target_folder() -> Result<PathBuf> {
    #[derive(Deserialize)]
    struct Short {
        target_directory: PathBuf,
    }
    let json = output(cargo().args(["metadata", "--format-version=1", "--no-deps"]))?;
    let short: Short = serde_json::from_str(&json).context("output of cargo metadata")?;
    Ok(short.target_directory)
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<RawPackage>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct RawPackage {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
    manifest_path: String,
    features: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    /// The name that the code uses, with underscores.
    name: String,
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    kind: Option<String>,
}

fn parse(json: &str, root: &str) -> Result<Graph> {
    let metadata: Metadata = serde_json::from_str(json).context("output of cargo metadata")?;
    let mut raw: BTreeMap<String, RawPackage> = metadata
        .packages
        .into_iter()
        .map(|package| (package.id.clone(), package))
        .collect();
    let mut graph = Graph::default();
    for node in metadata.resolve.nodes {
        let package = raw
            .remove(&node.id)
            .ok_or_else(|| anyhow!("no package {}", node.id))?;
        // A package of ours may offer test support to others behind its feature `testing`.
        let testing: Vec<&str> = (package.features.get("testing").into_iter().flatten())
            .filter_map(|item| item.strip_prefix("dep:"))
            .collect();
        let is_test = |dependency: &Dependency| {
            testing
                .iter()
                .any(|name| name.replace('-', "_") == dependency.name)
                || dependency
                    .dep_kinds
                    .iter()
                    .all(|kind| kind.kind.as_deref() == Some("dev"))
        };
        let (tests, library): (Vec<_>, Vec<_>) = node.deps.into_iter().partition(is_test);
        let folder = package
            .manifest_path
            .strip_prefix(root)
            .filter(|_| package.source.is_none());
        let folder = folder.and_then(|path| path.strip_suffix("/Cargo.toml"));
        let package = Package {
            name: package.name,
            version: package.version,
            licence: package.license,
            source: package.source,
            folder: folder.map(|path| path.trim_start_matches('/').to_owned()),
            needs: library
                .into_iter()
                .map(|dependency| dependency.pkg)
                .collect(),
            tests_need: tests.into_iter().map(|dependency| dependency.pkg).collect(),
        };
        graph.packages.insert(node.id, package);
    }
    Ok(graph)
}
