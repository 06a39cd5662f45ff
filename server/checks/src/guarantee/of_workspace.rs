//! The sentences that are answered by what tables there are, and what reads what.

use super::configured::{Said, said};
use super::{Verdict, binding, place};
use crate::context::Context;
use index::relations::Run;
use index::{File, FileKind, ModelId, Snapshot, SqlRole, Table, TableKey};
use meaning::guarantee::{Answer, Contradiction, Origin, Piece, Reason, Subject, leaks};
use smol_str::SmolStr;
use spec::guarantee::{Guarantee, Path};
use sql::facts::{Input, TableRef};
use sql::relation::Body;
use std::collections::BTreeSet;
use syntax::{Name, Spot};

/// The answer; `None` for a sentence that the query answers.
pub(super) fn verdict<'s>(
    context: &Context<'s>,
    file: &File,
    table: &Table,
    guarantee: &Guarantee,
) -> Option<Verdict<'s>> {
    context.note(table);
    let asking = Asking {
        context,
        file,
        table,
    };
    match guarantee {
        Guarantee::Exists(path) => Some(asking.presence(path, true)),
        Guarantee::Absent(path) => Some(asking.presence(path, false)),
        Guarantee::Reads { other, .. } => Some(asking.reads(other, true)),
        Guarantee::NeverReads { other, .. } => Some(asking.reads(other, false)),
        Guarantee::MaterializedAs { kind, .. } => {
            Some(asking.configured("materialized", &[&kind.text]))
        }
        Guarantee::MergedBy { columns, .. } => {
            let names: Vec<&str> = columns
                .iter()
                .filter_map(|path| path.parts.last().map(Name::as_str))
                .collect();
            Some(asking.merged(&names))
        }
        Guarantee::ListsColumns(_) => Some(asking.lists_columns()),
        Guarantee::NeverLeaves {
            column,
            table,
            except,
        } => Some(asking.never_leaves(std::slice::from_ref(column), table, except)),
        Guarantee::ClassifiedNeverLeave {
            classification,
            table,
            except,
        } => Some(asking.classified(&classification.text, table, except)),
        // History reads older sentences through it; the SQL has nothing to keep.
        Guarantee::RenamedFrom { .. } => Some(Verdict {
            answer: Answer::Holds,
            place: None,
        }),
        _ => None,
    }
}

/// Strategies of an incremental run that look at no key.
const NOT_MERGING: [&str; 3] = ["append", "insert_overwrite", "microbatch"];

struct Asking<'a, 's> {
    context: &'a Context<'s>,
    file: &'a File,
    table: &'a Table,
}

