//! How the SQL of a sentence is spelled at a place in a model: tables by the aliases that they have there,
//! keywords in the letter case that they have there.

use super::model::Model;
use index::binding::{Bound, BoundTable};
use sql::edit::{in_small_letters, qualified, requalified};
use sql::facts::TableRef;
use sql::relation::{InputId, RelationId, Source};
use syntax::Name;

/// The ways to spell `expression` in the `SELECT` that `relation` is, the likeliest first.
pub(super) fn spelled(model: &Model<'_>, relation: RelationId, expression: &str) -> Vec<String> {
    let inputs = model.lowered.query.relation(relation).inputs();
    let dialect = model.options.dialect;
    let in_case = has_small_keywords(model, relation)
        .then(|| in_small_letters(expression, dialect))
        .flatten();
    let expression = in_case.as_deref().unwrap_or(expression);
    let bare = requalified(expression, dialect, &|_| None);
    let by_alias = || {
        requalified(expression, dialect, &|parts| {
            let mut own = inputs
                .iter()
                .filter(|input| is_called(model, &input.source, parts));
            let found = own.next()?;
            own.next()
                .is_none()
                .then(|| called(model, found.id, &found.source))
                .flatten()
        })
    };
    if inputs.len() < 2 {
        return bare.into_iter().collect();
    }
    let by_alias = by_alias();
    // Of several tables each may have a column that is called by its name alone: all are tried, and the
    // name alone, which may become ambiguous, comes last.
    let aliases = inputs
        .iter()
        .filter_map(|input| called(model, input.id, &input.source));
    let first = by_alias.as_deref().or(bare.as_deref());
    let guessed = aliases.filter_map(|alias| qualified(first?, dialect, &alias));
    let mut spelled: Vec<String> = Vec::new();
    for way in guessed.chain(by_alias.clone()).chain(bare.clone()) {
        if !spelled.contains(&way) {
            spelled.push(way);
        }
    }
    spelled
}

/// Whether the keywords of the `SELECT` that `relation` is are in small letters.
fn has_small_keywords(model: &Model<'_>, relation: RelationId) -> bool {
    let place = model.lowered.places.relation(relation);
    place.is_some_and(|place| model.editor().word("AND", place.range.start()) == "and")
}

/// Whether a sentence calls an input so.
fn is_called(model: &Model<'_>, source: &Source, parts: &[&str]) -> bool {
    let parts: Vec<Name> = parts.iter().map(Name::new).collect();
    let Source::Table(table) = source else {
        return false;
    };
    let own = model.snapshot.resolve(model.file, table);
    let meant = model.snapshot.binder(model.spec).table(&parts);
    let is_it = match (&meant, own) {
        (Bound::To(BoundTable::Known(key)), Some(own)) => own.key == *key,
        _ => false,
    };
    let ends_so = match table {
        TableRef::Named(name) => name.parts.ends_with(&parts),
        TableRef::Source { source, table } => [source.clone(), table.clone()].ends_with(&parts),
        TableRef::Ref { name, .. } => parts.last() == Some(name),
        TableRef::Unknown => false,
    };
    is_it || ends_so
}

/// What SQL calls an input: its alias, or the last part of its name.
pub(super) fn called(model: &Model<'_>, id: InputId, source: &Source) -> Option<String> {
    let alias = model.lowered.places.aliases.get(id.0 as usize)?;
    if !alias.is_empty() {
        let alias = model.text.get(alias.start().into()..alias.end().into());
        return alias.map(str::to_owned);
    }
    match source {
        // A CTE is mentioned by its own name.
        Source::Relation(_) => {
            let place = model.lowered.places.inputs.get(id.0 as usize)?;
            let name = model.text.get(place.start().into()..place.end().into())?;
            name.chars()
                .all(|letter| letter.is_alphanumeric() || letter == '_')
                .then(|| name.to_owned())
        }
        Source::Table(TableRef::Named(name)) => name.last().map(ToString::to_string),
        Source::Table(TableRef::Ref { name, .. }) => Some(name.to_string()),
        Source::Table(TableRef::Source { table, .. }) => Some(table.to_string()),
        _ => None,
    }
}
