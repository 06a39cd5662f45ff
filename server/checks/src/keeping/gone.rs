//! What becomes of a file that reads a column once there is no such column.

use index::{File, ModelId, Snapshot, TableKey};
use sql::Projection;
use sql::edit::QueryEditor;
use sql::lower::Lowered;
use sql::relation::{Body, Expression, InputId, Relation, RelationId, Source};
use std::collections::{BTreeMap, BTreeSet};
use syntax::{Name, TextEdit, TextRange};

/// How a file does without a column that it only hands on.
#[derive(Debug, Default)]
pub(super) struct Gone {
    /// The entries taken out that hand it on.
    pub(super) edits: Vec<TextEdit>,
    /// The columns that models of the file do not give any more.
    pub(super) outputs: BTreeSet<(ModelId, Name)>,
}

impl Gone {
    /// `None` where the file does anything else with the column, or that can't be told.
    pub(super) fn of(
        snapshot: &Snapshot,
        file: &File,
        key: &TableKey,
        column: &Name,
    ) -> Option<Gone> {
        let relations = snapshot.relations(file)?;
        let text = snapshot.text(file)?;
        let editor = QueryEditor::new(&text, &snapshot.sql_options(file));
        let is_read = |source: &Source| match source {
            Source::Table(table) => snapshot.table_key(file, table) == Some(key),
            _ => false,
        };
        let incremental = relations.incremental.iter().flat_map(|own| own.iter());
        let mut entries: BTreeMap<(u32, u32), Projection> = BTreeMap::new();
        let mut explained: Vec<TextRange> = Vec::new();
        let mut gone = Gone::default();
        for lowered in relations.full.iter().chain(incremental) {
            let passed = Passed::through(lowered, column, &is_read)?;
            for (relation, position) in &passed.outputs {
                let place = lowered.places.relation(*relation)?;
                let place = place.columns.get(*position)?;
                if place.by_macro {
                    return None;
                }
                let item = text.get(place.item.start().into()..place.item.end().into())?;
                if !item.trim_end().ends_with('*') {
                    let entry = Projection {
                        item: place.item,
                        name: place.name,
                    };
                    entries.insert((place.item.start().into(), place.item.end().into()), entry);
                }
            }
            let is_gone = |expression: &Expression| passed.is_gone(expression);
            for mention in &lowered.places.mentions {
                if contains(&mention.value, &is_gone) {
                    let mut items = entries.values().map(|entry| entry.item);
                    if !items.any(|item| item.contains_range(mention.range)) {
                        return None;
                    }
                } else {
                    explained.push(mention.range);
                }
            }
            let places = lowered.places.relations.iter();
            explained.extend(
                places
                    .flat_map(|places| &places.columns)
                    .map(|own| own.name),
            );
            let root = lowered.query.root;
            for (_, position) in passed.outputs.iter().filter(|(own, _)| *own == root) {
                let name = lowered.query.root().columns.get(*position)?.name.clone()?;
                gone.outputs
                    .insert((model_of(snapshot, file, lowered)?, name));
            }
        }
        let is_explained = |word: &TextRange| {
            let mut items = entries.values().map(|entry| entry.item);
            explained.contains(word) || items.any(|item| item.contains_range(*word))
        };
        // Such as the names behind `* EXCLUDE`, and joins by whatever names both sides have.
        if !editor.words(column.as_str()).iter().all(is_explained)
            || !editor.words("NATURAL").is_empty()
        {
            return None;
        }
        for entry in entries.into_values() {
            gone.edits.extend(editor.remove_column(entry)?);
        }
        Some(gone)
    }
}

/// The model whose statement was lowered.
fn model_of(snapshot: &Snapshot, file: &File, lowered: &Lowered) -> Option<ModelId> {
    let count = file.sql().map_or(0, |sql| sql.models.len());
    let ids = (0..u32::try_from(count).ok()?).map(|ordinal| ModelId {
        file: file.id,
        ordinal,
    });
    let mut own = ids.filter(|id| {
        let found = snapshot.relation(*id);
        let found = found.as_ref().and_then(|(all, at)| all.full.get(*at));
        found.is_some_and(|own| own.places.statement == lowered.places.statement)
    });
    own.next()
}

/// The columns of a statement's relations that are a certain column of a table and nothing else.
struct Passed {
    inputs: BTreeMap<InputId, Source>,
    read: BTreeSet<InputId>,
    column: Name,
    outputs: BTreeSet<(RelationId, usize)>,
}

impl Passed {
    /// `None` where one is passed on by its position.
    fn through(
        lowered: &Lowered,
        column: &Name,
        is_read: &dyn Fn(&Source) -> bool,
    ) -> Option<Passed> {
        let query = &lowered.query;
        let inputs: BTreeMap<InputId, Source> = query
            .relations
            .iter()
            .flat_map(Relation::inputs)
            .map(|input| (input.id, input.source.clone()))
            .collect();
        let read = inputs.iter().filter(|(_, source)| is_read(source));
        let mut passed = Passed {
            read: read.map(|(id, _)| *id).collect(),
            inputs,
            column: column.clone(),
            outputs: BTreeSet::new(),
        };
        loop {
            let before = passed.outputs.len();
            for (id, relation) in (0..).zip(&query.relations) {
                let entries = relation.select().map(|select| &select.projection);
                for (position, value) in entries.into_iter().flatten().enumerate() {
                    if passed.is_gone(value) {
                        passed.outputs.insert((RelationId(id), position));
                    }
                }
            }
            if passed.outputs.len() == before {
                break;
            }
        }
        let is_passed = |id: &RelationId| passed.outputs.iter().any(|(own, _)| own == id);
        let by_position = query.relations.iter().any(|relation| match &relation.body {
            Body::Set(set) => is_passed(&set.left) || is_passed(&set.right),
            Body::Recursive { seed, step, .. } => is_passed(seed) || is_passed(step),
            Body::Unknown { reads } => reads.iter().any(|source| match source {
                Source::Relation(id) => is_passed(id),
                source => is_read(source),
            }),
            Body::Select(_) | Body::Values(_) => false,
        });
        (!by_position).then_some(passed)
    }

    /// Whether an expression is the column and nothing else.
    fn is_gone(&self, expression: &Expression) -> bool {
        match expression {
            Expression::Column { input, name } => *name == self.column && self.read.contains(input),
            Expression::Output { input, position } => match self.inputs.get(input) {
                Some(Source::Relation(relation)) => {
                    self.outputs.contains(&(*relation, *position as usize))
                }
                _ => false,
            },
            _ => false,
        }
    }
}

fn contains(expression: &Expression, is_gone: &dyn Fn(&Expression) -> bool) -> bool {
    let mut found = false;
    expression.for_each(&mut |part| found |= is_gone(part));
    found
}
