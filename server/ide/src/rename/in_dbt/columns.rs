//! The names of columns in one YAML file of dbt: tests, settings, unit tests, semantic models.

use super::fixtures::is_made_up;
use super::{items, leads_to, refs_to};
use crate::lookup;
use crate::rename::edits::{FileEdits, Note};
use crate::rename::in_sql::{Family, sql_words};
use crate::rename::refs::NAMING_COLUMNS;
use crate::rename::{spelling, yaml};
use index::table::DescriptionId;
use index::{File, Snapshot};
use syntax::yaml::{Entry, Node, NodeKind};
use syntax::{Name, TextRange};

/// The names of columns in one file.
pub(super) struct Found<'f> {
    pub(super) snapshot: &'f Snapshot,
    pub(super) file: &'f File,
    pub(super) text: &'f str,
    pub(super) family: &'f Family,
    pub(super) edits: &'f mut FileEdits,
}

impl Found<'_> {
    /// Edits all of a document.
    pub(super) fn document(&mut self, root: &Node) {
        for (ordinal, table) in (0..).zip(self.file.described_tables()) {
            let id = DescriptionId {
                file: self.file.id,
                ordinal,
            };
            let known = self.snapshot.table_of_description(id);
            if known.is_some_and(|known| self.family.tables.contains(&known.key))
                && let Some(node) = node_at(root, self.file.range(table.entry))
            {
                self.table(node);
            }
        }
        self.related(root);
        for test in items(root, "unit_tests") {
            self.unit_test(test);
        }
        for model in items(root, "semantic_models") {
            let is_it = model
                .entry("model")
                .is_some_and(|it| self.is_ref(&it.value));
            if is_it {
                for key in ["entities", "dimensions", "measures"] {
                    items(model, key).iter().for_each(|it| self.semantic(it));
                }
            }
        }
    }

    /// Whether a scalar is a `ref` of one of the tables.
    fn is_ref(&self, node: &Node) -> bool {
        is_ref(self.snapshot, self.file, self.text, self.family, node)
    }

    /// The tests and settings of a table and of its columns.
    fn table(&mut self, node: &Node) {
        for Entry { key, value } in node.entries() {
            match key.as_str() {
                Some("tests" | "data_tests") => self.tests(value),
                Some("config") => self.settings(value),
                Some("constraints") => self.tests(value),
                Some("columns") => {
                    for column in value.items() {
                        for Entry { key, value } in column.entries() {
                            if matches!(key.as_str(), Some("tests" | "data_tests" | "constraints"))
                            {
                                self.tests(value);
                            }
                        }
                    }
                }
                Some("time_spine") => {
                    if let Some(column) = value.entry("standard_granularity_column") {
                        self.whole(&column.value);
                    }
                }
                _ => {}
            }
        }
    }

    /// The columns of the table that a test or a constraint of any table leads `to`.
    fn related(&mut self, node: &Node) {
        if node.entry("to").is_some_and(|to| self.is_ref(&to.value)) {
            if let Some(field) = node.entry("field") {
                self.whole(&field.value);
            }
            for column in items(node, "to_columns") {
                self.whole(column);
            }
        }
        let values = node.entries().iter().map(|entry| &entry.value);
        values
            .chain(node.items())
            .for_each(|below| self.related(below));
    }

    fn tests(&mut self, tests: &Node) {
        for test in tests.items() {
            for Entry { key, value } in test.entries() {
                let is_relationship = key
                    .as_str()
                    .is_some_and(|key| key.ends_with("relationships"));
                match key.as_str() {
                    Some(key) if NAMING_NOTHING.contains(&key) => {}
                    // `- unique: {…}` and `- name: unique, arguments: {…}`
                    Some(_) if matches!(value.kind, NodeKind::Mapping { .. }) => {
                        self.arguments(value, is_relationship);
                    }
                    Some(key) => self.argument(key, value),
                    None => {}
                }
            }
        }
    }

    fn arguments(&mut self, arguments: &Node, is_relationship: bool) {
        for Entry { key, value } in arguments.entries() {
            match key.as_str() {
                Some("field" | "to") if is_relationship => {}
                Some(key) if NAMING_NOTHING.contains(&key) => {}
                Some("arguments" | "config") => self.arguments(value, is_relationship),
                Some(key) => self.argument(key, value),
                None => {}
            }
        }
    }

    fn argument(&mut self, key: &str, value: &Node) {
        let is_known = EXPRESSIONS.contains(&key);
        let note = match is_known {
            true => Note::Name,
            false => Note::Unsure,
        };
        self.expression(value, note);
        for item in value.items() {
            self.expression(item, note);
        }
    }

    fn settings(&mut self, settings: &Node) {
        for Entry { key, value } in settings.entries() {
            let key = key.as_str().unwrap_or_default();
            if NAMING_COLUMNS.contains(&key.trim_start_matches('+')) {
                self.whole(value);
                value.items().iter().for_each(|item| self.whole(item));
                if let Some(field) = value.entry("field") {
                    self.whole(&field.value);
                }
            }
        }
    }

    fn unit_test(&mut self, test: &Node) {
        for rows in Rows::of(self.snapshot, self.file, self.text, self.family, test) {
            if rows.is_of_family {
                self.rows(rows.holder);
            }
        }
    }

    fn rows(&mut self, holder: &Node) {
        let Some(rows) = holder.entry("rows").map(|entry| &entry.value) else {
            return;
        };
        for row in rows.items() {
            for Entry { key, .. } in row.entries() {
                self.whole(key);
            }
        }
        let Some(written) = rows.as_str() else {
            return;
        };
        let format = holder.entry("format").and_then(|it| it.value.as_str());
        if format == Some("sql") {
            let note = match is_made_up(written) {
                true => Note::Name,
                false => Note::Unsure,
            };
            self.expression(rows, note);
            return;
        }
        // As CSV, where the first line names the columns.
        if let Some(header) = written.lines().find(|line| !line.trim().is_empty()) {
            let slice = lookup::slice(self.text, rows.range);
            if let Some(at) = slice.find(header) {
                let start = rows.range.start() + lookup::offset(at);
                let range = TextRange::at(start, lookup::offset(header.len()));
                self.words(range, Note::Name);
            }
        }
    }

    /// An entity, a dimension or a measure: its `expr`, which is its name where there is none. The name
    /// stays, for metrics know it by that.
    fn semantic(&mut self, item: &Node) {
        let Family { old, new, .. } = self.family;
        let entries = item.entries();
        let is = |entry: Option<&Entry>, name: &Name| {
            entry.and_then(|entry| entry.value.as_str()) == Some(name.as_str())
        };
        let name = item.entry("name");
        let expr = item.entry("expr");
        let Some((last, before)) = entries.split_last() else {
            return;
        };
        if expr.is_none() && is(name, old) {
            let end = TextRange::empty(last.value.range.end());
            let written = format!("{}expr: \"{new}\"", self.separator(item));
            // In quotes, by which it is told from what a person wrote, and goes with the rename back.
            self.edits.replace(end, written, Note::HandedOn);
            return;
        }
        let Some(expr) = expr else { return };
        let is_ours = lookup::slice(self.text, expr.value.range).starts_with('"');
        if is(name, new)
            && is(Some(expr), old)
            && expr == last
            && is_ours
            && let Some(before) = before.last()
        {
            let between = TextRange::new(before.value.range.end(), expr.key.range.start());
            if lookup::slice(self.text, between) == self.separator(item) {
                let range = TextRange::new(between.start(), expr.value.range.end());
                self.edits.replace(range, "", Note::Name);
                return;
            }
        }
        self.expression(&expr.value, Note::Name);
    }

    /// What stands between two entries of a mapping.
    fn separator(&self, item: &Node) -> String {
        if matches!(item.kind, NodeKind::Mapping { flow: true, .. }) {
            return ", ".to_owned();
        }
        let before = TextRange::up_to(item.range.start());
        let before = lookup::slice(self.text, before);
        let line = before.rsplit('\n').next().unwrap_or_default();
        let line_end = match self.text.contains("\r\n") {
            true => "\r\n",
            false => "\n",
        };
        format!("{line_end}{}", " ".repeat(line.chars().count()))
    }

    /// A scalar that is nothing but the name.
    fn whole(&mut self, node: &Node) {
        let Family { old, new, .. } = self.family;
        let is_it = node
            .as_str()
            .is_some_and(|it| it.eq_ignore_ascii_case(old.as_str()));
        if let (true, Some(range)) = (is_it, yaml::content(node)) {
            let written = lookup::slice(self.text, range);
            if written.eq_ignore_ascii_case(old.as_str()) {
                let name = spelling::in_case(written, old, new);
                let name = match range == node.range {
                    true => yaml::plain(&name),
                    false => name,
                };
                self.edits.replace(range, name, Note::Name);
            }
        }
    }

    /// A scalar with an expression over the table's columns.
    fn expression(&mut self, node: &Node, note: Note) {
        if let Some(range) = yaml::content(node) {
            self.words(range, note);
        }
    }

    fn words(&mut self, range: TextRange, note: Note) {
        let Family { old, new, .. } = self.family;
        let text = lookup::slice(self.text, range);
        for word in sql_words(text, old, true) {
            let at = word + range.start();
            let written = lookup::slice(self.text, at);
            let name = spelling::in_case(written, old, new);
            self.edits.replace(at, name, note);
        }
    }
}

