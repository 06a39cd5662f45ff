//! The columns, tables and aliases of one SQL file, every mention of each, and which column hands
//! which other one on under its name.
//!
//! It is read off the queries as they are lowered, with every name resolved by scope. Where a
//! statement could not be lowered, or a mention stands in a branch of a template that was not taken,
//! what the skeleton of the text tells goes in.

pub(crate) mod links;
pub(crate) mod occurrences;

use crate::lookup;
use crate::rename::refs_to;
use index::relations::FileRelations;
use index::{File, ModelId, Snapshot, TableKey};
use links::Links;
use sql::facts::TableRef;
use sql::lower::Lowered;
use sql::relation::{InputId, Relation, RelationId, Source};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use syntax::{Name, TextRange, TextSize};

/// A table that SQL mentions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TableId {
    /// One that the workspace defines or describes.
    Known(TableKey),
    /// Any other: it is what it is called, within its dbt project.
    Named {
        /// What it is called.
        table: TableRef,
        /// The folder of the project whose files call it so.
        project: Option<Arc<Path>>,
    },
}

/// Something in a SQL file that goes by a name. Statements are counted from 0.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Node {
    /// A column that a relation of this file gives: a CTE, a subquery, or a statement as a whole.
    Given {
        /// The statement.
        statement: usize,
        /// Its relation.
        relation: RelationId,
        /// The column's place in it.
        position: usize,
    },
    /// A column of a table.
    Column(TableId, Name),
    /// A column of a function in `FROM`, or of what is not understood there.
    Made {
        /// The statement.
        statement: usize,
        /// What makes it.
        input: InputId,
        /// Its name.
        name: Name,
    },
    /// A table.
    Table(TableId),
    /// A CTE.
    Cte {
        /// The statement.
        statement: usize,
        /// Its relation.
        relation: RelationId,
    },
    /// The alias of something in `FROM`.
    Alias {
        /// The statement.
        statement: usize,
        /// What it stands for.
        input: InputId,
    },
    /// A projection of a statement that could not be lowered: where it starts and ends.
    Projection(TextSize, TextSize),
}

/// A place in the file where the name of something stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Occurrence {
    /// The name.
    pub(crate) range: TextRange,
    /// It gets its name here.
    pub(crate) is_definition: bool,
    /// What it is.
    pub(crate) node: Node,
}

/// How far columns are followed that are handed on under their name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Through the CTEs and subqueries of one statement.
    Statement,
    /// Also from a table that one statement defines to those of the file that read it.
    File,
}

/// One SQL file with its names resolved.
pub(crate) struct Columns<'s> {
    pub(crate) snapshot: &'s Snapshot,
    pub(crate) file: &'s File,
    pub(crate) text: Arc<str>,
    relations: FileRelations,
    /// What each statement defines or fills.
    pub(crate) tables: Vec<Option<TableKey>>,
    /// What the inputs of each statement read.
    sources: Vec<BTreeMap<InputId, Source>>,
    occurrences: Vec<Occurrence>,
}

