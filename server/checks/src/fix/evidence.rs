//! What the workspace knows of the use of a table or a column: who joins on it, groups by it, filters by it or
//! reads it, and which amendment asked for it.

use crate::context::{Context, product_of};
use crate::drift::coverage::{Called, Coverage, Part};
use index::{File, ModelId, Snapshot, Table};
use spec::model::AmendmentId;
use sql::facts::TableRef;
use sql::relation::{Expression, From, InputId, Query, RelationId, Select, Source};
use std::collections::BTreeMap;
use syntax::Name;

/// What is known, as sentences: "Joined on by invoices. Read by daily_revenue and 2 more."
pub(crate) fn evidence(
    snapshot: &Snapshot,
    table: &Table,
    column: Option<&Name>,
) -> Option<String> {
    let mut by_role: BTreeMap<Role, Vec<String>> = BTreeMap::new();
    for file in snapshot.readers(&table.key).into_iter().take(MOST_READERS) {
        let role = strongest(snapshot, file, table, column);
        let stem = file.path.file_stem();
        let name = stem.map(|stem| stem.to_string_lossy().into_owned());
        if let (Some(role), Some(name)) = (role, name) {
            let readers = by_role.entry(role).or_default();
            if !readers.contains(&name) {
                readers.push(name);
            }
        }
    }
    let asked = column
        .and_then(|column| asked_for(snapshot, table, column))
        .into_iter();
    let asked = asked.map(|id| format!("Asked for in amendment {id}."));
    let used = by_role
        .iter()
        .map(|(role, readers)| format!("{} {}.", role.words(), some(readers)));
    let sentences: Vec<String> = asked.chain(used).collect();
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// Among so many readers.
const MOST_READERS: usize = 50;

/// What a reader does with a column, what says most about it first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Joined,
    Grouped,
    Filtered,
    Read,
}

impl Role {
    fn words(self) -> &'static str {
        match self {
            Role::Joined => "Joined on by",
            Role::Grouped => "Grouped by in",
            Role::Filtered => "Decides the rows of",
            Role::Read => "Read by",
        }
    }
}

/// Two of several names, and how many more there are.
fn some(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first, second] => format!("{first} and {second}"),
        [first, second, rest @ ..] => format!("{first}, {second} and {} more", rest.len()),
    }
}

/// The amendment that asked for a column: the first one in force that names it.
pub(crate) fn asked_for(snapshot: &Snapshot, table: &Table, column: &Name) -> Option<AmendmentId> {
    let context = Context::for_fixes(snapshot);
    let descriptions = context.descriptions(table);
    let spec = descriptions
        .iter()
        .find(|own| own.file.native_spec().is_some())?;
    let coverage = Coverage::of(&context, &product_of(spec.file)?);
    let called = Called::new(table, spec.entry);
    coverage
        .introducing(&called, &Part::Column(column))
        .cloned()
}

fn strongest(
    snapshot: &Snapshot,
    file: &File,
    table: &Table,
    column: Option<&Name>,
) -> Option<Role> {
    let sql = file.sql()?;
    let models = (0..).zip(&sql.models).map(|(ordinal, _)| ModelId {
        file: file.id,
        ordinal,
    });
    let roles = models.filter_map(|model| {
        let (relations, at) = snapshot.relation(model)?;
        let query = &relations.full.get(at)?.query;
        let is_it = |mentioned: &TableRef| {
            let read = snapshot.resolve(file, mentioned);
            read.is_some_and(|read| read.key == table.key)
        };
        let Some(column) = column else {
            let tables = query.tables();
            return tables.into_iter().any(is_it).then_some(Role::Read);
        };
        let uses = Uses {
            query,
            is_it: &is_it,
            column,
        };
        uses.strongest()
    });
    roles.min()
}

/// The uses of one column of a table in a query.
struct Uses<'q> {
    query: &'q Query,
    is_it: &'q dyn Fn(&TableRef) -> bool,
    column: &'q Name,
}

/// A column is followed through so many CTEs and subqueries.
const DEEPEST: usize = 20;

impl Uses<'_> {
    fn strongest(&self) -> Option<Role> {
        let relations = (0..).map(RelationId).zip(&self.query.relations);
        let selects = relations.filter_map(|(id, relation)| Some((id, relation.select()?)));
        let roles = selects.filter_map(|(id, select)| {
            let uses = |expressions: &[&Expression]| {
                expressions
                    .iter()
                    .any(|expression| self.mentions(select, expression))
            };
            let mut conditions = Vec::new();
            if let Some(from) = &select.from {
                joined_on(from, &mut conditions);
            }
            let keys = select.grouping.iter().flat_map(|grouping| &grouping.keys);
            let filters = [&select.filter, &select.having, &select.qualify];
            let filters: Vec<&Expression> = filters.into_iter().flatten().collect();
            // A CTE that only hands it on, perhaps by a `*`, makes no use of it.
            let is_use = |value: &&Expression| {
                let is_plain =
                    matches!(value, Expression::Column { .. } | Expression::Output { .. });
                id == self.query.root || !is_plain
            };
            let values: Vec<&Expression> = select.projection.iter().filter(is_use).collect();
            if uses(&conditions) {
                Some(Role::Joined)
            } else if uses(&keys.collect::<Vec<_>>()) {
                Some(Role::Grouped)
            } else if uses(&filters) {
                Some(Role::Filtered)
            } else {
                uses(&values).then_some(Role::Read)
            }
        });
        roles.min()
    }

    fn mentions(&self, select: &Select, expression: &Expression) -> bool {
        let mut found = false;
        expression.for_each(&mut |part| found |= self.is_column(select, part, DEEPEST));
        found
    }

    /// Whether an expression is the column, also where a CTE hands it on unchanged.
    fn is_column(&self, select: &Select, expression: &Expression, depth: usize) -> bool {
        match expression {
            Expression::Column { input, name } => {
                let source = source(select, *input);
                let is_table = matches!(source, Some(Source::Table(table)) if (self.is_it)(table));
                is_table && name == self.column
            }
            Expression::Output { input, position } if depth > 0 => {
                let Some(Source::Relation(id)) = source(select, *input) else {
                    return false;
                };
                self.gives_column(*id, *position as usize, depth - 1)
            }
            _ => false,
        }
    }

    fn gives_column(&self, id: RelationId, position: usize, depth: usize) -> bool {
        let inner = self.query.relation(id).select();
        let value = inner.and_then(|inner| Some((inner, inner.projection.get(position)?)));
        value.is_some_and(|(inner, value)| self.is_column(inner, value, depth))
    }
}

fn source(select: &Select, id: InputId) -> Option<&Source> {
    select.input(id).map(|input| &input.source)
}

fn joined_on<'e>(from: &'e From, conditions: &mut Vec<&'e Expression>) {
    if let From::Join(join) = from {
        conditions.extend(&join.on);
        joined_on(&join.left, conditions);
        joined_on(&join.right, conditions);
    }
}
