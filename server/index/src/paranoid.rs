//! The comparison that keeps the incremental state honest: everything that is known, by name and
//! without numbers, beside what a fresh start on the same files knows.

use crate::snapshot::Snapshot;
use crate::table::{Column, Described, ModelId, Table, Why};
use crate::workspace::{Change, Workspace};
use std::collections::{BTreeMap, BTreeSet};

impl Workspace {
    /// What differs from a fresh start on the same files, open texts and settings, a line each;
    /// nothing, if the edges are right. Costs as much as that start.
    pub fn differences_from_fresh_start(&self) -> Vec<String> {
        let snapshot = self.snapshot();
        let mut fresh = Workspace::new(snapshot.system.clone(), snapshot.roots.to_vec());
        let open = self.open.iter();
        let open = open.map(|(path, text)| Change::Edited {
            path: path.clone(),
            text: text.clone(),
        });
        let mut changes = vec![Change::Editor(self.editor.clone())];
        changes.extend(open);
        fresh.apply(changes);
        fresh.load();
        let (kept, fresh) = (everything(&snapshot), everything(&fresh.snapshot()));
        let names: BTreeSet<&String> = kept.keys().chain(fresh.keys()).collect();
        let differing = names
            .into_iter()
            .filter(|name| kept.get(*name) != fresh.get(*name));
        differing
            .map(|name| {
                format!(
                    "{name}: kept {:?}, fresh {:?}",
                    kept.get(name),
                    fresh.get(name)
                )
            })
            .collect()
    }
}

/// Everything that is known, by name.
fn everything(snapshot: &Snapshot) -> BTreeMap<String, String> {
    let mut known = BTreeMap::new();
    for file in snapshot.files() {
        let name = format!("file {}", snapshot.display_path(&file.path));
        let says = format!(
            "{:?} {:?} {} {:?} {:?} {:?}",
            file.kind, file.project, file.quiet, file.facts, file.places, file.problems
        );
        known.insert(name, says);
    }
    for table in snapshot.tables() {
        known.insert(
            format!("table {:?}", table.key),
            describe_table(snapshot, table),
        );
    }
    for product in snapshot.products() {
        let files = snapshot.product_files(product).into_iter();
        let paths: Vec<String> = files
            .map(|file| snapshot.display_path(&file.path))
            .collect();
        known.insert(format!("product {product}"), paths.join(", "));
    }
    known
}

fn describe_table(snapshot: &Snapshot, table: &Table) -> String {
    let models = table
        .models
        .iter()
        .map(|model| describe_model(snapshot, *model));
    let descriptions = table.descriptions.iter().map(|id| {
        let path = snapshot
            .file(id.file)
            .map(|file| snapshot.display_path(&file.path));
        format!("{path:?}#{}", id.ordinal)
    });
    let columns = table
        .columns
        .iter()
        .map(|column| describe_column(snapshot, column));
    let readers = snapshot
        .readers(&table.key)
        .into_iter()
        .map(|file| snapshot.display_path(&file.path));
    format!(
        "models {:?} descriptions {:?} columns {:?} readers {:?} open {} cyclic {} disabled {}",
        models.collect::<Vec<_>>(),
        descriptions.collect::<Vec<_>>(),
        columns.collect::<Vec<_>>(),
        readers.collect::<Vec<_>>(),
        table.open,
        table.cyclic,
        table.is_disabled
    )
}

fn describe_column(snapshot: &Snapshot, column: &Column) -> String {
    let described = |described: &Described| {
        let path = snapshot
            .file(described.table.file)
            .map(|file| snapshot.display_path(&file.path));
        format!("{path:?}#{}.{}", described.table.ordinal, described.ordinal)
    };
    let why = column.why.as_ref().map(|why| match why {
        Why::Own(place) => format!("own {}", described(place)),
        Why::Since(place) => format!("since {}", described(place)),
        Why::Inherited { table, column } => format!("inherited {table:?}.{column}"),
    });
    let selected = column.selected.map(|selected| {
        let model = describe_model(snapshot, selected.model);
        format!(
            "{model} {:?} {:?} {}",
            selected.name, selected.item, selected.by_star
        )
    });
    format!(
        "{} {selected:?} {:?} {:?} {:?} {why:?} {} {:?}",
        column.name,
        column.in_seed.map(|model| describe_model(snapshot, model)),
        column.described.iter().map(described).collect::<Vec<_>>(),
        column.source,
        column.has_description,
        column.data_type
    )
}

fn describe_model(snapshot: &Snapshot, model: ModelId) -> String {
    let path = snapshot
        .file(model.file)
        .map(|file| snapshot.display_path(&file.path));
    format!("{path:?}#{}", model.ordinal)
}
