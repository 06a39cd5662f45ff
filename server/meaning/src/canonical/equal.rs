//! Columns that are equal in every row: one of them stands for all.

use super::arena::Arena;
use super::settle::simplify_all;
use super::tree::{Part, Tree};
use sql::relation::{Body, Expression, InputId, JoinKind, Literal, Operation, Operator, Relation};
use std::collections::BTreeMap;

/// Writes one column for all that are equal to it.
pub(super) fn equate(arena: &mut Arena, relation: &mut Relation) {
    let Body::Select(select) = &mut relation.body else {
        return;
    };
    let mut tree = Tree::take_settled(select, arena);
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
    let present = present(&tree.conjuncts);
    if same.is_empty() && padded.is_empty() && present.is_empty() {
        return tree.put_back(select, arena);
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
    select.for_each_expression_mut(&mut |expression| choose(expression, &padded, &present));
    for conjunct in &mut tree.conjuncts {
        choose(conjunct, &padded, &present);
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
                    if is_of(padded, &inputs) && is_column(kept) && !is_of(kept, &inputs) {
                        found.push((kept.clone(), padded.clone()));
                    }
                }
            }
        }
    }
    found
}

/// Columns of both sides of a full join that are equal where none is padded.
pub(super) fn either(tree: &Tree) -> Vec<(Expression, Expression)> {
    let mut found = Vec::new();
    for part in &tree.parts {
        if let Part::Other(other) = part
            && other.kind == JoinKind::Full
        {
            let inputs = other.left.inputs();
            for (one, two) in other.on.iter().filter_map(equality) {
                if is_column(two) && is_of(one, &inputs) != is_of(two, &inputs) {
                    found.push((one.clone(), two.clone()));
                }
            }
        }
    }
    found
}

/// Columns that are compared, and so are not `NULL` in the rows that are left.
fn present(conjuncts: &[Expression]) -> Vec<Expression> {
    let mut found = Vec::new();
    for conjunct in conjuncts {
        let Expression::Operation(Operation { operator, operands }) = conjunct else {
            continue;
        };
        let compared = match operator {
            Operator::Equal
            | Operator::NotEqual
            | Operator::Less
            | Operator::LessOrEqual
            | Operator::Like => operands.as_slice(),
            Operator::In => operands.get(..1).unwrap_or_default(),
            _ => &[],
        };
        found.extend(compared.iter().filter(|side| is_column(side)).cloned());
    }
    found
}

/// `COALESCE` of a column and one that is equal to it or `NULL` is the column, and so it is of a column
/// that is there.
fn choose(
    expression: &mut Expression,
    padded: &[(Expression, Expression)],
    present: &[Expression],
) {
    expression.for_each_mut(&mut |part| {
        let Expression::Call(call) = part else { return };
        if call.function != "coalesce" {
            return;
        }
        if let Some(last) = call.arguments.iter().position(|of| present.contains(of)) {
            call.arguments.truncate(last + 1);
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

/// The columns, and perhaps a number, that the conjuncts make equal, of inputs that no join pads.
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
        let may = |side: &Expression| is_number(side) || is_of(side, &core);
        if left == right || !may(left) || !may(right) {
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

/// A column and what a condition makes it equal to, a column or a number, if that is what it does.
pub(super) fn equality(condition: &Expression) -> Option<(&Expression, &Expression)> {
    let Expression::Operation(Operation {
        operator: Operator::Equal,
        operands,
    }) = condition
    else {
        return None;
    };
    match operands.as_slice() {
        [left, right] if is_column(left) && (is_column(right) || is_number(right)) => {
            Some((left, right))
        }
        [left, right] if is_number(left) && is_column(right) => Some((right, left)),
        _ => None,
    }
}

/// Columns that are equal to the same number are equal to each other.
fn is_number(expression: &Expression) -> bool {
    matches!(expression, Expression::Literal(Literal::Number(_)))
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
