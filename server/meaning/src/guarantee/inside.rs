//! Columns that a CTE or a subquery makes: what a bare name of a sentence stands for, where the result has no
//! such column.

use super::formula::{ColumnRef, Formula};
use super::subject::{DEEPEST, Subject};
use sql::facts::TableRef;
use sql::relation::{Body, Expression, InputId, RelationId, Source};
use std::collections::BTreeSet;
use syntax::Name;

impl Subject {
    /// What has a column of this name nearest to the result: a CTE or subquery that makes it, a table of which it
    /// is handed on, or one that is read there and is known to have it: it is mentioned, or `has` says so.
    pub fn inside(&self, name: &Name, has: &dyn Fn(&TableRef) -> bool) -> BTreeSet<ColumnRef> {
        let mut seen = BTreeSet::from([self.query.root]);
        let mut level = vec![self.query.root];
        for _ in 0..DEEPEST {
            let read = level
                .iter()
                .flat_map(|relation| self.tables_with(*relation, name, has));
            let mut found: BTreeSet<ColumnRef> = read.collect();
            level = level
                .iter()
                .flat_map(|relation| self.relations_in(*relation))
                .filter(|relation| seen.insert(*relation))
                .collect();
            found.extend(level.iter().filter_map(|relation| {
                let position = self.query.relation(*relation).position(name)?;
                self.made_in(*relation, position, name)
            }));
            if !found.is_empty() {
                return found;
            }
        }
        BTreeSet::new()
    }

    /// Columns of this name of the tables that a relation reads.
    fn tables_with(
        &self,
        relation: RelationId,
        wanted: &Name,
        has: &dyn Fn(&TableRef) -> bool,
    ) -> Vec<ColumnRef> {
        let own = self.query.relation(relation);
        let mut mentioned: BTreeSet<InputId> = BTreeSet::new();
        own.for_each_expression(&mut |expression| {
            expression.for_each(&mut |part| {
                if let Expression::Column { input, name } = part
                    && name == wanted
                {
                    mentioned.insert(*input);
                }
            });
        });
        let tables = own.inputs().into_iter().filter_map(|input| {
            let table = self.table_of(input)?;
            let is_given = match input.source {
                Source::Relation(inner) => self.query.relation(inner).position(wanted).is_some(),
                _ => mentioned.contains(&input.id),
            };
            (is_given || has(table)).then(|| ColumnRef::Of(table.clone(), wanted.clone()))
        });
        tables.collect()
    }

    /// The relations that a relation takes its rows from, but for those in the place of tables.
    fn relations_in(&self, relation: RelationId) -> Vec<RelationId> {
        match &self.query.relation(relation).body {
            Body::Select(select) => {
                let inputs = select.inputs().into_iter();
                let inner = inputs.filter_map(|input| match input.source {
                    Source::Relation(inner) if self.table_of(input).is_none() => Some(inner),
                    _ => None,
                });
                inner.collect()
            }
            Body::Set(set) => vec![set.left, set.right],
            Body::Recursive { seed, step, .. } => vec![*seed, *step],
            Body::Values(_) | Body::Unknown { .. } => Vec::new(),
        }
    }

    /// Where the column at `position` is made.
    fn made_in(&self, relation: RelationId, position: usize, name: &Name) -> Option<ColumnRef> {
        let (mut relation, mut position, mut name) = (relation, position, name.clone());
        for _ in 0..DEEPEST {
            let own = self.query.relation(relation);
            let value = own.select().map(|select| select.projection.get(position));
            let Some(Expression::Column { input, .. } | Expression::Output { input, .. }) =
                value.flatten()
            else {
                break;
            };
            let input = own.input(*input)?;
            match (value.flatten()?, &input.source) {
                (Expression::Column { name, .. }, Source::Table(table)) => {
                    return Some(ColumnRef::Of(table.clone(), name.clone()));
                }
                (Expression::Output { position: at, .. }, Source::Relation(inner)) => {
                    let at = usize::try_from(*at).ok()?;
                    let column = self.query.relation(*inner).columns.get(at)?.name.clone()?;
                    if let Some(table) = self.table_of(input) {
                        return Some(ColumnRef::Of(table.clone(), column));
                    }
                    (relation, position, name) = (*inner, at, column);
                }
                _ => break,
            }
        }
        Some(ColumnRef::Inside(relation, name))
    }
}

impl Formula {
    /// The same over columns of tables alone; `None` where one that a CTE makes is no value of a single row.
    pub(super) fn over_tables(&self, subject: &Subject) -> Option<Formula> {
        let mut over = self.clone();
        let mut is_complete = true;
        over.value.for_each_mut(&mut |part| {
            if let Some(ColumnRef::Inside(relation, name)) = self.column(part) {
                let position = subject.query.relation(*relation).position(name);
                let made =
                    position.and_then(|at| subject.of_row(*relation, at, &mut over.columns, 0));
                match made {
                    Some(made) => *part = made,
                    None => is_complete = false,
                }
            }
        });
        is_complete.then_some(over)
    }
}

impl Subject {
    /// The value of a column over columns of tables, which are put into `columns`.
    fn of_row(
        &self,
        relation: RelationId,
        position: usize,
        columns: &mut Vec<ColumnRef>,
        depth: usize,
    ) -> Option<Expression> {
        let select = self.query.relation(relation).select()?;
        let is_of_row = select.grouping.is_none() && depth < DEEPEST;
        let value = select.projection.get(position).filter(|_| is_of_row)?;
        self.over_tables(relation, value, columns, depth)
    }

    fn over_tables(
        &self,
        home: RelationId,
        value: &Expression,
        columns: &mut Vec<ColumnRef>,
        depth: usize,
    ) -> Option<Expression> {
        let (table, name) = match value {
            Expression::Column { input, name } => {
                let input = self.query.relation(home).input(*input)?;
                (self.table_of(input)?, name)
            }
            Expression::Output { input, position } => {
                let input = self.query.relation(home).input(*input)?;
                let Source::Relation(inner) = input.source else {
                    return None;
                };
                let position = usize::try_from(*position).ok()?;
                let Some(table) = self.table_of(input) else {
                    return self.of_row(inner, position, columns, depth + 1);
                };
                let column = self.query.relation(inner).columns.get(position)?;
                (table, column.name.as_ref()?)
            }
            Expression::Aggregate(_)
            | Expression::Window(_)
            | Expression::Subquery(_)
            | Expression::Unknown(_) => return None,
            _ => {
                let mut whole = value.clone();
                let mut is_complete = true;
                whole.for_each_part_mut(&mut |part| match self
                    .over_tables(home, part, columns, depth)
                {
                    Some(over) => *part = over,
                    None => is_complete = false,
                });
                return is_complete.then_some(whole);
            }
        };
        columns.push(ColumnRef::Of(table.clone(), name.clone()));
        let place = u32::try_from(columns.len() - 1).ok()?;
        Some(Expression::Column {
            input: InputId(place),
            name: name.clone(),
        })
    }
}
