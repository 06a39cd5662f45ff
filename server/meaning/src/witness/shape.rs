//! The tables and columns that play a part, and inputs over them.

use super::judge::{Judge, tables_of};
use super::kinds::{Classes, Kind};
use super::pool::{Pool, pools};
use super::{Facts, TableFacts};
use crate::evaluate::{Needed, Table, Tables, Value};
use sql::facts::TableRef;
use sql::relation::{DataType, Expression, Query, Relation, RelationId, Source};
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;
use syntax::Name;

/// The tables and columns that play a part, with the values that each column may have.
pub(super) struct Shape {
    pub(super) tables: Vec<TableShape>,
    /// For each class of columns that are compared with each other, what is worth trying.
    pub(super) pools: Vec<Pool>,
    /// For each column of each table the values that it may have.
    pub(super) domains: Vec<Vec<Domain>>,
    /// Which tables both queries read.
    common: Vec<bool>,
    facts: Vec<Option<TableFacts>>,
}

/// A table that plays a part.
pub(super) struct TableShape {
    pub(super) table: TableRef,
    pub(super) names: Rc<[Name]>,
    pub(super) columns: Vec<ColumnShape>,
}

/// A column that plays a part.
#[derive(Clone, Debug)]
pub(super) struct ColumnShape {
    /// The place of its pool in [`Shape::pools`].
    pub(super) class: usize,
    pub(super) not_null: bool,
    pub(super) declared: Option<DataType>,
    pub(super) values: Vec<Value>,
}

/// The values that a column may have.
#[derive(Clone, Debug)]
pub(super) struct Domain {
    /// The place of its pool in [`Shape::pools`].
    pub(super) class: usize,
    /// Not `NULL`; those that conditions ask for first.
    pub(super) values: Vec<Value>,
    /// How many of them conditions ask for.
    pub(super) wished: usize,
    pub(super) nullable: bool,
    /// A condition asks for `NULL`.
    pub(super) null_wished: bool,
}

impl Domain {
    /// Whether conditions ask for `NULL`, and for no value.
    pub(super) fn asks_for_null(&self) -> bool {
        self.nullable && self.null_wished && self.wished == 0
    }
}

/// Rows for each table of a shape.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Input {
    pub(super) tables: Vec<Vec<Vec<Value>>>,
}

impl Input {
    /// How many values there are.
    pub(super) fn cells(&self) -> u64 {
        self.tables
            .iter()
            .flatten()
            .map(|row| row.len() as u64)
            .sum()
    }
}

impl Shape {
    pub(super) fn of(old: &Query, new: &Query, judge: &Judge<'_>, facts: &Facts) -> Shape {
        let old_tables = tables_of(old, &judge.old_needed);
        let new_tables = tables_of(new, &judge.new_needed);
        let mut tables: Vec<&TableRef> = old_tables.clone();
        tables.extend(
            new_tables
                .iter()
                .filter(|table| !old_tables.contains(table)),
        );
        let known = |table: &TableRef| facts.tables.iter().find(|known| known.table == *table);
        let mut names: Vec<Vec<Name>> = vec![Vec::new(); tables.len()];
        for (query, needed) in [(old, &judge.old_needed), (new, &judge.new_needed)] {
            mentioned(query, needed, &mut |table, name| {
                let place = tables.iter().position(|known| **known == *table);
                if let Some(names) = place.and_then(|place| names.get_mut(place))
                    && !names.contains(name)
                {
                    names.push(name.clone());
                }
            });
        }
        let mut classes = Classes::default();
        classes.read(old, &judge.old_needed);
        classes.read(new, &judge.new_needed);
        let mut shapes = Vec::new();
        for (table, names) in tables.iter().zip(names) {
            let facts = known(table);
            let mut columns = Vec::new();
            for name in &names {
                let column = facts
                    .and_then(|facts| facts.columns.iter().find(|column| column.name == *name));
                let declared = column.and_then(|column| column.data_type.clone());
                columns.push(ColumnShape {
                    class: classes.of_column(table, name, declared.as_ref()),
                    not_null: column.is_some_and(|column| column.not_null),
                    declared,
                    values: column
                        .map(|column| column.values.clone())
                        .unwrap_or_default(),
                });
            }
            shapes.push(TableShape {
                table: (*table).clone(),
                names: names.into(),
                columns,
            });
        }
        let pools = pools(&mut classes, &mut shapes);
        let common = tables
            .iter()
            .map(|table| old_tables.contains(table) && new_tables.contains(table))
            .collect();
        let domain = |column: &ColumnShape| {
            let pool: &Pool = pools.get(column.class)?;
            let values = pool.of(column);
            let asked = pool.values.get(..pool.wished).unwrap_or_default();
            Some(Domain {
                class: column.class,
                wished: values
                    .iter()
                    .take_while(|value| asked.contains(value))
                    .count(),
                nullable: !column.not_null,
                null_wished: pool.null_wished,
                values,
            })
        };
        let domains = shapes
            .iter()
            .map(|table| table.columns.iter().filter_map(domain).collect())
            .collect();
        Shape {
            domains,
            pools,
            common,
            facts: tables.iter().map(|table| known(table).cloned()).collect(),
            tables: shapes,
        }
    }

