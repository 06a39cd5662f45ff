//! Makes columns and aggregates of tables that lie deeper in a query visible in the relation where a
//! sentence needs them, by adding columns to the relations on the way.
//!
//! An aggregate is taken over the rows and keys of the relation that groups the rows of its table, so
//! that a sum in a joined subquery is the same as the sum on top. Where there are several ways, the one
//! counts that the judged column itself takes; where that leaves several, there is none.

use super::Piece;
use super::formula::{ColumnRef, Formula, has_aggregate};
use super::rows::says_already;
use super::subject::{DEEPEST, Subject};
use sql::facts::TableRef;
use sql::relation::{
    Body, Column, Distinct, Expression, Input, InputId, RelationId, Select, Source, Subquery,
    SubqueryKind,
};
use std::collections::{BTreeMap, BTreeSet};
use syntax::Name;

/// A query whose relations get further columns.
#[derive(Clone)]
pub(super) struct Exposure {
    /// The query. What was in it before stands where it did.
    pub(super) subject: Subject,
    /// What copies of relations and inputs were made of.
    relations: BTreeMap<RelationId, RelationId>,
    inputs: BTreeMap<InputId, InputId>,
}

/// What leads on from a relation.
#[derive(Clone, Copy)]
enum Step {
    Input(InputId, RelationId),
    /// A query in the judged expression that gives one value.
    Scalar(RelationId),
}

impl Exposure {
    pub(super) fn new(subject: &Subject) -> Exposure {
        Exposure {
            subject: subject.clone(),
            relations: BTreeMap::new(),
            inputs: BTreeMap::new(),
        }
    }

    /// The piece of the query as it was before that a piece of it was copied from.
    pub(super) fn before(&self, piece: Piece) -> Piece {
        match piece {
            Piece::Whole => Piece::Whole,
            Piece::Column(relation, position) => {
                Piece::Column(first(&self.relations, relation), position)
            }
            Piece::Input(input) => Piece::Input(first(&self.inputs, input)),
            Piece::Filter(relation) => Piece::Filter(first(&self.relations, relation)),
            Piece::Distinct(relation) => Piece::Distinct(first(&self.relations, relation)),
        }
    }

    /// A formula as an expression in the `SELECT` of `relation`; `judged` is the expression there that
    /// the formula is compared with. `None` where something in it is out of reach.
    pub(super) fn expose(
        &mut self,
        relation: RelationId,
        formula: &Formula,
        judged: &Expression,
    ) -> Option<Expression> {
        self.part(relation, formula, &formula.value, judged, 0)
    }

    fn part(
        &mut self,
        relation: RelationId,
        formula: &Formula,
        part: &Expression,
        judged: &Expression,
        depth: usize,
    ) -> Option<Expression> {
        match part {
            Expression::Column { .. } => match formula.column(part)? {
                ColumnRef::Own(name) => self.own(relation, name),
                ColumnRef::Of(table, name) => self.column(relation, table, name, judged, depth),
                ColumnRef::Inside(..) => None,
            },
            Expression::Aggregate(_) => self.aggregate(relation, formula, part, judged, depth),
            Expression::Subquery(_) | Expression::Unknown(_) => None,
            _ => {
                let mut failed = false;
                let mut value = part.clone();
                value.for_each_part_mut(&mut |own| match self
                    .part(relation, formula, own, judged, depth)
                {
                    Some(exposed) => *own = exposed,
                    None => failed = true,
                });
                (!failed).then_some(value)
            }
        }
    }

    /// A column of the relation itself.
    fn own(&self, relation: RelationId, name: &Name) -> Option<Expression> {
        let own = self.subject.query.relation(relation);
        let position = own.position(name)?;
        own.select()?.projection.get(position).cloned()
    }

