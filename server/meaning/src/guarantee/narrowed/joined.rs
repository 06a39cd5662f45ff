//! What the join asks by which a value comes: beside equal columns, it leaves rows out of the value where it
//! leaves none out of the table.

use super::Widening;
use crate::guarantee::Piece;
use crate::guarantee::formula::has_aggregate;
use crate::guarantee::linked::{Asked, is_linked, mentioned, mentions_any};
use crate::guarantee::rows::and;
use crate::guarantee::subject::DEEPEST;
use sql::relation::{
    Body, Column, Expression, From, Input, InputId, Query, Relation, RelationId, Select, Source,
    Subquery, SubqueryKind,
};
use std::collections::BTreeSet;

impl Widening<'_> {
    /// A value of single rows: what else is asked of these may be how the right one is found.
    pub(super) fn joined_as_it_is(&mut self, relation: RelationId, input: InputId) {
        let query = &self.exposure.subject.query;
        let from = query.relation(relation).select().and_then(|select| {
            let from = select.from.as_ref()?;
            Some((select, Asked::of(from, input)))
        });
        if let Some((select, asked)) = from {
            let none = BTreeSet::new();
            let mut one_sided = asked.one_sided.iter();
            self.is_unclear |= asked.is_unclear
                || one_sided.any(|condition| self.narrows(select, condition, &none).is_some());
        }
    }

    /// The value of a group that is joined, for all rows whose columns are equal to its own: a query of its
    /// own, where the join or the group leaves out more.
    pub(super) fn joined_group(
        &mut self,
        relation: RelationId,
        input: InputId,
        inner: RelationId,
        position: u32,
    ) -> Option<Expression> {
        let query = &self.exposure.subject.query;
        let select = query.relation(relation).select()?;
        let is_linked = is_linked(query, select, input, self.declared);
        let asked = Asked::of(select.from.as_ref()?, input);
        let is_padded = !asked.links.is_empty();
        let none = BTreeSet::new();
        let mut one_sided = asked.one_sided.iter();
        let narrows = one_sided.any(|condition| self.narrows(select, condition, &none).is_some());
        let is_unclear = asked.is_unclear || !is_linked || self.is_cut(inner, 0);
        let links: Vec<Expression> = asked.links.into_iter().cloned().collect();
        let has_condition = is_padded && query.relation(inner).select()?.having.is_some();
        self.is_unclear |= is_unclear || narrows && !is_padded;
        if is_unclear || !is_padded || !(narrows || has_condition) {
            return None;
        }
        let mut source = inner;
        if has_condition {
            source = self.exposure.copied(inner)?;
            self.select_mut(source)?.having = None;
            self.narrowed.push(Piece::Filter(inner));
        }
        if narrows {
            self.narrowed.push(Piece::Input(input));
        }
        self.group_alone(input, source, position, links)
    }

    /// `(SELECT position FROM source WHERE links)`
    fn group_alone(
        &mut self,
        input: InputId,
        source: RelationId,
        position: u32,
        links: Vec<Expression>,
    ) -> Option<Expression> {
        let own = self.exposure.again(input);
        let filter = links.into_iter().fold(None, |all, mut link| {
            link.for_each_mut(&mut |part| {
                if let Expression::Column { input: id, .. } | Expression::Output { input: id, .. } =
                    part
                    && *id == input
                {
                    *id = own;
                }
            });
            Some(and(all, link))
        });
        let relations = &mut self.exposure.subject.query.relations;
        let relation = RelationId(u32::try_from(relations.len()).ok()?);
        relations.push(Relation {
            columns: vec![Column {
                name: None,
                implicit: false,
            }],
            open: false,
            body: Body::Select(Box::new(Select {
                projection: vec![Expression::Output {
                    input: own,
                    position,
                }],
                from: Some(From::Input(Input {
                    id: own,
                    source: Source::Relation(source),
                })),
                filter,
                ..Select::default()
            })),
            order: Vec::new(),
            limit: None,
        });
        Some(Expression::Subquery(Box::new(Subquery {
            kind: SubqueryKind::Scalar,
            relation,
        })))
    }

    /// Notes where nothing says which rows an aggregate of `relation` is taken over.
    pub(super) fn note_links(&mut self, relation: RelationId, aggregate: &Expression) {
        let query = &self.exposure.subject.query;
        let Some(select) = query.relation(relation).select() else {
            return;
        };
        let is_clear = mentioned(aggregate).into_iter().all(|input| {
            let cut = match select.input(input).map(|input| &input.source) {
                Some(Source::Relation(inner)) => {
                    !self.exposure.subject.replaced.contains_key(&input) && self.is_cut(*inner, 0)
                }
                _ => false,
            };
            !cut && is_linked(query, select, input, self.declared)
        });
        self.is_unclear |= !is_clear;
    }

    /// Whether a value of a relation has aggregates, there or further in.
    pub(super) fn is_aggregated(
        &self,
        relation: RelationId,
        value: &Expression,
        depth: usize,
    ) -> bool {
        let mut found = has_aggregate(value);
        let own = self.exposure.subject.query.relation(relation);
        value.for_each(&mut |part| {
            if let Expression::Output { input, position } = part
                && depth < DEEPEST
                && !self.exposure.subject.replaced.contains_key(input)
                && let Some(Source::Relation(inner)) = own.input(*input).map(|input| &input.source)
                && let Some(select) = self.exposure.subject.query.relation(*inner).select()
                && let Some(value) = select.projection.get(*position as usize)
            {
                found |= self.is_aggregated(*inner, value, depth + 1);
            }
        });
        found
    }

    /// Whether a limit cuts off rows of a relation, or of what it takes them from.
    pub(super) fn is_cut(&self, relation: RelationId, depth: usize) -> bool {
        let own = self.exposure.subject.query.relation(relation);
        let mut inputs = own.inputs().into_iter();
        own.limit.is_some()
            || inputs.any(|input| match input.source {
                Source::Relation(inner) => {
                    depth < DEEPEST
                        && !self.exposure.subject.replaced.contains_key(&input.id)
                        && self.is_cut(inner, depth + 1)
                }
                _ => false,
            })
    }

    /// Whether a query in an expression asks anything of the row that it stands in.
    pub(super) fn looks_outside(&self, relation: RelationId) -> bool {
        let query = &self.exposure.subject.query;
        let mut own = BTreeSet::new();
        inputs_below(query, relation, 0, &mut own);
        let all = query.relations.iter().flat_map(Relation::inputs);
        let others = all
            .map(|input| input.id)
            .filter(|id| !own.contains(id))
            .collect();
        mentions_any(query, relation, &others, 0)
    }
}

fn inputs_below(query: &Query, relation: RelationId, depth: usize, found: &mut BTreeSet<InputId>) {
    for input in query.relation(relation).inputs() {
        found.insert(input.id);
        if let Source::Relation(inner) = input.source
            && depth < DEEPEST
        {
            inputs_below(query, inner, depth + 1, found);
        }
    }
}
