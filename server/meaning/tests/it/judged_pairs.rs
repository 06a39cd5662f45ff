//! sqlglot's optimiser says of 1,144 pairs that both mean the same. The search must find a difference of
//! none but those that a person has judged to differ.

use crate::shop::named;
use meaning::evaluate::Budget;
use meaning::witness::{ColumnFacts, Facts, Question, TableFacts, Verdict, find_difference};
use serde_json::Value as Json;
use sql::facts::TableRef;
use sql::lower::{Catalog, TableColumn, TableColumns, lower};
use sql::relation::{DataType, From, Query, Source};
use sql::{Dialect, Options, Templating};
use syntax::Name;

/// Tables by name, and their columns with types.
struct Schema(Vec<(String, Vec<Typed>)>);

type Typed = (String, Option<DataType>);

impl Schema {
    fn of(json: &Json) -> Schema {
        let tables = json.as_object().into_iter().flatten();
        let table = |(name, columns): (&String, &Json)| (name.clone(), columns_of(columns));
        Schema(tables.map(table).collect())
    }

    /// The types of the columns, which the search is told.
    fn facts(&self) -> Facts {
        let column = |(name, data_type): &Typed| ColumnFacts {
            name: Name::new(name),
            data_type: data_type.clone(),
            not_null: false,
            values: Vec::new(),
        };
        let table = |(name, columns): &(String, Vec<Typed>)| TableFacts {
            table: named(&name.to_lowercase()),
            columns: columns.iter().map(column).collect(),
            unique: Vec::new(),
            references: Vec::new(),
        };
        Facts {
            tables: self.0.iter().map(table).collect(),
            ..Facts::default()
        }
    }
}

