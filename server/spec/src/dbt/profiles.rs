//! `profiles.yml`: which database a dbt project runs on, and so which SQL dialect it is written in.
//! Values are often made by Jinja from the environment, of which nothing is known here.

use super::lenient::{self, Keys};
use crate::reader::Reader;
use syntax::yaml;

/// One profile of `profiles.yml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name, to which `profile` in `dbt_project.yml` refers.
    pub name: String,
    /// The name of the output that is used unless another one is asked for.
    pub target: String,
    /// Its outputs, in the order of the text.
    pub outputs: Vec<Output>,
}

/// A database that a profile can run on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Its name, such as `dev`.
    pub name: String,
    /// The type of its adapter, such as `snowflake`; `None` where that is not known.
    pub adapter: Option<String>,
}

/// The profiles in `text`, in its order. What is not one is passed over.
pub fn decode(text: &str) -> Vec<Profile> {
    let parse = yaml::parse(text);
    let Some(document) = parse.documents.first() else {
        return Vec::new();
    };
    let mut reader = Reader::new(text, &parse, Some(document));
    let root = reader.value(&document.root);
    let mut profiles = Vec::new();
    for pair in Keys::of(&mut reader, root).pairs() {
        let keys = Keys::of(&mut reader, pair.value);
        let (Some(name), Some(_)) = (pair.key.as_str(), keys.get("outputs")) else {
            continue;
        };
        let outputs = keys.under(&mut reader, "outputs");
        let mut profile = Profile {
            name: name.to_owned(),
            target: keys
                .get("target")
                .and_then(|pair| known(&lenient::text(pair.value)?))
                .unwrap_or_else(|| "default".to_owned()),
            outputs: Vec::new(),
        };
        for output in outputs.pairs() {
            let adapter = Keys::of(&mut reader, output.value).get("type");
            if let Some(name) = output.key.as_str() {
                profile.outputs.push(Output {
                    name: name.to_owned(),
                    adapter: adapter.and_then(|pair| known(&lenient::text(pair.value)?)),
                });
            }
        }
        profiles.push(profile);
    }
    profiles
}

impl Profile {
    /// The type of the adapter that is used unless another output is asked for. Where the target
    /// is not among the outputs, what all of them agree on.
    pub fn adapter(&self) -> Option<&str> {
        let target = self
            .outputs
            .iter()
            .find(|output| output.name == self.target);
        if let Some(target) = target {
            return target.adapter.as_deref();
        }
        let first = self.outputs.first()?.adapter.as_deref();
        let agree = |output: &Output| output.adapter.as_deref() == first;
        first.filter(|_| self.outputs.iter().all(agree))
    }
}

/// The SQL dialect of the databases that a dbt adapter is for; `None` for one that is not known.
pub fn dialect_of_adapter(adapter: &str) -> Option<&'static str> {
    let dialect = DIALECTS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(adapter));
    dialect.map(|(_, dialect)| *dialect)
}

/// Types of adapters (docs.getdbt.com, "Supported data platforms") and their SQL dialects.
const DIALECTS: &[(&str, &str)] = &[
    ("alloydb", "postgres"),
    ("athena", "trino"),
    ("bigquery", "bigquery"),
    ("clickhouse", "clickhouse"),
    ("databricks", "databricks"),
    ("duckdb", "duckdb"),
    ("fabric", "mssql"),
    ("fabricspark", "spark"),
    ("glue", "spark"),
    ("greenplum", "postgres"),
    ("hive", "hive"),
    ("materialize", "postgres"),
    ("mysql", "mysql"),
    ("mysql5", "mysql"),
    ("mariadb", "mysql"),
    ("oracle", "oracle"),
    ("postgres", "postgres"),
    ("presto", "trino"),
    ("redshift", "redshift"),
    ("risingwave", "postgres"),
    ("snowflake", "snowflake"),
    ("spark", "spark"),
    ("sqlite", "sqlite"),
    ("sqlserver", "mssql"),
    ("starburst", "trino"),
    ("synapse", "mssql"),
    ("teradata", "teradata"),
    ("tidb", "mysql"),
    ("trino", "trino"),
    ("vertica", "generic"),
];

/// What a value says, if a template does not make it: of `{{ env_var('NAME', 'dev') }}` the default,
/// which is what holds where nobody says otherwise.
fn known(text: &str) -> Option<String> {
    if !lenient::is_template(text) {
        return Some(text.to_owned());
    }
    let call = text.trim().strip_prefix("{{")?.strip_suffix("}}")?.trim();
    let arguments = call.strip_prefix("env_var")?.trim_start();
    let arguments = arguments.strip_prefix('(')?.split_once(')')?.0;
    let default = arguments.split_once(',')?.1.trim();
    let quote = default.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let default = default.strip_prefix(quote)?.strip_suffix(quote)?;
    (!default.is_empty()).then(|| default.to_owned())
}
