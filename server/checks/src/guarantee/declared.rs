//! What a table section of a spec declares, as the sentences of the same meaning.

use crate::context::Context;
use index::{File, Table};
use spec::guarantee::{Guarantee, Path, Sql};
use spec::model::{self, TableOrigin};
use syntax::{Name, Spot, TextRange};

/// Something that a spec declares.
pub(crate) struct Declaration<'s> {
    /// The spec.
    pub(crate) file: &'s File,
    /// Where it is declared.
    pub(crate) spot: Spot,
    /// The column, where it is one's.
    pub(crate) column: Option<Name>,
    /// The key and what it says, to be quoted.
    pub(crate) written: String,
    /// The sentence of the same meaning.
    pub(crate) guarantee: Guarantee,
}

impl<'s> Declaration<'s> {
    /// What specs declare of a table: native ones, and contracts that dbt enforces.
    pub(crate) fn of(context: &Context<'s>, table: &Table) -> Vec<Declaration<'s>> {
        let mut all = Vec::new();
        for description in context.descriptions(table) {
            let entry = description.entry;
            let is_native = entry.origin == TableOrigin::Native;
            if !is_native && !entry.exhaustive {
                continue;
            }
            if is_native && let [first, ..] = entry.grain.as_slice() {
                let names = entry.grain.iter().map(|name| name.value.to_string());
                all.push(Declaration {
                    file: description.file,
                    spot: first.spot,
                    column: None,
                    written: format!("grain: [{}]", names.collect::<Vec<_>>().join(", ")),
                    guarantee: Guarantee::OneRowPer {
                        table: path(&entry.name.value),
                        columns: entry
                            .grain
                            .iter()
                            .map(|name| path(std::slice::from_ref(&name.value)))
                            .collect(),
                    },
                });
            }
            for column in &entry.columns {
                of_column(description.file, entry, column, &mut all);
            }
        }
        all
    }
}

fn of_column<'s>(
    file: &'s File,
    table: &model::Table,
    column: &'s model::Column,
    all: &mut Vec<Declaration<'s>>,
) {
    let mut parts = table.name.value.clone();
    parts.push(column.name.value.clone());
    let subject = path(&parts);
    let mut declare = |spot: Spot, written: String, guarantee: Guarantee| {
        all.push(Declaration {
            file,
            spot,
            column: Some(column.name.value.clone()),
            written,
            guarantee,
        });
    };
    if let Some(data_type) = &column.data_type {
        let guarantee = Guarantee::HasType {
            column: subject.clone(),
            data_type: sql(&data_type.value),
        };
        declare(
            data_type.spot,
            format!("type: {}", data_type.value),
            guarantee,
        );
    }
    if let Some(nullable) = column.nullable.as_ref().filter(|nullable| !nullable.value) {
        let guarantee = Guarantee::NeverNull(subject.clone());
        declare(nullable.spot, "nullable: false".to_owned(), guarantee);
    }
    if let Some(unique) = column.unique.as_ref().filter(|unique| unique.value) {
        declare(
            unique.spot,
            "unique: true".to_owned(),
            Guarantee::Unique(subject.clone()),
        );
    }
    if let [first, ..] = column.values.as_slice() {
        let values: Vec<&str> = column
            .values
            .iter()
            .map(|value| value.value.as_str())
            .collect();
        let guarantee = Guarantee::OneOf {
            column: subject.clone(),
            values: values.iter().map(|value| literal(value)).collect(),
        };
        declare(
            first.spot,
            format!("values: [{}]", values.join(", ")),
            guarantee,
        );
    }
    if let Some(references) = &column.references {
        let parts: Vec<Name> = references.value.split('.').map(Name::new).collect();
        if parts.len() > 1 {
            let guarantee = Guarantee::RefersTo {
                column: subject,
                to: path(&parts),
            };
            declare(
                references.spot,
                format!("references: {}", references.value),
                guarantee,
            );
        }
    }
}

fn path(parts: &[Name]) -> Path {
    Path {
        parts: parts.to_vec(),
        range: TextRange::default(),
    }
}

fn sql(text: &str) -> Sql {
    Sql {
        text: text.to_owned(),
        range: TextRange::default(),
    }
}

/// A value as SQL has it: numbers and truth values as they are, all else as text.
fn literal(value: &str) -> Sql {
    let is_number = value.parse::<f64>().is_ok()
        && value.starts_with(|first: char| first.is_ascii_digit() || first == '-');
    let is_truth = value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false");
    match is_number || is_truth {
        true => sql(value),
        false => sql(&format!("'{}'", value.replace('\'', "''"))),
    }
}
