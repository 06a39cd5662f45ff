//! # What it says
//!
//! A spec describes a column that the SQL of the table does not select.
//!
//! It stays silent where the text does not tell all columns, for snapshots, to which dbt adds columns
//! of its own, for a field of a column that is selected (`address.city`), and for what an amendment is
//! to bring that is still open or proposed.
//!
//! # Why it matters
//!
//! Whoever relies on the spec looks for a column that is not there. Either the SQL has lost it, and
//! what it was asked for is lost with it, or the spec was never told that it went.
//!
//! # Example
//!
//! ```yaml
//! columns:
//!   - name: coupon_code             # warning: coupon_code is not selected by models/orders.sql
//!     description: The coupon that the customer used.
//! ```
//!
//! # Fix
//!
//! Select it in the SQL again. If it was meant to go, draft an amendment that says who asked for
//! that, and remove it from the spec.

use crate::code::{Check, Code};
use crate::context::{Context, column_place, product_of};
use crate::drift::coverage::{Called, Coverage};
use crate::finding::{At, Finding};
use crate::fix::amendment::{self, Draft};
use crate::fix::entry::Entry;
use crate::fix::sheet::Sheet;
use crate::fix::{Fix, Fixing, draft, supersede};
use crate::keeping;
use crate::undocumented_column::{folded, named, undocumented};
use index::Table;
use index::configuration::Level;
use index::file::{FileKind, SqlRole};
use spec::guarantee::{Guarantee, Path};
use spec::model::TableOrigin;
use spec::nearest;
use std::collections::HashSet;
use syntax::TextRange;

pub(crate) const CODE: Code = Code {
    name: "phantom-column",
    default: Level::Warning,
    summary: "The spec describes a column that the SQL does not select.",
    can_be_silenced: true,
    source: include_str!("phantom_column.rs"),
    check: Check {
        table: check,
        ..Check::NOTHING
    },
    fixes,
};

/// Among how many columns the nearest name is looked for.
const CANDIDATES: usize = 100;

fn check(context: &Context<'_>, table: &Table, findings: &mut Vec<Finding>) {
    let Some(definition) = context.closed_definition(table) else {
        return;
    };
    if definition.file.kind == FileKind::Sql(SqlRole::Snapshot) {
        return;
    }
    let columns = || table.columns.iter();
    let selected = columns().filter(|column| column.selected.is_some());
    let selected: HashSet<String> = selected
        .map(|column| folded(column.name.as_str()))
        .collect();
    let undocumented = undocumented(table);
    let candidates = undocumented
        .iter()
        .take(CANDIDATES)
        .map(|(column, _)| column.name.as_str());
    let candidates: Vec<&str> = candidates.collect();
    for column in columns().filter(|column| column.selected.is_none()) {
        let name = column.name.as_str();
        if named(name).iter().any(|meant| selected.contains(meant)) {
            continue;
        }
        let entries = column.described.iter();
        let entries = entries.filter_map(|described| {
            let (file, entry) = context.column_entry(*described)?;
            let (_, table_entry) = context.snapshot.description(described.table)?;
            Some((file, entry, table_entry))
        });
        for (file, entry, table_entry) in entries.filter(|(file, ..)| !file.quiet) {
            let called = Called::new(table, table_entry);
            let is_awaited =
                |product| Coverage::of(context, &product).is_awaited(&called, Some(&column.name));
            if product_of(file).is_some_and(is_awaited) {
                continue;
            }
            let path = context.snapshot.display_path(&definition.file.path);
            let advice = match nearest(name, candidates.iter().copied()) {
                Some(nearest) => format!(" It selects `{nearest}`, which no spec describes."),
                None => String::new(),
            };
            let message = format!("`{name}` is not selected by {path}.{advice}");
            let subject = context.subject(table, file, Some(&column.name));
            let related = format!("`{}` is defined here.", definition.name());
            findings.push(
                Finding::new(&CODE, file, column_place(file, entry), message)
                    .about(subject)
                    .see(definition.file, definition.model.name_spot, related),
            );
        }
    }
}

fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let remove = || {
        let entry = Entry::at(fixing, finding)?;
        let (table, column) = (entry.joined(fixing)?, entry.column?);
        let name = &column.name.value;
        let mut sheet = Sheet::open(fixing, entry.file)?;
        let path = sheet.path_of(entry.range())?;
        sheet.remove(&path)?;
        if entry.table.origin != TableOrigin::Native {
            return Some(sheet.fix(format!("Remove `{name}` from the spec"), None));
        }
        let draft = Draft {
            id: amendment::free_id(fixing, entry.file)?,
            requirement: None,
            change: format!("Removed {name} from {}.", table.key),
            changes: vec![format!("{}.{name}", table.key)],
            supersedes: supersede::all_about(fixing, &product_of(entry.file)?, table, name)?,
            is_guess: false,
            guarantees: vec![format!("{}.{name} is absent", table.key)],
        };
        amendment::add(fixing, &mut sheet, &draft)?;
        let title = format!("Draft an amendment that removes `{name}`");
        Some(sheet.fix(title, Some(draft::REQUIREMENT)))
    };
    let select = || {
        let entry = Entry::at(fixing, finding)?;
        let (table, column) = (entry.joined(fixing)?, &entry.column?.name.value);
        let locked = fixing.snapshot.locked(table);
        // What the lock does not know comes by an amendment.
        if locked.is_some_and(|locked| locked.entry.column(column.as_str()).is_none()) {
            return None;
        }
        let parts = table.key.parts.iter().chain([column]).cloned();
        let exists = Guarantee::Exists(Path {
            parts: parts.collect(),
            range: TextRange::default(),
        });
        let fix = keeping::kept(fixing, entry.file, table, &exists, None).pop()?;
        Some(Fix {
            title: format!("{}, in {}", fix.title, keeping::places_of(fixing, &fix)),
            ..fix
        })
    };
    let respell = || {
        let entry = Entry::at(fixing, finding)?;
        let (table, column) = (entry.joined(fixing)?, entry.column?);
        let undocumented = undocumented(table);
        let candidates = undocumented.iter().take(CANDIDATES);
        let candidates = candidates.map(|(column, _)| column.name.as_str());
        let meant = nearest(column.name.value.as_str(), candidates)?;
        let title = format!("Call it `{meant}`, as the SQL does");
        let is_named_here = finding.at == At::Spot(column.name.spot);
        let fix = fixing.replacement(finding, title, meant.to_owned());
        // Which of the two is misspelled is for a person to say.
        fix.filter(|_| is_named_here).map(|fix| Fix {
            preferred: false,
            ..fix
        })
    };
    let fixes = select().into_iter().chain(respell());
    fixes.chain(remove()).collect()
}
