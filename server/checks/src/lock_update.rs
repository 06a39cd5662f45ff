//! The lock brought up to date: a line that changed is written where an amendment covers it, and kept
//! where none does.

mod merge;
mod names;
mod table;

use crate::context::{Context, product_of};
use crate::drift::coverage::{Called, Coverage};
use crate::drift::renamed::Renamed;
use crate::fix::{FileEdit, Fix, Fixing};
use crate::guarantee::SentenceIndex;
use index::lock::{lock_path, locks_in};
use index::table::DescriptionId;
use index::{File, Snapshot, Table};
use spec::lock::{Lock, TableLock};
use spec::model::AmendmentId;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use syntax::name::dotted;
use syntax::{Name, TextEdit, TextRange, TextSize};
use table::Updating;

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct LockRequest {
    /// Only these products; all of them without any.
    pub products: Vec<Name>,
    /// Only what this amendment covers.
    pub amendment: Option<AmendmentId>,
    /// Tables that no lock knows are written as they are.
    pub is_initial: bool,
}

/// A lock, and what is to become of it.
#[derive(Clone, Debug)]
pub struct LockUpdate {
    /// Its absolute path.
    pub path: PathBuf,
    /// The product.
    pub product: Name,
    /// Its text now; `None` where there is no such file.
    pub old: Option<Arc<str>>,
    /// The text that it is to have.
    pub text: String,
    /// What happens to each line that differs, in the order of tables, rows first.
    pub lines: Vec<LockLine>,
}

/// What happens to a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockLine {
    /// The table.
    pub table: String,
    /// The column; `None` for the rows, or for all of the table.
    pub column: Option<String>,
    /// What happens to it.
    pub outcome: LockOutcome,
}

/// What happens to a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockOutcome {
    /// It is written; `by` this amendment, if by any.
    Written {
        /// The amendment that covers it.
        by: Option<AmendmentId>,
    },
    /// It is taken out.
    Removed {
        /// The amendment that covers it.
        by: Option<AmendmentId>,
    },
    /// It stays as it was. Why, as a sentence.
    Refused(String),
    /// What it means can't be told from the SQL.
    Unknown,
}

impl LockUpdate {
    /// Whether the file is to be written.
    pub fn is_change(&self) -> bool {
        self.old.as_deref().unwrap_or_default() != self.text
    }

    /// Whether a line stays as it was, though it differs.
    pub fn is_refused(&self) -> bool {
        let mut lines = self.lines.iter();
        lines.any(|line| matches!(line.outcome, LockOutcome::Refused(_)))
    }
}

/// The locks of the workspace brought up to date, in the order of their paths.
pub fn update_locks(snapshot: &Snapshot, request: &LockRequest) -> Vec<LockUpdate> {
    let files = snapshot.files().into_iter();
    let wanted = |product: &Name| {
        request.products.is_empty() || request.products.iter().any(|name| name == product)
    };
    let specs = files.filter(|file| !file.quiet && product_of(file).is_some_and(|of| wanted(&of)));
    specs
        .filter_map(|spec| of_spec(snapshot, spec, request))
        .collect()
}

/// A fix that brings the lock beside a spec up to date.
pub(crate) fn fix(fixing: &Fixing<'_>, spec: &File) -> Option<Fix> {
    fix_of(fixing, spec, "Update the lock", &LockRequest::default())
}

/// A fix that writes down as they are the tables of a spec that no lock knows.
pub(crate) fn first_lock(fixing: &Fixing<'_>, spec: &File) -> Option<Fix> {
    let request = LockRequest {
        is_initial: true,
        ..LockRequest::default()
    };
    fix_of(fixing, spec, "Lock new tables as they are", &request)
}

