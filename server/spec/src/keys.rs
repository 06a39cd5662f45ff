//! The keys of the native format, as one table. The decode finds unknown and missing keys by it, the
//! JSON Schema is made from it, and completion and hover show its texts, so that they can't part.

use crate::nearest::nearest;

/// A key that a section of a native spec may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Where it may stand.
    pub section: Section,
    /// The key.
    pub name: &'static str,
    /// What its value is.
    pub kind: Kind,
    /// Whether the section makes no sense without it.
    pub required: bool,
    /// What it says, to somebody who writes a spec. One or two sentences.
    pub documentation: &'static str,
}

/// A mapping of a native spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Section {
    /// The top of the file.
    Product,
    /// An item of `tables`.
    Table,
    /// An item of `columns`.
    Column,
    /// An item of `amendments`.
    Amendment,
    /// An item of `supersedes` that is a mapping.
    Supersedes,
    /// An item of `exemptions`.
    Exemption,
}

/// What the value of a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text; a number is taken as its text.
    Text,
    /// A text of some words.
    Prose,
    /// The name of a product or a column.
    Name,
    /// The name of a table, which may be qualified.
    TableName,
    /// `true` or `false`.
    Boolean,
    /// A day, as `YYYY-MM-DD`.
    Date,
    /// A positive integer or a slug.
    AmendmentId,
    /// What was done, or that it is still to be done.
    Change,
    /// `proposed`, `accepted` or `withdrawn`.
    Status,
    /// A list of texts.
    Texts,
    /// A list of the names of columns.
    Names,
    /// A list of texts, numbers and booleans.
    Literals,
    /// Sentences: one a line of a block scalar, or one an item of a list.
    Sentences,
    /// A list of ids, or of mappings that name one sentence of an amendment.
    Supersedes,
    /// A list of mappings.
    List(Section),
}

/// What people write for a change that is still to be done.
pub const TO_BE_DONE: [&str; 3] = ["tbd", "TBD", "<tbd>"];

/// What a text starts with that is only a note of what is to be said, alone or before a colon.
pub const NOTE: &str = "TODO";

/// What people write where nothing had to change: what is agreed was so already.
pub const NOTHING: &str = "none";

/// What `status` may be.
pub const STATUSES: [&str; 3] = ["proposed", "accepted", "withdrawn"];

/// Keys that start so are the author's own, for instance to hold anchors. They may stand anywhere.
pub const OWN_KEY_PREFIX: &str = "x-";

use Kind::{
    AmendmentId, Boolean, Change, Date, List, Literals, Name, Names, Prose, Sentences, Status,
    TableName, Text, Texts,
};
use Section::{Amendment, Column, Exemption, Product, Supersedes, Table};

/// Every key of the native format, in the order in which people write them.
#[rustfmt::skip]
pub const KEYS: &[Key] = &[
    required(Product, "product", Name, "The product's name, unique in the workspace. Files that give the same name add up to one product."),
    optional(Product, "description", Prose, "What the product is and what it is for."),
    optional(Product, "owner", Text, "The person or team that answers for it."),
    optional(Product, "links", Texts, "URLs of what else there is to read."),
    optional(Product, "dialect", Text, "The SQL dialect of this product, such as `snowflake`; without it, the workspace's."),
    optional(Product, "tables", List(Table), "The tables that the product consists of."),
    optional(Product, "amendments", List(Amendment), "The product's history: each requirement, and the change that met it. Only ever added to."),
    optional(Product, "exemptions", List(Exemption), "Organisation-wide rules that this product need not keep, and why."),

    required(Table, "name", TableName, "The table's name as SQL gives it, unique in its product. It may be qualified, as in `raw.orders`."),
    optional(Table, "description", Prose, "What the table holds, and what one row of it is."),
    optional(Table, "why", Prose, "Why the table exists: who needs it, and for what."),
    optional(Table, "model", Text, "The path of the SQL file that defines the table, where its name does not tell."),
    optional(Table, "grain", Names, "The columns that together identify one row."),
    optional(Table, "columns", List(Column), "The table's columns."),

    required(Column, "name", Name, "The column's name as SQL gives it."),
    optional(Column, "type", Text, "Its SQL type in the product's dialect, such as `DECIMAL(10,2)`."),
    optional(Column, "unit", Text, "What its numbers count, such as `USD` or `seconds`."),
    optional(Column, "values", Literals, "The values that it may hold."),
    optional(Column, "nullable", Boolean, "Whether it may be NULL."),
    optional(Column, "unique", Boolean, "Whether no value occurs twice."),
    optional(Column, "references", Text, "The column that it refers to, as `table.column`."),
    optional(Column, "classification", Texts, "Tags that say how it must be handled, such as `pii`."),
    optional(Column, "since", AmendmentId, "The amendment that introduced it. That amendment's requirement is then its why."),
    optional(Column, "description", Prose, "What the column is."),
    optional(Column, "why", Prose, "Why the column exists: who needs it, and for what."),
    optional(Column, "deprecated", Prose, "That it is no longer to be used, and what to use instead."),

    required(Amendment, "id", AmendmentId, "A positive integer, or a slug such as `no-test-orders`; unique in the product."),
    optional(Amendment, "date", Date, "The day on which it was asked for, as `YYYY-MM-DD`."),
    optional(Amendment, "author", Text, "The person or team that asked for it."),
    optional(Amendment, "link", Text, "A ticket or a page where it was discussed."),
    optional(Amendment, "status", Status, "`proposed`, `accepted` (which is what holds without it) or `withdrawn`."),
    required(Amendment, "requirement", Prose, "The need, in the words of whoever had it."),
    optional(Amendment, "change", Change, "What was done about it: `tbd` while it is open, `none` where it was so already."),
    optional(Amendment, "changes", Texts, "What it may change: columns as `table.column`, the rows of a table as `table.rows`, or tables."),
    optional(Amendment, "supersedes", Kind::Supersedes, "The amendments that it replaces: their ids, or `{amendment: 2, guarantee: \"…\"}` for one sentence."),
    optional(Amendment, "guarantees", Sentences, "Sentences that can be checked against the SQL, one a line, such as `orders.order_amount is never null`."),
    optional(Amendment, "promises", Sentences, "Sentences that people judge, one a line. They are shown and counted, never checked."),

    required(Supersedes, "amendment", AmendmentId, "The id of the older amendment."),
    optional(Supersedes, "guarantee", Prose, "The sentence of it that is replaced; without it, all of it is."),

    required(Exemption, "rule", Text, "The name of the rule."),
    required(Exemption, "why", Prose, "Why the product need not keep it."),
    optional(Exemption, "until", Date, "The last day on which it need not, as `YYYY-MM-DD`."),
];

