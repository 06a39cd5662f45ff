//! Expressions over the columns of tables, each known by the inputs that lead to it from the result: two
//! mentions of a CTE are not the same rows.

use crate::guarantee::subject::{DEEPEST, Subject};
use sql::facts::TableRef;
use sql::relation::{Expression, Input, InputId, Query, RelationId, Source};
use std::collections::{BTreeMap, BTreeSet};
use syntax::Name;

/// So many parts are read.
const MOST: usize = 5_000;

/// What was read of a query.
pub(super) struct Reading<'r> {
    subject: &'r Subject,
    inputs: BTreeMap<InputId, (RelationId, &'r Input)>,
    /// The way to each input of what was read; the places are the inputs there.
    paths: Vec<Vec<InputId>>,
    /// What the columns on the way are called.
    names: BTreeSet<Name>,
    left: usize,
}

impl<'r> Reading<'r> {
    pub(super) fn new(subject: &'r Subject) -> Reading<'r> {
        let relations = (0..).map(RelationId).zip(&subject.query.relations);
        let inputs = relations.flat_map(|(id, relation)| {
            let inputs = relation.inputs().into_iter();
            inputs.map(move |input| (input.id, (id, input)))
        });
        Reading {
            subject,
            inputs: inputs.collect(),
            paths: Vec::new(),
            names: BTreeSet::new(),
            left: MOST,
        }
    }

    /// What the columns are called that were read so far, wherever they are handed on.
    pub(super) fn names(&self) -> impl Iterator<Item = &Name> {
        self.names.iter()
    }

    /// The relation whose `FROM` has an input of the query.
    pub(super) fn home(&self, input: InputId) -> Option<RelationId> {
        self.inputs.get(&input).map(|(home, _)| *home)
    }

    /// The inputs that lead to an input of what was read.
    pub(super) fn path(&self, input: InputId) -> Option<&[InputId]> {
        self.paths.get(input.0 as usize).map(Vec::as_slice)
    }

    /// An expression of the relation at the end of `path` over what its columns are made of; `None`
    /// where that is too large.
    pub(super) fn expanded(
        &mut self,
        expression: &Expression,
        path: &[InputId],
    ) -> Option<Expression> {
        self.left = self.left.checked_sub(1)?;
        match expression {
            Expression::Column { input, name } => {
                self.names.insert(name.clone());
                Some(Expression::Column {
                    input: self.place(path, *input),
                    name: name.clone(),
                })
            }
            Expression::Output { input, position } => {
                match self.handed_on(*input, *position as usize) {
                    Some(value) if path.len() < DEEPEST => {
                        let inner: Vec<InputId> = path.iter().copied().chain([*input]).collect();
                        self.expanded(value, &inner)
                    }
                    _ => Some(Expression::Output {
                        input: self.place(path, *input),
                        position: *position,
                    }),
                }
            }
            _ => {
                let mut whole = expression.clone();
                let mut is_complete = true;
                whole.for_each_part_mut(&mut |part| match self.expanded(part, path) {
                    Some(expanded) => *part = expanded,
                    None => is_complete = false,
                });
                is_complete.then_some(whole)
            }
        }
    }

    /// Both sides of a comparison.
    pub(super) fn pair(
        &mut self,
        left: &Expression,
        right: &Expression,
        path: &[InputId],
    ) -> Option<(Expression, Expression)> {
        self.expanded(left, path).zip(self.expanded(right, path))
    }

    /// A column of a table: of the mention on the way, else of the only one.
    pub(super) fn column(
        &mut self,
        table: &TableRef,
        name: &Name,
        way: &[InputId],
    ) -> Option<Expression> {
        let mut found = Vec::new();
        self.mentions(self.subject.query.root, table, &mut Vec::new(), &mut found)?;
        let on_the_way = found.iter().find(|mention| way.starts_with(mention));
        let mention = match (on_the_way, found.as_slice()) {
            (Some(mention), _) | (None, [mention]) => mention,
            _ => return None,
        };
        let (last, above) = mention.split_last()?;
        let (_, input) = self.inputs.get(last)?;
        let column = self.subject.column(*last, &input.source, name)?;
        self.expanded(&column, above)
    }

    /// Whether it is a column of a table, as it is there.
    pub(super) fn is_column(
        &self,
        expression: &Expression,
        table: &TableRef,
        wanted: &Name,
    ) -> bool {
        let Expression::Column { input, name } = expression else {
            return false;
        };
        let last = self.path(*input).and_then(<[InputId]>::last);
        let input = last.and_then(|last| self.inputs.get(last));
        name == wanted && input.is_some_and(|(_, input)| self.subject.is(input, table))
    }

    /// Adds the tables that the inputs stand for which lead to an input of what was read.
    pub(super) fn tables_on_the_way_to<'s>(
        &'s self,
        input: InputId,
        found: &mut BTreeSet<&'s TableRef>,
    ) {
        let path = self.path(input).unwrap_or_default().iter();
        for (_, input) in path.filter_map(|input| self.inputs.get(input)) {
            found.extend(self.subject.table_of(input));
        }
    }

    fn mentions(
        &mut self,
        relation: RelationId,
        table: &TableRef,
        path: &mut Vec<InputId>,
        found: &mut Vec<Vec<InputId>>,
    ) -> Option<()> {
        let subject = self.subject;
        for input in subject.query.relation(relation).inputs() {
            self.left = self.left.checked_sub(1)?;
            path.push(input.id);
            if subject.is(input, table) {
                found.push(path.clone());
            } else if let Source::Relation(inner) = input.source
                && path.len() < DEEPEST
            {
                self.mentions(inner, table, path, found)?;
            }
            path.pop();
        }
        Some(())
    }

    /// The value that a relation gives as a column, where it is one of the same row.
    fn handed_on(&mut self, input: InputId, position: usize) -> Option<&'r Expression> {
        let (_, input) = self.inputs.get(&input)?;
        let Source::Relation(relation) = input.source else {
            return None;
        };
        let query: &'r Query = &self.subject.query;
        let relation = query.relation(relation);
        let column = relation.columns.get(position)?;
        self.names.extend(column.name.clone());
        let select = relation.select()?;
        let value = select.projection.get(position)?;
        let mut is_of_row = select.grouping.is_none();
        value.for_each(&mut |part| {
            is_of_row &= !matches!(
                part,
                Expression::Window(_) | Expression::Aggregate(_) | Expression::Subquery(_)
            );
        });
        is_of_row.then_some(value)
    }

    fn place(&mut self, path: &[InputId], input: InputId) -> InputId {
        let whole: Vec<InputId> = path.iter().copied().chain([input]).collect();
        let known = self.paths.iter().position(|known| *known == whole);
        let place = known.unwrap_or_else(|| {
            self.paths.push(whole);
            self.paths.len() - 1
        });
        InputId(u32::try_from(place).unwrap_or(u32::MAX))
    }
}
