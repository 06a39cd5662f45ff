//! The smallest sets of positions that tell everything.

use super::dependency::{Closure, TermId};
use sql::relation::Relation;
use std::collections::BTreeSet;

/// No more keys than these are looked for.
const MOST_KEYS: usize = 16;

/// No further keys are looked for where it would take more steps from what is told to what it tells.
const MOST_STEPS: usize = 10_000_000;

/// All positions, where those are all of the columns.
pub(super) fn all_positions(relation: &Relation) -> Option<Vec<usize>> {
    (!relation.open).then(|| (0..relation.columns.len()).collect())
}

/// Keys of which none contains another, the shortest first.
pub(super) fn smallest(mut keys: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
    keys.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    keys.dedup();
    let mut smallest: Vec<Vec<usize>> = Vec::new();
    for key in keys {
        let contains = |other: &Vec<usize>| other.iter().all(|at| key.contains(at));
        if smallest.len() < MOST_KEYS && !smallest.iter().any(contains) {
            smallest.push(key);
        }
    }
    smallest
}

/// The sets of positions that all of `wanted` are told from. `terms` has the value at each position,
/// `parts` the sets of values that something is told from.
pub(super) fn keys(
    closure: &Closure<'_>,
    terms: &[TermId],
    wanted: &[TermId],
    parts: &[Vec<TermId>],
) -> Vec<Vec<usize>> {
    let useful = closure.useful();
    let mut seen = BTreeSet::new();
    let mut candidates: Vec<usize> = Vec::new();
    for (at, term) in terms.iter().enumerate() {
        let is_useful = useful.get(*term).copied().unwrap_or_default() || wanted.contains(term);
        if is_useful && seen.insert(*term) {
            candidates.push(at);
        }
    }
    let mut steps = candidates.len() * closure.size;
    if steps > MOST_STEPS {
        return Vec::new();
    }
    let Some(first) = minimal(closure, terms, wanted, candidates.clone()) else {
        return Vec::new();
    };
    let sets: Vec<Vec<usize>> = parts
        .iter()
        .filter_map(|part| {
            let at = |term: &TermId| {
                candidates
                    .iter()
                    .find(|at| terms.get(**at) == Some(term))
                    .copied()
            };
            part.iter().map(at).collect()
        })
        .collect();
    // Any other key is found by putting a set in the place of what is told from it, in a key that is
    // known.
    let mut keys = vec![first];
    let mut next = 0;
    while let Some(key) = keys.get(next).cloned() {
        next += 1;
        for set in &sets {
            steps += closure.size;
            if steps > MOST_STEPS {
                return keys;
            }
            let told = closure.from(set.iter().filter_map(|at| terms.get(*at).copied()));
            let is_told = |at: &usize| {
                let term = terms.get(*at);
                term.and_then(|term| told.get(*term)).copied() == Some(true)
            };
            let mut other: Vec<usize> = key.iter().copied().filter(|at| !is_told(at)).collect();
            other.extend(set);
            other.sort_unstable();
            other.dedup();
            let is_known = |known: &Vec<usize>| known.iter().all(|at| other.contains(at));
            if keys.len() >= MOST_KEYS || keys.iter().any(is_known) {
                continue;
            }
            steps += other.len() * closure.size;
            if let Some(other) = minimal(closure, terms, wanted, other) {
                keys.push(other);
            }
        }
    }
    keys
}

/// What is left of a key once all positions are gone that it does not take, the last ones first.
fn minimal(
    closure: &Closure<'_>,
    terms: &[TermId],
    wanted: &[TermId],
    mut key: Vec<usize>,
) -> Option<Vec<usize>> {
    let tells = |key: &[usize]| {
        let start = key.iter().filter_map(|at| terms.get(*at).copied());
        closure.tells(start, wanted)
    };
    if !tells(&key) {
        return None;
    }
    for at in (0..key.len()).rev() {
        let mut without = key.clone();
        without.remove(at);
        if tells(&without) {
            key = without;
        }
    }
    Some(key)
}
