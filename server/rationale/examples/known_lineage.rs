//! Counts of how many models of a workspace the lineage is known:
//! `known_lineage [-v] [-d MODEL] FOLDER…`.
//!
//! A model is *read* when it was rendered and parsed, or masked, and no query, table or expression on
//! the way to its columns and rows is not understood. Its lineage is *known* when besides every column
//! that it lists has a lineage that is exact or through a macro, or is a constant. One without columns
//! counts where it is all of a table. Between the two are names without their table before them, where
//! nothing tells the columns of the tables that they may be of: how many models it is only those is
//! said too. `-v` lists the others by what is missing; `-d` shows the lineage of one model, and its
//! text as it was rendered.

#![allow(clippy::print_stdout, reason = "the answer of a program")]

use index::lineage::of_file;
use index::relations::{FileRelations, Reading};
use index::{FileKind, ModelId, Snapshot, SqlRole, Workspace};
use meaning::lineage::{Confidence, Kind, Lineage};
use rationale::system::Disk;
use rayon::prelude::*;
use sql::lower::Lowered;
use sql::relation::{Body, Expression, Relation, RelationId, Source, Unknown, UnknownReason};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// Files and models of one reading.
#[derive(Debug, Default)]
struct Count {
    models: usize,
    /// Those of which nothing is not understood.
    read: usize,
    known: usize,
    /// Those that are not known for names alone that several tables may have.
    undeclared: usize,
    /// Those of `known` of which it is sure what decides their rows, and that no column is left out.
    whole: usize,
}

/// What is said of a model.
struct Verdict {
    path: String,
    reading: Reading,
    /// Why its lineage is not known.
    missing: BTreeSet<String>,
    is_whole: bool,
    /// Something in it is not understood.
    is_unread: bool,
    /// Names that several tables may have, and others of which nothing is known.
    ambiguous: usize,
    unresolved: usize,
}

impl Verdict {
    fn new(path: String, reading: Reading) -> Verdict {
        Verdict {
            path,
            reading,
            missing: BTreeSet::new(),
            is_whole: true,
            is_unread: false,
            ambiguous: 0,
            unresolved: 0,
        }
    }

    fn unread(&mut self, reason: &str) {
        self.missing.insert(reason.to_owned());
        self.is_unread = true;
    }

    /// Whether all that is missing is which of several tables a name is of.
    fn is_undeclared(&self) -> bool {
        !self.missing.is_empty() && !self.is_unread && self.ambiguous > 0 && self.unresolved == 0
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1).peekable();
    let verbose = arguments.next_if(|argument| argument == "-v").is_some();
    let shown = arguments
        .next_if(|argument| argument == "-d")
        .and_then(|_| arguments.next());
    for folder in arguments {
        let Ok(folder) = PathBuf::from(&folder).canonicalize() else {
            println!("{folder} is not there");
            continue;
        };
        let mut workspace = Workspace::new(Arc::new(Disk), vec![folder.clone()]);
        workspace.load();
        let snapshot = workspace.snapshot();
        match &shown {
            Some(model) => show(&snapshot, model),
            None => measure(&snapshot, &folder.display().to_string(), verbose),
        }
    }
}

/// The models of the workspace itself, in the order of their paths.
fn models(snapshot: &Snapshot) -> Vec<ModelId> {
    let files = snapshot.files().into_iter();
    let own = files.filter(|file| file.kind == FileKind::Sql(SqlRole::Model) && !file.quiet);
    let models = own.flat_map(|file| {
        let count = file.sql().map_or(0, |sql| sql.models.len().max(1)) as u32;
        (0..count).map(|ordinal| ModelId {
            file: file.id,
            ordinal,
        })
    });
    models.collect()
}

