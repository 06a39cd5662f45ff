//! `dbt_project.yml`: what the files of a dbt project are.
//!
//! It is read as tolerantly as any spec, so that a half-typed line does not cost the whole project
//! its models.

use super::lenient::{self, Keys};
use super::vars::{self, Var};
use crate::problem::Decoded;
use crate::reader::{Pair, Reader, Value};
use syntax::Name;
use syntax::yaml::{self, NodeKind};

/// What `dbt_project.yml` says, with what dbt takes for granted where it says nothing
/// (docs.getdbt.com, "dbt_project.yml"). Paths are relative to the project, with `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DbtProject {
    /// The project's name.
    pub name: Option<Name>,
    /// The profile in `profiles.yml` that it uses.
    pub profile: Option<String>,
    /// Where models and their properties are.
    pub model_paths: Vec<String>,
    /// Where snapshots are.
    pub snapshot_paths: Vec<String>,
    /// Where seeds are: CSV files.
    pub seed_paths: Vec<String>,
    /// Where macros are.
    pub macro_paths: Vec<String>,
    /// Where singular tests are.
    pub test_paths: Vec<String>,
    /// Where analyses are: SQL that is compiled and not run.
    pub analysis_paths: Vec<String>,
    /// Where installed packages are.
    pub packages_install_path: String,
    /// Where dbt writes.
    pub target_path: String,
    /// What `dbt clean` removes.
    pub clean_targets: Vec<String>,
    /// The versions of dbt that the project is for, as written, such as `>=1.6.0`.
    pub require_dbt_version: Vec<String>,
    /// The variables, by name, in order. A map under a package's name holds those of that package.
    pub vars: Vec<(String, Var)>,
    /// What is configured for models, under the name of a project, then of folders, then of a model.
    pub models: Vec<(String, Var)>,
    /// For macros that `adapter.dispatch` looks for in a namespace: the packages to look in, in order.
    pub dispatch: Vec<(String, Vec<String>)>,
}

impl Default for DbtProject {
    fn default() -> DbtProject {
        let only = |path: &str| vec![path.to_owned()];
        DbtProject {
            name: None,
            profile: None,
            model_paths: only("models"),
            snapshot_paths: only("snapshots"),
            seed_paths: only("seeds"),
            macro_paths: only("macros"),
            test_paths: only("tests"),
            analysis_paths: only("analyses"),
            packages_install_path: "dbt_packages".to_owned(),
            target_path: "target".to_owned(),
            clean_targets: only("target"),
            require_dbt_version: Vec::new(),
            vars: Vec::new(),
            models: Vec::new(),
            dispatch: Vec::new(),
        }
    }
}

/// Reads the `dbt_project.yml` `text`. Its problems are those of the YAML alone; what is missing or
/// of another kind is taken as dbt takes a missing key.
pub fn decode(text: &str) -> Decoded<DbtProject> {
    let parse = yaml::parse(text);
    let document = parse.documents.first();
    let mut reader = Reader::new(text, &parse, document);
    let facts = match document {
        Some(document) => {
            let root = reader.value(&document.root);
            let keys = Keys::of(&mut reader, root);
            project(&mut reader, &keys)
        }
        None => DbtProject::default(),
    };
    reader.finish(facts)
}

fn project<'t>(reader: &mut Reader<'t>, keys: &Keys<'t>) -> DbtProject {
    let text = |key| {
        let text = keys.get(key).and_then(|pair| lenient::text(pair.value));
        text.filter(|text| !lenient::is_template(text))
    };
    let default = DbtProject::default();
    let target_path = text("target-path").map_or(default.target_path, path);
    let mut paths = |names: &[&str], default: Vec<String>| -> Vec<String> {
        let given = names.iter().find_map(|name| keys.get(name));
        let given = given.filter(|pair| has_texts(pair.value));
        match given {
            Some(pair) => texts(reader, pair).into_iter().map(path).collect(),
            None => default,
        }
    };
    DbtProject {
        // The second names are those of dbt before 1.0.
        model_paths: paths(&["model-paths", "source-paths"], default.model_paths),
        snapshot_paths: paths(&["snapshot-paths"], default.snapshot_paths),
        seed_paths: paths(&["seed-paths", "data-paths"], default.seed_paths),
        macro_paths: paths(&["macro-paths"], default.macro_paths),
        test_paths: paths(&["test-paths"], default.test_paths),
        analysis_paths: paths(&["analysis-paths"], default.analysis_paths),
        clean_targets: paths(&["clean-targets"], vec![target_path.clone()]),
        require_dbt_version: paths(&["require-dbt-version"], Vec::new()),
        packages_install_path: text("packages-install-path")
            .or_else(|| text("modules-path"))
            .map_or(default.packages_install_path, path),
        target_path,
        name: text("name").map(|name| Name::new(&name)),
        profile: text("profile"),
        vars: {
            let vars = keys.under(reader, "vars");
            vars::vars(reader, &vars)
        },
        models: {
            let models = keys.under(reader, "models");
            vars::vars(reader, &models)
        },
        dispatch: dispatch(reader, keys),
    }
}

fn dispatch<'t>(reader: &mut Reader<'t>, keys: &Keys<'t>) -> Vec<(String, Vec<String>)> {
    let mut namespaces = Vec::new();
    for entry in lenient::items(reader, keys.get("dispatch")) {
        let entry = Keys::of(reader, entry);
        let namespace = entry.get("macro_namespace");
        let namespace = namespace.and_then(|pair| lenient::text(pair.value));
        if let (Some(namespace), Some(order)) = (namespace, entry.get("search_order")) {
            namespaces.push((namespace, texts(reader, order)));
        }
    }
    namespaces
}

/// A key without a value is as if it were not there; an empty list is one.
fn has_texts(value: Value<'_>) -> bool {
    let is_list = matches!(value.content.kind, NodeKind::Sequence { .. });
    is_list || lenient::text(value).is_some()
}

fn texts<'t>(reader: &mut Reader<'t>, pair: Pair<'t>) -> Vec<String> {
    let texts = lenient::texts(reader, Some(pair));
    texts
        .into_iter()
        .map(|text| text.value)
        .filter(|text| !lenient::is_template(text))
        .collect()
}

/// `written` without what changes nothing: `./` before it, `/` behind it.
fn path(written: String) -> String {
    let path = written.strip_prefix("./").unwrap_or(&written);
    path.trim_end_matches('/').to_owned()
}
