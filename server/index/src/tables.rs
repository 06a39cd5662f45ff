//! The tables of the workspace, and the order of their keys.

use crate::shards::Shards;
use crate::table::{Table, TableKey};
use std::sync::{Arc, OnceLock};

/// The tables by their keys. A clone copies pointers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tables {
    by_key: Shards<TableKey, Arc<Table>>,
    /// All keys in order, made when it is first asked for. A keystroke changes tables often, and which
    /// ones there are hardly ever.
    order: Arc<OnceLock<Vec<TableKey>>>,
}

impl Tables {
    /// The table of that key.
    pub(crate) fn get(&self, key: &TableKey) -> Option<&Arc<Table>> {
        self.by_key.get(key)
    }

    /// Adds a table, or puts it in the place of the one that has its key.
    pub(crate) fn insert(&mut self, table: Table) {
        let key = table.key.clone();
        if self.by_key.insert(key, Arc::new(table)).is_none() {
            self.order = Arc::default();
        }
    }

    /// Removes a table.
    pub(crate) fn remove(&mut self, key: &TableKey) {
        if self.by_key.remove(key).is_some() {
            self.order = Arc::default();
        }
    }

    /// All keys, in order.
    pub(crate) fn keys(&self) -> &[TableKey] {
        self.order.get_or_init(|| {
            let keys = self.by_key.sorted().into_iter();
            keys.map(|(key, _)| key.clone()).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syntax::Name;

    fn table(name: &str) -> Table {
        Table {
            key: TableKey {
                project: None,
                is_source: false,
                parts: vec![Name::new(name)],
            },
            models: Vec::new(),
            descriptions: Vec::new(),
            columns: Vec::new(),
            is_disabled: false,
            open: false,
            cyclic: false,
        }
    }

    fn names(tables: &Tables) -> Vec<String> {
        tables.keys().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_order_is_that_of_the_tables_that_there_are() {
        let mut tables = Tables::default();
        tables.insert(table("b"));
        tables.insert(table("a"));
        assert_eq!(names(&tables), ["a", "b"]);
        let before = tables.clone();
        tables.insert(table("c"));
        tables.remove(&table("b").key);
        assert_eq!(names(&tables), ["a", "c"]);
        assert_eq!(names(&before), ["a", "b"]);
        // Another state of a table is no reason to sort again.
        let order = tables.order.clone();
        tables.insert(Table {
            open: true,
            ..table("c")
        });
        assert!(Arc::ptr_eq(&order, &tables.order));
        assert!(tables.get(&table("c").key).is_some_and(|table| table.open));
    }
}
