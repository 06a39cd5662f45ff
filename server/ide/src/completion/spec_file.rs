//! What may be typed next in a spec outside of sentences: keys that its mapping lacks, and values of
//! those whose values can be known. Prose is nobody's to complete.

use super::spec_place::{Level, Place, Typed, place};
use super::{About, Completion, CompletionKind, Completions, MOST, narrowed};
use crate::history;
use crate::lookup;
use index::{File, Snapshot, Table};
use spec::keys::{Key, Kind, STATUSES, Section, TO_BE_DONE};
use spec::model::{self, AmendmentId};
use sql::Dialect;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use syntax::name::dotted;
use syntax::{Name, TextSize};

pub(super) fn completions(
    snapshot: &Snapshot,
    file: &File,
    text: &str,
    offset: TextSize,
    snippets: bool,
) -> Completions {
    let Some(place) = place(text, offset) else {
        return Completions::default();
    };
    let Some((section, of_list)) = section(&place.levels) else {
        return Completions::default();
    };
    let here = Here {
        snapshot,
        file,
        place: &place,
        snippets,
    };
    let items = match (&place.typed, of_list) {
        (Typed::Key { .. }, Some(key)) => here.values(section, key),
        (Typed::Key { has_colon, in_flow }, None) => here.keys(section, *has_colon, *in_flow),
        (Typed::Value(name), None) => match section.key(name) {
            Some(key) => here.values(section, key),
            None => Vec::new(),
        },
        (Typed::Value(name), Some(key)) if key.kind == Kind::Supersedes => {
            match Section::Supersedes.key(name) {
                Some(key) => here.values(Section::Supersedes, key),
                None => Vec::new(),
            }
        }
        (Typed::Value(_), Some(_)) => Vec::new(),
    };
    let typed = lookup::slice(text, place.word);
    narrowed(items, typed.rsplit('.').next().unwrap_or(typed))
}

/// The section of the innermost mapping; where it is a list of plain values, the key of that list.
fn section(levels: &[Level]) -> Option<(Section, Option<&'static Key>)> {
    let mut section = Section::Product;
    let mut inner = levels.iter().skip(1).peekable();
    while let Some(level) = inner.next() {
        let key = section.key(level.key.as_deref()?)?;
        section = match key.kind {
            Kind::List(inner) => inner,
            // An item that has a key is a mapping, one that has none may become an id.
            Kind::Supersedes if !level.siblings.is_empty() || level.column == 0 => {
                Section::Supersedes
            }
            Kind::Names | Kind::Texts | Kind::Literals | Kind::Supersedes => {
                return inner.peek().is_none().then_some((section, Some(key)));
            }
            _ => return None,
        };
    }
    Some((section, None))
}

struct Here<'a> {
    snapshot: &'a Snapshot,
    file: &'a File,
    place: &'a Place,
    snippets: bool,
}

impl<'a> Here<'a> {
    fn keys(&self, section: Section, has_colon: bool, in_flow: bool) -> Vec<Completion> {
        let Some(level) = self.place.levels.last() else {
            return Vec::new();
        };
        // What is no item yet of the list that it is in becomes one.
        let is_bare = !level.is_item && !in_flow && self.place.levels.len() > 1;
        if is_bare && !level.siblings.is_empty() {
            return Vec::new();
        }
        let keys = section.keys().filter(|key| {
            let mut siblings = level.siblings.iter();
            !siblings.any(|(sibling, _)| sibling == key.name)
        });
        let keys = keys.filter(|key| !is_bare || key.required);
        let keys = keys.map(|key| {
            let item = if is_bare { "- " } else { "" };
            let label = format!("{item}{}", key.name);
            let documentation = Some(key.documentation.to_owned());
            let text = match has_colon {
                true => label.clone(),
                false => format!("{label}:{}", self.behind(key, level, is_bare, in_flow)),
            };
            Completion {
                is_snippet: self.snippets && text.contains('$'),
                label,
                detail: Some(key.kind.expectation().to_owned()),
                documentation,
                ..Completion::new(text, self.place.word, CompletionKind::Key)
            }
        });
        // Of several that begin a list's item the first will do.
        keys.take(if is_bare { 1 } else { usize::MAX }).collect()
    }

