//! A statement's query with every name resolved: what its columns are computed from, and which rows
//! it gives.
//!
//! A [`Query`] is an arena of [`Relation`]s: its CTEs, subqueries and branches, each once, however
//! often it is mentioned. It holds no positions; [`crate::lower::QueryPlaces`] beside it says where
//! things stand. So text that moved leaves it equal. What is not understood is an
//! [`Expression::Unknown`], an [`Source::Unknown`] or a [`Body::Unknown`], and spoils only what is
//! computed from it.

mod data_type;
mod expression;
mod walk;

pub use data_type::DataType;
pub(crate) use data_type::is_word_of_types;
pub use expression::{
    Aggregate, Call, Case, Cast, Expression, Literal, Operation, Operator, READS_PART, SortKey,
    Subquery, SubqueryKind, Unknown, UnknownReason, Window,
};

use crate::facts::TableRef;
use smol_str::SmolStr;
use syntax::Name;

/// A query with every name resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// All relations of the query. Not every one is still mentioned.
    pub relations: Vec<Relation>,
    /// The one whose columns and rows the query gives.
    pub root: RelationId,
    /// How many inputs there are: their ids are smaller.
    pub inputs: u32,
    /// What the columns of the root are that are not known, sorted; none where it is not open, `None`
    /// where nobody can tell.
    pub rest: Option<Vec<Rest>>,
}

/// Columns of a table that are not known, as a `*` brings them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rest {
    /// The table; a function that gives rows is called `name()`.
    pub table: TableRef,
    /// What is done to its columns, one after the other.
    pub changes: Vec<StarChange>,
}

/// What happens to the columns of a table on their way through a `*`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StarChange {
    /// Those of these names are left out.
    Except(Vec<Name>),
    /// Those of the first names get the second ones.
    Rename(Vec<(Name, Name)>),
    /// Only those of names like this, in lower case, are kept.
    Like(SmolStr),
    /// They are those of this branch of a set operation.
    Branch(u32),
}

/// The place of a relation in [`Query::relations`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelationId(pub u32);

/// An input of some `SELECT`. No two inputs of a query have the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InputId(pub u32);

/// Columns and rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// The columns in order.
    pub columns: Vec<Column>,
    /// There are further columns that the text and the catalog do not tell: a `*` over a table that
    /// is not fully known, or over something unknown.
    pub open: bool,
    /// Where the rows come from.
    pub body: Body,
    /// `ORDER BY`. Without a limit it decides no rows.
    pub order: Vec<SortKey>,
    /// `LIMIT`, `OFFSET`, `FETCH`, `TOP`.
    pub limit: Option<Limit>,
}

/// A column that a relation gives. Its value is the expression at the same place in
/// [`Select::projection`], or the columns at that place in the branches of a set operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name; `None` where the database makes one up.
    pub name: Option<Name>,
    /// Brought by a `*` that is not fully known, because something mentions it. Its position is not
    /// known.
    pub implicit: bool,
}

/// Where rows come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// `SELECT …`
    Select(Box<Select>),
    /// `UNION`, `EXCEPT`, `INTERSECT` of two relations, by position.
    Set(SetOperation),
    /// `VALUES …`, a row each.
    Values(Vec<Vec<Expression>>),
    /// `WITH RECURSIVE`: `seed`, then `step` until it gives no more rows. `step` reads this very
    /// relation as [`Source::Relation`].
    Recursive {
        /// The branches that do not mention the relation.
        seed: RelationId,
        /// The branch that does.
        step: RelationId,
        /// Rows that are there already are dropped: `UNION` without `ALL`.
        distinct: bool,
    },
    /// A query that is not known or not understood. It may still depend on what `reads` gives.
    Unknown {
        /// Relations and tables in it that could be read, to say what it may depend on.
        reads: Vec<Source>,
    },
}

/// A set operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetOperation {
    /// Which one.
    pub operator: SetOperator,
    /// Rows that are equal are kept: `ALL`.
    pub all: bool,
    /// The left branch, whose names count.
    pub left: RelationId,
    /// The right branch. Columns are taken by position, also for `BY NAME`, where it is arranged so.
    pub right: RelationId,
}

impl SetOperation {
    /// The branches whose values it gives: a row of `EXCEPT` or `INTERSECT` is one of the left branch.
    pub fn giving(&self) -> impl Iterator<Item = RelationId> {
        let right = (self.operator == SetOperator::Union).then_some(self.right);
        std::iter::once(self.left).chain(right)
    }
}

