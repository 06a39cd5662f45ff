//! A column that is never `NULL`, as was agreed, where an operator lets it be.

use super::entry::{Entry, entries};
use super::trial::{Trial, only_the_rows, only_the_subject};
use sql::edit::aggregates;
use sql::lower::{Clause, data_type_of};
use sql::relation::{DataType, Expression};
use syntax::{Name, TextEdit};

/// A number that is missing is 0: a sum over no rows, or one that an outer join has no partner for.
pub(super) fn zero(trial: &Trial<'_>) -> Option<(String, Vec<TextEdit>)> {
    let column = trial.column()?;
    let all = entries(&trial.model, column);
    let editor = trial.model.editor();
    let value = |entry: &Entry| {
        let range = editor.value(entry.place)?;
        trial
            .model
            .text
            .get(range.start().into()..range.end().into())
    };
    let declared = trial.model.table.column(column)?.data_type.as_deref();
    let declared = declared.and_then(|written| data_type_of(written, trial.model.options.dialect));
    let is_counted = all.iter().filter_map(value).any(|value| {
        let calls = aggregates(value, trial.model.options.dialect);
        let numbers = ["sum(", "count("];
        calls.iter().any(|call| {
            let call = call.to_lowercase();
            numbers.iter().any(|number| call.starts_with(number))
        })
    });
    if !(is_counted || declared.is_some_and(|declared| is_number(&declared))) {
        return None;
    }
    let own = all
        .first()
        .filter(|own| own.relation == trial.model.lowered.query.root)?;
    let word = editor.word("COALESCE", own.place.item.start());
    let edits = editor.set_value(own.place, &format!("{word}({}, 0)", value(own)?))?;
    let title = format!("Give 0 where `{column}` is NULL");
    trial
        .succeeds(&edits, only_the_subject)
        .then_some((title, edits))
}

/// Rows without a value are left out.
pub(super) fn without(trial: &Trial<'_>) -> Option<(String, Vec<TextEdit>)> {
    let column = trial.column()?;
    let own = entries(&trial.model, column).into_iter().next()?;
    if own.relation != trial.model.lowered.query.root {
        return None;
    }
    let editor = trial.model.editor();
    let range = editor.value(own.place)?;
    let value = trial
        .model
        .text
        .get(range.start().into()..range.end().into())?;
    let word = |word| editor.word(word, range.start());
    let condition = format!("{value} {}", word("IS NOT NULL"));
    let clause = clause_for(trial, column)?;
    let edits = editor.add_condition(range.start(), clause, &condition)?;
    let title = format!("Leave out rows where `{column}` is NULL");
    trial
        .succeeds(&edits, only_the_rows)
        .then_some((title, edits))
}

/// The clause whose conditions can name the value of a column: rows are filtered before they are grouped, and
/// groups before windows look at them. `None` where the dialect has none.
fn clause_for(trial: &Trial<'_>, column: &Name) -> Option<Clause> {
    let query = &trial.model.lowered.query;
    let select = query.root().select()?;
    let value = select.projection.get(query.root().position(column)?)?;
    let mut clause = Clause::Where;
    value.for_each(&mut |part| match part {
        Expression::Aggregate(_) => clause = clause.max(Clause::Having),
        Expression::Window(_) => clause = clause.max(Clause::Qualify),
        _ => {}
    });
    let is_known = clause != Clause::Qualify || trial.model.options.dialect.has_qualify();
    is_known.then_some(clause)
}

fn is_number(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Integer(_) | DataType::Decimal(..) | DataType::Float(_)
    )
}
