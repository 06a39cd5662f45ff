//! What models mean, said in sentences: of every column what it is worth, of the rows which conditions they
//! meet and what tells them apart. They are taken from a lock, so that the SQL keeps them as it stands.

use spec::lock::{TableLock, decode};

/// A spec that guarantees all of it.
pub(super) fn spec(locks: &[String]) -> String {
    let mut sentences = Vec::new();
    for lock in locks {
        let lock = decode(lock).facts;
        for table in lock.tables.iter().filter(|table| is_plain(table)) {
            of_table(table, &mut sentences);
        }
    }
    let mut text = "product: agreed\namendments:\n  - id: 1\n    requirement: As it is.\n    \
                    change: Done.\n    guarantees: |\n"
        .to_owned();
    for sentence in sentences {
        text.push_str(&format!("      {sentence}\n"));
    }
    text
}

/// Whether its meanings are over the tables that it reads, each read once.
fn is_plain(table: &TableLock) -> bool {
    let Some(rows) = &table.rows else {
        return false;
    };
    table.steps.is_empty() && rows.set.is_none()
}

fn of_table(table: &TableLock, sentences: &mut Vec<String>) {
    let name = &table.name;
    let is_simple = |text: &&String| {
        let upper = text.to_uppercase();
        !upper.contains("SELECT") && !upper.contains(" OVER ") && !text.contains('\n')
    };
    for column in &table.columns {
        if let Some(means) = column.means.as_ref().filter(is_simple) {
            sentences.push(format!("{name}.{} = {means}", column.name));
        }
    }
    let Some(rows) = &table.rows else { return };
    // A condition over what an outer join pads is about the joined rows, not about those of a table.
    let pads = rows.joins.iter().any(|join| !join.starts_with("JOIN"));
    for condition in rows.filter.iter().filter(is_simple).filter(|_| !pads) {
        sentences.push(format!("{name} only has rows where {condition}"));
    }
    let keys: Option<Vec<&str>> = rows
        .group
        .iter()
        .map(|key| {
            let mut columns = table.columns.iter();
            let own = columns.find(|column| column.means.as_ref() == Some(key))?;
            Some(own.name.as_str())
        })
        .collect();
    if let Some(keys) = keys.filter(|keys| !keys.is_empty()) {
        sentences.push(format!("{name} has one row per {}", keys.join(", ")));
    }
}
