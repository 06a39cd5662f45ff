//! Set operations: by position, by name, and where columns are hidden behind a `*`.

use super::context::{Lowering, Remainder};
use super::{Clause, ClausePlace};
use crate::relation::{
    Body, Column, Expression, Relation, RelationId, SetOperation, SetOperator, Source,
};
use sqlparser::ast::{self, Cte, SetExpr, SetQuantifier};
use syntax::{Name, TextRange};

/// One set operation of a chain.
struct Link<'q> {
    operator: ast::SetOperator,
    quantifier: SetQuantifier,
    right: &'q SetExpr,
}

impl Lowering<'_> {
    /// Lowers what a query consists of, without its order.
    pub(super) fn set_expression(&mut self, body: &SetExpr, itself: Option<&Cte>) -> RelationId {
        let mut links = Vec::new();
        let mut first = body;
        // A chain of many operations is as deep as it is long.
        while let SetExpr::SetOperation {
            left,
            op,
            set_quantifier,
            right,
        } = first
        {
            links.push(Link {
                operator: *op,
                quantifier: *set_quantifier,
                right,
            });
            first = left;
        }
        links.reverse();
        let seed = self.branch(first);
        let recursion = match itself {
            Some(cte) if !links.is_empty() => self.recursion(cte, seed),
            _ => None,
        };
        let mut result = seed;
        for link in &links {
            let before = self.relations.len();
            let right = self.branch(link.right);
            let all = matches!(
                link.quantifier,
                SetQuantifier::All | SetQuantifier::AllByName
            );
            if let Some(recursion) = recursion
                && self.mentions_relation(before, recursion)
            {
                self.recur(recursion, result, right, !all);
                result = recursion;
                continue;
            }
            result = self.set_operation(link, result, right, all);
        }
        if let (Some(_), true) = (recursion, itself.is_some()) {
            self.ctes.pop();
        }
        result
    }

    fn set_operation(
        &mut self,
        link: &Link<'_>,
        left: RelationId,
        right: RelationId,
        all: bool,
    ) -> RelationId {
        let operator = match link.operator {
            ast::SetOperator::Union => SetOperator::Union,
            ast::SetOperator::Except | ast::SetOperator::Minus => SetOperator::Except,
            ast::SetOperator::Intersect => SetOperator::Intersect,
        };
        let by_name = matches!(
            link.quantifier,
            SetQuantifier::ByName | SetQuantifier::AllByName | SetQuantifier::DistinctByName
        );
        let (left, right) = if by_name {
            self.side_by_side(left, right)
        } else {
            (left, right)
        };
        let id = self.set(operator, all, left, right);
        let is_open = |id| self.relation(id).is_none_or(|relation| relation.open);
        if by_name && is_open(left) != is_open(right) {
            // Any further column is of the open branch alone.
            self.remainders.insert(id, Remainder::Unknown);
        }
        id
    }

    pub(super) fn set(
        &mut self,
        operator: SetOperator,
        all: bool,
        left: RelationId,
        right: RelationId,
    ) -> RelationId {
        let is_open = |id| self.relation(id).is_none_or(|relation| relation.open);
        let open = is_open(left) || is_open(right);
        let (left, right) = if open {
            // Columns behind a `*` are found by name, and must then have one place in both.
            let left = self.passed_through(left);
            let right = self.passed_through(right);
            (left, self.arranged_by_shape(left, right))
        } else {
            (left, right)
        };
        let range = match (
            self.places.get(left.0 as usize),
            self.places.get(right.0 as usize),
        ) {
            (Some(left), Some(right)) => left.range.cover(right.range),
            _ => TextRange::default(),
        };
        let id = self.reserve(range);
        let columns = self.relation(left).map(|relation| relation.columns.clone());
        let relation = Relation {
            columns: columns.unwrap_or_default(),
            open,
            body: Body::Set(SetOperation {
                operator,
                all,
                left,
                right,
            }),
            order: Vec::new(),
            limit: None,
        };
        self.fill(id, relation);
        self.copy_places(left, id);
        if open {
            self.remainders.insert(id, Remainder::Branches(left, right));
        }
        let branches = [left, right].map(|branch| self.places.get(branch.0 as usize));
        let clauses = branches.into_iter().flatten().map(|places| ClausePlace {
            clause: Clause::Set,
            range: places.range,
        });
        let clauses: Vec<ClausePlace> = clauses.collect();
        if let Some(places) = self.places.get_mut(id.0 as usize) {
            places.clauses = clauses;
        }
        id
    }

    /// The relation itself read by a select that gives the same columns, so that columns can be added.
    pub(super) fn passed_through(&mut self, id: RelationId) -> RelationId {
        let range = self.places.get(id.0 as usize).map(|places| places.range);
        let through = self.passthrough(Source::Relation(id), range.unwrap_or_default());
        self.copy_places(id, through);
        through
    }

    /// `right` with its columns at the places that those of the same names have in `left`.
    pub(super) fn arranged(&mut self, left: RelationId, right: RelationId) -> RelationId {
        let through = self.passed_through(right);
        let names: Vec<Option<Name>> = self
            .relation(left)
            .map(|relation| {
                relation
                    .columns
                    .iter()
                    .map(|column| column.name.clone())
                    .collect()
            })
            .unwrap_or_default();
        // Behind a `*` columns are found by name, but only another `*` is likely to have the same ones.
        if self.relation(left).is_some_and(|relation| relation.open) {
            for name in names.iter().flatten() {
                self.demand(through, 0, name);
            }
        }
        let given = self.relation(through).cloned();
        let Some((given, values)) = given.and_then(|relation| {
            let values = relation.select()?.projection.clone();
            Some((relation, values))
        }) else {
            return through;
        };
        let written = self.places.get(through.0 as usize);
        let written = written.map_or_else(Vec::new, |places| places.columns.clone());
        let place = |at: Option<usize>| {
            let place = at.and_then(|at| written.get(at).copied());
            place.unwrap_or_default()
        };
        let mut columns = Vec::new();
        let mut projection = Vec::new();
        let mut places = Vec::new();
        for name in names {
            let at = name.as_ref().and_then(|name| given.position(name));
            places.push(place(at));
            let value = at.and_then(|at| values.get(at).cloned());
            let missing = if given.open {
                super::star::nothing()
            } else {
                Expression::NULL
            };
            columns.push(Column {
                name,
                implicit: false,
            });
            projection.push(value.unwrap_or(missing));
        }
        for (at, (column, value)) in given.columns.iter().zip(&values).enumerate() {
            if !columns.iter().any(|own| own.name == column.name) {
                columns.push(column.clone());
                projection.push(value.clone());
                places.push(place(Some(at)));
            }
        }
        if let Some(own) = self.places.get_mut(through.0 as usize) {
            own.columns = places;
        }
        if let Some(relation) = self.relations.get_mut(through.0 as usize) {
            relation.columns = columns;
            if let Body::Select(select) = &mut relation.body {
                select.projection = projection;
            }
        }
        through
    }

    /// As [`Lowering::arranged`] where the branches have different numbers of known columns, so that
    /// positions tell nothing.
    fn arranged_by_shape(&mut self, left: RelationId, right: RelationId) -> RelationId {
        let width = |id| self.relation(id).map(|relation| relation.columns.len());
        if width(left) == width(right) {
            return right;
        }
        let arranged = self.arranged(left, right);
        let width = self
            .relation(left)
            .map_or(0, |relation| relation.columns.len());
        if let Some(relation) = self.relations.get_mut(arranged.0 as usize) {
            relation.columns.truncate(width);
            if let Body::Select(select) = &mut relation.body {
                select.projection.truncate(width);
            }
        }
        if let Some(places) = self.places.get_mut(arranged.0 as usize) {
            places.columns.truncate(width);
        }
        arranged
    }
}
