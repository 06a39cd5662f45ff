//! What a statement's columns are and where they come from.
//!
//! Walks the skeleton of one statement with the scopes of SQL in hand: common table expressions,
//! tables, aliases. What the text does not tell is left open, never guessed.

mod data_type;
mod declaration;
mod expression;
mod item;
mod query;
mod relation;
mod scope;
mod table;

use crate::analysis::Projection;
use crate::dialect::Dialect;
use crate::facts::{
    Change, ColumnRead, Input, Model, ModelKind, Open, OpenReason, Origin, Output, OutputColumn,
    ReadTarget, TableName, TableRef,
};
use crate::skeleton::{self, Query, Shape, Source, is_temporary, remains};
use crate::template::{Hole, Mask};
use relation::Relation;
use std::ops::Range;
use std::rc::Rc;
use syntax::{Name, Places, Spot, TextRange, TextSize};

/// A statement to be resolved.
pub(crate) struct Task {
    /// Its tokens.
    pub(crate) tokens: Range<usize>,
    /// Its shape.
    pub(crate) shape: Shape,
    /// Whether it parses as a whole.
    pub(crate) parses: bool,
}

/// Resolves the statements of one file.
pub(crate) struct Resolver<'a> {
    source: &'a Source<'a>,
    mask: &'a Mask,
    dialect: Dialect,
    places: &'a mut Places,
    /// The common table expressions that can be mentioned, the innermost last.
    ctes: Vec<(Name, Rc<Relation>)>,
    /// The inputs of the statement, in the order they were met.
    inputs: Vec<FoundInput>,
    reads: Vec<(TextSize, ColumnRead)>,
    projections: Vec<Projection>,
    /// How many queries in expressions are open around the place that is read.
    nesting: usize,
    /// Tags that were taken for nothing so that the rest parses, in order.
    guessed: &'a [TextRange],
    /// Which of the mask's hidden pieces were answered for by some query.
    hidden_seen: Vec<bool>,
}

/// An input, while a statement is read.
struct FoundInput {
    range: TextRange,
    table: TableRef,
    /// Why its columns cannot be known, where it is no table with a name.
    unknown: Option<OpenReason>,
}