/// Rows that a unit test gives to a table, or expects of it.
pub(super) struct Rows<'n> {
    /// The entry with `rows:`, or the name of a `fixture:`.
    pub(super) holder: &'n Node,
    /// They are of one of the tables.
    pub(super) is_of_family: bool,
}

impl<'n> Rows<'n> {
    /// All that one unit test has.
    pub(super) fn of(
        snapshot: &Snapshot,
        file: &File,
        text: &str,
        family: &Family,
        test: &'n Node,
    ) -> Vec<Rows<'n>> {
        let model = test.entry("model").map(|entry| &entry.value);
        let is_of_model = model.is_some_and(|model| {
            let mut tables = family.tables.iter();
            tables.any(|key| leads_to(snapshot, file, model, key))
        });
        let expect = test.entry("expect").map(|expect| Rows {
            holder: &expect.value,
            is_of_family: is_of_model,
        });
        let given = items(test, "given").iter().map(|given| {
            let input = given.entry("input").map(|entry| &entry.value);
            let is_it = |input: &Node| match input.as_str() {
                Some("this") => is_of_model,
                _ => is_ref(snapshot, file, text, family, input),
            };
            Rows {
                holder: given,
                is_of_family: input.is_some_and(is_it),
            }
        });
        expect.into_iter().chain(given).collect()
    }
}

