//! What is known of a table or column that is offered: what it is, and why it is there.

use crate::markdown;
use index::{Snapshot, TableKey};
use syntax::Name;

/// What a completion names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// A table.
    pub table: TableKey,
    /// A column of it.
    pub column: Option<Name>,
}

/// What it is and why it is there, as Markdown; none where nobody says.
pub fn documentation(snapshot: &Snapshot, about: &About) -> Option<String> {
    let table = snapshot.table(&about.table)?;
    let Some(name) = &about.column else {
        let mut described = table.descriptions.iter();
        return described.find_map(|id| {
            let (_, entry) = snapshot.description(*id)?;
            told(value(&entry.description), value(&entry.why))
        });
    };
    let column = table.column(name)?;
    let own = std::iter::once((&**table, column));
    let sources = crate::lookup::sources(snapshot, column).into_iter();
    // What is handed on unchanged is what it is further up.
    let mut entries = own.chain(sources).flat_map(|(_, column)| &column.described);
    entries.find_map(|id| {
        let entry = snapshot.described_column(*id)?;
        told(value(&entry.description), value(&entry.why))
    })
}

fn value(field: &Option<spec::model::Field<String>>) -> Option<&str> {
    field.as_ref().map(|field| field.value.as_str())
}

fn told(description: Option<&str>, why: Option<&str>) -> Option<String> {
    let description = description.map(markdown::prose);
    let why = why.map(|why| format!("**Why:** {}", markdown::prose(why)));
    let told: Vec<String> = description.into_iter().chain(why).collect();
    (!told.is_empty()).then(|| told.join("\n\n"))
}
