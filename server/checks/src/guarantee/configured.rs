//! What is configured for the model of a table: in its own file, in what its dbt project says of it, or
//! by the statement that makes it.

use crate::context::Definition;
use index::Snapshot;
use smol_str::SmolStr;
use sql::facts::{ConfigGiven, ModelKind};
use sql::render::VarValue;
use syntax::Spot;

/// What is configured for a key.
pub(super) enum Said {
    /// Nothing that is known of.
    Nothing,
    /// Something that has to be computed.
    Computed,
    /// These names; and where in the model's file that shows.
    Names(Vec<SmolStr>, Spot),
}

/// What is configured for `key`, by who has the last word on it.
pub(super) fn said(snapshot: &Snapshot, definition: &Definition<'_>, key: &str) -> Said {
    let at_name = definition.model.name_spot;
    let elsewhere = snapshot.configured_elsewhere(definition.file);
    if let Some(above) = elsewhere.above.get(key) {
        return of_value(above, at_name);
    }
    let facts = definition.file.sql();
    let mut own = facts.into_iter().flat_map(|facts| &facts.config);
    let own = own.find(|own| own.key.as_deref().is_none_or(|name| name == key));
    match (own, elsewhere.below.get(key)) {
        (Some(own), _) if own.key.is_none() => Said::Computed,
        (Some(own), _) => match &own.given {
            ConfigGiven::Literal(name) => names([name], own.spot),
            ConfigGiven::List(items) => names(items, own.spot),
            ConfigGiven::Computed => Said::Computed,
        },
        (None, Some(below)) => of_value(below, at_name),
        (None, None) => match definition.model.kind {
            ModelKind::View if key == "materialized" => names([&"view".into()], at_name),
            ModelKind::TableAs if key == "materialized" => names([&"table".into()], at_name),
            _ => Said::Nothing,
        },
    }
}

fn of_value(value: &VarValue, spot: Spot) -> Said {
    let text = |value: &VarValue| match value {
        VarValue::Text(text) => Some(text.clone()),
        _ => None,
    };
    let items = match value {
        VarValue::List(items) => items.iter().map(text).collect(),
        one => text(one).map(|text| vec![text]),
    };
    let items: Option<Vec<SmolStr>> = items;
    items.map_or(Said::Computed, |items| names(&items, spot))
}

/// The names, unless one is an expression.
fn names<'n>(given: impl IntoIterator<Item = &'n SmolStr>, spot: Spot) -> Said {
    let given: Vec<SmolStr> = given.into_iter().cloned().collect();
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    match given.iter().all(|name| name.chars().all(is_part)) {
        true => Said::Names(given, spot),
        false => Said::Computed,
    }
}
