//! What is checked at once: a file, a table or a product, with every diagnostic.

use crate::analysis_failed;
use crate::code::Code;
use crate::context::Context;
use crate::finding::Finding;
use index::{FileId, TableKey};
use std::panic::{AssertUnwindSafe, catch_unwind};
use syntax::Name;

/// A part of the workspace that is checked by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Unit {
    /// The text of one file.
    File(FileId),
    /// Everything that is known of one table.
    Table(TableKey),
    /// All files of one product.
    Product(Name),
}

/// Everything that `codes` say about `unit`. A panic on the way costs this unit, and is said.
///
/// While files are still to be read, only what one file's own text tells is said: all else might be
/// contradicted by the next file.
pub(crate) fn findings(
    context: &Context<'_>,
    unit: &Unit,
    codes: &[&'static Code],
) -> Vec<Finding> {
    // What a check leaves behind when it panics is the list of findings, which is dropped.
    let attempt = catch_unwind(AssertUnwindSafe(|| {
        let mut findings = Vec::new();
        for code in codes {
            check(context, unit, code, &mut findings);
        }
        findings
    }));
    match attempt {
        Ok(findings) => findings,
        Err(panic) => analysis_failed::of_unit(context, unit, &*panic)
            .into_iter()
            .collect(),
    }
}

fn check(context: &Context<'_>, unit: &Unit, code: &Code, findings: &mut Vec<Finding>) {
    let snapshot = context.snapshot;
    match unit {
        Unit::File(id) => {
            if let Some(file) = snapshot.file(*id).filter(|file| !file.quiet) {
                (code.check.file)(context, file, findings);
            }
        }
        Unit::Table(key) if snapshot.is_complete() => {
            if let Some(table) = snapshot.table(key) {
                (code.check.table)(context, table, findings);
            }
        }
        Unit::Product(name) if snapshot.is_complete() => {
            (code.check.product)(context, name, findings);
        }
        Unit::Table(_) | Unit::Product(_) => {}
    }
}