impl<'s> Asking<'_, 's> {
    fn presence(&self, path: &Path, wanted: bool) -> Verdict<'s> {
        let snapshot = self.context.snapshot;
        let is_table = binding::table(snapshot, self.file, &path.parts)
            .is_some_and(|table| table.key == self.table.key);
        let definition = self.context.definition(self.table);
        let at_name = definition.map(|found| (found.file, found.model.name_spot.into()));
        let verdict = |is_there: bool, place| Verdict {
            answer: match is_there == wanted {
                true => Answer::Holds,
                false => broken(None),
            },
            place,
        };
        let has_model = !self.table.models.is_empty();
        let is_built = self.context.is_built(self.table);
        if is_table || has_model && !is_built {
            return verdict(has_model && is_built, at_name);
        }
        let Some(name) = path.parts.last() else {
            return Verdict::undecided(Reason::OutOfReach);
        };
        let column = self
            .table
            .column(name)
            .filter(|column| column.is_selected());
        match column {
            Some(column) => {
                let selected = column.selected.and_then(|selected| {
                    let (file, _) = snapshot.model(selected.model)?;
                    Some((file, selected.item.into()))
                });
                verdict(true, selected.or(at_name))
            }
            None if self.table.open || definition.is_none() => Verdict::undecided(Reason::OpenStar),
            None => verdict(false, at_name),
        }
    }

    /// Whether the table reads another one, through any number of tables.
    fn reads(&self, other: &Path, wanted: bool) -> Verdict<'s> {
        let snapshot = self.context.snapshot;
        let key = binding::table(snapshot, self.file, &other.parts).map(|table| &table.key);
        let mut search = Search {
            context: self.context,
            other: &other.parts,
            key,
            seen: BTreeSet::new(),
            is_complete: true,
        };
        let found = search.table(self.table);
        let definition = self.context.definition(self.table);
        match (found, wanted) {
            (Some(_), true) => holds(),
            (Some((file, spot)), false) => Verdict {
                answer: broken(None),
                place: Some((file, spot.into())),
            },
            (None, _) if !search.is_complete || definition.is_none() => {
                Verdict::undecided(Reason::UnknownSql)
            }
            (None, false) => holds(),
            // A name that stands for nothing is said to.
            (None, true) if !binding::is_known(snapshot, self.file, &other.parts) => {
                Verdict::undecided(Reason::OutOfReach)
            }
            (None, true) => Verdict {
                answer: broken(None),
                place: definition.map(|found| (found.file, found.model.name_spot.into())),
            },
        }
    }

    /// Whether rows are merged by just these columns: a table that is built anew, or only added to, merges none.
    fn merged(&self, columns: &[&str]) -> Verdict<'s> {
        match self.merges() {
            true => self.configured("unique_key", columns),
            false => Verdict::undecided(Reason::NoProof),
        }
    }

    fn merges(&self) -> bool {
        let snapshot = self.context.snapshot;
        let Some(definition) = self.context.definition(self.table) else {
            return false;
        };
        let is_merging = |strategy: &SmolStr| !NOT_MERGING.contains(&strategy.as_str());
        let is_incremental = matches!(
            said(snapshot, &definition, "materialized"),
            Said::Names(given, _) if given == ["incremental"]
        );
        let merges = match said(snapshot, &definition, "incremental_strategy") {
            Said::Nothing => true,
            Said::Names(given, _) => given.iter().all(is_merging),
            Said::Computed => false,
        };
        let is_snapshot = matches!(definition.file.kind, FileKind::Sql(SqlRole::Snapshot));
        is_snapshot || is_incremental && merges
    }

    /// Whether just these names are configured for `key`, in any order.
    fn configured(&self, key: &str, wanted: &[&str]) -> Verdict<'s> {
        let Some(definition) = self.context.definition(self.table) else {
            return Verdict::undecided(Reason::UnknownSql);
        };
        let (given, spot) = match said(self.context.snapshot, &definition, key) {
            Said::Nothing => return Verdict::undecided(Reason::NoProof),
            Said::Computed => return Verdict::undecided(Reason::UnknownSql),
            Said::Names(given, spot) => (given, spot),
        };
        let folded: BTreeSet<String> = given.iter().map(|name| name.to_lowercase()).collect();
        if folded == wanted.iter().map(|name| name.to_lowercase()).collect() {
            return holds();
        }
        Verdict {
            answer: broken(Some(given.join(", "))),
            place: Some((definition.file, spot.into())),
        }
    }

    /// Whether no column of the output comes by a `*` over another table.
    fn lists_columns(&self) -> Verdict<'s> {
        let snapshot = self.context.snapshot;
        let Some(definition) = self.context.definition(self.table) else {
            return Verdict::undecided(Reason::UnknownSql);
        };
        let mut outputs = definition.model.outputs.iter();
        let star = outputs.find_map(|output| match output {
            sql::facts::Output::Star(star) => Some(star.item),
            sql::facts::Output::Column(_) => None,
        });
        // The names of a union are those of its first branch.
        let star = star.or_else(|| {
            let is_open = has_open_branch(snapshot, self.table_model());
            is_open.then_some(definition.model.name_spot)
        });
        match star {
            Some(item) => Verdict {
                answer: broken(Some("a `*` over another table".to_owned())),
                place: Some((definition.file, item.into())),
            },
            None if definition.model.open.is_some()
                || snapshot.model(self.table_model()).is_none() =>
            {
                Verdict::undecided(Reason::OpenStar)
            }
            None => holds(),
        }
    }

    fn table_model(&self) -> ModelId {
        self.table.models.first().copied().unwrap_or(ModelId {
            file: self.file.id,
            ordinal: u32::MAX,
        })
    }

    fn classified(&self, classification: &str, keeper: &Path, except: &[Path]) -> Verdict<'s> {
        let snapshot = self.context.snapshot;
        let is_tagged = |column: &&index::Column| {
            column.described.iter().any(|described| {
                let entry = snapshot.described_column(*described);
                entry.is_some_and(|entry| {
                    let mut tags = entry.classification.iter();
                    tags.any(|tag| tag.value.eq_ignore_ascii_case(classification))
                })
            })
        };
        let columns = self.table.columns.iter().filter(is_tagged);
        let paths: Vec<Path> = columns
            .map(|column| Path {
                parts: vec![column.name.clone()],
                range: keeper.range,
            })
            .collect();
        match paths.is_empty() {
            true => Verdict::undecided(Reason::NothingDeclared),
            false => self.never_leaves(&paths, keeper, except),
        }
    }

    /// Whether no other table has a value of the columns, through any number of tables.
    fn never_leaves(&self, columns: &[Path], keeper: &Path, except: &[Path]) -> Verdict<'s> {
        let snapshot = self.context.snapshot;
        if let Some(asked) = self.context.asked {
            asked.note_everything();
        }
        let allowed: BTreeSet<&TableKey> = std::iter::once(keeper)
            .chain(except)
            .filter_map(|path| binding::table(snapshot, self.file, &path.parts))
            .map(|table| &table.key)
            .collect();
        let names = columns.iter().filter_map(|path| path.parts.last());
        let mut waiting: Vec<(TableKey, Name)> = names
            .map(|name| (self.table.key.clone(), name.clone()))
            .collect();
        let mut seen: BTreeSet<(TableKey, Name)> = waiting.iter().cloned().collect();
        let mut unknown: Option<Reason> = None;
        while let Some((key, name)) = waiting.pop() {
            // What can't be read may read it.
            if self.context.may_be_mentioned(&[key.name()]) {
                unknown = Some(Reason::UnknownSql);
            }
            // Which columns other statements copy is not followed.
            if self.is_copied(&key, &allowed) {
                unknown = Some(Reason::UnknownSql);
            }
            for (model, reader) in readers(snapshot, &key) {
                if !self.context.is_built(reader) {
                    continue;
                }
                let taken = taken(snapshot, model, (&key, &name));
                unknown = unknown.or(taken.unknown);
                for given in taken.columns {
                    if !allowed.contains(&reader.key) {
                        return left(snapshot, reader, given.as_ref(), model);
                    }
                    if let Some(given) = given
                        && seen.insert((reader.key.clone(), given.clone()))
                    {
                        waiting.push((reader.key.clone(), given));
                    }
                }
            }
        }
        match unknown {
            None => holds(),
            Some(reason) => Verdict::undecided(reason),
        }
    }
}

