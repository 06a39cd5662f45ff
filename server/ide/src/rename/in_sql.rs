//! What a rename of a column changes in one SQL file.
//!
//! Columns that a `*` hands on have one name, so they are renamed together or not at all. What is handed
//! on by name is renamed as far as the file's own relations go; at the root of a model whose column is
//! not renamed, the old name stays: `y AS x`.

mod alias;
mod bonds;
mod renamed;
mod words;

pub(super) use words::words as sql_words;

use super::Refusal;
use super::edits::{FileEdits, Note};
use super::spelling;
use crate::columns::links::node_of;
use crate::columns::occurrences::is_name;
use crate::columns::{Columns, Node, Reach};
use alias::Style;
use index::TableKey;
use renamed::{Found, Renamed};
use sql::Dialect;
use sql::lower::{ColumnPlace, Lowered, Mention};
use sql::relation::{Expression, RelationId, UnknownReason};
use std::collections::{BTreeMap, BTreeSet};
use syntax::{Name, TextRange, TextSize};

/// The columns that are renamed: those of one name, of some tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Family {
    /// What they are called.
    pub(super) old: Name,
    /// What they are called afterwards.
    pub(super) new: Name,
    /// The tables.
    pub(super) tables: BTreeSet<TableKey>,
}

/// What a rename means for one file.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcome {
    /// What is to be edited.
    pub(super) edits: FileEdits,
    /// Tables whose column has to be renamed along, for a `*` hands it on. If there are any, there are
    /// no edits yet.
    pub(super) joined: BTreeSet<TableKey>,
    /// Tags of templates that make the name.
    pub(super) made_by: Vec<TextRange>,
}

/// What is to be edited in a file so that the columns of `family`, and those that `seeds` are here,
/// get another name.
///
/// # Errors
/// Where the name is taken, or stands for other columns as well.
pub(super) fn outcome(
    columns: &Columns<'_>,
    family: &Family,
    seeds: &BTreeSet<Node>,
) -> Result<Outcome, Refusal> {
    let renamed = match Renamed::find(columns, family, seeds)? {
        Found::All(renamed) => renamed,
        Found::More(joined) => {
            return Ok(Outcome {
                joined,
                ..Outcome::default()
            });
        }
    };
    let mut editing = Editing {
        columns,
        family,
        dialect: columns
            .snapshot
            .projects()
            .dialect(&columns.file.path)
            .dialect,
        renamed: &renamed,
        outcome: Outcome::default(),
    };
    for (statement, lowered) in columns.statements() {
        editing.mentions(statement, lowered)?;
    }
    editing.names();
    editing.elsewhere();
    Ok(editing.outcome)
}

struct Editing<'c, 's> {
    columns: &'c Columns<'s>,
    family: &'c Family,
    dialect: Dialect,
    renamed: &'c Renamed,
    outcome: Outcome,
}

impl Editing<'_, '_> {
    fn spelled(&self, written: &str) -> String {
        let Family { old, new, .. } = self.family;
        spelling::in_sql(written, old, new, self.dialect)
    }

    /// The columns that a mention stands for: after a full join with `USING`, those of both sides.
    fn nodes(&self, statement: usize, mention: &Mention) -> Vec<Node> {
        if let Some(position) = mention.alias {
            return vec![Node::Given {
                statement,
                relation: mention.within,
                position: position as usize,
            }];
        }
        let values = match &mention.value {
            Expression::Call(call) if call.function == "coalesce" => call.arguments.as_slice(),
            // Of an inner table that may have it, or of an outer one.
            Expression::Unknown(unknown) if unknown.reason == UnknownReason::Ambiguous => {
                unknown.over.as_slice()
            }
            value => std::slice::from_ref(value),
        };
        let nodes = values
            .iter()
            .filter_map(|value| node_of(self.columns, statement, value));
        nodes.collect()
    }

