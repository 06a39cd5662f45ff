//! A guarantee: one sentence that a person reads as English, taken apart. Its SQL stays text; what the
//! names in it stand for is for the workspace to say.

mod expected;
mod forms;
mod parse;
mod problem;
mod repair;
mod table;
mod token;
mod words;
mod zone;

pub use expected::{Expected, expected_after};
pub use forms::{Fit, Form, FormPart, FormPartKind, Slot, fitting, forms};
pub use parse::parse;
pub use problem::SentenceProblem;
pub use repair::{nearest_forms, part_of_source};
pub use token::{Token, TokenKind, tokens};
pub use words::{Words, words};

use syntax::{Name, TextRange};

/// A sentence of an amendment that a machine can check. All ranges count from the start of the
/// sentence.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Guarantee {
    /// `orders.order_amount exists`, `orders exists`
    Exists(Path),
    /// `orders.coupon_code is absent`, `legacy_orders is absent`
    Absent(Path),
    /// `orders.order_amount is DECIMAL(10,2)`
    HasType {
        /// The column.
        column: Path,
        /// The type, in the product's dialect.
        data_type: Sql,
    },
    /// `orders.order_amount is never null`
    NeverNull(Path),
    /// `orders.order_id is unique`
    Unique(Path),
    /// `orders has one row per order_id, month`
    OneRowPer {
        /// The table.
        table: Path,
        /// Columns of it.
        columns: Vec<Path>,
    },
    /// `orders.status is one of ('open', 'paid')`
    OneOf {
        /// The column.
        column: Path,
        /// Literals.
        values: Vec<Sql>,
    },
    /// `orders.customer_id refers to customers.customer_id`
    RefersTo {
        /// The column.
        column: Path,
        /// What it identifies.
        to: Path,
    },
    /// `orders.order_amount = EXPR [per COLUMNS] [where PREDICATE]`
    Equals {
        /// The column.
        column: Path,
        /// What it is worth.
        value: Sql,
        /// Over which rows its aggregates are taken; none where the table's own rows say so.
        per: Vec<Path>,
        /// On which rows it is so; where it names columns of what is aggregated, which rows count.
        filter: Option<Sql>,
    },
    /// `orders counts each row of order_lines once`
    CountsOnce {
        /// The table.
        table: Path,
        /// What it reads.
        of: Path,
    },
    /// `orders.order_amount is in USD`
    InUnit {
        /// The column.
        column: Path,
        /// The unit: whatever is no zone.
        unit: Word,
    },
    /// `orders.ordered_at is in UTC`
    InZone {
        /// The column.
        column: Path,
        /// `UTC`, or a name of the IANA time zone database.
        zone: Word,
    },
    /// `orders.order_amount comes from order_lines.unit_price`, `contacts.email_hash comes from
    /// contacts.email only through SHA2, MD5`
    ComesFrom {
        /// The column.
        column: Path,
        /// The column that its values come from.
        from: Path,
        /// Functions, one of which stands on every path; none where any path will do.
        only_through: Vec<Word>,
    },
    /// `orders.customer_id comes unchanged from raw.orders.customer`
    ComesUnchanged {
        /// The column.
        column: Path,
        /// The column that it is a copy of.
        from: Path,
    },
    /// `orders never comes from customers.birth_date`, `orders.score never comes from …`
    NeverComesFrom {
        /// A table or a column.
        what: Path,
        /// A table or a column.
        from: Path,
    },
    /// `customers.email never leaves customers [except to support_tickets]`
    NeverLeaves {
        /// The column.
        column: Path,
        /// The table that keeps it.
        table: Path,
        /// Tables that may have it all the same.
        except: Vec<Path>,
    },
    /// `columns classified pii never leave customers [except to …]`
    ClassifiedNeverLeave {
        /// The classification.
        classification: Word,
        /// The table that keeps them.
        table: Path,
        /// Tables that may have them all the same.
        except: Vec<Path>,
    },
    /// `orders excludes rows where is_test`
    ExcludesRows {
        /// The table.
        table: Path,
        /// A predicate.
        condition: Sql,
    },
    /// `orders only has rows where amount >= 0`
    OnlyHasRows {
        /// The table.
        table: Path,
        /// A predicate.
        condition: Sql,
    },
    /// `customers excludes rows that match erasure_requests on customer_id`
    ExcludesMatching {
        /// The table.
        table: Path,
        /// The other table.
        other: Path,
        /// Columns of both.
        on: Vec<Path>,
    },
    /// `customers only has rows that match consents on customer_id`
    OnlyHasMatching {
        /// The table.
        table: Path,
        /// The other table.
        other: Path,
        /// Columns of both.
        on: Vec<Path>,
    },
    /// `orders keeps every row of raw.orders`
    KeepsEveryRow {
        /// The table.
        table: Path,
        /// What it reads.
        of: Path,
    },
    /// `orders keeps the latest row per order_id by updated_at`
    KeepsLatest {
        /// The table.
        table: Path,
        /// Of the rows that agree on these…
        per: Vec<Path>,
        /// …the one with the greatest of these, the first counting most.
        by: Vec<Path>,
    },
    /// `orders reads raw.orders`
    Reads {
        /// The table.
        table: Path,
        /// The other one.
        other: Path,
    },
    /// `orders never reads raw.legacy`
    NeverReads {
        /// The table.
        table: Path,
        /// The other one.
        other: Path,
    },
    /// `orders is materialized as incremental`
    MaterializedAs {
        /// The table.
        table: Path,
        /// `view`, `table`, `incremental`, `ephemeral`, …
        kind: Word,
    },
    /// `orders is merged by order_id`
    MergedBy {
        /// The table.
        table: Path,
        /// Columns of it.
        columns: Vec<Path>,
    },
    /// `orders lists its columns`
    ListsColumns(Path),
    /// `orders.order_total is renamed from order_amount`
    RenamedFrom {
        /// The column, or the table, under its new name.
        what: Path,
        /// Its old name, without what qualifies the new one.
        from: Path,
    },
}

