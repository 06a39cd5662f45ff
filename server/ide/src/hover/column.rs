//! The story of a column: what it is, why it exists, what was decided about it, where it comes from
//! and who reads it.

use super::derivation::{self, Derivation, nullability};
use super::{amendment, counted, projection};
use crate::history::Part;
use crate::{lookup, markdown};
use checks::Answers;
use index::table::{Described, Why};
use index::{Column, File, Snapshot, Table, TableKey};
use spec::model::{self, AmendmentId};
use std::fmt::Display;
use syntax::Name;

/// How much of a value is shown in the first line, in characters.
const LONGEST_FACT: usize = 80;

/// How many of the values that a column may hold are shown.
const MOST_VALUES: usize = 8;

/// The story, asked for in `here`; `None` where nothing is known but the name.
pub(super) fn story(
    snapshot: &Snapshot,
    answers: &Answers,
    here: &File,
    key: &TableKey,
    name: &Name,
) -> Option<Vec<String>> {
    let table = snapshot.table(key)?;
    let column = table.column(name)?;
    let entries = Entries::of(snapshot, column);
    let derived = derivation::of_table_column(snapshot, column).unwrap_or_default();
    let facts = entries.facts(column, &derived);
    let mut head = format!("**{}**", markdown::line(column.name.as_str(), LONGEST_FACT));
    head.push_str(&format!(" in {}", markdown::code(&key.to_string())));
    for fact in &facts {
        head.push_str(" · ");
        head.push_str(fact);
    }
    // Where it comes from is told once.
    let origin = match derived.story {
        Some(_) => None,
        None => origin(column),
    };
    let mut told = intent(snapshot, answers, key, name);
    let computed = [
        computation(snapshot, here, column),
        derived.story,
        sentences([origin, readers(snapshot, table, column)]),
    ];
    told.extend(computed.into_iter().flatten());
    let is_known = !told.is_empty() || !facts.is_empty();
    is_known.then(|| std::iter::once(head).chain(told).collect())
}

/// What it is for: its description, its why, and what was decided about it.
pub(super) fn intent(
    snapshot: &Snapshot,
    answers: &Answers,
    key: &TableKey,
    name: &Name,
) -> Vec<String> {
    let Some(table) = snapshot.table(key) else {
        return Vec::new();
    };
    let Some(column) = table.column(name) else {
        return Vec::new();
    };
    let entries = Entries::of(snapshot, column);
    let part = Part::Column(&column.name);
    let told = [
        entries.deprecated(),
        description(snapshot, column),
        why(snapshot, column),
        amendment::list(snapshot, answers, table, part, entries.since()),
    ];
    told.into_iter().flatten().collect()
}

/// What the specs say of one column, native ones first.
struct Entries<'s> {
    entries: Vec<(&'s File, &'s model::Column)>,
}

