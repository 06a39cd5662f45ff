//! How a column is computed: from which columns of tables, through CTEs and subqueries, what decides
//! its rows, and what it means.

use super::listed;
use crate::markdown;
use index::{Column, File, Snapshot};
use meaning::canonical::{ColumnMeaning, canonical};
use meaning::derive::{self, Facts, Nullability};
use meaning::lineage::{self, ColumnLineage, Confidence, Kind, TableColumn};
use sql::lower::Lowered;
use sql::relation::{DataType, Query, RelationId};

/// How much of a meaning is shown, in characters; a longer one tells nothing at a glance.
const LONGEST_MEANING: usize = 300;

/// A column that a relation gives.
#[derive(Clone, Copy)]
pub(super) struct Given<'s> {
    pub(super) file: &'s File,
    pub(super) lowered: &'s Lowered,
    pub(super) relation: RelationId,
    pub(super) position: usize,
}

/// What is known of a column by the SQL that gives it.
#[derive(Default)]
pub(super) struct Derivation {
    /// Its type, where it is known.
    pub(super) data_type: Option<String>,
    /// Whether it can be `NULL`, where it is known.
    pub(super) can_be_null: Option<bool>,
    /// How it is computed, as Markdown; `None` where it is handed on as it is.
    pub(super) story: Option<String>,
}

/// `may be null`, `never null`
pub(super) fn nullability(can_be_null: bool) -> &'static str {
    if can_be_null {
        "may be null"
    } else {
        "never null"
    }
}

/// What is known of the column of a table by the model that selects it.
pub(super) fn of_table_column(snapshot: &Snapshot, column: &Column) -> Option<Derivation> {
    let selected = column.selected?;
    let file = snapshot.file(selected.model.file)?;
    let (relations, at) = snapshot.relation(selected.model)?;
    let lowered = relations.full.get(at)?;
    let given = Given {
        file,
        lowered,
        relation: lowered.query.root,
        position: lowered.query.root().position(&column.name)?,
    };
    Some(derivation(snapshot, given))
}

/// What is known of a column by the SQL that gives it.
pub(super) fn derivation(snapshot: &Snapshot, given: Given<'_>) -> Derivation {
    let Lowered { query, places, .. } = given.lowered;
    let by_macro = |relation, at| places.is_by_macro(relation, at);
    let lineage = lineage::of_column(query, &by_macro, given.relation, given.position);
    let mut canonical = canonical(&from(given)).columns.into_iter();
    let Some((lineage, canonical)) = lineage.zip(canonical.nth(given.position)) else {
        return Derivation::default();
    };
    let declared = snapshot.declared(given.file);
    Derivation {
        data_type: data_type(query, &declared, given).map(|it| it.to_string()),
        can_be_null: can_be_null(query, &declared, given),
        story: story(snapshot, given, &lineage, &canonical),
    }
}

fn data_type(query: &Query, declared: &dyn Facts, given: Given<'_>) -> Option<DataType> {
    derive::data_type(query, given.relation, given.position, declared)
}

fn can_be_null(query: &Query, declared: &dyn Facts, given: Given<'_>) -> Option<bool> {
    match derive::nullability(query, given.relation, given.position, declared) {
        Nullability::Never => Some(false),
        Nullability::Possible(_) => Some(true),
        Nullability::Unknown => None,
    }
}

fn story(
    snapshot: &Snapshot,
    given: Given<'_>,
    lineage: &ColumnLineage,
    canonical: &ColumnMeaning,
) -> Option<String> {
    let query = &given.lowered.query;
    let is_output = given.relation == query.root;
    let mut told = vec![sources(snapshot, given.file, lineage, is_output)?];
    let rows = if is_output {
        lineage::rows_of(query, query.root)
    } else {
        Vec::new()
    };
    if !rows.is_empty() {
        let names: Vec<String> = rows
            .iter()
            .map(|column| name(snapshot, given.file, column))
            .collect();
        told.push(format!("Rows decided by {}.", listed(&names)));
    }
    let told = told.join(" ");
    match meaning(canonical, lineage.kind) {
        Some(meaning) => Some(format!("{told}\n\n**Means** {}", markdown::code(&meaning))),
        None => Some(told),
    }
}

fn sources(
    snapshot: &Snapshot,
    file: &File,
    lineage: &ColumnLineage,
    is_output: bool,
) -> Option<String> {
    let names = lineage.sources.iter().map(|edge| {
        let name = name(snapshot, file, &edge.from);
        (name, edge.confidence)
    });
    let (unsure, sure): (Vec<_>, Vec<_>) =
        names.partition(|(_, confidence)| *confidence == Confidence::Unknown);
    let by_macro = sure.iter().any(|(_, it)| *it == Confidence::Macro);
    let only = |names: Vec<(String, Confidence)>| -> Vec<String> {
        names.into_iter().map(|(name, _)| name).collect()
    };
    let (unsure, sure) = (only(unsure), only(sure));
    let mut all = if sure.is_empty() {
        String::new()
    } else {
        listed(&sure)
    };
    if by_macro {
        all.push_str(", through a macro");
    }
    if !unsure.is_empty() {
        let and = if all.is_empty() { "" } else { ", and " };
        all.push_str(&format!("{and}perhaps {}", listed(&unsure)));
    }
    Some(match lineage.kind {
        Kind::Unchanged => return None,
        Kind::Renamed if is_output => format!("Unchanged from {all}, under another name."),
        Kind::Renamed => format!("{all} under another name."),
        Kind::Unknown if all.is_empty() => return None,
        Kind::Unknown => format!("Computed from {all} and something that is not known."),
        Kind::Aggregated if all.is_empty() => "Computed over rows, from no column of them.".into(),
        Kind::Constant => "Computed from no column.".into(),
        Kind::Aggregated => format!("Aggregated from {all}."),
        Kind::Derived => format!("Computed from {all}."),
    })
}

/// The canonical form of its value, where that tells more than which columns it is made of.
fn meaning(canonical: &ColumnMeaning, kind: Kind) -> Option<String> {
    if !matches!(kind, Kind::Derived | Kind::Aggregated) {
        return None;
    }
    let text = canonical.meaning.to_string();
    (text.chars().count() <= LONGEST_MEANING).then_some(text)
}

/// The query that gives what the relation gives.
fn from(given: Given<'_>) -> Query {
    Query {
        root: given.relation,
        ..given.lowered.query.clone()
    }
}

fn name(snapshot: &Snapshot, file: &File, column: &TableColumn) -> String {
    let table = snapshot.table_name(file, &column.table);
    format!("{table}.{}", column.column)
}