/// Names joined by dots, as a sentence has them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// The names, the outermost first; never empty.
    pub parts: Vec<Name>,
    /// Where it stands.
    pub range: TextRange,
}

/// A piece of SQL.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Sql {
    /// As it is written.
    pub text: String,
    /// Where it stands.
    pub range: TextRange,
}

/// A word that names no column and no table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Word {
    /// As it is written, without quotes.
    pub text: String,
    /// Where it stands.
    pub range: TextRange,
}

impl Guarantee {
    /// What the sentence is about: a table or a column; of classified columns the table that keeps
    /// them.
    pub fn subject(&self) -> &Path {
        match self {
            Guarantee::Exists(subject)
            | Guarantee::Absent(subject)
            | Guarantee::NeverNull(subject)
            | Guarantee::Unique(subject)
            | Guarantee::ListsColumns(subject) => subject,
            Guarantee::HasType { column, .. }
            | Guarantee::OneOf { column, .. }
            | Guarantee::RefersTo { column, .. }
            | Guarantee::Equals { column, .. }
            | Guarantee::InUnit { column, .. }
            | Guarantee::InZone { column, .. }
            | Guarantee::ComesFrom { column, .. }
            | Guarantee::ComesUnchanged { column, .. }
            | Guarantee::NeverLeaves { column, .. } => column,
            Guarantee::OneRowPer { table, .. }
            | Guarantee::CountsOnce { table, .. }
            | Guarantee::ClassifiedNeverLeave { table, .. }
            | Guarantee::ExcludesRows { table, .. }
            | Guarantee::OnlyHasRows { table, .. }
            | Guarantee::ExcludesMatching { table, .. }
            | Guarantee::OnlyHasMatching { table, .. }
            | Guarantee::KeepsEveryRow { table, .. }
            | Guarantee::KeepsLatest { table, .. }
            | Guarantee::Reads { table, .. }
            | Guarantee::NeverReads { table, .. }
            | Guarantee::MaterializedAs { table, .. }
            | Guarantee::MergedBy { table, .. } => table,
            Guarantee::NeverComesFrom { what, .. } | Guarantee::RenamedFrom { what, .. } => what,
        }
    }

