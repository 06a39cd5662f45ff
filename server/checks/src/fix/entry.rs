//! The entry of a spec that a finding stands at, and where its keys go in the file.

use super::Fixing;
use super::sheet::{Path, Sheet};
use crate::finding::{At, Finding};
use index::{DescriptionId, File, Table};
use spec::model::{self, Column, TableOrigin};
use std::sync::Arc;
use syntax::name::dotted;
use syntax::yaml::{Node, NodeKind};
use syntax::{Spot, TextRange};

/// An entry for a table, or for a column of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'s> {
    pub(crate) id: DescriptionId,
    pub(crate) file: &'s File,
    pub(crate) table: &'s model::Table,
    pub(crate) column: Option<&'s Column>,
}

impl<'s> Entry<'s> {
    /// The entry whose name or why is where `finding` stands.
    pub(crate) fn at(fixing: &Fixing<'s>, finding: &Finding) -> Option<Entry<'s>> {
        let file = fixing.snapshot.file(finding.file)?;
        let At::Spot(spot) = finding.at else {
            return None;
        };
        let is_here = |name: Spot, why: &Option<model::Field<String>>| {
            name == spot || why.as_ref().is_some_and(|why| why.spot == spot)
        };
        let tables = file.described_tables().iter().zip(0u32..);
        tables.into_iter().find_map(|(table, ordinal)| {
            let id = DescriptionId {
                file: file.id,
                ordinal,
            };
            let entry = Entry {
                id,
                file,
                table,
                column: None,
            };
            if is_here(table.name.spot, &table.why) {
                return Some(entry);
            }
            let mut columns = table.columns.iter();
            let column = columns.find(|column| is_here(column.name.spot, &column.why))?;
            Some(Entry {
                column: Some(column),
                ..entry
            })
        })
    }

    /// The table, with everything that is known of it.
    pub(crate) fn joined(&self, fixing: &Fixing<'s>) -> Option<&'s Arc<Table>> {
        fixing.snapshot.table_of_description(self.id)
    }

    /// What it is called, in a title.
    pub(crate) fn name(&self) -> String {
        match self.column {
            Some(column) => column.name.value.to_string(),
            None => dotted(&self.table.name.value),
        }
    }

    /// Where it stands.
    pub(crate) fn range(&self) -> TextRange {
        let spot = self.column.map_or(self.table.entry, |column| column.entry);
        self.file.range(spot)
    }

    /// The keys, one below the other, under which its why goes.
    ///
    /// In a dbt file that is `config.meta.rationale.why`, before dbt 1.10 `meta.rationale.why`. Both
    /// at once are an error to dbt, so what an entry has already is gone on with.
    pub(crate) fn why_keys(
        &self,
        fixing: &Fixing<'_>,
        sheet: &Sheet<'_>,
        path: &Path,
    ) -> &'static [&'static str] {
        if self.table.origin == TableOrigin::Native {
            return &["why"];
        }
        let has = |path: Path| sheet.node(&path).is_some();
        let is_bare = if has(path.key("config").key("meta")) {
            false
        } else if has(path.key("meta")) {
            true
        } else {
            is_before_config_meta(fixing, self.file) || has_bare_meta_only(sheet)
        };
        match is_bare {
            true => &["meta", "rationale", "why"],
            false => &["config", "meta", "rationale", "why"],
        }
    }
}

/// Whether the project says that it runs on a dbt before 1.10, which reads only a bare `meta`.
fn is_before_config_meta(fixing: &Fixing<'_>, file: &File) -> bool {
    let project = file.project.as_ref();
    let project = project.and_then(|folder| fixing.snapshot.projects().project(folder));
    let versions = project.map(|project| project.definition.require_dbt_version.as_slice());
    versions
        .unwrap_or_default()
        .iter()
        .any(|version| ends_before(version, (1, 10)))
}

/// Whether a requirement such as `<1.9.0` or `=1.8.3` leaves out `limit` and all above it.
fn ends_before(requirement: &str, limit: (u32, u32)) -> bool {
    let version = requirement.trim_start_matches(['<', '=', ' ']);
    let operator = requirement.strip_suffix(version).unwrap_or_default().trim();
    let mut numbers = version
        .split('.')
        .map(|number| number.trim().parse::<u32>());
    let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else {
        return false;
    };
    match operator {
        "<" => (major, minor) <= limit,
        "<=" | "=" | "==" | "" => (major, minor) < limit,
        _ => false,
    }
}

/// Whether the file writes `meta` bare, and nowhere under `config`.
fn has_bare_meta_only(sheet: &Sheet<'_>) -> bool {
    let root = sheet.root();
    let counts = root.and_then(|root| Some(metas(sheet.node(&root)?, false)));
    counts.is_some_and(|(bare, configured)| bare > 0 && configured == 0)
}

/// How many `meta` there are, bare and under `config`.
fn metas(node: &Node, in_config: bool) -> (usize, usize) {
    let mut counts = (0, 0);
    let mut add = |(bare, configured): (usize, usize)| {
        counts = (counts.0 + bare, counts.1 + configured);
    };
    for item in node.items() {
        add(metas(item, false));
    }
    for entry in node.entries() {
        let key = entry.key.as_str();
        if key == Some("meta") && matches!(entry.value.kind, NodeKind::Mapping { .. }) {
            add(if in_config { (0, 1) } else { (1, 0) });
        } else {
            add(metas(&entry.value, key == Some("config")));
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requirement_tells_whether_a_version_can_be_meant() {
        for (requirement, expected) in [
            ("<1.10.0", true),
            ("<=1.9.4", true),
            ("=1.8.3", true),
            ("1.8.3", true),
            ("<2.0.0", false),
            ("<=1.10.0", false),
            (">=1.6.0", false),
            (">1.6.0", false),
            ("", false),
        ] {
            assert_eq!(ends_before(requirement, (1, 10)), expected, "{requirement}");
        }
    }
}
