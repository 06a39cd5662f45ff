//! # What it says
//!
//! An amendment whose change is still to be done, or that is only proposed, guarantees something that
//! the SQL contradicts as it is.
//!
//! # Why it matters
//!
//! It tells what is left to do: when nothing of an amendment is left, its change can be recorded.
//!
//! # Example
//!
//! ```yaml
//! amendments:
//!   - id: item-count
//!     requirement: The number of items in each order must be visible.
//!     change: tbd
//!     guarantees: |
//!       orders.item_count exists    # info: item_count is not yet as amendment item-count asks
//! ```
//!
//! # Fix
//!
//! Make the change in the SQL, by a quick fix where it is a local edit, then say in `change` what was done.

use crate::code::{Check, Code};
use crate::finding::Finding;
use crate::fix::{Fix, Fixing};
use crate::keeping;
use index::configuration::Level;

/// Found while the sentences of a table are answered, see [`crate::contradicts_amendment`].
pub(crate) const CODE: Code = Code {
    name: "not-yet-met",
    default: Level::Info,
    summary: "The SQL does not meet a guarantee of an open amendment yet.",
    can_be_silenced: true,
    source: include_str!("not_yet_met.rs"),
    check: Check::NOTHING,
    fixes,
};

/// The SQL made to keep the sentence.
fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    keeping::of_sentence(fixing, finding)
}