impl Asking<'_, '_> {
    /// Whether a statement that defines nothing reads a table for another than those allowed.
    fn is_copied(&self, key: &TableKey, allowed: &BTreeSet<&TableKey>) -> bool {
        let snapshot = self.context.snapshot;
        let changes = snapshot.changes(key).into_iter();
        let mut reading = changes.filter(|(file, change)| {
            let mut inputs = change.inputs.iter();
            inputs.any(|input| snapshot.table_key(file, &input.table) == Some(key))
        });
        reading.any(|(file, change)| {
            let target = change.table.clone().map(TableRef::Named);
            let target = target.and_then(|table| snapshot.table_key(file, &table));
            target.is_none_or(|target| !allowed.contains(target))
        })
    }
}

/// The columns of a model that have values of another table's column.
struct Taken {
    /// The names of those of which it is certain, as far as they have one.
    columns: Vec<Option<Name>>,
    /// Why there may be more; `None` where there are none.
    unknown: Option<Reason>,
}

/// What a model takes of a column, in a full refresh and in an incremental run.
fn taken(snapshot: &Snapshot, model: ModelId, (key, name): (&TableKey, &Name)) -> Taken {
    let mut taken = Taken {
        columns: Vec::new(),
        unknown: None,
    };
    let runs = [Run::FullRefresh, Run::Incremental];
    let queries = runs.map(|run| snapshot.named_query_of(model, run));
    let mut is_mentioned = false;
    for named in queries.into_iter().flatten() {
        let Some((mention, _)) = named.tables().find(|(_, own)| *own == key) else {
            continue;
        };
        is_mentioned = true;
        let origin = Origin {
            table: mention.clone(),
            column: Some(name.clone()),
        };
        let subject = Subject::new(named.query.clone());
        let leaks = leaks(&subject, &origin);
        taken.unknown = taken.unknown.or(leaks.unknown);
        let given = leaks.columns.into_iter().map(|position| {
            let column = subject.query.root().columns.get(position);
            column.and_then(|column| column.name.clone())
        });
        taken.columns.extend(given);
    }
    // It is read by something of which no query is known.
    if !is_mentioned && mentions(snapshot, model, key) {
        taken.unknown = Some(Reason::UnknownSql);
    }
    taken
}