fn measure(snapshot: &Snapshot, folder: &str, verbose: bool) {
    let pool = rayon::ThreadPoolBuilder::new().stack_size(sql::STACK_SIZE);
    let Ok(pool) = pool.build() else { return };
    let models = models(snapshot);
    let started = Instant::now();
    let read: Vec<_> = pool.install(|| {
        let models = models.par_iter();
        models.map(|model| snapshot.relation(*model)).collect()
    });
    let taken = started.elapsed();
    let verdicts: Vec<Verdict> = models
        .iter()
        .zip(read)
        .filter_map(|(model, relations)| verdict(snapshot, *model, relations))
        .collect();
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let mut missing: BTreeMap<&str, Vec<&Verdict>> = BTreeMap::new();
    for verdict in &verdicts {
        let reading = match verdict.reading {
            Reading::Plain => "plain",
            Reading::Rendered => "rendered",
            Reading::Masked | Reading::Broken => "masked",
        };
        for name in [reading, "all"] {
            let count = counts.entry(name).or_default();
            count.models += 1;
            count.read += usize::from(!verdict.is_unread);
            count.undeclared += usize::from(verdict.is_undeclared());
            count.known += usize::from(verdict.missing.is_empty());
            count.whole += usize::from(verdict.missing.is_empty() && verdict.is_whole);
        }
        for reason in &verdict.missing {
            missing.entry(reason).or_default().push(verdict);
        }
    }
    println!("{folder}");
    for (name, count) in &counts {
        let Count {
            models,
            read,
            known,
            undeclared,
            whole,
        } = count;
        let share = |part: &usize| 100.0 * *part as f64 / (*models).max(1) as f64;
        println!(
            "  {name:9} {models:5} models, read {read:5} ({:.1}%), lineage known of {known:5} ({:.1}%), of {whole} rows too",
            share(read),
            share(known),
        );
        println!(
            "            {undeclared:5} more but for names that several tables may have ({:.1}% with them)",
            share(&(known + undeclared)),
        );
    }
    println!("  rendered and lowered in {taken:?}");
    if !verbose {
        return;
    }
    let mut missing: Vec<_> = missing.into_iter().collect();
    missing.sort_by_key(|(_, verdicts)| std::cmp::Reverse(verdicts.len()));
    for (reason, verdicts) in missing {
        println!("  {:4} {reason}", verdicts.len());
        for verdict in verdicts.iter().take(4) {
            println!("         {}", verdict.path);
        }
    }
}

fn verdict(
    snapshot: &Snapshot,
    id: ModelId,
    relations: Option<(FileRelations, usize)>,
) -> Option<Verdict> {
    let file = snapshot.file(id.file)?;
    let mut verdict = Verdict::new(snapshot.display_path(&file.path), Reading::Masked);
    let Some((relations, at)) = relations else {
        verdict.unread("no query");
        return Some(verdict);
    };
    verdict.reading = relations.reading;
    let ways = [Some(&relations.full), relations.incremental.as_ref()];
    for lowered in ways.into_iter().flatten().filter_map(|way| way.get(at)) {
        missing_of_query(lowered, &mut verdict);
    }
    if let Some(lineage) = of_file(&relations, at) {
        missing_of_lineage(&lineage, &mut verdict);
    }
    Some(verdict)
}

fn missing_of_query(lowered: &Lowered, verdict: &mut Verdict) {
    let query = &lowered.query;
    if matches!(query.root().body, Body::Unknown { .. }) {
        verdict.unread("the query is not read");
        return;
    }
    for id in reached(lowered) {
        let relation = query.relation(id);
        if matches!(relation.body, Body::Unknown { .. }) {
            verdict.unread("a part of the query is not read");
        }
        for input in relation.inputs() {
            if matches!(input.source, Source::Unknown { .. }) {
                verdict.unread("a table of FROM is not read");
            }
        }
        let mut unknown = None;
        each_part(relation, &mut |part| {
            if let Expression::Unknown(Unknown { reason, .. }) = part {
                unknown = unknown.max(Some(*reason));
                match reason {
                    UnknownReason::Ambiguous => verdict.ambiguous += 1,
                    _ => verdict.unresolved += 1,
                }
            }
        });
        verdict.is_whole &= unknown.is_none();
        for mention in lowered
            .places
            .mentions
            .iter()
            .filter(|mention| mention.within == id)
        {
            if let Expression::Unknown(Unknown { reason, .. }) = &mention.value {
                let reason = said(*reason);
                verdict.missing.insert(format!("a column: {reason}"));
            }
        }
        if unknown == Some(UnknownReason::Unsupported) {
            verdict.unread("an expression is not read");
        }
    }
}

