//! Local edits of SQL that make a sentence hold: an entry of a projection given another value, a cast, a
//! filter, a column added or taken out.
//!
//! Each is tried before it is offered: the sentence is answered again on the edited text, and holds there,
//! and everything else that the model gives means what it meant.

mod absence;
mod as_locked;
mod besides;
mod bound;
mod configured;
mod described;
mod entry;
mod gone;
mod key;
mod listed;
mod model;
mod names;
mod null;
mod presence;
mod rows;
mod trial;
mod value;

pub(crate) use as_locked::rows_as_locked;

use crate::context::Context;
use crate::finding::Finding;
use crate::fix::{Fix, Fixing};
use crate::guarantee::{AgreedSentence, Levels, SentenceIndex, verdict};
use crate::invalid_guarantee::sentence_problem;
use index::{File, Table};
use meaning::guarantee::Answer;
use spec::guarantee::{Guarantee, Path, Sql, parse};
use spec::model::{Amendment, AmendmentId};
use std::sync::Arc;
use syntax::{Name, TextEdit};
use trial::Trial;

/// The table that a finding about a sentence of an amendment is about, and the sentence.
pub(crate) fn sentence_of<'s>(
    fixing: &Fixing<'s>,
    finding: &Finding,
) -> Option<(&'s Arc<Table>, AgreedSentence<'s>)> {
    let snapshot = fixing.snapshot;
    let subject = &finding.subject;
    let table = snapshot.table(subject.table.as_ref()?)?;
    let mut index = SentenceIndex::default();
    index.note(snapshot, subject.product.as_ref()?);
    let detail = subject.detail.as_deref()?;
    let mut sentences = index.about(snapshot, table).into_iter();
    let sentence = sentences.find(|sentence| {
        let words = sentence.text.value.split_whitespace();
        let is_amendment = sentence.id() == subject.amendment.as_ref();
        is_amendment && words.eq(detail.split_whitespace())
    })?;
    Some((table, sentence))
}

/// The edits of SQL that make the sentence hold which a finding in the spec is about.
pub(crate) fn of_sentence(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let Some((table, sentence)) = sentence_of(fixing, finding) else {
        return Vec::new();
    };
    let (guarantee, by) = (&sentence.guarantee, sentence.amendment);
    let kept = kept(fixing, sentence.file, table, guarantee, Some(by)).into_iter();
    let fixes = (0..).zip(kept).map(|(at, fix)| Fix {
        title: format!("{}, in {}", fix.title, places_of(fixing, &fix)),
        preferred: at == 0,
        ..fix
    });
    fixes.collect()
}

/// The edits of SQL that make the sentences of an amendment hold which do not, or can't be told to, as it is;
/// the likeliest of each.
pub(crate) fn of_amendment(fixing: &Fixing<'_>, product: &Name, id: &AmendmentId) -> Vec<Fix> {
    let snapshot = fixing.snapshot;
    let context = Context::for_fixes(snapshot);
    let mut index = SentenceIndex::default();
    index.note(snapshot, product);
    let mut fixes = Vec::new();
    for key in index.tables(snapshot, product) {
        let Some(table) = snapshot.table(&key) else {
            continue;
        };
        let levels = Levels::of(&context, table);
        let own = index.about(snapshot, table).into_iter();
        let own = own.filter(|own| own.product == *product && own.id() == Some(id));
        // A type that there is not is no reason to write it into the SQL.
        let says_something = |own: &AgreedSentence<'_>| {
            sentence_problem(snapshot, own.file, &own.text.value).is_none()
        };
        for sentence in own.filter(says_something) {
            let (spec, guarantee) = (sentence.file, &sentence.guarantee);
            if verdict(&context, spec, table, guarantee, &levels).answer != Answer::Holds {
                let kept = kept(fixing, spec, table, guarantee, Some(sentence.amendment));
                // That a column exists and what it is worth is one edit.
                let kept = kept.into_iter().next();
                fixes.extend(kept.filter(|fix| !fixes.contains(fix)));
            }
        }
    }
    let fixes = fixes.into_iter().map(|fix| Fix {
        title: format!("{}, in {}", fix.title, places_of(fixing, &fix)),
        ..fix
    });
    fixes.collect()
}

