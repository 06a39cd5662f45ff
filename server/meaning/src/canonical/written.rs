//! A query as SQL that means the same: its one form, a clause, a column and a step each by itself.
//!
//! What a lock holds is written here. Every relation that is read and mentions nothing around it is a
//! *step* with a name; the rest stands where it is used. Inputs are called by what they read, and what
//! has no order is in that of its text, so that the same meaning is, as a rule, the same text. It is
//! for whoever reads it back to see that it still means the same.

mod expression;
mod from;
mod name;
mod shape;
mod text;

pub use shape::{Step, Written, WrittenColumn, WrittenRows};

use super::arena::Arena;
use super::inputs::Scope;
use super::simplify::conjuncts;
use super::term::Label;
use super::words::set_operator;
use super::{lift_casts, normal};
use expression::has_aggregate;
use name::{identifier, step_name};
use sql::Dialect;
use sql::facts::TableRef;
use sql::relation::{
    Body, DataType, Distinct, Expression, InputId, Query, Relation, RelationId, Select, SetOperator,
};
use std::collections::{BTreeMap, BTreeSet};

/// Why something can't be written: it is not known, or too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unsaid;

/// What a query's text may come to, in bytes.
const MOST_TEXT: usize = 400_000;

/// How deep relations are followed.
const DEPTH: usize = 60;

/// How an input is called, and its columns, where it has them by position.
#[derive(Clone)]
struct Named {
    alias: String,
    columns: Option<Vec<String>>,
}

/// What names stand for at a place.
#[derive(Clone, Default)]
struct Names {
    inputs: BTreeMap<InputId, Named>,
    taken: BTreeSet<String>,
    depth: usize,
}

struct Writer {
    arena: Arena,
    dialect: Dialect,
    steps: Vec<Step>,
    /// The tables that are read: no step may be called like one.
    tables: BTreeSet<String>,
    /// Recursive relations around, and what they are called.
    around: Vec<(RelationId, String, Vec<String>)>,
    written: usize,
}

/// `query` as SQL of `dialect`. A column whose value can't be written has none; where a clause can't,
/// [`Written::is_whole`] is false.
pub fn written(query: &Query, dialect: Dialect) -> Written {
    let (mut arena, root) = normal(query, true);
    let mut types: Vec<Option<DataType>> = query.root().columns.iter().map(|_| None).collect();
    lift_casts(&mut arena, root, &mut types);
    let mut writer = Writer {
        arena,
        dialect,
        steps: Vec::new(),
        tables: query.tables().into_iter().map(table_word).collect(),
        around: Vec::new(),
        written: 0,
    };
    let mut whole = Written {
        steps: Vec::new(),
        rows: WrittenRows::default(),
        columns: Vec::new(),
        is_whole: true,
    };
    let listed: Vec<(usize, String)> = {
        let mut seen = BTreeSet::new();
        let columns = query.root().columns.iter().enumerate();
        let named = columns.filter(|(_, column)| !column.implicit);
        let named = named.filter_map(|(at, column)| Some((at, column.name.as_ref()?)));
        let fresh = named.filter(|(_, name)| seen.insert((*name).clone()));
        fresh
            .map(|(at, name)| (at, name.as_str().to_ascii_lowercase()))
            .collect()
    };
    let values = match writer.root(root, &mut whole) {
        Ok(values) => values,
        Err(Unsaid) => {
            whole.is_whole = false;
            Vec::new()
        }
    };
    for (at, name) in listed {
        let value = values.get(at).cloned().flatten();
        let data_type = types.get(at).cloned().flatten();
        whole.columns.push(WrittenColumn {
            name,
            value,
            data_type: data_type.and_then(|of| name::data_type(&of, dialect).ok()),
        });
    }
    whole.steps = std::mem::take(&mut writer.steps);
    whole
}

