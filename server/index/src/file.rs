//! One file of the workspace and what it says.

use crate::configuration::ConfigurationFile;
use crate::sentences::Sentences;
use smol_str::SmolStr;
use spec::dbt::packages::DbtPackages;
use spec::dbt::project::DbtProject;
use spec::model::{DbtProperties, NativeSpec};
use sql::SqlFacts;
use std::path::Path;
use std::sync::Arc;
use syntax::{Name, Places, Spot, TextRange};

/// A path, interned: the same number for the same path as long as the workspace lives.
///
/// Numbers follow the order in which paths were met, so nothing that people see is ordered by them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(crate) u32);

/// A file and what it says.
#[derive(Clone, Debug)]
pub struct File {
    /// Its number.
    pub id: FileId,
    /// Its absolute path.
    pub path: Arc<Path>,
    /// What it is for.
    pub kind: FileKind,
    /// The dbt project that governs it, by the folder of its `dbt_project.yml`.
    pub project: Option<Arc<Path>>,
    /// It is here to be understood, not to be judged: an installed package, or excluded by the
    /// configuration. It has no findings.
    pub quiet: bool,
    /// What it says.
    pub facts: Arc<Facts>,
    /// Where it says so.
    pub places: Arc<Places>,
    /// What is wrong with it, as far as its own text tells.
    pub problems: Arc<[Problem]>,
    /// The ignore comments in it, in the order of the text.
    pub ignores: Arc<[Ignore]>,
    /// Its text while it is open in an editor; `None` for a file on disk.
    pub open_text: Option<Arc<str>>,
    /// A hash of the text that the facts were made from.
    pub text_hash: u64,
    /// Its sentences, if it is a native spec.
    pub(crate) sentences: Sentences,
}

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// `NAME.spec.yaml`
    NativeSpec,
    /// `NAME.spec.lock`
    Lock,
    /// YAML of a dbt project with `models:`, `sources:`, `seeds:`, `snapshots:` or `macros:`.
    DbtProperties,
    /// `dbt_project.yml`
    DbtProject,
    /// `packages.yml` or `dependencies.yml` of a dbt project.
    DbtPackages,
    /// SQL.
    Sql(SqlRole),
    /// A model of a dbt project in Python: it defines a table, and its columns are not known.
    PythonModel,
    /// A data file that dbt loads; its header names the columns.
    Seed,
    /// A data file that unit tests of a dbt project take rows from; its header names columns.
    Fixture,
    /// `selectors.yml` of a dbt project.
    DbtSelectors,
    /// `rationale.toml`
    Configuration,
}

/// What a SQL file is for. Without a dbt project every SQL file is [`SqlRole::Script`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SqlRole {
    /// Its query defines the table named after it.
    Model,
    /// Its `snapshot` block defines a table.
    Snapshot,
    /// Defines macros, no table.
    Macro,
    /// Reads tables, defines none: a test or an analysis.
    Reader,
    /// Statements outside any dbt project: they define what they create; a lone query defines the
    /// table named after the file.
    Script,
}

/// What a file says, without positions.
#[derive(Clone, Debug, PartialEq)]
pub enum Facts {
    /// Of a native spec.
    NativeSpec(NativeSpec),
    /// Of a lock.
    Lock(spec::lock::Lock),
    /// Of a dbt properties file.
    DbtProperties(DbtProperties),
    /// Of a dbt project file.
    DbtProject(DbtProject),
    /// Of the packages of a dbt project.
    DbtPackages(DbtPackages),
    /// Of a SQL file.
    Sql(SqlFacts),
    /// Of a seed: the columns in its header.
    Seed(Vec<Name>),
    /// Of a file that is known to be there and not read: a Python model.
    Opaque,
    /// Of a configuration file.
    Configuration(ConfigurationFile),
    /// It could not be read: not there, not UTF-8, too large.
    Unreadable,
    /// Its analysis panicked; it is set aside until its text changes.
    Quarantined,
}

/// Something wrong with a file, as far as its own text tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Where.
    pub range: TextRange,
    /// What.
    pub kind: ProblemKind,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq)]
pub enum ProblemKind {
    /// In a spec: YAML, keys, values.
    Spec(spec::Problem),
    /// A SQL statement could not be analysed: why, as a sentence.
    Sql(String),
    /// In a configuration file.
    Configuration(crate::configuration::Problem),
    /// It could not be read: why, as a sentence.
    Unreadable(String),
    /// The analysis panicked: its message.
    Panicked(String),
}

/// `rationale: ignore CODE because …` in a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignore {
    /// The code that it silences.
    pub code: SmolStr,
    /// Why; an ignore without a reason silences nothing.
    pub because: Option<String>,
    /// The comment.
    pub comment: TextRange,
    /// What it silences: findings that start on this line. Its own, or the next where the comment
    /// stands alone.
    pub target: TextRange,
}

impl File {
    /// Where `spot` of this file's facts stands.
    pub fn range(&self, spot: Spot) -> TextRange {
        self.places.range(spot)
    }

    /// What it says, if it is a native spec.
    pub fn native_spec(&self) -> Option<&NativeSpec> {
        match &*self.facts {
            Facts::NativeSpec(spec) => Some(spec),
            _ => None,
        }
    }

    /// What it says, if it is a lock.
    pub fn lock(&self) -> Option<&spec::lock::Lock> {
        match &*self.facts {
            Facts::Lock(lock) => Some(lock),
            _ => None,
        }
    }

    /// What it says, if it is SQL.
    pub fn sql(&self) -> Option<&SqlFacts> {
        match &*self.facts {
            Facts::Sql(sql) => Some(sql),
            _ => None,
        }
    }

    /// The tables that it describes, if it is a spec of any format.
    pub fn described_tables(&self) -> &[spec::model::Table] {
        match &*self.facts {
            Facts::NativeSpec(spec) => &spec.tables,
            Facts::DbtProperties(properties) => &properties.tables,
            _ => &[],
        }
    }

    /// The macros that it describes, if it is a properties file.
    pub fn described_macros(&self) -> &[spec::model::DescribedMacro] {
        match &*self.facts {
            Facts::DbtProperties(properties) => &properties.macros,
            _ => &[],
        }
    }
}