fn said(reason: UnknownReason) -> &'static str {
    match reason {
        UnknownReason::Template => "a template's text is not known",
        UnknownReason::Ambiguous => "several tables may have it",
        UnknownReason::NoSuchColumn => "no table has it",
        UnknownReason::Unsupported => "an expression is not read",
    }
}

fn missing_of_lineage(lineage: &Lineage, verdict: &mut Verdict) {
    if lineage.columns.is_empty() && (!lineage.open || lineage.tables.is_empty()) {
        verdict.unread("no columns");
    }
    for column in &lineage.columns {
        if column.kind == Kind::Unknown {
            verdict
                .missing
                .insert("a column's value is not known".to_owned());
        }
        if column
            .sources
            .iter()
            .any(|edge| edge.confidence == Confidence::Unknown)
        {
            verdict.missing.insert("an edge is not sure".to_owned());
        }
    }
}

/// The relations that the query's columns and rows come from.
fn reached(lowered: &Lowered) -> Vec<RelationId> {
    let mut seen = BTreeSet::from([lowered.query.root]);
    let mut waiting = vec![lowered.query.root];
    while let Some(id) = waiting.pop() {
        let relation = lowered.query.relation(id);
        let mut next = Vec::new();
        match &relation.body {
            Body::Select(select) => {
                for input in select.inputs() {
                    if let Source::Relation(id) = input.source {
                        next.push(id);
                    }
                }
            }
            Body::Set(set) => next.extend([set.left, set.right]),
            Body::Recursive { seed, step, .. } => next.extend([*seed, *step]),
            Body::Values(_) | Body::Unknown { .. } => {}
        }
        each_part(relation, &mut |part| {
            if let Expression::Subquery(subquery) = part {
                next.push(subquery.relation);
            }
        });
        waiting.extend(next.into_iter().filter(|id| seen.insert(*id)));
    }
    seen.into_iter().collect()
}

fn each_part(relation: &Relation, visit: &mut dyn FnMut(&Expression)) {
    let mut each = |expression: &Expression| expression.for_each(&mut |part| visit(part));
    if let Some(select) = relation.select() {
        select.for_each_expression(&mut each);
    }
    if let Body::Values(rows) = &relation.body {
        rows.iter().flatten().for_each(&mut each);
    }
    if let Some(limit) = &relation.limit {
        limit.for_each_expression(&mut each);
    }
}

/// Prints the lineage of the models whose path ends with `name`.
fn show(snapshot: &Snapshot, name: &str) {
    for id in models(snapshot) {
        let Some(file) = snapshot.file(id.file) else {
            continue;
        };
        if !file.path.to_string_lossy().ends_with(name) {
            continue;
        }
        println!("{}", file.path.display());
        if let Some(text) = snapshot.text(file) {
            println!("{text}");
        }
        if let Some(rendered) = snapshot.rendered(file) {
            println!("---- rendered, {:?}\n{}", rendered.failed, rendered.text);
            for hole in &rendered.holes {
                println!("---- {:?}", hole.stands_for);
            }
            println!("---- guessed: {}", rendered.guessed);
        }
        let Some((relations, at)) = snapshot.relation(id) else {
            continue;
        };
        println!("---- {:?}", relations.reading);
        let Some(lineage) = of_file(&relations, at) else {
            continue;
        };
        for column in &lineage.columns {
            let name = column.name.as_ref().map_or("?", |name| name.as_str());
            let sources = column.sources.iter();
            let sources = sources.map(|edge| {
                let (table, column) = (&edge.from.table, &edge.from.column);
                format!("{table}.{column} {:?}", edge.confidence)
            });
            println!(
                "  {name}: {:?} {}",
                column.kind,
                sources.collect::<Vec<_>>().join(", ")
            );
        }
        println!("  open: {}", lineage.open);
        let rows = lineage
            .rows
            .iter()
            .map(|row| format!("{}.{}", row.table, row.column));
        println!("  rows: {}", rows.collect::<Vec<_>>().join(", "));
        let mut missing = Verdict::new(String::new(), relations.reading);
        if let Some(lowered) = relations.full.get(at) {
            missing_of_query(lowered, &mut missing);
        }
        println!("  missing: {:?}", missing.missing);
    }
}
