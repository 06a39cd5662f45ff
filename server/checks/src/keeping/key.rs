//! The key of a table that a join may repeat rows by, declared in the spec of that table.

use super::trial::Trial;
use crate::context::Context;
use crate::fix::sheet::Sheet;
use crate::fix::{Fix, Fixing};
use crate::guarantee::{Declaration, Levels, verdict};
use index::{Snapshot, Table};
use meaning::guarantee::Answer;
use spec::model::TableOrigin;
use sql::relation::{Expression, From, InputId, Query, Relation, Source};
use std::collections::BTreeMap;
use syntax::Name;
use syntax::yaml::Value;

/// Declarations of a key that make the sentence hold: by the columns that a table is joined on, where its
/// spec says nothing of what one row of it is.
pub(super) fn declared(fixing: &Fixing<'_>, trial: &Trial<'_>) -> Vec<Fix> {
    let query = &trial.model.lowered.query;
    let compared = compared(query);
    let inputs = query.relations.iter().flat_map(Relation::inputs);
    let fixes = inputs.filter_map(|input| {
        let Source::Table(table) = &input.source else {
            return None;
        };
        let table = trial.model.snapshot.resolve(trial.model.file, table)?;
        let columns = compared.get(&input.id)?;
        let are_known = columns.iter().all(|name| table.column(name).is_some());
        (are_known && table.key != trial.model.table.key)
            .then(|| declared_of(fixing, trial, table, columns))?
    });
    let mut found: Vec<Fix> = Vec::new();
    for fix in fixes {
        if found.iter().all(|own| own.title != fix.title) {
            found.push(fix);
        }
    }
    found
}

fn declared_of(
    fixing: &Fixing<'_>,
    trial: &Trial<'_>,
    table: &Table,
    columns: &[Name],
) -> Option<Fix> {
    let context = Context::for_fixes(trial.model.snapshot);
    let specs = context.descriptions(table);
    if specs.iter().any(|spec| !spec.entry.grain.is_empty()) {
        return None;
    }
    let spec = specs
        .iter()
        .find(|spec| spec.entry.origin == TableOrigin::Native && !spec.file.quiet)?;
    // Whether it may be declared is only found out with the text.
    let mut sheet = Sheet::open(&Fixing::new(trial.model.snapshot), spec.file)?;
    let path = sheet.path_of(spec.file.range(spec.entry.entry))?;
    let grain = Value::sequence(columns.iter().map(|name| Value::text(name.as_str())));
    sheet.put(&path, &["grain"], grain, &["why", "description", "name"])?;
    let after = trial
        .model
        .snapshot
        .with_text(&spec.file.path, sheet.text())?;
    if !trial.holds_in(&after)? || is_contradicted(&after, table)? {
        return None;
    }
    let names: Vec<String> = columns.iter().map(|name| format!("`{name}`")).collect();
    let title = format!(
        "Declare that one row of `{}` is one {}",
        table.key,
        names.join(" and ")
    );
    let fix = sheet.fix(title, None);
    Some(match fixing.is_for_titles {
        true => Fix {
            edits: Vec::new(),
            ..fix
        },
        false => fix,
    })
}

/// Whether the SQL contradicts what is declared of a table.
fn is_contradicted(snapshot: &Snapshot, table: &Table) -> Option<bool> {
    let context = Context::for_fixes(snapshot);
    let table = snapshot.table(&table.key)?;
    let levels = Levels::of(&context, table);
    let mut declared = Declaration::of(&context, table).into_iter();
    Some(declared.any(|declared| {
        let file = declared.file;
        let verdict = verdict(&context, file, table, &declared.guarantee, &levels);
        matches!(verdict.answer, Answer::Contradicted(_))
    }))
}

/// The columns of each input that joins compare, in the order in which they do.
fn compared(query: &Query) -> BTreeMap<InputId, Vec<Name>> {
    let mut found: BTreeMap<InputId, Vec<Name>> = BTreeMap::new();
    for select in query.relations.iter().filter_map(Relation::select) {
        let mut waiting: Vec<&From> = select.from.iter().collect();
        while let Some(from) = waiting.pop() {
            let From::Join(join) = from else { continue };
            waiting.extend([&join.left, &join.right]);
            let Some(on) = &join.on else { continue };
            on.for_each(&mut |part| {
                if let Expression::Column { input, name } = part {
                    let names = found.entry(*input).or_default();
                    if !names.contains(name) {
                        names.push(name.clone());
                    }
                }
            });
        }
    }
    found
}
