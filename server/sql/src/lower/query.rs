//! Queries: common table expressions, and what one consists of.

use super::Mention;
use super::context::{Lowering, Remainder};
use super::scope::{Binding, Columns};
use super::star::StarOptions;
use crate::relation::{Body, Column, From, Relation, RelationId, Select, Source};
use sqlparser::ast::{
    self, Cte, Expr, OrderBy, OrderByKind, Query, SetExpr, Spanned, TableAliasColumnDef,
};
use std::rc::Rc;
use syntax::{Name, TextRange};

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

    pub(super) fn branch(&mut self, body: &SetExpr) -> RelationId {
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

    pub(super) fn copy_places(&mut self, from: RelationId, to: RelationId) {
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
}
