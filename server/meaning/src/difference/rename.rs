//! Columns that have another name and mean the same.

use super::{ColumnChange, ColumnDifference};
use crate::canonical::Sameness;

/// `columns` with each that is gone and the only one that came with its meaning made one.
pub(super) fn pair(mut columns: Vec<ColumnDifference>) -> Vec<ColumnDifference> {
    let of = |columns: &[ColumnDifference], change: &ColumnChange| -> Vec<usize> {
        let listed = columns.iter().enumerate();
        let listed = listed.filter(|(_, column)| column.change == *change);
        listed.map(|(at, _)| at).collect()
    };
    let gone = of(&columns, &ColumnChange::Removed);
    let come = of(&columns, &ColumnChange::Added);
    let mut paired = Vec::new();
    for old in &gone {
        let candidates = |from: &[usize], to: usize| -> Vec<usize> {
            let from = from.iter().copied();
            from.filter(|from| is_same(&columns, *from, to)).collect()
        };
        if let [new] = candidates(&come, *old).as_slice()
            && candidates(&gone, *new).len() == 1
        {
            paired.push((*old, *new));
        }
    }
    for (old, new) in &paired {
        let Some(was) = columns.get(*old).cloned() else {
            continue;
        };
        if let (Some(column), Some(name)) = (columns.get_mut(*new), was.name) {
            column.was = was.was;
            column.change = ColumnChange::Renamed(name);
        }
    }
    let mut at = 0;
    columns.retain(|_| {
        at += 1;
        !paired.iter().any(|(old, _)| *old == at - 1)
    });
    columns
}

/// Whether the two columns, one gone and one come, mean the same. A constant says nothing of itself.
fn is_same(columns: &[ColumnDifference], one: usize, other: usize) -> bool {
    let meaning = |at: usize| {
        let column = columns.get(at)?;
        column.was.as_ref().or(column.now.as_ref())
    };
    match (meaning(one), meaning(other)) {
        (Some(one), Some(other)) => {
            !one.meaning.is_constant() && one.meaning.compare(&other.meaning) == Sameness::Same
        }
        _ => false,
    }
}
