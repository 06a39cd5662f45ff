//! Pairs of queries that mean the same, as the optimizer of sqlglot has them in its tests: how many
//! are equal in canonical form.

use crate::support;
use meaning::canonical::{Canonical, Sameness, canonical};
use serde_json::Value;
use sql::Dialect;
use sql::facts::{TableName, TableRef};
use sql::lower::{Catalog, TableColumn, TableColumns};
use sql::relation::{Expression, Operator, Query, Source};
use std::collections::BTreeMap;
use std::path::Path;
use syntax::Name;

const FILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../target/conformance/sql/pairs.jsonl"
);

/// Suites, and how many of a hundred pairs must be equal at least.
const BARS: &[(&str, usize)] = &[
    ("eliminate_subqueries", 95),
    ("merge_subqueries", 95),
    ("pushdown_projections", 95),
    ("qualify_columns", 95),
    ("qualify_tables", 95),
    ("simplify", 75),
];

#[test]
fn the_optimizers_pairs_are_equal() {
    let missing = "pairs.jsonl is not here: run tests/conformance/sql/fetch";
    let text = std::fs::read_to_string(Path::new(FILE)).expect(missing);
    let mut counts: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    let wanted = std::env::var("PAIRS_SHOWN").unwrap_or_default();
    for line in text.lines() {
        let pair: Value = serde_json::from_str(line).expect("each line is a JSON object");
        let pair = Pair::new(&pair);
        let (Some(left), Some(right)) = (pair.meaning(&pair.left), pair.meaning(&pair.right))
        else {
            continue; // ALTER and its like give no rows
        };
        let mut sameness = compare(&left, &right);
        if sameness != Sameness::Same && pair.is_condition() {
            // What the optimizer makes of a condition holds where only truth counts.
            let asked = |text: &str| text.replacen("SELECT ", "SELECT 1 FROM t WHERE ", 1);
            let sides = [&pair.left, &pair.right].map(|side| side.replace(" AS value FROM t", ""));
            let [left, right] = sides.map(|side| pair.meaning(&asked(&side)));
            if let (Some(left), Some(right)) = (left, right) {
                sameness = compare(&left, &right);
            }
        }
        let alike = left == right;
        let count = counts.entry(pair.suite.clone()).or_default();
        match sameness {
            Sameness::Same => count[0] += 1,
            Sameness::Different => count[1] += 1,
            // Nothing is known of a column that no table has, but both say the same of it.
            Sameness::Unknown if alike => count[0] += 1,
            Sameness::Unknown => count[2] += 1,
        }
        if sameness != Sameness::Same
            && !alike
            && !wanted.is_empty()
            && pair.suite.starts_with(&wanted)
        {
            println!(
                "{} {sameness:?}\n  {}\n  {}",
                pair.id, pair.left, pair.right
            );
            println!("  {}\n  {}", told(&left), told(&right));
        }
    }
    let mut below = Vec::new();
    for (suite, [same, different, unknown]) in &counts {
        println!("{suite}: {same} same, {different} differ, {unknown} unknown");
        let bar = BARS.iter().find(|(name, _)| name == suite);
        if bar.is_some_and(|(_, bar)| same * 100 < bar * (same + different + unknown)) {
            below.push(suite);
        }
    }
    assert!(BARS.iter().all(|(suite, _)| counts.contains_key(*suite)));
    assert!(below.is_empty(), "fewer than expected are equal: {below:?}");
}

struct Pair {
    suite: String,
    expression: bool,
    id: String,
    dialect: Dialect,
    schema: Value,
    defaults: [Option<String>; 2],
    left: String,
    right: String,
}

impl Pair {
    fn new(pair: &Value) -> Pair {
        let text = |key: &str| pair[key].as_str().unwrap_or_default().to_owned();
        let query = |key: &str| match pair["kind"].as_str() {
            Some("expression") => format!("SELECT {} AS value FROM t", text(key)),
            _ => text(key),
        };
        let default = |key: &str| pair[key].as_str().map(str::to_owned);
        Pair {
            suite: text("suite"),
            expression: pair["kind"] == "expression",
            id: text("id"),
            dialect: match text("dialect").as_str() {
                "spark" => Dialect::Databricks,
                "presto" => Dialect::Trino,
                name => name.parse().unwrap_or(Dialect::Generic),
            },
            schema: pair["schema"].clone(),
            defaults: [default("catalog"), default("database")],
            left: query("left"),
            right: query("right"),
        }
    }

