//! # What it says
//!
//! One operator in the SQL lets data break a guarantee that is in force, and nothing that is declared
//! rules that out: an outer join that gives `NULL`, a join that may repeat rows, an inner join that may
//! drop them.
//!
//! It is never said because a proof is missing: only where an operator can be named. It is silent on
//! columns of which it is not known whether they hold `NULL`.
//!
//! # Why it matters
//!
//! It holds as long as the data is kind. The day a row without a partner arrives, or one with two, it
//! does not, and nothing says so.
//!
//! # Example
//!
//! ```sql
//! SELECT orders.id AS order_id, amounts.amount AS order_amount
//! FROM orders
//! LEFT JOIN amounts ON amounts.order_id = orders.id  -- info: order_amount may be NULL
//! ```
//!
//! # Fix
//!
//! Settle it in the SQL, by a `COALESCE`, a filter or a group, or declare what rules it out: the key of
//! the other side, or that a column is never `NULL`. Where a value is missing, quick fixes give 0 or leave
//! the row out; where a join may repeat rows, one declares the key that would rule that out.

use crate::code::{Check, Code};
use crate::finding::Finding;
use crate::fix::{Fix, Fixing};
use crate::keeping;
use index::configuration::Level;

/// Found while the sentences of a table are answered, see [`crate::contradicts_amendment`].
pub(crate) const CODE: Code = Code {
    name: "guarantee-at-risk",
    default: Level::Info,
    summary: "One operator lets data break a guarantee in force.",
    can_be_silenced: true,
    source: include_str!("guarantee_at_risk.rs"),
    check: Check::NOTHING,
    fixes,
};

/// The operator settled in the SQL, or by what is declared of a table that is joined.
fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let Some((table, sentence)) = keeping::sentence_of(fixing, finding) else {
        return Vec::new();
    };
    let (spec, guarantee) = (sentence.file, &sentence.guarantee);
    let mut fixes = keeping::kept(fixing, spec, table, guarantee, None);
    fixes.extend(keeping::declared(fixing, spec, table, guarantee));
    fixes
}
