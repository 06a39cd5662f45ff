//! Whether a commit changed a word about a table: a description, a why, an amendment, a docs block, or a
//! comment in its SQL. Any change of any of them counts, so that *no word* is never said wrongly.

use crate::cli::compare::{Models, Sides};
use crate::revision::{History, Step};
use index::{File, Snapshot, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// What a commit changed in words that are in no spec.
pub(super) struct Words {
    /// The SQL files in which a comment changed, absolute.
    comments: BTreeSet<Arc<Path>>,
    /// The docs blocks that changed, by their names.
    docs: BTreeSet<String>,
    /// A comment changed in a macro.
    in_macros: bool,
}

impl Words {
    /// Of a step.
    pub(super) fn of(history: &History, step: &Step, sides: &Sides) -> Words {
        let mut words = Words {
            comments: BTreeSet::new(),
            docs: BTreeSet::new(),
            in_macros: false,
        };
        for changed in &step.changed {
            let extension = changed
                .path
                .extension()
                .and_then(|extension| extension.to_str());
            match extension {
                Some("sql") => {
                    let (was, now) = history.texts(changed);
                    if comments(was.as_deref()) != comments(now.as_deref()) {
                        words.comments.insert(changed.path.as_path().into());
                        words.in_macros |= is_macro(sides, &changed.path);
                    }
                }
                Some("md") => {
                    let (was, now) = history.texts(changed);
                    let (was, now) = (docs(was.as_deref()), docs(now.as_deref()));
                    let names = was.keys().chain(now.keys());
                    let differ = names.filter(|name| was.get(*name) != now.get(*name));
                    words.docs.extend(differ.map(|name| (*name).to_owned()));
                }
                _ => {}
            }
        }
        words
    }

    /// Whether any of them, or of what specs say, is about the table called `name`.
    pub(super) fn are_about(&self, sides: &Sides, name: &str) -> bool {
        let (was, now) = (told(&sides.old, name), told(&sides.new, name));
        let mentions_docs = |text: &String| {
            let block = |name: &String| text.contains("doc(") && text.contains(name.as_str());
            self.docs.iter().any(block)
        };
        was != now || now.iter().any(mentions_docs) || self.are_in_sql(sides, name)
    }

    fn are_in_sql(&self, sides: &Sides, name: &str) -> bool {
        let file = |models: &Models| -> Option<(Arc<Path>, u64)> {
            let snapshot = models.snapshot.as_ref()?;
            let file = models.by_name.get(name)?.file(snapshot)?;
            Some((file.path.clone(), file.text_hash))
        };
        let (was, now) = (file(&sides.old), file(&sides.new));
        let is_in = |file: &Option<(Arc<Path>, u64)>| {
            let path = file.as_ref().map(|(path, _)| path);
            path.is_some_and(|path| self.comments.contains(path))
        };
        // Where its own text is the same, a macro made the change.
        is_in(&was) || is_in(&now) || was == now && self.in_macros
    }
}

fn is_macro(sides: &Sides, path: &Path) -> bool {
    let kind = |models: &Models| Some(models.snapshot.as_ref()?.file_at(path)?.kind);
    let is_macro = |kind| kind == index::FileKind::Sql(index::SqlRole::Macro);
    kind(&sides.old).is_some_and(is_macro) || kind(&sides.new).is_some_and(is_macro)
}

/// The comments of a SQL file, without the white space in them, sorted.
fn comments(text: Option<&str>) -> Vec<String> {
    let text = text.unwrap_or_default();
    let options = sql::Options {
        templating: sql::Templating::Jinja,
        ..sql::Options::default()
    };
    let ranges = sql::analyze(text, &options).comments;
    let comments = ranges
        .into_iter()
        .filter_map(|range| text.get(range.start().into()..range.end().into()));
    let mut comments: Vec<String> = comments
        .map(|comment| comment.split_whitespace().collect())
        .collect();
    comments.sort_unstable();
    comments
}

/// The docs blocks of a Markdown file, by name.
fn docs(text: Option<&str>) -> BTreeMap<&str, &str> {
    let text = text.unwrap_or_default();
    let mut blocks = BTreeMap::new();
    for block in text.split("{%").filter_map(|block| {
        block
            .trim_start_matches('-')
            .trim_start()
            .strip_prefix("docs ")
    }) {
        let head = block.split_once("%}");
        if let Some((name, content)) = head {
            blocks.insert(name.trim_end_matches('-').trim(), content);
        }
    }
    blocks
}

/// Everything that specs say of a table in words, sorted: of it, of its columns, and the amendments
/// beside it.
fn told(models: &Models, name: &str) -> Vec<String> {
    let Some(snapshot) = &models.snapshot else {
        return Vec::new();
    };
    let table = models
        .by_name
        .get(name)
        .and_then(|model| model.table(snapshot));
    let mut told = table.map_or_else(Vec::new, |table| of_table(snapshot, table));
    told.sort_unstable();
    told
}

fn of_table(snapshot: &Snapshot, table: &Table) -> Vec<String> {
    let mut told = Vec::new();
    let described = table
        .descriptions
        .iter()
        .filter_map(|id| snapshot.description(*id));
    let described: Vec<(&File, &spec::model::Table)> = described.collect();
    for (file, entry) in described {
        let texts = [&entry.description, &entry.why];
        told.extend(texts.into_iter().flatten().map(|text| text.value.clone()));
        let of_versions = entry.versions.iter().flat_map(|version| &version.columns);
        for column in entry.columns.iter().chain(of_versions) {
            let texts = [
                &column.description,
                &column.why,
                &column.unit,
                &column.deprecated,
            ];
            let texts = texts.into_iter().flatten();
            told.extend(texts.map(|text| format!("{}: {}", column.name.value, text.value)));
            let since = column.since.as_ref();
            told.extend(since.map(|since| format!("{}: {:?}", column.name.value, since.value)));
        }
        let amendments = file
            .native_spec()
            .into_iter()
            .flat_map(|spec| &spec.amendments);
        for amendment in amendments {
            let texts = amendment
                .requirement
                .as_ref()
                .map(|text| text.value.clone());
            told.extend(texts);
            told.extend(
                amendment
                    .change
                    .as_ref()
                    .map(|change| format!("{:?}", change.value)),
            );
            let sentences = amendment.guarantees.iter().chain(&amendment.promises);
            told.extend(sentences.map(|sentence| sentence.value.clone()));
        }
    }
    told
}

#[cfg(test)]
mod tests;