    /// A column of a table, for each row of `relation`.
    fn column(
        &mut self,
        relation: RelationId,
        table: &TableRef,
        name: &Name,
        judged: &Expression,
        depth: usize,
    ) -> Option<Expression> {
        let select = self.subject.query.relation(relation).select()?;
        let reads = self.subject.reads(select, table);
        if let Some(input) = one(&reads, |input| mentions(judged, *input)) {
            return self.subject.column_in(select, input, name);
        }
        if !reads.is_empty() || depth == DEEPEST {
            return None;
        }
        let wanted = BTreeSet::from([table]);
        let steps = self.steps(select, judged, &wanted, &|select| select.grouping.is_none());
        let Step::Input(input, inner) = self.only(&steps, judged)? else {
            return None;
        };
        let judged = self.through(judged, input, inner);
        let value = self.column(inner, table, name, &judged, depth + 1)?;
        let position = self.add(inner, value)?;
        Some(Expression::Output { input, position })
    }

    /// An aggregate over rows that `relation` groups, or that a relation inside of it does.
    fn aggregate(
        &mut self,
        relation: RelationId,
        formula: &Formula,
        part: &Expression,
        judged: &Expression,
        depth: usize,
    ) -> Option<Expression> {
        let select = self.subject.query.relation(relation).select()?;
        if select.grouping.is_some() {
            let mut failed = false;
            let mut value = part.clone();
            value.for_each_part_mut(&mut |own| {
                match self.part(relation, formula, own, judged, depth) {
                    // An aggregate of what is aggregated already has other rows.
                    Some(exposed) if !has_aggregate(&exposed) => *own = exposed,
                    _ => failed = true,
                }
            });
            return (!failed).then(|| self.over_own_rows(relation, value));
        }
        if depth == DEEPEST {
            return None;
        }
        let wanted = formula.tables_in(part);
        let steps = self.steps(select, judged, &wanted, &|_| true);
        match self.only(&steps, judged)? {
            Step::Input(input, inner) => {
                let judged = self.through(judged, input, inner);
                let value = self.aggregate(inner, formula, part, &judged, depth + 1)?;
                let position = self.add(inner, value)?;
                Some(Expression::Output { input, position })
            }
            Step::Scalar(inner) => {
                let copy = self.copied(inner)?;
                let own = self
                    .subject
                    .query
                    .relation(inner)
                    .select()?
                    .projection
                    .first()?
                    .clone();
                let value = self.aggregate(copy, formula, part, &own, depth + 1)?;
                let copied = self.subject.query.relations.get_mut(copy.0 as usize)?;
                let Body::Select(select) = &mut copied.body else {
                    return None;
                };
                select.projection = vec![value];
                copied.columns.truncate(1);
                Some(Expression::Subquery(Box::new(Subquery {
                    kind: SubqueryKind::Scalar,
                    relation: copy,
                })))
            }
        }
    }

    /// An aggregate without a filter that the rows of its relation pass anyway.
    fn over_own_rows(&self, relation: RelationId, mut value: Expression) -> Expression {
        if let Expression::Aggregate(aggregate) = &mut value {
            let mut own = self.subject.query.clone();
            own.root = relation;
            let filter = aggregate.filter.take();
            aggregate.filter =
                filter.filter(|filter| !says_already(&own, relation, filter.clone()));
        }
        value
    }

    /// What leads from a select to relations that read all of the tables.
    fn steps(
        &self,
        select: &Select,
        judged: &Expression,
        wanted: &BTreeSet<&TableRef>,
        fits: &dyn Fn(&Select) -> bool,
    ) -> Vec<Step> {
        let leads = |relation: RelationId| {
            let inner = self.subject.query.relation(relation).select();
            inner.is_some_and(fits) && {
                let mut found = BTreeSet::new();
                self.subject.tables_below(relation, &mut found, 0);
                wanted.iter().all(|table| found.contains(*table))
            }
        };
        let mut steps = Vec::new();
        for Input { id, source } in select.inputs() {
            if let Source::Relation(relation) = source
                && leads(*relation)
            {
                steps.push(Step::Input(*id, *relation));
            }
        }
        judged.for_each(&mut |part| {
            if let Expression::Subquery(subquery) = part
                && subquery.kind == SubqueryKind::Scalar
                && leads(subquery.relation)
            {
                steps.push(Step::Scalar(subquery.relation));
            }
        });
        steps
    }

    /// The only step, or the only one that the judged expression takes.
    fn only(&self, steps: &[Step], judged: &Expression) -> Option<Step> {
        one(steps, |step| match step {
            Step::Input(input, _) => mentions(judged, *input),
            Step::Scalar(_) => true,
        })
    }

