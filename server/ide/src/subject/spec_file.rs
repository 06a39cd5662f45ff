//! What a place in a spec is about: a table or column that is described, an amendment, a name in a
//! sentence, a key.

use super::{AmendmentKey, Mention, Place, Role, Subject, claim, key};
use crate::columns::TableId;
use crate::{lookup, spoken};
use index::TableKey;
use index::table::DescriptionId;
use spec::guarantee::words;
use spec::model::{Amendment, Column, NativeSpec, Table};
use syntax::{Name, Placed, Spot, TextRange, TextSize};

/// What a place in a native spec is about.
pub(super) fn of_native(place: &Place<'_>, spec: &NativeSpec) -> Vec<Mention> {
    let mut found = of_tables(place, &spec.tables);
    if let Some(product) = &spec.product {
        since(place, spec, &product.value, &mut found);
        for amendment in &spec.amendments {
            if place.within(amendment.entry).is_some() {
                of_amendment(place, amendment, &product.value, &mut found);
            }
        }
    }
    for amendment in &spec.amendments {
        for text in amendment.changes.iter().chain(&amendment.guarantees) {
            named_in(place, text.spot, &mut found);
        }
    }
    if let (Some(offset), true) = (place.offset, found.is_empty()) {
        found.extend(spoken(place, offset));
    }
    if let (Some(offset), true) = (place.offset, found.is_empty()) {
        let key = place.text().and_then(|text| key::key(text, offset));
        found.extend(key.map(|(range, key)| Mention {
            range,
            subject: Subject::Key(key),
            role: Role::Mention,
        }));
    }
    found
}

/// What a place is about in the tables that a spec of any format describes.
pub(super) fn of_tables(place: &Place<'_>, tables: &[Table]) -> Vec<Mention> {
    let mut found = Vec::new();
    for (ordinal, table) in (0..).zip(tables) {
        if place.within(table.entry).is_none() {
            continue;
        }
        let id = DescriptionId {
            file: place.file.id,
            ordinal,
        };
        if let Some(known) = place.snapshot.table_of_description(id) {
            of_table(place, table, &known.key, &mut found);
        }
    }
    found
}

fn of_table(place: &Place<'_>, table: &Table, key: &TableKey, found: &mut Vec<Mention>) {
    let mut push = |spot: Spot, subject: Subject, role: Role| {
        found.extend(place.within(spot).map(|range| Mention {
            range,
            subject,
            role,
        }));
    };
    push(
        table.name.spot,
        Subject::Table(key.clone()),
        Role::Definition,
    );
    if let Some(model) = &table.model {
        // It says which SQL defines the table, so what it leads to is that.
        push(model.spot, Subject::Table(key.clone()), Role::Definition);
    }
    let column = |name: &Name| Subject::Column(key.clone(), name.clone());
    for name in table.grain.iter().chain(table.keys.iter().flatten()) {
        push(name.spot, column(&name.value), Role::Mention);
    }
    let versioned = table.versions.iter().flat_map(|version| &version.columns);
    for described in table.columns.iter().chain(versioned) {
        push(
            described.name.spot,
            column(&described.name.value),
            Role::Definition,
        );
    }
    for described in &table.columns {
        if let Some(references) = &described.references {
            named_in(place, references.spot, found);
        }
    }
    claim::of_claims(place, table, found);
}

/// The amendment that `since` of a column names.
fn since(place: &Place<'_>, spec: &NativeSpec, product: &Name, found: &mut Vec<Mention>) {
    let columns = spec.tables.iter().flat_map(|table| &table.columns);
    for since in columns.filter_map(|column: &Column| column.since.as_ref()) {
        let amendment = AmendmentKey {
            product: product.clone(),
            id: since.value.clone(),
        };
        found.extend(place.within(since.spot).map(|range| Mention {
            range,
            subject: Subject::Amendment(amendment),
            role: Role::Mention,
        }));
    }
}

fn of_amendment(
    place: &Place<'_>,
    amendment: &Amendment,
    product: &Name,
    found: &mut Vec<Mention>,
) {
    let mut push = |spot: Spot, subject: Subject, role: Role| {
        found.extend(place.within(spot).map(|range| Mention {
            range,
            subject,
            role,
        }));
    };
    let key = |id: &spec::model::AmendmentId| AmendmentKey {
        product: product.clone(),
        id: id.clone(),
    };
    if let Some(id) = &amendment.id {
        push(
            id.spot,
            Subject::Amendment(key(&id.value)),
            Role::Definition,
        );
    }
    for superseded in &amendment.supersedes {
        let Placed { value, spot } = &superseded.amendment;
        push(*spot, Subject::Amendment(key(value)), Role::Mention);
        if let Some(guarantee) = &superseded.guarantee {
            let sentence = Subject::Guarantee(key(value), guarantee.value.clone());
            push(guarantee.spot, sentence, Role::Mention);
        }
    }
}

/// The table or column whose name stands at the place, within a text that speaks of such.
fn named_in(place: &Place<'_>, spot: Spot, found: &mut Vec<Mention>) {
    let Some(range) = place.within(spot) else {
        return;
    };
    let Some(text) = place.text() else {
        return;
    };
    let paths = words(lookup::slice(text, range));
    // A bare column in a sentence about a table is looked for in that table.
    let first = paths
        .first()
        .and_then(|path| lookup::named(place.snapshot, place.file, &path.parts));
    for path in &paths {
        for (ordinal, within) in path.ranges.iter().enumerate() {
            let range = TextRange::at(range.start() + within.start(), within.len());
            let Some(parts) = path.parts.get(..=ordinal).filter(|_| place.touches(range)) else {
                continue;
            };
            let subject = lookup::named(place.snapshot, place.file, parts)
                .or_else(|| column_of(place, first.as_ref()?, parts));
            found.extend(subject.map(|subject| Mention {
                range,
                subject,
                role: Role::Mention,
            }));
        }
    }
}

/// What a name in a sentence stands for, where more than that name tells.
fn spoken(place: &Place<'_>, offset: TextSize) -> Option<Mention> {
    let spoken = spoken::at(place.snapshot, place.file, offset)?;
    let TableId::Known(table) = spoken.table else {
        return None;
    };
    Some(Mention {
        range: spoken.range,
        subject: match spoken.column {
            Some(column) => Subject::Column(table, column),
            None => Subject::Table(table),
        },
        role: Role::Mention,
    })
}

/// The column that a bare name means in a sentence about `about`.
fn column_of(place: &Place<'_>, about: &Subject, parts: &[Name]) -> Option<Subject> {
    let (Subject::Table(table) | Subject::Column(table, _), [name]) = (about, parts) else {
        return None;
    };
    let column = place.snapshot.table(table)?.column(name)?;
    Some(Subject::Column(table.clone(), column.name.clone()))
}
