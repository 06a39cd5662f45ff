//! One finding instead of many, where nobody asked: a dbt project that has never heard of a *why* is
//! told once a file how much is missing.

use crate::code::{Code, code};
use crate::context::Context;
use crate::finding::{Finding, Severity, Subject};
use crate::{missing_description, missing_why, undocumented_column};
use index::{File, ModelId, Table};
use spec::model::TableOrigin;
use std::collections::HashSet;
use std::fmt::Write;

/// `findings` of `file`, those that are only to be counted made into one.
pub(crate) fn fold(context: &Context<'_>, file: &File, findings: Vec<Finding>) -> Vec<Finding> {
    let (mut counted, mut findings): (Vec<Finding>, Vec<Finding>) = findings
        .into_iter()
        .partition(|finding| finding.is_counted_only);
    counted.sort_by_key(|finding| finding.range(context.snapshot).start());
    findings.extend(folded(context, file, &counted));
    findings
}

fn folded(context: &Context<'_>, file: &File, counted: &[Finding]) -> Option<Finding> {
    let whole = Whole::of(context, file);
    let mut sentences = Vec::new();
    for (code, verb) in COUNTED {
        let of_code = || counted.iter().filter(|finding| finding.code == code.name);
        let tables = of_code()
            .filter(|finding| finding.subject.column.is_none())
            .count();
        let columns = of_code().count() - tables;
        sentences.extend(share(columns, whole.columns, tables, whole.tables, verb));
    }
    let mut parts = sentences.into_iter();
    let mut message = parts.next()?;
    for part in parts {
        let _ = write!(message, "; {part}");
    }
    message.push('.');
    let first = COUNTED
        .iter()
        .find_map(|(code, _)| counted.iter().find(|finding| finding.code == code.name))?;
    let asked = context
        .snapshot
        .settings(&file.path)
        .level(first.code, &file.path);
    let default = code(first.code)?.default;
    let severity = match asked {
        Some(level) => Severity::of_level(level)?,
        None => Severity::Info.min(Severity::of_level(default)?),
    };
    Some(Finding {
        severity,
        message,
        related: Vec::new(),
        is_counted_only: false,
        subject: Subject::default(),
        ..first.clone()
    })
}

/// The codes that are counted, the one that says most first, and what is so of one and of several.
const COUNTED: [(&Code, [&str; 2]); 3] = [
    (&missing_why::CODE, ["says no why", "say no why"]),
    (
        &missing_description::CODE,
        ["has no description", "have no description"],
    ),
    (
        &undocumented_column::CODE,
        [
            "is not described in any spec",
            "are not described in any spec",
        ],
    ),
];

/// How much there is in a file to say something of.
#[derive(Default)]
struct Whole {
    columns: usize,
    tables: usize,
}

impl Whole {
    /// The tables of `file` that are only counted, and their columns: those that it describes, or
    /// those that its SQL selects.
    fn of(context: &Context<'_>, file: &File) -> Whole {
        let snapshot = context.snapshot;
        let is_counted = |table: &Table| !context.is_asked_for(table);
        let mut whole = Whole::default();
        for entry in file.described_tables() {
            let is_own = !matches!(
                entry.origin,
                TableOrigin::DbtSource { .. } | TableOrigin::DbtSeed
            );
            if is_own && !entry.disabled {
                whole.tables += 1;
                // A column that is listed twice is one column.
                let names = entry.columns.iter().map(|column| &column.name.value);
                whole.columns += names.collect::<HashSet<_>>().len();
            }
        }
        let models = file
            .sql()
            .map(|sql| sql.models.as_slice())
            .unwrap_or_default();
        for (_, ordinal) in models.iter().zip(0..) {
            let table = snapshot.table_of_model(ModelId {
                file: file.id,
                ordinal,
            });
            if let Some(table) = table.filter(|table| is_counted(table)) {
                let selected = table
                    .columns
                    .iter()
                    .filter(|column| column.selected.is_some());
                whole.columns += selected.count();
            }
        }
        whole
    }
}

/// "12 of 14 columns and 1 of 3 tables say no why"; `None` where there is nothing to say.
fn share(
    columns: usize,
    all_columns: usize,
    tables: usize,
    all_tables: usize,
    [of_one, of_several]: [&str; 2],
) -> Option<String> {
    let part = |count: usize, all: usize, noun: &str| {
        let plural = if all == 1 { "" } else { "s" };
        (count > 0).then(|| format!("{count} of {} {noun}{plural}", all.max(count)))
    };
    let parts = [
        part(columns, all_columns, "column"),
        part(tables, all_tables, "table"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let verb = if columns + tables == 1 {
        of_one
    } else {
        of_several
    };
    (!parts.is_empty()).then(|| format!("{} {verb}", parts.join(" and ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_names_only_what_is_missing() {
        let says = |columns, tables| share(columns, 14, tables, 3, ["says no why", "say no why"]);
        assert_eq!(
            says(12, 1).as_deref(),
            Some("12 of 14 columns and 1 of 3 tables say no why")
        );
        assert_eq!(says(12, 0).as_deref(), Some("12 of 14 columns say no why"));
        assert_eq!(says(0, 3).as_deref(), Some("3 of 3 tables say no why"));
        assert_eq!(says(1, 0).as_deref(), Some("1 of 14 columns says no why"));
        assert_eq!(says(0, 0), None);
    }
}
