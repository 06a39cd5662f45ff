//! What one SQL file says, without positions: spots stand for them (see [`syntax::place`]).

use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::fmt;
use syntax::name::dotted;
use syntax::{Name, Spot};

/// What one SQL file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SqlFacts {
    /// The tables it defines, in the order of the text.
    pub models: Vec<Model>,
    /// What the template configures: `{{ config(alias='x', enabled=false) }}`.
    pub config: Vec<ConfigValue>,
    /// What other statements do to the rows of tables, in the order of the text.
    pub changes: Vec<Change>,
    /// The tables that `ALTER TABLE` changes: they may have other columns than their definition.
    pub altered: Vec<TableName>,
    /// The macros it defines, in the order of the text.
    pub macros: Vec<Macro>,
    /// What its tags call that may be a macro, in the order of the text.
    pub calls: Vec<MacroCall>,
    /// The types that statements make or values are cast to and that SQL has no word for: those of the
    /// database. Without schema and database.
    pub types: BTreeSet<Name>,
    /// How many statements there are, and how many could be read.
    pub statements: StatementCount,
    /// There is nothing in it, but blanks and comments at most: no statement, and no tag of a template.
    pub is_blank: bool,
}

/// A statement that changes the rows of a table or copies rows, and defines nothing by a query: `UPDATE`,
/// `DELETE`, `MERGE`, `TRUNCATE`, `CREATE TABLE … CLONE`, `COPY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The table; `None` where rows go to no table, or where its name is not known.
    pub table: Option<TableName>,
    /// Each mention of another table, in the order of the text.
    pub inputs: Vec<Input>,
}

/// A macro that a template defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Macro {
    /// Its name.
    pub name: SmolStr,
    /// Its name in its opening tag.
    pub name_spot: Spot,
    /// Its name and its parameters there.
    pub signature: Spot,
    /// From its opening tag to the tag that ends it.
    pub whole: Spot,
    /// What the comment right above it says.
    pub comment: Option<Spot>,
}

/// A call in a tag of a template, of what may be a macro.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MacroCall {
    /// The package, where one is named.
    pub package: Option<SmolStr>,
    /// The name behind it.
    pub name: SmolStr,
    /// Both.
    pub spot: Spot,
}

/// How many statements a file has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatementCount {
    /// All that are not empty.
    pub total: u32,
    /// Those that the parser took as they stand, after templating.
    pub parsed: u32,
}

/// A value in a template's `config(…)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigValue {
    /// The keyword; `None` for a mapping, that gives several values.
    pub key: Option<SmolStr>,
    /// What it is given.
    pub given: ConfigGiven,
    /// The whole `key='value'`.
    pub spot: Spot,
}

/// What a keyword of a template's `config(…)` is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigGiven {
    /// A literal, without quotes: `view`, `false`, `10`.
    Literal(SmolStr),
    /// A list of them.
    List(Vec<SmolStr>),
    /// Something that has to be computed.
    Computed,
}

impl ConfigValue {
    /// The literal that `key` is given here.
    pub fn literal(&self, key: &str) -> Option<&str> {
        match &self.given {
            ConfigGiven::Literal(value) if self.key.as_deref() == Some(key) => Some(value),
            _ => None,
        }
    }
}

/// A statement that defines a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// The name the statement gives; `None` for a bare query, which is named after its file.
    pub name: Option<TableName>,
    /// Where the name stands; for a bare query, its first keyword.
    pub name_spot: Spot,
    /// What kind of statement it is.
    pub kind: ModelKind,
    /// The table is gone with the session that made it: `CREATE TEMPORARY TABLE`.
    pub is_temporary: bool,
    /// The whole statement.
    pub statement: Spot,
    /// Its columns in order.
    pub outputs: Vec<Output>,
    /// Why not all of its columns are known from this text, where they are not. A [`Star`] over a
    /// named table is not a reason by itself.
    pub open: Option<Open>,
    /// Each mention of a table outside this file's own CTEs, in the order of the text.
    pub inputs: Vec<Input>,
    /// Each mention of a column that leads to an input or to a CTE's projection.
    pub reads: Vec<ColumnRead>,
}

/// What kind of statement defines the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ModelKind {
    /// A query on its own.
    Query,
    /// `CREATE TABLE … AS`
    TableAs,
    /// `CREATE [MATERIALIZED] VIEW … AS`
    View,
    /// `CREATE TABLE` with a list of columns: these are all the columns there are.
    Declaration,
    /// `INSERT INTO … SELECT`: fills a table that may be defined elsewhere.
    Insert,
}

