//! What a place in SQL is about: an output column, a column that is read, a table that is mentioned.

use super::{Mention, Place, Role, Subject};
use crate::lookup;
use index::{ModelId, TableKey};
use sql::SqlFacts;
use sql::facts::{ColumnSource, Model, Origin, Output, OutputColumn, ReadTarget, Star};
use syntax::Spot;

/// What the place is about, output columns first, then what is read, then tables.
pub(super) fn of_sql(place: &Place<'_>, sql: &SqlFacts) -> Vec<Mention> {
    let mut mentions = Vec::new();
    for (ordinal, model) in (0..).zip(&sql.models) {
        if place.within(model.statement).is_none() {
            continue;
        }
        let id = ModelId {
            file: place.file.id,
            ordinal,
        };
        let table = place.snapshot.table_of_model(id).map(|table| &table.key);
        outputs(place, model, table, &mut mentions);
        reads(place, model, &mut mentions);
        tables(place, model, table, &mut mentions);
    }
    mentions
}

fn outputs(place: &Place<'_>, model: &Model, table: Option<&TableKey>, found: &mut Vec<Mention>) {
    for output in &model.outputs {
        match output {
            Output::Column(column) => output_column(place, model, table, column, found),
            Output::Star(star) => {
                for column in &star.replace {
                    output_column(place, model, table, column, found);
                }
                output_star(place, model, star, found);
            }
        }
    }
}

fn output_column(
    place: &Place<'_>,
    model: &Model,
    table: Option<&TableKey>,
    column: &OutputColumn,
    found: &mut Vec<Mention>,
) {
    let Some(range) = place.within(column.name_spot) else {
        return;
    };
    if let Some(table) = table {
        found.push(Mention {
            range,
            subject: Subject::Column(table.clone(), column.name.clone()),
            role: Role::Definition,
        });
    }
    if let Origin::Unchanged(source) = &column.origin {
        push_source(place, model, source, column.name_spot, found);
    }
}

fn output_star(place: &Place<'_>, model: &Model, star: &Star, found: &mut Vec<Mention>) {
    let input = model.inputs.get(star.input as usize);
    let (Some(range), Some(input)) = (place.within(star.item), input) else {
        return;
    };
    if let Some(table) = place.snapshot.resolve(place.file, &input.table) {
        found.push(Mention {
            range,
            subject: Subject::Star(table.key.clone()),
            role: Role::Mention,
        });
    }
}

fn reads(place: &Place<'_>, model: &Model, found: &mut Vec<Mention>) {
    for read in &model.reads {
        let Some(range) = place.within(read.spot) else {
            continue;
        };
        match &read.target {
            ReadTarget::Input(source) => push_source(place, model, source, read.spot, found),
            ReadTarget::Local(projection) => found.push(Mention {
                range,
                subject: Subject::Projection(place.file.range(*projection)),
                role: Role::Mention,
            }),
        }
    }
}

/// Adds the column of another table that `source` says, where it is certain which one it is.
fn push_source(
    place: &Place<'_>,
    model: &Model,
    source: &ColumnSource,
    spot: Spot,
    found: &mut Vec<Mention>,
) {
    let Some(range) = place.within(spot) else {
        return;
    };
    let Some(table) = lookup::table_of_source(place.snapshot, place.file, model, source) else {
        return;
    };
    let mention = Mention {
        range,
        subject: Subject::Column(table.key.clone(), source.column.clone()),
        role: Role::Mention,
    };
    if !found.contains(&mention) {
        found.push(mention);
    }
}

fn tables(place: &Place<'_>, model: &Model, table: Option<&TableKey>, found: &mut Vec<Mention>) {
    if let (Some(_), Some(range), Some(table)) = (&model.name, place.within(model.name_spot), table)
    {
        found.push(Mention {
            range,
            subject: Subject::Table(table.clone()),
            role: Role::Definition,
        });
    }
    for input in &model.inputs {
        let Some(range) = place.within(input.spot) else {
            continue;
        };
        if let Some(table) = place.snapshot.resolve(place.file, &input.table) {
            found.push(Mention {
                range,
                subject: Subject::Table(table.key.clone()),
                role: Role::Mention,
            });
        }
    }
}
