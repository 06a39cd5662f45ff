//! # What it says
//!
//! A bare name in a guarantee stood for a column of what lies upstream when the lock was written. Now a nearer
//! table has a column of that name, which it would stand for.
//!
//! # Why it matters
//!
//! The sentence would promise something else than was agreed, and nobody has said so. Until that is settled
//! nothing is claimed about it.
//!
//! # Example
//!
//! ```yaml
//! guarantees: |
//!   orders excludes rows where is_test    # warning: it stood for raw.orders.is_test
//! ```
//!
//! ```sql
//! SELECT id AS order_id, FALSE AS is_test FROM raw.orders WHERE NOT is_test
//! ```
//!
//! # Fix
//!
//! Give the new column another name, or say which one is meant: a quick fix drafts an amendment that supersedes
//! the sentence with the whole name in it.

use crate::code::{Check, Code};
use crate::context::Context;
use crate::finding::{At, Finding, Subject};
use crate::fix::{Fix, Fixing, supersede};
use crate::guarantee::{AgreedSentence, Rebound, rebound};
use crate::keeping;
use index::Table;
use index::configuration::Level;
use syntax::{TextEdit, edit};

/// Found while the sentences of a table are answered, see [`crate::contradicts_amendment`].
pub(crate) const CODE: Code = Code {
    name: "rebound-name",
    default: Level::Warning,
    summary: "A name in a guarantee would stand for another column than when it was locked.",
    can_be_silenced: true,
    source: include_str!("rebound_name.rs"),
    check: Check::NOTHING,
    fixes,
};

/// What is said of a sentence in which a name would stand for something new.
pub(crate) fn finding(table: &Table, sentence: &AgreedSentence<'_>, rebound: Rebound) -> Finding {
    let Rebound {
        name,
        range,
        was,
        now,
        ..
    } = rebound;
    let message = format!(
        "`{name}` stood for `{was}` when it was locked. It would stand for `{now}` now, so nothing is claimed \
         about this sentence."
    );
    let at = match range {
        Some(part) => At::Part {
            whole: sentence.text.spot,
            part,
        },
        None => sentence.text.spot.into(),
    };
    let subject = Subject {
        product: Some(sentence.product.clone()),
        table: Some(table.key.clone()),
        amendment: sentence.id().cloned(),
        detail: Some(
            sentence
                .text
                .value
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" "),
        ),
        ..Subject::default()
    };
    Finding::new(&CODE, sentence.file, at, message).about(subject)
}

/// The sentence anew, with the whole name.
fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let drafted = || {
        let (table, sentence) = keeping::sentence_of(fixing, finding)?;
        let context = Context::for_fixes(fixing.snapshot);
        let rebound = rebound(&context, table, &sentence)?;
        let edits = [TextEdit::replace(rebound.range?, rebound.was)];
        let now = edit::apply(&sentence.text.value, &edits)?;
        supersede::by(fixing, table, &sentence, Some(now.trim().to_owned()))
    };
    drafted().into_iter().collect()
}
