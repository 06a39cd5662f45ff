//! Conditions that leave rows out of what a value is computed from, and decide no rows of the table: those
//! of a subquery that is joined or gives one value, and those that an outer join asks of the side that it
//! may pad. The table's own `WHERE` says which rows it is made of, and is none of them.

mod joined;

use super::Piece;
use super::exposure::Exposure;
use super::linked::{Sides, mentioned};
use super::rows::{and, conjuncts};
use super::subject::DEEPEST;
use crate::derive::Facts;
use sql::relation::{
    Body, Column, Distinct, Expression, From, Grouping, Input, InputId, Join, JoinKind, Operator,
    RelationId, Select, Source, Subquery, SubqueryKind,
};
use std::collections::BTreeSet;
use syntax::Name;

/// A query whose values get columns beside them that leave no rows out.
pub(super) struct Widening<'a> {
    pub(super) exposure: Exposure,
    /// Whether rows may be left out by a column of this name.
    pub(super) is_agreed: &'a dyn Fn(&Name) -> bool,
    pub(super) declared: &'a dyn Facts,
    /// Where rows were left out.
    pub(super) narrowed: Vec<Piece>,
    /// Something else decides which rows a value is computed from.
    pub(super) is_unclear: bool,
}

/// What is asked of the rows of a select.
#[derive(Default)]
struct Wanted<'a> {
    /// What they are grouped by.
    keys: BTreeSet<&'a Expression>,
    /// The inputs whose rows an aggregate counts; none: any.
    counted: BTreeSet<InputId>,
}

