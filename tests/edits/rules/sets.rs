//! The branches of UNION ALL, which have no order; the first one names the columns.

use super::super::model::Model;
use super::super::tree::{
    edit_query, is_limited, is_wildcard, key, output_expression, output_name, output_names, queries,
};
use sqlparser::ast::{Expr, Ident, Query, Select, SelectItem, SetExpr, SetOperator, SetQuantifier};

/// The first branch and another one exchanged, with the names of the first given to the other.
pub(crate) fn branches_swapped(root: &Query, _: &Model) -> Vec<(Query, String)> {
    let mut changed = Vec::new();
    for (number, query) in queries(root).iter().enumerate() {
        let Some(branches) = union_all(&query.body).filter(|_| !is_limited(query)) else {
            continue;
        };
        for other in 1..branches.len() {
            let Some(names) = output_names(branches[0]) else {
                continue;
            };
            let Some(first) = renamed(branches[other], &names) else {
                continue;
            };
            let mut order: Vec<Select> = branches.iter().map(|branch| (*branch).clone()).collect();
            order[other] = order[0].clone();
            order[0] = first;
            let mut after = root.clone();
            edit_query(&mut after, number, &mut |query| {
                *query.body = chained(&order);
            });
            changed.push((
                after,
                format!("branch {} of UNION ALL put first", other + 1),
            ));
        }
    }
    changed
}

fn union_all(body: &SetExpr) -> Option<Vec<&Select>> {
    match body {
        SetExpr::SetOperation {
            left,
            op: SetOperator::Union,
            set_quantifier: SetQuantifier::All,
            right,
        } => {
            let mut branches = match &**left {
                SetExpr::Select(select) => vec![&**select],
                other => union_all(other)?,
            };
            branches.push(right.as_select()?);
            Some(branches)
        }
        _ => None,
    }
}

fn chained(branches: &[Select]) -> SetExpr {
    let select = |branch: &Select| SetExpr::Select(Box::new(branch.clone()));
    let union = |left, right| SetExpr::SetOperation {
        left: Box::new(left),
        op: SetOperator::Union,
        set_quantifier: SetQuantifier::All,
        right: Box::new(right),
    };
    branches.iter().map(select).reduce(union).unwrap()
}

/// The branch with these names for its outputs; `None` where one of them, or one that goes, is
/// called so elsewhere in it.
fn renamed(branch: &Select, names: &[Ident]) -> Option<Select> {
    if branch.projection.len() != names.len() || branch.projection.iter().any(is_wildcard) {
        return None;
    }
    let mut after = branch.clone();
    for (item, name) in after.projection.iter_mut().zip(names) {
        let old = output_name(item);
        if old.as_ref().is_some_and(|old| key(old) == key(name)) {
            continue;
        }
        let mut clashes = false;
        super::super::tree::any(branch, |inner| {
            if let Expr::Identifier(word) = inner {
                clashes |= key(word) == key(name);
                let is_alias = matches!(item, SelectItem::ExprWithAlias { .. });
                clashes |= is_alias && old.as_ref().is_some_and(|old| key(old) == key(word));
            }
            false
        });
        if clashes {
            return None;
        }
        let expression = output_expression(item)?.clone();
        *item = SelectItem::ExprWithAlias {
            expr: expression,
            alias: name.clone(),
        };
    }
    Some(after)
}