impl<'s> Columns<'s> {
    /// Reads a file; `None` where it is no SQL, or its text can't be read.
    pub(crate) fn new(snapshot: &'s Snapshot, file: &'s File) -> Option<Columns<'s>> {
        let relations = snapshot.relations(file)?;
        let statements = all_of(&relations);
        let mut columns = Columns {
            tables: statements
                .clone()
                .map(|lowered| defined(snapshot, file, lowered))
                .collect(),
            sources: statements.map(sources).collect(),
            text: snapshot.text(file)?,
            snapshot,
            file,
            relations,
            occurrences: Vec::new(),
        };
        columns.read_this();
        columns.occurrences = occurrences::all(&columns);
        Some(columns)
    }

    /// `{{ this }}` is the table that the statement makes.
    fn read_this(&mut self) {
        let Columns {
            relations,
            sources,
            tables,
            text,
            ..
        } = self;
        for ((lowered, sources), table) in all_of(relations).zip(sources).zip(tables) {
            let Some(key) = table else { continue };
            for (input, source) in sources {
                let is_unknown = *source == Source::Table(TableRef::Unknown);
                if is_unknown && is_this(lookup::slice(text, lowered.places.input(*input))) {
                    *source = Source::Table(TableRef::Ref {
                        package: None,
                        name: key.name(),
                        version: None,
                    });
                }
            }
        }
    }

    /// The statements as a full refresh runs them, then as an incremental run does, where the template
    /// tells the two apart.
    pub(crate) fn statements(&self) -> impl Iterator<Item = (usize, &Lowered)> {
        all_of(&self.relations).enumerate()
    }

    /// One of them.
    pub(crate) fn statement(&self, statement: usize) -> Option<&Lowered> {
        let full = &self.relations.full;
        let incremental = self.relations.incremental.as_deref().unwrap_or_default();
        match statement.checked_sub(full.len()) {
            None => full.get(statement),
            Some(behind) => incremental.get(behind),
        }
    }

    /// What stands at `offset`, what gets its name there first. A place at the end of a word belongs
    /// to the word.
    pub(crate) fn at(&self, offset: TextSize) -> Vec<&Occurrence> {
        let here = self.occurrences.iter();
        let here = here.filter(|occurrence| occurrence.range.contains_inclusive(offset));
        let mut found: Vec<&Occurrence> = here.collect();
        found.sort_by_key(|occurrence| !occurrence.is_definition);
        // Of several tables in one tag of a template, as in a list of `ref`s, the one that is named here.
        let named = self.table_named_at(offset, &found).cloned();
        if let Some(named) = named {
            found.retain(|occurrence| match &occurrence.node {
                Node::Table(table) => *table == TableId::Known(named.clone()),
                _ => true,
            });
        }
        found
    }

    /// The table whose name in a `ref` is at `offset`, where several are mentioned.
    fn table_named_at<'f>(
        &self,
        offset: TextSize,
        found: &'f [&Occurrence],
    ) -> Option<&'f TableKey> {
        let keys = found
            .iter()
            .filter_map(|occurrence| match &occurrence.node {
                Node::Table(TableId::Known(key)) => Some(key),
                _ => None,
            });
        let keys: BTreeSet<&TableKey> = keys.collect();
        let mut keys = keys.into_iter().filter(|_| found.len() > 1);
        keys.find(|key| {
            let refs = refs_to(self.snapshot, self.file, &self.text, key);
            refs.iter().any(|range| range.contains_inclusive(offset))
        })
    }

    /// Every place where the name of something stands, in the order of the text.
    pub(crate) fn occurrences(&self) -> &[Occurrence] {
        &self.occurrences
    }

    /// How the template was read.
    pub(crate) fn reading(&self) -> index::relations::Reading {
        self.relations.reading
    }

    /// What stands in a part of the file, in the order of the text.
    pub(crate) fn occurrences_in(&self, within: TextRange) -> impl Iterator<Item = &Occurrence> {
        let all = self.occurrences.iter();
        all.filter(move |occurrence| within.intersect(occurrence.range).is_some())
    }

    /// Where any of `nodes` stand, in the order of the text, each place once. It is a definition where
    /// one of them is given its name.
    pub(crate) fn places(&self, nodes: &BTreeSet<Node>) -> Vec<(TextRange, bool)> {
        let mut places: BTreeMap<(TextSize, TextSize), bool> = BTreeMap::new();
        for occurrence in &self.occurrences {
            if nodes.contains(&occurrence.node) {
                let range = occurrence.range;
                let known = places.entry((range.start(), range.end())).or_default();
                *known |= occurrence.is_definition;
            }
        }
        let places = places.into_iter();
        places
            .map(|((start, end), is_definition)| (TextRange::new(start, end), is_definition))
            .collect()
    }

    /// What hands which column on under its name.
    pub(crate) fn links(&self, reach: Reach) -> Links {
        Links::new(self, reach)
    }

    /// The column of the root of a statement, by its name.
    pub(crate) fn output(&self, statement: usize, name: &Name) -> Option<Node> {
        let query = &self.statement(statement)?.query;
        Some(Node::Given {
            statement,
            relation: query.root,
            position: query.root().position(name)?,
        })
    }

    /// The output columns of that name of the statements that define `table` here.
    pub(crate) fn outputs(&self, table: &TableKey, name: &Name) -> Vec<Node> {
        let tables = self.tables.iter().enumerate();
        let defining = tables.filter(|(_, own)| own.as_ref() == Some(table));
        defining
            .filter_map(|(statement, _)| self.output(statement, name))
            .collect()
    }

    /// The column of the table that a statement makes which `node` is, handed on under its name.
    pub(crate) fn handed_out(&self, node: &Node) -> Option<(TableKey, Name)> {
        let below = self.links(Reach::Statement).downward([node.clone()]);
        below.iter().find_map(|node| self.column_of_table(node))
    }

    /// The column of the table that a statement makes which a column of the statement's root is.
    pub(crate) fn column_of_table(&self, node: &Node) -> Option<(TableKey, Name)> {
        let Node::Given {
            statement,
            relation,
            ..
        } = node
        else {
            return None;
        };
        if self.statement(*statement)?.query.root != *relation {
            return None;
        }
        let table = self.tables.get(*statement)?.clone()?;
        Some((table, self.name(node)?.clone()))
    }

    /// The name of a column that a relation gives.
    pub(crate) fn name<'a>(&'a self, node: &'a Node) -> Option<&'a Name> {
        match node {
            Node::Given {
                statement,
                relation,
                position,
            } => {
                let query = &self.statement(*statement)?.query;
                let column = query.relation(*relation).columns.get(*position)?;
                column.name.as_ref()
            }
            Node::Column(_, name) | Node::Made { name, .. } => Some(name),
            Node::Table(_) | Node::Cte { .. } | Node::Alias { .. } | Node::Projection(..) => None,
        }
    }

    /// What an input reads.
    pub(crate) fn source(&self, statement: usize, input: InputId) -> Option<&Source> {
        self.sources.get(statement)?.get(&input)
    }

    /// What all inputs read.
    pub(crate) fn all_sources(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter().flat_map(BTreeMap::values)
    }

    /// The table that a mention in this file means; `None` for one that is not known at all.
    pub(crate) fn table(&self, table: &TableRef) -> Option<TableId> {
        TableId::new(self.snapshot, self.file, table)
    }

    /// The text of a range.
    pub(crate) fn slice(&self, range: TextRange) -> &str {
        lookup::slice(&self.text, range)
    }
}