impl<'s> Entries<'s> {
    fn of(snapshot: &'s Snapshot, column: &Column) -> Entries<'s> {
        let entries = column
            .described
            .iter()
            .filter_map(|described| entry(snapshot, *described));
        Entries {
            entries: entries.collect(),
        }
    }

    /// The first that any entry says.
    fn first<T>(&self, of: impl Fn(&'s model::Column) -> Option<T>) -> Option<T> {
        self.entries.iter().find_map(|(_, entry)| of(entry))
    }

    /// What fits into the first line.
    fn facts(&self, column: &Column, derived: &Derivation) -> Vec<String> {
        let mut facts = Vec::new();
        let data_type = column.data_type.as_deref();
        let data_type = data_type.or(derived.data_type.as_deref());
        facts.extend(data_type.map(markdown::code));
        let unit = self.first(|entry| entry.unit.as_ref());
        facts.extend(unit.map(|unit| markdown::line(&unit.value, LONGEST_FACT)));
        let nullable = self.first(|entry| entry.nullable.as_ref());
        // What is declared holds, whatever the SQL does.
        let nullable = nullable.map(|nullable| nullable.value);
        let nullable = nullable.or(derived.can_be_null);
        facts.extend(nullable.map(|nullable| nullability(nullable).to_owned()));
        let unique = self
            .first(|entry| entry.unique.as_ref())
            .is_some_and(|unique| unique.value);
        facts.extend(unique.then(|| "unique".to_owned()));
        let references = self.first(|entry| entry.references.as_ref());
        facts.extend(references.map(|to| format!("refers to {}", markdown::code(&to.value))));
        facts.extend(self.first(|entry| values(&entry.values)));
        let tags = self.first(|entry| Some(&entry.classification).filter(|tags| !tags.is_empty()));
        let tags = tags.into_iter().flatten();
        facts.extend(tags.map(|tag| markdown::line(&tag.value, LONGEST_FACT)));
        facts
    }

    fn deprecated(&self) -> Option<String> {
        let instead = self.first(|entry| entry.deprecated.as_ref())?;
        Some(format!(
            "**Deprecated:** {}",
            markdown::prose(&instead.value)
        ))
    }

    /// The amendment that introduced it, and its product.
    fn since(&self) -> Option<(&'s Name, &'s AmendmentId)> {
        self.entries.iter().find_map(|(file, entry)| {
            let product = file.native_spec()?.product.as_ref()?;
            Some((&product.value, &entry.since.as_ref()?.value))
        })
    }
}

fn entry(snapshot: &Snapshot, described: Described) -> Option<(&File, &model::Column)> {
    let (file, table) = snapshot.description(described.table)?;
    Some((file, table.columns.get(described.ordinal as usize)?))
}

fn values(values: &[syntax::Placed<String>]) -> Option<String> {
    let shown = values
        .iter()
        .take(MOST_VALUES)
        .map(|value| markdown::code(&value.value));
    let shown: Vec<String> = shown.collect();
    let more = if values.len() > MOST_VALUES {
        ", …"
    } else {
        ""
    };
    (!shown.is_empty()).then(|| format!("one of {}{more}", shown.join(", ")))
}

/// Its own description, else that of the nearest column that it is unchanged.
fn description(snapshot: &Snapshot, column: &Column) -> Option<String> {
    let own = Entries::of(snapshot, column).first(|entry| entry.description.as_ref());
    if let Some(own) = own {
        return Some(markdown::prose(&own.value));
    }
    lookup::sources(snapshot, column)
        .into_iter()
        .find_map(|(table, source)| {
            let entries = Entries::of(snapshot, source);
            let inherited = entries.first(|entry| entry.description.as_ref())?;
            let whence = column_code(&table.key, &source.name);
            Some(format!(
                "{} (from {whence})",
                markdown::prose(&inherited.value)
            ))
        })
}

fn why(snapshot: &Snapshot, column: &Column) -> Option<String> {
    match column.why.as_ref()? {
        Why::Inherited {
            table,
            column: name,
        } => {
            let source = snapshot.table(table)?.column(name)?;
            let told = told_why(snapshot, source.why.as_ref()?)?;
            Some(format!(
                "**Why**, from {}: {told}",
                column_code(table, name)
            ))
        }
        own => Some(format!("**Why:** {}", told_why(snapshot, own)?)),
    }
}

fn told_why(snapshot: &Snapshot, why: &Why) -> Option<String> {
    match why {
        Why::Own(described) => {
            let (_, entry) = entry(snapshot, *described)?;
            Some(markdown::prose(&entry.why.as_ref()?.value))
        }
        Why::Since(described) => {
            let (file, entry) = entry(snapshot, *described)?;
            let product = file.native_spec()?.product.as_ref()?;
            amendment::why(snapshot, &product.value, &entry.since.as_ref()?.value)
        }
        // It names the column that has a why of its own.
        Why::Inherited { .. } => None,
    }
}

/// The SQL that computes it, for who is not looking at that SQL.
fn computation(snapshot: &Snapshot, here: &File, column: &Column) -> Option<String> {
    let selected = column.selected.filter(|selected| !selected.by_star)?;
    if column.source.is_some() || selected.model.file == here.id {
        return None;
    }
    let (file, _) = snapshot.model(selected.model)?;
    projection(snapshot, file, file.range(selected.item))?
        .into_iter()
        .next()
}

fn origin(column: &Column) -> Option<String> {
    let (source, name) = column.source.as_ref()?;
    Some(format!("Unchanged from {}.", column_code(source, name)))
}

fn readers(snapshot: &Snapshot, table: &Table, column: &Column) -> Option<String> {
    let readers = lookup::tables_that_read(snapshot, &table.key, &column.name).len();
    (readers > 0).then(|| format!("Read by {}.", counted(readers, "table")))
}

fn sentences(told: [Option<String>; 2]) -> Option<String> {
    let told: Vec<String> = told.into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join(" "))
}

fn column_code(table: &impl Display, column: &Name) -> String {
    markdown::code(&format!("{table}.{column}"))
}
