//! Behind the columns of projections: their type and their unit. A column that a CTE hands on has its
//! hint where it gets into the file, not once more at each step.

use super::{HintKind, InlayHint};
use crate::columns::{Columns, Node};
use index::{Column, File, Snapshot};
use meaning::derive::Types;
use sql::relation::{Expression, RelationId, Source};
use std::collections::BTreeMap;
use syntax::{TextRange, TextSize};

pub(super) fn hints(snapshot: &Snapshot, file: &File, within: TextRange) -> Vec<InlayHint> {
    let Some(columns) = Columns::new(snapshot, file) else {
        return Vec::new();
    };
    let declared = snapshot.declared(file);
    let mut found: BTreeMap<TextSize, String> = BTreeMap::new();
    for (statement, lowered) in columns.statements() {
        let given = columns.given_in(statement, within);
        if given.is_empty() {
            continue;
        }
        let types = Types::new(&lowered.query, &declared);
        for (range, relation, position) in given {
            let is_of_tag = is_of_tag(&columns.text, range);
            let projected = Projected {
                is_of_tag,
                columns: &columns,
                statement,
                relation,
                position,
            };
            if let Some(text) = projected.hint(&types) {
                found.entry(range.end()).or_insert(text);
            }
        }
    }
    let hints = found.into_iter().map(|(at, text)| InlayHint {
        at,
        text,
        kind: HintKind::Type,
        leads_to: None,
    });
    hints.collect()
}

/// A column that a projection gives a name.
struct Projected<'a, 's> {
    columns: &'a Columns<'s>,
    statement: usize,
    relation: RelationId,
    position: usize,
    /// A tag of a template writes the value, so what it is does not show.
    is_of_tag: bool,
}

impl<'s> Projected<'_, 's> {
    fn hint(&self, types: &Types<'_>) -> Option<String> {
        let value = self.value();
        let output = self.output();
        let is_handed_on = matches!(value, Some(Expression::Output { .. }));
        let is_plain = matches!(value, Some(Expression::Cast(_) | Expression::Literal(_)));
        let described = |column: &Column| Described::new(self.columns.snapshot, column);
        let own = output.map(described).unwrap_or_default();
        let source = value.and_then(|value| self.source(value));
        let data_type = match own.data_type {
            _ if is_plain && !self.is_of_tag => None,
            Some(declared) => Some(declared),
            None if is_handed_on => None,
            None => types
                .column(self.relation, self.position)
                .map(|it| it.to_string()),
        };
        let unit = own
            .unit
            .or_else(|| source.and_then(|it| unit(self.columns, it)));
        let told: Vec<String> = data_type.into_iter().chain(unit).collect();
        (!told.is_empty()).then(|| format!(": {}", told.join(" ")))
    }

    fn value(&self) -> Option<&Expression> {
        let query = &self.columns.statement(self.statement)?.query;
        let select = query.relation(self.relation).select()?;
        select.projection.get(self.position)
    }

    /// The column of the table that the statement defines.
    fn output(&self) -> Option<&'s Column> {
        let query = &self.columns.statement(self.statement)?.query;
        if query.root != self.relation {
            return None;
        }
        let name = query.root().columns.get(self.position)?.name.as_ref()?;
        let key = self.columns.tables.get(self.statement)?.as_ref()?;
        self.columns.snapshot.table(key)?.column(name)
    }

    /// The column of another table that a value is as it stands.
    fn source(&self, value: &Expression) -> Option<&'s Column> {
        let Expression::Column { input, name } = value else {
            return None;
        };
        let Source::Table(table) = self.columns.source(self.statement, *input)? else {
            return None;
        };
        let (snapshot, file) = (self.columns.snapshot, self.columns.file);
        snapshot.resolve(file, table)?.column(name)
    }
}

/// What specs declare of a column.
#[derive(Default)]
struct Described {
    data_type: Option<String>,
    unit: Option<String>,
}

impl Described {
    fn new(snapshot: &Snapshot, column: &Column) -> Described {
        let mut described = Described::default();
        for id in &column.described {
            let Some(entry) = snapshot.described_column(*id) else {
                continue;
            };
            let value = |field: &Option<spec::model::Field<String>>| {
                let value = field.as_ref().map(|field| one_line(&field.value));
                value.filter(|value| !value.is_empty())
            };
            described.data_type = described.data_type.or_else(|| value(&entry.data_type));
            described.unit = described.unit.or_else(|| value(&entry.unit));
        }
        described
    }
}

/// The unit of a column, or of the nearest one that it is, unchanged.
fn unit(columns: &Columns<'_>, column: &Column) -> Option<String> {
    let own = Described::new(columns.snapshot, column).unit;
    own.or_else(|| {
        let sources = crate::lookup::sources(columns.snapshot, column).into_iter();
        let mut units = sources.map(|(_, source)| Described::new(columns.snapshot, source).unit);
        units.find_map(|unit| unit)
    })
}

/// Whether a tag of a template stands right before the alias in `range`.
fn is_of_tag(text: &str, range: TextRange) -> bool {
    let before = crate::lookup::slice(text, TextRange::up_to(range.start()));
    let before = before.trim_end_matches(['"', '`', '[']).trim_end();
    let is_as = |end: &&str| end.eq_ignore_ascii_case("as");
    let end = before.len().saturating_sub(2);
    let before = match before.get(end..).filter(is_as) {
        Some(_) => before.get(..end).unwrap_or_default().trim_end(),
        None => before,
    };
    before.ends_with("}}")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Columns<'_> {
    /// The columns of a statement that get their names in a part of the file: where, and which they are.
    fn given_in(&self, statement: usize, within: TextRange) -> Vec<(TextRange, RelationId, usize)> {
        let given = self.occurrences_in(within);
        let given = given.filter(|occurrence| occurrence.is_definition);
        let given = given.filter_map(|occurrence| match occurrence.node {
            Node::Given {
                statement: of,
                relation,
                position,
            } if of == statement => Some((occurrence.range, relation, position)),
            _ => None,
        });
        given.collect()
    }
}
