//! Models that queries see through. Their rows follow from the tables that are searched, so what is known
//! of them is no property of a table; all the same, rows that break it are no example.

use super::TableFacts;
use crate::evaluate::{Budget, Tables, Value, run_columns};
use crate::substitute::substitute;
use sql::facts::TableRef;
use sql::relation::Query;
use std::collections::BTreeMap;
use std::sync::Arc;
use syntax::Name;

/// So many levels of models are gone through at most.
const MOST_LEVELS: usize = 12;

/// The query of a model is not made larger than so many relations; nothing is known of one that would be.
const MOST_RELATIONS: usize = 600;

/// Models that stand in the place of their names, and what is known of the rows that they give.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Models {
    /// Their queries, by the names under which they read each other.
    pub queries: BTreeMap<TableRef, Arc<Query>>,
    /// What is known of them, each at most once.
    pub known: Vec<TableFacts>,
}

/// A model of which something is known, over the tables that are searched.
pub(super) struct KnownModel<'f> {
    query: Query,
    facts: &'f TableFacts,
}

impl Models {
    /// Those of which something is known that rows can break.
    pub(super) fn over_tables(&self) -> Vec<KnownModel<'_>> {
        let known = self.known.iter().filter(|facts| can_be_broken(facts));
        let over = known.filter_map(|facts| {
            let query = self.over(self.queries.get(&facts.table)?)?;
            Some(KnownModel { query, facts })
        });
        over.collect()
    }

    /// The query with all other models in the place of their names.
    fn over(&self, query: &Query) -> Option<Query> {
        let mut over = query.clone();
        for _ in 0..MOST_LEVELS {
            let inputs = over.tables().into_iter();
            let models = inputs.filter_map(|table| self.queries.get(table));
            let added: Vec<usize> = models.map(|model| model.relations.len()).collect();
            if added.is_empty() {
                break;
            }
            if over.relations.len() + added.iter().sum::<usize>() > MOST_RELATIONS {
                return None;
            }
            over = substitute(&over, &|table| {
                self.queries.get(table).map(|query| &**query)
            });
        }
        Some(over)
    }
}

impl KnownModel<'_> {
    /// Whether what it gives of these tables breaks what is known of it. What can't be computed, as it
    /// needs what plays no part, breaks nothing; what takes more than the budget may break it.
    pub(super) fn is_broken_by(&self, tables: &Tables, budget: &mut Budget) -> bool {
        let keys = self.facts.unique.iter();
        let mut is_broken = keys.map(|key| self.given(key, tables, budget)).any(repeats);
        for column in &self.facts.columns {
            let is_wrong = |value: &Value| match value {
                Value::Null => column.not_null,
                value => !column.values.is_empty() && !column.values.contains(value),
            };
            if !is_broken && (column.not_null || !column.values.is_empty()) {
                let rows = self.given(std::slice::from_ref(&column.name), tables, budget);
                is_broken = rows.iter().flatten().any(is_wrong);
            }
        }
        is_broken || budget.steps == 0
    }

    /// The values of some of its columns in each row; none where they are not known.
    fn given(&self, names: &[Name], tables: &Tables, budget: &mut Budget) -> Vec<Vec<Value>> {
        let root = self.query.root();
        let positions = names.iter().map(|name| root.position(name));
        let Some(positions) = positions.collect::<Option<Vec<usize>>>() else {
            return Vec::new();
        };
        let given = run_columns(&self.query, &positions, tables, budget);
        let rows = given.map(|given| given.rows).unwrap_or_default();
        rows.iter().map(|row| row.values.to_vec()).collect()
    }
}

/// Whether two rows have the same values, none of them `NULL`.
fn repeats(mut rows: Vec<Vec<Value>>) -> bool {
    rows.retain(|row| !row.contains(&Value::Null));
    let mut pairs = (0..).zip(&rows);
    pairs.any(|(at, row)| rows.iter().take(at).any(|before| before == row))
}

fn can_be_broken(facts: &TableFacts) -> bool {
    let mut columns = facts.columns.iter();
    !facts.unique.is_empty() || columns.any(|it| it.not_null || !it.values.is_empty())
}
