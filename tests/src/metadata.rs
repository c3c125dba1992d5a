//! What Cargo says about the workspace: its crates, and who depends on whom, directly and in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::repository;

/// The packages of the workspace and of everything it uses on this platform.
#[derive(Debug, Clone, Default)]
pub struct Dependencies {
    /// The workspace's own packages, by name.
    pub members: BTreeMap<String, Member>,
    /// For each package id its name and the ids that it needs to run or to build.
    pub packages: BTreeMap<String, Package>,
}

/// One of the workspace's own packages.
#[derive(Debug, Clone, Default)]
pub struct Member {
    /// Its id in [`Dependencies::packages`].
    pub id: String,
    /// Folder of its manifest, from the root of the repository.
    pub folder: String,
    /// Names of the packages that it needs to run or to build.
    pub normal: BTreeSet<String>,
    /// Names of the packages that only its tests need.
    pub development: BTreeSet<String>,
}

/// Any package of the resolved graph.
#[derive(Debug, Clone, Default)]
pub struct Package {
    /// The name on the registry.
    pub name: String,
    /// Ids of the packages that it needs to run or to build.
    pub needs: BTreeSet<String>,
}

impl Dependencies {
    /// All that `member` pulls in, each with the chain of names that leads to it.
    pub fn reach(&self, member: &str) -> BTreeMap<String, String> {
        let mut chains = BTreeMap::new();
        let Some(start) = self.members.get(member) else {
            return chains;
        };
        let mut seen = BTreeSet::from([start.id.as_str()]);
        let mut open = vec![(start.id.as_str(), member.to_owned())];
        while let Some((id, chain)) = open.pop() {
            let needs = self.packages.get(id).map(|package| &package.needs);
            for need in needs.into_iter().flatten() {
                let Some(package) = self.packages.get(need) else {
                    continue;
                };
                if seen.insert(need) {
                    let longer = format!("{chain} → {}", package.name);
                    chains.insert(package.name.clone(), longer.clone());
                    open.push((need, longer));
                }
            }
        }
        chains
    }
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<ListedPackage>,
    workspace_members: BTreeSet<String>,
    workspace_root: String,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct ListedPackage {
    id: String,
    name: String,
    manifest_path: String,
    dependencies: Vec<Declared>,
}

/// A dependency as the manifest declares it.
#[derive(Deserialize)]
struct Declared {
    name: String,
    optional: bool,
}

impl ListedPackage {
    /// The packages that only a feature brings: ours have features for tests alone.
    fn optional(&self) -> impl Iterator<Item = (&str, &str)> {
        let declared = self
            .dependencies
            .iter()
            .filter(|declared| declared.optional);
        declared.map(|declared| (self.id.as_str(), declared.name.as_str()))
    }
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<EdgeKind>,
}

#[derive(Deserialize)]
struct EdgeKind {
    kind: Option<String>,
}

impl Edge {
    fn is_only_for_tests(&self) -> bool {
        self.dep_kinds
            .iter()
            .all(|kind| kind.kind.as_deref() == Some("dev"))
    }
}

/// Asks Cargo about the workspace on the platform of this machine, with the versions of `Cargo.lock`.
///
/// # Errors
/// When Cargo fails, for example because `Cargo.lock` is out of date.
pub fn read() -> Result<Dependencies> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(["--filter-platform", &host()?])
        .current_dir(repository::root())
        .output()
        .context("cannot run `cargo metadata`")?;
    ensure!(
        output.status.success(),
        "`cargo metadata` failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata = serde_json::from_slice(&output.stdout)
        .context("`cargo metadata` printed something unexpected")?;
    Ok(dependencies(metadata))
}

fn host() -> Result<String> {
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let output = Command::new(rustc)
        .arg("-vV")
        .output()
        .context("cannot run `rustc -vV`")?;
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .find_map(|line| line.strip_prefix("host: ").map(str::to_owned))
        .context("`rustc -vV` names no host")
}

fn dependencies(metadata: Metadata) -> Dependencies {
    let names: BTreeMap<&str, &str> = metadata
        .packages
        .iter()
        .map(|package| (package.id.as_str(), package.name.as_str()))
        .collect();
    let own = metadata
        .packages
        .iter()
        .filter(|package| metadata.workspace_members.contains(&package.id));
    let optional: BTreeSet<(&str, &str)> = own.flat_map(ListedPackage::optional).collect();
    let mut dependencies = Dependencies::default();
    for package in &metadata.packages {
        if metadata.workspace_members.contains(&package.id) {
            let folder = package
                .manifest_path
                .trim_start_matches(&metadata.workspace_root)
                .trim_end_matches("Cargo.toml");
            let member = Member {
                id: package.id.clone(),
                folder: folder.trim_matches('/').to_owned(),
                ..Member::default()
            };
            dependencies.members.insert(package.name.clone(), member);
        }
    }
    for node in &metadata.resolve.nodes {
        let name = names.get(node.id.as_str()).copied().unwrap_or_default();
        let mut package = Package {
            name: name.to_owned(),
            needs: BTreeSet::new(),
        };
        for edge in &node.deps {
            let needed = names.get(edge.pkg.as_str()).copied().unwrap_or_default();
            if optional.contains(&(node.id.as_str(), needed)) {
                continue;
            }
            let member = dependencies
                .members
                .get_mut(name)
                .filter(|member| member.id == node.id);
            if edge.is_only_for_tests() {
                member.map(|member| member.development.insert(needed.to_owned()));
            } else {
                package.needs.insert(edge.pkg.clone());
                member.map(|member| member.normal.insert(needed.to_owned()));
            }
        }
        dependencies.packages.insert(node.id.clone(), package);
    }
    dependencies
}
