//! `GROUP BY`, with grouping sets.

use super::expression::{Joined, Scope};
use super::relation::{Machine, same, union};
use super::value::Value;
use super::{Undecided, undecided};
use sql::relation::{Expression, Grouping};
use std::rc::Rc;

/// Rows that are grouped.
#[derive(Clone, Debug)]
pub(super) struct Group<'q> {
    keys: &'q [Expression],
    /// The value of each key; `None` for those that are not in the grouping set.
    values: Vec<Option<Value>>,
    pub(super) rows: Vec<Joined>,
}

impl Group<'_> {
    /// The value of an expression that is grouped by, or was left out of the grouping set.
    pub(super) fn key(&self, expression: &Expression) -> Option<Value> {
        if matches!(expression, Expression::Literal(_)) {
            return None;
        }
        let position = self.keys.iter().position(|key| key == expression)?;
        Some(self.values.get(position)?.clone().unwrap_or(Value::Null))
    }

    /// How many keys there are.
    pub(super) fn width(&self) -> u64 {
        self.keys.len() as u64
    }

    /// Whether a key is in the grouping set; `None` for something that is no key.
    pub(super) fn is_grouped(&self, key: &Expression) -> Option<bool> {
        let position = self.keys.iter().position(|known| known == key)?;
        Some(self.values.get(position)?.is_some())
    }

    /// Everything that its rows are made of.
    pub(super) fn origin(&self) -> Rc<[u32]> {
        union(self.rows.iter().map(|row| &row.origin))
    }
}

impl<'q> Machine<'q> {
    /// The groups of rows, those of each grouping set in turn.
    pub(super) fn groups(
        &mut self,
        grouping: &'q Grouping,
        rows: &[Joined],
        outer: Option<&Scope<'_, 'q>>,
    ) -> Result<Vec<Group<'q>>, Undecided> {
        let mut keyed = Vec::new();
        for row in rows {
            let scope = Scope::rows(outer, &row.bindings);
            keyed.push((row, self.values_of(&grouping.keys, &scope)?));
        }
        let mut groups: Vec<Group<'q>> = Vec::new();
        for set in &grouping.sets {
            let mut of_set: Vec<(Vec<Value>, Group<'q>)> = Vec::new();
            if set.is_empty() {
                // There is such a group even where there are no rows.
                let values = vec![None; grouping.keys.len()];
                of_set.push((
                    Vec::new(),
                    Group {
                        keys: &grouping.keys,
                        values,
                        rows: Vec::new(),
                    },
                ));
            }
            for (row, keys) in &keyed {
                self.budget.spend(1 + of_set.len() as u64)?;
                let picked: Option<Vec<Value>> = set
                    .iter()
                    .map(|key| keys.get(*key as usize).cloned())
                    .collect();
                let Some(picked) = picked else {
                    return undecided("a grouping set has a key that there is not");
                };
                let mut home = None;
                for (position, (other, _)) in of_set.iter().enumerate() {
                    if same(&picked, other)? {
                        home = Some(position);
                        break;
                    }
                }
                match home.and_then(|home| of_set.get_mut(home)) {
                    Some((_, group)) => group.rows.push((*row).clone()),
                    None => {
                        let in_set = |key: usize| set.iter().any(|other| *other as usize == key);
                        let values = keys.iter().enumerate();
                        let values = values.map(|(key, value)| in_set(key).then(|| value.clone()));
                        let group = Group {
                            keys: &grouping.keys,
                            values: values.collect(),
                            rows: vec![(*row).clone()],
                        };
                        of_set.push((picked, group));
                    }
                }
            }
            groups.extend(of_set.into_iter().map(|(_, group)| group));
        }
        Ok(groups)
    }
}
