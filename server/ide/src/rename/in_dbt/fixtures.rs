//! Columns in the files that unit tests take rows from: in the header of a CSV file, or the `SELECT` of a
//! SQL file.

use super::columns::Rows;
use super::items;
use crate::lookup;
use crate::rename::edits::{Edits, FileEdits, Note};
use crate::rename::in_sql::{Family, sql_words};
use crate::rename::refs::header_cell;
use crate::rename::{Refusal, affected, spelling};
use index::{File, FileKind, Snapshot, SqlRole};
use std::collections::BTreeMap;
use std::path::Path;
use syntax::yaml::parse;

/// Edits the names of columns.
///
/// # Errors
/// Where a file is not to be changed, or has changed.
pub(super) fn columns(
    snapshot: &Snapshot,
    family: &Family,
    edits: &mut Edits,
) -> Result<(), Refusal> {
    let mut fixtures = snapshot.files();
    fixtures.retain(|file| is_fixture(file));
    if fixtures.is_empty() {
        return Ok(());
    }
    let used = used(snapshot, family)?;
    for file in fixtures {
        let stem = file.path.file_stem().and_then(|stem| stem.to_str());
        let project = file.project.as_deref();
        let of = stem.and_then(|stem| used.get(&(project, stem.to_owned())));
        let Some(Uses {
            of_family: true,
            of_others,
        }) = of
        else {
            continue;
        };
        let Some(text) = affected::text(snapshot, file)? else {
            continue;
        };
        let (places, is_plain) = match file.kind {
            FileKind::Fixture => (header_cell(&text, &family.old), true),
            _ => (sql_words(&text, &family.old, true), is_made_up(&text)),
        };
        // Rows of two tables are given one name or the other.
        let note = match *of_others || !is_plain {
            true => Note::Unsure,
            false => Note::Name,
        };
        let mut own = FileEdits::default();
        for range in places {
            let written = lookup::slice(&text, range);
            let name = spelling::in_case(written, &family.old, &family.new);
            own.replace(range, name, note);
        }
        edits.add(snapshot, file, own)?;
    }
    Ok(())
}

/// Whether SQL gives rows that it makes up: no other table has a part in its names.
pub(super) fn is_made_up(sql: &str) -> bool {
    let mut words = sql.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    !words.any(|word| word.eq_ignore_ascii_case("from"))
}

fn is_fixture(file: &File) -> bool {
    let is_below = || {
        let mut folders = file.path.parent().into_iter().flat_map(Path::iter);
        folders.any(|folder| folder.to_str() == Some("fixtures"))
    };
    match file.kind {
        FileKind::Fixture => true,
        FileKind::Sql(SqlRole::Reader) => is_below(),
        _ => false,
    }
}

/// For whose rows a file is taken.
#[derive(Default)]
struct Uses {
    of_family: bool,
    of_others: bool,
}

/// The fixtures that unit tests name, by project.
fn used<'s>(
    snapshot: &'s Snapshot,
    family: &Family,
) -> Result<BTreeMap<(Option<&'s Path>, String), Uses>, Refusal> {
    let files = affected::dbt_files(snapshot);
    let found = affected::each(&files, |file| {
        let mut found = Vec::new();
        let text = affected::text(snapshot, file)?;
        let Some(text) = text.filter(|text| text.contains("fixture")) else {
            return Ok(found);
        };
        for document in &parse(&text).documents {
            for test in items(&document.root, "unit_tests") {
                let of = Rows::of(snapshot, file, &text, family, test);
                found.extend(of.into_iter().filter_map(|rows| {
                    let fixture = rows.holder.entry("fixture")?.value.as_str()?;
                    Some((fixture.to_owned(), rows.is_of_family))
                }));
            }
        }
        Ok(found)
    })?;
    let mut used: BTreeMap<_, Uses> = BTreeMap::new();
    for (file, found) in files.into_iter().zip(found) {
        for (fixture, is_of_family) in found {
            let uses = used.entry((file.project.as_deref(), fixture)).or_default();
            uses.of_family |= is_of_family;
            uses.of_others |= !is_of_family;
        }
    }
    Ok(used)
}
