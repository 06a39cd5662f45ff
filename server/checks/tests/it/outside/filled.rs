//! Tables filled by chance: what is said to mean the same gives the same rows on them.

use super::claim::{Claim, Given};
use super::world::{Unportable, World, quoted};
use index::{Snapshot, Table};
use meaning::evaluate::{Date, Number, Timestamp, Value};
use meaning::witness::{Witness, WitnessTable};
use sql::Dialect;
use sql::facts::{TableName, TableRef};
use sql::lower::data_type_of;
use sql::relation::DataType;
use std::collections::{BTreeMap, BTreeSet};
use syntax::Name;

/// How often the tables are filled anew.
const FILLINGS: u64 = 6;

/// So many rows has a table.
const ROWS: usize = 12;

/// What a table gives, for each filling.
pub(super) struct Outcomes(Result<Vec<Job>, Unportable>);

/// Statements, and queries behind them.
type Job = (Vec<String>, Vec<String>);

/// What a table gives in this state of the workspace, when all tables that no model defines are filled.
pub(super) fn outcomes(snapshot: &Snapshot, table: &Table) -> Outcomes {
    let jobs = (0..FILLINGS).map(|filling| {
        let witness = filled(snapshot, table, filling);
        let setup = World::new(snapshot, &witness).of(table)?;
        let name = quoted(&table.key.parts);
        Ok((setup, vec![format!("SELECT * FROM {name}")]))
    });
    Outcomes(jobs.collect())
}

/// The claim that a table gives the same rows in both states, and some of the time any.
pub(super) fn same(says: String, was: Outcomes, now: Outcomes) -> Result<Claim, Unportable> {
    let (was, now) = (was.0?, now.0?);
    let fillings = was.len();
    let is_same = move |given: &Given| {
        let (was, now) = given.split_at(fillings);
        let mut pairs = was.iter().zip(now);
        let mut gives_rows = false;
        let is_same = pairs.all(|(was, now)| match (&was[0], &now[0]) {
            (Ok(was), Ok(now)) => {
                gives_rows |= !was.rows.is_empty();
                !was.differ(now)
            }
            _ => false,
        });
        is_same && gives_rows
    };
    Ok(Claim::new(says, was.into_iter().chain(now), is_same))
}

/// Rows for every table that is read and that no model defines.
fn filled(snapshot: &Snapshot, table: &Table, filling: u64) -> Witness {
    let mut mentioned: BTreeMap<Vec<Name>, Vec<(Name, DataType)>> = BTreeMap::new();
    let columns = super::world::mentioned(snapshot, table).into_iter();
    for (parts, names) in columns {
        let own: Vec<_> = snapshot
            .tables()
            .into_iter()
            .filter(|table| table.key.parts == parts)
            .cloned()
            .collect();
        if own
            .iter()
            .any(|table| snapshot.defining_model(table).is_some())
        {
            continue;
        }
        let declared = |name: &Name| {
            let mut columns = own.iter().filter_map(|table| table.column(name));
            let written = columns.find_map(|column| column.data_type.clone())?;
            data_type_of(&written, Dialect::DuckDb)
        };
        let names = names.into_iter();
        let typed = names.map(|name| {
            let data_type = declared(&name).unwrap_or_else(|| by_name(&name));
            (name, data_type)
        });
        mentioned.insert(parts, typed.collect());
    }
    let mut chance = Chance(filling.wrapping_mul(7919) + 17);
    let inputs = mentioned.into_iter().map(|(parts, columns)| {
        let rows = (0..ROWS).map(|_| {
            let cells = columns.iter();
            cells.map(|(_, data_type)| chance.cell(data_type)).collect()
        });
        WitnessTable {
            table: TableRef::Named(TableName { parts }),
            rows: rows.collect(),
            columns,
            decisive: BTreeSet::new(),
        }
    });
    Witness {
        inputs: inputs.collect(),
        was: Vec::new(),
        now: Vec::new(),
    }
}

/// The type of a column that nobody declares.
pub(super) fn by_name(name: &Name) -> DataType {
    let name = name.as_str().to_ascii_lowercase();
    match name.as_str() {
        _ if name.starts_with("is_") || name.starts_with("has_") => DataType::Boolean,
        _ if name.ends_with("_at") => DataType::Timestamp(false),
        _ if name.ends_with("date") => DataType::Date,
        _ if ["name", "coupon", "status", "ship_to", "number", "method"]
            .contains(&name.as_str()) =>
        {
            DataType::Text(None)
        }
        _ => DataType::Integer(32),
    }
}

struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        let next = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = next.wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn one_of<'v>(&mut self, values: &[&'v str]) -> &'v str {
        values[self.below(values.len())]
    }

    fn cell(&mut self, data_type: &DataType) -> Value {
        const DAYS: [&str; 4] = ["2024-06-29", "2024-06-30", "2024-07-01", "2023-01-05"];
        const WORDS: [&str; 12] = [
            "a", "b", "success", "open", "shipped", "card", "view", "buy", "DE", "FR", "NEW10",
            "USD",
        ];
        if self.below(7) == 0 {
            return Value::Null;
        }
        match data_type {
            DataType::Boolean => Value::Boolean(self.below(3) == 0),
            DataType::Date => Value::Date(Date::parse(self.one_of(&DAYS)).unwrap()),
            DataType::Timestamp(_) => {
                let moment = format!("{} 00:00:00", self.one_of(&DAYS));
                Value::Timestamp(Timestamp::parse(&moment).unwrap())
            }
            DataType::Text(_) => Value::text(self.one_of(&WORDS)),
            DataType::Integer(_) => Value::integer([0, 1, 1, 2, 2, 3, 4, 5][self.below(8)]),
            _ => {
                let written = self.one_of(&["0", "1", "2", "10.5", "-1", "500"]);
                Value::Number(Number {
                    integral: false,
                    ..Number::parse(written).unwrap()
                })
            }
        }
    }
}