const fn required(
    section: Section,
    name: &'static str,
    kind: Kind,
    documentation: &'static str,
) -> Key {
    Key {
        section,
        name,
        kind,
        required: true,
        documentation,
    }
}

const fn optional(
    section: Section,
    name: &'static str,
    kind: Kind,
    documentation: &'static str,
) -> Key {
    Key {
        section,
        name,
        kind,
        required: false,
        documentation,
    }
}

impl Section {
    /// Every section, from the outermost in.
    pub const ALL: [Section; 6] = [Product, Table, Column, Amendment, Supersedes, Exemption];

    /// Its keys, in the order in which people write them.
    pub fn keys(self) -> impl Iterator<Item = &'static Key> {
        KEYS.iter().filter(move |key| key.section == self)
    }

    /// Its key of this name.
    pub fn key(self, name: &str) -> Option<&'static Key> {
        self.keys().find(|key| key.name == name)
    }

    /// The key of it that `word` was likeliest meant to be.
    pub fn nearest_key(self, word: &str) -> Option<&'static str> {
        nearest(word, self.keys().map(|key| key.name))
    }

    /// What one of them is called in a sentence.
    pub fn noun(self) -> &'static str {
        match self {
            Product => "spec",
            Table => "table",
            Column => "column",
            Amendment => "amendment",
            Supersedes => "superseded sentence",
            Exemption => "exemption",
        }
    }
}

impl Kind {
    /// What the value must be, to complete "… must be".
    pub fn expectation(self) -> &'static str {
        match self {
            Text | Prose => "text",
            Name => "a name",
            TableName => "the name of a table",
            Boolean => "`true` or `false`",
            Date => "a day written as YYYY-MM-DD",
            AmendmentId => {
                "a positive integer, or a slug of lower-case letters, digits and hyphens"
            }
            Change => "text that says what was done, or `tbd`",
            Status => "`proposed`, `accepted` or `withdrawn`",
            Texts | Literals => "a list",
            Names => "a list of columns",
            Sentences => "sentences, one a line after `|`, or a list of them",
            Kind::Supersedes => "a list of amendment ids",
            List(Table) => "a list of tables, each starting with `- name:`",
            List(Column) => "a list of columns, each starting with `- name:`",
            List(Amendment) => "a list of amendments, each starting with `- id:`",
            List(_) => "a list",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_section_has_a_key_twice_or_an_own_key() {
        for section in Section::ALL {
            let mut names: Vec<&str> = section.keys().map(|key| key.name).collect();
            assert!(!names.is_empty(), "{section:?}");
            names.sort_unstable();
            let count = names.len();
            names.dedup();
            assert_eq!(names.len(), count, "{section:?}");
            assert!(!names.iter().any(|name| name.starts_with(OWN_KEY_PREFIX)));
        }
    }

    #[test]
    fn every_text_is_a_sentence() {
        for key in KEYS {
            assert!(key.documentation.ends_with('.'), "{}", key.name);
        }
    }

    #[test]
    fn a_misspelled_key_is_looked_for_in_its_own_section() {
        assert_eq!(Column.nearest_key("nulable"), Some("nullable"));
        assert_eq!(Table.nearest_key("nulable"), None);
    }
}
