//! Pairs of queries that mean the same, as the optimizer of sqlglot has them in its tests: how many
//! have no difference.

use crate::judged_pairs::DISREGARD_NULL;
use crate::support;
use meaning::canonical::canonical;
use meaning::difference::{Change, ColumnChange, Difference, Version, difference};
use meaning::witness::Facts;
use serde_json::Value;
use sql::Dialect;
use sql::facts::{TableName, TableRef};
use sql::lower::{Catalog, TableColumn, TableColumns};
use sql::relation::{Expression, Operator, Query};
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
    // The rules behind these add joins or drop NULL; they are watched, not sought.
    ("eliminate_ctes", 100),
    ("eliminate_joins", 90),
    ("isolate_table_selects", 100),
    ("optimizer", 78),
    ("pushdown_predicates", 85),
    ("tpc-ds", 64),
    ("tpc-h", 75),
    ("unnest_subqueries", 30),
];

/// Pairs that are not counted, and why.
const JUDGED: &[(&str, &str)] = &[
    (
        "eliminate_subqueries.23",
        "theirs is a comma join in parentheses, which is no SQL",
    ),
    (
        "merge_subqueries.54",
        "VALUES without parentheses is read by Spark alone",
    ),
    (
        "pushdown_projections.28",
        "theirs has a query of one array where the left has its elements",
    ),
    (
        "pushdown_projections.31",
        "takes `*` over tables of which nothing is known for one column",
    ),
    (
        "pushdown_projections.36",
        "theirs is a comma join in parentheses, which is no SQL",
    ),
    (
        "qualify_columns.17",
        "whether HAVING means the column or the alias differs between dialects",
    ),
    (
        "qualify_columns.35",
        "whether an alias may stand in GROUP BY differs between dialects",
    ),
    (
        "qualify_columns.38",
        "mentions a column of a function that says of none",
    ),
    (
        "qualify_columns.42",
        "an alias in WHERE is read by some dialects only",
    ),
    (
        "qualify_columns.54",
        "the fields of what a function gives are not known",
    ),
    (
        "qualify_columns.161",
        "a query in a join's function sees no input beside it in most dialects",
    ),
    (
        "qualify_columns.166",
        "an alias in WHERE is read by some dialects only",
    ),
    (
        "qualify_tables.5",
        "takes the schema that is written for a part of the table's name",
    ),
    (
        "qualify_tables.6",
        "takes the schema that is written for a part of the table's name",
    ),
    (
        "qualify_tables.16",
        "the columns that are grouped by in PIVOT are not known",
    ),
    (
        "qualify_tables.17",
        "the columns that are grouped by in PIVOT are not known",
    ),
    (
        "qualify_tables.25",
        "the catalog is called like a table that is read",
    ),
    (
        "qualify_tables.26",
        "the catalog is called like a table that is read",
    ),
    ("qualify_tables.49", "COPY fills no table"),
    ("qualify_tables.51", "UPDATE gives no table its rows"),
    (
        "qualify_columns.52",
        "what the columns of VALUES are called differs between databases",
    ),
    (
        "qualify_columns.53",
        "what the columns of VALUES are called differs between databases",
    ),
    (
        "qualify_columns.90",
        "takes `*` over a table of which nothing is known for the columns that are named",
    ),
    (
        "qualify_columns.91",
        "takes `*` over tables of which nothing is known for the column that is named",
    ),
    (
        "qualify_columns.171",
        "theirs gives another name to a column",
    ),
    ("qualify_columns.184", "a sample takes other rows each time"),
    (
        "qualify_tables.32",
        "a table in parentheses that is given a second alias is no SQL",
    ),
    (
        "qualify_tables.33",
        "a table in parentheses that is given a second alias is no SQL",
    ),
    ("qualify_tables.50", "a sample takes other rows each time"),
];

/// Pairs that differ on some data, as an example shows.
const DIFFER: &[(&str, &str)] = &[
    (
        "eliminate_joins.15",
        "a cross join with no row gives no row",
    ),
    (
        "optimize_joins.4",
        "the condition of an inner join became one of an outer join",
    ),
    (
        "optimizer.26",
        "theirs sorts by a column where the left sorts by an alias",
    ),
    (
        "optimizer.54",
        "the columns of their `*` come in another order",
    ),
    (
        "optimizer.73",
        "their condition of the outer join became a filter",
    ),
    (
        "qualify_columns.180",
        "the columns of their `*` come in another order",
    ),
    ("qualify_tables.12", "their array became a table"),
    (
        "simplify.97",
        "a RIGHT JOIN keeps rows where the left side has none",
    ),
    (
        "simplify.316",
        "a year may start on another day than that of 2021",
    ),
    ("simplify.340", "the day of their bound is not cut off"),
    (
        "tpc-h.16",
        "NOT IN keeps no row where the query gives a NULL; their join does",
    ),
    (
        "unnest_subqueries.8",
        "NOT IN over no rows is true; their comparison with no row is not",
    ),
    (
        "unnest_subqueries.23",
        "their outer join lost the rows that have no partner",
    ),
];

