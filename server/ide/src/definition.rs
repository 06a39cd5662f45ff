//! Where what is meant at a place is told, and from there, the other side: from SQL to the spec's
//! entry, from the entry to the SQL.

mod inner;

use crate::history;
use crate::lookup;
use crate::subject::{AmendmentKey, Mention, Role, Subject, subjects};
use index::table::Selected;
use index::{Column, Facts, File, FileId, MacroKey, ModelId, Snapshot, Table, TableKey};
use spec::history::Standing;
use std::collections::BTreeSet;
use syntax::{Name, Spot, TextRange, TextSize};

/// A place to go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    /// What was asked about, in the file that was asked about.
    pub origin: TextRange,
    /// The file to go to.
    pub file: FileId,
    /// The whole of what is told there.
    pub full: TextRange,
    /// The name in it, where the cursor goes.
    pub focus: TextRange,
}

/// Where what is meant at `offset` is told, the likeliest first; a place never leads to itself.
pub fn definition(snapshot: &Snapshot, file: FileId, offset: TextSize) -> Vec<Target> {
    let Some(here) = snapshot.file(file) else {
        return Vec::new();
    };
    let asked = Here {
        snapshot,
        file: here,
    };
    for mention in subjects(snapshot, file, offset) {
        let mut sites = asked.sites(&mention);
        // Also where a place mentions what it defines: the target must be elsewhere.
        sites.retain(|site| site.file != file || site.focus != mention.range);
        if !sites.is_empty() {
            let sites = sites.into_iter();
            return sites.map(|site| site.target(mention.range)).collect();
        }
    }
    inner::definition(snapshot, here, offset)
}

/// The amendment, as a place to go to from `origin`.
pub(crate) fn of_amendment(entry: &history::Entry<'_>, origin: TextRange) -> Option<Target> {
    amendment_site(entry).map(|site| site.target(origin))
}

/// Where a column is described, else where it is selected, as places to go to from `origin`.
pub(crate) fn of_column(
    snapshot: &Snapshot,
    key: &TableKey,
    name: &Name,
    origin: TextRange,
) -> Vec<Target> {
    let column = snapshot.table(key).and_then(|table| table.column(name));
    let Some(column) = column else {
        return Vec::new();
    };
    let described = column.described.iter().filter_map(|described| {
        let (file, table) = snapshot.description(described.table)?;
        let entry = table.columns.get(described.ordinal as usize)?;
        Some(Site::new(file, entry.entry, entry.name.spot))
    });
    let selected = || {
        let selected = column.selected?;
        let (file, _) = snapshot.model(selected.model)?;
        Some(Site::new(file, selected.item, selected.name))
    };
    let in_seed = || column.in_seed.map(|seed| Site::start_of(seed.file));
    let sites = first_of(described.collect(), || {
        selected().or_else(in_seed).into_iter().collect()
    });
    sites.into_iter().map(|site| site.target(origin)).collect()
}

/// A place where something is told.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Site {
    file: FileId,
    full: TextRange,
    focus: TextRange,
}

impl Site {
    fn new(file: &File, full: Spot, focus: Spot) -> Site {
        Site {
            file: file.id,
            full: file.range(full),
            focus: file.range(focus),
        }
    }

    fn target(self, origin: TextRange) -> Target {
        Target {
            origin,
            file: self.file,
            full: self.full.cover(self.focus),
            focus: self.focus,
        }
    }

    fn start_of(file: FileId) -> Site {
        Site {
            file,
            full: TextRange::default(),
            focus: TextRange::default(),
        }
    }
}

/// The file that is asked from.
struct Here<'s> {
    snapshot: &'s Snapshot,
    file: &'s File,
}