impl Widening<'_> {
    /// A value in the `SELECT` of `relation` with its aggregates over all rows. `is_joined`: the relation
    /// does not decide the rows of the table.
    pub(super) fn widened(
        &mut self,
        relation: RelationId,
        mut value: Expression,
        is_joined: bool,
        depth: usize,
    ) -> Expression {
        if depth == DEEPEST {
            return value;
        }
        let widened = match &value {
            Expression::Aggregate(_) => self.over_all(relation, &value, is_joined),
            Expression::Output { input, position } => {
                self.handed_on(relation, *input, *position, is_joined, depth)
            }
            Expression::Column { input, .. } => {
                self.joined_as_it_is(relation, *input);
                None
            }
            Expression::Subquery(subquery) if subquery.kind == SubqueryKind::Scalar => {
                self.in_subquery(subquery.relation, depth);
                None
            }
            _ => {
                value.for_each_part_mut(&mut |part| {
                    let own = std::mem::replace(part, Expression::NULL);
                    *part = self.widened(relation, own, is_joined, depth);
                });
                None
            }
        };
        widened.unwrap_or(value)
    }

    fn handed_on(
        &mut self,
        relation: RelationId,
        input: InputId,
        position: u32,
        is_joined: bool,
        depth: usize,
    ) -> Option<Expression> {
        let subject = &self.exposure.subject;
        let select = subject.query.relation(relation).select()?;
        // The rows of a table that is read are what its own model makes them.
        let is_table = subject.replaced.contains_key(&input);
        let (Source::Relation(inner), false) = (&select.input(input)?.source, is_table) else {
            self.joined_as_it_is(relation, input);
            return None;
        };
        let inner = *inner;
        let is_joined = is_joined || !drives(select.from.as_ref()?, input);
        let of_inner = subject.query.relation(inner).select()?;
        let value = of_inner.projection.get(position as usize)?.clone();
        let is_aggregated = self.is_aggregated(inner, &value, depth);
        let widened = self.widened(inner, value.clone(), is_joined, depth + 1);
        let position = match widened == value {
            true => position,
            false => self.exposure.add(inner, widened)?,
        };
        let handed_on = Expression::Output { input, position };
        if is_aggregated {
            let alone = self.joined_group(relation, input, inner, position);
            return Some(alone.unwrap_or(handed_on));
        }
        self.joined_as_it_is(relation, input);
        Some(handed_on)
    }

    /// The query in an expression was copied for the value alone.
    fn in_subquery(&mut self, relation: RelationId, depth: usize) {
        self.is_unclear |= self.is_cut(relation, 0) || !self.looks_outside(relation);
        let of_subquery = self.exposure.subject.query.relation(relation).select();
        let Some(value) = of_subquery.and_then(|select| select.projection.first().cloned()) else {
            return;
        };
        let widened = self.widened(relation, value, true, depth + 1);
        if let Some(select) = self.select_mut(relation) {
            select.projection = vec![widened];
        }
    }

    /// An aggregate over the rows that `relation` would group without the conditions that narrow them, as
    /// a query of its own.
    fn over_all(
        &mut self,
        relation: RelationId,
        aggregate: &Expression,
        is_joined: bool,
    ) -> Option<Expression> {
        let grouped = self.exposure.subject.query.relation(relation).select()?;
        let grouping = grouped.grouping.clone()?;
        if grouping.sets.len() != 1 {
            return None;
        }
        self.note_links(relation, aggregate);
        let position = self.exposure.add(relation, aggregate.clone())?;
        let copy = self.exposure.copied(relation)?;
        let mut select = self.exposure.subject.query.relation(copy).select()?.clone();
        let keys = select.grouping.take()?.keys;
        let narrowed = self.narrowed.len();
        let counted = select.projection.get(position as usize).map(mentioned);
        let wanted = Wanted {
            keys: keys.iter().collect(),
            counted: counted.unwrap_or_default(),
        };
        self.widen(relation, &mut select, is_joined, &wanted);
        if self.narrowed.len() == narrowed {
            return None;
        }
        for (key, own) in keys.into_iter().zip(grouping.keys) {
            let same = Expression::operation(Operator::Same, [key, own]);
            select.filter = Some(and(select.filter.take(), same));
        }
        let value = select.projection.get(position as usize)?.clone();
        let copied = self
            .exposure
            .subject
            .query
            .relations
            .get_mut(copy.0 as usize)?;
        copied.columns = vec![Column {
            name: None,
            implicit: false,
        }];
        copied.order.clear();
        copied.limit = None;
        copied.body = Body::Select(Box::new(Select {
            projection: vec![value],
            from: select.from,
            filter: select.filter,
            grouping: Some(Grouping {
                keys: Vec::new(),
                sets: vec![Vec::new()],
            }),
            ..Select::default()
        }));
        Some(Expression::Subquery(Box::new(Subquery {
            kind: SubqueryKind::Scalar,
            relation: copy,
        })))
    }

    /// Takes the conditions out of a select that narrow its rows; `relation` is where they stand in the
    /// text. Those on keys tell which groups there are, not what is in them.
    fn widen(
        &mut self,
        relation: RelationId,
        select: &mut Select,
        is_joined: bool,
        wanted: &Wanted<'_>,
    ) {
        if let (Some(filter), true) = (&select.filter, is_joined) {
            let all = conjuncts(filter);
            let kept: Vec<&Expression> = all
                .iter()
                .copied()
                .filter(|condition| self.narrows(select, condition, &wanted.keys).is_none())
                .collect();
            if kept.len() < all.len() {
                self.narrowed.push(Piece::Filter(relation));
                select.filter = joined(kept);
            }
        }
        let Some(mut from) = select.from.take() else {
            return;
        };
        let before = Select {
            from: Some(from.clone()),
            ..Select::default()
        };
        self.widen_from(&mut from, &before, is_joined, wanted);
        select.from = Some(from);
    }

    /// `is_padded`: rows that are left out here leave none out of the result.
    fn widen_from(
        &mut self,
        from: &mut From,
        select: &Select,
        is_padded: bool,
        wanted: &Wanted<'_>,
    ) {
        match from {
            From::Input(input) if is_padded => self.widen_input(input, &wanted.keys),
            From::Input(_) => {}
            From::Join(join) => {
                if let Some(kept) = self.kept_of_join(join, select, is_padded, wanted) {
                    join.on = joined(kept.iter().collect());
                }
                let (left, right) = match join.kind {
                    JoinKind::Inner => (is_padded, is_padded),
                    JoinKind::Left => (is_padded, true),
                    JoinKind::Right => (true, is_padded),
                    JoinKind::Semi | JoinKind::Anti => (is_padded, false),
                    JoinKind::Full | JoinKind::Unknown => (false, false),
                };
                self.widen_from(&mut join.left, select, left, wanted);
                self.widen_from(&mut join.right, select, right, wanted);
            }
        }
    }

    /// The conditions of a join without those that narrow what is counted; `None` where none does.
    fn kept_of_join(
        &mut self,
        join: &Join,
        select: &Select,
        is_padded: bool,
        wanted: &Wanted<'_>,
    ) -> Option<Vec<Expression>> {
        let counts = |side: &From| {
            let mut counted = wanted.counted.iter();
            wanted.counted.is_empty() || counted.any(|input| side.input(*input).is_some())
        };
        // The side that is left out where the condition is not true.
        let padded = match join.kind {
            JoinKind::Left => Some(&join.right),
            JoinKind::Right => Some(&join.left),
            _ => None,
        };
        let narrows = match padded {
            Some(side) => counts(side),
            None => join.kind == JoinKind::Inner && is_padded,
        };
        if !narrows {
            return None;
        }
        let all = conjuncts(join.on.as_ref()?);
        let mut narrowing = None;
        let mut kept = Vec::new();
        for condition in &all {
            // The groups of the other side are there without it.
            let decides_groups = padded.is_none_or(|side| {
                let mut inputs = mentioned(condition).into_iter();
                inputs.all(|input| side.input(input).is_some())
            });
            let none = BTreeSet::new();
            let keys = if decides_groups { &wanted.keys } else { &none };
            match self.narrows(select, condition, keys) {
                Some(input) => narrowing = Some(input),
                None => {
                    let is_unclear = Sides::of(join, condition) == Sides::Unclear;
                    self.is_unclear |= is_unclear && padded.is_some();
                    kept.push((*condition).clone());
                }
            }
        }
        self.narrowed.push(Piece::Input(narrowing?));
        Some(kept)
    }

    /// Reads an input without the conditions that narrow it, where it only hands rows on.
    fn widen_input(&mut self, input: &mut Input, keys: &BTreeSet<&Expression>) {
        let subject = &self.exposure.subject;
        let Source::Relation(relation) = input.source else {
            return;
        };
        let own = subject.query.relation(relation);
        let hands_on = own.select().is_some_and(|select| {
            select.grouping.is_none()
                && select.qualify.is_none()
                && select.distinct == Distinct::Keep
        });
        if !hands_on || own.limit.is_some() || subject.replaced.contains_key(&input.id) {
            return;
        }
        let Some(copy) = self.exposure.copied(relation) else {
            return;
        };
        let copied = self.exposure.subject.query.relation(copy).select();
        let Some(mut select) = copied.cloned() else {
            return;
        };
        let projection = select.projection.clone();
        let of_input = keys.iter().filter_map(|key| match key {
            Expression::Output {
                input: from,
                position,
            } if *from == input.id => projection.get(*position as usize),
            _ => None,
        });
        let wanted = Wanted {
            keys: of_input.collect(),
            counted: BTreeSet::new(),
        };
        let narrowed = self.narrowed.len();
        self.widen(relation, &mut select, true, &wanted);
        if self.narrowed.len() > narrowed
            && let Some(own) = self.select_mut(copy)
        {
            *own = select;
            input.source = Source::Relation(copy);
        }
    }

    /// The only input that a condition speaks of, where nothing says that it may leave out its rows.
    pub(super) fn narrows(
        &self,
        select: &Select,
        condition: &Expression,
        keys: &BTreeSet<&Expression>,
    ) -> Option<InputId> {
        let mut columns = Vec::new();
        condition.for_each(&mut |part| {
            if let Expression::Column { input, .. } | Expression::Output { input, .. } = part {
                columns.push((part, *input));
            }
        });
        let (_, first) = *columns.first()?;
        let input = select.input(first)?;
        let is_only = columns.iter().all(|(_, input)| *input == first);
        let mut columns = columns.into_iter().map(|(column, _)| column);
        let may = |column: &Expression| keys.contains(column) || self.may_leave_out(input, column);
        (is_only && !columns.all(may)).then_some(first)
    }

    /// Whether rows may be left out by a column: it is agreed, or ranks rows, of which one is kept.
    fn may_leave_out(&self, input: &Input, column: &Expression) -> bool {
        match (column, &input.source) {
            (Expression::Column { name, .. }, _) => (self.is_agreed)(name),
            (Expression::Output { position, .. }, Source::Relation(inner)) => {
                let inner = self.exposure.subject.query.relation(*inner);
                let position = *position as usize;
                let column = inner.columns.get(position);
                let name = column.and_then(|column| column.name.as_ref());
                let select = inner.select();
                let value = select.and_then(|select| select.projection.get(position));
                name.is_some_and(|name| (self.is_agreed)(name)) || value.is_some_and(is_ranking)
            }
            _ => false,
        }
    }

    pub(super) fn select_mut(&mut self, relation: RelationId) -> Option<&mut Select> {
        let relations = &mut self.exposure.subject.query.relations;
        match &mut relations.get_mut(relation.0 as usize)?.body {
            Body::Select(select) => Some(select),
            _ => None,
        }
    }
}

/// Whether the rows of an input are those of the result, to which the others are joined.
fn drives(from: &From, wanted: InputId) -> bool {
    match from {
        From::Input(input) => input.id == wanted,
        From::Join(join) => match join.kind {
            JoinKind::Inner | JoinKind::Left | JoinKind::Semi | JoinKind::Anti => {
                drives(&join.left, wanted)
            }
            JoinKind::Right => drives(&join.right, wanted),
            JoinKind::Full | JoinKind::Unknown => {
                drives(&join.left, wanted) || drives(&join.right, wanted)
            }
        },
    }
}

fn joined(conditions: Vec<&Expression>) -> Option<Expression> {
    let conditions = conditions.into_iter().cloned();
    conditions.fold(None, |all, condition| Some(and(all, condition)))
}

fn is_ranking(value: &Expression) -> bool {
    let mut found = false;
    value.for_each(&mut |part| found |= matches!(part, Expression::Window(_)));
    found
}
