//! What was written, put together to one query.

use super::name::identifier;
use super::{Step, Written, WrittenRows};
use sql::Dialect;

impl Written {
    /// The query of all columns that have a value.
    pub fn sql(&self, dialect: Dialect) -> String {
        let mut text = String::new();
        let recursive = self.steps.iter().any(|step| step.rows.recursive);
        for (at, step) in self.steps.iter().enumerate() {
            text.push_str(match (at, recursive) {
                (0, true) => "WITH RECURSIVE ",
                (0, false) => "WITH ",
                _ => ", ",
            });
            self.step(step, dialect, &mut text);
        }
        if !text.is_empty() {
            text.push(' ');
        }
        let columns = self.columns.iter().filter_map(|column| {
            let value = column.value.as_deref()?;
            let value = match &column.data_type {
                Some(data_type) => format!("CAST({value} AS {data_type})"),
                None => value.to_owned(),
            };
            Some((column.name.clone(), value))
        });
        let columns: Vec<(String, String)> = columns.collect();
        text.push_str(&self.rows.select(&columns, dialect));
        text
    }

    fn step(&self, step: &Step, dialect: Dialect, text: &mut String) {
        text.push_str(&identifier(&step.name, dialect));
        let rows = &step.rows;
        if rows.recursive || !rows.values.is_empty() {
            let names = step
                .columns
                .iter()
                .map(|(name, _)| identifier(name, dialect));
            text.push_str(&format!(" ({})", names.collect::<Vec<_>>().join(", ")));
        }
        text.push_str(" AS (");
        if !rows.values.is_empty() {
            text.push_str(&format!("VALUES {}", rows.values.join(", ")));
            rows.end(text);
        } else if let Some(set) = &rows.set {
            let branches = rows.branches.iter().map(|branch| match rows.recursive {
                true => branch.clone(),
                false => self.branch(step, branch, dialect),
            });
            let branches: Vec<String> = branches.collect();
            text.push_str(&branches.join(&format!(" {set} ")));
            rows.end(text);
        } else {
            text.push_str(&rows.select(&step.columns, dialect));
        }
        text.push(')');
    }

    /// A branch of a set operation, with the names of its columns.
    fn branch(&self, of: &Step, branch: &str, dialect: Dialect) -> String {
        let own = self.steps.iter().find(|step| step.name == branch);
        let own = own.map(|step| step.columns.as_slice()).unwrap_or_default();
        let branch = identifier(branch, dialect);
        let columns = own.iter().zip(&of.columns).map(|((own, _), (name, _))| {
            let own = identifier(own, dialect);
            format!("{branch}.{own} AS {}", identifier(name, dialect))
        });
        let columns: Vec<String> = columns.collect();
        let columns = match columns.is_empty() {
            true => "1".to_owned(),
            false => columns.join(", "),
        };
        format!("SELECT {columns} FROM {branch}")
    }
}

impl WrittenRows {
    /// A query of these rows, with these columns.
    pub(super) fn select(&self, columns: &[(String, String)], dialect: Dialect) -> String {
        let listed = columns.iter().map(|(name, value)| match name.is_empty() {
            true => value.clone(),
            false => format!("{value} AS {}", identifier(name, dialect)),
        });
        let listed: Vec<String> = listed.collect();
        let listed = match listed.is_empty() {
            true => "1".to_owned(),
            false => listed.join(", "),
        };
        let distinct = self.distinct.iter().map(|word| format!("{word} "));
        let mut text = format!("SELECT {}{listed}", distinct.collect::<String>());
        if let Some(from) = &self.from {
            text.push_str(&format!(" FROM {from}"));
        }
        for join in &self.joins {
            text.push_str(&format!(" {join}"));
        }
        for (word, between, parts) in [
            ("WHERE", " AND ", &self.filter),
            ("GROUP BY", ", ", &self.group),
            ("HAVING", " AND ", &self.having),
            ("QUALIFY", " AND ", &self.qualify),
        ] {
            if !parts.is_empty() {
                text.push_str(&format!(" {word} {}", joined(parts, between)));
            }
        }
        self.end(&mut text);
        text
    }

    fn end(&self, text: &mut String) {
        if !self.order.is_empty() {
            text.push_str(&format!(" ORDER BY {}", self.order.join(", ")));
        }
        if let Some(limit) = &self.limit {
            text.push_str(&format!(" LIMIT {limit}"));
        }
        if let Some(offset) = &self.offset {
            text.push_str(&format!(" OFFSET {offset}"));
        }
    }
}

/// Conditions in parentheses where there are several: each is a line by itself.
fn joined(parts: &[String], between: &str) -> String {
    let alone = parts.len() < 2 || between == ", ";
    let parts = parts.iter().map(|part| match alone {
        true => part.clone(),
        false => format!("({part})"),
    });
    parts.collect::<Vec<_>>().join(between)
}