/// The edits of the SQL of `table` that make a sentence hold which `spec` states, in amendment `by` if it is
/// one's, the likeliest first; none where no local edit is known that does so and leaves everything else as
/// it is. A column that comes or goes does so in the spec as well.
pub(crate) fn kept(
    fixing: &Fixing<'_>,
    spec: &File,
    table: &Table,
    guarantee: &Guarantee,
    by: Option<&Amendment>,
) -> Vec<Fix> {
    let Some(trial) = Trial::new(fixing.snapshot, spec, table, guarantee) else {
        return Vec::new();
    };
    if let Guarantee::Absent(_) = guarantee {
        return absence::taken_out(fixing, &trial, by).into_iter().collect();
    }
    let edits = edits(&trial, guarantee, by).into_iter();
    let fixes = edits.map(|(title, edits)| {
        let mut fix = Fix::of(trial.model.file, title, edits);
        fix.edits.extend(match (guarantee, trial.column()) {
            (Guarantee::Exists(_) | Guarantee::Equals { .. }, Some(column)) => {
                let by = by.and_then(|by| by.id.as_ref());
                described::with(fixing, table, column, by.map(|id| &id.value))
            }
            _ => Vec::new(),
        });
        fix
    });
    fixes.collect()
}

/// Declarations about what a model joins that make a sentence hold which `spec` states, where the SQL may
/// stay as it is.
pub(crate) fn declared(
    fixing: &Fixing<'_>,
    spec: &File,
    table: &Table,
    guarantee: &Guarantee,
) -> Vec<Fix> {
    let is_about_rows = matches!(
        guarantee,
        Guarantee::Unique(_) | Guarantee::OneRowPer { .. } | Guarantee::CountsOnce { .. }
    );
    let trial = Trial::new(fixing.snapshot, spec, table, guarantee).filter(|_| is_about_rows);
    trial.map_or_else(Vec::new, |trial| key::declared(fixing, &trial))
}

/// Titles and edits of the model's text.
fn edits(
    trial: &Trial<'_>,
    guarantee: &Guarantee,
    by: Option<&Amendment>,
) -> Vec<(String, Vec<TextEdit>)> {
    let only = match guarantee {
        Guarantee::Equals {
            value,
            filter: None,
            ..
        } => value::computed(trial, value).or_else(|| presence::selected(trial, Some(value))),
        Guarantee::HasType { data_type, .. } => value::cast(trial, &data_type.text),
        Guarantee::NeverNull(_) => {
            let ways = [null::zero(trial), null::without(trial)];
            return ways.into_iter().flatten().collect();
        }
        Guarantee::OneOf { values, .. } => listed::respelled(trial, values),
        Guarantee::ExcludesRows { condition, .. } => rows::excluded(trial, &condition.text),
        Guarantee::OnlyHasRows { condition, .. } => rows::only(trial, &condition.text),
        Guarantee::MaterializedAs { kind, .. } => {
            configured::set(trial, "materialized", &kind.text)
        }
        Guarantee::MergedBy { columns, .. } => match columns.as_slice() {
            [column] => {
                let name = column.parts.last().map(Name::as_str);
                name.and_then(|name| configured::set(trial, "unique_key", name))
            }
            _ => None,
        },
        Guarantee::Exists(path) => {
            let value = by.and_then(|by| agreed_value(by, path));
            presence::selected(trial, value.as_ref())
        }
        _ => None,
    };
    only.into_iter().collect()
}

/// What an amendment says that a column is worth.
fn agreed_value(amendment: &Amendment, column: &Path) -> Option<Sql> {
    let sentences = amendment.guarantees.iter();
    let mut parsed = sentences.filter_map(|sentence| parse(&sentence.value).ok());
    parsed.find_map(|guarantee| match guarantee {
        Guarantee::Equals {
            column: own,
            value,
            filter: None,
            ..
        } if own.parts == column.parts => Some(value),
        _ => None,
    })
}

/// The files that a fix edits, as people see them.
pub(crate) fn places_of(fixing: &Fixing<'_>, fix: &Fix) -> String {
    let edits = fix.edits.iter();
    let paths: Vec<String> = edits
        .map(|edit| fixing.snapshot.display_path(&edit.path))
        .collect();
    paths.join(", ")
}
