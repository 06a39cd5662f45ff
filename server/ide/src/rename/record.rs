//! The amendments that say what was renamed: one in each product that tells of it, in an amendment or by
//! its lock, so that older sentences and locks are read through it.

use super::agreed::Asking;
use super::edits::{Edits, FileEdits, Note};
use super::in_specs::{amendments, mentions};
use super::in_sql::Family;
use super::{Refusal, affected, spelling};
use crate::subject::{self, Subject};
use checks::{Rename, record_rename};
use index::binding::{Bound, BoundName, NameInSentence};
use index::{File, Snapshot, TableKey};
use spec::guarantee::Guarantee;
use sql::facts::TableRef;
use sql::relation::{Body, Expression, Query, Relation, Source};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use syntax::name::dotted;
use syntax::{Name, TextSize};

/// What was renamed.
pub(super) enum Renamed<'r> {
    /// Columns of some tables.
    Column(&'r Family),
    /// A table, and what it is called now.
    Table(&'r TableKey, &'r Name),
}

impl Renamed<'_> {
    fn old(&self) -> Name {
        match self {
            Renamed::Column(family) => family.old.clone(),
            Renamed::Table(key, _) => key.name(),
        }
    }

    fn tables(&self) -> BTreeSet<&TableKey> {
        match self {
            Renamed::Column(family) => family.tables.iter().collect(),
            Renamed::Table(key, _) => BTreeSet::from([*key]),
        }
    }

    fn table_of(&self, subject: &Subject) -> Option<TableKey> {
        match (self, subject) {
            (Renamed::Column(family), Subject::Column(key, name)) => {
                (*name == family.old && family.tables.contains(key)).then(|| key.clone())
            }
            (Renamed::Table(table, _), Subject::Table(key) | Subject::Column(key, _)) => {
                (key == *table).then(|| key.clone())
            }
            _ => None,
        }
    }
}

/// How much a file of a product has to do with what is renamed: where its amendment goes best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Described,
    Amended,
    Locked,
}

/// What a product has to do with what is renamed.
struct Concerned<'s> {
    rank: Rank,
    file: &'s File,
    /// What it calls the tables.
    tables: BTreeMap<TableKey, Vec<Name>>,
}