fn columns_of(columns: &Json) -> Vec<Typed> {
    match columns {
        Json::Array(names) => names
            .iter()
            .map(|name| (name.as_str().unwrap().to_owned(), None))
            .collect(),
        Json::Object(types) => types
            .iter()
            .map(|(name, written)| {
                let written = written.as_str().unwrap_or_default().to_uppercase();
                let data_type = match written.split('(').next().unwrap_or_default() {
                    "INT" | "BIGINT" | "INTEGER" | "UINT" => Some(DataType::Integer(64)),
                    "TEXT" | "VARCHAR" | "STRING" | "CHAR" => Some(DataType::Text(None)),
                    "DATE" => Some(DataType::Date),
                    "DATETIME" | "TIMESTAMP" => Some(DataType::Timestamp(false)),
                    "BOOL" | "BOOLEAN" => Some(DataType::Boolean),
                    "DECIMAL" => Some(DataType::Decimal(Some(10), Some(2))),
                    _ => None,
                };
                (name.clone(), data_type)
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn last(table: &TableRef) -> Option<Name> {
    match table {
        TableRef::Named(name) => name.last().cloned(),
        _ => None,
    }
}

impl Catalog for Schema {
    fn columns(&self, table: &TableRef) -> Option<TableColumns> {
        let wanted = last(table)?;
        let (_, columns) = self.0.iter().find(|(name, _)| Name::new(name) == wanted)?;
        Some(TableColumns {
            columns: columns
                .iter()
                .map(|(name, data_type)| TableColumn {
                    name: Name::new(name),
                    data_type: data_type.clone(),
                })
                .collect(),
            open: false,
        })
    }
}

fn query(text: &str, dialect: Dialect, schema: &Schema) -> Option<Query> {
    let options = Options {
        dialect,
        templating: Templating::None,
    };
    let mut lowered = lower(text, &options, schema);
    if lowered.len() != 1 {
        return None;
    }
    let mut query = lowered.remove(0).query;
    for relation in &mut query.relations {
        if let sql::relation::Body::Select(select) = &mut relation.body
            && let Some(from) = &mut select.from
        {
            shorten(from);
        }
    }
    Some(query)
}

/// A table is what it is called, whatever database it is in.
fn shorten(from: &mut From) {
    match from {
        From::Input(input) => {
            if let Source::Table(table) = &mut input.source
                && let Some(name) = last(table)
            {
                *table = named(&name.as_str().to_lowercase());
            }
        }
        From::Join(join) => {
            shorten(&mut join.left);
            shorten(&mut join.right);
        }
    }
}

/// Pairs of which the one is NULL where the other is true or false: their rule disregards that.
#[rustfmt::skip] // a list
pub(crate) const DISREGARD_NULL: &[&str] = &[
    "simplify.3", "simplify.4", "simplify.43", "simplify.55", "simplify.56", "simplify.57",
    "simplify.63", "simplify.64", "simplify.65", "simplify.66", "simplify.67", "simplify.68",
    "simplify.69", "simplify.70", "simplify.71", "simplify.72", "simplify.73", "simplify.74",
    "simplify.75", "simplify.76", "simplify.91", "simplify.216", "simplify.217", "simplify.219",
    "simplify.222", "simplify.224", "simplify.226", "simplify.228", "simplify.266", "simplify.360",
    "simplify.361", "simplify.363", "simplify.366", "simplify.367", "simplify.372", "simplify.378",
];

/// Pairs that differ, and why.
const DIFFER: &[(&str, &str)] = &[
    (
        "eliminate_joins.15",
        "a cross join with no row gives no row",
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
        "qualify_columns.38",
        "a column that the function does not name is one of the query around",
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
        "a NULL is neither in a list nor not, but an outer join keeps it",
    ),
    (
        "unnest_subqueries.23",
        "their outer join lost the rows that have no partner",
    ),
];

#[test]
fn no_pair_that_means_the_same_is_shown_to_differ() {
    let mut different = Vec::new();
    let (mut tried, mut shown) = (0, 0);
    for line in pairs().lines() {
        let pair: Json = serde_json::from_str(line).unwrap();
        let text = |key: &str| pair[key].as_str().unwrap_or_default();
        let dialect: Dialect = match text("dialect") {
            "presto" => Dialect::Trino,
            other => other.parse().unwrap_or(Dialect::Generic),
        };
        let schema = Schema::of(&pair["schema"]);
        let whole = |side: &str| match text("kind") {
            "expression" => format!("select {} as x from t", text(side)),
            _ => text(side).to_owned(),
        };
        let sides = ["left", "right"].map(|side| query(&whole(side), dialect, &schema));
        let [Some(old), Some(new)] = sides else {
            continue;
        };
        let (old_root, new_root) = (old.root(), new.root());
        let positions = 0..old_root.columns.len();
        if positions.len() != new_root.columns.len() || old_root.open || new_root.open {
            continue;
        }
        tried += 1;
        if old == new {
            continue;
        }
        let facts = schema.facts();
        let column = |position: usize| Question::Column {
            old: position,
            new: position,
        };
        let same = positions
            .clone()
            .map(|position| (position, position))
            .collect();
        let mut asked = positions
            .take(2)
            .map(column)
            .chain([Question::Rows { same }]);
        let differ = asked.any(|question| {
            let mut budget = Budget::of(8_000);
            find_difference(&old, &new, &question, &facts, &mut budget) != Verdict::NotFound
        });
        if differ {
            different.push(text("id").to_owned());
        }
    }
    assert!(tried >= 1_000, "{tried}");
    let differ = DIFFER.iter().map(|(id, _)| *id);
    let judged: Vec<&str> = DISREGARD_NULL.iter().copied().chain(differ).collect();
    different.retain(|id| {
        let known = judged.contains(&id.as_str());
        shown += usize::from(known);
        !known
    });
    assert!(different.is_empty(), "{different:?}");
    // Those that do differ are found, but for some that take longer.
    assert!(
        shown * 10 >= judged.len() * 9,
        "only {shown} of {}",
        judged.len()
    );
}

#[expect(
    clippy::disallowed_methods,
    reason = "the suite is fetched, not part of the repository"
)]
fn pairs() -> String {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../target/conformance/sql/pairs.jsonl"
    );
    std::fs::read_to_string(path).expect("sqlglot is not here: run tests/conformance/sql/fetch")
}
