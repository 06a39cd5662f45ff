//! A lock as text: one thing a line, so that a merge touches only what both sides changed.

use super::{Lock, RowsLock, TableLock, VERSION};
use std::fmt::Write;

const HEAD: &str = "\
# What each column means. Written by `rationale lock`; review it like code.
";

/// The text of a lock, the same for equal locks. Tables are in the order of their names.
pub fn text(lock: &Lock) -> String {
    let mut out = String::from(HEAD);
    line(&mut out, 0, &format!("version: {VERSION}"));
    if let Some(dialect) = &lock.dialect {
        line(&mut out, 0, &format!("dialect: {}", scalar(dialect)));
    }
    if lock.tables.is_empty() {
        line(&mut out, 0, "tables: {}");
        return out;
    }
    line(&mut out, 0, "tables:");
    let mut tables: Vec<&TableLock> = lock.tables.iter().collect();
    tables.sort_by(|left, right| left.name.cmp(&right.name));
    for table in tables {
        self::table(&mut out, table);
    }
    out
}

fn table(out: &mut String, table: &TableLock) {
    line(out, 1, &format!("{}:", scalar(&table.name)));
    if !table.steps.is_empty() {
        line(out, 2, "with:");
    }
    for step in &table.steps {
        line(out, 3, &format!("{}:", scalar(&step.name)));
        rows(out, 4, &step.rows);
        if !step.columns.is_empty() {
            line(out, 4, "columns:");
        }
        for (name, value) in &step.columns {
            let value = match value.is_empty() {
                true => String::new(),
                false => format!(" {}", scalar(value)),
            };
            line(out, 5, &format!("{}:{value}", scalar(name)));
        }
    }
    match (&table.rows, &table.rows_by) {
        (None, None) => line(out, 2, "rows: unknown"),
        (None, Some(by)) => line(out, 2, &format!("rows: {{ means: unknown, by: {by} }}")),
        (Some(of), by) => {
            line(out, 2, "rows:");
            if let Some(by) = by {
                line(out, 3, &format!("by: {}", scalar(&by.to_string())));
            }
            let before = out.len();
            rows(out, 3, of);
            if out.len() == before {
                line(out, 3, "one: true");
            }
        }
    }
    list(out, 2, "incremental", &table.incremental);
    match &table.rest {
        None => line(out, 2, "rest: unknown"),
        Some(rest) => list(out, 2, "rest", rest),
    }
    if !table.names.is_empty() {
        line(out, 2, "names:");
    }
    for (name, column) in &table.names {
        line(out, 3, &format!("{}: {}", scalar(name), scalar(column)));
    }
    if !table.columns.is_empty() {
        line(out, 2, "columns:");
    }
    for column in &table.columns {
        let means = column.means.as_deref().map_or("unknown".to_owned(), scalar);
        let mut parts = vec![format!("means: {means}")];
        if let Some(data_type) = &column.data_type {
            parts.push(format!("type: {}", scalar(data_type)));
        }
        if let Some(by) = &column.by {
            parts.push(format!("by: {by}"));
        }
        let name = scalar(&column.name);
        line(out, 3, &format!("{name}: {{ {} }}", parts.join(", ")));
    }
}

fn rows(out: &mut String, depth: usize, rows: &RowsLock) {
    if rows.recursive {
        line(out, depth, "recursive: true");
    }
    for (key, value) in rows.singles() {
        if let Some(value) = value {
            line(out, depth, &format!("{key}: {}", scalar(value)));
        }
    }
    for (key, values) in rows.lists() {
        list(out, depth, key, values);
    }
}

fn list(out: &mut String, depth: usize, key: &str, values: &[String]) {
    if !values.is_empty() {
        line(out, depth, &format!("{key}:"));
    }
    for value in values {
        line(out, depth + 1, &format!("- {}", scalar(value)));
    }
}

fn line(out: &mut String, depth: usize, text: &str) {
    // Writing to a text can't fail.
    let _ = writeln!(out, "{:indent$}{text}", "", indent = depth * 2);
}

/// A text as YAML, without quotes where every reader takes it for the same text.
fn scalar(text: &str) -> String {
    let starts = text
        .chars()
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || matches!(first, '_' | '('));
    let inside =
        |letter: char| letter.is_ascii_alphanumeric() || " _.()*+<>=/|;$^~'-".contains(letter);
    let is_word = matches!(
        text.to_ascii_lowercase().as_str(),
        "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "unknown"
    );
    if starts && !is_word && !text.ends_with(' ') && text.chars().all(inside) {
        return text.to_owned();
    }
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            letter if letter.is_control() => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