    /// Whether it is an expression that is true, false or `NULL`.
    fn is_condition(&self) -> bool {
        let Some(lowered) = support::all(&self.left, self.dialect, self).pop() else {
            return false;
        };
        let value = lowered.query.root().select();
        let value = value.and_then(|select| select.projection.first());
        self.expression
            && matches!(value, Some(Expression::Operation(operation)) if !matches!(
                operation.operator,
                Operator::Add
                    | Operator::Subtract
                    | Operator::Multiply
                    | Operator::Divide
                    | Operator::Modulo
                    | Operator::Negate
                    | Operator::Concatenate
            ))
    }

    fn meaning(&self, text: &str) -> Option<Canonical> {
        let mut lowered = support::all(text, self.dialect, self).pop()?;
        self.qualify(&mut lowered.query);
        Some(canonical(&lowered.query))
    }

    /// Writes out the names of the catalog and database that a table is in where it says none.
    fn qualify(&self, query: &mut Query) {
        let [catalog, database] = &self.defaults;
        for relation in &mut query.relations {
            let sql::relation::Body::Select(select) = &mut relation.body else {
                continue;
            };
            let Some(from) = &mut select.from else {
                continue;
            };
            each_table(from, &mut |table| {
                if let TableRef::Named(TableName { parts }) = table {
                    if let (1, Some(database)) = (parts.len(), database) {
                        parts.insert(0, Name::new(database));
                    }
                    if let (2, Some(catalog)) = (parts.len(), catalog) {
                        parts.insert(0, Name::new(catalog));
                    }
                }
            });
        }
    }
}

impl Catalog for Pair {
    fn columns(&self, table: &TableRef) -> Option<TableColumns> {
        let TableRef::Named(name) = table else {
            return None;
        };
        let mut found = None;
        find(&self.schema, name.last()?.as_str(), &mut found);
        let columns = found?.as_object()?;
        Some(TableColumns {
            columns: columns
                .keys()
                .map(|name| TableColumn {
                    name: Name::new(name),
                    data_type: None,
                })
                .collect(),
            open: false,
        })
    }
}

/// The table of that name in a schema, which may stand in databases and catalogs.
fn find<'s>(schema: &'s Value, table: &str, found: &mut Option<&'s Value>) {
    for (name, inside) in schema.as_object().into_iter().flatten() {
        let is_table = inside
            .as_object()
            .is_some_and(|columns| columns.values().all(Value::is_string));
        if !is_table {
            find(inside, table, found);
        } else if name.eq_ignore_ascii_case(table) {
            *found = Some(inside);
        }
    }
}

fn each_table(from: &mut sql::relation::From, change: &mut dyn FnMut(&mut TableRef)) {
    match from {
        sql::relation::From::Input(input) => {
            if let Source::Table(table) = &mut input.source {
                change(table);
            }
        }
        sql::relation::From::Join(join) => {
            each_table(&mut join.left, change);
            each_table(&mut join.right, change);
        }
    }
}

fn compare(left: &Canonical, right: &Canonical) -> Sameness {
    if left.columns.len() != right.columns.len() || left.open != right.open {
        return Sameness::Different;
    }
    let columns = left.columns.iter().zip(&right.columns);
    let mut all = vec![left.rows.compare(&right.rows)];
    all.extend(columns.map(|(left, right)| {
        if left.data_type == right.data_type {
            left.meaning.compare(&right.meaning)
        } else {
            Sameness::Different
        }
    }));
    for answer in [Sameness::Different, Sameness::Unknown] {
        if all.contains(&answer) {
            return answer;
        }
    }
    Sameness::Same
}

fn told(canonical: &Canonical) -> String {
    support::told(canonical)
}
