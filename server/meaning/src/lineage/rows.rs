//! What decides which rows there are.

use super::value::value;
use super::{Graph, TableColumn};
use sql::facts::TableRef;
use sql::relation::{
    Body, Distinct, Expression, Relation, RelationId, Select, SetOperator, Source,
};
use std::collections::BTreeSet;

/// The columns that decide which rows any of the relations gives.
pub(super) fn rows(
    graph: &Graph<'_>,
    roots: impl IntoIterator<Item = RelationId>,
) -> BTreeSet<TableColumn> {
    let mut columns = BTreeSet::new();
    for id in reached(graph, roots, Through::Conditions) {
        let relation = graph.query.relation(id);
        for expression in deciding(relation) {
            add(graph, expression, &mut columns);
        }
        // What a branch compares in turn is asked of its own branches.
        let compared = compared(relation).into_iter();
        let compared = compared.filter(|branch| {
            let branch = graph.query.relation(*branch);
            !matches!(branch.body, Body::Set(_)) || self::compared(branch).is_empty()
        });
        for branch in compared {
            for position in 0..graph.query.relation(branch).columns.len() {
                let found = value(graph, (branch, position));
                columns.extend(found.sources().into_iter().map(|edge| edge.from));
            }
        }
    }
    columns
}

/// The relations whose rows are compared with each other, all of their columns.
fn compared(relation: &Relation) -> Vec<RelationId> {
    match &relation.body {
        Body::Set(set) if !set.all || set.operator != SetOperator::Union => {
            vec![set.left, set.right]
        }
        Body::Recursive {
            seed,
            step,
            distinct: true,
        } => vec![*seed, *step],
        _ => Vec::new(),
    }
}

/// Which expressions lead to further relations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Through {
    /// Those that decide rows.
    Conditions,
    /// All of them.
    Everything,
}

/// The `roots`, the relations that they read, and those that their expressions ask.
pub(super) fn reached(
    graph: &Graph<'_>,
    roots: impl IntoIterator<Item = RelationId>,
    through: Through,
) -> Vec<RelationId> {
    let mut seen: BTreeSet<RelationId> = roots.into_iter().collect();
    let mut waiting: Vec<RelationId> = seen.iter().copied().collect();
    while let Some(id) = waiting.pop() {
        let relation = graph.query.relation(id);
        let mut next = Vec::new();
        match &relation.body {
            Body::Select(select) => {
                for input in select.inputs() {
                    relations_of(&input.source, &mut next);
                }
                let mut asking = deciding(relation);
                if through == Through::Everything {
                    asking.extend(&select.projection);
                }
                for expression in asking {
                    expression.for_each(&mut |part| {
                        if let Expression::Subquery(subquery) = part {
                            next.push(subquery.relation);
                        }
                    });
                }
            }
            Body::Set(set) => next.extend([set.left, set.right]),
            Body::Recursive { seed, step, .. } => next.extend([*seed, *step]),
            Body::Values(_) => {}
            Body::Unknown { reads } => {
                for source in reads {
                    relations_of(source, &mut next);
                }
            }
        }
        waiting.extend(next.into_iter().filter(|id| seen.insert(*id)));
    }
    seen.into_iter().collect()
}

/// Adds the tables that the relation reads itself.
pub(super) fn tables_of(relation: &Relation, tables: &mut BTreeSet<TableRef>) {
    match &relation.body {
        Body::Select(select) => {
            for input in select.inputs() {
                tables_in(&input.source, tables);
            }
        }
        Body::Unknown { reads } => {
            for source in reads {
                tables_in(source, tables);
            }
        }
        Body::Set(_) | Body::Values(_) | Body::Recursive { .. } => {}
    }
}

fn tables_in(source: &Source, tables: &mut BTreeSet<TableRef>) {
    match source {
        Source::Table(TableRef::Unknown) | Source::Relation(_) | Source::Function(_) => {}
        Source::Table(table) => {
            tables.insert(table.clone());
        }
        Source::Unknown { reads } => reads.iter().for_each(|source| tables_in(source, tables)),
    }
}

fn relations_of(source: &Source, found: &mut Vec<RelationId>) {
    match source {
        Source::Relation(id) => found.push(*id),
        Source::Unknown { reads } => reads.iter().for_each(|source| relations_of(source, found)),
        Source::Table(_) | Source::Function(_) => {}
    }
}

/// The expressions of a relation that decide its rows.
fn deciding(relation: &Relation) -> Vec<&Expression> {
    let mut deciding = Vec::new();
    if let Body::Select(select) = &relation.body {
        of_select(select, &mut deciding);
    }
    if let Some(limit) = &relation.limit {
        limit.for_each_expression(&mut |expression| deciding.push(expression));
    }
    let picks = relation.limit.is_some()
        || relation
            .select()
            .is_some_and(|select| matches!(select.distinct, Distinct::On(_)));
    if picks {
        deciding.extend(relation.order.iter().map(|key| &key.value));
    }
    deciding
}

fn of_select<'s>(select: &'s Select, deciding: &mut Vec<&'s Expression>) {
    if let Some(from) = &select.from {
        from.for_each_expression(&mut |expression| deciding.push(expression));
    }
    deciding.extend(&select.filter);
    if let Some(grouping) = &select.grouping {
        deciding.extend(&grouping.keys);
    }
    deciding.extend(&select.having);
    deciding.extend(&select.qualify);
    match &select.distinct {
        Distinct::Keep => {}
        Distinct::All => deciding.extend(&select.projection),
        Distinct::On(keys) => deciding.extend(keys),
    }
}

/// Adds the columns of tables that the expression is computed from.
fn add(graph: &Graph<'_>, expression: &Expression, columns: &mut BTreeSet<TableColumn>) {
    expression.for_each(&mut |part| match part {
        Expression::Column { input, name } => match graph.source(*input) {
            Some(Source::Table(TableRef::Unknown)) | None => {}
            Some(Source::Table(table)) => {
                columns.insert(TableColumn {
                    table: table.clone(),
                    column: name.clone(),
                });
            }
            // The arguments of a function are among what decides rows.
            Some(Source::Function(_) | Source::Relation(_) | Source::Unknown { .. }) => {}
        },
        Expression::Output { input, position } => {
            if let Some(Source::Relation(id)) = graph.source(*input) {
                let found = value(graph, (*id, *position as usize));
                columns.extend(found.sources().into_iter().map(|edge| edge.from));
            }
        }
        Expression::Subquery(subquery) => {
            let width = graph.query.relation(subquery.relation).columns.len();
            for position in 0..width {
                let found = value(graph, (subquery.relation, position));
                columns.extend(found.sources().into_iter().map(|edge| edge.from));
            }
        }
        _ => {}
    });
}