    /// What the judged expression is inside of a relation that it comes through; `NULL`, which
    /// mentions nothing, where it does not or is more than that.
    fn through(&self, judged: &Expression, input: InputId, inner: RelationId) -> Expression {
        let mut positions = BTreeSet::new();
        judged.for_each(&mut |part| {
            if let Expression::Output {
                input: from,
                position,
            } = part
                && *from == input
            {
                positions.insert(*position);
            }
        });
        let select = self.subject.query.relation(inner).select();
        let projection = select.map(|select| select.projection.as_slice());
        let values = positions
            .into_iter()
            .filter_map(|position| projection?.get(position as usize).cloned());
        // Together they mention what each of them does.
        Expression::call("coalesce", values)
    }

    /// Adds a column to a relation, and tells its position.
    pub(super) fn add(&mut self, relation: RelationId, value: Expression) -> Option<u32> {
        let relation = self.subject.query.relations.get_mut(relation.0 as usize)?;
        let Body::Select(select) = &mut relation.body else {
            return None;
        };
        if select.distinct != Distinct::Keep {
            return None;
        }
        let known = select.projection.iter().position(|known| *known == value);
        let position = known.unwrap_or(select.projection.len());
        if known.is_none() {
            select.projection.push(value);
            relation.columns.push(Column {
                name: None,
                implicit: false,
            });
        }
        u32::try_from(position).ok()
    }

    /// An input that reads once more what another one reads.
    pub(super) fn again(&mut self, input: InputId) -> InputId {
        let id = InputId(self.subject.query.inputs);
        self.subject.query.inputs += 1;
        self.inputs.insert(id, input);
        id
    }

    /// A copy of a relation, with inputs of its own; `None` where a query inside of it may mention them.
    pub(super) fn copied(&mut self, relation: RelationId) -> Option<RelationId> {
        let mut copy = self.subject.query.relation(relation).clone();
        let mut ids: BTreeMap<InputId, InputId> = BTreeMap::new();
        let next = &mut self.subject.query.inputs;
        let replaced = &mut self.subject.replaced;
        if let Body::Select(select) = &mut copy.body
            && let Some(from) = &mut select.from
        {
            from.for_each_input_mut(&mut |input| {
                let id = InputId(*next);
                *next += 1;
                ids.insert(input.id, id);
                if let Some(table) = replaced.get(&input.id).cloned() {
                    replaced.insert(id, table);
                }
                input.id = id;
            });
        }
        let mut has_query = false;
        copy.for_each_expression_mut(&mut |expression| {
            expression.for_each_mut(&mut |part| match part {
                Expression::Column { input, .. } | Expression::Output { input, .. } => {
                    *input = ids.get(input).copied().unwrap_or(*input);
                }
                Expression::Subquery(_) => has_query = true,
                _ => {}
            });
        });
        if has_query {
            return None;
        }
        let made_of = ids.into_iter().map(|(original, copy)| (copy, original));
        self.inputs.extend(made_of);
        let id = RelationId(u32::try_from(self.subject.query.relations.len()).ok()?);
        self.subject.query.relations.push(copy);
        self.relations.insert(id, relation);
        Some(id)
    }
}

/// What the first of several copies was made of.
fn first<T: Copy + Ord>(made_of: &BTreeMap<T, T>, copy: T) -> T {
    let mut original = copy;
    while let Some(earlier) = made_of.get(&original) {
        original = *earlier;
    }
    original
}

/// The only one, or the only one of those that are preferred.
fn one<T: Copy>(all: &[T], prefers: impl Fn(&T) -> bool) -> Option<T> {
    if let [only] = all {
        return Some(*only);
    }
    let mut preferred = all.iter().filter(|one| prefers(one));
    let first = preferred.next()?;
    preferred.next().is_none().then_some(*first)
}

/// Whether an expression mentions a column of an input.
pub(super) fn mentions(expression: &Expression, wanted: InputId) -> bool {
    let mut found = false;
    expression.for_each(&mut |part| {
        if let Expression::Column { input, .. } | Expression::Output { input, .. } = part {
            found |= *input == wanted;
        }
    });
    found
}
