//! Guarantees of tables that no SQL makes any more.

use super::{binding, spoken};
use crate::code::Code;
use crate::context::Context;
use crate::drift::base::is_new_or_was_open;
use crate::drift::coverage::{Called, Coverage};
use crate::finding::{Finding, Severity};
use crate::sentences::{Sentence, Sentences};
use index::{File, Snapshot, Table};
use spec::guarantee::Guarantee;
use spec::model::{AmendmentId, TableOrigin};
use std::collections::{BTreeMap, BTreeSet};
use syntax::Name;

/// Whose requirements it breaks that a table is gone which a lock knows, or which was there in the base, one
/// finding for each amendment; none where an amendment takes the table away.
pub(crate) fn findings(
    context: &Context<'_>,
    product: &Name,
    code: &Code,
    findings: &mut Vec<Finding>,
) {
    let sentences = Sentences::of(context.snapshot, product);
    let orphans = sentences
        .in_force()
        .filter(|(sentence, _)| !sentence.file.quiet);
    let orphans: Vec<(&Sentence<'_>, Vec<Name>)> = orphans
        .filter_map(|(sentence, guarantee)| {
            let parts = orphaned(context.snapshot, &sentences, sentence, guarantee)?;
            Some((sentence, parts))
        })
        .collect();
    if orphans.is_empty() {
        return;
    }
    let gone = gone_tables(context);
    let coverage = Coverage::of(context, product);
    let mut broken: BTreeMap<(&GoneTable, usize), Vec<&Sentence<'_>>> = BTreeMap::new();
    for (sentence, parts) in &orphans {
        let table = starts(parts).find_map(|name| {
            let mut tables = gone.iter();
            tables.find(|table| table.parts.ends_with(name))
        });
        if let Some(table) = table {
            let own = broken.entry((table, sentence.entry)).or_default();
            own.push(sentence);
        }
    }
    for ((table, _), own) in broken {
        let is_covered = || {
            let called = Called::by_name(&table.name);
            let by = coverage.taking_away(&called, table.by.as_ref(), None);
            by.is_some_and(|by| context.base.is_none() || is_new_or_was_open(context, product, by))
        };
        if own.iter().any(|one| is_told(context.snapshot, one))
            || is_covered()
            || context.may_be_mentioned(&table.parts)
        {
            continue;
        }
        let still = own.iter().find(|one| sentences.successor(one).is_none());
        let Some(sentence) = still.or(own.first()) else {
            continue;
        };
        let Some(entry) = sentences.entry(sentence) else {
            continue;
        };
        let finding = spoken::vanished(code, &table.name, sentence, entry.amendment)
            .about(sentences.subject(product, sentence));
        findings.push(match still {
            Some(_) => finding,
            None => finding.milder(Severity::Info),
        });
    }
}

/// Whether the table is still known by a description, and the sentence says that it exists: that it does not
/// is told where all sentences about the table are.
fn is_told(snapshot: &Snapshot, sentence: &Sentence<'_>) -> bool {
    match sentence.guarantee {
        Some(Guarantee::Exists(path)) => {
            binding::table(snapshot, sentence.file, &path.parts).is_some()
        }
        _ => false,
    }
}

/// Whether anything makes the table. A model of a dbt project has its name from its file, also where nothing is
/// left in that.
fn is_made(snapshot: &Snapshot, table: &Table) -> bool {
    let is_left = |file: &File| !file.sql().is_some_and(|sql| sql.is_blank);
    let mut files = table.models.iter().filter_map(|id| snapshot.file(id.file));
    files.any(is_left)
}

/// A table that some SQL made once.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct GoneTable {
    name: String,
    parts: Vec<Name>,
    /// The amendment that covered its rows last.
    by: Option<AmendmentId>,
}

/// The tables that some SQL made once, as a lock or the base tells, and none makes now.
fn gone_tables(context: &Context<'_>) -> Vec<GoneTable> {
    let snapshot = context.snapshot;
    let all = snapshot.tables();
    let there = all.iter().filter(|table| {
        // A snapshot that dbt defines in YAML has no SQL of its own.
        let mut described = table.descriptions.iter();
        is_made(snapshot, table)
            || described.any(|id| {
                let entry = snapshot.description(*id).map(|(_, entry)| &entry.origin);
                matches!(entry, Some(TableOrigin::DbtSnapshot | TableOrigin::DbtSeed))
            })
    });
    let there: BTreeSet<String> = there
        .map(|table| table.key.to_string().to_lowercase())
        .collect();
    let mut known: Vec<(String, Option<AmendmentId>)> = Vec::new();
    // Without any SQL the specs may stand apart from it.
    for file in snapshot.files().into_iter().filter(|_| context.has_sql) {
        let tables = file.lock().into_iter().flat_map(|lock| &lock.tables);
        known.extend(tables.map(|table| (table.name.clone(), table.rows_by.clone())));
    }
    if let Some(base) = context.base {
        let tables = base.tables().into_iter();
        let made = tables.filter(|table| base.defining_model(table).is_some());
        known.extend(made.map(|table| (table.key.to_string(), None)));
    }
    let mut gone: Vec<GoneTable> = Vec::new();
    for (name, by) in known {
        let is_listed = gone.iter().any(|own| own.name == name);
        if !is_listed && !there.contains(&name.to_lowercase()) {
            gone.push(GoneTable {
                parts: name.split('.').map(Name::new).collect(),
                name,
                by,
            });
        }
    }
    gone
}

/// The name of what a sentence is about, by the names of today, where nothing of that name is made any more.
fn orphaned(
    snapshot: &Snapshot,
    sentences: &Sentences<'_>,
    sentence: &Sentence<'_>,
    guarantee: &Guarantee,
) -> Option<Vec<Name>> {
    // What is not there is as it was agreed.
    if matches!(
        guarantee,
        Guarantee::Absent(_) | Guarantee::RenamedFrom { .. }
    ) {
        return None;
    }
    let written = &guarantee.subject().parts;
    let parts = sentences.renames(sentence).now(written, Some(written));
    let is_there = starts(&parts).any(|name| {
        let bound = binding::table(snapshot, sentence.file, name);
        bound.is_some_and(|bound| {
            let is_source = bound.key.is_source && bound.key.parts == name;
            is_source || is_made(snapshot, bound)
        })
    });
    (!is_there).then_some(parts)
}

/// What a name may start with that is a table, the longest first.
fn starts(parts: &[Name]) -> impl Iterator<Item = &[Name]> {
    (1..=parts.len()).rev().filter_map(|end| parts.get(..end))
}
