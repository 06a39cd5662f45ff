//! # What it says
//!
//! The SQL contradicts what the table section of a spec declares: another type by a cast, a constant
//! `NULL` where none may be, a value that is not listed, two rows with one key.
//!
//! What a native spec says counts, and a contract that dbt enforces. A dbt test is a claim about data,
//! and is never contradicted by SQL.
//!
//! # Why it matters
//!
//! Whoever reads the spec takes it for true: it is what others build on.
//!
//! # Example
//!
//! ```yaml
//! columns:
//!   - name: order_amount
//!     type: DECIMAL(10,2)
//! ```
//!
//! ```sql
//! SELECT CAST(amount AS INTEGER) AS order_amount  -- error: it is declared `type: DECIMAL(10,2)`
//! FROM raw.orders
//! ```
//!
//! # Fix
//!
//! Change the SQL: a quick fix does so where it is a local edit. If the declaration is what is out of date,
//! draft an amendment that changes it: a quick fix does so for a type, for `nullable` and for `values`.

use crate::code::{Check, Code};
use crate::context::Context;
use crate::finding::Finding;
use crate::fix::{Fix, Fixing, redeclare};
use crate::guarantee::{self, Declaration, Levels};
use crate::keeping;
use index::Table;
use index::configuration::Level;
use meaning::guarantee::Answer;

pub(crate) const CODE: Code = Code {
    name: "contradicts-declaration",
    default: Level::Error,
    summary: "The SQL contradicts what a spec declares.",
    can_be_silenced: true,
    source: include_str!("contradicts_declaration.rs"),
    check: Check {
        table: check,
        ..Check::NOTHING
    },
    fixes,
};

fn check(context: &Context<'_>, table: &Table, findings: &mut Vec<Finding>) {
    let levels = Levels::of(context, table);
    for declaration in Declaration::of(context, table) {
        let verdict = guarantee::verdict(
            context,
            declaration.file,
            table,
            &declaration.guarantee,
            &levels,
        );
        if let Answer::Contradicted(broken) = &verdict.answer {
            findings.push(guarantee::declaration_broken(
                &CODE,
                table,
                &declaration,
                &verdict,
                broken,
            ));
        }
    }
}

/// The SQL made to give what is declared, or the declaration made to say what the SQL gives.
fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let context = Context::for_fixes(fixing.snapshot);
    let table = finding.subject.table.as_ref();
    let Some(table) = table.and_then(|table| fixing.snapshot.table(table)) else {
        return Vec::new();
    };
    let mut declarations = Declaration::of(&context, table).into_iter();
    let declaration = declarations.find(|declaration| {
        declaration.column == finding.subject.column
            && Some(&declaration.written) == finding.subject.detail.as_ref()
    });
    let Some(declaration) = declaration else {
        return Vec::new();
    };
    let guarantee = &declaration.guarantee;
    let kept = keeping::kept(fixing, declaration.file, table, guarantee, None);
    let declared = redeclare::by_draft(fixing, &context, table, &declaration);
    kept.into_iter().chain(declared).collect()
}
