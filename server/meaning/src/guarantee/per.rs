//! `SUM(orders.amount) per customer_id`: aggregates over the rows of a table that have the same keys as the
//! row of the result.

use super::formula::{ColumnRef, Formula};
use super::rows::{and, conjuncts};
use super::subject::Subject;
use crate::witness::Facts;
use sql::facts::TableRef;
use sql::relation::{
    Body, Column, Distinct, Expression, From, Grouping, Input, InputId, JoinKind, Operator, Query,
    Relation, RelationId, Select, Source, Subquery, SubqueryKind,
};
use std::collections::BTreeSet;
use syntax::Name;

/// A formula whose aggregates are taken per keys.
pub(super) struct Per<'a> {
    pub(super) formula: &'a Formula,
    /// The keys, as the result calls them.
    pub(super) keys: &'a [Name],
    /// What is known of tables.
    pub(super) facts: &'a Facts,
}

impl Per<'_> {
    /// Whether the query groups all rows of the formula's table by these columns, or all rows that its
    /// aggregates are to be taken over, and does no more than join the groups by them.
    pub(super) fn is_grouped(&self, subject: &Subject, counted: Option<&Formula>) -> bool {
        let root = subject.query.root;
        self.groups(subject, root, counted).is_some()
            || self.joins_groups(subject, counted).unwrap_or_default()
    }

    /// The columns of the input by which a relation groups its table, in the order of the keys; `None` where
    /// it does anything else.
    fn groups(
        &self,
        subject: &Subject,
        relation: RelationId,
        counted: Option<&Formula>,
    ) -> Option<Vec<Expression>> {
        let own = subject.query.relation(relation);
        let select = own.select()?;
        let (Some(From::Input(input)), Some(grouping)) = (&select.from, &select.grouping) else {
            return None;
        };
        let leaves_out = select.having.is_some()
            || select.qualify.is_some()
            || select.distinct != Distinct::Keep
            || own.limit.is_some();
        let is_filtered =
            select.filter.is_some() && select.filter != of_input(subject, counted, input);
        let tables: Vec<&TableRef> = self.formula.tables().into_iter().collect();
        let [table] = tables.as_slice() else {
            return None;
        };
        if leaves_out || is_filtered || !subject.is(input, table) || grouping.sets.len() != 1 {
            return None;
        }
        let columns = self.keys.iter().map(|key| {
            let name = subject.key_in(table, key, self.facts)?;
            subject.column(input.id, &input.source, &name)
        });
        let columns: Vec<Expression> = columns.collect::<Option<_>>()?;
        let wanted: BTreeSet<&Expression> = columns.iter().collect();
        let given: BTreeSet<&Expression> = grouping.keys.iter().collect();
        (wanted == given).then_some(columns)
    }

    /// Whether each row of the query is joined to the group that has its keys, and to no other.
    fn joins_groups(&self, subject: &Subject, counted: Option<&Formula>) -> Option<bool> {
        let root = subject.query.root();
        let select = root.select().filter(|select| select.grouping.is_none())?;
        let mut groups = select.inputs().into_iter().filter_map(|input| {
            let inner = match input.source {
                Source::Relation(inner) if subject.table_of(input).is_none() => inner,
                _ => return None,
            };
            Some((input.id, inner, self.groups(subject, inner, counted)?))
        });
        let (input, inner, columns) = groups.next()?;
        if groups.next().is_some() {
            return None;
        }
        let of_group = |column: &Expression| {
            let given = &subject.query.relation(inner).select()?.projection;
            let position = given.iter().position(|given| given == column)?;
            Some(Expression::Output {
                input,
                position: u32::try_from(position).ok()?,
            })
        };
        let pairs = self.keys.iter().zip(&columns).map(|(key, column)| {
            let own = select.projection.get(root.position(key)?)?;
            Some((of_group(column)?, own))
        });
        let pairs: Vec<(Expression, &Expression)> = pairs.collect::<Option<_>>()?;
        let (on, is_padded) = condition_of(select.from.as_ref()?, input);
        let joined = on.map(conjuncts).unwrap_or_default();
        let is_pair = |condition: &Expression, (group, own): &(Expression, &Expression)| {
            matches!(condition, Expression::Operation(operation)
                if operation.operator == Operator::Equal
                    && (operation.operands.iter().eq([group, own])
                        || operation.operands.iter().eq([own, group])))
        };
        let all_joined = pairs.iter().all(|pair| {
            pair.0 == *pair.1 || joined.iter().any(|condition| is_pair(condition, pair))
        });
        let nothing_else = joined
            .iter()
            .all(|condition| pairs.iter().any(|pair| is_pair(condition, pair)));
        Some(all_joined && (nothing_else || !is_padded))
    }

    /// The rows whose keys have a value, of those that a filter names: whether `NULL` is a key like others is
    /// not agreed.
    pub(super) fn with_known_keys(
        &self,
        query: &Query,
        filter: Option<Expression>,
    ) -> Option<Expression> {
        let root = query.root();
        let projection = root.select().map(|select| select.projection.as_slice());
        let own = self
            .keys
            .iter()
            .filter_map(|key| projection?.get(root.position(key)?));
        own.fold(filter, |filter, own| {
            let is_null = Expression::operation(Operator::IsNull, [own.clone()]);
            Some(and(filter, Expression::operation(Operator::Not, [is_null])))
        })
    }

    /// The formula with a query of its own for each aggregate. `None` where its table or a key is not to be
    /// had.
    pub(super) fn agreed(&self, subject: &mut Subject) -> Option<Expression> {
        let mut failed = false;
        let mut value = self.formula.value.clone();
        self.part(subject, &mut value, &mut failed);
        (!failed).then_some(value)
    }

    fn part(&self, subject: &mut Subject, part: &mut Expression, failed: &mut bool) {
        let replaced = match part {
            Expression::Aggregate(_) => self.scoped(subject, part),
            Expression::Column { .. } | Expression::Subquery(_) | Expression::Unknown(_) => None,
            _ => {
                part.for_each_part_mut(&mut |own| self.part(subject, own, failed));
                return;
            }
        };
        match replaced {
            Some(replaced) => *part = replaced,
            None => *failed = true,
        }
    }

    fn scoped(&self, subject: &mut Subject, aggregate: &Expression) -> Option<Expression> {
        let tables = self.formula.tables_in(aggregate);
        let table = (*tables.first()?).clone();
        if tables.len() > 1 || has_own(self.formula, aggregate) {
            return None;
        }
        let source = subject.source_of(&table)?.clone();
        let input = InputId(subject.query.inputs);
        subject.query.inputs += 1;
        let mut missing = false;
        let mut value = aggregate.clone();
        value.for_each_mut(&mut |part| {
            if let Some(ColumnRef::Of(_, name)) = self.formula.column(part) {
                match subject.column(input, &source, name) {
                    Some(column) => *part = column,
                    None => missing = true,
                }
            }
        });
        if missing {
            return None;
        }
        let root = subject.query.root();
        let mut conditions = Vec::new();
        for key in self.keys {
            let own = root.select()?.projection.get(root.position(key)?)?.clone();
            let name = subject.key_in(&table, key, self.facts)?;
            let of_table = subject.column(input, &source, &name)?;
            conditions.push(Expression::operation(Operator::Equal, [of_table, own]));
        }
        let filter = match conditions.len() {
            1 => conditions.pop(),
            _ => Some(Expression::operation(Operator::And, conditions)),
        };
        let relation = RelationId(u32::try_from(subject.query.relations.len()).ok()?);
        subject.query.relations.push(Relation {
            columns: vec![Column {
                name: None,
                implicit: false,
            }],
            open: false,
            body: Body::Select(Box::new(Select {
                projection: vec![value],
                from: Some(From::Input(Input { id: input, source })),
                filter,
                grouping: Some(Grouping {
                    keys: Vec::new(),
                    sets: vec![Vec::new()],
                }),
                having: None,
                qualify: None,
                distinct: Distinct::Keep,
            })),
            order: Vec::new(),
            limit: None,
        });
        Some(Expression::Subquery(Box::new(Subquery {
            kind: SubqueryKind::Scalar,
            relation,
        })))
    }
}

