//! Lineage, one step at a time and in both directions: the columns that a column is computed from and
//! those that are computed from it; for a table, the tables that it reads and those that read it.
//!
//! A step starts from what a column or table is called, so that it works whatever was edited since.

use crate::columns::{Columns, Node, TableId, all_of, model_of};
use crate::subject::{Subject, subjects};
use index::{File, FileId, Snapshot, TableKey};
use meaning::lineage::{self, Confidence, Edge};
use sql::facts::TableRef;
use sql::lower::Lowered;
use sql::relation::RelationId;
use std::collections::BTreeMap;
use syntax::{Name, Spot, TextRange, TextSize};

/// Something that has a lineage.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineageNode {
    /// A table.
    Table(TableId),
    /// A column of it.
    Column(TableId, Name),
    /// A column of a CTE in the SQL that makes a table.
    Inner {
        /// The table that is made.
        table: TableKey,
        /// The CTE.
        cte: Name,
        /// Its column.
        column: Name,
    },
}

/// Something that has a lineage, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineageItem {
    /// What it is.
    pub node: LineageNode,
    /// What it is called.
    pub name: String,
    /// Whose it is, and how sure that is.
    pub detail: Option<String>,
    /// The file where it is made, else described, else mentioned.
    pub file: FileId,
    /// The whole of what makes or describes it.
    pub full: TextRange,
    /// Its name in it.
    pub focus: TextRange,
}

/// What the place at `offset` is about, as far as it has a lineage.
pub fn lineage_at(snapshot: &Snapshot, file: FileId, offset: TextSize) -> Option<LineageItem> {
    let here = snapshot.file(file)?;
    if here.sql().is_none() {
        return subjects(snapshot, file, offset)
            .into_iter()
            .find_map(|mention| {
                let node = match mention.subject {
                    Subject::Table(key) => LineageNode::Table(TableId::Known(key)),
                    Subject::Column(key, name) => LineageNode::Column(TableId::Known(key), name),
                    _ => return None,
                };
                Some(item(snapshot, node, (file, mention.range)))
            });
    }
    let columns = Columns::new(snapshot, here)?;
    columns.at(offset).into_iter().find_map(|occurrence| {
        let node = node_of(&columns, &occurrence.node)?;
        Some(item(snapshot, node, (file, occurrence.range)))
    })
}

/// What it is computed from: columns of the tables that its SQL reads; of a table, these tables.
pub fn upstream(snapshot: &Snapshot, node: &LineageNode) -> Vec<LineageItem> {
    let mut found = Steps::new(snapshot);
    match node {
        LineageNode::Column(TableId::Known(key), name) => {
            found.each_statement(key, &mut |found, file, lowered| {
                let root = lowered.query.root;
                if let Some(position) = lowered.query.root().position(name) {
                    found.sources(file, lowered, root, position);
                }
            });
        }
        LineageNode::Inner { table, cte, column } => {
            found.each_statement(table, &mut |found, file, lowered| {
                let inner = inner(snapshot, file, lowered, cte, column);
                if let Some((relation, position)) = inner {
                    found.sources(file, lowered, relation, position);
                }
            });
        }
        LineageNode::Table(TableId::Known(key)) => {
            found.each_statement(key, &mut |found, file, lowered| {
                for table in lowered.query.tables() {
                    if let Some(id) = TableId::new(snapshot, file, table) {
                        found.add(LineageNode::Table(id), Confidence::Exact, file);
                    }
                }
            });
        }
        LineageNode::Table(TableId::Named { .. })
        | LineageNode::Column(TableId::Named { .. }, _) => {}
    }
    found.items(node)
}

/// What is computed from it: columns of the tables whose SQL reads its table; of a table, these
/// tables; of a column of a CTE, columns of the table that is made.
pub fn downstream(snapshot: &Snapshot, node: &LineageNode) -> Vec<LineageItem> {
    let mut found = Steps::new(snapshot);
    match node {
        LineageNode::Table(table) | LineageNode::Column(table, _) => {
            for file in table.readers(snapshot) {
                let relations = snapshot.relations(file);
                for lowered in relations.iter().flat_map(all_of) {
                    found.readers(file, lowered, table, node);
                }
            }
        }
        LineageNode::Inner { table, cte, column } => {
            found.each_statement(table, &mut |found, file, lowered| {
                let query = &lowered.query;
                let inner = inner(snapshot, file, lowered, cte, column);
                let by_macro = |relation, at| lowered.places.is_by_macro(relation, at);
                let outputs = inner.map(|(relation, position)| {
                    lineage::computed_from(query, &by_macro, relation, position)
                });
                for output in outputs.into_iter().flatten() {
                    let column = query.root().columns.get(output);
                    if let Some(name) = column.and_then(|column| column.name.clone()) {
                        let table = TableId::Known(table.clone());
                        found.add(LineageNode::Column(table, name), Confidence::Exact, file);
                    }
                }
            });
        }
    }
    found.items(node)
}

