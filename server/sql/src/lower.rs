//! From the statements of a file to [`Query`]: names are resolved by scope, as the dialect does it.
//!
//! What tables outside the file have for columns is asked of a [`Catalog`]. Statements are read whole,
//! by the parser; one that does not parse gives a query of which nothing is known.

mod by_name;
mod context;
mod data_type;
mod declaration;
mod expression;
mod free;
mod from;
mod group;
mod join;
mod limit;
mod names;
mod parsed;
mod part;
mod pivot;
mod procedure;
mod query;
mod recognize;
mod recursion;
mod rest;
mod scope;
mod script;
mod select;
mod set;
mod star;
mod statement;
mod structure;
mod table_function;
mod uncertain;

use crate::analysis::Options;
use crate::facts::{ModelKind, TableName, TableRef};
use crate::prepare::Prepared;
use crate::relation::{DataType, Expression, InputId, Query, RelationId};
use context::Lowering;
pub use declaration::{Declaration, DeclaredColumn, data_type_of, declarations};
pub use free::{FreeExpression, expression_problem, free_expression};
pub use parsed::{Parsed, Trees, parsed};
pub use script::script;
use syntax::{Name, TextRange};
pub use uncertain::forget_root;
pub(crate) use uncertain::mark_whole;

/// Lowers every statement of `text` that gives a table its rows, in the order of the text.
pub fn lower(text: &str, options: &Options, catalog: &dyn Catalog) -> Vec<Lowered> {
    let mut all = Vec::new();
    let prepared = Prepared::of_text(text, options);
    each_prepared(&prepared, catalog, &mut |lowered| all.push(lowered));
    all
}

pub(crate) fn each_prepared(
    prepared: &Prepared,
    catalog: &dyn Catalog,
    give: &mut dyn FnMut(Lowered),
) {
    let pieces = uncertain::pieces(prepared);
    for statement in &prepared.statements {
        let tokens = procedure::statement(prepared, statement);
        if tokens.is_empty() {
            continue;
        }
        let range = prepared.range(&tokens);
        let lowering = || Lowering::new(prepared, catalog);
        let part = (tokens != statement.tokens).then(|| prepared.parse_tokens(&tokens));
        let trees = match &part {
            None if statement.failure.is_none() => &statement.trees,
            Some(Ok(trees)) => trees,
            None | Some(Err(_)) => {
                let (query, places) = lowering().nothing_known(range);
                give(Lowered {
                    name: None,
                    kind: ModelKind::Query,
                    query,
                    places,
                });
                continue;
            }
        };
        for statement in trees {
            if let Some(mut lowered) = lowering().statement(statement, range) {
                uncertain::mark(&mut lowered, &pieces);
                give(lowered);
            }
        }
    }
}

/// What is known of the tables outside of a file.
pub trait Catalog {
    /// The columns of a table; `None` where nothing is known of it.
    fn columns(&self, table: &TableRef) -> Option<TableColumns>;
}

/// The columns of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TableColumns {
    /// Those that are known, in order.
    pub columns: Vec<TableColumn>,
    /// There may be others.
    pub open: bool,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TableColumn {
    /// Its name.
    pub name: Name,
    /// Its type, where it is known.
    pub data_type: Option<DataType>,
}

/// A catalog that knows no table.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoCatalog;

impl Catalog for NoCatalog {
    fn columns(&self, _: &TableRef) -> Option<TableColumns> {
        None
    }
}

/// A statement that gives a table its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lowered {
    /// The table's name, where the statement gives one.
    pub name: Option<TableName>,
    /// What kind of statement it is.
    pub kind: ModelKind,
    /// Its query.
    pub query: Query,
    /// Where things stand.
    pub places: QueryPlaces,
}

/// Where the parts of a [`Query`] stand in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryPlaces {
    /// The whole statement.
    pub statement: TextRange,
    /// In the order of [`Query::relations`].
    pub relations: Vec<RelationPlaces>,
    /// Where each input is mentioned, by [`InputId`].
    pub inputs: Vec<TextRange>,
    /// Where each input is given an alias, by [`InputId`]; empty where it has none.
    pub aliases: Vec<TextRange>,
    /// Every mention of a column, in the order of the text.
    pub mentions: Vec<Mention>,
    /// Every mention of an input before a column or a `*`, in the order of the text.
    pub qualifiers: Vec<Qualifier>,
}

/// A mention of an input, by its alias or its name: `o` in `o.id` and `o.*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Qualifier {
    /// Where it stands, without the dot.
    pub range: TextRange,
    /// Which input.
    pub input: InputId,
}

/// Where the parts of a relation stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RelationPlaces {
    /// All of it.
    pub range: TextRange,
    /// The name of the CTE or the alias of the subquery that it is; empty where it has none.
    pub name: TextRange,
    /// In the order of [`crate::relation::Relation::columns`].
    pub columns: Vec<ColumnPlace>,
    /// What decides its rows.
    pub clauses: Vec<ClausePlace>,
}

/// Where a column is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ColumnPlace {
    /// The whole entry of the projection, or the `*` that brings it.
    pub item: TextRange,
    /// The name: the alias, or the column itself.
    pub name: TextRange,
    /// A macro made it, or a part of it.
    pub by_macro: bool,
}

/// Where something stands that decides rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClausePlace {
    /// What it is.
    pub clause: Clause,
    /// Where; for a condition, one of its conjuncts.
    pub range: TextRange,
}

/// What decides which rows there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Clause {
    /// A table of `FROM` or a join.
    From,
    /// `ON`, `USING`
    On,
    /// A conjunct of `WHERE`.
    Where,
    /// A key of `GROUP BY`.
    GroupBy,
    /// A conjunct of `HAVING`.
    Having,
    /// A conjunct of `QUALIFY`.
    Qualify,
    /// `DISTINCT`
    Distinct,
    /// A branch of `UNION` and its like.
    Set,
    /// `LIMIT` and its like.
    Limit,
}

/// A mention of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The column's name.
    pub range: TextRange,
    /// The relation in whose clauses it stands.
    pub within: RelationId,
    /// What it stands for: an [`Expression::Column`] or [`Expression::Output`], an
    /// [`Expression::Unknown`], or the expression of the alias that it names.
    pub value: Expression,
    /// Where it names an alias of the same `SELECT`: its position there.
    pub alias: Option<u32>,
}

impl QueryPlaces {
    /// Where an input is mentioned.
    pub fn input(&self, input: InputId) -> TextRange {
        self.inputs
            .get(input.0 as usize)
            .copied()
            .unwrap_or_default()
    }

    /// Where an input is given an alias; empty where it has none.
    pub fn alias(&self, input: InputId) -> TextRange {
        self.aliases
            .get(input.0 as usize)
            .copied()
            .unwrap_or_default()
    }

    /// Whether a macro made the column at `position` of a relation, or a part of it.
    pub fn is_by_macro(&self, relation: RelationId, position: usize) -> bool {
        let column = self
            .relation(relation)
            .and_then(|places| places.columns.get(position));
        column.is_some_and(|column| column.by_macro)
    }

    /// Where the parts of a relation stand.
    pub fn relation(&self, relation: RelationId) -> Option<&RelationPlaces> {
        self.relations.get(relation.0 as usize)
    }
}
