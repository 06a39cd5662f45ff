//! Ways through the parser's tree: the blocks of a query, the expressions of a block, and small
//! trees made by hand.

use super::expression::is_column;
use sqlparser::ast::{
    Expr, GroupByExpr, Ident, JoinOperator, OrderBy, Query, Select, SelectItem, SetExpr,
    TableFactor, Visit, VisitMut, Visitor, VisitorMut, visit_expressions, visit_expressions_mut,
};
use std::ops::ControlFlow;

/// A `SELECT`, with the `ORDER BY` that sees its names, if one does.
#[derive(Clone, PartialEq)]
pub(crate) struct Block {
    pub(crate) select: Select,
    pub(crate) order_by: Option<OrderBy>,
}

/// A block and where it stands in its query.
pub(crate) struct Place {
    /// The number of its query, in the order of a walk, the root being 0.
    pub(crate) query: usize,
    /// Its number among the branches of the query's set operations.
    branch: usize,
    pub(crate) block: Block,
    /// Whether it is a branch of a set operation.
    pub(crate) in_set: bool,
    /// Whether it may read columns of the query around it: it stands in an expression, or is lateral.
    pub(crate) in_expression: bool,
    /// Whether only some of its rows are taken.
    pub(crate) limited: bool,
}

/// All blocks of a query, nested ones too.
pub(crate) fn places(query: &Query) -> Vec<Place> {
    let mut places = Places::default();
    let _ = query.visit(&mut places);
    places.found
}

#[derive(Default)]
struct Places {
    queries: usize,
    expressions: usize,
    found: Vec<Place>,
}

impl Visitor for Places {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        let selects = branches(&query.body);
        let in_set = !matches!(*query.body, SetExpr::Select(_));
        for (branch, select) in selects.into_iter().enumerate() {
            self.found.push(Place {
                query: self.queries,
                branch,
                block: Block {
                    select: select.clone(),
                    order_by: query.order_by.clone().filter(|_| !in_set),
                },
                in_set,
                in_expression: self.expressions > 0,
                limited: is_limited(query) || select.top.is_some(),
            });
        }
        self.queries += 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        self.expressions += usize::from(applies(select));
        ControlFlow::Continue(())
    }

    fn post_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        self.expressions -= usize::from(applies(select));
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        self.expressions += usize::from(is_lateral(factor));
        ControlFlow::Continue(())
    }

    fn post_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
        self.expressions -= usize::from(is_lateral(factor));
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, _: &Expr) -> ControlFlow<()> {
        self.expressions += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, _: &Expr) -> ControlFlow<()> {
        self.expressions -= 1;
        ControlFlow::Continue(())
    }
}

/// Whether subqueries in FROM may read what stands left of them.
fn applies(select: &Select) -> bool {
    let mut joins = select.from.iter().flat_map(|tables| &tables.joins);
    joins.any(|join| {
        matches!(
            join.join_operator,
            JoinOperator::CrossApply | JoinOperator::OuterApply
        )
    })
}

fn is_lateral(factor: &TableFactor) -> bool {
    matches!(factor, TableFactor::Derived { lateral: true, .. })
}

/// Whether a query gives only some of its rows.
pub(crate) fn is_limited(query: &Query) -> bool {
    query.limit_clause.is_some() || query.fetch.is_some()
}

fn branches(body: &SetExpr) -> Vec<&Select> {
    match body {
        SetExpr::Select(select) => vec![select],
        SetExpr::SetOperation { left, right, .. } => {
            let mut all = branches(left);
            all.extend(branches(right));
            all
        }
        _ => Vec::new(),
    }
}

fn branches_mut(body: &mut SetExpr) -> Vec<&mut Select> {
    match body {
        SetExpr::Select(select) => vec![select],
        SetExpr::SetOperation { left, right, .. } => {
            let mut all = branches_mut(left);
            all.extend(branches_mut(right));
            all
        }
        _ => Vec::new(),
    }
}

/// The query with another block in a place.
pub(crate) fn with_block(query: &Query, place: &Place, block: Block) -> Query {
    let mut query = query.clone();
    edit_query(&mut query, place.query, &mut |query| {
        if !place.in_set {
            query.order_by.clone_from(&block.order_by);
        }
        *branches_mut(&mut query.body)[place.branch] = block.select.clone();
    });
    query
}

/// Runs `edit` on the query of a number, in the order of a walk.
pub(crate) fn edit_query(root: &mut Query, number: usize, edit: &mut dyn FnMut(&mut Query)) {
    struct Find<'a> {
        left: usize,
        edit: &'a mut dyn FnMut(&mut Query),
    }
    impl VisitorMut for Find<'_> {
        type Break = ();
        fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
            if self.left == 0 {
                (self.edit)(query);
                return ControlFlow::Break(());
            }
            self.left -= 1;
            ControlFlow::Continue(())
        }
    }
    let _ = root.visit(&mut Find { left: number, edit });
}

