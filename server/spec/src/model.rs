//! What specs say, whatever format they are written in. Without positions: spots stand for them
//! (see [`syntax::place`]).

use crate::dbt::vars::Var;
use crate::keys::NOTHING;
use smol_str::SmolStr;
use std::fmt;
use syntax::{Name, Placed, Spot};

/// A key of a spec and its value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Field<T> {
    /// The key.
    pub key: Spot,
    /// What the value says.
    pub value: T,
    /// The value.
    pub spot: Spot,
}

/// One native spec file: a product, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct NativeSpec {
    /// The product's name; `None` while it is missing.
    pub product: Option<Field<Name>>,
    /// What the product is.
    pub description: Option<Field<String>>,
    /// The person or team that answers for it.
    pub owner: Option<Field<String>>,
    /// URLs.
    pub links: Vec<Placed<String>>,
    /// The SQL dialect of this product, as written.
    pub dialect: Option<Field<String>>,
    /// Its tables, in the order of the text.
    pub tables: Vec<Table>,
    /// Its amendments, in the order of the text.
    pub amendments: Vec<Amendment>,
    /// Rules that it need not keep.
    pub exemptions: Vec<Exemption>,
}

/// One properties file of a dbt project.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct DbtProperties {
    /// Models, sources' tables, seeds and snapshots, in the order of the text.
    pub tables: Vec<Table>,
    /// Macros, in the order of the text.
    pub macros: Vec<DescribedMacro>,
}

/// What a properties file says of one macro.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedMacro {
    /// The whole entry.
    pub entry: Spot,
    /// Its name, as it is called.
    pub name: Field<String>,
    /// What it does.
    pub description: Option<Field<String>>,
}

/// What a spec says of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Where the description comes from.
    pub origin: TableOrigin,
    /// The whole entry.
    pub entry: Spot,
    /// Its name, which may be qualified in a native spec: one part or more, the outermost first.
    /// For a table of a dbt source: the table's name alone.
    pub name: Placed<Vec<Name>>,
    /// What it holds.
    pub description: Option<Field<String>>,
    /// Why it exists.
    pub why: Option<Field<String>>,
    /// The path of the SQL file, where its name does not tell.
    pub model: Option<Field<String>>,
    /// The columns that identify one row: of a native `grain`, of a primary key.
    pub grain: Vec<Placed<Name>>,
    /// Other sets of columns of which no two rows hold the same: constraints over the whole table.
    pub keys: Vec<Vec<Placed<Name>>>,
    /// Its columns, in the order of the text.
    pub columns: Vec<Column>,
    /// The columns listed are all there are: an enforced contract.
    pub exhaustive: bool,
    /// Not built at all: `config.enabled: false`.
    pub disabled: bool,
    /// What else a dbt file configures for it, by key.
    pub config: Vec<(String, Var)>,
    /// Where the database keeps it, as far as a dbt file says so.
    pub relation: Relation,
    /// The versions of a dbt model, in the order of the text; of most tables, none.
    pub versions: Vec<Version>,
    /// The version that is meant where none is named; without it, the highest.
    pub latest_version: Option<Field<String>>,
    /// What tests say of the whole table.
    pub claims: Vec<Claim>,
}

/// Where the database keeps a table, where that is not what its name says.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Relation {
    /// The database, catalog or project.
    pub database: Option<Field<Name>>,
    /// The schema or data set; for a dbt source without one it is the source's name.
    pub schema: Option<Field<Name>>,
    /// The name in the database: `identifier` of a source's table, `alias` of a model.
    pub identifier: Option<Field<Name>>,
}

/// One version of a dbt model. Its file is `NAME_vV.sql` unless it says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The whole entry.
    pub entry: Spot,
    /// `v`, as written: a number or a text.
    pub version: Placed<String>,
    /// The name of the SQL file without its ending, where it differs.
    pub defined_in: Option<Field<String>>,
    /// Which columns of the model it has besides its own.
    pub inherited: Inherited,
    /// Columns that it alone has, or describes anew.
    pub columns: Vec<Column>,
}

/// Which of the model's columns a version has.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Inherited {
    /// All: what holds where a version names no columns.
    #[default]
    All,
    /// All but these.
    AllBut(Vec<Name>),
    /// These only.
    Only(Vec<Name>),
}

/// What a dbt test says: evidence about data, never a statement about SQL.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Claim {
    /// What is claimed.
    pub kind: ClaimKind,
    /// The test.
    pub spot: Spot,
}

/// What a [`Claim`] says of its column or table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ClaimKind {
    /// `not_null`
    NotNull,
    /// `unique`
    Unique,
    /// `accepted_values`, as written.
    AcceptedValues(Vec<String>),
    /// `relationships`
    Relationships {
        /// The table: of `ref('customers')`, `customers`; of a source, `source.table`.
        to: String,
        /// Its column.
        field: Name,
    },
    /// `unique_combination_of_columns` of the package `dbt_utils`.
    UniqueCombination(Vec<Name>),
}