    /// The rows as tables to evaluate on.
    pub(super) fn tables(&self, input: &Input) -> Tables {
        let tables = self.tables.iter().zip(&input.tables);
        let table = |(table, rows): (&TableShape, &Vec<Vec<Value>>)| Table {
            table: table.table.clone(),
            columns: table.names.clone(),
            rows: rows.iter().map(|row| row.as_slice().into()).collect(),
        };
        Tables {
            tables: tables.map(table).collect(),
        }
    }

    /// The numbers of the rows of tables that both queries read, and of which `counts` says so, each
    /// with that of the first row of its table that is equal to it.
    pub(super) fn rows_of_common_tables(
        &self,
        input: &Input,
        counts: &dyn Fn(Range<u32>) -> bool,
    ) -> BTreeMap<u32, u32> {
        let mut numbers = BTreeMap::new();
        let mut first = 0;
        for (rows, common) in input.tables.iter().zip(&self.common) {
            let behind = first + u32::try_from(rows.len()).unwrap_or(u32::MAX);
            if *common && counts(first..behind) {
                for (number, row) in (first..).zip(rows) {
                    let twin = (first..).zip(rows).find(|(_, other)| *other == row);
                    numbers.extend(twin.map(|(twin, _)| (number, twin)));
                }
            }
            first = behind;
        }
        numbers
    }

    /// The type that was taken for a column's.
    pub(super) fn data_type(&self, column: &ColumnShape) -> DataType {
        if let Some(declared) = &column.declared {
            return declared.clone();
        }
        match self
            .pools
            .get(column.class)
            .map(|pool| (pool.kind, pool.fractional))
        {
            Some((Kind::Boolean, _)) => DataType::Boolean,
            Some((Kind::Text, _)) => DataType::Text(None),
            Some((Kind::Date, _)) => DataType::Date,
            Some((Kind::Timestamp, _)) => DataType::Timestamp(false),
            Some((Kind::Number, true)) => DataType::Decimal(Some(18), Some(3)),
            Some((Kind::Number, false)) | None => DataType::Integer(64),
        }
    }

    /// The rows, changed so that they keep what is known of the tables; none where that fails.
    pub(super) fn mended(&self, mut input: Input) -> Option<Input> {
        if self.allows(&input) {
            return Some(input);
        }
        // Foreign keys refer to rows that there are, and rows with a key that is taken are dropped.
        for (table, facts) in self.facts.iter().enumerate() {
            let (Some(facts), Some(shape)) = (facts, self.tables.get(table)) else {
                continue;
            };
            for reference in &facts.references {
                let Some(to) = self
                    .tables
                    .iter()
                    .position(|table| table.table == reference.table)
                else {
                    continue;
                };
                let targets = input.tables.get(to)?.clone();
                let (Some(from), Some(to)) = (
                    places(shape, &reference.columns),
                    places(self.tables.get(to)?, &reference.to),
                ) else {
                    continue;
                };
                for (row, target) in input
                    .tables
                    .get_mut(table)?
                    .iter_mut()
                    .zip(targets.iter().cycle())
                {
                    for (from, to) in from.iter().zip(&to) {
                        *row.get_mut(*from)? = target.get(*to)?.clone();
                    }
                }
            }
            for key in &facts.unique {
                let Some(places) = places(shape, key) else {
                    continue;
                };
                let mut kept: Vec<Vec<Value>> = Vec::new();
                for row in std::mem::take(input.tables.get_mut(table)?) {
                    if !kept
                        .iter()
                        .any(|other| equal_at(&row, other, &places, &places))
                    {
                        kept.push(row);
                    }
                }
                *input.tables.get_mut(table)? = kept;
            }
        }
        self.allows(&input).then_some(input)
    }

