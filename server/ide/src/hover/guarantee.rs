//! What a sentence promises, in plain words; what contradicts it; and what the bare names in it were taken
//! for. Whether it holds is for the checks to say.

use super::{Hover, amendment};
use crate::{markdown, sentence};
use checks::Answers;
use index::binding::{Bound, BoundColumn, BoundName, NameInSentence, Role};
use index::{File, Snapshot, TableKey};
use spec::guarantee::{Guarantee, Path, parse};
use syntax::TextSize;
use syntax::name::dotted;

/// What the sentence at `offset` promises; none where it does not parse.
pub(super) fn hover(
    snapshot: &Snapshot,
    answers: &Answers,
    file: &File,
    offset: TextSize,
) -> Option<Hover> {
    let sentence = sentence::at(file, offset)?;
    let guarantee = parse(sentence.text).ok()?;
    let meaning = meaning(&guarantee);
    let became = answers.of(file.id, sentence.spot);
    let became = became.map(|outcome| format!(" *Now:* {}.", amendment::became(outcome)));
    let mut blocks = vec![
        format!("{}{}", meaning.promises, became.unwrap_or_default()),
        format!("*Contradicted* when the SQL {}.", meaning.contradicted),
    ];
    if let Some(risk) = meaning.at_risk {
        blocks.push(format!("*At risk* where the SQL {risk}."));
    }
    blocks.extend(bound(snapshot, file, &guarantee));
    Some(Hover {
        range: sentence.range,
        markdown: blocks.join("\n\n"),
    })
}

/// A form of a sentence in plain words.
struct Meaning {
    promises: String,
    /// What contradicts it, after "when the SQL".
    contradicted: &'static str,
    /// What puts it at risk, after "where the SQL".
    at_risk: Option<&'static str>,
}