/// A formula over the columns of an input.
fn of_input(subject: &Subject, formula: Option<&Formula>, input: &Input) -> Option<Expression> {
    let formula = formula?;
    let mut missing = false;
    let mut value = formula.value.clone();
    value.for_each_mut(&mut |part| {
        if let Some(column) = formula.column(part) {
            let found = match column {
                ColumnRef::Of(table, name) if subject.is(input, table) => {
                    subject.column(input.id, &input.source, name)
                }
                _ => None,
            };
            match found {
                Some(found) => *part = found,
                None => missing = true,
            }
        }
    });
    (!missing).then_some(value)
}

fn has_own(formula: &Formula, part: &Expression) -> bool {
    let mut found = false;
    part.for_each(&mut |part| {
        found |= matches!(formula.column(part), Some(ColumnRef::Own(_)));
    });
    found
}

/// The condition by which an input is joined, and whether the join may leave it out.
fn condition_of(from: &From, wanted: InputId) -> (Option<&Expression>, bool) {
    let From::Join(join) = from else {
        return (None, false);
    };
    let is_it = |side: &From| matches!(side, From::Input(input) if input.id == wanted);
    match (is_it(&join.left), is_it(&join.right)) {
        (true, _) => (
            join.on.as_ref(),
            matches!(join.kind, JoinKind::Right | JoinKind::Full),
        ),
        (_, true) => (
            join.on.as_ref(),
            matches!(join.kind, JoinKind::Left | JoinKind::Full),
        ),
        (false, false) => match join.left.input(wanted) {
            Some(_) => condition_of(&join.left, wanted),
            None => condition_of(&join.right, wanted),
        },
    }
}
