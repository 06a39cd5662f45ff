//! From the members of a table to everything that is known of it.

use crate::file::{Facts, File};
use crate::slots::Members;
use crate::snapshot::Snapshot;
use crate::table::{Column, Described, ModelId, Selected, Table, TableKey, Why};
use smol_str::SmolStr;
use sql::facts::{ColumnSource, Model, ModelKind, Origin, Output, OutputColumn, Star};
use std::collections::HashMap;
use std::sync::Arc;
use syntax::Name;

/// What is known of the table `key`. Reads the tables upstream as they stand in `snapshot`; of a
/// cyclic table, none.
pub(crate) fn table(snapshot: &Snapshot, key: &TableKey, cyclic: bool) -> Option<Table> {
    let (key, members) = snapshot.slots.members(key)?;
    let mut columns = Columns::default();
    let open = select(snapshot, members, cyclic, &mut columns);
    let is_versioned = describe(snapshot, members, &mut columns);
    let mut table = Table {
        key: key.clone(),
        models: members.models.clone(),
        is_disabled: members.is_disabled,
        descriptions: members.descriptions.clone(),
        columns: columns.list,
        open: open || is_versioned,
        cyclic,
    };
    for column in &mut table.columns {
        tell(snapshot, column);
    }
    Some(table)
}

/// The tables that the models of `key` read.
pub(crate) fn upstream(snapshot: &Snapshot, key: &TableKey) -> Vec<TableKey> {
    let members = snapshot.slots.members(key);
    let models = members.into_iter().flat_map(|(_, members)| &members.models);
    let mut upstream: Vec<TableKey> = models
        .filter_map(|id| snapshot.model(*id))
        .flat_map(|(file, model)| {
            let inputs = model.inputs.iter();
            inputs.filter_map(|input| {
                snapshot
                    .slots
                    .resolve(file, &input.table, &snapshot.projects)
            })
        })
        .collect();
    upstream.sort_unstable();
    upstream.dedup();
    upstream
}

/// Columns in order, found by name without a search.
#[derive(Default)]
struct Columns {
    list: Vec<Column>,
    by_name: HashMap<Name, usize>,
}

impl Columns {
    fn get_mut(&mut self, name: &Name) -> Option<&mut Column> {
        self.list.get_mut(*self.by_name.get(name)?)
    }

    fn push(&mut self, column: Column) {
        self.by_name.insert(column.name.clone(), self.list.len());
        self.list.push(column);
    }

    /// Adds a column that a model selects. Of two with one name the one that is written out counts.
    fn select(&mut self, column: Column) {
        let by_star = |column: &Column| column.selected.is_some_and(|selected| selected.by_star);
        let is_by_star = by_star(&column);
        match self.get_mut(&column.name) {
            None => self.push(column),
            Some(known) if by_star(known) && !is_by_star => *known = column,
            Some(_) => {}
        }
    }
}

/// Adds the columns that the models select. True when there may be more.
fn select(snapshot: &Snapshot, members: &Members, cyclic: bool, columns: &mut Columns) -> bool {
    let defining: Vec<ModelId> = members
        .models
        .iter()
        .copied()
        .filter(|id| is_defining(snapshot, *id))
        .collect();
    let Some(first) = defining.first() else {
        return true;
    };
    let open = match snapshot.file(first.file).map(|file| (file, &*file.facts)) {
        Some((_, Facts::Seed(header))) => {
            for name in header {
                columns.select(seed_column(*first, name));
            }
            false
        }
        Some((file, Facts::Sql(sql))) => match sql.models.get(first.ordinal as usize) {
            Some(model) => Projection {
                snapshot,
                file,
                model,
                id: *first,
                cyclic,
            }
            .select(columns),
            None => true,
        },
        _ => true,
    };
    open || defining.len() > 1 || members.is_disabled
}

/// Whether a member says which columns there are: an `INSERT` only fills them.
fn is_defining(snapshot: &Snapshot, id: ModelId) -> bool {
    snapshot
        .model(id)
        .is_none_or(|(_, model)| model.kind != ModelKind::Insert)
}

fn seed_column(model: ModelId, name: &Name) -> Column {
    Column {
        in_seed: Some(model),
        ..Column::new(name.clone())
    }
}

/// One model, whose projection becomes columns.
struct Projection<'a> {
    snapshot: &'a Snapshot,
    file: &'a File,
    model: &'a Model,
    id: ModelId,
    cyclic: bool,
}