fn meaning(guarantee: &Guarantee) -> Meaning {
    let (promises, contradicted, at_risk) = match guarantee {
        Guarantee::Exists(what) => (
            format!("{} is there.", code(what)),
            "does not select it, or no model defines it",
            None,
        ),
        Guarantee::Absent(what) => (
            format!("{} is not there, and does not come back.", code(what)),
            "selects it, or a model defines it",
            None,
        ),
        Guarantee::HasType { column, data_type } => (
            format!(
                "{} has the type {}.",
                code(column),
                markdown::code(&data_type.text)
            ),
            "casts it to another type, or declares another",
            None,
        ),
        Guarantee::NeverNull(column) => (
            format!("{} has a value in every row.", code(column)),
            "has a branch that gives NULL",
            Some(
                "has an outer join that pads it, a `NULLIF`, a `CASE` without `ELSE`, or an aggregate over no rows",
            ),
        ),
        Guarantee::Unique(column) => (
            format!(
                "No two rows have the same {}. NULL does not count.",
                code(column)
            ),
            "groups by other columns, or repeats a declared key",
            Some(
                "joins on what is no known key of the other side, unnests, appends by `UNION ALL`, or groups finer",
            ),
        ),
        Guarantee::OneRowPer { table, columns } => (
            format!(
                "No two rows of {} agree on {}.",
                code(table),
                codes(columns)
            ),
            "groups by other columns, or repeats a declared key",
            Some(
                "joins on what is no known key of the other side, unnests, appends by `UNION ALL`, or groups finer",
            ),
        ),
        Guarantee::OneOf { column, values } => {
            let values: Vec<String> = values
                .iter()
                .map(|value| markdown::code(&value.text))
                .collect();
            (
                format!(
                    "{} is {}. NULL is allowed.",
                    code(column),
                    values.join(" or ")
                ),
                "gives another literal",
                None,
            )
        }
        Guarantee::RefersTo { column, to } => (
            format!("{} identifies a row by {}.", code(column), code(to)),
            "takes it from the key of something else",
            None,
        ),
        Guarantee::Equals { column, value, .. } => (
            format!(
                "{} is worth {}, wherever that has a value.",
                code(column),
                markdown::code(&value.text)
            ),
            "gives another value on a row that is shown",
            Some("joins another input without a key, so that rows are counted twice"),
        ),
        Guarantee::CountsOnce { table, of } => (
            format!(
                "What {} adds up counts each row of {} once.",
                code(table),
                code(of)
            ),
            "repeats its rows",
            Some("joins another input without a key, so that rows are counted twice"),
        ),
        Guarantee::InUnit { column, unit } => (
            format!(
                "{} is measured in {}.",
                code(column),
                markdown::code(&unit.text)
            ),
            "copies, adds or picks it from a column of another declared unit",
            None,
        ),
        Guarantee::InZone { column, zone } => (
            format!(
                "{} is a time in the zone {}.",
                code(column),
                markdown::code(&zone.text)
            ),
            "last converts it to another zone",
            None,
        ),
        Guarantee::ComesFrom {
            column,
            from,
            only_through,
        } if only_through.is_empty() => (
            format!(
                "The values of {} are made from {}.",
                code(column),
                code(from)
            ),
            "has no path of values from it",
            None,
        ),
        Guarantee::ComesFrom {
            column,
            from,
            only_through,
        } => {
            let functions: Vec<String> = only_through
                .iter()
                .map(|function| markdown::code(&function.text))
                .collect();
            (
                format!(
                    "{} comes from {} only behind {}.",
                    code(column),
                    code(from),
                    functions.join(" or ")
                ),
                "has a path from it without one of these",
                None,
            )
        }
        Guarantee::ComesUnchanged { column, from } => (
            format!("{} is a copy of {}.", code(column), code(from)),
            "has a function, a `COALESCE` or a lossy cast on the way",
            None,
        ),
        Guarantee::NeverComesFrom { what, from } => (
            format!(
                "No value of {} is made from {}, through any number of models.",
                code(what),
                code(from)
            ),
            "has a path of values from it",
            None,
        ),
        Guarantee::NeverLeaves {
            column,
            table,
            except,
        } => (
            format!(
                "{} stays in {}{}.",
                code(column),
                code(table),
                excepted(except)
            ),
            "of another model selects it or a value made from it, other than a hash, a count or a test for NULL",
            None,
        ),
        Guarantee::ClassifiedNeverLeave {
            classification,
            table,
            except,
        } => (
            format!(
                "Columns classified {} stay in {}{}.",
                markdown::code(&classification.text),
                code(table),
                excepted(except)
            ),
            "of another model selects one or a value made from it, other than a hash, a count or a test for NULL",
            None,
        ),
        Guarantee::ExcludesRows { table, condition } => (
            format!(
                "{} has no row for which {} is true. Rows for which it is NULL may be there.",
                code(table),
                markdown::code(&condition.text)
            ),
            "lets in a row for which it is true",
            None,
        ),
        Guarantee::OnlyHasRows { table, condition } => (
            format!(
                "Every row of {} makes {} true. A row for which it is NULL may not be there either.",
                code(table),
                markdown::code(&condition.text)
            ),
            "lets in a row for which it is false or NULL",
            None,
        ),
        Guarantee::ExcludesMatching { table, other, on } => (
            format!(
                "{} has no row whose {} is in {}.",
                code(table),
                codes(on),
                code(other)
            ),
            "has no anti-join on it at all",
            None,
        ),
        Guarantee::OnlyHasMatching { table, other, on } => (
            format!(
                "{} has only rows whose {} is in {}.",
                code(table),
                codes(on),
                code(other)
            ),
            "has no semi-join on it at all",
            None,
        ),
        Guarantee::KeepsEveryRow { table, of } => (
            format!("Every row of {} is in {}.", code(of), code(table)),
            "filters or de-duplicates it, beyond what an `excludes` in force asks",
            Some("joins it by an inner join"),
        ),
        Guarantee::KeepsLatest { table, per, by } => (
            format!(
                "Of the rows with the same {}, {} keeps the one with the greatest {}.",
                codes(per),
                code(table),
                codes(by)
            ),
            "orders the other way, or by another column first",
            None,
        ),
        Guarantee::Reads { table, other } => (
            format!(
                "{} is made from {}, through any number of models.",
                code(table),
                code(other)
            ),
            "does not read it",
            None,
        ),
        Guarantee::NeverReads { table, other } => (
            format!(
                "{} is not made from {}, through any number of models.",
                code(table),
                code(other)
            ),
            "reads it",
            None,
        ),
        Guarantee::MaterializedAs { table, kind } => (
            format!(
                "{} is materialized as {}.",
                code(table),
                markdown::code(&kind.text)
            ),
            "or its configuration says otherwise",
            None,
        ),
        Guarantee::MergedBy { table, columns } => (
            format!(
                "New rows of {} replace those with the same {}.",
                code(table),
                codes(columns)
            ),
            "or its configuration says otherwise",
            None,
        ),
        Guarantee::ListsColumns(table) => (
            format!("{} names each of its columns.", code(table)),
            "has a `*` in its output that reaches another model or source",
            None,
        ),
        Guarantee::RenamedFrom { what, from } => (
            format!(
                "{} was called {} before. Older sentences are read through it.",
                code(what),
                code(from)
            ),
            "has no column of the new name",
            None,
        ),
    };
    Meaning {
        promises,
        contradicted,
        at_risk,
    }
}

fn code(path: &Path) -> String {
    markdown::code(&dotted(&path.parts))
}

fn codes(paths: &[Path]) -> String {
    let names: Vec<String> = paths.iter().map(code).collect();
    names.join(" and ")
}

fn excepted(tables: &[Path]) -> String {
    if tables.is_empty() {
        String::new()
    } else {
        let names: Vec<String> = tables.iter().map(code).collect();
        format!(", and may be in {} too", names.join(" and "))
    }
}

/// What the names in the sentence were taken for, where that is another table than its subject's.
fn bound(snapshot: &Snapshot, file: &File, guarantee: &Guarantee) -> Option<String> {
    let binder = snapshot.binder(file);
    let subject = &guarantee.subject().parts;
    let about: Option<TableKey> = match binder.table_or_column(subject) {
        Bound::To(BoundName::Table(table)) => table.key().cloned(),
        Bound::To(BoundName::Column(column)) => column.table.key().cloned(),
        _ => None,
    };
    let dialect = snapshot.projects().dialect(&file.path).dialect;
    let names = NameInSentence::all(guarantee, dialect).into_iter();
    let bare = names.filter(|name| name.role == Role::Column && name.parts.len() == 1);
    let lines = bare.filter_map(|name| {
        let written = markdown::code(&dotted(&name.parts));
        match binder.column(&name.parts, about.as_ref()) {
            Bound::To(BoundColumn { table, level, .. }) if level > 0 => Some(format!(
                "{written} is the column of {}.",
                markdown::code(&table.to_string())
            )),
            _ => None,
        }
    });
    let lines: Vec<String> = lines.collect();
    (!lines.is_empty()).then(|| lines.join(" "))
}
