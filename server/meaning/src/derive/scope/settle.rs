//! Working out something for each column of each relation, also where a relation reads itself.

use super::Scopes;
use sql::relation::{Body, RelationId};

/// A recursive relation that does not settle after so many rounds is taken for unknown.
const MOST_ROUNDS: usize = 8;

/// What is known of the columns of relations.
pub(in crate::derive) struct Known<'q, T> {
    query: &'q sql::relation::Query,
    unknown: T,
    columns: Vec<Option<Vec<T>>>,
    assumed: Vec<Option<Vec<T>>>,
}

impl<T> Known<'_, T> {
    /// What is known of a column. Of a recursive relation that is being worked out, what is assumed.
    pub(in crate::derive) fn get(&self, relation: RelationId, position: usize) -> &T {
        let found = self.columns(relation).and_then(|own| own.get(position));
        found.unwrap_or(&self.unknown)
    }

    fn columns(&self, relation: RelationId) -> Option<&Vec<T>> {
        let at = relation.0 as usize;
        let own = self.columns.get(at).and_then(Option::as_ref);
        let assumed = || self.assumed.get(at).and_then(Option::as_ref);
        let seeded = || match &self.query.relation(relation).body {
            Body::Recursive { seed, .. } => {
                self.columns.get(seed.0 as usize).and_then(Option::as_ref)
            }
            _ => None,
        };
        own.or_else(assumed).or_else(seeded)
    }
}

/// Asks `columns_of` for each relation, after those that it is computed from. A recursive relation is
/// first taken for its seed, then for what came out, until the same comes out.
pub(in crate::derive) fn settle<'q, T: Clone + PartialEq>(
    scopes: &Scopes<'q>,
    unknown: &T,
    columns_of: &dyn Fn(RelationId, &Known<'q, T>) -> Vec<T>,
) -> Known<'q, T> {
    let query = scopes.query;
    let count = query.relations.len();
    let mut assumed: Vec<Option<Vec<T>>> = vec![None; count];
    for round in 0..=MOST_ROUNDS {
        let mut known = Known {
            query,
            unknown: unknown.clone(),
            columns: vec![None; count],
            assumed: std::mem::take(&mut assumed),
        };
        for id in &scopes.order {
            let columns = columns_of(*id, &known);
            if let Some(place) = known.columns.get_mut(id.0 as usize) {
                *place = Some(columns);
            }
        }
        let mut settled = true;
        let mut next = vec![None; count];
        for (at, relation) in query.relations.iter().enumerate() {
            let Body::Recursive { seed, .. } = &relation.body else {
                continue;
            };
            let before = known.assumed.get(at).and_then(Option::as_ref);
            let before = before.or_else(|| known.columns(*seed));
            let now = known.columns.get(at).and_then(Option::as_ref);
            settled &= before == now;
            let give_up = || Some(vec![unknown.clone(); relation.columns.len()]);
            let assume = if round + 1 == MOST_ROUNDS {
                give_up()
            } else {
                now.cloned()
            };
            if let Some(place) = next.get_mut(at) {
                *place = assume;
            }
        }
        // What came out under the weakest assumption holds, whatever it is.
        if settled || round == MOST_ROUNDS {
            return known;
        }
        assumed = next;
    }
    Known {
        query,
        unknown: unknown.clone(),
        columns: Vec::new(),
        assumed: Vec::new(),
    }
}
