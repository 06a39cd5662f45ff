//! `ON a.x = b.x` and `USING (x)`, for the joins where both say the same.

use super::super::expression::{binary, chain, rechain};
use super::super::scope::{
    Input, Site, constraint_mut, edit_block, has_nested_query, input, inputs, is_inner_or_left,
};
use super::super::tree::{Block, aliases, is_wildcard, key};
use sqlparser::ast::{
    BinaryOperator, Expr, Ident, Join, JoinConstraint, ObjectName, ObjectNamePart,
};

/// The two sides of the first join, if that is an inner or a left one and every output is named.
fn sides(block: &Block, site: &Site) -> Option<(Input, Input)> {
    let select = &block.select;
    let [tables] = select.from.as_slice() else {
        return None;
    };
    let first = tables.joins.first()?;
    inputs(select, site.names)?;
    let left = input(&tables.relation, site.names)?;
    let right = input(&first.relation, site.names)?;
    let plain = is_inner_or_left(first) && !select.projection.iter().any(is_wildcard);
    plain.then_some((left, right))
}

fn is_of(part: &Ident, input: &Input) -> bool {
    key(part) == input.name || input.placeholder.as_ref() == Some(&key(part))
}

/// The column that both sides of an equality are, if they are one of each input.
fn shared(condition: &Expr, left: &Input, right: &Input) -> Option<Ident> {
    let Expr::BinaryOp {
        left: one,
        op: BinaryOperator::Eq,
        right: two,
    } = condition
    else {
        return None;
    };
    let (Expr::CompoundIdentifier(one), Expr::CompoundIdentifier(two)) = (&**one, &**two) else {
        return None;
    };
    let ([a, x], [b, y]) = (one.as_slice(), two.as_slice()) else {
        return None;
    };
    let across = (is_of(a, left) && is_of(b, right)) || (is_of(a, right) && is_of(b, left));
    (across && x == y).then(|| x.clone())
}

/// `ON a.x = b.x` as `USING (x)`. Where there are only two inputs, the left one's column is then
/// called by its name alone.
pub(crate) fn on_to_using(block: &Block, site: &Site) -> Vec<(Block, String)> {
    let Some((left, right)) = sides(block, site) else {
        return Vec::new();
    };
    let mut after = block.clone();
    let joins = after.select.from[0].joins.len();
    let Some(constraint) = constraint_mut(&mut after.select.from[0].joins[0]) else {
        return Vec::new();
    };
    let JoinConstraint::On(on) = constraint else {
        return Vec::new();
    };
    let columns: Option<Vec<Ident>> = chain(on, &BinaryOperator::And)
        .into_iter()
        .map(|condition| shared(condition, &left, &right))
        .collect();
    let Some(columns) = columns else {
        return Vec::new();
    };
    let name = |column: &Ident| ObjectName(vec![ObjectNamePart::Identifier(column.clone())]);
    *constraint = JoinConstraint::Using(columns.iter().map(name).collect());
    let mut changed = vec![(after.clone(), format!("`{}` joined by USING", right.name))];
    let aliases = aliases(&block.select);
    let hidden = columns.iter().any(|column| aliases.contains(&key(column)));
    if joins == 1 && !hidden && !has_nested_query(block) {
        edit_block(&mut after, &mut |expression| {
            if let Expr::CompoundIdentifier(parts) = expression
                && let [qualifier, column] = parts.as_slice()
                && is_of(qualifier, &left)
                && columns.contains(column)
            {
                *expression = Expr::Identifier(column.clone());
            }
        });
        changed.push((
            after,
            format!("`{}` joined by USING, its column unqualified", right.name),
        ));
    }
    changed
}

/// The columns of a USING.
fn used(join: &Join) -> Option<Vec<Ident>> {
    let mut join = join.clone();
    match constraint_mut(&mut join)? {
        JoinConstraint::Using(columns) => columns
            .iter()
            .map(|column| match column.0.as_slice() {
                [ObjectNamePart::Identifier(only)] => Some(only.clone()),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}

/// `USING (x)` as `ON a.x = b.x`, all joins of a block at once.
pub(crate) fn using_to_on(block: &Block, site: &Site) -> Vec<(Block, String)> {
    let Some((left, _)) = sides(block, site) else {
        return Vec::new();
    };
    let joins = &block.select.from[0].joins;
    let Some(columns) = used(&joins[0]) else {
        return Vec::new();
    };
    let aliases = aliases(&block.select);
    let hidden = columns.iter().any(|column| aliases.contains(&key(column)));
    // What a later USING calls so must be the column of the first two inputs and no other's.
    let same = joins.iter().all(|join| {
        is_inner_or_left(join)
            && used(join).is_some_and(|used| used.iter().all(|column| columns.contains(column)))
    });
    if !same || hidden || has_nested_query(block) {
        return Vec::new();
    }
    let of_left = |column: &Ident| {
        Expr::CompoundIdentifier(vec![super::super::scope::ident(&left.name), column.clone()])
    };
    let mut after = block.clone();
    for join in &mut after.select.from[0].joins {
        let (Some(columns), Some(right)) = (used(join), input(&join.relation, site.names)) else {
            return Vec::new();
        };
        let equal = |column: &Ident| {
            let name = super::super::scope::ident(&right.name);
            let of_right = Expr::CompoundIdentifier(vec![name, column.clone()]);
            binary(of_left(column), BinaryOperator::Eq, of_right)
        };
        let on = rechain(columns.iter().map(equal).collect(), &BinaryOperator::And).unwrap();
        *constraint_mut(join).unwrap() = JoinConstraint::On(on);
    }
    edit_block(&mut after, &mut |expression| {
        if let Expr::Identifier(name) = expression
            && columns.iter().any(|column| key(column) == key(name))
        {
            *expression = of_left(name);
        }
    });
    // The names of an ORDER BY may be those of the outputs.
    after.order_by.clone_from(&block.order_by);
    vec![(after, "USING written as ON".to_owned())]
}
