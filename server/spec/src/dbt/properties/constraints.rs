//! Constraints of dbt: declarations, over a column or a whole table.

use super::ColumnsByName;
use crate::dbt::lenient::{self, Keys, referenced_table};
use crate::model::{Column, Field, Table};
use crate::reader::{Pair, Reader, Value};
use syntax::{Name, Placed};

/// Puts what the constraints of a column declare into it.
pub(super) fn of_column<'t>(reader: &mut Reader<'t>, keys: &Keys<'t>, column: &mut Column) {
    for constraint in read(reader, keys) {
        declare(reader, &constraint, column);
    }
}

/// Puts what the constraints of a whole table declare into it and its columns.
pub(super) fn of_table<'t>(reader: &mut Reader<'t>, keys: &Keys<'t>, table: &mut Table) {
    let mut by_name = ColumnsByName::of(&mut table.columns);
    for constraint in read(reader, keys) {
        let columns = lenient::names(reader, constraint.keys.get("columns"));
        match (constraint.kind.as_str(), columns.as_slice()) {
            ("primary_key", [_, ..]) => table.grain = columns,
            ("unique", [_, _, ..]) => table.keys.push(columns),
            ("not_null", _) | (_, [_]) => {
                for name in columns {
                    if let Some(column) = by_name.get(&name.value) {
                        declare(reader, &constraint, column);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Takes a primary key that a column declares for itself as the grain of its table.
pub(super) fn of_columns<'t>(reader: &mut Reader<'t>, keys: &Keys<'t>, table: &mut Table) {
    for item in lenient::items(reader, keys.get("columns")) {
        let column = Keys::of(reader, item);
        for constraint in read(reader, &column) {
            let name = column
                .get("name")
                .and_then(|pair| lenient::name(pair.value));
            if let Some(name) = name.filter(|_| constraint.kind == "primary_key") {
                let spot = reader.spot(constraint.value.range);
                table.grain.push(Placed::new(name, spot));
            }
        }
    }
}

/// One item of `constraints`.
struct Constraint<'t> {
    kind: String,
    value: Value<'t>,
    key: Pair<'t>,
    keys: Keys<'t>,
}

fn read<'t>(reader: &mut Reader<'t>, keys: &Keys<'t>) -> Vec<Constraint<'t>> {
    let Some(list) = keys.get("constraints") else {
        return Vec::new();
    };
    let mut constraints = Vec::new();
    for value in reader.items(list.value) {
        let keys = Keys::of(reader, value);
        let kind = keys.get("type").and_then(|pair| lenient::text(pair.value));
        constraints.push(Constraint {
            kind: kind.unwrap_or_default(),
            value,
            key: list,
            keys,
        });
    }
    constraints
}

/// Puts what a constraint says of one column into it.
fn declare(reader: &mut Reader<'_>, constraint: &Constraint<'_>, column: &mut Column) {
    match constraint.kind.as_str() {
        "not_null" => column.nullable = Some(field(reader, constraint, false)),
        "unique" => column.unique = Some(field(reader, constraint, true)),
        "foreign_key" => {
            if let Some(target) = referenced_column(&constraint.keys) {
                column.references = Some(field(reader, constraint, target));
            }
        }
        _ => {}
    }
}

/// `table.column` that a foreign key over one column refers to: of `to` and `to_columns`, or of an
/// expression `table (column)`.
fn referenced_column(keys: &Keys<'_>) -> Option<String> {
    let text = |key| keys.get(key).and_then(|pair| lenient::text(pair.value));
    if let Some(to) = text("to") {
        let table = referenced_table(&to)?;
        let columns = keys.get("to_columns")?.value.content;
        let [column] = columns.items() else {
            return None;
        };
        return Some(format!("{table}.{}", column.as_str()?));
    }
    let expression = text("expression")?;
    let expression = expression.trim_start_matches("references ").trim();
    let (table, columns) = expression.split_once('(')?;
    let column = columns.split_once(')')?.0.trim();
    let is_name = !column.is_empty() && !column.contains(',');
    let table = referenced_table(table).filter(|_| is_name)?;
    Some(format!("{table}.{}", Name::new(column)))
}

fn field<T>(reader: &mut Reader<'_>, constraint: &Constraint<'_>, value: T) -> Field<T> {
    Field {
        key: reader.spot(constraint.key.key.range),
        value,
        spot: reader.spot(constraint.value.range),
    }
}
