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
//! Change the SQL. If the declaration is what is out of date, draft an amendment that changes it. There are
//! quick fixes for both.

use crate::code::{Check, Code};
use crate::context::Context;
use crate::finding::Finding;
use crate::fix::amendment::{self, Draft};
use crate::fix::sheet::Sheet;
use crate::fix::{Fix, Fixing, draft};
use crate::guarantee::{self, Declaration, Levels};
use crate::keeping;
use index::Table;
use index::configuration::Level;
use meaning::guarantee::Answer;
use spec::guarantee::{Guarantee, parse};
use syntax::yaml::Value;

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
    let declared = declared_anew(fixing, &context, table, &declaration);
    kept.into_iter().chain(declared).collect()
}

/// Another type is declared: the one that the SQL casts to, by an amendment that says so.
fn declared_anew(
    fixing: &Fixing<'_>,
    context: &Context<'_>,
    table: &Table,
    declaration: &Declaration<'_>,
) -> Option<Fix> {
    let file = declaration.file;
    file.native_spec()?;
    let column = declaration.column.as_ref()?;
    let Guarantee::HasType { .. } = declaration.guarantee else {
        return None;
    };
    let levels = Levels::of(context, table);
    let answer =
        |guarantee: &Guarantee| guarantee::verdict(context, file, table, guarantee, &levels).answer;
    let Answer::Contradicted(broken) = answer(&declaration.guarantee) else {
        return None;
    };
    let now = broken.now?;
    let sentence = format!("{}.{column} is {now}", table.key);
    if !parse(&sentence).is_ok_and(|guarantee| answer(&guarantee) == Answer::Holds) {
        return None;
    }
    let title = format!("Draft an amendment that declares `{column}` as {now}");
    let mut sheet = Sheet::open(fixing, file)?;
    if !sheet.is_blank {
        let path = sheet.path_of(file.range(declaration.spot))?;
        sheet.edit(&path, |editor, steps| {
            editor.set(steps, &Value::text(now.as_str()))
        })?;
    }
    let draft = Draft {
        id: amendment::free_id(fixing, file)?,
        requirement: None,
        change: format!(
            "{column} is {now} now, was declared as {}.",
            declaration.written
        ),
        changes: vec![format!("{}.{column}", table.key)],
        supersedes: Vec::new(),
        is_guess: false,
        guarantees: vec![sentence],
    };
    amendment::add(fixing, &mut sheet, &draft)?;
    Some(sheet.fix(title, Some(draft::REQUIREMENT)))
}
