//! The findings for machines. `docs/json.md` describes the shape; every change of it that a reader
//! could notice is a new [`VERSION`].

use super::Tally;
use super::base::BaseReport;
use super::sources::{Source, Sources};
use crate::cli::overview::Overview;
use checks::{Coverage, Detail, Finding, Related};
use index::{FileId, Snapshot};
use rayon::prelude::*;
use serde::Serialize;
use sql::STACK_SIZE;
use std::io::{self, Write};
use syntax::{Encoding, TextRange, TextSize};

/// The version of the shape.
const VERSION: u32 = 1;

/// Writes all of it as one JSON object on one line.
pub(super) fn write(
    output: &mut impl Write,
    snapshot: &Snapshot,
    findings: &[Finding],
    overview: &Overview,
    coverage: Coverage,
    base: Option<(&Snapshot, BaseReport)>,
) -> io::Result<()> {
    let mut sources = Sources::new(snapshot);
    let (base, base_report) = base.unzip();
    let fixes = fixes(snapshot, base, findings);
    let report = Report {
        version: VERSION,
        findings: findings
            .iter()
            .zip(fixes)
            .map(|(finding, fixes)| entry(&mut sources, snapshot, finding, fixes))
            .collect(),
        summary: Summary {
            files: overview.files,
            tables: overview.tables,
            columns: overview.columns,
            whys: overview.whys(),
            parsed: overview.parsed,
            unparsed: overview.unparsed,
            findings: Tally::of(findings),
            guarantees: Guarantees {
                hold: coverage.hold,
                contradicted: coverage.contradicted,
                at_risk: coverage.at_risk,
                cant_be_told: coverage.cant_be_told,
            },
            promises: coverage.promises,
            amendments_without_guarantee: coverage.guarantee_nothing,
        },
        base: base_report,
    };
    serde_json::to_writer(&mut *output, &report)?;
    writeln!(output)
}

#[derive(Serialize)]
struct Report {
    version: u32,
    findings: Vec<Entry>,
    summary: Summary,
    base: Option<BaseReport>,
}

#[derive(Serialize)]
struct Entry {
    code: &'static str,
    severity: &'static str,
    message: String,
    path: String,
    range: Option<Range>,
    table: Option<String>,
    column: Option<String>,
    amendment: Option<String>,
    product: Option<String>,
    related: Vec<RelatedEntry>,
    fixes: Vec<FixEntry>,
}

#[derive(Serialize)]
struct RelatedEntry {
    path: String,
    range: Option<Range>,
    message: String,
}

#[derive(Serialize)]
struct FixEntry {
    title: String,
}

#[derive(Serialize)]
struct Summary {
    files: usize,
    tables: usize,
    columns: usize,
    whys: usize,
    parsed: usize,
    unparsed: usize,
    findings: Tally,
    guarantees: Guarantees,
    promises: usize,
    amendments_without_guarantee: usize,
}

/// How many guarantees in force have which answer.
#[derive(Serialize)]
struct Guarantees {
    hold: usize,
    contradicted: usize,
    at_risk: usize,
    cant_be_told: usize,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

/// Both count from 1, the column in characters.
#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

/// What would settle each of the findings. To name it, the workspace is asked who reads what, so this
/// is done on many threads.
fn fixes(snapshot: &Snapshot, base: Option<&Snapshot>, findings: &[Finding]) -> Vec<Vec<FixEntry>> {
    let titles = |finding: &Finding| {
        let outlines = checks::fixes(snapshot, base, finding, Detail::Title);
        let titles = outlines.into_iter().map(|fix| fix.title);
        titles.map(|title| FixEntry { title }).collect()
    };
    let all = || findings.par_iter().map(titles).collect();
    match rayon::ThreadPoolBuilder::new()
        .stack_size(STACK_SIZE)
        .build()
    {
        Ok(pool) => pool.install(all),
        // Where no thread is to be had, rayon uses this one.
        Err(_) => all(),
    }
}

fn entry(
    sources: &mut Sources<'_>,
    snapshot: &Snapshot,
    finding: &Finding,
    fixes: Vec<FixEntry>,
) -> Entry {
    let subject = &finding.subject;
    let related = finding.related.iter();
    Entry {
        code: finding.code,
        severity: finding.severity.name(),
        message: finding.message.clone(),
        path: path(snapshot, finding.file),
        range: range(sources, finding.file, finding.range(snapshot)),
        table: subject.table.as_ref().map(ToString::to_string),
        column: subject.column.as_ref().map(ToString::to_string),
        amendment: subject.amendment.as_ref().map(ToString::to_string),
        product: subject.product.as_ref().map(ToString::to_string),
        related: related
            .map(|related| related_entry(sources, snapshot, related))
            .collect(),
        fixes,
    }
}

fn related_entry(
    sources: &mut Sources<'_>,
    snapshot: &Snapshot,
    related: &Related,
) -> RelatedEntry {
    RelatedEntry {
        path: path(snapshot, related.file),
        range: range(sources, related.file, related.range(snapshot)),
        message: related.message.clone(),
    }
}

fn path(snapshot: &Snapshot, id: FileId) -> String {
    snapshot
        .file(id)
        .map(|file| snapshot.display_path(&file.path))
        .unwrap_or_default()
}

fn range(sources: &mut Sources<'_>, file: FileId, range: TextRange) -> Option<Range> {
    let source = sources.source(file)?;
    Some(Range {
        start: position(&source, range.start()),
        end: position(&source, range.end()),
    })
}

fn position(source: &Source, offset: TextSize) -> Position {
    let position = source.lines.position(&source.text, offset, Encoding::Utf32);
    Position {
        line: position.line + 1,
        column: position.column + 1,
    }
}
