//! # What it says
//!
//! Nothing says why a table or a column that a spec describes exists. A column needs no why of its
//! own where `since` names the amendment that introduced it, or where it comes unchanged from a
//! column that has one.
//!
//! # Why it matters
//!
//! What a column is can be read from the SQL. Why it exists can't. Whoever changes it next, a person
//! or an agent, has to know what it must go on being good for.
//!
//! # Example
//!
//! ```yaml
//! tables:
//!   - name: orders
//!     why: Invoicing and revenue reporting both start from single orders.
//!     columns:
//!       - name: order_amount        # warning: order_amount has no why
//!         description: Total monetary value of the order.
//! ```
//!
//! # Fix
//!
//! Add a `why` that says who needs it, and for what. In a dbt file it stands under
//! `config.meta.rationale`, before dbt 1.10 under `meta.rationale`. The quick fix drafts it from
//! what the SQL shows: who reads the column. Or name the amendment that introduced the column with
//! `since`.

use crate::code::{Check, Code};
use crate::context::Context;
use crate::finding::Finding;
use crate::fix::entry::Entry;
use crate::fix::sheet::Sheet;
use crate::fix::{Fix, Fixing, draft, evidence};
use crate::unsaid::Unsaid;
use index::Table;
use index::configuration::Level;
use syntax::yaml::Value;

pub(crate) const CODE: Code = Code {
    name: "missing-why",
    default: Level::Warning,
    summary: "A table or column has no why, own or inherited.",
    can_be_silenced: true,
    source: include_str!("missing_why.rs"),
    check: Check {
        table: check,
        ..Check::NOTHING
    },
    fixes,
};

const UNSAID: Unsaid = Unsaid {
    code: &CODE,
    of_table: |entry| &entry.why,
    is_known_of: |column| column.why.is_some(),
    table: "has no why: say who needs this table, and for what.",
    column: "has no why: say who needs it, and for what.",
};

fn check(context: &Context<'_>, table: &Table, findings: &mut Vec<Finding>) {
    UNSAID.find(context, table, findings);
}

fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let add = || {
        let entry = Entry::at(fixing, finding)?;
        let table = entry.joined(fixing)?;
        let mut sheet = Sheet::open(fixing, entry.file)?;
        let path = sheet.path_of(entry.range())?;
        let why = draft::why(
            fixing.snapshot,
            table,
            entry.column.map(|column| &column.name.value),
        );
        let keys = entry.why_keys(fixing, &sheet, &path);
        sheet.put(&path, keys, draft::marked(&why), &["description", "name"])?;
        let title = format!("Add a why to `{}`", entry.name());
        Some(Fix {
            preferred: true,
            ..sheet.fix(title, Some(&why))
        })
    };
    let introduced = || {
        let entry = Entry::at(fixing, finding)?;
        let column = entry.column.filter(|column| column.since.is_none())?;
        entry.file.native_spec()?;
        let table = entry.joined(fixing)?;
        let id = evidence::asked_for(fixing.snapshot, table, &column.name.value)?;
        let mut sheet = Sheet::open(fixing, entry.file)?;
        let path = sheet.path_of(entry.range())?;
        let since = Value::literal(id.to_string());
        sheet.put(&path, &["since"], since, &["type", "name"])?;
        let title = format!("Say that amendment `{id}` asked for `{}`", entry.name());
        Some(Fix {
            preferred: true,
            ..sheet.fix(title, None)
        })
    };
    let introduced = introduced();
    let add = add().map(|add| Fix {
        preferred: introduced.is_none(),
        ..add
    });
    introduced.into_iter().chain(add).collect()
}
