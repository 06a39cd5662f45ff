//! The columns that a table, a query or a common table expression gives.

use crate::facts::{ColumnSource, Open, Origin, Output, OutputColumn, ReadTarget, Star};
use std::collections::HashMap;
use syntax::Name;

/// More columns than this are not listed one by one.
const MOST_COLUMNS: usize = 20_000;

/// The columns that something in a `FROM` clause gives.
#[derive(Clone, Debug, Default)]
pub(crate) struct Relation {
    /// In order. A star stands for an input, also for one whose columns nobody can know.
    pub(crate) outputs: Vec<Output>,
    /// Why there may be others.
    pub(crate) open: Option<Open>,
    /// Where each name stands first among the outputs.
    by_name: HashMap<Name, usize>,
}

/// What a name means in a relation.
#[derive(Debug, Default)]
pub(crate) struct Found<'r> {
    /// The column of that name.
    pub(crate) column: Option<&'r OutputColumn>,
    /// The inputs that may have it, and its name there.
    pub(crate) sources: Vec<(u32, Name)>,
    /// Whether it may also come from something that is not known.
    pub(crate) open: bool,
}

/// What `EXCEPT`, `RENAME` and `REPLACE` behind a `*` say.
#[derive(Debug, Default)]
pub(crate) struct StarOptions {
    /// Left out.
    pub(crate) except: Vec<Name>,
    /// From, to, and the column as it is written there.
    pub(crate) rename: Vec<(Name, OutputColumn)>,
    /// New values for columns of these names.
    pub(crate) replace: Vec<OutputColumn>,
}

impl Relation {
    /// These columns.
    pub(crate) fn new(outputs: Vec<Output>, open: Option<Open>) -> Relation {
        let mut by_name = HashMap::new();
        for (position, output) in outputs.iter().enumerate() {
            if let Output::Column(column) = output {
                by_name.entry(column.name.clone()).or_insert(position);
            }
        }
        Relation {
            outputs,
            open,
            by_name,
        }
    }

    /// Columns of which nothing is known.
    pub(crate) fn unknown(open: Open) -> Relation {
        Relation::new(Vec::new(), Some(open))
    }

    /// All columns of an input.
    pub(crate) fn of_star(star: Star) -> Relation {
        Relation::new(vec![Output::Star(star)], None)
    }

    /// What `name` means here.
    pub(crate) fn find(&self, name: &Name) -> Found<'_> {
        let explicit = self.by_name.get(name).and_then(|at| self.outputs.get(*at));
        if let Some(Output::Column(column)) = explicit {
            return Found {
                column: Some(column),
                ..Found::default()
            };
        }
        let mut found = Found {
            open: self.open.is_some(),
            ..Found::default()
        };
        for output in &self.outputs {
            let Output::Star(star) = output else { continue };
            if let Some(column) = star.replace.iter().find(|column| column.name == *name) {
                found.column = Some(column);
                return found;
            }
            found.sources.extend(in_star(star, name));
        }
        found
    }

    /// The same columns under other names, by position. Where a star leaves the positions unknown
    /// or the numbers differ, `open` says so.
    pub(crate) fn renamed(mut self, names: Vec<(Name, syntax::Spot)>, open: Open) -> Relation {
        if names.is_empty() {
            return self;
        }
        let by_position = self.open.is_none()
            && self.outputs.len() == names.len()
            && self
                .outputs
                .iter()
                .all(|output| matches!(output, Output::Column(_)));
        let named = names
            .into_iter()
            .enumerate()
            .map(|(position, (name, spot))| {
                let from = match self.outputs.get_mut(position) {
                    Some(Output::Column(column)) if by_position => Some(column.clone()),
                    _ => None,
                };
                Output::Column(OutputColumn {
                    name,
                    name_spot: spot,
                    item: from.as_ref().map_or(spot, |column| column.item),
                    data_type: from.as_ref().and_then(|column| column.data_type.clone()),
                    origin: from.map_or(Origin::Unknown, |column| column.origin),
                })
            });
        let outputs: Vec<Output> = named.collect();
        // A list of names may be shorter than the columns in some databases; a query that is not
        // known has at least these.
        let short = self.open.is_none() && !by_position && self.outputs.len() > outputs.len();
        Relation::new(outputs, short.then_some(open))
    }

    /// What `*` over this gives, without the columns `merged` by `USING`.
    pub(crate) fn expanded(&self, merged: &[Name], options: &StarOptions) -> Vec<Output> {
        let mut expanded = Vec::new();
        for output in self.outputs.iter().take(MOST_COLUMNS) {
            match output {
                Output::Column(column) => {
                    let left_out =
                        merged.contains(&column.name) || options.except.contains(&column.name);
                    if !left_out {
                        expanded.push(Output::Column(changed(column, options)));
                    }
                }
                Output::Star(star) => expanded.push(Output::Star(narrowed(star, merged, options))),
            }
        }
        expanded
    }

    /// Whether there are more columns than are listed.
    pub(crate) fn is_too_long(&self) -> bool {
        self.outputs.len() > MOST_COLUMNS
    }
}

/// What a mention of the column leads to.
pub(crate) fn target(column: &OutputColumn) -> ReadTarget {
    match &column.origin {
        Origin::Unchanged(source) => ReadTarget::Input(source.clone()),
        Origin::Computed | Origin::Unknown => ReadTarget::Local(column.item),
    }
}

/// The one place or the several places a column may come from; `None` for none.
pub(crate) fn column_source(sources: Vec<(u32, Name)>) -> Option<ColumnSource> {
    let column = sources.first()?.1.clone();
    let mut inputs: Vec<u32> = Vec::new();
    for (input, name) in sources {
        // Where the candidates call it differently, no single answer is right for all.
        if name != column {
            return None;
        }
        if !inputs.contains(&input) {
            inputs.push(input);
        }
    }
    Some(ColumnSource { inputs, column })
}

fn in_star(star: &Star, name: &Name) -> Option<(u32, Name)> {
    if let Some((from, _)) = star.rename.iter().find(|(_, to)| to == name) {
        return Some((star.input, from.clone()));
    }
    let gone = star.except.contains(name) || star.rename.iter().any(|(from, _)| from == name);
    (!gone).then(|| (star.input, name.clone()))
}

fn changed(column: &OutputColumn, options: &StarOptions) -> OutputColumn {
    if let Some(new) = options.replace.iter().find(|new| new.name == column.name) {
        return new.clone();
    }
    let renamed = options.rename.iter().find(|(from, _)| *from == column.name);
    match renamed {
        Some((_, new)) => OutputColumn {
            name: new.name.clone(),
            name_spot: new.name_spot,
            item: new.item,
            ..column.clone()
        },
        None => column.clone(),
    }
}

fn narrowed(star: &Star, merged: &[Name], options: &StarOptions) -> Star {
    let mut star = star.clone();
    for name in merged.iter().chain(&options.except) {
        star.replace.retain(|column| column.name != *name);
        let renamed = star.rename.iter().position(|(_, to)| to == name);
        let original = match renamed {
            Some(position) => star.rename.remove(position).0,
            None => name.clone(),
        };
        if !star.except.contains(&original) {
            star.except.push(original);
        }
    }
    for (from, new) in &options.rename {
        match star.rename.iter_mut().find(|(_, to)| to == from) {
            Some((_, to)) => *to = new.name.clone(),
            None => star.rename.push((from.clone(), new.name.clone())),
        }
    }
    star.replace.extend(options.replace.iter().cloned());
    star
}