    /// Wherever a column is mentioned.
    fn mentions(&mut self, statement: usize, lowered: &Lowered) -> Result<(), Refusal> {
        // A name in `USING` is mentioned once for each side.
        let mut at: BTreeMap<(TextSize, TextSize), (bool, bool)> = BTreeMap::new();
        for mention in &lowered.places.mentions {
            let range = mention.range;
            for node in self.nodes(statement, mention) {
                let is_changed = self.renamed.changed.contains(&node);
                let is_named = self.columns.name(&node) == Some(&self.family.old);
                let known = at.entry((range.start(), range.end())).or_default();
                known.0 |= is_changed;
                known.1 |= !is_changed && is_named;
            }
        }
        for ((start, end), (is_changed, is_other)) in at {
            let range = TextRange::new(start, end);
            let text = self.columns.slice(range);
            if !is_changed {
                continue;
            }
            if !is_name(text, &self.family.old) {
                self.outcome.made_by.push(range);
                continue;
            }
            if is_other {
                return Err(Refusal::new(format!(
                    "In `{}`, `{text}` stands for columns of several tables, as in `USING`. Write a \
                     condition with `ON` there first.",
                    self.columns.display_path()
                )));
            }
            let spelled = self.spelled(text);
            self.outcome.edits.replace(range, spelled, Note::Name);
        }
        Ok(())
    }

    /// Wherever a column is given its name.
    fn names(&mut self) {
        let items = self.items();
        let aliased = items.iter().filter(|item| item.source.is_some());
        let excluded: Vec<TextRange> = aliased
            .filter(|item| self.is_redundant(item))
            .map(|item| TextRange::new(item.value_end, item.place.name.start()))
            .collect();
        let style = Style::of(&self.columns.text, &excluded);
        for item in &items {
            self.name(item, &style);
        }
    }

    fn name(&mut self, item: &Item, style: &Style) {
        let is_changed = self.renamed.changed.contains(&item.node);
        let is_source_changed = item.is_source_changed(self.renamed);
        let written = self.columns.slice(item.place.name).to_owned();
        if item.is_bare {
            let name = match (is_changed, is_source_changed) {
                (true, false) => self.spelled(&written),
                (false, true) => written,
                _ => return,
            };
            let note = if is_changed {
                Note::Name
            } else {
                Note::HandedOn
            };
            let end = item.place.item.end().max(item.place.name.end());
            let alias = format!("{}{name}", style.between());
            let edits = &mut self.outcome.edits;
            edits.replace(TextRange::empty(end), alias, note);
            return;
        }
        if self.is_redundant(item) {
            let range = TextRange::new(item.value_end, item.place.name.end());
            let between = TextRange::new(item.value_end, item.place.name.start());
            if self.columns.slice(between) == style.between() {
                self.outcome.edits.replace(range, "", Note::Name);
                return;
            }
        }
        if is_changed && is_name(&written, &self.family.old) {
            let spelled = self.spelled(&written);
            self.outcome
                .edits
                .replace(item.place.name, spelled, Note::Name);
        }
    }

    /// Whether the alias of an item would only repeat the name before it, and would be written just so
    /// where the column is renamed back.
    fn is_redundant(&self, item: &Item) -> bool {
        let Some(value) = item.value.filter(|_| !item.is_bare) else {
            return false;
        };
        let value = self.columns.slice(value);
        let alias = self.columns.slice(item.place.name);
        match (
            self.renamed.changed.contains(&item.node),
            item.is_source_changed(self.renamed),
        ) {
            (false, true) => {
                self.renamed.anchored.contains(&item.node) && self.spelled(value) == alias
            }
            (true, false) => {
                self.renamed.forced.contains(&item.node)
                    && self.spelled(alias) == value
                    && (item.is_source_read || item.is_source_of(&self.renamed.anchored))
            }
            _ => false,
        }
    }