    /// What follows the colon of a key.
    fn behind(&self, key: &Key, level: &Level, is_bare: bool, in_flow: bool) -> String {
        let column = level.column + if is_bare { 2 } else { 0 };
        let blanks = " ".repeat(column + 2);
        let first = |section: Section| section.keys().find(|key| key.required);
        match key.kind {
            _ if in_flow => " ".to_owned(),
            Kind::List(section) if self.snippets => match first(section) {
                Some(first) => format!("\n{blanks}- {}: $0", first.name),
                None => " ".to_owned(),
            },
            Kind::Sentences if self.snippets => format!(" |\n{blanks}$0"),
            Kind::Names | Kind::Texts | Kind::Literals | Kind::Supersedes if self.snippets => {
                " [$0]".to_owned()
            }
            Kind::List(_) => String::new(),
            _ => " ".to_owned(),
        }
    }

    fn values(&self, section: Section, key: &Key) -> Vec<Completion> {
        let constants = |words: &[&str]| {
            let words = words.iter().map(|word| (*word).to_owned());
            self.constants(words)
        };
        match (section, key.name, key.kind) {
            (_, _, Kind::Boolean) => constants(&["true", "false"]),
            (_, _, Kind::Status) => constants(&STATUSES),
            (_, _, Kind::Change) => constants(TO_BE_DONE.get(..1).unwrap_or_default()),
            (_, _, Kind::Date) => self.constants(self.snapshot.today()),
            (Section::Product, "product", _) => {
                let products = self.snapshot.products().into_iter();
                self.constants(products.map(ToString::to_string))
            }
            (Section::Product, "dialect", _) => {
                self.constants(Dialect::ALL.iter().map(|it| it.name().to_owned()))
            }
            (Section::Table, "name", _) => self.tables_without_entry(),
            (Section::Table, "model", _) => self.sql_files(),
            (Section::Table, "grain", _) => self.columns_of(self.table()),
            (Section::Column, "name", _) => self.columns_without_entry(),
            (Section::Column, "references", _) => self.qualified(false),
            (Section::Column, "type", _) => self.used(|column| field(&column.data_type)),
            (Section::Column, "unit", _) => self.used(|column| field(&column.unit)),
            (Section::Column, "classification", _) => {
                let columns = self.columns_of_file();
                let tags = columns.flat_map(|column| &column.classification);
                let tags: BTreeSet<String> = tags.map(|tag| tag.value.clone()).collect();
                self.constants(tags)
            }
            (Section::Column, "since", _)
            | (Section::Supersedes, "amendment", _)
            | (Section::Amendment, "supersedes", _) => self.amendments(),
            (Section::Amendment, "id", _) => self.next_id(),
            (Section::Amendment, "author", _) => self.authors(),
            (Section::Amendment, "changes", _) => self.qualified(true),
            _ => Vec::new(),
        }
    }

    fn constants(&self, words: impl IntoIterator<Item = String>) -> Vec<Completion> {
        let words = words.into_iter();
        let constants =
            words.map(|text| Completion::new(text, self.place.word, CompletionKind::Constant));
        constants.collect()
    }