/// Steps of a lineage, each once, with the file that tells of it.
struct Steps<'s> {
    snapshot: &'s Snapshot,
    found: BTreeMap<LineageNode, (Confidence, &'s File)>,
}

impl<'s> Steps<'s> {
    fn new(snapshot: &'s Snapshot) -> Steps<'s> {
        Steps {
            snapshot,
            found: BTreeMap::new(),
        }
    }

    fn add(&mut self, node: LineageNode, confidence: Confidence, file: &'s File) {
        let known = self.found.entry(node).or_insert((confidence, file));
        known.0 = confidence.min(known.0);
    }

    /// Calls `visit` with each statement that makes a table.
    fn each_statement(
        &mut self,
        key: &TableKey,
        visit: &mut dyn FnMut(&mut Steps<'s>, &'s File, &Lowered),
    ) {
        let table = self.snapshot.table(key);
        for model in table.into_iter().flat_map(|table| &table.models) {
            let file = self.snapshot.file(model.file);
            let (Some((relations, at)), Some(file)) = (self.snapshot.relation(*model), file) else {
                continue;
            };
            let incremental = relations.incremental.iter();
            let full = relations.full.get(at).into_iter();
            for lowered in full.chain(incremental.filter_map(|statements| statements.get(at))) {
                visit(self, file, lowered);
            }
        }
    }

    /// Adds what a column of a relation is computed from.
    fn sources(
        &mut self,
        file: &'s File,
        lowered: &Lowered,
        relation: RelationId,
        position: usize,
    ) {
        let by_macro = |relation, at| lowered.places.is_by_macro(relation, at);
        let lineage = lineage::of_column(&lowered.query, &by_macro, relation, position);
        for Edge { from, confidence } in lineage.into_iter().flat_map(|lineage| lineage.sources) {
            if let Some(table) = TableId::new(self.snapshot, file, &from.table) {
                self.add(LineageNode::Column(table, from.column), confidence, file);
            }
        }
    }

    /// Adds what a statement computes from `node`, a part of `table`.
    fn readers(&mut self, file: &'s File, lowered: &Lowered, table: &TableId, node: &LineageNode) {
        let snapshot = self.snapshot;
        let mut read = lowered.query.tables().into_iter();
        let is_it =
            |mention: &TableRef| TableId::new(snapshot, file, mention).as_ref() == Some(table);
        let model = model_of(file, lowered).and_then(|id| snapshot.table_of_model(id));
        let (Some(model), true) = (model, read.any(is_it)) else {
            return;
        };
        let made = TableId::Known(model.key.clone());
        let LineageNode::Column(_, name) = node else {
            return self.add(LineageNode::Table(made), Confidence::Exact, file);
        };
        let by_macro = |relation, at| lowered.places.is_by_macro(relation, at);
        for column in lineage::lineage(&lowered.query, &by_macro).columns {
            let mut sources = column.sources.iter();
            let edge = sources.find(|edge| edge.from.column == *name && is_it(&edge.from.table));
            if let (Some(edge), Some(own)) = (edge, column.name) {
                let node = LineageNode::Column(made.clone(), own);
                self.add(node, edge.confidence, file);
            }
        }
    }

    /// All but `asked`, each with its place.
    fn items(self, asked: &LineageNode) -> Vec<LineageItem> {
        let snapshot = self.snapshot;
        let found = self.found.into_iter().filter(|(node, _)| node != asked);
        found
            .map(|(node, (confidence, file))| {
                let mention = mention(snapshot, file, &node);
                let mut item = item(snapshot, node, (file.id, mention));
                let sure = match confidence {
                    Confidence::Exact => None,
                    Confidence::Macro => Some("through a macro"),
                    Confidence::Unknown => Some("perhaps"),
                };
                if let Some(sure) = sure {
                    let detail = item.detail.unwrap_or_default();
                    item.detail = Some(format!("{detail} · {sure}"));
                }
                item
            })
            .collect()
    }
}

/// What a name in SQL stands for, as far as it has a lineage.
fn node_of(columns: &Columns<'_>, node: &Node) -> Option<LineageNode> {
    Some(match node {
        Node::Table(table) => LineageNode::Table(table.clone()),
        Node::Column(table, name) => LineageNode::Column(table.clone(), name.clone()),
        Node::Given {
            statement,
            relation,
            ..
        } => {
            let column = columns.name(node)?.clone();
            let table = columns.tables.get(*statement)?.clone()?;
            let lowered = columns.statement(*statement)?;
            if lowered.query.root == *relation {
                return Some(LineageNode::Column(TableId::Known(table), column));
            }
            let name = columns.slice(lowered.places.relation(*relation)?.name);
            if name.is_empty() {
                return None;
            }
            let cte = Name::new(name);
            LineageNode::Inner { table, cte, column }
        }
        Node::Made { .. } | Node::Cte { .. } | Node::Alias { .. } | Node::Projection(..) => {
            return None;
        }
    })
}

/// The column of the CTE of that name.
fn inner(
    snapshot: &Snapshot,
    file: &File,
    lowered: &Lowered,
    cte: &Name,
    column: &Name,
) -> Option<(RelationId, usize)> {
    let text = snapshot.text(file)?;
    let relations = (0..).zip(&lowered.places.relations);
    let mut named = relations
        .filter(|(_, places)| Name::new(crate::lookup::slice(&text, places.name)) == *cte)
        .map(|(id, _)| RelationId(id));
    named.find_map(|id| Some((id, lowered.query.relation(id).position(column)?)))
}

/// Where a file mentions something; its start where it does not by name.
fn mention(snapshot: &Snapshot, file: &File, node: &LineageNode) -> TextRange {
    let (LineageNode::Table(table @ TableId::Named { .. })
    | LineageNode::Column(table @ TableId::Named { .. }, _)) = node
    else {
        return TextRange::default();
    };
    let Some(columns) = Columns::new(snapshot, file) else {
        return TextRange::default();
    };
    let place = |node: Node| {
        let places = columns.places(&[node].into());
        places.into_iter().next().map(|(range, _)| range)
    };
    let column = match node {
        LineageNode::Column(table, name) => place(Node::Column(table.clone(), name.clone())),
        _ => None,
    };
    let range = column.or_else(|| place(Node::Table(table.clone())));
    range.unwrap_or_default()
}

/// A node with the place where it is made, else described, else `mention`.
fn item(snapshot: &Snapshot, node: LineageNode, mention: (FileId, TextRange)) -> LineageItem {
    let (name, detail) = match &node {
        LineageNode::Table(table) => (table.to_string(), None),
        LineageNode::Column(table, name) => (name.to_string(), Some(table.to_string())),
        LineageNode::Inner { table, cte, column } => {
            (column.to_string(), Some(format!("{cte} in {table}")))
        }
    };
    let place = match &node {
        LineageNode::Table(TableId::Known(key)) => table_place(snapshot, key),
        LineageNode::Column(TableId::Known(key), name) => column_place(snapshot, key, name),
        LineageNode::Inner { table, cte, column } => inner_place(snapshot, table, cte, column),
        LineageNode::Table(_) | LineageNode::Column(..) => None,
    };
    let (file, full, focus) = place.unwrap_or((mention.0, mention.1, mention.1));
    LineageItem {
        node,
        name,
        detail,
        file,
        full: full.cover(focus),
        focus,
    }
}

type Place = (FileId, TextRange, TextRange);

fn at(file: &File, full: Spot, focus: Spot) -> Place {
    (file.id, file.range(full), file.range(focus))
}

fn table_place(snapshot: &Snapshot, key: &TableKey) -> Option<Place> {
    let table = snapshot.table(key)?;
    let model = table.models.first().map(|id| match snapshot.model(*id) {
        Some((file, model)) => at(file, model.statement, model.name_spot),
        None => (id.file, TextRange::default(), TextRange::default()),
    });
    model.or_else(|| {
        let (file, entry) = snapshot.description(*table.descriptions.first()?)?;
        Some(at(file, entry.entry, entry.name.spot))
    })
}

fn column_place(snapshot: &Snapshot, key: &TableKey, name: &Name) -> Option<Place> {
    let column = snapshot.table(key)?.column(name)?;
    if let Some(selected) = column.selected {
        let (file, _) = snapshot.model(selected.model)?;
        return Some(at(file, selected.item, selected.name));
    }
    if let Some(seed) = column.in_seed {
        return Some((seed.file, TextRange::default(), TextRange::default()));
    }
    let described = column.described.first()?;
    let (file, _) = snapshot.description(described.table)?;
    let entry = snapshot.described_column(*described)?;
    Some(at(file, entry.entry, entry.name.spot))
}

fn inner_place(snapshot: &Snapshot, table: &TableKey, cte: &Name, column: &Name) -> Option<Place> {
    let models = &snapshot.table(table)?.models;
    models.iter().find_map(|model| {
        let file = snapshot.file(model.file)?;
        let (relations, at) = snapshot.relation(*model)?;
        let lowered = relations.full.get(at)?;
        let (relation, position) = inner(snapshot, file, lowered, cte, column)?;
        let place = lowered.places.relation(relation)?.columns.get(position)?;
        Some((file.id, place.item, place.name))
    })
}
