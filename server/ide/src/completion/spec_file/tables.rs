//! The names of tables, of their columns, and of the files that define them.

use super::super::{About, Completion, CompletionKind, MOST};
use super::{Here, yaml};
use crate::lookup;
use index::Table;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use syntax::Name;
use syntax::name::dotted;

impl<'a> Here<'a> {
    /// The tables of the workspace that no native spec describes.
    pub(super) fn tables_without_entry(&self) -> Vec<Completion> {
        let is_without = |table: &Table| {
            let mut descriptions = table.descriptions.iter();
            !descriptions.any(|id| {
                let file = self.snapshot.file(id.file);
                file.is_some_and(|file| file.native_spec().is_some())
            })
        };
        let project = self.file.project.as_ref();
        let tables = self.snapshot.tables_near(project, |_| true);
        tables
            .filter(|table| is_without(table))
            .take(MOST + 1)
            .map(|table| self.of_table(table, table.key.to_string()))
            .collect()
    }

    /// The paths of SQL files that define tables, from the folder of the project or workspace.
    pub(super) fn sql_files(&self) -> Vec<Completion> {
        let roots = self.snapshot.roots().iter();
        let mut folders = roots.filter(|root| self.file.path.starts_with(root));
        let folder = match &self.file.project {
            Some(project) => Some(&**project),
            None => folders.next().map(PathBuf::as_path),
        };
        let files = self.snapshot.files().into_iter();
        let models = files.filter(|file| {
            let facts = file.sql();
            !file.quiet && facts.is_some_and(|facts| !facts.models.is_empty())
        });
        let paths = models.filter_map(|file| {
            let below = file.path.strip_prefix(folder?).ok()?;
            let steps: Option<Vec<&str>> = below.iter().map(|step| step.to_str()).collect();
            Some(steps?.join("/"))
        });
        self.constants(paths.map(|path| yaml(&path)))
    }

    /// The table whose entry the place is in.
    pub(super) fn table(&self) -> Option<&'a Arc<Table>> {
        let mut levels = self.place.levels.iter();
        let level = levels.find(|level| level.key.as_deref() == Some("tables"))?;
        let mut siblings = level.siblings.iter();
        let (_, name) = siblings.find(|(key, _)| key == "name")?;
        let name = name.trim_matches(['"', '\'']);
        let parts: Vec<Name> = name.split('.').map(Name::new).collect();
        lookup::table_named(self.snapshot, self.file, &parts)
    }

    pub(super) fn columns_of(&self, table: Option<&Arc<Table>>) -> Vec<Completion> {
        let Some(table) = table else {
            return Vec::new();
        };
        let columns = table.columns.iter();
        columns
            .map(|column| {
                let name = column.name.to_string();
                Completion {
                    detail: column.data_type.as_ref().map(ToString::to_string),
                    about: Some(About {
                        table: table.key.clone(),
                        column: Some(column.name.clone()),
                    }),
                    ..Completion::new(yaml(&name), self.place.word, CompletionKind::Column)
                }
            })
            .collect()
    }

    /// The columns that the SQL of the table selects and its entry does not describe.
    pub(super) fn columns_without_entry(&self) -> Vec<Completion> {
        let table = self.table();
        let mut columns = self.columns_of(table);
        let entries = self.file.described_tables().iter();
        let described: BTreeSet<&Name> = entries
            .filter(|entry| {
                let key = lookup::table_named(self.snapshot, self.file, &entry.name.value);
                table.is_some() && key.map(|it| &it.key) == table.map(|it| &it.key)
            })
            .flat_map(|entry| entry.columns.iter().map(|column| &column.name.value))
            .collect();
        columns.retain(|completion| {
            let name = completion.about.as_ref().and_then(|it| it.column.as_ref());
            name.is_none_or(|name| !described.contains(name))
        });
        columns
    }

    /// The tables of the product and their columns, as `table.column`, behind a dot only the columns;
    /// with their rows, where these may be meant.
    pub(super) fn qualified(&self, with_tables: bool) -> Vec<Completion> {
        let product = self.file.native_spec().and_then(|it| it.product.as_ref());
        let files = match product {
            Some(product) => self.snapshot.product_files(&product.value),
            None => vec![self.file],
        };
        let mut found = Vec::new();
        for entry in files.into_iter().flat_map(|file| file.described_tables()) {
            let name = dotted(&entry.name.value);
            let Some(table) = lookup::table_named(self.snapshot, self.file, &entry.name.value)
            else {
                continue;
            };
            if with_tables {
                found.push(self.of_table(table, name.clone()));
                let rows = format!("{name}.{}", lookup::ROWS);
                let kind = CompletionKind::Constant;
                found.push(Completion::new(yaml(&rows), self.place.word, kind));
            }
            found.extend(table.columns.iter().map(|column| {
                let text = yaml(&format!("{name}.{}", column.name));
                Completion {
                    detail: column.data_type.as_ref().map(ToString::to_string),
                    about: Some(About {
                        table: table.key.clone(),
                        column: Some(column.name.clone()),
                    }),
                    ..Completion::new(text, self.place.word, CompletionKind::Column)
                }
            }));
        }
        found
    }

    fn of_table(&self, table: &Table, name: String) -> Completion {
        Completion {
            about: Some(About {
                table: table.key.clone(),
                column: None,
            }),
            ..Completion::new(yaml(&name), self.place.word, CompletionKind::Table)
        }
    }
}
