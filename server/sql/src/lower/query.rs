//! Queries: common table expressions, set operations, recursion, order and limit.

use super::context::{Lowering, Remainder};
use super::scope::{Binding, Columns};
use super::star::StarOptions;
use super::{Clause, ClausePlace, Mention};
use crate::relation::{
    Body, Column, Expression, From, Input, Limit, Relation, RelationId, Select, SetOperation,
    SetOperator, Source,
};
use sqlparser::ast::{
    self, Cte, Expr, Fetch, LimitClause, OrderBy, OrderByKind, Query, SetExpr, SetQuantifier,
    Spanned, TableAliasColumnDef,
};
use std::rc::Rc;
use syntax::{Name, TextRange};

/// One set operation of a chain.
struct Link<'q> {
    operator: ast::SetOperator,
    quantifier: SetQuantifier,
    right: &'q SetExpr,
}

impl Lowering<'_> {
    /// Lowers a query.
    pub(super) fn query(&mut self, query: &Query) -> RelationId {
        self.query_of(query, None)
    }

    /// Lowers a query; `itself` is the common table expression that it is, where it may mention
    /// itself.
    fn query_of(&mut self, query: &Query, itself: Option<&Cte>) -> RelationId {
        let visible = self.ctes.len();
        self.with(query);
        let mut id = match query.body.as_ref() {
            SetExpr::Select(select) => self.select(select, query.order_by.as_ref()),
            body => {
                let id = self.set_expression(body, itself);
                self.order_of_set(query.order_by.as_ref(), id);
                id
            }
        };
        if !query.pipe_operators.is_empty() {
            let range = self.range_of(query.span()).unwrap_or_default();
            id = self.unknown(range, vec![Source::Relation(id)]);
        }
        self.limits(query, id);
        self.ctes.truncate(visible);
        id
    }

    /// Notes which columns the order of a set operation mentions. It has their names from its first
    /// branch; which rows there are it does not decide.
    fn order_of_set(&mut self, order: Option<&OrderBy>, set: RelationId) {
        let keys = match order.map(|order| &order.kind) {
            Some(OrderByKind::Expressions(keys)) => keys.as_slice(),
            _ => return,
        };
        let mut first = set;
        while let Some(Body::Set(operation)) = self.relation(first).map(|relation| &relation.body) {
            first = operation.left;
        }
        for key in keys {
            let Expr::Identifier(ident) = &key.expr else {
                continue;
            };
            let (Some(name), Some(range)) = (self.name_of(ident), self.range_of(ident.span)) else {
                continue;
            };
            let Some(relation) = self.relation(first) else {
                return;
            };
            let mut columns = relation.columns.iter();
            let position = columns.position(|column| column.name.as_ref() == Some(&name));
            let select = relation.select();
            if let (Some(position), Some(select)) = (position, select)
                && let Some(value) = select.projection.get(position)
            {
                let value = value.clone();
                self.note_in(Mention {
                    range,
                    within: first,
                    value,
                    alias: u32::try_from(position).ok(),
                });
            }
        }
    }

    /// Lowers the common table expressions of a query, to be mentioned from here on.
    pub(super) fn with(&mut self, query: &Query) {
        if let Some(with) = &query.with {
            let recursive = with.recursive || self.dialect.recurses_unasked();
            for cte in &with.cte_tables {
                self.cte(cte, recursive);
            }
        }
    }

    fn cte(&mut self, cte: &Cte, recursive: bool) {
        let id = self.query_of(&cte.query, recursive.then_some(cte));
        self.rename(id, &cte.alias.columns);
        let name = self.range_of(cte.alias.name.span).unwrap_or_default();
        if let Some(places) = self.places.get_mut(id.0 as usize) {
            places.name = name;
        }
        if let Some(name) = self.name_of(&cte.alias.name) {
            self.ctes.push((name, id));
        }
    }

    /// Gives the first columns of a relation, which nobody else mentions yet, other names.
    pub(super) fn rename(&mut self, id: RelationId, columns: &[TableAliasColumnDef]) {
        let names = columns.iter().map(|column| {
            let range = self.range_of(column.name.span).unwrap_or_default();
            (self.name_of(&column.name), range)
        });
        let names: Vec<(Option<Name>, TextRange)> = names.collect();
        if let Some(relation) = self.relations.get_mut(id.0 as usize) {
            for (column, (name, _)) in relation.columns.iter_mut().zip(&names) {
                column.name.clone_from(name);
            }
        }
        if let Some(places) = self.places.get_mut(id.0 as usize) {
            for (place, (_, range)) in places.columns.iter_mut().zip(&names) {
                place.name = *range;
            }
        }
    }

    /// Lowers what a query consists of, without its order.
    fn set_expression(&mut self, body: &SetExpr, itself: Option<&Cte>) -> RelationId {
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

    fn branch(&mut self, body: &SetExpr) -> RelationId {
        match body {
            SetExpr::Select(select) => self.select(select, None),
            SetExpr::Query(query) => self.query(query),
            SetExpr::SetOperation { .. } => self.set_expression(body, None),
            SetExpr::Values(values) => self.values(values, self.range_of(body.span())),
            SetExpr::Table(table) => {
                let range = self.range_of(body.span()).unwrap_or_default();
                let parts = [&table.schema_name, &table.table_name];
                let parts = parts.into_iter().flatten();
                let parts: Vec<Name> = parts.map(|part| Name::new(&part.value)).collect();
                let source = self.source_of_name(parts);
                self.passthrough(source, range)
            }
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
                let range = self.range_of(body.span()).unwrap_or_default();
                self.unknown(range, Vec::new())
            }
        }
    }

    fn values(&mut self, values: &ast::Values, range: Option<TextRange>) -> RelationId {
        let id = self.reserve(range.unwrap_or_default());
        let mut rows = Vec::new();
        let mut items = Vec::new();
        for row in &values.rows {
            if rows.is_empty() {
                items = row
                    .iter()
                    .map(|value| self.range_of(value.span()))
                    .collect();
            }
            rows.push(row.iter().map(|value| self.expression(value)).collect());
        }
        let width = rows.first().map_or(0, Vec::len);
        let columns = (0..width).map(|position| Column {
            name: self.dialect.name_of_value(position).map(Name::new),
            implicit: false,
        });
        let relation = Relation {
            columns: columns.collect(),
            open: false,
            body: Body::Values(rows),
            order: Vec::new(),
            limit: None,
        };
        self.fill(id, relation);
        if let Some(places) = self.places.get_mut(id.0 as usize) {
            let place = |item: Option<TextRange>| super::ColumnPlace {
                item: item.unwrap_or_default(),
                name: item.unwrap_or_default(),
                by_macro: false,
            };
            places.columns = items.into_iter().map(place).collect();
        }
        id
    }

    /// Makes the relation that a common table expression's later branches mention.
    fn recursion(&mut self, cte: &Cte, seed: RelationId) -> Option<RelationId> {
        let name = self.name_of(&cte.alias.name)?;
        let range = self.range_of(cte.query.span()).unwrap_or_default();
        let id = self.reserve(range);
        let given = self.relation(seed)?;
        let relation = Relation {
            columns: given.columns.clone(),
            open: given.open,
            body: Body::Recursive {
                seed,
                step: seed,
                distinct: false,
            },
            order: Vec::new(),
            limit: None,
        };
        self.fill(id, relation);
        self.copy_places(seed, id);
        self.remainders.insert(id, Remainder::Unknown);
        self.rename(id, &cte.alias.columns);
        self.ctes.push((name, id));
        Some(id)
    }

    /// Makes `recursion` what `seed` gives, and then `step` again and again.
    fn recur(&mut self, recursion: RelationId, seed: RelationId, step: RelationId, distinct: bool) {
        // More than one branch may mention it: each further one adds to the step.
        let current = self
            .relation(recursion)
            .map(|relation| relation.body.clone());
        let step = match current {
            Some(Body::Recursive {
                seed, step: own, ..
            }) if own != seed => self.set(SetOperator::Union, true, own, step),
            _ => step,
        };
        if let Some(relation) = self.relations.get_mut(recursion.0 as usize)
            && let Body::Recursive {
                seed: own_seed,
                step: own_step,
                distinct: own_distinct,
            } = &mut relation.body
        {
            if seed != recursion {
                *own_seed = seed;
            }
            *own_step = step;
            *own_distinct |= distinct;
        }
    }

    /// Whether any relation that was made since there were `before` of them reads `wanted`.
    fn mentions_relation(&self, before: usize, wanted: RelationId) -> bool {
        let reads = |input: &Input| input.source == Source::Relation(wanted);
        let made = self.relations.iter().skip(before);
        made.filter_map(Relation::select)
            .filter_map(|select| select.from.as_ref())
            .any(|from| from.inputs().into_iter().any(reads))
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

    fn set(
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

    /// `SELECT *` from `source`.
    pub(super) fn passthrough(&mut self, source: Source, range: TextRange) -> RelationId {
        let columns = match &source {
            Source::Relation(id) => Columns::Relation(*id, Vec::new()),
            Source::Table(table) => self.columns_of_table(table),
            Source::Function(_) | Source::Unknown { .. } => Columns::Unknown,
        };
        let id = self.reserve(range);
        let input = self.input(source, range);
        let binding = Binding {
            name: Vec::new(),
            input: input.id,
            columns,
            in_star: true,
            is_value: false,
            hidden: Vec::new(),
        };
        let expanded = self.expand(&[Rc::new(binding)], &[], &StarOptions::default());
        let (names, values): (Vec<_>, Vec<_>) = expanded.columns.into_iter().unzip();
        let select = Select {
            projection: values,
            from: Some(From::Input(input)),
            ..Select::default()
        };
        let open = expanded.too_many || !expanded.rest.is_empty();
        let relation = Relation {
            columns: names
                .into_iter()
                .map(|name| Column {
                    name,
                    implicit: false,
                })
                .collect(),
            open,
            body: Body::Select(Box::new(select)),
            order: Vec::new(),
            limit: None,
        };
        let width = relation.columns.len();
        self.fill(id, relation);
        if open {
            let rest = if expanded.too_many {
                Remainder::Unknown
            } else {
                Remainder::Stars(expanded.rest)
            };
            self.remainders.insert(id, rest);
        }
        if let Some(places) = self.places.get_mut(id.0 as usize) {
            places.columns = vec![Default::default(); width];
        }
        id
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

    fn copy_places(&mut self, from: RelationId, to: RelationId) {
        let columns = self.places.get(from.0 as usize).map(|places| {
            let star = places.star;
            (places.columns.clone(), star)
        });
        if let (Some((columns, star)), Some(places)) = (columns, self.places.get_mut(to.0 as usize))
        {
            places.columns = columns;
            places.star = star;
        }
    }

    fn limits(&mut self, query: &Query, id: RelationId) {
        let clause = query.limit_clause.as_ref();
        let limit = clause.map(|clause| self.limit(clause));
        let limit = match (&query.fetch, limit) {
            (Some(fetch), limit) => Some(self.fetch(fetch, limit)),
            (None, limit) => limit,
        };
        let range = clause.and_then(|clause| self.range_of(clause.span()));
        if let Some(limit) = limit {
            self.limit_rows(id, limit, range);
        }
    }

    /// Puts a limit on a relation.
    pub(super) fn limit_rows(&mut self, id: RelationId, limit: Limit, range: Option<TextRange>) {
        if let (Some(range), Some(places)) = (range, self.places.get_mut(id.0 as usize)) {
            places.clauses.push(ClausePlace {
                clause: Clause::Limit,
                range,
            });
        }
        if let Some(relation) = self.relations.get_mut(id.0 as usize) {
            // A query in parentheses may have a limit of its own.
            match &mut relation.limit {
                Some(own) => own.unknown = true,
                none => *none = Some(limit),
            }
        }
    }

    fn limit(&mut self, clause: &LimitClause) -> Limit {
        match clause {
            LimitClause::LimitOffset {
                limit,
                offset,
                limit_by,
            } => Limit {
                count: limit.as_ref().map(|count| self.expression(count)),
                offset: offset.as_ref().map(|offset| self.expression(&offset.value)),
                unknown: !limit_by.is_empty(),
            },
            LimitClause::OffsetCommaLimit { offset, limit } => Limit {
                count: Some(self.expression(limit)),
                offset: Some(self.expression(offset)),
                unknown: false,
            },
        }
    }

    fn fetch(&mut self, fetch: &Fetch, limit: Option<Limit>) -> Limit {
        let one = || Expression::number("1");
        let count = fetch.quantity.as_ref();
        Limit {
            count: Some(count.map_or_else(one, |count| self.expression(count))),
            offset: limit.and_then(|limit| limit.offset),
            unknown: fetch.with_ties || fetch.percent,
        }
    }
}