fn table_word(table: &TableRef) -> String {
    let text = table.to_string();
    text.rsplit('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
}

impl Writer {
    /// The root: a select is the table's own, all else is a step that it reads.
    fn root(
        &mut self,
        root: RelationId,
        whole: &mut Written,
    ) -> Result<Vec<Option<String>>, Unsaid> {
        let relation = self.relation(root)?;
        let names = Names::default();
        let Body::Select(select) = &relation.body else {
            let (step, columns) = self.step(root, &names)?;
            let step = identifier(&step, self.dialect);
            let values = columns.iter().map(|column| {
                let column = identifier(column, self.dialect);
                Some(format!("{step}.{column}"))
            });
            let values = values.collect();
            whole.rows.from = Some(step);
            return Ok(values);
        };
        let (rows, inside) = self.select(root, &relation, select, &names, &mut whole.is_whole)?;
        whole.rows = rows;
        let projection = select.projection.iter();
        Ok(projection
            .map(|value| self.expression(value, &inside).ok())
            .collect())
    }

    fn relation(&self, id: RelationId) -> Result<Relation, Unsaid> {
        self.arena.get(id).cloned().ok_or(Unsaid)
    }

    /// A relation that mentions nothing around it, as a step: its name and those of its columns.
    fn step(&mut self, id: RelationId, around: &Names) -> Result<(String, Vec<String>), Unsaid> {
        if around.depth > DEPTH {
            return Err(Unsaid);
        }
        let names = Names {
            depth: around.depth + 1,
            ..Names::default()
        };
        let relation = self.relation(id)?;
        let columns = column_names(&relation);
        let mut rows = WrittenRows::default();
        let mut values: Vec<String> = Vec::new();
        match &relation.body {
            Body::Select(select) => {
                let mut is_whole = true;
                let inside;
                (rows, inside) = self.select(id, &relation, select, &names, &mut is_whole)?;
                if !is_whole {
                    return Err(Unsaid);
                }
                for value in &select.projection {
                    values.push(self.expression(value, &inside)?);
                }
            }
            Body::Set(operation) => {
                for branch in self.branches(id, operation)? {
                    rows.branches.push(self.step(branch, &names)?.0);
                }
                rows.set = Some(set_operator(operation.operator, operation.all).to_owned());
                self.limited(&relation, &names, &mut rows)?;
            }
            Body::Values(all) => {
                for row in all {
                    let row = row.iter().map(|value| self.expression(value, &names));
                    let row: Vec<String> = row.collect::<Result<_, _>>()?;
                    rows.values.push(format!("({})", row.join(", ")));
                }
                self.limited(&relation, &names, &mut rows)?;
            }
            Body::Recursive {
                seed,
                step,
                distinct,
            } => {
                let name = self.fresh_name();
                self.around.push((id, name.clone(), columns.clone()));
                for branch in [*seed, *step] {
                    let text = self.whole_text(branch, &names, Some(&columns));
                    rows.branches.push(text?);
                }
                self.around.pop();
                rows.set = Some(set_operator(SetOperator::Union, !distinct).to_owned());
                rows.recursive = true;
                let columns_of = columns.iter().map(|name| (name.clone(), String::new()));
                self.steps.push(Step {
                    name: name.clone(),
                    rows,
                    columns: columns_of.collect(),
                });
                return Ok((name, columns));
            }
            Body::Unknown { .. } => return Err(Unsaid),
        }
        let mut values = values.into_iter();
        let pairs: Vec<(String, String)> = columns
            .iter()
            .map(|name| (name.clone(), values.next().unwrap_or_default()))
            .collect();
        let known = self
            .steps
            .iter()
            .find(|step| step.rows == rows && step.columns == pairs);
        if let Some(known) = known {
            return Ok((known.name.clone(), columns));
        }
        let name = self.fresh_name();
        self.steps.push(Step {
            name: name.clone(),
            rows,
            columns: pairs,
        });
        Ok((name, columns))
    }

    fn fresh_name(&mut self) -> String {
        let taken = self.steps.iter().map(|step| step.name.as_str());
        let taken: Vec<&str> = taken
            .chain(self.around.iter().map(|(_, name, _)| name.as_str()))
            .collect();
        step_name(&taken, &self.tables)
    }

    /// The branches of a set operation. Those of a chain of one operator are side by side.
    fn branches(
        &mut self,
        id: RelationId,
        operation: &sql::relation::SetOperation,
    ) -> Result<Vec<RelationId>, Unsaid> {
        let mut all = Vec::new();
        let mut waiting = vec![operation.right, operation.left];
        let chains = operation.operator != SetOperator::Except;
        while let Some(next) = waiting.pop() {
            if all.len() > 2_000 || next == id {
                return Err(Unsaid);
            }
            match self.arena.get(next) {
                Some(Relation {
                    body: Body::Set(inner),
                    limit: None,
                    ..
                }) if chains
                    && inner.operator == operation.operator
                    && inner.all == operation.all =>
                {
                    waiting.push(inner.right);
                    waiting.push(inner.left);
                }
                Some(_) => all.push(next),
                None => return Err(Unsaid),
            }
        }
        Ok(all)
    }

    /// The clauses of a select, and the names that hold in it.
    fn select(
        &mut self,
        id: RelationId,
        relation: &Relation,
        select: &Select,
        around: &Names,
        is_whole: &mut bool,
    ) -> Result<(WrittenRows, Names), Unsaid> {
        let scope = Scope::default().inside(id);
        let (scope, tree) = scope.of_select(&mut self.arena, select);
        let labels: Vec<(Label, InputId)> = tree
            .inputs()
            .into_iter()
            .map(|input| (scope.label(input), input))
            .collect();
        let mut rows = WrittenRows::default();
        let names = self.from(tree, labels, around, &mut rows, is_whole)?;
        if let Some(grouping) = &select.grouping {
            self.group(select, grouping, &names, &mut rows)?;
        }
        for conjunct in select.having.clone().map(conjuncts).unwrap_or_default() {
            let text = self.expression(&conjunct, &names);
            keep(text, &mut rows.having, is_whole)?;
        }
        for conjunct in select.qualify.clone().map(conjuncts).unwrap_or_default() {
            let text = self.expression(&conjunct, &names);
            keep(text, &mut rows.qualify, is_whole)?;
        }
        rows.having.sort();
        rows.qualify.sort();
        match &select.distinct {
            Distinct::Keep => {}
            Distinct::All => rows.distinct = Some("DISTINCT".to_owned()),
            Distinct::On(keys) => {
                let mut keys: Vec<String> = keys
                    .iter()
                    .map(|key| self.expression(key, &names))
                    .collect::<Result<_, _>>()?;
                keys.sort();
                rows.distinct = Some(format!("DISTINCT ON ({})", keys.join(", ")));
                rows.order = self.order(&relation.order, &names)?;
            }
        }
        self.limited(relation, &names, &mut rows)?;
        Ok((rows, names))
    }

    fn limited(
        &mut self,
        relation: &Relation,
        names: &Names,
        rows: &mut WrittenRows,
    ) -> Result<(), Unsaid> {
        let Some(limit) = &relation.limit else {
            return Ok(());
        };
        if limit.unknown {
            return Err(Unsaid);
        }
        rows.order = self.order(&relation.order, names)?;
        for (part, to) in [
            (&limit.count, &mut rows.limit),
            (&limit.offset, &mut rows.offset),
        ] {
            if let Some(part) = part {
                *to = Some(self.expression(part, names)?);
            }
        }
        Ok(())
    }

    fn group(
        &mut self,
        select: &Select,
        grouping: &sql::relation::Grouping,
        names: &Names,
        rows: &mut WrittenRows,
    ) -> Result<(), Unsaid> {
        let mut keys = Vec::new();
        for key in &grouping.keys {
            keys.push(match key {
                // A number by itself would be a position.
                Expression::Literal(_) => return Err(Unsaid),
                key => self.expression(key, names)?,
            });
        }
        match grouping.sets.as_slice() {
            [set] if set.is_empty() => {
                let of_group = select.projection.iter().chain(&select.having);
                if !of_group.into_iter().any(has_aggregate) {
                    rows.group.push("()".to_owned());
                }
            }
            [set] if set.len() == keys.len() => {
                keys.sort();
                rows.group = keys;
            }
            sets => {
                let sets = sets.iter().map(|set| {
                    let of = set.iter().filter_map(|at| keys.get(*at as usize).cloned());
                    let mut of: Vec<String> = of.collect();
                    of.sort();
                    format!("({})", of.join(", "))
                });
                let mut sets: Vec<String> = sets.collect();
                sets.sort();
                rows.group
                    .push(format!("GROUPING SETS ({})", sets.join(", ")));
            }
        }
        Ok(())
    }

    /// A query as one text, as it stands in an expression or a lateral join. `called` are the names
    /// that its columns get, if they need any.
    fn whole_text(
        &mut self,
        id: RelationId,
        around: &Names,
        called: Option<&[String]>,
    ) -> Result<String, Unsaid> {
        if around.depth > DEPTH {
            return Err(Unsaid);
        }
        let names = Names {
            depth: around.depth + 1,
            ..around.clone()
        };
        let relation = self.relation(id)?;
        let Body::Select(select) = &relation.body else {
            if self.is_correlated(id, around) {
                return Err(Unsaid);
            }
            let (step, columns) = self.step(id, &names)?;
            let step = identifier(&step, self.dialect);
            let listed = columns.iter().enumerate().map(|(at, column)| {
                let column = identifier(column, self.dialect);
                let called = called.and_then(|called| called.get(at));
                match called {
                    Some(called) => {
                        let called = identifier(called, self.dialect);
                        format!("{step}.{column} AS {called}")
                    }
                    None => format!("{step}.{column}"),
                }
            });
            let listed: Vec<String> = listed.collect();
            return Ok(format!("SELECT {} FROM {step}", listed.join(", ")));
        };
        let mut is_whole = true;
        let (rows, inside) = self.select(id, &relation, select, &names, &mut is_whole)?;
        if !is_whole {
            return Err(Unsaid);
        }
        let mut columns = Vec::new();
        for (at, value) in select.projection.iter().enumerate() {
            let value = self.expression(value, &inside)?;
            let name = called.and_then(|called| called.get(at));
            columns.push((name.cloned().unwrap_or_default(), value));
        }
        Ok(rows.select(&columns, self.dialect))
    }

    /// Whether a relation mentions inputs around it.
    fn is_correlated(&self, id: RelationId, around: &Names) -> bool {
        let mut found = false;
        self.arena.for_each_mention_in(id, &mut |mention| {
            if let Expression::Column { input, .. } | Expression::Output { input, .. } = mention {
                found |= around.inputs.contains_key(input);
            }
        });
        found
    }

    /// Counts what is written, so that it ends.
    fn spend(&mut self, text: &str) -> Result<(), Unsaid> {
        self.written += text.len();
        match self.written > MOST_TEXT {
            true => Err(Unsaid),
            false => Ok(()),
        }
    }
}

/// Adds a line; what can't be written leaves the whole incomplete.
fn keep(
    text: Result<String, Unsaid>,
    lines: &mut Vec<String>,
    is_whole: &mut bool,
) -> Result<(), Unsaid> {
    match text {
        Ok(text) => lines.push(text),
        Err(Unsaid) => *is_whole = false,
    }
    Ok(())
}

/// Names for the columns of a relation, each once.
fn column_names(relation: &Relation) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut names = Vec::new();
    for (at, column) in relation.columns.iter().enumerate() {
        let name = column.name.as_ref();
        let name = name.map(|name| name.as_str().to_ascii_lowercase());
        let base = name.unwrap_or_else(|| format!("column_{}", at + 1));
        let mut name = base.clone();
        let mut number = 2;
        while !taken.insert(name.clone()) {
            name = format!("{base}_{number}");
            number += 1;
        }
        names.push(name);
    }
    names
}
