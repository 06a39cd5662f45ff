//! What a table calls a key of the result: the column that the key is, or is joined by, or one of its name.

use super::rows::conjuncts;
use super::subject::{DEEPEST, Subject};
use crate::witness::Facts;
use sql::facts::TableRef;
use sql::relation::{Expression, From, Operator, RelationId, Select, Source};
use syntax::Name;

/// A column in a relation that hands it on.
type Step<'q> = (RelationId, &'q Expression);

impl Subject {
    /// What `table` calls the column that the result has as `own`; `None` where it is not known to have it.
    pub(super) fn key_in(&self, table: &TableRef, own: &Name, facts: &Facts) -> Option<Name> {
        let root = self.query.root();
        let value = root.select()?.projection.get(root.position(own)?)?;
        let steps = self.steps((self.query.root, value));
        let is_it = |step: &Step<'_>| self.called(table, *step);
        if let Some(name) = steps.iter().find_map(is_it) {
            return Some(name);
        }
        let same = self.has(table, own, facts).then(|| own.clone());
        // Every table may have an `id`, and it is another one in each.
        if same.is_some() && !is_row_id(table, own, facts) {
            return same;
        }
        let equal = steps.iter().flat_map(|(relation, value)| {
            let select = self.query.relation(*relation).select();
            let equal = select.map(|select| equal_columns(select, value));
            equal.into_iter().flatten().map(|other| (*relation, other))
        });
        let mut joined = equal.flat_map(|other| self.steps(other));
        joined.find_map(|step| is_it(&step)).or(same)
    }

    /// A column, and the same further in, as far as it is handed on as it is.
    fn steps<'q>(&'q self, first: Step<'q>) -> Vec<Step<'q>> {
        let mut steps = vec![first];
        let mut next = self.before(first);
        while let Some(step) = next.filter(|_| steps.len() < DEEPEST) {
            steps.push(step);
            next = self.before(step);
        }
        steps
    }

    fn before<'q>(&'q self, (relation, value): Step<'q>) -> Option<Step<'q>> {
        let Expression::Output { input, position } = value else {
            return None;
        };
        let Source::Relation(inner) = self.query.relation(relation).input(*input)?.source else {
            return None;
        };
        let select = self.query.relation(inner).select()?;
        let position = usize::try_from(*position).ok()?;
        Some((inner, select.projection.get(position)?))
    }

    /// The name of a column where it is one of `table`.
    fn called(&self, table: &TableRef, (relation, value): Step<'_>) -> Option<Name> {
        let (Expression::Column { input, .. } | Expression::Output { input, .. }) = value else {
            return None;
        };
        let input = self.query.relation(relation).input(*input)?;
        if !self.is(input, table) {
            return None;
        }
        match (value, &input.source) {
            (Expression::Column { name, .. }, _) => Some(name.clone()),
            (Expression::Output { position, .. }, Source::Relation(inner)) => {
                let position = usize::try_from(*position).ok()?;
                let column = self.query.relation(*inner).columns.get(position)?;
                column.name.clone()
            }
            _ => None,
        }
    }

    /// Whether a table is known to have a column: it is declared, or the query mentions it.
    fn has(&self, table: &TableRef, name: &Name, facts: &Facts) -> bool {
        let mut known = facts.tables.iter().filter(|known| known.table == *table);
        let is_declared = known.any(|known| known.columns.iter().any(|own| own.name == *name));
        let is_given = || match self.source_of(table) {
            Some(Source::Relation(inner)) => self.query.relation(*inner).position(name).is_some(),
            _ => false,
        };
        is_declared || is_given() || self.mentions(table, name)
    }

    fn mentions(&self, table: &TableRef, wanted: &Name) -> bool {
        let mut found = false;
        for relation in &self.query.relations {
            relation.for_each_expression(&mut |expression| {
                expression.for_each(&mut |part| {
                    if let Expression::Column { input, name } = part {
                        found |= name == wanted
                            && relation
                                .input(*input)
                                .is_some_and(|input| self.is(input, table));
                    }
                });
            });
        }
        found
    }
}

/// Whether a column tells the rows of its table apart: it is declared so, or is called as such columns are.
fn is_row_id(table: &TableRef, name: &Name, facts: &Facts) -> bool {
    let mut known = facts.tables.iter().filter(|known| known.table == *table);
    let is_key = known.any(|known| {
        known
            .unique
            .iter()
            .any(|key| key.as_slice() == [name.clone()])
    });
    is_key || name.as_str().eq_ignore_ascii_case("id")
}

/// The columns that are equal to a column in every row of a select in which it has a partner.
fn equal_columns<'q>(select: &'q Select, column: &'q Expression) -> Vec<&'q Expression> {
    let mut conditions = Vec::new();
    conditions.extend(select.filter.as_ref());
    if let Some(from) = &select.from {
        add_conditions(from, &mut conditions);
    }
    let pairs: Vec<[&Expression; 2]> = conditions
        .into_iter()
        .flat_map(conjuncts)
        .filter_map(|condition| match condition {
            Expression::Operation(operation) if operation.operator == Operator::Equal => {
                match operation.operands.as_slice() {
                    [left, right] => Some([left, right]),
                    _ => None,
                }
            }
            _ => None,
        })
        .collect();
    let mut equal = vec![column];
    let mut at = 0;
    while let Some(known) = equal.get(at).copied() {
        for [left, right] in &pairs {
            for (one, other) in [(*left, *right), (*right, *left)] {
                if one == known && !equal.contains(&other) {
                    equal.push(other);
                }
            }
        }
        at += 1;
    }
    equal.split_off(1)
}

fn add_conditions<'q>(from: &'q From, found: &mut Vec<&'q Expression>) {
    if let From::Join(join) = from {
        found.extend(&join.on);
        add_conditions(&join.left, found);
        add_conditions(&join.right, found);
    }
}