/// Which set operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SetOperator {
    /// `UNION`
    Union,
    /// `EXCEPT`, `MINUS`
    Except,
    /// `INTERSECT`
    Intersect,
}

/// A `SELECT`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Select {
    /// The values of the columns, in their order.
    pub projection: Vec<Expression>,
    /// What it reads; `None` without a `FROM`: one row. Commas are cross joins.
    pub from: Option<From>,
    /// `WHERE`
    pub filter: Option<Expression>,
    /// `GROUP BY`, or an aggregate without one; `None` where rows are not grouped.
    pub grouping: Option<Grouping>,
    /// `HAVING`
    pub having: Option<Expression>,
    /// `QUALIFY`
    pub qualify: Option<Expression>,
    /// `DISTINCT`
    pub distinct: Distinct,
}

/// What a `SELECT` reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    /// One input.
    Input(Input),
    /// Two that are joined.
    Join(Box<Join>),
}

/// A join.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Join {
    /// Which kind.
    pub kind: JoinKind,
    /// The left side.
    pub left: From,
    /// The right side. It may mention inputs of the left one, where it is lateral.
    pub right: From,
    /// The condition; `None` where every pair of rows is joined. `USING` and `NATURAL` are written
    /// out.
    pub on: Option<Expression>,
}

/// Which kind of join.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JoinKind {
    /// Also `CROSS` and a comma.
    Inner,
    /// Keeps every row of the left side.
    Left,
    /// Keeps every row of the right side.
    Right,
    /// Keeps every row of both sides.
    Full,
    /// Rows of the left side that have a partner.
    Semi,
    /// Rows of the left side that have none.
    Anti,
    /// Joined in a way that is not modelled, such as `ASOF`: which rows are joined is not known.
    Unknown,
}

/// One mention of something to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// What [`Expression::Column`] and [`Expression::Output`] know it by.
    pub id: InputId,
    /// What is read.
    pub source: Source,
}

/// What is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A table outside the query. Its columns are mentioned by [`Expression::Column`].
    Table(TableRef),
    /// A CTE or subquery. Its columns are mentioned by [`Expression::Output`].
    Relation(RelationId),
    /// A function that gives rows: `UNNEST`, `FLATTEN`, `GENERATE_SERIES`. Its columns are mentioned
    /// by [`Expression::Column`]; the one of a function with a single column is called `value`.
    Function(Call),
    /// Something that is not understood, such as `PIVOT` with unknown columns. Its columns are
    /// mentioned by [`Expression::Column`], and each may be computed from anything that `reads`
    /// gives.
    Unknown {
        /// What stands inside it.
        reads: Vec<Source>,
    },
}

/// How rows are grouped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grouping {
    /// What is grouped by; a mention of a projected name or position is replaced by its expression.
    pub keys: Vec<Expression>,
    /// The grouping sets, as indices into `keys`: one with all keys for a plain `GROUP BY`, one that
    /// is empty for an aggregate without any.
    pub sets: Vec<Vec<u32>>,
}

/// Which rows `DISTINCT` drops.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Distinct {
    /// None.
    #[default]
    Keep,
    /// All but one of those that are equal.
    All,
    /// All but the first, in the relation's order, of those on which these are equal.
    On(Vec<Expression>),
}

/// How many rows are given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// At most so many; `None` for all.
    pub count: Option<Expression>,
    /// After so many.
    pub offset: Option<Expression>,
    /// The rest of what the clause says is not modelled: `WITH TIES`, `PERCENT`, `LIMIT … BY`.
    pub unknown: bool,
}

impl Query {
    /// The relation of that id; an empty unknown one for an id of another query.
    pub fn relation(&self, id: RelationId) -> &Relation {
        const NONE: &Relation = &Relation {
            columns: Vec::new(),
            open: true,
            body: Body::Unknown { reads: Vec::new() },
            order: Vec::new(),
            limit: None,
        };
        self.relations.get(id.0 as usize).unwrap_or(NONE)
    }

