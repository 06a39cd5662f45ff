//! What the columns at a place may be columns of.

use crate::facts::TableRef;
use crate::outline::{Part, PartKind};
use syntax::{Name, TextRange, TextSize};

/// What is read around a place, the innermost query first.
pub type Inputs = Vec<Input>;

/// Something that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// What it is called here: its alias, or the last part of its name.
    pub name: Option<Name>,
    /// What it gives.
    pub given: Given,
    /// How many queries further out it is read: 0 for those of the same query.
    pub level: usize,
}

/// What an input gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// The columns of a table of the workspace.
    Table(TableRef),
    /// A column of this name.
    Column(Name),
    /// What all of these give.
    All(Vec<Given>),
}

/// Common table expressions and subqueries that read each other are followed so far.
const MOST_NESTING: usize = 24;

/// How much is followed in all: a text that doubles at each step ends somewhere.
const MOST_STEPS: usize = 4_000;

/// The common table expressions that may be mentioned at a place, the nearest first.
pub(super) fn ctes(text: &str, around: &[&Part], offset: TextSize) -> Vec<Name> {
    let mut names = Vec::new();
    for cte in visible(around, offset) {
        let name = cte.name.and_then(|name| name_in(text, name));
        names.extend(name.filter(|name| !names.contains(name)));
    }
    names
}

/// What is read around a place.
pub(super) fn inputs(text: &str, around: &[&Part], offset: TextSize) -> Inputs {
    let ctes = visible(around, offset);
    let mut resolving = Resolving {
        text,
        ctes,
        steps: 0,
    };
    let mut found = Vec::new();
    let mut level = 0;
    for (at, part) in around.iter().enumerate().rev() {
        match part.kind {
            PartKind::Select => {
                let inputs = resolving.of_select(part);
                found.extend(
                    inputs
                        .into_iter()
                        .map(|(name, given)| Input { name, given, level }),
                );
                level += 1;
            }
            // What is outside of these can't be seen from inside.
            PartKind::Cte | PartKind::Derived if at + 1 < around.len() => break,
            _ => {}
        }
    }
    found
}

/// The common table expressions around a place that are complete before it, the nearest first.
fn visible<'o>(around: &[&'o Part], offset: TextSize) -> Vec<&'o Part> {
    let queries = around.iter().rev();
    let queries = queries.filter(|part| part.kind == PartKind::Query);
    let ctes = queries.flat_map(|query| {
        let ctes = query.parts.iter().rev();
        ctes.filter(|part| part.kind == PartKind::Cte && part.range.end() <= offset)
    });
    ctes.collect()
}

struct Resolving<'t, 'o> {
    text: &'t str,
    ctes: Vec<&'o Part>,
    steps: usize,
}

impl<'o> Resolving<'_, 'o> {
    /// What a select reads, by name.
    fn of_select(&mut self, select: &'o Part) -> Vec<(Option<Name>, Given)> {
        let froms = select.parts.iter();
        let froms = froms.filter(|part| part.kind == PartKind::From);
        let factors: Vec<&Part> = froms.flat_map(|from| &from.parts).collect();
        let mut found = Vec::new();
        for factor in factors {
            let alias = factor.name.and_then(|name| name_in(self.text, name));
            match &factor.kind {
                PartKind::Table(table) => {
                    let name = alias.or_else(|| table.last_name().cloned());
                    found.push((name, self.of_table(table, 0)));
                }
                PartKind::Derived => found.push((alias, self.of_queries(&factor.parts, 0))),
                _ => {}
            }
        }
        found
    }

    /// What a table gives that may be a common table expression.
    fn of_table(&mut self, table: &TableRef, depth: usize) -> Given {
        if let TableRef::Named(name) = table
            && let [only] = name.parts.as_slice()
        {
            let mut ctes = self.ctes.iter();
            let text = self.text;
            let is_it = |cte: &&&'o Part| {
                let name = cte.name.and_then(|name| name_in(text, name));
                name.as_ref() == Some(only)
            };
            if let Some(cte) = ctes.find(is_it).copied() {
                return self.of_queries(&cte.parts, depth + 1);
            }
        }
        Given::Table(table.clone())
    }

    fn of_queries(&mut self, parts: &'o [Part], depth: usize) -> Given {
        let mut found = Vec::new();
        self.steps += 1;
        if depth > MOST_NESTING || self.steps > MOST_STEPS {
            return Given::All(found);
        }
        for part in parts {
            match part.kind {
                PartKind::Query => found.push(self.of_queries(&part.parts, depth + 1)),
                PartKind::Select => {
                    self.outputs(part, depth, &mut found);
                    // A set operation has its names from its first branch.
                    break;
                }
                _ => {}
            }
        }
        Given::All(found)
    }

    fn outputs(&mut self, select: &'o Part, depth: usize, found: &mut Vec<Given>) {
        let projections = select.parts.iter();
        let mut projections = projections.filter(|part| part.kind == PartKind::Projection);
        let Some(projection) = projections.next() else {
            return found.extend(self.star(select, None, depth));
        };
        for item in &projection.parts {
            if let Some(name) = item.name.and_then(|name| name_in(self.text, name)) {
                found.push(Given::Column(name));
                continue;
            }
            let written = slice(self.text, item.range).trim();
            // `*`, and what leaves out or renames some of its columns.
            let star = written.split_once('*').map(|(before, _)| before);
            match star {
                Some("") => found.extend(self.star(select, None, depth)),
                Some(before) if before.ends_with('.') => {
                    let of = before.trim_end_matches('.');
                    let of = Name::new(of.rsplit('.').next().unwrap_or(of));
                    found.extend(self.star(select, Some(&of), depth));
                }
                _ => {}
            }
        }
    }

    /// What the inputs of a select give, or one of them.
    fn star(&mut self, select: &'o Part, of: Option<&Name>, depth: usize) -> Vec<Given> {
        let froms = select.parts.iter();
        let froms = froms.filter(|part| part.kind == PartKind::From);
        let factors: Vec<&Part> = froms.flat_map(|from| &from.parts).collect();
        let mut found = Vec::new();
        for factor in factors {
            let alias = factor.name.and_then(|name| name_in(self.text, name));
            let (name, given) = match &factor.kind {
                PartKind::Table(table) => (
                    alias.or_else(|| table.last_name().cloned()),
                    self.of_table(table, depth + 1),
                ),
                PartKind::Derived => (alias, self.of_queries(&factor.parts, depth + 1)),
                _ => continue,
            };
            if of.is_none() || name.as_ref() == of {
                found.push(given);
            }
        }
        found
    }
}

fn name_in(text: &str, range: TextRange) -> Option<Name> {
    let quotes: &[char] = &['"', '`', '[', ']'];
    let name = slice(text, range).trim_matches(quotes);
    (!name.is_empty()).then(|| Name::new(name))
}

fn slice(text: &str, range: TextRange) -> &str {
    text.get(range.start().into()..range.end().into())
        .unwrap_or_default()
}
