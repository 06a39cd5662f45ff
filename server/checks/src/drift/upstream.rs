//! What the tables meant that a lock reads: as a lock tells it, else as their models do, in this state or in
//! the one that the branch was made from. What a lock reads and nobody knows any more is not known: its rows
//! are no rows of a source, so nothing is proved by them.

use super::renamed::Renamed;
use crate::context::Context;
use index::{File, Snapshot, Table};
use sql::facts::TableRef;
use sql::relation::{Body, Expression, Query, Relation, RelationId, Source};
use std::collections::BTreeSet;
use syntax::Name;
use syntax::name::dotted;

/// Where the tables are looked up that a locked query reads.
pub(crate) struct Upstream<'u, 's> {
    pub(crate) context: &'u Context<'s>,
    /// The renames of the product whose lock it is.
    pub(crate) renamed: &'u Renamed<'s>,
    /// What the lock says, under the names of today.
    pub(crate) was: &'u Query,
}

impl Upstream<'_, '_> {
    /// What a table meant; `None` for one that nobody makes here.
    pub(crate) fn query(&self, name: &TableRef) -> Option<Query> {
        let TableRef::Named(named) = name else {
            return None;
        };
        let snapshot = self.context.snapshot;
        if let Some(last) = named.parts.last() {
            self.context.note_name(last);
        }
        let known = self.locked(&named.parts);
        let known = known.or_else(|| {
            let mut earlier = self.renamed.earlier(&named.parts).into_iter();
            earlier.find_map(|parts| self.locked(&parts))
        });
        if known.is_some() {
            return known;
        }
        let now = made(snapshot, &named.parts);
        if let Made::By(query) = &now
            && self.has_what_is_read(name, query)
        {
            return Some(query.clone());
        }
        // It is another one than was locked, or is called otherwise.
        match (self.in_base(&named.parts), now) {
            (Made::By(query), _) => Some(query),
            (Made::Elsewhere, _) | (Made::Nowhere, Made::Elsewhere) => None,
            (Made::Nowhere, Made::By(_) | Made::Nowhere) => Some(unknown()),
        }
    }

    /// As a lock tells it.
    fn locked(&self, parts: &[Name]) -> Option<Query> {
        let locked = self.context.snapshot.locked_anywhere(&dotted(parts))?;
        let query = locked.query.filter(|_| locked.entry.rows.is_some());
        let query = query.map_or_else(unknown, |query| (*query).clone());
        Some(self.renamed.upstream(parts, query))
    }

    /// As the state tells it that the branch was made from.
    fn in_base(&self, parts: &[Name]) -> Made {
        let Some(base) = self.context.base else {
            return Made::Nowhere;
        };
        let earlier = self.renamed.earlier(parts);
        for parts in std::iter::once(parts.to_vec()).chain(earlier) {
            match made(base, &parts) {
                Made::By(query) => return Made::By(self.renamed.upstream(&parts, query)),
                Made::Elsewhere => return Made::Elsewhere,
                Made::Nowhere => {}
            }
        }
        Made::Nowhere
    }

    /// Whether a query gives all columns that the lock reads of the table.
    fn has_what_is_read(&self, name: &TableRef, query: &Query) -> bool {
        let root = query.root();
        let mut read = columns_of(self.was, name).into_iter();
        root.open || read.all(|column| root.position(column).is_some())
    }
}

/// Who makes a table.
enum Made {
    /// The model with this query.
    By(Query),
    /// Nobody in this workspace: it is a source.
    Elsewhere,
    /// There is none.
    Nowhere,
}

fn made(snapshot: &Snapshot, parts: &[Name]) -> Made {
    let Some(table) = snapshot.table_named(parts) else {
        return match is_read(snapshot, parts) {
            true => Made::Elsewhere,
            false => Made::Nowhere,
        };
    };
    if let Some(query) = query_of(snapshot, table) {
        return Made::By(query);
    }
    let key = &table.key;
    // What a dbt project describes as a model is one, whether or not it is there.
    match key.is_source || key.project.is_none() || !table.models.is_empty() {
        true => Made::Elsewhere,
        false => Made::Nowhere,
    }
}

/// Whether SQL reads a table by this name. What it refers to is a model of a dbt project, and no source.
fn is_read(snapshot: &Snapshot, parts: &[Name]) -> bool {
    let files = parts.last().map(|last| snapshot.mentioning(last));
    let models = files.into_iter().flatten().filter_map(File::sql);
    let mut inputs = models
        .flat_map(|sql| &sql.models)
        .flat_map(|model| &model.inputs);
    inputs.any(|input| match &input.table {
        TableRef::Named(name) => name.parts == parts,
        TableRef::Source { source, table } => [source, table].into_iter().eq(parts),
        TableRef::Ref { .. } | TableRef::Unknown => false,
    })
}

/// The query of the model of a table.
pub(super) fn query_of(snapshot: &Snapshot, table: &Table) -> Option<Query> {
    let model = snapshot.defining_model(table).filter(|_| !table.cyclic)?;
    Some(snapshot.named_query(model)?.query)
}

/// The columns that a query reads of a table.
fn columns_of<'q>(query: &'q Query, table: &TableRef) -> BTreeSet<&'q Name> {
    let inputs = query.relations.iter().flat_map(Relation::inputs);
    let of_table = inputs.filter(|input| matches!(&input.source, Source::Table(of) if of == table));
    let inputs: BTreeSet<_> = of_table.map(|input| input.id).collect();
    let mut columns = BTreeSet::new();
    for relation in &query.relations {
        relation.for_each_expression(&mut |expression| {
            expression.for_each(&mut |part| {
                if let Expression::Column { input, name } = part
                    && inputs.contains(input)
                {
                    columns.insert(name);
                }
            });
        });
    }
    columns
}

/// A query of which nothing is known.
fn unknown() -> Query {
    let nothing = Relation {
        columns: Vec::new(),
        open: true,
        body: Body::Unknown { reads: Vec::new() },
        order: Vec::new(),
        limit: None,
    };
    Query {
        relations: vec![nothing],
        root: RelationId(0),
        inputs: 0,
        rest: None,
    }
}