/// Where the description of a table comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TableOrigin {
    /// A native spec.
    Native,
    /// `models:` of a dbt project.
    DbtModel,
    /// `sources:` of a dbt project.
    DbtSource {
        /// The source's name.
        source: Name,
    },
    /// `seeds:` of a dbt project.
    DbtSeed,
    /// `snapshots:` of a dbt project.
    DbtSnapshot,
}

/// What a spec says of one column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The whole entry.
    pub entry: Spot,
    /// Its name.
    pub name: Placed<Name>,
    /// Its SQL type, as written.
    pub data_type: Option<Field<String>>,
    /// What it is.
    pub description: Option<Field<String>>,
    /// Why it exists, in its own words.
    pub why: Option<Field<String>>,
    /// The amendment that introduced it, whose requirement is its why.
    pub since: Option<Field<AmendmentId>>,
    /// Such as `USD`.
    pub unit: Option<Field<String>>,
    /// The literals it may hold, as written.
    pub values: Vec<Placed<String>>,
    /// Whether it may be NULL.
    pub nullable: Option<Field<bool>>,
    /// Whether no value occurs twice.
    pub unique: Option<Field<bool>>,
    /// `table.column` that it refers to, as written; of a dbt constraint, put together in that form.
    pub references: Option<Field<String>>,
    /// Tags such as `pii`.
    pub classification: Vec<Placed<String>>,
    /// What to use instead.
    pub deprecated: Option<Field<String>>,
    /// What tests say of it.
    pub claims: Vec<Claim>,
}

/// A requirement and the change that met it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// The whole entry.
    pub entry: Spot,
    /// Its id; `None` while it is missing or not of its form.
    pub id: Option<Field<AmendmentId>>,
    /// The day, `YYYY-MM-DD`, checked.
    pub date: Option<Field<String>>,
    /// A person or team.
    pub author: Option<Field<String>>,
    /// A ticket.
    pub link: Option<Field<String>>,
    /// The need, in the words of whoever had it; `None` while it is missing.
    pub requirement: Option<Field<String>>,
    /// What was done about it.
    pub change: Option<Field<Change>>,
    /// What it may change: `table`, `table.column`, `table.rows`, as written.
    pub changes: Vec<Placed<String>>,
    /// What it replaces.
    pub supersedes: Vec<Supersedes>,
    /// Where it stands.
    pub status: Option<Field<Status>>,
    /// Sentences a machine can check.
    pub guarantees: Vec<Placed<String>>,
    /// Sentences that people judge.
    pub promises: Vec<Placed<String>>,
}

/// The id of an amendment.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AmendmentId {
    /// A positive integer.
    Number(u64),
    /// `[a-z0-9-]+`
    Slug(SmolStr),
}

/// What was done about a requirement.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// `tbd`, `TBD`, `<tbd>`, or a note such as `TODO: say what was done`.
    ToBeDone,
    /// What was done; `none` where nothing had to be.
    Done(String),
}

/// What an amendment replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supersedes {
    /// The older amendment.
    pub amendment: Placed<AmendmentId>,
    /// One sentence of it, where only that is replaced.
    pub guarantee: Option<Field<String>>,
}

/// Where an amendment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Status {
    /// Not agreed yet.
    Proposed,
    /// Agreed.
    #[default]
    Accepted,
    /// Given up.
    Withdrawn,
}

/// A rule that a product need not keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exemption {
    /// The rule's name.
    pub rule: Field<String>,
    /// Why not.
    pub why: Option<Field<String>>,
    /// Until which day, `YYYY-MM-DD`.
    pub until: Option<Field<String>>,
}

impl Amendment {
    /// Whether its change is still to be done.
    pub fn is_open(&self) -> bool {
        !matches!(
            &self.change,
            Some(Field {
                value: Change::Done(_),
                ..
            })
        )
    }

    /// Whether it says that it changed nothing: what it asks for was so already.
    pub fn changed_nothing(&self) -> bool {
        match self.change.as_ref().map(|change| &change.value) {
            Some(Change::Done(done)) => done.eq_ignore_ascii_case(NOTHING),
            _ => false,
        }
    }

    /// Where it stands.
    pub fn status(&self) -> Status {
        self.status
            .as_ref()
            .map(|field| field.value)
            .unwrap_or_default()
    }
}

impl fmt::Display for AmendmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AmendmentId::Number(number) => number.fmt(f),
            AmendmentId::Slug(slug) => slug.fmt(f),
        }
    }
}