/// Why not all columns of a model are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// What stands in the way.
    pub reason: OpenReason,
    /// Where it stands.
    pub spot: Spot,
}

/// What stands in the way of knowing all columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OpenReason {
    /// A template expression whose text is not known stands where columns or a query would.
    Template,
    /// The statement, or the part that would tell, does not parse.
    Unparsed,
    /// A `*` over something that is no table, such as a function.
    UnknownInput,
    /// An expression without an alias, whose name the database makes up.
    Unnamed,
}

/// One entry of the list of columns that a model gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// A column whose name the text tells.
    Column(OutputColumn),
    /// All columns of an input.
    Star(Star),
}

/// A column whose name the text tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputColumn {
    /// Its name.
    pub name: Name,
    /// Its name, where it is written: the alias, or the column itself.
    pub name_spot: Spot,
    /// The whole entry of the projection that gives its value.
    pub item: Spot,
    /// Its type in the text of the dialect, where a declaration or an outermost cast gives one.
    pub data_type: Option<SmolStr>,
    /// Where its value comes from.
    pub origin: Origin,
}

/// Where a column's value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is a column of an input as it is, also through CTEs and subqueries.
    Unchanged(ColumnSource),
    /// It is computed, by an expression or a template that can be read: it is no column of an input,
    /// whatever the rest of the statement says.
    Computed,
    /// The text does not tell.
    Unknown,
}

/// A column of one of several inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnSource {
    /// The inputs that may have it, as indices into [`Model::inputs`]: one where the text tells,
    /// more where it is not qualified and only the columns of these tables can tell. Not empty.
    pub inputs: Vec<u32>,
    /// Its name there.
    pub column: Name,
}

/// All columns of an input: `*`, `t.*`, also through CTEs and subqueries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Star {
    /// The input, as an index into [`Model::inputs`].
    pub input: u32,
    /// The `*` that the model's outputs come from.
    pub item: Spot,
    /// Columns left out: `EXCEPT`, `EXCLUDE`, and those that another side of a `USING` gives.
    pub except: Vec<Name>,
    /// Columns renamed, from and to.
    pub rename: Vec<(Name, Name)>,
    /// Columns whose value is replaced, at their place.
    pub replace: Vec<OutputColumn>,
}

/// One mention of a table that this file does not define as a CTE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Which table.
    pub table: TableRef,
    /// Where it is mentioned: the name, or the whole `{{ ref(…) }}`.
    pub spot: Spot,
}

/// How a file mentions a table.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TableRef {
    /// By a name in SQL.
    Named(TableName),
    /// By dbt's `ref`.
    Ref {
        /// The package or project, where it is given.
        package: Option<Name>,
        /// The model, seed or snapshot.
        name: Name,
        /// The version, as written.
        version: Option<SmolStr>,
    },
    /// By dbt's `source`.
    Source {
        /// The source's name.
        source: Name,
        /// The table's name in that source.
        table: Name,
    },
    /// By a template expression whose text is not known, or a table function.
    Unknown,
}

/// A table's name as SQL writes it, one to four parts, the outermost first.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TableName {
    /// Never empty.
    pub parts: Vec<Name>,
}

/// One mention of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnRead {
    /// What it leads to.
    pub target: ReadTarget,
    /// The column's name, where it is mentioned.
    pub spot: Spot,
}

/// What a mention of a column leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadTarget {
    /// A column of an input, also through CTEs that hand it on unchanged.
    Input(ColumnSource),
    /// A projection of this file, in a CTE or subquery, that computes it.
    Local(Spot),
}

impl TableName {
    /// The name's own part, without database and schema.
    pub fn last(&self) -> Option<&Name> {
        self.parts.last()
    }
}

impl TableRef {
    /// The name's own part, without database, schema and source; `None` where a template hides it.
    pub fn last_name(&self) -> Option<&Name> {
        match self {
            TableRef::Named(name) => name.last(),
            TableRef::Ref { name, .. } | TableRef::Source { table: name, .. } => Some(name),
            TableRef::Unknown => None,
        }
    }
}

impl fmt::Display for TableRef {
    /// As people call the table: `shop.orders`, `orders`, `raw.orders`, `unknown`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TableRef::Named(name) => name.fmt(f),
            TableRef::Ref {
                name,
                version: None,
                ..
            } => name.fmt(f),
            TableRef::Ref {
                name,
                version: Some(version),
                ..
            } => write!(f, "{name}.v{version}"),
            TableRef::Source { source, table } => write!(f, "{source}.{table}"),
            TableRef::Unknown => f.write_str("unknown"),
        }
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&dotted(&self.parts))
    }
}