#[test]
fn the_optimizers_pairs_are_equal() {
    let missing = "pairs.jsonl is not here: run tests/conformance/sql/fetch";
    #[expect(
        clippy::disallowed_methods,
        reason = "the suite is fetched, not part of the repository"
    )]
    let text = std::fs::read_to_string(Path::new(FILE)).expect(missing);
    let mut counts: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    let mut report = String::new();
    let mut wrong: Vec<String> = Vec::new();
    for line in text.lines() {
        let pair: Value = serde_json::from_str(line).expect("each line is a JSON object");
        let pair = Pair::new(&pair);
        let (Some(left), Some(right)) = (pair.query(&pair.left), pair.query(&pair.right)) else {
            continue; // ALTER and its like give no rows
        };
        let mut change = compare(&left, &right);
        if change != Change::Same && pair.is_condition() {
            // What the optimizer makes of a condition holds where only truth counts.
            let asked = |text: &str| text.replacen("SELECT ", "SELECT 1 FROM t WHERE ", 1);
            let sides = [&pair.left, &pair.right].map(|side| side.replace(" AS value FROM t", ""));
            let [left, right] = sides.map(|side| pair.query(&asked(&side)));
            if let (Some(left), Some(right)) = (left, right) {
                change = compare(&left, &right);
            }
        }
        if let Some((id, why)) = DIFFER.iter().find(|(id, _)| *id == pair.id) {
            assert_ne!(change, Change::Same, "{id} differs: {why}");
            continue;
        }
        if let Some((id, why)) = JUDGED.iter().find(|(id, _)| *id == pair.id) {
            assert_ne!(change, Change::Same, "{id} is the same now: {why}");
            continue;
        }
        if change == Change::Changed && !DISREGARD_NULL.contains(&pair.id.as_str()) {
            wrong.push(pair.id.clone());
        }
        let count = counts.entry(pair.suite.clone()).or_default();
        match change {
            Change::Same => count[0] += 1,
            Change::Changed => count[1] += 1,
            Change::Undecided => count[2] += 1,
        }
        if change != Change::Same {
            let told = |query: &Query| support::told(&canonical(query));
            let (one, other) = (told(&left), told(&right));
            let Pair {
                id, left, right, ..
            } = &pair;
            report += &format!("{id} {change:?}\n{left}\n{right}\n  {one}\n  {other}\n");
        }
    }
    assert!(wrong.is_empty(), "taken for changed: {wrong:?}");
    for (suite, bar) in BARS {
        let [same, changed, undecided] = counts.get(*suite).copied().unwrap_or_default();
        let all = same + changed + undecided;
        assert!(all > 0, "no pair of {suite}");
        assert!(
            same * 100 >= bar * all,
            "{suite}: {same} of {all} are the same, {undecided} can't be told\n{}",
            of_suite(&report, suite)
        );
    }
}

/// The pairs of a suite in the report.
fn of_suite(report: &str, suite: &str) -> String {
    let mut of_it = false;
    let lines = report.lines().filter(|line| {
        if line.ends_with(" Changed") || line.ends_with(" Undecided") {
            of_it = line.starts_with(&format!("{suite}."));
        }
        of_it
    });
    lines.collect::<Vec<_>>().join("\n")
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

    fn query(&self, text: &str) -> Option<Query> {
        let mut lowered = support::all(text, self.dialect, self).pop()?;
        self.qualify(&mut lowered.query);
        Some(lowered.query)
    }

    /// Writes out the names of the catalog and database that a table is in where it says none.
    fn qualify(&self, query: &mut Query) {
        let [catalog, database] = &self.defaults;
        query.rename_tables(&|table| {
            let TableRef::Named(TableName { parts }) = table else {
                return None;
            };
            let mut parts = parts.clone();
            if let (1, Some(database)) = (parts.len(), database) {
                parts.insert(0, Name::new(database));
            }
            if let (2, Some(catalog)) = (parts.len(), catalog) {
                parts.insert(0, Name::new(catalog));
            }
            Some(TableRef::Named(TableName { parts }))
        });
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

/// What is said of the pair: whether all columns and the rows are the same.
fn compare(left: &Query, right: &Query) -> Change {
    let mut left = left.clone();
    // The optimizer gives names to columns that have none.
    let named = right.root().columns.clone();
    if let Some(root) = left.relations.get_mut(left.root.0 as usize)
        && root.columns.len() == named.len()
    {
        for (column, name) in root.columns.iter_mut().zip(named) {
            column.name = column.name.take().or(name.name);
        }
    }
    let side = |query| Version {
        query,
        upstream: &|_| None,
    };
    let Difference { rows, columns } = difference(&side(&left), &side(right), &Facts::default());
    let mut changes = vec![rows.change];
    changes.extend(columns.iter().map(|column| match column.change {
        ColumnChange::Same if column.types().is_none() => Change::Same,
        ColumnChange::Changed => Change::Changed,
        _ => Change::Undecided,
    }));
    for change in [Change::Changed, Change::Undecided] {
        if changes.contains(&change) {
            return change;
        }
    }
    Change::Same
}