impl TableId {
    /// The table that a mention in `file` means; `None` for one that is not known at all.
    pub(crate) fn new(snapshot: &Snapshot, file: &File, table: &TableRef) -> Option<TableId> {
        if *table == TableRef::Unknown {
            return None;
        }
        Some(match snapshot.table_key(file, table) {
            Some(key) => TableId::Known(key.clone()),
            None => TableId::Named {
                table: table.clone(),
                project: file.project.clone(),
            },
        })
    }

    /// The files that mention it, in the order of their paths.
    pub(crate) fn readers<'s>(&self, snapshot: &'s Snapshot) -> Vec<&'s File> {
        match self {
            TableId::Known(key) => snapshot.readers(key),
            TableId::Named { table, project } => {
                let name = table.last_name();
                let mut files = name.map_or_else(Vec::new, |name| snapshot.mentioning(name));
                files.retain(|file| file.project == *project);
                files
            }
        }
    }
}

impl std::fmt::Display for TableId {
    /// As people call it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TableId::Known(key) => key.fmt(f),
            TableId::Named { table, .. } => table.fmt(f),
        }
    }
}

/// Whether a tag of a template is `{{ this }}`.
pub(crate) fn is_this(tag: &str) -> bool {
    let inner = tag
        .strip_prefix("{{")
        .and_then(|tag| tag.strip_suffix("}}"));
    inner.is_some_and(|inner| inner.trim_matches(['-', '+', ' ', '\t']) == "this")
}

/// The model of a lowered statement.
pub(crate) fn model_of(file: &File, lowered: &Lowered) -> Option<ModelId> {
    let models = (0..).zip(&file.sql()?.models);
    let mut here = models.filter(|(_, model)| {
        let statement = file.range(model.statement);
        // Those that only touch are one behind the other.
        let common = lowered.places.statement.intersect(statement);
        common.is_some_and(|common| !common.is_empty())
    });
    let (ordinal, _) = here.next()?;
    Some(ModelId {
        file: file.id,
        ordinal,
    })
}

/// All statements of a file: of a full refresh, then of an incremental run.
pub(crate) fn all_of(relations: &FileRelations) -> impl Iterator<Item = &Lowered> + Clone {
    let incremental = relations.incremental.iter();
    let incremental = incremental.flat_map(|statements| statements.iter());
    relations.full.iter().chain(incremental)
}

/// The table that a lowered statement defines or fills.
pub(crate) fn defined(snapshot: &Snapshot, file: &File, lowered: &Lowered) -> Option<TableKey> {
    let table = snapshot.table_of_model(model_of(file, lowered)?)?;
    Some(table.key.clone())
}

fn sources(lowered: &Lowered) -> BTreeMap<InputId, Source> {
    let inputs = lowered.query.relations.iter().flat_map(Relation::inputs);
    inputs
        .map(|input| (input.id, input.source.clone()))
        .collect()
}