    /// Calls `change` with each path that stands for a column of the table that the sentence is about, or
    /// of what lies upstream of it.
    pub fn for_each_bare_column(&mut self, change: &mut dyn FnMut(&mut Path)) {
        match self {
            Guarantee::Equals { per, .. } => per.iter_mut().for_each(change),
            Guarantee::OneRowPer { columns, .. } | Guarantee::MergedBy { columns, .. } => {
                columns.iter_mut().for_each(change);
            }
            Guarantee::KeepsLatest { per, by, .. } => {
                per.iter_mut().for_each(&mut *change);
                by.iter_mut().for_each(change);
            }
            _ => {}
        }
    }

    /// Calls `change` with each piece of SQL that names columns.
    pub fn for_each_sql(&mut self, change: &mut dyn FnMut(&mut Sql)) {
        match self {
            Guarantee::Equals { value, filter, .. } => {
                change(value);
                filter.iter_mut().for_each(change);
            }
            Guarantee::ExcludesRows { condition, .. }
            | Guarantee::OnlyHasRows { condition, .. } => change(condition),
            _ => {}
        }
    }

    /// Calls `change` with every name of a table or column outside of its SQL, to change it in place.
    pub fn for_each_path(&mut self, change: &mut dyn FnMut(&mut Path)) {
        match self {
            Guarantee::Exists(subject)
            | Guarantee::Absent(subject)
            | Guarantee::NeverNull(subject)
            | Guarantee::Unique(subject)
            | Guarantee::ListsColumns(subject) => change(subject),
            Guarantee::HasType { column, .. }
            | Guarantee::OneOf { column, .. }
            | Guarantee::InUnit { column, .. }
            | Guarantee::InZone { column, .. } => change(column),
            Guarantee::Equals { column, per, .. } => {
                change(column);
                per.iter_mut().for_each(change);
            }
            Guarantee::RefersTo { column, to: other }
            | Guarantee::ComesFrom {
                column,
                from: other,
                ..
            }
            | Guarantee::ComesUnchanged {
                column,
                from: other,
            }
            | Guarantee::NeverComesFrom {
                what: column,
                from: other,
            } => {
                change(column);
                change(other);
            }
            Guarantee::NeverLeaves {
                column,
                table,
                except,
            } => {
                change(column);
                change(table);
                except.iter_mut().for_each(change);
            }
            Guarantee::ClassifiedNeverLeave { table, except, .. } => {
                change(table);
                except.iter_mut().for_each(change);
            }
            Guarantee::OneRowPer { table, columns } | Guarantee::MergedBy { table, columns } => {
                change(table);
                columns.iter_mut().for_each(change);
            }
            Guarantee::CountsOnce { table, of: other }
            | Guarantee::KeepsEveryRow { table, of: other }
            | Guarantee::Reads { table, other }
            | Guarantee::NeverReads { table, other } => {
                change(table);
                change(other);
            }
            Guarantee::ExcludesRows { table, .. }
            | Guarantee::OnlyHasRows { table, .. }
            | Guarantee::MaterializedAs { table, .. } => change(table),
            Guarantee::ExcludesMatching { table, other, on }
            | Guarantee::OnlyHasMatching { table, other, on } => {
                change(table);
                change(other);
                on.iter_mut().for_each(change);
            }
            Guarantee::KeepsLatest { table, per, by } => {
                change(table);
                per.iter_mut().for_each(&mut *change);
                by.iter_mut().for_each(change);
            }
            // The one sentence that speaks of the old name.
            Guarantee::RenamedFrom { what, .. } => change(what),
        }
    }
}
