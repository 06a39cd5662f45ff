//! What specs describe and leave unsaid: the one search behind `missing-why` and
//! `missing-description`.

use crate::code::Code;
use crate::context::{Context, column_place};
use crate::finding::Finding;
use index::{Column, Table};
use spec::model::{self, Field};

/// Something that a spec ought to say of a table and of each of its columns.
pub(crate) struct Unsaid {
    /// The diagnostic that asks for it.
    pub(crate) code: &'static Code,
    /// Where an entry says it of its table.
    pub(crate) of_table: fn(&model::Table) -> &Option<Field<String>>,
    /// Whether it is known of a column, by its own entry or by another column's.
    pub(crate) is_known_of: fn(&Column) -> bool,
    /// What to say of a table without it, behind the table's name.
    pub(crate) table: &'static str,
    /// What to say of a column without it, behind the column's name.
    pub(crate) column: &'static str,
}

impl Unsaid {
    /// A finding for the table, if no entry says it, and one for each described column of which
    /// it is not known.
    pub(crate) fn find(&self, context: &Context<'_>, table: &Table, findings: &mut Vec<Finding>) {
        let descriptions = context.descriptions(table);
        let Some(leading) = descriptions.first() else {
            return;
        };
        let is_counted_only = !context.is_asked_for(table);
        let mut says_it = descriptions
            .iter()
            .filter_map(|description| (self.of_table)(description.entry).as_ref());
        if !says_it.any(|field| !field.value.trim().is_empty()) {
            let message = format!("`{}` {}", leading.name(), self.table);
            let finding = Finding::new(self.code, leading.file, leading.entry.name.spot, message)
                .about(context.subject(table, leading.file, None));
            findings.push(Finding {
                is_counted_only,
                ..finding
            });
        }
        let columns = table.columns.iter();
        for column in columns.filter(|column| !(self.is_known_of)(column)) {
            // It may be inherited, as soon as the SQL tells again from where.
            if context.snapshot.is_from_unreadable(table, column) {
                continue;
            }
            let mut entries = column
                .described
                .iter()
                .filter_map(|described| context.column_entry(*described));
            let Some((file, entry)) = entries.find(|(file, _)| !file.quiet) else {
                continue;
            };
            let message = format!("`{}` {}", entry.name.value, self.column);
            let finding = Finding::new(self.code, file, column_place(file, entry), message)
                .about(context.subject(table, file, Some(&column.name)));
            findings.push(Finding {
                is_counted_only,
                ..finding
            });
        }
    }
}
