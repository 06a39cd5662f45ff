//! A column that is selected, as was agreed.

use super::entry::selects;
use super::names::{called, spelled};
use super::trial::{Trial, only_the_subject};
use spec::guarantee::Sql;
use sql::Dialect;
use sql::edit::aggregates;
use sql::lower::free_expression;
use sql::relation::{Expression, Input, RelationId, Source};
use syntax::{Name, TextEdit};

/// A column is added: with the value that was agreed, where the names in it are known and all that is added
/// besides is that a CTE hands it on; or the one that something which is read here has under its name.
pub(super) fn selected(trial: &Trial<'_>, value: Option<&Sql>) -> Option<(String, Vec<TextEdit>)> {
    let column = trial.column()?;
    let editor = trial.model.editor();
    let title = format!("Select `{column}`");
    for relation in selects(&trial.model) {
        let at = trial.model.lowered.places.relation(relation)?.range.start();
        let mut items = Vec::new();
        let is_grouped = is_grouped(trial, relation);
        let fits = |value: &Sql| {
            !is_grouped || is_of_groups(value.text.trim(), trial.model.options.dialect)
        };
        if let Some(value) = value.filter(|value| fits(value)) {
            let word = editor.word("AS", at);
            let spelled = spelled(&trial.model, relation, value.text.trim()).into_iter();
            items.extend(spelled.map(|value| format!("{value} {word} {column}")));
        }
        if !is_grouped {
            items.extend(known_as(trial, relation, column));
        }
        for item in items {
            let Some(mut edits) = editor.add_column(at, &item) else {
                continue;
            };
            let Some(handed_on) = handed_on(trial, relation, column) else {
                continue;
            };
            edits.extend(handed_on.into_iter().flatten());
            if trial.succeeds(&edits, only_the_subject) {
                return Some((title, edits));
            }
        }
    }
    None
}

/// Whether the rows of a `SELECT` are groups, so that it can't give a column that is no key of them.
fn is_grouped(trial: &Trial<'_>, relation: RelationId) -> bool {
    let select = trial.model.lowered.query.relation(relation).select();
    select.is_some_and(|select| select.grouping.is_some())
}

/// Whether groups have the value: it names columns in aggregates only.
fn is_of_groups(value: &str, dialect: Dialect) -> bool {
    let mut rest = value.to_owned();
    for aggregate in aggregates(value, dialect) {
        rest = rest.replacen(aggregate, "0", 1);
    }
    free_expression(&rest, dialect).is_ok_and(|free| {
        let mut names_column = false;
        free.value.for_each(&mut |part| {
            names_column |= matches!(part, Expression::Column { .. });
        });
        !names_column
    })
}

/// What a `SELECT` calls a column of that name, of each input that is known to have one: by the input too, where
/// it reads others or calls its columns so already.
fn known_as(trial: &Trial<'_>, relation: RelationId, column: &Name) -> Vec<String> {
    let query = &trial.model.lowered.query;
    let inputs = query.relation(relation).inputs();
    let has_it = |input: &&&Input| match &input.source {
        Source::Table(table) => {
            let table = trial.model.snapshot.resolve(trial.model.file, table);
            table.is_some_and(|table| table.column(column).is_some())
        }
        Source::Relation(id) => {
            let mut columns = query.relation(*id).columns.iter();
            columns.any(|own| !own.implicit && own.name.as_ref() == Some(column))
        }
        Source::Function(_) | Source::Unknown { .. } => false,
    };
    let is_qualified = |input: &Input| {
        let mut qualifiers = trial.model.lowered.places.qualifiers.iter();
        inputs.len() > 1 || qualifiers.any(|qualifier| qualifier.input == input.id)
    };
    let spelled = |input: &&Input| {
        let name = called(&trial.model, input.id, &input.source).filter(|_| is_qualified(input));
        name.map_or_else(|| column.to_string(), |name| format!("{name}.{column}"))
    };
    inputs.iter().filter(has_it).map(spelled).collect()
}

/// The edits by which every `SELECT` between `relation` and the model's own hands a column of it on, unless a
/// `*` does; `None` where one can't.
fn handed_on(trial: &Trial<'_>, relation: RelationId, column: &Name) -> Option<Vec<Vec<TextEdit>>> {
    let query = &trial.model.lowered.query;
    let editor = trial.model.editor();
    let mut edits = Vec::new();
    let mut child = relation;
    let parents = selects(&trial.model);
    while child != query.root {
        let reads = |parent: &RelationId| {
            let mut inputs = query.relation(*parent).inputs().into_iter();
            inputs.find(|input| input.source == Source::Relation(child))
        };
        let reading = parents
            .iter()
            .find_map(|parent| Some((*parent, reads(parent)?)));
        let (parent, input) = reading?;
        if is_grouped(trial, parent) {
            return None;
        }
        let name = called(&trial.model, input.id, &input.source);
        if !name
            .as_deref()
            .is_some_and(|name| has_star(trial, parent, name))
        {
            let item = match (query.relation(parent).inputs().len(), name) {
                (1, _) | (_, None) => column.to_string(),
                (_, Some(name)) => format!("{name}.{column}"),
            };
            let place = trial.model.lowered.places.relation(parent);
            let start = place.map(|place| place.range.start());
            edits.extend(start.and_then(|start| editor.add_column(start, &item)));
        }
        child = parent;
    }
    Some(edits)
}

/// Whether a `*` brings all columns of what is called `name`.
fn has_star(trial: &Trial<'_>, relation: RelationId, name: &str) -> bool {
    let places = trial.model.lowered.places.relation(relation);
    let mut columns = places.iter().flat_map(|places| &places.columns);
    columns.any(|place| {
        let item = place.item;
        let text = trial.model.text.get(item.start().into()..item.end().into());
        let star = text.and_then(|text| text.strip_suffix('*'));
        star.is_some_and(|star| star.is_empty() || star.strip_suffix('.') == Some(name))
    })
}
