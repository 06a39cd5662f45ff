//! `SELECT`: its clauses in the order in which SQL takes them.

use super::expression::{Joined, Scope};
use super::group::Group;
use super::relation::{Machine, merged, same};
use super::sort::{Keyed, order as order_of, sort};
use super::value::Value;
use super::window::Windows;
use super::{Row, Undecided, undecided};
use sql::relation::{Distinct, Expression, RelationId, Select, SortKey};
use std::rc::Rc;

/// What a row of the result is computed from: a row of the inputs, or a group of them.
#[derive(Clone, Debug)]
pub(super) struct Unit<'q> {
    pub(super) row: Joined,
    pub(super) group: Option<Group<'q>>,
}

impl<'q> Unit<'q> {
    pub(super) fn scope<'s>(
        &'s self,
        outer: Option<&'s Scope<'s, 'q>>,
        windows: Option<(&'s Windows<'q>, usize)>,
    ) -> Scope<'s, 'q> {
        Scope {
            outer,
            bindings: &self.row.bindings,
            group: self.group.as_ref(),
            windows,
        }
    }
}

/// A value in the place of a column that plays no part.
const UNUSED: Value = Value::Opaque(0);

impl<'q> Machine<'q> {
    /// The rows of a `SELECT`, with what they are sorted by where `ordered` says so.
    pub(super) fn select(
        &mut self,
        id: RelationId,
        select: &'q Select,
        order: &'q [SortKey],
        ordered: bool,
        around: Option<&Scope<'_, 'q>>,
    ) -> Result<Vec<Keyed>, Undecided> {
        let mut units = self.units(select, around)?;
        // Columns that play no part are gone over, too.
        self.budget
            .spend(select.projection.len() as u64 * (1 + units.len() as u64) / 16)?;
        let ordered = ordered || matches!(select.distinct, Distinct::On(_));
        let sorted_by: &'q [SortKey] = if ordered { order } else { &[] };
        let needed = self.needed;
        let used = select.projection.iter().enumerate();
        let projected = used
            .filter(|(position, _)| needed.uses(id, *position))
            .map(|(_, value)| value);
        let on: &'q [Expression] = match &select.distinct {
            Distinct::On(keys) => keys,
            Distinct::Keep | Distinct::All => &[],
        };
        let with_windows = projected
            .chain(&select.qualify)
            .chain(sorted_by.iter().map(|key| &key.value))
            .chain(on);
        let mut windows = self.windows(with_windows, &units, around)?;
        if let Some(qualify) = &select.qualify {
            let mut kept = Vec::new();
            for (position, unit) in units.iter().enumerate() {
                kept.push(self.holds(qualify, &unit.scope(around, Some((&windows, position))))?);
            }
            windows.keep(&kept);
            let mut kept = kept.into_iter();
            units.retain(|_| kept.next().unwrap_or_default());
        }
        let mut rows = Vec::new();
        for (position, unit) in units.iter().enumerate() {
            let scope = unit.scope(around, Some((&windows, position)));
            let mut values = Vec::with_capacity(select.projection.len());
            for (position, value) in select.projection.iter().enumerate() {
                values.push(match needed.uses(id, position) {
                    true => self.value(value, &scope)?,
                    false => UNUSED,
                });
            }
            let keys = self.values_of(sorted_by.iter().map(|key| &key.value), &scope)?;
            let on = self.values_of(on, &scope)?;
            let row = Row {
                values: values.into(),
                origin: unit.row.origin.clone(),
            };
            rows.push((
                Keyed {
                    row,
                    keys: Some(keys),
                },
                on,
            ));
        }
        match &select.distinct {
            Distinct::Keep => Ok(rows.into_iter().map(|(row, _)| row).collect()),
            Distinct::All if self.query.relation(id).open => {
                undecided("the columns that are to be distinct are not all known")
            }
            Distinct::All => distinct(rows.into_iter().map(|(row, _)| row).collect()),
            Distinct::On(_) => first_of_each(rows, order),
        }
    }

    /// The rows behind `HAVING`.
    fn units(
        &mut self,
        select: &'q Select,
        around: Option<&Scope<'_, 'q>>,
    ) -> Result<Vec<Unit<'q>>, Undecided> {
        let mut rows = match &select.from {
            Some(from) => self.from(from, &Scope::around(around))?,
            None => vec![Joined {
                bindings: Vec::new(),
                origin: Rc::from([]),
            }],
        };
        if let Some(filter) = &select.filter {
            let mut kept = Vec::new();
            for row in rows {
                if self.holds(filter, &Scope::rows(around, &row.bindings))? {
                    kept.push(row);
                }
            }
            rows = kept;
        }
        let units: Vec<Unit<'q>> = match &select.grouping {
            None => rows
                .into_iter()
                .map(|row| Unit { row, group: None })
                .collect(),
            Some(grouping) => {
                let groups = self.groups(grouping, &rows, around)?;
                let unit = |group: Group<'q>| Unit {
                    row: Joined {
                        bindings: Vec::new(),
                        origin: group.origin(),
                    },
                    group: Some(group),
                };
                groups.into_iter().map(unit).collect()
            }
        };
        let Some(having) = &select.having else {
            return Ok(units);
        };
        let mut kept = Vec::new();
        for unit in units {
            if self.holds(having, &unit.scope(around, None))? {
                kept.push(unit);
            }
        }
        Ok(kept)
    }
}

/// Each row once. What equal rows are sorted by is the same, as it is computed from them.
fn distinct(rows: Vec<Keyed>) -> Result<Vec<Keyed>, Undecided> {
    let merged = merged(rows.iter().map(|row| row.row.clone()).collect())?;
    let keyed = |row: Row| {
        let same = |known: &&Keyed| Rc::ptr_eq(&known.row.values, &row.values);
        let keys = rows.iter().find(same).and_then(|known| known.keys.clone());
        Keyed { row, keys }
    };
    Ok(merged.into_iter().map(keyed).collect())
}

/// `DISTINCT ON`: the first row of each value of the keys.
fn first_of_each(rows: Vec<(Keyed, Vec<Value>)>, by: &[SortKey]) -> Result<Vec<Keyed>, Undecided> {
    let mut groups: Vec<(Vec<Value>, Vec<Keyed>)> = Vec::new();
    for (row, on) in rows {
        let mut home = None;
        for (position, (other, _)) in groups.iter().enumerate() {
            if same(&on, other)? {
                home = Some(position);
                break;
            }
        }
        match home.and_then(|home| groups.get_mut(home)) {
            Some((_, members)) => members.push(row),
            None => groups.push((on, vec![row])),
        }
    }
    let mut first = Vec::new();
    for (_, mut members) in groups {
        sort(
            &mut members,
            |row| row.keys.as_deref().unwrap_or_default(),
            by,
        )?;
        let mut members = members.into_iter();
        let Some(best) = members.next() else { continue };
        for other in members {
            let (Some(left), Some(right)) = (&best.keys, &other.keys) else {
                return undecided("what rows are sorted by is not known");
            };
            if order_of(left, right, by)?.is_ne() {
                break;
            }
            if !same(&best.row.values, &other.row.values)? {
                return undecided("rows of which the first is kept are tied");
            }
        }
        first.push(best);
    }
    Ok(first)
}