    /// Every projection that says its name.
    fn items(&self) -> Vec<Item> {
        let columns = self.columns;
        let links = columns.links(Reach::Statement);
        let mut items = Vec::new();
        let mut seen = BTreeSet::new();
        for (statement, lowered) in columns.statements() {
            let mentions = lowered.places.mentions.iter();
            let mentioned: BTreeMap<(TextSize, TextSize), &Mention> = mentions
                .map(|mention| ((mention.range.start(), mention.range.end()), mention))
                .collect();
            let relations = (0..).zip(&lowered.places.relations);
            for (id, places) in relations {
                let given = lowered.query.relation(RelationId(id)).columns.iter();
                for (position, (column, place)) in given.zip(&places.columns).enumerate() {
                    let Some(name) = &column.name else { continue };
                    let is_old = *name == self.family.old;
                    if !is_old && *name != self.family.new
                        || !is_name(columns.slice(place.name), name)
                        || !seen.insert((place.name.start(), place.name.end(), statement))
                    {
                        continue;
                    }
                    let at = |range: TextRange| mentioned.get(&(range.start(), range.end()));
                    let is_bare = at(place.name).is_some();
                    let value = match is_bare {
                        true => Some(place.name),
                        false => alias::value(columns, place, |range| at(range).is_some()),
                    };
                    let mention = value.and_then(at);
                    let source = mention.map(|mention| self.nodes(statement, mention));
                    let is_source_read = source.iter().flatten().any(|node| {
                        let above = links.upward([node.clone()]);
                        let mut above = above.iter();
                        above.any(|node| !matches!(node, Node::Given { .. }))
                    });
                    items.push(Item {
                        node: Node::Given {
                            statement,
                            relation: RelationId(id),
                            position,
                        },
                        place: *place,
                        is_bare,
                        value,
                        value_end: value.map_or(place.name.start(), |value| value.end()),
                        source,
                        is_source_read,
                    });
                }
            }
        }
        items
    }

    /// Where the queries tell nothing: branches of a template that are not taken, what does not parse.
    fn elsewhere(&mut self) {
        let nodes: BTreeSet<Node> = self.renamed.changed.iter().cloned().collect();
        for (range, _) in self.columns.places(&nodes) {
            let text = self.columns.slice(range);
            if is_name(text, &self.family.old) && !self.outcome.edits.touches(range) {
                let is_alias = self.is_name_of_item(range);
                if !is_alias {
                    let spelled = self.spelled(text);
                    self.outcome.edits.replace(range, spelled, Note::Unsure);
                }
            }
        }
        let old = &self.family.old;
        let unread = words::unread(self.columns, old).into_iter();
        for range in unread.chain(words::in_branches(self.columns, old)) {
            if !self.outcome.edits.touches(range) {
                let spelled = self.spelled(self.columns.slice(range));
                self.outcome.edits.replace(range, spelled, Note::Unsure);
            }
        }
    }

    /// Whether a projection that keeps its text has its name there.
    fn is_name_of_item(&self, range: TextRange) -> bool {
        let mut occurrences = self.columns.occurrences().iter();
        occurrences.any(|it| it.range == range && matches!(it.node, Node::Given { .. }))
    }
}

/// A projection that says its name.
struct Item {
    node: Node,
    place: ColumnPlace,
    /// It has no alias: its name is that of the column.
    is_bare: bool,
    /// The column's name, where it is nothing but a column.
    value: Option<TextRange>,
    /// The end of that.
    value_end: TextSize,
    /// What the column is.
    source: Option<Vec<Node>>,
    /// It is a column of a table under that name.
    is_source_read: bool,
}

impl Item {
    fn is_source_changed(&self, renamed: &Renamed) -> bool {
        self.is_source_of(&renamed.changed)
    }

    /// Whether it is any of these columns.
    fn is_source_of(&self, columns: &BTreeSet<Node>) -> bool {
        let mut nodes = self.source.iter().flatten();
        nodes.any(|node| columns.contains(node))
    }
}