fn fix_of(fixing: &Fixing<'_>, spec: &File, title: &str, request: &LockRequest) -> Option<Fix> {
    let update = of_spec(fixing.snapshot, spec, request)?;
    let edit = match &update.old {
        Some(old) => {
            let all = TextRange::up_to(TextSize::of(&**old));
            TextEdit::replace(all, update.text.clone())
        }
        None => TextEdit::replace(TextRange::default(), update.text.clone()),
    };
    update.is_change().then(|| Fix {
        title: title.to_owned(),
        edits: vec![FileEdit {
            path: update.path,
            create: update.old.is_none(),
            edits: vec![edit],
        }],
        moved: Vec::new(),
        preferred: true,
        cursor: None,
    })
}

/// The lock beside `spec`; `None` where no table that it describes has a lock.
fn of_spec(snapshot: &Snapshot, spec: &File, request: &LockRequest) -> Option<LockUpdate> {
    let context = Context::for_fixes(snapshot);
    let product = product_of(spec)?;
    let path = lock_path(&spec.path);
    let file = snapshot.file_at(&path);
    let old = match file {
        Some(file) => Some(snapshot.text(file)?),
        None => None,
    };
    let sides: Vec<Lock> = old.as_deref().map(locks_in).unwrap_or_default();
    let tables = tables(snapshot, spec);
    if tables.is_empty() && sides.iter().all(|side| side.tables.is_empty()) {
        return None;
    }
    if let Some(old) = old
        .as_ref()
        .filter(|_| sides.iter().any(|side| side.is_broken))
    {
        let names: Vec<String> = tables
            .iter()
            .map(|(table, _)| table.key.to_string())
            .collect();
        return Some(LockUpdate {
            path,
            product,
            text: old.to_string(),
            old: Some(old.clone()),
            lines: merge::unread(names.iter().map(String::as_str)),
        });
    }
    let first = tables.iter().find_map(|(table, _)| {
        let model = snapshot.defining_model(table)?;
        snapshot.file(model.file)
    });
    let dialect = snapshot
        .projects()
        .dialect(&first.unwrap_or(spec).path)
        .dialect;
    let coverage = Coverage::of(&context, &product);
    let updating = Updating {
        context: &context,
        spec,
        coverage: &coverage,
        request,
        dialect,
        is_first: old.is_none(),
        renamed: Renamed::of(snapshot, spec),
    };
    let mut sentences = SentenceIndex::default();
    sentences.note(snapshot, &product);
    let mut lock = Lock {
        version: Some(spec::lock::VERSION),
        dialect: Some(dialect.name().to_owned()),
        tables: Vec::new(),
        is_broken: false,
    };
    let mut lines = Vec::new();
    let mut known = BTreeSet::new();
    let mut is_unsettled = false;
    for (table, entry) in &tables {
        let name = table.key.to_string();
        known.insert(name.to_ascii_lowercase());
        let mut olds: Vec<TableLock> = sides
            .iter()
            .filter_map(|side| side.table(&name).cloned())
            .collect();
        let earlier = updating.renamed.earlier(&table.key.parts);
        for earlier in earlier.iter().map(|parts| dotted(parts)) {
            if olds.is_empty() {
                let sides = sides.iter();
                olds.extend(sides.filter_map(|side| side.table(&earlier).cloned()));
            }
            if olds
                .iter()
                .any(|old| old.name.eq_ignore_ascii_case(&earlier))
            {
                known.insert(earlier.to_ascii_lowercase());
            }
        }
        if olds.is_empty() {
            // A description that went to another file takes its lines along.
            let names = earlier.iter().map(|parts| dotted(parts));
            let mut names = std::iter::once(name.clone()).chain(names);
            let elsewhere = names.find_map(|name| snapshot.locked_anywhere(&name));
            olds.extend(elsewhere.map(|locked| locked.entry.clone()));
        }
        let called = Called::new(table, entry).and_earlier(&earlier);
        let mut own = Vec::new();
        let entry = updating.table(table, &called, &olds, &mut own);
        is_unsettled |= merge::is_unsettled(&sides, &olds, &own);
        lines.append(&mut own);
        lock.tables.extend(entry.map(|entry| TableLock {
            names: names::of_table(snapshot, &sentences, table, &olds),
            ..entry
        }));
    }
    for gone in sides.iter().flat_map(|side| &side.tables) {
        if known.insert(gone.name.to_ascii_lowercase()) {
            let mut own = Vec::new();
            lock.tables.extend(updating.gone(gone, &mut own));
            let olds = sides
                .iter()
                .filter_map(|side| side.table(&gone.name).cloned());
            is_unsettled |= merge::is_unsettled(&sides, &olds.collect::<Vec<_>>(), &own);
            lines.append(&mut own);
        }
    }
    if lock.tables.is_empty() && old.is_none() && lines.is_empty() {
        return None;
    }
    let text = match (&old, sides.as_slice()) {
        // What means the same stays as it is written.
        (Some(old), [side]) if is_same(side, &lock) => old.to_string(),
        (Some(old), _) if is_unsettled => old.to_string(),
        // Nothing to write is no reason for a file.
        (None, _) if lock.tables.is_empty() => String::new(),
        _ => spec::lock::text(&lock),
    };
    Some(LockUpdate {
        path,
        product,
        old,
        text,
        lines: match is_unsettled {
            true => merge::waiting(lines),
            false => lines,
        },
    })
}

