//! What is checked at once: a file, a table or a product, with every diagnostic.

use crate::analysis_failed;
use crate::code::Code;
use crate::context::{Context, product_of};
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
        Unit::File(id) if snapshot.is_surveyed() => {
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
            let files = snapshot.product_files(name).into_iter();
            // As it is spelled now.
            let spelled = files.filter_map(product_of).next();
            (code.check.product)(context, spelled.as_ref().unwrap_or(name), findings);
        }
        Unit::File(_) | Unit::Table(_) | Unit::Product(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{Check, no_fix};
    use index::configuration::Level;
    use index::system::MemorySystem;
    use index::{Change, Snapshot, Workspace};
    use std::path::{Path, PathBuf};
    use std::sync::Arc;

    const FAILS: Code = Code {
        name: "fails",
        default: Level::Error,
        summary: "Fails on every table but one.",
        can_be_silenced: true,
        source: "",
        check: Check {
            table: |_, table, _| assert_eq!(table.key.name().as_str(), "good", "no good"),
            ..Check::NOTHING
        },
        fixes: no_fix,
    };

    fn snapshot() -> Snapshot {
        let spec = "product: p\ntables:\n  - name: good\n  - name: bad\n";
        let system = MemorySystem::new([("/w/p.spec.yaml", spec)]);
        let mut workspace = Workspace::new(Arc::new(system), vec![PathBuf::from("/w")]);
        workspace.load();
        workspace.snapshot()
    }

    #[test]
    fn a_check_that_panics_costs_its_unit_only() {
        let snapshot = snapshot();
        let context = Context::for_fixes(&snapshot);
        let found = |name: &str| {
            let tables = snapshot.tables();
            let table = tables
                .into_iter()
                .find(|table| table.key.name() == Name::new(name));
            let unit = Unit::Table(table.unwrap().key.clone());
            findings(&context, &unit, &[&crate::missing_why::CODE, &FAILS])
        };
        let good = found("good");
        assert_eq!(
            good.iter().map(|finding| finding.code).collect::<Vec<_>>(),
            ["missing-why"]
        );
        let bad = found("bad");
        assert_eq!(
            bad.iter().map(|finding| finding.code).collect::<Vec<_>>(),
            ["analysis-failed"]
        );
        assert!(
            bad[0].message.contains("The analysis of `bad` failed"),
            "{}",
            bad[0].message
        );
        let file = snapshot.file_at(Path::new("/w/p.spec.yaml")).unwrap();
        assert_eq!(bad[0].file, file.id);
    }

    /// An editor opens a document before the folders have been looked at.
    #[test]
    fn nothing_is_said_of_a_file_before_it_is_known_what_it_is_for() {
        let system = MemorySystem::new([("/w/dbt_project.yml", "name: shop\n")]);
        let mut workspace = Workspace::new(Arc::new(system), vec![PathBuf::from("/w")]);
        let path = PathBuf::from("/w/models/a.sql");
        let template = "select x from {{ ref('b') }}";
        let broken = "select x +* y from b";
        let edited = |text: &str| Change::Edited {
            path: path.clone(),
            text: text.into(),
        };
        let codes = |snapshot: &Snapshot| {
            let file = snapshot.file_at(&path).unwrap();
            let context = Context::for_fixes(snapshot);
            let unit = Unit::File(file.id);
            let found = findings(&context, &unit, &[&crate::unparsable_sql::CODE]);
            found.iter().map(|finding| finding.code).collect::<Vec<_>>()
        };
        workspace.apply(vec![edited(template)]);
        assert!(codes(&workspace.snapshot()).is_empty());
        workspace.load();
        assert!(codes(&workspace.snapshot()).is_empty());
        workspace.apply(vec![edited(broken)]);
        assert_eq!(codes(&workspace.snapshot()), ["unparsable-sql"]);
    }
}
