//! `SELECT`: its clauses in the order in which they see each other's names.

mod projection;
mod repeated;

use super::context::{Lowering, Remainder};
use super::expression::sort_key;
use super::scope::{AliasRule, Scope};
use super::{Clause, ClausePlace};
use crate::relation::{
    Body, Distinct, Expression, Limit, Literal, Operator, Relation, RelationId, Select, SortKey,
    Unknown, UnknownReason,
};
use sqlparser::ast::{
    self, BinaryOperator, Expr, OrderBy, OrderByKind, SelectItem, Spanned, TopQuantity,
};
use syntax::TextRange;

impl Lowering<'_> {
    /// Lowers a `SELECT`, with the `ORDER BY` behind it.
    pub(super) fn select(&mut self, select: &ast::Select, order: Option<&OrderBy>) -> RelationId {
        let range = self.range_of(select.span()).unwrap_or_default();
        let first = select.select_token.0.span.start;
        if let Some(tables) = self.query_hole(first) {
            let reads = tables.into_iter().map(crate::relation::Source::Table);
            return self.unknown(range, reads.collect());
        }
        let id = self.reserve(range);
        self.scopes.push(Scope {
            windows: select.named_window.clone(),
            ..Scope::default()
        });
        self.within.push(id);
        let relation = self.clauses(id, select, order);
        self.within.pop();
        self.scopes.pop();
        self.fill(id, relation);
        id
    }

    fn clauses(
        &mut self,
        id: RelationId,
        select: &ast::Select,
        order: Option<&OrderBy>,
    ) -> Relation {
        let mut lowered = Select {
            from: self.tables(id, &select.from),
            ..Select::default()
        };
        for view in &select.lateral_views {
            lowered.from = self.lateral_view(lowered.from.take(), view);
        }
        let has_star = || {
            let mut items = select.projection.iter();
            items.any(|item| matches!(item, SelectItem::Wildcard(_)))
        };
        if lowered.from.is_none() && has_star() {
            // A `*` of nothing: the tables are still to be typed.
            lowered.from = Some(self.not_understood(Vec::new(), None, TextRange::default()));
        }
        let projection = self.projection(select);
        if self.dialect.has_aliases_everywhere() {
            self.set_alias_rule(AliasRule::AfterColumns);
        }
        let mut conditions = Vec::new();
        for condition in select.prewhere.iter().chain(&select.selection) {
            conditions.push(self.condition(id, Clause::Where, condition));
        }
        conditions.extend(self.parts_read(&select.from));
        for part in &select.connect_by {
            conditions.push(self.connect_by(part));
        }
        if !select.connect_by.is_empty() {
            lowered.from = lowered.from.take().map(|from| self.by_hierarchy(from));
        }
        lowered.filter = all_of(conditions);
        self.set_alias_rule(AliasRule::AfterColumns);
        lowered.projection = projection.values;
        lowered.grouping = self.grouping(id, &select.group_by, &lowered.projection);
        let having = select.having.as_ref();
        lowered.having = having.map(|having| self.condition(id, Clause::Having, having));
        let qualify = select.qualify.as_ref();
        lowered.qualify = qualify.map(|qualify| self.condition(id, Clause::Qualify, qualify));
        self.set_alias_rule(AliasRule::BeforeColumns);
        let mut order = order.map_or_else(Vec::new, |order| self.order(order, &lowered.projection));
        lowered.distinct = self.distinct(id, select, &lowered.projection);
        self.set_alias_rule(AliasRule::Never);
        super::group::group_by_nothing(&mut lowered, &order);
        self.repeat_rows(&mut lowered, &mut order, &projection.places);
        let limit = select.top.as_ref().map(|top| self.top(top));
        let open = projection.unknown || !projection.rest.is_empty();
        if open {
            let rest = if projection.unknown {
                Remainder::Unknown
            } else {
                Remainder::Stars(projection.rest)
            };
            self.remainders.insert(id, rest);
        }
        if let Some(places) = self.places.get_mut(id.0 as usize) {
            places.columns = projection.places;
            places.star = projection.star;
        }
        Relation {
            columns: projection.columns,
            open,
            body: Body::Select(Box::new(lowered)),
            order,
            limit,
        }
    }

    /// Lowers a condition and notes where its conjuncts stand.
    pub(super) fn condition(
        &mut self,
        id: RelationId,
        clause: Clause,
        condition: &Expr,
    ) -> Expression {
        self.note_conjuncts(id, clause, condition);
        self.expression(condition)
    }

    fn note_conjuncts(&mut self, id: RelationId, clause: Clause, condition: &Expr) {
        let mut condition = condition;
        let mut ranges = Vec::new();
        while let Expr::BinaryOp {
            left,
            op: BinaryOperator::And,
            right,
        } = condition
        {
            ranges.push(self.range_of(right.span()));
            condition = left;
        }
        ranges.push(self.range_of(condition.span()));
        for range in ranges.into_iter().rev().flatten() {
            self.note_clause(id, clause, range);
        }
    }

    /// Notes where something stands that decides the rows of a relation.
    pub(super) fn note_clause(&mut self, id: RelationId, clause: Clause, range: TextRange) {
        if let Some(places) = self.places.get_mut(id.0 as usize) {
            places.clauses.push(ClausePlace { clause, range });
        }
    }

    fn distinct(
        &mut self,
        id: RelationId,
        select: &ast::Select,
        values: &[Expression],
    ) -> Distinct {
        match &select.distinct {
            None | Some(ast::Distinct::All) => Distinct::Keep,
            Some(ast::Distinct::Distinct) => {
                if let Some(range) = self.range_of(select.select_token.0.span) {
                    self.note_clause(id, Clause::Distinct, range);
                }
                Distinct::All
            }
            Some(ast::Distinct::On(keys)) => {
                let keys = keys.iter().map(|key| {
                    if let Some(range) = self.range_of(key.span()) {
                        self.note_clause(id, Clause::Distinct, range);
                    }
                    self.key(key, values)
                });
                Distinct::On(keys.collect())
            }
        }
    }

    fn order(&mut self, order: &OrderBy, values: &[Expression]) -> Vec<SortKey> {
        match &order.kind {
            OrderByKind::Expressions(keys) => keys
                .iter()
                .map(|key| {
                    let lowered = sort_key(self, key);
                    SortKey {
                        value: at_position(lowered.value, values),
                        ..lowered
                    }
                })
                .collect(),
            OrderByKind::All(options) => values
                .iter()
                .map(|value| SortKey {
                    value: value.clone(),
                    descending: options.sort == Some(ast::OrderBySort::Desc),
                    nulls_first: options.nulls_first,
                })
                .collect(),
        }
    }

    /// A key to sort or group by: a number is a position in the projection.
    pub(super) fn key(&mut self, key: &Expr, values: &[Expression]) -> Expression {
        let lowered = self.expression(key);
        at_position(lowered, values)
    }

    fn top(&mut self, top: &ast::Top) -> Limit {
        let count = top.quantity.as_ref().map(|quantity| match quantity {
            TopQuantity::Constant(count) => Expression::number(count.to_string()),
            TopQuantity::Expr(count) => self.expression(count),
        });
        Limit {
            count,
            offset: None,
            unknown: top.with_ties || top.percent,
        }
    }
}

/// The value that a key stands for: a number is a position in the projection.
fn at_position(key: Expression, values: &[Expression]) -> Expression {
    let Expression::Literal(Literal::Number(written)) = &key else {
        return key;
    };
    let position = written.parse::<usize>().ok();
    let position = position.and_then(|position| position.checked_sub(1));
    match position.and_then(|position| values.get(position)) {
        Some(value) => value.clone(),
        None => Expression::Unknown(Unknown {
            reason: UnknownReason::NoSuchColumn,
            over: Vec::new(),
            name: None,
        }),
    }
}

/// All of `conditions`.
pub(super) fn all_of(mut conditions: Vec<Expression>) -> Option<Expression> {
    match conditions.len() {
        0 | 1 => conditions.pop(),
        _ => Some(Expression::operation(Operator::And, conditions)),
    }
}
