//! A map whose copies are cheap and stay as they were.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::Arc;

/// How many parts a map is cut into. A write while a copy is alive clones one of them.
const SHARD_COUNT: usize = 256;

/// A hash map in shared parts: a clone copies pointers, and a write clones the one part that it
/// touches, and only while another copy still holds it.
///
/// This is what lets readers keep a consistent state of the workspace while it goes on changing.
#[derive(Debug)]
pub(crate) struct Shards<K, V> {
    parts: Vec<Arc<HashMap<K, V>>>,
    hasher: RandomState,
}

impl<K: Hash + Eq + Clone, V: Clone> Shards<K, V> {
    /// The value of `key`.
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.parts.get(self.part_of(key))?.get(key)
    }

    /// Sets the value of `key` and gives the one it had.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        let part = self.part_of(&key);
        Arc::make_mut(self.parts.get_mut(part)?).insert(key, value)
    }

    /// Removes `key` and gives the value it had.
    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let part = self.part_of(key);
        let part = self.parts.get_mut(part)?;
        // Looking first: a miss must not clone a shared part.
        part.contains_key(key)
            .then(|| Arc::make_mut(part).remove(key))
            .flatten()
    }

    /// The value of `key`, to change in place; made by `V::default` where there is none.
    pub(crate) fn entry(&mut self, key: K) -> Option<&mut V>
    where
        V: Default,
    {
        let part = self.part_of(&key);
        Some(
            Arc::make_mut(self.parts.get_mut(part)?)
                .entry(key)
                .or_default(),
        )
    }

    /// All values, in no order at all: for questions whose answer does not depend on one.
    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    /// All keys and values, in no order at all.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.parts.iter().flat_map(|part| part.iter())
    }

    /// All keys and values, in the order of the keys.
    pub(crate) fn sorted(&self) -> Vec<(&K, &V)>
    where
        K: Ord,
    {
        let mut all: Vec<(&K, &V)> = self.iter().collect();
        all.sort_unstable_by(|left, right| left.0.cmp(right.0));
        all
    }

    fn part_of(&self, key: &K) -> usize {
        self.hasher.hash_one(key) as usize % SHARD_COUNT
    }
}

impl<K, V> Default for Shards<K, V> {
    fn default() -> Self {
        Shards {
            parts: (0..SHARD_COUNT).map(|_| Arc::default()).collect(),
            hasher: RandomState::new(),
        }
    }
}

impl<K, V> Clone for Shards<K, V> {
    fn clone(&self) -> Self {
        Shards {
            parts: self.parts.clone(),
            hasher: self.hasher.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_stays_as_it_was() {
        let mut map: Shards<u32, &str> = Shards::default();
        map.insert(1, "one");
        let copy = map.clone();
        map.insert(1, "uno");
        map.remove(&2);
        assert_eq!((copy.get(&1), map.get(&1)), (Some(&"one"), Some(&"uno")));
        map.remove(&1);
        assert_eq!((copy.get(&1), map.get(&1)), (Some(&"one"), None));
    }

    #[test]
    fn a_write_clones_one_part_only() {
        let mut map: Shards<u32, u32> = (0..5000).fold(Shards::default(), |mut map, key| {
            map.insert(key, key);
            map
        });
        let copy = map.clone();
        map.insert(7, 8);
        let shared = map
            .parts
            .iter()
            .zip(&copy.parts)
            .filter(|(a, b)| Arc::ptr_eq(a, b))
            .count();
        assert_eq!(shared, SHARD_COUNT - 1);
    }
}
