//! What stands behind the stars of a query besides the columns that are known: all columns of which
//! tables, changed in which ways. Two queries of which nothing is known may still say the same of it.

use super::context::{Lowering, Remainder, StarRest};
use super::scope::Columns;
use crate::facts::{TableName, TableRef};
use crate::relation::{Body, Input, RelationId, Rest, Source, StarChange};
use std::collections::HashMap;
use syntax::Name;

/// Relations are looked through this deep.
const DEPTH: usize = 200;

/// So many tables are told at most.
const MOST: usize = 64;

type Known = HashMap<RelationId, Option<Vec<Rest>>>;

impl Lowering<'_> {
    /// What the unknown columns of a relation are; `None` where that can't be told.
    pub(super) fn rest(&self, id: RelationId) -> Option<Vec<Rest>> {
        self.rest_of(id, DEPTH, &mut Known::new())
    }

    fn rest_of(&self, id: RelationId, depth: usize, known: &mut Known) -> Option<Vec<Rest>> {
        let depth = depth.checked_sub(1)?;
        if !self.relation(id)?.open {
            return Some(Vec::new());
        }
        if let Some(known) = known.get(&id) {
            return known.clone();
        }
        // A relation that reads itself is not told.
        known.insert(id, None);
        let mut all = Vec::new();
        match self.remainders.get(&id)? {
            Remainder::Stars(stars) => {
                for star in stars {
                    all.extend(self.behind(id, star, depth, known)?);
                }
                // In which order stars stand makes no difference to a column.
                all.sort();
            }
            Remainder::Branches(left, right) => {
                for (branch, of) in (0..).zip([left, right]) {
                    let rest = self.rest_of(*of, depth, known)?;
                    all.extend(rest.into_iter().map(|mut rest| {
                        rest.changes.push(StarChange::Branch(branch));
                        rest
                    }));
                }
            }
            Remainder::Unknown => return None,
        }
        if all.len() > MOST {
            return None;
        }
        known.insert(id, Some(all.clone()));
        Some(all)
    }

    /// What comes through a star of a relation.
    fn behind(
        &self,
        id: RelationId,
        star: &StarRest,
        depth: usize,
        known: &mut Known,
    ) -> Option<Vec<Rest>> {
        let Body::Select(select) = &self.relation(id)?.body else {
            return None;
        };
        let of = |input: &Input, known: &mut Known| match &input.source {
            Source::Table(TableRef::Unknown) => None,
            Source::Table(table) => Some(vec![Rest {
                table: table.clone(),
                changes: Vec::new(),
            }]),
            Source::Relation(relation) => self.rest_of(*relation, depth, known),
            // What a function gives is told by its name: its arguments are compared with the rows.
            Source::Function(call) => Some(vec![Rest {
                table: TableRef::Named(TableName {
                    parts: vec![Name::new(format!("{}()", call.function))],
                }),
                changes: Vec::new(),
            }]),
            Source::Unknown { .. } => None,
        };
        let mut rest = of(select.input(star.binding.input)?, known)?;
        // Where two inputs have the same behind them, it would not be told which is meant.
        let inputs = select.inputs().into_iter();
        for other in inputs.filter(|of| of.id != star.binding.input) {
            if of(other, known).is_some_and(|other| other.iter().any(|one| rest.contains(one))) {
                return None;
            }
        }
        let is_renamed = match &star.binding.columns {
            Columns::Named { originals, .. } => originals.is_some(),
            Columns::Relation(_, names) => !names.is_empty(),
            Columns::Unknown => true,
        };
        if is_renamed {
            return None;
        }
        let changes = star.changes()?;
        for one in &mut rest {
            one.changes.extend(changes.iter().cloned());
        }
        Some(rest)
    }
}
