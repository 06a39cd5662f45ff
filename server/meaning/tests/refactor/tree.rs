//! Ways through the parser's tree: the blocks of a query, the expressions of a block, and small
//! trees made by hand.

use sqlparser::ast::{
    BinaryOperator, Expr, GroupByExpr, Ident, OrderBy, Query, Select, SelectItem, SetExpr, Value,
    ValueWithSpan, Visit, VisitMut, Visitor, VisitorMut, visit_expressions, visit_expressions_mut,
};
use sqlparser::tokenizer::Span;
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
    /// Whether it stands in an expression, and so may read columns of the query around it.
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

    fn pre_visit_expr(&mut self, _: &Expr) -> ControlFlow<()> {
        self.expressions += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, _: &Expr) -> ControlFlow<()> {
        self.expressions -= 1;
        ControlFlow::Continue(())
    }
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

/// The parts of a chain of one operator, parentheses round the whole not counted.
pub(crate) fn chain<'a>(expression: &'a Expr, operator: &BinaryOperator) -> Vec<&'a Expr> {
    match expression {
        Expr::BinaryOp { left, op, right } if op == operator => {
            let mut parts = chain(left, operator);
            parts.push(right);
            parts
        }
        _ => vec![expression],
    }
}

/// The chain of one operator over parts, each in parentheses if it needs them.
pub(crate) fn rechain(parts: Vec<Expr>, operator: &BinaryOperator) -> Option<Expr> {
    let binds = |part: Expr| match &part {
        Expr::BinaryOp {
            op: BinaryOperator::Or,
            ..
        } => nested(part),
        Expr::BinaryOp { op, .. } if op == operator => nested(part),
        _ => part,
    };
    parts
        .into_iter()
        .map(binds)
        .reduce(|left, right| binary(left, operator.clone(), right))
}

/// One expression under an operator with two operands, as they are.
pub(crate) fn binary(left: Expr, op: BinaryOperator, right: Expr) -> Expr {
    Expr::BinaryOp {
        left: Box::new(left),
        op,
        right: Box::new(right),
    }
}

/// An expression in parentheses.
pub(crate) fn nested(expression: Expr) -> Expr {
    match expression {
        Expr::Nested(_) => expression,
        other => Expr::Nested(Box::new(other)),
    }
}

/// An operand as it stands well on either side of any operator.
pub(crate) fn operand(expression: &Expr) -> Expr {
    match expression {
        Expr::Identifier(_)
        | Expr::CompoundIdentifier(_)
        | Expr::Value(_)
        | Expr::Function(_)
        | Expr::Nested(_)
        | Expr::Subquery(_)
        | Expr::Case { .. }
        | Expr::Cast { .. } => expression.clone(),
        other => nested(other.clone()),
    }
}

/// A whole number.
pub(crate) fn number(value: &str) -> Expr {
    literal(Value::Number(value.to_owned(), false))
}

/// A literal.
pub(crate) fn literal(value: Value) -> Expr {
    Expr::Value(ValueWithSpan {
        value,
        span: Span::empty(),
    })
}

/// Whether an expression is one column.
pub(crate) fn is_column(expression: &Expr) -> bool {
    matches!(
        expression,
        Expr::Identifier(_) | Expr::CompoundIdentifier(_)
    )
}

/// Whether an expression is a literal.
pub(crate) fn is_literal(expression: &Expr) -> bool {
    matches!(expression, Expr::Value(_))
}

/// The name of a function that is called with nothing but arguments.
pub(crate) fn function_name(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Function(function) => Some(function.name.to_string().to_lowercase()),
        _ => None,
    }
}

/// Whether an expression aggregates, or looks along a window, outside of nested queries.
pub(crate) fn aggregates(expression: &Expr) -> bool {
    const AGGREGATES: [&str; 18] = [
        "sum",
        "count",
        "min",
        "max",
        "avg",
        "array_agg",
        "string_agg",
        "listagg",
        "any_value",
        "count_if",
        "countif",
        "median",
        "stddev",
        "bool_or",
        "bool_and",
        "mode",
        "first",
        "last",
    ];
    any(expression, |inner| match inner {
        Expr::Function(function) => {
            let name = function.name.to_string().to_lowercase();
            function.over.is_some()
                || function.filter.is_some()
                || !function.within_group.is_empty()
                || AGGREGATES.contains(&name.as_str())
                || name.contains("agg")
                || name.starts_with("approx")
        }
        _ => false,
    })
}

/// Whether an expression may give something else each time.
pub(crate) fn is_volatile(expression: &Expr) -> bool {
    any(expression, |inner| {
        function_name(inner).is_some_and(|name| {
            ["random", "rand", "uuid", "nextval", "seq", "generate"]
                .iter()
                .any(|volatile| name.contains(volatile))
        })
    })
}

/// Whether there is a query inside an expression.
pub(crate) fn has_query(expression: &Expr) -> bool {
    any(expression, |inner| {
        matches!(inner, Expr::Subquery(_) | Expr::Exists { .. })
            || matches!(inner, Expr::In { target, .. } if !matches!(target, sqlparser::ast::InTarget::List(_)))
    })
}
