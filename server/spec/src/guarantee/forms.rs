//! The forms that a sentence may have, as a person would have them explained: the words of the language,
//! and in capitals what stands between them. The grammar says what a sentence is; that each of its
//! sentences has a form here, and no form says otherwise, is tested.

mod fit;

pub use fit::{Fit, fitting};

use std::ops::Range;
use std::sync::LazyLock;

/// The form of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// All of it: `COLUMN = EXPRESSION [per COLUMNS] [where CONDITION]`.
    pub text: &'static str,
    /// Its parts, in order.
    pub parts: Vec<FormPart>,
    /// A sentence of this form.
    pub example: &'static str,
}

/// A part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormPart {
    /// Where it stands in the text of the form.
    pub range: Range<usize>,
    /// What it is.
    pub kind: FormPartKind,
    /// It may be left out, together with the others of this number; none where it may not.
    pub optional: Option<usize>,
}

/// What a part of a form is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormPartKind {
    /// Words of the language, in this order.
    Words(Vec<&'static str>),
    /// Something to be filled in.
    Slot(Slot),
}

/// What is to be filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The name of a table or column.
    Path,
    /// Names with commas between them.
    Paths,
    /// SQL, or a type, a unit, another word.
    Text,
    /// Something in parentheses, which belong to it.
    List,
}

/// All forms, in the order of the grammar.
pub fn forms() -> &'static [Form] {
    &PARSED
}

static PARSED: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let forms = FORMS.iter();
    let parsed = forms.map(|(_, text, example)| Form {
        text,
        parts: parts(text),
        example,
    });
    parsed.collect()
});

/// Every form: what the grammar calls it, its text, and an example.
#[rustfmt::skip]
const FORMS: &[(&str, &str, &str)] = &[
    ("exists", "NAME exists", "orders.amount exists"),
    ("absent", "NAME is absent", "orders.coupon_code is absent"),
    ("renamed_from", "NAME is renamed from NAME", "orders.total is renamed from amount"),
    ("lists_columns", "TABLE lists its columns", "orders lists its columns"),
    ("never_null", "COLUMN is never null", "orders.amount is never null"),
    ("unique", "COLUMN is unique", "orders.order_id is unique"),
    ("one_of", "COLUMN is one of (VALUES)", "orders.status is one of ('open', 'paid')"),
    ("in_unit", "COLUMN is in UNIT", "orders.amount is in USD"),
    ("has_type", "COLUMN is TYPE", "orders.amount is DECIMAL(10,2)"),
    ("refers_to", "COLUMN refers to COLUMN", "orders.customer_id refers to customers.customer_id"),
    ("equals", "COLUMN = EXPRESSION [per COLUMNS] [where CONDITION]", "orders.amount = SUM(lines.quantity * lines.price)"),
    ("one_row_per", "TABLE has one row per COLUMNS", "orders has one row per order_id"),
    ("counts_once", "TABLE counts each row of TABLE once", "orders counts each row of lines once"),
    ("excludes_rows", "TABLE excludes rows where CONDITION", "orders excludes rows where is_test"),
    ("only_has_rows", "TABLE only has rows where CONDITION", "orders only has rows where amount >= 0"),
    ("excludes_matching", "TABLE excludes rows that match TABLE on COLUMNS", "customers excludes rows that match erasures on customer_id"),
    ("only_has_matching", "TABLE only has rows that match TABLE on COLUMNS", "customers only has rows that match consents on customer_id"),
    ("keeps_every_row", "TABLE keeps every row of TABLE", "orders keeps every row of raw.orders"),
    ("keeps_latest", "TABLE keeps the latest row per COLUMNS by COLUMNS", "orders keeps the latest row per order_id by updated_at"),
    ("comes_from", "COLUMN comes from COLUMN [only through FUNCTIONS]", "contacts.email_hash comes from contacts.email only through SHA2"),
    ("comes_unchanged", "COLUMN comes unchanged from COLUMN", "orders.customer_id comes unchanged from raw.orders.customer"),
    ("never_comes_from", "NAME never comes from NAME", "orders never comes from customers.birth_date"),
    ("never_leaves", "COLUMN never leaves TABLE [except to TABLES]", "customers.email never leaves customers"),
    ("classified_never_leave", "columns classified TAG never leave TABLE [except to TABLES]", "columns classified pii never leave customers"),
    ("reads", "TABLE reads TABLE", "orders reads raw.orders"),
    ("never_reads", "TABLE never reads TABLE", "orders never reads raw.legacy"),
    ("materialized_as", "TABLE is materialized as KIND", "orders is materialized as incremental"),
    ("merged_by", "TABLE is merged by COLUMNS", "orders is merged by order_id"),
];

/// The parts of the text of a form.
fn parts(text: &'static str) -> Vec<FormPart> {
    let mut parts: Vec<FormPart> = Vec::new();
    let (mut at, mut groups, mut open) = (0, 0, false);
    for written in text.split(' ') {
        let start = at;
        at += written.len() + 1;
        open |= written.starts_with('[');
        let optional = open.then_some(groups);
        let word = written.trim_matches(['[', ']']);
        let start = start + usize::from(written.starts_with('['));
        let range = start..start + word.len();
        if written.ends_with(']') {
            open = false;
            groups += 1;
        }
        let slot = match word {
            "COLUMNS" | "TABLES" | "FUNCTIONS" => Slot::Paths,
            "NAME" | "COLUMN" | "TABLE" | "TAG" | "KIND" => Slot::Path,
            "(VALUES)" => Slot::List,
            "UNIT" | "TYPE" | "EXPRESSION" | "CONDITION" => Slot::Text,
            word => {
                // Words in a row are one part.
                let last = parts.last_mut().filter(|last| last.optional == optional);
                if let Some(FormPart {
                    kind: FormPartKind::Words(words),
                    range: whole,
                    ..
                }) = last
                {
                    words.push(word);
                    whole.end = range.end;
                } else {
                    parts.push(FormPart {
                        range,
                        kind: FormPartKind::Words(vec![word]),
                        optional,
                    });
                }
                continue;
            }
        };
        parts.push(FormPart {
            range,
            kind: FormPartKind::Slot(slot),
            optional,
        });
    }
    parts
}

#[cfg(test)]
mod tests;
