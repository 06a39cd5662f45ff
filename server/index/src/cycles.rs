//! Tables that read themselves, through any number of tables.

use crate::table::TableKey;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// What each table reads.
pub(crate) type Upstream = HashMap<TableKey, Arc<[TableKey]>>;

/// All tables that `starts` lead to upstream, each behind those that it reads where that is
/// possible, and those of them that read themselves.
///
/// Strongly connected components after Tarjan ("Depth-first search and linear graph algorithms",
/// 1972), without recursion: a chain of models may be of any length.
pub(crate) fn upstream_first(
    starts: impl IntoIterator<Item = TableKey>,
    upstream: &Upstream,
) -> Order {
    let mut search = Search {
        upstream,
        order: Order::default(),
        marks: HashMap::new(),
        path: Vec::new(),
        next: 0,
    };
    for start in starts {
        search.visit(start);
    }
    search.order
}

/// Tables in an order in which they can be computed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) tables: Vec<TableKey>,
    pub(crate) cyclic: BTreeSet<TableKey>,
}

struct Search<'a> {
    upstream: &'a Upstream,
    order: Order,
    marks: HashMap<TableKey, Mark>,
    /// Tables visited whose component is not complete yet.
    path: Vec<TableKey>,
    next: usize,
}

#[derive(Clone, Copy)]
struct Mark {
    index: usize,
    low: usize,
    is_on_path: bool,
}

impl Search<'_> {
    fn visit(&mut self, start: TableKey) {
        if self.marks.contains_key(&start) {
            return;
        }
        let mut pending = vec![(start.clone(), 0usize)];
        self.enter(&start);
        while let Some((table, position)) = pending.last_mut() {
            let next = self
                .upstream
                .get(table)
                .and_then(|tables| tables.get(*position))
                .cloned();
            *position += 1;
            let table = table.clone();
            match next {
                Some(next) => match self.marks.get(&next).copied() {
                    None => {
                        self.enter(&next);
                        pending.push((next, 0));
                    }
                    Some(mark) if mark.is_on_path => self.lower(&table, mark.index),
                    Some(_) => {}
                },
                None => {
                    pending.pop();
                    let low = self.leave(&table);
                    if let Some((reader, _)) = pending.last() {
                        let reader = reader.clone();
                        self.lower(&reader, low);
                    }
                }
            }
        }
    }

    fn enter(&mut self, table: &TableKey) {
        let mark = Mark {
            index: self.next,
            low: self.next,
            is_on_path: true,
        };
        self.marks.insert(table.clone(), mark);
        self.path.push(table.clone());
        self.next += 1;
    }

    fn lower(&mut self, table: &TableKey, low: usize) {
        if let Some(mark) = self.marks.get_mut(table) {
            mark.low = mark.low.min(low);
        }
    }

    /// Closes the component that `table` is the first of, if it is; gives how far back it reaches.
    fn leave(&mut self, table: &TableKey) -> usize {
        let Some(mark) = self.marks.get(table).copied() else {
            return usize::MAX;
        };
        if mark.low == mark.index {
            let mut component = Vec::new();
            while let Some(member) = self.path.pop() {
                if let Some(mark) = self.marks.get_mut(&member) {
                    mark.is_on_path = false;
                }
                let is_first = member == *table;
                component.push(member);
                if is_first {
                    break;
                }
            }
            let reads_itself = self
                .upstream
                .get(table)
                .is_some_and(|tables| tables.contains(table));
            if component.len() > 1 || reads_itself {
                self.order.cyclic.extend(component.iter().cloned());
            }
            self.order.tables.extend(component);
        }
        mark.low
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syntax::Name;

    fn key(name: &str) -> TableKey {
        TableKey {
            project: None,
            is_source: false,
            parts: vec![Name::new(name)],
        }
    }

    fn order(edges: &[(&str, &[&str])]) -> (Vec<String>, Vec<String>) {
        let upstream: Upstream = edges
            .iter()
            .map(|(from, to)| (key(from), to.iter().map(|name| key(name)).collect()))
            .collect();
        let order = upstream_first(edges.iter().map(|(from, _)| key(from)), &upstream);
        let names =
            |keys: &mut dyn Iterator<Item = &TableKey>| keys.map(ToString::to_string).collect();
        (
            names(&mut order.tables.iter()),
            names(&mut order.cyclic.iter()),
        )
    }

    #[test]
    fn what_is_read_comes_first() {
        let (tables, cyclic) = order(&[("c", &["b", "a"]), ("b", &["a"]), ("a", &[])]);
        assert_eq!(tables, ["a", "b", "c"]);
        assert!(cyclic.is_empty());
    }

    #[test]
    fn a_circle_is_found_and_what_reads_it_is_not_part_of_it() {
        let (tables, cyclic) = order(&[
            ("z", &["a"]),
            ("a", &["b"]),
            ("b", &["c"]),
            ("c", &["a"]),
            ("d", &["d"]),
        ]);
        assert_eq!(cyclic, ["a", "b", "c", "d"]);
        assert_eq!(tables.iter().position(|name| name == "z"), Some(3));
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let names: Vec<String> = (0..100_000).map(|number| format!("t{number}")).collect();
        let upstream: Upstream = names
            .windows(2)
            .map(|pair| (key(&pair[1]), Arc::from([key(&pair[0])])))
            .collect();
        let order = upstream_first([key(&names[names.len() - 1])], &upstream);
        assert_eq!(order.tables.len(), names.len());
        assert_eq!(order.tables[0], key(&names[0]));
    }
}