/// Drafts the amendments, but closes the one that asked for it, if one did, of which comes besides what it
/// calls the table. Gives the place where a person has to write on.
///
/// # Errors
/// Where a spec can't be edited safely, or no sentence can say the name.
pub(super) fn record(
    snapshot: &Snapshot,
    renamed: &Renamed<'_>,
    asked: Option<(Asking<'_>, &[Name])>,
    edits: &mut Edits,
) -> Result<Option<(PathBuf, TextSize)>, Refusal> {
    let mut products: BTreeMap<Name, Concerned<'_>> = BTreeMap::new();
    for file in affected::native_specs(snapshot) {
        let product = file.native_spec().and_then(|spec| spec.product.as_ref());
        let (false, Some(product)) = (file.quiet, product) else {
            continue;
        };
        let Some((rank, tables)) = concern(snapshot, file, renamed) else {
            continue;
        };
        if let Renamed::Column(family) = renamed {
            refuse_keys(snapshot, &product.value, family)?;
        }
        let known = products.entry(product.value.clone());
        let known = known.or_insert_with(|| Concerned {
            rank,
            file,
            tables: BTreeMap::new(),
        });
        if rank < known.rank {
            (known.rank, known.file) = (rank, file);
        }
        for (key, name) in tables {
            known.tables.entry(key).or_insert(name);
        }
    }
    let asking = asked.and_then(|(asking, called)| {
        let product = asking.spec.native_spec()?.product.as_ref()?;
        Some((&product.value, asking, called))
    });
    if let Some((product, asking, called)) = asking {
        let known = products.entry(product.clone());
        let known = known.or_insert_with(|| Concerned {
            rank: Rank::Amended,
            file: asking.spec,
            tables: BTreeMap::new(),
        });
        known.file = asking.spec;
        if let Some(key) = renamed.tables().first() {
            let tables = &mut known.tables;
            tables.entry((*key).clone()).or_insert(called.to_vec());
        }
    }
    let mut cursor = None;
    for (product, concerned) in &products {
        let file = concerned.file;
        let mut rename = sentences(renamed, concerned)?;
        let asking = asking.filter(|(own, ..)| *own == product);
        rename.asked_by = asking.map(|(_, asking, _)| asking.id.clone());
        let own = edits.take(&file.path);
        let names = own.text_edits().unwrap_or_default();
        let fix = record_rename(snapshot, file.id, names.clone(), &rename).ok_or_else(|| {
            Refusal::new(format!(
                "No amendment can be drafted in `{}`: it can't be edited safely.",
                snapshot.display_path(&file.path)
            ))
        })?;
        let mut all = FileEdits::default();
        for edit in fix.edits.into_iter().flat_map(|edit| edit.edits) {
            let note = match names.contains(&edit) {
                true => Note::Name,
                false => Note::Amendment,
            };
            all.replace(edit.range, edit.insert, note);
        }
        edits.add(snapshot, file, all)?;
        cursor = cursor.or(fix.cursor);
    }
    Ok(cursor)
}

/// What is agreed in a way that can't be read under another name: a sentence of rows that match `on` a
/// column names the column of both tables, and one that says that a column is absent means just that name.
///
/// # Errors
/// Where there is such a sentence.
fn refuse_keys(snapshot: &Snapshot, product: &Name, family: &Family) -> Result<(), Refusal> {
    let history = crate::history::of_product(snapshot, product);
    for entry in history.in_force() {
        let file = entry.file;
        let is_of_family = |path: &spec::guarantee::Path| {
            let subject = crate::lookup::named(snapshot, file, &path.parts);
            match subject {
                Some(Subject::Table(key)) => family.tables.contains(&key),
                Some(Subject::Column(key, name)) => {
                    name == family.old && family.tables.contains(&key)
                }
                _ => false,
            }
        };
        for text in entry.guarantees_in_force() {
            let names_it = |path: &spec::guarantee::Path| path.parts.last() == Some(&family.old);
            let why = match spec::guarantee::parse(&text.value) {
                Ok(
                    Guarantee::ExcludesMatching { table, other, on }
                    | Guarantee::OnlyHasMatching { table, other, on },
                ) if on.iter().any(names_it) && (is_of_family(&table) || is_of_family(&other)) => {
                    "names the column of two tables, so it could not be read after the rename"
                }
                Ok(Guarantee::Absent(path)) if names_it(&path) && is_of_family(&path) => {
                    "says that the column is not there"
                }
                _ => continue,
            };
            return Err(Refusal::new(format!(
                "`{}` in `{}` {why}. Supersede that sentence first.",
                text.value.trim(),
                snapshot.display_path(&file.path),
            )));
        }
    }
    Ok(())
}

fn sentences(renamed: &Renamed<'_>, concerned: &Concerned<'_>) -> Result<Rename, Refusal> {
    let old = renamed.old();
    let mut rename = Rename {
        asked_by: None,
        change: String::new(),
        changes: Vec::new(),
        sentences: Vec::new(),
    };
    let mut names = Vec::new();
    for called in concerned.tables.values() {
        let table = dotted(called);
        // Two tables that go by one name, such as a model and its source.
        if names.contains(&table) {
            continue;
        }
        let now = match renamed {
            Renamed::Column(family) => {
                rename
                    .changes
                    .push(format!("{table}.{}", spelling::in_sentence(&family.new)));
                format!("{table}.{}", spelling::in_sentence(&family.new))
            }
            Renamed::Table(_, new) => {
                let mut parts: Vec<String> = called.iter().map(spelling::in_sentence).collect();
                parts.pop();
                parts.push(spelling::in_sentence(new));
                parts.join(".")
            }
        };
        let sentence = format!("{now} is renamed from {}", spelling::in_sentence(&old));
        if spec::guarantee::parse(&sentence).is_err() {
            return Err(Refusal::new(format!(
                "No amendment can say `{sentence}`, so the rename would be lost on what was agreed before."
            )));
        }
        rename.sentences.push(sentence);
        names.push(table);
    }
    rename.change = match renamed {
        Renamed::Column(family) => {
            format!(
                "Renamed {old} of {} to {}.",
                names.join(" and "),
                family.new
            )
        }
        Renamed::Table(_, new) => format!("Renamed the table {old} to {new}."),
    };
    Ok(rename)
}

/// How far a spec file has to do with what is renamed, and what it calls the tables.
fn concern(
    snapshot: &Snapshot,
    file: &File,
    renamed: &Renamed<'_>,
) -> Option<(Rank, BTreeMap<TableKey, Vec<Name>>)> {
    let mut found: Option<Rank> = None;
    let mut tables: BTreeMap<TableKey, Vec<Name>> = BTreeMap::new();
    let mut add = |rank: Rank, key: TableKey, name: Vec<Name>| {
        found = Some(found.map_or(rank, |known| known.min(rank)));
        tables.entry(key).or_insert(name);
    };
    let wanted = renamed.tables();
    for (ordinal, described) in (0..).zip(file.described_tables()) {
        let id = index::DescriptionId {
            file: file.id,
            ordinal,
        };
        let known = snapshot.table_of_description(id);
        if let Some(known) = known.filter(|known| wanted.contains(&known.key)) {
            let name = described.name.value.clone();
            add(Rank::Described, known.key.clone(), name);
        }
    }
    let text = snapshot.text(file)?;
    let old = renamed.old();
    if mentions(&text, &old) {
        if let Renamed::Column(family) = renamed {
            for key in bare_in_sentences(snapshot, file, family) {
                add(Rank::Amended, key.clone(), key.parts);
            }
        }
        let history = amendments(file);
        for mention in subject::everywhere(snapshot, file) {
            let is_history = history
                .iter()
                .any(|range| range.contains_range(mention.range));
            if is_history && let Some(key) = renamed.table_of(&mention.subject) {
                add(Rank::Amended, key.clone(), key.parts);
            }
        }
    }
    for key in locked(snapshot, file, renamed) {
        add(Rank::Locked, key.clone(), key.parts);
    }
    Some((found?, tables))
}

/// The tables of which a sentence names a column that is renamed, be it bare: upstream of the table that
/// it is about.
fn bare_in_sentences(snapshot: &Snapshot, file: &File, family: &Family) -> Vec<TableKey> {
    let binder = snapshot.binder(file);
    let dialect = snapshot.projects().dialect(&file.path).dialect;
    let amendments = file.native_spec().map(|spec| spec.amendments.as_slice());
    let sentences = amendments.unwrap_or_default().iter();
    let sentences = sentences
        .flat_map(|amendment| &amendment.guarantees)
        .filter(|text| mentions(&text.value, &family.old));
    let mut found = BTreeSet::new();
    for text in sentences {
        let Ok(guarantee) = spec::guarantee::parse(&text.value) else {
            continue;
        };
        let about = match binder.table_or_column(&guarantee.subject().parts) {
            Bound::To(BoundName::Table(table)) => table.key().cloned(),
            Bound::To(BoundName::Column(column)) => column.table.key().cloned(),
            _ => None,
        };
        for name in NameInSentence::all(&guarantee, dialect) {
            if let Bound::To(column) = binder.column(&name.parts, about.as_ref())
                && column.column == family.old
                && let Some(key) = column.table.key()
                && family.tables.contains(key)
            {
                found.insert(key.clone());
            }
        }
    }
    found.into_iter().collect()
}

/// The tables that the lock of a spec reads by a name that changes.
fn locked(snapshot: &Snapshot, spec: &File, renamed: &Renamed<'_>) -> Vec<TableKey> {
    let Some(lock) = snapshot.lock_of(spec) else {
        return Vec::new();
    };
    let Some(text) = snapshot
        .text(lock)
        .filter(|text| mentions(text, &renamed.old()))
    else {
        return Vec::new();
    };
    let wanted = renamed.tables();
    let is_there = |key: &&&TableKey| mentions(&text, &key.name());
    let wanted: Vec<&TableKey> = wanted.iter().filter(is_there).copied().collect();
    let tables = lock.lock().map(|lock| lock.tables.as_slice());
    let mut found = BTreeSet::new();
    for table in tables.unwrap_or_default() {
        let Some(locked) = snapshot.locked_anywhere(&table.name) else {
            continue;
        };
        let Some(query) = locked.query else { continue };
        for key in &wanted {
            let reads = match renamed {
                Renamed::Column(family) => reads(&query, key, Some(&family.old)),
                Renamed::Table(..) => reads(&query, key, None) || table.name == key.to_string(),
            };
            if reads {
                found.insert((*key).clone());
            }
        }
    }
    found.into_iter().collect()
}

/// Whether a query reads a table, or a column of it.
fn reads(query: &Query, key: &TableKey, column: Option<&Name>) -> bool {
    let is_table = |table: &TableRef| match table {
        TableRef::Named(name) => name.parts == key.parts,
        _ => false,
    };
    let mut inputs = BTreeSet::new();
    for input in query.relations.iter().flat_map(Relation::inputs) {
        if matches!(&input.source, Source::Table(table) if is_table(table)) {
            inputs.insert(input.id);
        }
    }
    let Some(column) = column else {
        return !inputs.is_empty();
    };
    let mut found = false;
    for relation in &query.relations {
        if let Body::Select(select) = &relation.body {
            select.for_each_expression(&mut |expression| {
                expression.for_each(&mut |part| {
                    if let Expression::Column { input, name } = part {
                        found |= name == column && inputs.contains(input);
                    }
                });
            });
        }
    }
    found
}