impl<'a> Resolver<'a> {
    /// A resolver for the statements of `source`, which was masked by `mask`. `guessed` are the
    /// tags that were taken for nothing.
    pub(crate) fn new(
        source: &'a Source<'a>,
        mask: &'a Mask,
        guessed: &'a [TextRange],
        dialect: Dialect,
        places: &'a mut Places,
    ) -> Resolver<'a> {
        Resolver {
            source,
            mask,
            dialect,
            places,
            ctes: Vec::new(),
            inputs: Vec::new(),
            reads: Vec::new(),
            projections: Vec::new(),
            nesting: 0,
            guessed,
            hidden_seen: vec![false; mask.hidden.len()],
        }
    }

    /// The named entries of all projections that were read.
    pub(crate) fn projections(self) -> Vec<Projection> {
        self.projections
    }

    /// The table that the statement defines, if it defines one.
    pub(crate) fn model(&mut self, task: &Task) -> Option<Model> {
        let statement = self.spot(&task.tokens);
        let mut model = match &task.shape {
            Shape::Query {
                kind,
                name,
                columns,
                query,
            } => {
                let mut relation = self.query(query, None, None);
                if let Some(open) = self.list_of_names(*kind, columns, &mut relation) {
                    relation.open.get_or_insert(open);
                }
                let (name, name_spot) = self.model_name(name.as_ref(), query, &task.tokens);
                self.finish(*kind, name, name_spot, statement, relation)
            }
            Shape::Declaration { name, columns } => {
                let relation = self.declaration(name, columns.as_deref());
                let (table, name_spot) = (self.table_name(name), self.spot(name));
                self.finish(
                    ModelKind::Declaration,
                    table,
                    name_spot,
                    statement,
                    relation,
                )
            }
            Shape::Other if !task.parses => self.remains(task, statement)?,
            Shape::Alteration { .. } | Shape::Other => return None,
        };
        model.is_temporary = is_temporary(self.source, &task.tokens);
        if !task.parses && model.open.is_none() {
            model.open = Some(Open {
                reason: OpenReason::Unparsed,
                spot: model.name_spot,
            });
        }
        Some(model)
    }

    /// What a statement does to the rows of a table.
    pub(crate) fn change(&mut self, change: &skeleton::Change) -> Change {
        let relation = self.query(&change.reads, None, None);
        let (statement, name) = (self.spot(&change.reads.tokens), change.name.as_ref());
        let model = self.finish(ModelKind::Query, None, statement, statement, relation);
        Change {
            table: name.and_then(|name| self.table_name(name)),
            inputs: model.inputs,
        }
    }

    /// A statement that is not understood, but has queries in it.
    fn remains(&mut self, task: &Task, statement: Spot) -> Option<Model> {
        let (query, is_query) = remains(self.source, task.tokens.clone());
        let relation = self.query(&query, None, None);
        let (name, name_spot) = self.model_name(None, &query, &task.tokens);
        let model = self.finish(ModelKind::Query, name, name_spot, statement, relation);
        is_query.then_some(model)
    }

    /// The name of a table whose every part is written in SQL.
    pub(crate) fn table_name(&self, tokens: &Range<usize>) -> Option<TableName> {
        table::name(self.source, self.dialect, tokens)
    }

    /// Applies the list of names behind the model's name; gives what it leaves unknown.
    fn list_of_names(
        &mut self,
        kind: ModelKind,
        columns: &[usize],
        relation: &mut Relation,
    ) -> Option<Open> {
        let at = columns.first().copied();
        let spot = at.map(|at| self.spot(&(at..at + 1)));
        if columns.is_empty() {
            // Values go into the table's columns by position, whatever they are called here.
            if kind == ModelKind::Insert {
                let spot = self.places.add(TextRange::default());
                *relation = Relation::new(Vec::new(), None);
                return Some(Open {
                    reason: OpenReason::Unnamed,
                    spot,
                });
            }
            return None;
        }
        let open = Open {
            reason: OpenReason::Unnamed,
            spot: spot?,
        };
        let names: Vec<_> = columns.iter().map(|at| self.named(*at)).collect();
        let complete = names.iter().all(Option::is_some);
        let given = std::mem::take(relation);
        *relation = given.renamed(names.into_iter().flatten().collect(), open.clone());
        (!complete).then_some(open)
    }

    fn model_name(
        &mut self,
        name: Option<&Range<usize>>,
        query: &Query,
        tokens: &Range<usize>,
    ) -> (Option<TableName>, Spot) {
        if let Some(name) = name {
            return (self.table_name(name), self.spot(name));
        }
        let range = self.source.range(&query.tokens);
        let snapshot = self
            .mask
            .snapshots
            .iter()
            .find(|snapshot| snapshot.body.contains_range(range));
        match snapshot {
            Some(snapshot) => {
                let written = self.text(snapshot.name);
                let name = TableName {
                    parts: vec![Name::new(written)],
                };
                (Some(name), self.places.add(snapshot.name))
            }
            None => (None, self.spot(&(tokens.start..tokens.start + 1))),
        }
    }

    /// Puts the inputs in the order of the text and takes out the stars over what is no table.
    fn finish(
        &mut self,
        kind: ModelKind,
        name: Option<TableName>,
        name_spot: Spot,
        statement: Spot,
        relation: Relation,
    ) -> Model {
        let range = self.places.range(statement);
        self.tables_in_templates(range);
        let found = std::mem::take(&mut self.inputs);
        let mut order: Vec<usize> = (0..found.len()).collect();
        order.sort_by_key(|at| found.get(*at).map(|input| input.range.start()));
        let mut position_of = vec![0u32; found.len()];
        let mut inputs = Vec::new();
        for (position, at) in order.iter().enumerate() {
            if let (Some(slot), Some(input)) = (position_of.get_mut(*at), found.get(*at)) {
                *slot = position as u32;
                inputs.push(Input {
                    table: input.table.clone(),
                    spot: self.places.add(input.range),
                });
            }
        }
        let mut open = relation.open;
        let mut outputs = Vec::new();
        for output in relation.outputs {
            match output {
                Output::Column(mut column) => {
                    renumber_column(&mut column, &position_of);
                    outputs.push(Output::Column(column));
                }
                Output::Star(mut star) => {
                    let unknown = found
                        .get(star.input as usize)
                        .and_then(|input| input.unknown);
                    if let Some(reason) = unknown {
                        open.get_or_insert(Open {
                            reason,
                            spot: star.item,
                        });
                        continue;
                    }
                    star.input = renumbered(star.input, &position_of);
                    for column in &mut star.replace {
                        renumber_column(column, &position_of);
                    }
                    outputs.push(Output::Star(star));
                }
            }
        }
        let mut reads = std::mem::take(&mut self.reads);
        reads.sort_by_key(|(at, _)| *at);
        let reads = reads.into_iter().map(|(_, mut read)| {
            if let ReadTarget::Input(source) = &mut read.target {
                for input in &mut source.inputs {
                    *input = renumbered(*input, &position_of);
                }
            }
            read
        });
        Model {
            name,
            name_spot,
            kind,
            is_temporary: false,
            statement,
            outputs,
            open,
            inputs,
            reads: reads.collect(),
        }
    }

    /// Tables that are handed to macros in the statement at `range` are inputs, too.
    fn tables_in_templates(&mut self, range: TextRange) {
        let in_holes = self
            .mask
            .holes
            .iter()
            .filter(|hole| range.contains_range(hole.range))
            .flat_map(|hole| &hole.tables);
        let in_tags = self
            .mask
            .tables
            .iter()
            .filter(|(_, place)| range.contains_range(*place));
        let named: Vec<FoundInput> = in_holes
            .chain(in_tags)
            .map(|(table, place)| FoundInput {
                range: *place,
                table: table.clone(),
                unknown: None,
            })
            .collect();
        self.inputs.extend(named);
    }

    /// The name at a token and where it stands; `None` where a template has a part in it.
    fn named(&mut self, at: usize) -> Option<(Name, Spot)> {
        let name = Name::new(self.source.name(at)?);
        Some((name, self.spot(&(at..at + 1))))
    }

    fn spot(&mut self, tokens: &Range<usize>) -> Spot {
        self.places.add(self.source.range(tokens))
    }

    /// The tag that the token at `at` stands for, if it is that and nothing else.
    fn hole(&self, at: usize) -> Option<&'a Hole> {
        let link = self.source.get(at)?.hole.filter(|link| link.alone)?;
        self.mask.holes.get(link.index)
    }

    /// Whether a template has a part in any of `tokens`.
    fn has_hole(&self, tokens: &Range<usize>) -> bool {
        self.source
            .lexemes
            .get(tokens.clone())
            .unwrap_or_default()
            .iter()
            .any(|lexeme| lexeme.hole.is_some())
    }

    fn text(&self, range: TextRange) -> &'a str {
        self.source
            .text
            .get(range.start().into()..range.end().into())
            .unwrap_or_default()
    }
}

fn renumber_column(column: &mut OutputColumn, position_of: &[u32]) {
    if let Origin::Unchanged(source) = &mut column.origin {
        for input in &mut source.inputs {
            *input = renumbered(*input, position_of);
        }
    }
}

fn renumbered(input: u32, position_of: &[u32]) -> u32 {
    position_of.get(input as usize).copied().unwrap_or(input)
}