impl Here<'_> {
    fn sites(&self, mention: &Mention) -> Vec<Site> {
        match &mention.subject {
            Subject::Table(key) => self.table(key, mention.role),
            Subject::Star(key) => self.table(key, Role::Mention),
            Subject::Column(key, name) => self.column(key, name, mention.role),
            Subject::Projection(range) => {
                vec![Site {
                    file: self.file.id,
                    full: *range,
                    focus: *range,
                }]
            }
            Subject::Amendment(key) => self.amendment(key, mention.role),
            Subject::Guarantee(key, sentence) => self.guarantee(key, sentence),
            Subject::Macro(key) => self.called(key, mention.role),
            Subject::Key(_) | Subject::DbtKey(..) | Subject::Code(_) => Vec::new(),
        }
    }

    fn is_in_sql(&self) -> bool {
        matches!(*self.file.facts, Facts::Sql(_))
    }

    /// From SQL that mentions it: the SQL that makes it. From a spec that mentions it: its entry.
    /// From either of these: the other.
    fn table(&self, key: &TableKey, role: Role) -> Vec<Site> {
        let Some(table) = self.snapshot.table(key) else {
            return Vec::new();
        };
        let models: Vec<Site> = table.models.iter().map(|id| self.model(*id)).collect();
        let entries = self.table_entries(table);
        let model_first = self.is_in_sql() == (role == Role::Mention);
        let (first, second) = if model_first {
            (models, entries)
        } else {
            (entries, models)
        };
        if first.is_empty() { second } else { first }
    }

    fn model(&self, id: ModelId) -> Site {
        match self.snapshot.model(id) {
            Some((file, model)) => Site::new(file, model.statement, model.name_spot),
            // A seed, or a model that is not SQL: the whole file is the table.
            None => Site::start_of(id.file),
        }
    }

    fn table_entries(&self, table: &Table) -> Vec<Site> {
        let entries = table.descriptions.iter().filter_map(|id| {
            let (file, described) = self.snapshot.description(*id)?;
            Some(Site::new(file, described.entry, described.name.spot))
        });
        entries.collect()
    }

    /// From an entry: the SQL, else the other entries. From anywhere else: the entries, native ones
    /// first. Where no spec describes it: the SQL, and from that the column that it is, unchanged.
    fn column(&self, key: &TableKey, name: &Name, role: Role) -> Vec<Site> {
        let Some((table, column)) = self.known_column(key, name) else {
            return Vec::new();
        };
        let entries = self.column_entries(column);
        let sql = || self.projection(column).into_iter().collect();
        match role {
            Role::Definition if !self.is_in_sql() => first_of(sql(), || entries),
            Role::Mention => first_of(entries, || first_of(self.entries_behind_star(column), sql)),
            Role::Definition => first_of(entries, || match &column.source {
                Some((upstream, name)) if *upstream != table.key => {
                    self.column(upstream, name, Role::Mention)
                }
                _ => Vec::new(),
            }),
        }
    }

    /// The entries of the nearest column that has some, up through tables that only hand it on by
    /// a `*`.
    fn entries_behind_star(&self, column: &Column) -> Vec<Site> {
        let is_by_star = |column: &Column| column.selected.is_some_and(|it| it.by_star);
        let sources = lookup::sources(self.snapshot, column);
        let handing_on = std::iter::once(column).chain(sources.iter().map(|(_, column)| *column));
        let behind = handing_on
            .zip(&sources)
            .take_while(|(column, _)| is_by_star(column));
        let mut entries = behind.map(|(_, (_, source))| self.column_entries(source));
        entries
            .find(|entries| !entries.is_empty())
            .unwrap_or_default()
    }

    fn known_column(&self, key: &TableKey, name: &Name) -> Option<(&Table, &Column)> {
        let table = self.snapshot.table(key)?;
        Some((table, table.column(name)?))
    }

    fn column_entries(&self, column: &Column) -> Vec<Site> {
        let entries = column.described.iter().filter_map(|described| {
            let (file, table) = self.snapshot.description(described.table)?;
            let entry = table.columns.get(described.ordinal as usize)?;
            Some(Site::new(file, entry.entry, entry.name.spot))
        });
        entries.collect()
    }

    /// The projection that gives the column its value. One that comes by a `*` is looked for where
    /// the `*` gets it from, as far up as that is known.
    fn projection(&self, column: &Column) -> Option<Site> {
        let nearest = self.selected(column.selected?)?;
        let mut seen = BTreeSet::new();
        let mut column = column;
        let mut found = nearest;
        while column.selected.is_some_and(|selected| selected.by_star) {
            let Some((table, name)) = &column.source else {
                break;
            };
            if !seen.insert(table) {
                break;
            }
            let Some((_, upstream)) = self.known_column(table, name) else {
                break;
            };
            let Some(selected) = upstream
                .selected
                .and_then(|selected| self.selected(selected))
            else {
                break;
            };
            found = selected;
            column = upstream;
        }
        let by_star = column.selected.is_some_and(|selected| selected.by_star);
        Some(if by_star { nearest } else { found })
    }

    fn selected(&self, selected: Selected) -> Option<Site> {
        let (file, _) = self.snapshot.model(selected.model)?;
        Some(Site::new(file, selected.item, selected.name))
    }

    /// The macro; from its own name, the entries that describe it.
    fn called(&self, key: &MacroKey, role: Role) -> Vec<Site> {
        if role == Role::Definition && self.is_in_sql() {
            let entries = self.snapshot.macro_descriptions(key).into_iter();
            let sites = entries.map(|(file, it)| Site::new(file, it.entry, it.name.spot));
            return sites.collect();
        }
        let site = self.snapshot.macro_of(key);
        let site = site.map(|(file, own)| Site::new(file, own.whole, own.name_spot));
        site.into_iter().collect()
    }

    /// The amendment; from its own id, the columns that it introduced, else those that replace it.
    fn amendment(&self, key: &AmendmentKey, role: Role) -> Vec<Site> {
        let history = history::of_product(self.snapshot, &key.product);
        let Some(entry) = history.find(&key.id) else {
            return Vec::new();
        };
        if role == Role::Mention {
            return amendment_site(entry).into_iter().collect();
        }
        let introduced = self.introduced_by(key);
        if !introduced.is_empty() {
            return introduced;
        }
        let replaced_by = match entry.standing {
            Standing::Superseded { by } => Some(by),
            _ => None,
        };
        let by_sentence = entry.superseded_guarantees.values();
        let replacing: BTreeSet<usize> = replaced_by
            .iter()
            .chain(by_sentence)
            .chain(&entry.to_be_superseded_by)
            .copied()
            .collect();
        let later = replacing
            .iter()
            .filter_map(|ordinal| history.entries.get(*ordinal));
        later.filter_map(amendment_site).collect()
    }

    fn introduced_by(&self, key: &AmendmentKey) -> Vec<Site> {
        let mut sites = Vec::new();
        for file in self.snapshot.product_files(&key.product) {
            let columns = file
                .described_tables()
                .iter()
                .flat_map(|table| &table.columns);
            for column in columns {
                if column
                    .since
                    .as_ref()
                    .is_some_and(|since| since.value == key.id)
                {
                    sites.push(Site::new(file, column.entry, column.name.spot));
                }
            }
        }
        sites
    }

    fn guarantee(&self, key: &AmendmentKey, sentence: &str) -> Vec<Site> {
        let history = history::of_product(self.snapshot, &key.product);
        let Some(entry) = history.find(&key.id) else {
            return Vec::new();
        };
        let mut guarantees = entry.amendment.guarantees.iter();
        let same = guarantees.find(|guarantee| lookup::same_words(&guarantee.value, sentence));
        let site = same.map(|same| Site::new(entry.file, same.spot, same.spot));
        site.into_iter().collect()
    }
}

fn amendment_site(entry: &history::Entry<'_>) -> Option<Site> {
    let id = entry.amendment.id.as_ref()?;
    Some(Site::new(entry.file, entry.amendment.entry, id.spot))
}

/// What was found first, else what is found next.
fn first_of(first: Vec<Site>, next: impl FnOnce() -> Vec<Site>) -> Vec<Site> {
    if first.is_empty() { next() } else { first }
}