/// Whether the text of a model mentions a table.
fn mentions(snapshot: &Snapshot, model: ModelId, key: &TableKey) -> bool {
    snapshot.model(model).is_some_and(|(file, model)| {
        let mut inputs = model.inputs.iter();
        inputs.any(|input| snapshot.table_key(file, &input.table) == Some(key))
    })
}

/// Whether a branch of the set operation that a model is has a `*` over a table.
fn has_open_branch(snapshot: &Snapshot, model: ModelId) -> bool {
    let named = snapshot.named_query(model);
    named.is_some_and(|named| {
        let tables = named.query.tables();
        let is_set = matches!(named.query.root().body, Body::Set(_));
        let mut rest = named.query.rest.iter().flatten();
        is_set && rest.any(|rest| tables.contains(&&rest.table))
    })
}

/// A value has left for a column of a reader, which may have no name.
fn left<'s>(
    snapshot: &'s Snapshot,
    reader: &Table,
    given: Option<&Name>,
    model: ModelId,
) -> Verdict<'s> {
    let now = match given {
        Some(given) => format!("{}.{given}", reader.key),
        None => reader.key.to_string(),
    };
    let at_column = given.and_then(|given| place::column(snapshot, reader, given, model));
    let at_name = || {
        let (file, facts) = snapshot.model(model)?;
        Some((file, facts.name_spot.into()))
    };
    Verdict {
        answer: broken(Some(now)),
        place: at_column.or_else(at_name),
    }
}

/// The models that read a table, and the tables that they define.
fn readers<'s>(
    snapshot: &'s Snapshot,
    key: &TableKey,
) -> Vec<(ModelId, &'s std::sync::Arc<Table>)> {
    let mut found = Vec::new();
    for file in snapshot.readers(key) {
        let models = file.sql().map_or(0, |sql| sql.models.len());
        for ordinal in 0..u32::try_from(models).unwrap_or(0) {
            let model = ModelId {
                file: file.id,
                ordinal,
            };
            if let Some(table) = snapshot.table_of_model(model)
                && table.key != *key
            {
                found.push((model, table));
            }
        }
    }
    found
}

/// A search for a table upstream.
struct Search<'a, 's> {
    context: &'a Context<'s>,
    other: &'a [Name],
    key: Option<&'a TableKey>,
    seen: BTreeSet<TableKey>,
    is_complete: bool,
}

impl<'s> Search<'_, 's> {
    /// Where the table's model mentions what leads to the other one.
    fn table(&mut self, table: &Table) -> Option<(&'s File, Spot)> {
        let snapshot = self.context.snapshot;
        self.context.note(table);
        if !self.seen.insert(table.key.clone()) {
            return None;
        }
        self.is_complete &= !snapshot.is_unreadable(table);
        for id in &table.models {
            let Some((file, model)) = snapshot.model(*id) else {
                continue;
            };
            self.is_complete &= file
                .sql()
                .is_some_and(|sql| sql.statements.parsed == sql.statements.total);
            if let Some(found) = self.among(file, &model.inputs) {
                return Some(found);
            }
        }
        for (file, change) in snapshot.changes(&table.key) {
            let target = change.table.clone().map(TableRef::Named);
            let target = target.and_then(|named| snapshot.table_key(file, &named));
            if target == Some(&table.key)
                && let Some(found) = self.among(file, &change.inputs)
            {
                return Some(found);
            }
        }
        None
    }

    /// Where one of the inputs of a statement leads to the other table.
    fn among(&mut self, file: &'s File, inputs: &[Input]) -> Option<(&'s File, Spot)> {
        let snapshot = self.context.snapshot;
        for input in inputs {
            if let Some(name) = input.table.last_name() {
                self.context.note_name(name);
            }
            let upstream = snapshot.resolve(file, &input.table);
            let is_it = match (upstream, self.key) {
                (Some(upstream), Some(key)) => upstream.key == *key,
                (None, _) => binding::ends_with(&input.table, self.other),
                (Some(_), None) => false,
            };
            self.is_complete &= input.table != TableRef::Unknown;
            if is_it || upstream.is_some_and(|upstream| self.table(upstream).is_some()) {
                return Some((file, input.spot));
            }
        }
        None
    }
}

fn holds<'s>() -> Verdict<'s> {
    Verdict {
        answer: Answer::Holds,
        place: None,
    }
}

fn broken(now: Option<String>) -> Answer {
    Answer::Contradicted(Contradiction {
        at: Piece::Whole,
        now,
        witness: None,
    })
}
