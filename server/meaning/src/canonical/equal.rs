//! Columns that are equal in every row: one of them stands for all.

use super::arena::Arena;
use super::settle::simplify_all;
use super::tree::{Part, Tree};
use sql::relation::{Body, Expression, InputId, Operation, Operator, Relation};
use std::collections::BTreeMap;

/// Writes one column for all that are equal to it.
pub(super) fn equate(arena: &mut Arena, relation: &mut Relation) {
    let Body::Select(select) = &mut relation.body else {
        return;
    };
    let mut tree = Tree::take(select, arena);
    let classes = classes(&tree);
    let mut same: BTreeMap<Expression, Expression> = BTreeMap::new();
    let mut equalities = Vec::new();
    for class in &classes {
        let Some((first, rest)) = class.split_first() else {
            continue;
        };
        for other in rest {
            same.insert(other.clone(), first.clone());
            let both = [first.clone(), other.clone()];
            equalities.push(Expression::operation(Operator::Equal, both));
        }
    }
    let padded = matched(&tree);
    if same.is_empty() && padded.is_empty() {
        return tree.put(select, arena);
    }
    let by = |mention: &Expression| same.get(mention).cloned();
    if !same.is_empty() {
        tree.conjuncts.retain(|conjunct| match equality(conjunct) {
            Some((left, right)) => !classes
                .iter()
                .any(|class| class.contains(left) && class.contains(right)),
            None => true,
        });
        for conjunct in &mut tree.conjuncts {
            arena.replace(conjunct, &by);
        }
        tree.for_each_on_mut(&mut |on| arena.replace(on, &by));
        for id in tree.relations() {
            arena.replace_in(id, &by);
        }
        select.for_each_expression_mut(&mut |expression| arena.replace(expression, &by));
        for key in &mut relation.order {
            arena.replace(&mut key.value, &by);
        }
    }
    tree.conjuncts.extend(equalities);
    select.for_each_expression_mut(&mut |expression| choose(expression, &padded));
    for conjunct in &mut tree.conjuncts {
        choose(conjunct, &padded);
    }
    tree.put(select, arena);
    simplify_all(relation);
}

/// Columns that a left join pads, with what each equals where it is not padded.
fn matched(tree: &Tree) -> Vec<(Expression, Expression)> {
    let mut found = Vec::new();
    for part in &tree.parts {
        if let Part::Padded { right, on } = part {
            let inputs = right.inputs();
            for (left, right) in on.iter().filter_map(equality) {
                for (kept, padded) in [(left, right), (right, left)] {
                    if is_of(padded, &inputs) && !is_of(kept, &inputs) {
                        found.push((kept.clone(), padded.clone()));
                    }
                }
            }
        }
    }
    found
}

/// `COALESCE` of a column and one that is equal to it or `NULL` is the column.
fn choose(expression: &mut Expression, padded: &[(Expression, Expression)]) {
    expression.for_each_mut(&mut |part| {
        let Expression::Call(call) = part else { return };
        if call.function != "coalesce" {
            return;
        }
        for (kept, padded) in padded {
            let place = |wanted: &Expression| call.arguments.iter().position(|of| of == wanted);
            if let (Some(kept), Some(padded)) = (place(kept), place(padded))
                && (kept < padded || kept == padded + 1)
            {
                call.arguments.remove(padded);
            }
        }
    });
}

/// The columns that the conjuncts make equal, of inputs that no join pads.
pub(super) fn classes(tree: &Tree) -> Vec<Vec<Expression>> {
    let core: Vec<InputId> = tree
        .parts
        .iter()
        .filter_map(|part| match part {
            Part::Input(input) => Some(input.id),
            _ => None,
        })
        .collect();
    let mut classes: Vec<Vec<Expression>> = Vec::new();
    for conjunct in &tree.conjuncts {
        let Some((left, right)) = equality(conjunct) else {
            continue;
        };
        if left == right || !is_of(left, &core) || !is_of(right, &core) {
            continue;
        }
        let mut class = vec![left.clone(), right.clone()];
        classes.retain(|other| {
            let joins = other.contains(left) || other.contains(right);
            if joins {
                class.extend(other.iter().cloned());
            }
            !joins
        });
        class.sort();
        class.dedup();
        classes.push(class);
    }
    classes
}

/// The columns that a condition makes equal, if that is what it does.
pub(super) fn equality(condition: &Expression) -> Option<(&Expression, &Expression)> {
    let Expression::Operation(Operation {
        operator: Operator::Equal,
        operands,
    }) = condition
    else {
        return None;
    };
    match operands.as_slice() {
        [left, right] if is_column(left) && is_column(right) => Some((left, right)),
        _ => None,
    }
}

fn is_column(expression: &Expression) -> bool {
    matches!(
        expression,
        Expression::Column { .. } | Expression::Output { .. }
    )
}

fn is_of(column: &Expression, inputs: &[InputId]) -> bool {
    match column {
        Expression::Column { input, .. } | Expression::Output { input, .. } => {
            inputs.contains(input)
        }
        _ => false,
    }
}