/// All queries, the root first, each with whether it stands in an expression.
pub(crate) fn queries(root: &Query) -> Vec<Query> {
    struct All(Vec<Query>);
    impl Visitor for All {
        type Break = ();
        fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
            self.0.push(query.clone());
            ControlFlow::Continue(())
        }
    }
    let mut all = All(Vec::new());
    let _ = root.visit(&mut all);
    all.0
}

/// Every expression in a tree, nested queries included.
pub(crate) fn expressions<T: Visit>(tree: &T) -> Vec<Expr> {
    let mut all = Vec::new();
    let _ = visit_expressions(tree, |expression| {
        all.push(expression.clone());
        ControlFlow::<()>::Continue(())
    });
    all
}

/// Whether any expression in a tree, nested queries included, is so.
pub(crate) fn any<T: Visit>(tree: &T, mut is_so: impl FnMut(&Expr) -> bool) -> bool {
    visit_expressions(tree, |expression| match is_so(expression) {
        true => ControlFlow::Break(()),
        false => ControlFlow::Continue(()),
    })
    .is_break()
}

/// The tree with every expression that equals `old` replaced.
pub(crate) fn replace_all<T: VisitMut>(tree: &mut T, old: &Expr, new: &Expr) {
    let _ = visit_expressions_mut(tree, |expression| {
        if expression == old {
            *expression = new.clone();
        }
        ControlFlow::<()>::Continue(())
    });
}

/// Runs `edit` on each expression of a tree but not on those in nested queries.
pub(crate) fn edit_own<T: VisitMut>(tree: &mut T, edit: &mut dyn FnMut(&mut Expr)) {
    struct Own<'a> {
        queries: usize,
        edit: &'a mut dyn FnMut(&mut Expr),
    }
    impl VisitorMut for Own<'_> {
        type Break = ();
        fn pre_visit_query(&mut self, _: &mut Query) -> ControlFlow<()> {
            self.queries += 1;
            ControlFlow::Continue(())
        }
        fn post_visit_query(&mut self, _: &mut Query) -> ControlFlow<()> {
            self.queries -= 1;
            ControlFlow::Continue(())
        }
        fn pre_visit_expr(&mut self, expression: &mut Expr) -> ControlFlow<()> {
            if self.queries == 0 {
                (self.edit)(expression);
            }
            ControlFlow::Continue(())
        }
    }
    let _ = tree.visit(&mut Own { queries: 0, edit });
}

/// Every expression of a block, but not those in nested queries.
pub(crate) fn own_expressions(block: &Block) -> Vec<Expr> {
    let mut all = Vec::new();
    let mut block = block.clone();
    let mut keep = |expression: &mut Expr| all.push(expression.clone());
    edit_own(&mut block.select, &mut keep);
    edit_own(&mut block.order_by, &mut keep);
    all
}

/// The expressions that the projections without an alias show, in order: engines name the output
/// after their text, so that an edit must not reach them.
pub(crate) fn unnamed(root: &Query) -> Vec<String> {
    let mut all = Vec::new();
    for place in places(root) {
        for item in &place.block.select.projection {
            if let SelectItem::UnnamedExpr(expression) = item
                && !is_column(expression)
            {
                all.push(expression.to_string());
            }
        }
    }
    all
}

/// The name of each output of a block, in lower case; `None` where one has none.
pub(crate) fn output_names(select: &Select) -> Option<Vec<Ident>> {
    select.projection.iter().map(output_name).collect()
}

/// The name of an output.
pub(crate) fn output_name(item: &SelectItem) -> Option<Ident> {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(alias.clone()),
        SelectItem::UnnamedExpr(Expr::Identifier(name)) => Some(name.clone()),
        SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) => parts.last().cloned(),
        _ => None,
    }
}

/// The expression of an output.
pub(crate) fn output_expression(item: &SelectItem) -> Option<&Expr> {
    match item {
        SelectItem::ExprWithAlias { expr, .. } | SelectItem::UnnamedExpr(expr) => Some(expr),
        _ => None,
    }
}

/// Whether an item stands for the columns of its inputs.
pub(crate) fn is_wildcard(item: &SelectItem) -> bool {
    matches!(
        item,
        SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..)
    )
}

/// Names that the projection gives by alias, other than to a column of that name.
pub(crate) fn aliases(select: &Select) -> Vec<String> {
    let alias = |item: &SelectItem| match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(key(alias)),
        _ => None,
    };
    select.projection.iter().filter_map(alias).collect()
}

/// A name as names are compared here: in lower case, so that two names count as equal rather once
/// too often than once too seldom.
pub(crate) fn key(name: &Ident) -> String {
    name.value.to_lowercase()
}

/// The expressions of a plain `GROUP BY`.
pub(crate) fn group_keys(select: &Select) -> Option<&Vec<Expr>> {
    match &select.group_by {
        GroupByExpr::Expressions(keys, modifiers) if modifiers.is_empty() => Some(keys),
        _ => None,
    }
}

/// Whether there is no `GROUP BY`.
pub(crate) fn is_ungrouped(select: &Select) -> bool {
    group_keys(select).is_some_and(Vec::is_empty)
}