    /// The tables of the workspace that no native spec describes.
    fn tables_without_entry(&self) -> Vec<Completion> {
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
    fn sql_files(&self) -> Vec<Completion> {
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
    fn table(&self) -> Option<&'a Arc<Table>> {
        let mut levels = self.place.levels.iter();
        let level = levels.find(|level| level.key.as_deref() == Some("tables"))?;
        let mut siblings = level.siblings.iter();
        let (_, name) = siblings.find(|(key, _)| key == "name")?;
        let name = name.trim_matches(['"', '\'']);
        let parts: Vec<Name> = name.split('.').map(Name::new).collect();
        lookup::table_named(self.snapshot, self.file, &parts)
    }

    fn columns_of(&self, table: Option<&Arc<Table>>) -> Vec<Completion> {
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
    fn columns_without_entry(&self) -> Vec<Completion> {
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
    fn qualified(&self, with_tables: bool) -> Vec<Completion> {
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

    fn columns_of_file(&self) -> impl Iterator<Item = &'a model::Column> {
        let tables = self.file.described_tables().iter();
        tables.flat_map(|table| &table.columns)
    }

    /// The values that columns of this file have already.
    fn used(&self, of: impl Fn(&model::Column) -> Option<String>) -> Vec<Completion> {
        let used: BTreeSet<String> = self.columns_of_file().filter_map(of).collect();
        self.constants(used.into_iter().map(|value| yaml(&value)))
    }

    /// The amendments of the product, the newest first.
    fn amendments(&self) -> Vec<Completion> {
        let product = self.file.native_spec().and_then(|it| it.product.as_ref());
        let Some(product) = product else {
            return Vec::new();
        };
        let own = self.own_id();
        let history = history::of_product(self.snapshot, &product.value);
        let entries = history.entries.iter().rev();
        let entries = entries.filter(|entry| entry.id().map(ToString::to_string) != own);
        let found = entries.filter_map(|entry| {
            let id = entry.id()?.to_string();
            let requirement = entry.amendment.requirement.as_ref();
            Some(Completion {
                detail: requirement.map(|field| one_line(&field.value)),
                ..Completion::new(id, self.place.word, CompletionKind::Amendment)
            })
        });
        found.collect()
    }

    /// The id of the amendment that the place is in.
    fn own_id(&self) -> Option<String> {
        let mut levels = self.place.levels.iter();
        let level = levels.find(|level| level.key.as_deref() == Some("amendments"))?;
        let mut siblings = level.siblings.iter();
        let (_, id) = siblings.find(|(key, _)| key == "id")?;
        Some(id.trim_matches(['"', '\'']).to_owned())
    }

    /// The number behind the highest one.
    fn next_id(&self) -> Vec<Completion> {
        let product = self.file.native_spec().and_then(|it| it.product.as_ref());
        let Some(product) = product else {
            return Vec::new();
        };
        let history = history::of_product(self.snapshot, &product.value);
        let numbers = history
            .entries
            .iter()
            .filter_map(|entry| match entry.id()? {
                AmendmentId::Number(number) => Some(*number),
                AmendmentId::Slug(_) => None,
            });
        let next = numbers.max().unwrap_or_default().checked_add(1);
        self.constants(next.map(|next| next.to_string()))
    }

    fn authors(&self) -> Vec<Completion> {
        let product = self.file.native_spec().and_then(|it| it.product.as_ref());
        let history = product.map(|it| history::of_product(self.snapshot, &it.value));
        let entries = history.iter().flat_map(|history| &history.entries);
        let authors = entries.filter_map(|entry| field(&entry.amendment.author));
        let authors: BTreeSet<String> = authors.map(|author| yaml(&author)).collect();
        self.constants(authors)
    }
}

fn field(field: &Option<model::Field<String>>) -> Option<String> {
    let value = field.as_ref().map(|field| one_line(&field.value));
    value.filter(|value| !value.is_empty())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A value as YAML has it, between brackets too: in quotes where it would say something else without.
fn yaml(value: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "_.-/".contains(letter);
    let starts_plain = |first: char| first.is_alphabetic() || first == '_';
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let is_reserved = reserved.iter().any(|it| value.eq_ignore_ascii_case(it));
    match value.chars().all(is_plain) && value.starts_with(starts_plain) && !is_reserved {
        true => value.to_owned(),
        false => format!("'{}'", value.replace('\'', "''")),
    }
}