/// Whether a lock says what another says, whatever the order of its tables.
fn is_same(old: &Lock, new: &Lock) -> bool {
    let tables = |lock: &Lock| {
        let mut tables = lock.tables.clone();
        tables.sort_by(|left, right| left.name.cmp(&right.name));
        tables
    };
    old.dialect == new.dialect && tables(old) == tables(new)
}

/// The tables whose lock stands beside `spec`, in the order of the text.
fn tables<'s>(
    snapshot: &'s Snapshot,
    spec: &'s File,
) -> Vec<(&'s Arc<Table>, &'s spec::model::Table)> {
    let mut tables: Vec<(&Arc<Table>, &spec::model::Table)> = Vec::new();
    for (ordinal, entry) in (0..).zip(spec.described_tables()) {
        let id = DescriptionId {
            file: spec.id,
            ordinal,
        };
        let Some(table) = snapshot.table_of_description(id) else {
            continue;
        };
        let is_own = snapshot
            .locking_spec(table)
            .is_some_and(|own| own.id == spec.id);
        let is_listed = tables.iter().any(|(listed, _)| listed.key == table.key);
        if is_own && !is_listed && snapshot.defining_model(table).is_some() {
            tables.push((table, entry));
        }
    }
    tables
}

/// All of a table, in a line.
fn whole(name: &str, outcome: LockOutcome) -> LockLine {
    LockLine {
        table: name.to_owned(),
        column: None,
        outcome,
    }
}

impl Updating<'_, '_> {
    /// What is left of a table that is not there any more: nothing, where an amendment says so.
    fn gone(&self, old: &TableLock, lines: &mut Vec<LockLine>) -> Option<TableLock> {
        let was_called_so = |table: &Table| {
            let mut earlier = self.renamed.earlier(&table.key.parts).into_iter();
            earlier.any(|parts| dotted(&parts) == old.name)
        };
        let elsewhere =
            |table: &&Arc<Table>| table.key.to_string() == old.name || was_called_so(table);
        let tables = self.context.snapshot.tables();
        let described = tables.into_iter().find(elsewhere).is_some_and(|table| {
            self.context.snapshot.locking_spec(table).is_some()
                && self.context.snapshot.defining_model(table).is_some()
        });
        if described {
            return None;
        }
        let called = Called::by_name(&old.name);
        let only = self.request.amendment.as_ref();
        let by = old.rows_by.as_ref();
        match self.coverage.taking_away(&called, by, only) {
            Some(id) => {
                let by = Some(id.clone());
                lines.push(whole(&old.name, LockOutcome::Removed { by }));
                None
            }
            None => {
                let reason = "The table is gone, and no amendment says so.".to_owned();
                lines.push(whole(&old.name, LockOutcome::Refused(reason)));
                Some(old.clone())
            }
        }
    }
}
