//! Renames that were made before, so that a column that gets its old name back leaves each text as it
//! was: whether there had been an alias, `x AS x`, does not show in `x AS y`.

use super::column::verified;
use super::edits::{EditedFile, FileEdits, NotedEdit, Renaming};
use super::in_sql::Family;
use super::verify::World;
use crate::columns::Columns;
use index::{FileKind, Snapshot};
use std::collections::{BTreeMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use syntax::{TextEdit, TextRange, TextSize};

/// The renames of columns that were worked out last.
#[derive(Debug, Default)]
pub struct PastRenames {
    /// The newest first.
    past: VecDeque<Past>,
}

/// So many are remembered.
const MOST: usize = 8;

#[derive(Debug)]
struct Past {
    columns: Family,
    files: BTreeMap<PathBuf, Way>,
}

/// The way back from a text that a rename left.
#[derive(Debug)]
struct Way {
    /// The digest of the text.
    from: u64,
    edits: Vec<NotedEdit>,
}

impl PastRenames {
    /// Remembers a rename. Whether it is made in the end does not matter.
    pub fn remember(&mut self, snapshot: &Snapshot, renaming: &Renaming) {
        let Some(columns) = renaming.columns.clone() else {
            return;
        };
        let files = renaming.files.iter().filter_map(|edited| {
            let file = snapshot.file_at(&edited.path)?;
            // Of a spec, the amendment that was drafted stays.
            let is_restored = matches!(
                file.kind,
                FileKind::Sql(_) | FileKind::DbtProperties | FileKind::Seed
            );
            let text = is_restored.then(|| snapshot.text(file)).flatten()?;
            Some((edited.path.clone(), way_back(&text, edited)?))
        });
        let files = files.collect();
        self.past.push_front(Past { columns, files });
        self.past.truncate(MOST);
    }

    /// Where `renaming` takes back one that is remembered, and a text is what that one left, the text
    /// becomes what it was before, if it means the same.
    pub fn take_back(&self, snapshot: &Snapshot, renaming: &mut Renaming) {
        let Some(columns) = &renaming.columns else {
            return;
        };
        let Some(past) = self.past.iter().find(|past| past.is_taken_back_by(columns)) else {
            return;
        };
        let world = World {
            columns: Some(columns.clone()),
            table: None,
        };
        for edited in &mut renaming.files {
            if let Some(edits) = past.restored(snapshot, edited, &world) {
                edited.edits = edits;
            }
        }
    }
}

impl Past {
    /// Names are compared letter by letter: another spelling is not what there was.
    fn is_taken_back_by(&self, columns: &Family) -> bool {
        self.columns.tables == columns.tables
            && self.columns.old.as_str() == columns.new.as_str()
            && self.columns.new.as_str() == columns.old.as_str()
    }

    fn restored(
        &self,
        snapshot: &Snapshot,
        edited: &EditedFile,
        world: &World,
    ) -> Option<Vec<NotedEdit>> {
        let way = self.files.get(&edited.path)?;
        let file = snapshot.file_at(&edited.path)?;
        if way.edits == edited.edits || digest(&snapshot.text(file)?) != way.from {
            return None;
        }
        if let Some(columns) = Columns::new(snapshot, file) {
            let mut edits = FileEdits::default();
            for NotedEdit { edit, note } in &way.edits {
                edits.replace(edit.range, edit.insert.as_str(), *note);
            }
            verified(&columns, &edits, world).ok()?;
        }
        Some(way.edits.clone())
    }
}

/// `None` where the edits do not fit the text.
fn way_back(text: &str, edited: &EditedFile) -> Option<Way> {
    let edits: Vec<TextEdit> = edited
        .edits
        .iter()
        .map(|noted| noted.edit.clone())
        .collect();
    let after = syntax::edit::apply(text, &edits)?;
    let mut back = Vec::new();
    // How far the text before an edit has grown: what was inserted and what was replaced.
    let (mut inserted, mut replaced) = (TextSize::new(0), TextSize::new(0));
    for NotedEdit { edit, note } in &edited.edits {
        let start = edit.range.start() + inserted - replaced;
        let range = TextRange::at(start, TextSize::of(edit.insert.as_str()));
        let was = text.get(std::ops::Range::<usize>::from(edit.range))?;
        back.push(NotedEdit {
            edit: TextEdit::replace(range, was),
            note: *note,
        });
        inserted += range.len();
        replaced += edit.range.len();
    }
    Some(Way {
        from: digest(&after),
        edits: back,
    })
}

fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