    /// Whether rows keep what is known of the tables.
    pub(super) fn allows(&self, input: &Input) -> bool {
        let tables = self.tables.iter().zip(&input.tables).zip(&self.facts);
        for ((shape, rows), facts) in tables {
            let nulls = rows.iter().any(|row| {
                let pairs = row.iter().zip(&shape.columns);
                pairs
                    .into_iter()
                    .any(|(value, column)| *value == Value::Null && column.not_null)
            });
            if nulls {
                return false;
            }
            let Some(facts) = facts else { continue };
            for key in &facts.unique {
                let Some(places) = places(shape, key) else {
                    continue;
                };
                for (position, row) in rows.iter().enumerate() {
                    let twin = rows
                        .iter()
                        .skip(position + 1)
                        .any(|other| equal_at(row, other, &places, &places));
                    if twin {
                        return false;
                    }
                }
            }
            for reference in &facts.references {
                let to = self
                    .tables
                    .iter()
                    .position(|table| table.table == reference.table);
                let target = to.and_then(|to| Some((self.tables.get(to)?, input.tables.get(to)?)));
                let (Some((to_shape, to_rows)), Some(from)) =
                    (target, places(shape, &reference.columns))
                else {
                    continue;
                };
                let Some(to) = places(to_shape, &reference.to) else {
                    continue;
                };
                for row in rows {
                    let refers = !from
                        .iter()
                        .any(|place| row.get(*place) == Some(&Value::Null));
                    if refers && !to_rows.iter().any(|other| equal_at(row, other, &from, &to)) {
                        return false;
                    }
                }
            }
        }
        true
    }
}

/// The places of some columns; `None` where one plays no part, and so can be anything.
fn places(shape: &TableShape, names: &[Name]) -> Option<Vec<usize>> {
    names
        .iter()
        .map(|name| shape.names.iter().position(|known| known == name))
        .collect()
}

fn equal_at(left: &[Value], right: &[Value], at_left: &[usize], at_right: &[usize]) -> bool {
    at_left.iter().zip(at_right).all(|(at_left, at_right)| {
        let pair = (left.get(*at_left), right.get(*at_right));
        matches!(pair, (Some(left), Some(right)) if left == right && *left != Value::Null)
    })
}

/// Calls `visit` with every column of a table that plays a part.
fn mentioned<'q>(query: &'q Query, needed: &Needed, visit: &mut dyn FnMut(&'q TableRef, &'q Name)) {
    let tables = super::kinds::tables_of_inputs(query);
    for (position, relation) in query.relations.iter().enumerate() {
        let Ok(id) = u32::try_from(position) else {
            continue;
        };
        let id = RelationId(id);
        if !needed.reaches(id) {
            continue;
        }
        for expression in crate::evaluate::expressions(relation, &|column| needed.uses(id, column))
        {
            expression.for_each(&mut |part| {
                if let Expression::Column { input, name } = part
                    && let Some(Some(table)) = tables.get(input.0 as usize)
                {
                    visit(table, name);
                }
            });
        }
    }
}

/// The inputs of a relation that read a table, by number.
pub(super) fn table_inputs(relation: &Relation) -> Vec<(usize, &TableRef)> {
    let inputs = relation.inputs().into_iter();
    inputs
        .filter_map(|input| match &input.source {
            Source::Table(table) => Some((input.id.0 as usize, table)),
            _ => None,
        })
        .collect()
}