fn is_ref(snapshot: &Snapshot, file: &File, text: &str, family: &Family, node: &Node) -> bool {
    let Some(range) = yaml::content(node) else {
        return false;
    };
    let text = lookup::slice(text, range);
    let mut tables = family.tables.iter();
    tables.any(|key| !refs_to(snapshot, file, text, key).is_empty())
}

/// Arguments of tests that hold SQL over the table's columns, or their names.
const EXPRESSIONS: &[&str] = &[
    "expression",
    "where",
    "combination_of_columns",
    "column_name",
    "column_list",
    "columns",
    "column",
    "condition",
    "row_condition",
    "group_by",
    "group_by_columns",
    "partition_by",
    "partition_columns",
    "sort_column",
    "date_column",
    "timestamp_column",
    "lower_bound_column",
    "upper_bound_column",
    "column_A",
    "column_B",
    "quote_columns",
    "compare_columns",
    "exclude_columns",
];

/// Keys of tests that name no column.
const NAMING_NOTHING: &[&str] = &[
    "name",
    "test_name",
    "description",
    "severity",
    "error_if",
    "warn_if",
    "warn_unsupported",
    "warn_unenforced",
    "tags",
    "meta",
    "type",
    "to",
    "alias",
    "schema",
    "database",
    "values",
    "compare_model",
    "to_columns",
];

fn node_at(node: &Node, range: TextRange) -> Option<&Node> {
    if node.range == range {
        return Some(node);
    }
    let values = node.entries().iter().map(|entry| &entry.value);
    let mut below = values.chain(node.items());
    below.find_map(|below| match below.range.contains_range(range) {
        true => node_at(below, range),
        false => None,
    })
}