    /// Every table that a relation of the query mentions, each once, sorted.
    pub fn tables(&self) -> Vec<&TableRef> {
        let mut tables = std::collections::BTreeSet::new();
        for relation in &self.relations {
            let reads: Vec<&Source> = match &relation.body {
                Body::Select(select) => {
                    let inputs = select.inputs().into_iter();
                    inputs.map(|input| &input.source).collect()
                }
                Body::Unknown { reads } => reads.iter().collect(),
                Body::Set(_) | Body::Values(_) | Body::Recursive { .. } => Vec::new(),
            };
            let mut waiting = reads;
            while let Some(source) = waiting.pop() {
                match source {
                    Source::Table(table) => {
                        tables.insert(table);
                    }
                    Source::Unknown { reads } => waiting.extend(reads),
                    Source::Relation(_) | Source::Function(_) => {}
                }
            }
        }
        tables.into_iter().collect()
    }

    /// Gives tables other names, where `name` has one for them.
    pub fn rename_tables(&mut self, name: &dyn Fn(&TableRef) -> Option<TableRef>) {
        for rest in self.rest.iter_mut().flatten() {
            if let Some(other) = name(&rest.table) {
                rest.table = other;
            }
        }
        if let Some(rest) = &mut self.rest {
            rest.sort();
        }
        for relation in &mut self.relations {
            match &mut relation.body {
                Body::Select(select) => {
                    if let Some(from) = &mut select.from {
                        from.for_each_input_mut(&mut |input| input.source.rename_tables(name));
                    }
                }
                Body::Unknown { reads } => {
                    reads
                        .iter_mut()
                        .for_each(|source| source.rename_tables(name));
                }
                Body::Set(_) | Body::Values(_) | Body::Recursive { .. } => {}
            }
        }
    }

    /// The relation whose columns and rows the query gives.
    pub fn root(&self) -> &Relation {
        self.relation(self.root)
    }
}

impl Relation {
    /// The position of the first column of that name.
    pub fn position(&self, name: &Name) -> Option<usize> {
        self.columns
            .iter()
            .position(|column| column.name.as_ref() == Some(name))
    }

    /// The `SELECT` it is, if it is one.
    pub fn select(&self) -> Option<&Select> {
        match &self.body {
            Body::Select(select) => Some(select),
            _ => None,
        }
    }

    /// All inputs of its `SELECT`, from left to right; none if it is no `SELECT`.
    pub fn inputs(&self) -> Vec<&Input> {
        self.select().map(Select::inputs).unwrap_or_default()
    }

    /// The input of its `SELECT` that has the id.
    pub fn input(&self, id: InputId) -> Option<&Input> {
        self.select()?.input(id)
    }
}

impl Select {
    /// All inputs of its `FROM`, from left to right; none without one.
    pub fn inputs(&self) -> Vec<&Input> {
        self.from.as_ref().map(From::inputs).unwrap_or_default()
    }

    /// The input of its `FROM` that has the id.
    pub fn input(&self, id: InputId) -> Option<&Input> {
        self.from.as_ref()?.input(id)
    }
}

impl Source {
    fn rename_tables(&mut self, name: &dyn Fn(&TableRef) -> Option<TableRef>) {
        match self {
            Source::Table(table) => {
                if let Some(other) = name(table) {
                    *table = other;
                }
            }
            Source::Unknown { reads } => {
                reads
                    .iter_mut()
                    .for_each(|source| source.rename_tables(name));
            }
            Source::Relation(_) | Source::Function(_) => {}
        }
    }
}

impl From {
    /// Calls `change` with each input, to change it in place.
    pub fn for_each_input_mut(&mut self, change: &mut dyn FnMut(&mut Input)) {
        match self {
            From::Input(input) => change(input),
            From::Join(join) => {
                join.left.for_each_input_mut(change);
                join.right.for_each_input_mut(change);
            }
        }
    }

    /// All inputs, from left to right.
    pub fn inputs(&self) -> Vec<&Input> {
        let mut inputs = Vec::new();
        self.add_inputs_to(&mut inputs);
        inputs
    }

    /// The input that has the id.
    pub fn input(&self, id: InputId) -> Option<&Input> {
        match self {
            From::Input(input) => (input.id == id).then_some(input),
            From::Join(join) => join.left.input(id).or_else(|| join.right.input(id)),
        }
    }

    fn add_inputs_to<'f>(&'f self, inputs: &mut Vec<&'f Input>) {
        match self {
            From::Input(input) => inputs.push(input),
            From::Join(join) => {
                join.left.add_inputs_to(inputs);
                join.right.add_inputs_to(inputs);
            }
        }
    }
}