impl Projection<'_> {
    /// Adds the columns that the model selects. True when there may be more.
    fn select(&self, columns: &mut Columns) -> bool {
        let mut open = self.model.open.is_some();
        for output in &self.model.outputs {
            match output {
                Output::Column(output) => columns.select(self.column(output)),
                Output::Star(star) => open |= self.star(star, columns),
            }
        }
        open
    }

    fn column(&self, output: &OutputColumn) -> Column {
        let source = match &output.origin {
            Origin::Unchanged(source) => self.source(source),
            Origin::Computed | Origin::Unknown => None,
        };
        let selected = Selected {
            model: self.id,
            name: output.name_spot,
            item: output.item,
            by_star: false,
        };
        Column {
            selected: Some(selected),
            is_computed: output.origin == Origin::Computed,
            source,
            data_type: output.data_type.clone(),
            ..Column::new(output.name.clone())
        }
    }

    /// Adds all columns of an input. True when there may be more.
    fn star(&self, star: &Star, columns: &mut Columns) -> bool {
        let Some(upstream) = self.input(star.input) else {
            return true;
        };
        for column in &upstream.columns {
            // Where all columns are known, one that no model selects is not there.
            if star.except.contains(&column.name) || (!upstream.open && !column.is_selected()) {
                continue;
            }
            if let Some(replaced) = star
                .replace
                .iter()
                .find(|replaced| replaced.name == column.name)
            {
                columns.select(self.column(replaced));
                continue;
            }
            let renamed = star.rename.iter().find(|(from, _)| *from == column.name);
            let name = renamed.map_or(&column.name, |(_, to)| to).clone();
            let selected = Selected {
                model: self.id,
                name: star.item,
                item: star.item,
                by_star: true,
            };
            columns.select(Column {
                selected: Some(selected),
                source: Some((upstream.key.clone(), column.name.clone())),
                ..Column::new(name)
            });
        }
        upstream.open
    }

    /// The table and column that a source certainly is: of several candidates the only one that is
    /// known to have it.
    fn source(&self, source: &ColumnSource) -> Option<(TableKey, Name)> {
        let mut having = source.inputs.iter().filter_map(|input| {
            let table = self.input(*input)?;
            let is_only = source.inputs.len() == 1;
            (is_only || table.column(&source.column).is_some()).then_some(table)
        });
        let table = having.next()?;
        having
            .next()
            .is_none()
            .then(|| (table.key.clone(), source.column.clone()))
    }

    fn input(&self, input: u32) -> Option<&Arc<Table>> {
        if self.cyclic {
            return None;
        }
        let input = self.model.inputs.get(input as usize)?;
        self.snapshot.resolve(self.file, &input.table)
    }
}

/// Adds what specs say. True when the columns listed may not be those of this table alone.
fn describe(snapshot: &Snapshot, members: &Members, columns: &mut Columns) -> bool {
    let mut is_versioned = false;
    for id in &members.descriptions {
        let Some((_, table)) = snapshot.description(*id) else {
            continue;
        };
        is_versioned |= !table.versions.is_empty();
        for (column, ordinal) in table.columns.iter().zip(0u32..) {
            if columns.get_mut(&column.name.value).is_none() {
                columns.push(Column::new(column.name.value.clone()));
            }
            if let Some(known) = columns.get_mut(&column.name.value) {
                let described = |described: &Described| snapshot.described_column(*described);
                let mut earlier = known.described.iter().filter_map(described);
                // What the leading entry declares holds; any entry goes before the SQL.
                let is_declared = earlier.any(|entry| entry.data_type.is_some());
                known.described.push(Described {
                    table: *id,
                    ordinal,
                });
                if let Some(declared) = column.data_type.as_ref().filter(|_| !is_declared) {
                    known.data_type = Some(SmolStr::new(&declared.value));
                }
            }
        }
    }
    is_versioned
}

/// Tells why the column exists and whether a description says what it is: its own entries first,
/// then the column that it is, unchanged.
fn tell(snapshot: &Snapshot, column: &mut Column) {
    for described in &column.described {
        let Some(entry) = snapshot.described_column(*described) else {
            continue;
        };
        let says = |field: &Option<spec::model::Field<String>>| {
            field
                .as_ref()
                .is_some_and(|field| !field.value.trim().is_empty())
        };
        column.has_description |= says(&entry.description);
        if column.why.is_none() {
            column.why = match (says(&entry.why), &entry.since) {
                (true, _) => Some(Why::Own(*described)),
                (false, Some(_)) => Some(Why::Since(*described)),
                (false, None) => None,
            };
        }
    }
    let Some((table, name)) = &column.source else {
        return;
    };
    let Some(source) = snapshot.table(table).and_then(|table| table.column(name)) else {
        return;
    };
    column.has_description |= source.has_description;
    if column.data_type.is_none() {
        column.data_type = source.data_type.clone();
    }
    if column.why.is_none() {
        column.why = source.why.as_ref().map(|why| match why {
            Why::Inherited { .. } => why.clone(),
            Why::Own(_) | Why::Since(_) => Why::Inherited {
                table: table.clone(),
                column: name.clone(),
            },
        });
    }
}
