//! Edits that change what a model means: each gives other rows on some tables, unless a key or a
//! constraint that nobody declared forbids them.

mod rows;
mod tables;
mod values;

use super::expression;
use super::model::Model;
use super::random::Random;
use super::rules::Project;
use super::scope::Site;
use super::tree::{self, Block, is_wildcard, key, output_expression, output_name};
use super::{Change, EACH, Files, query_changed, site};
use sql::Dialect;
use sqlparser::ast::{Expr, GroupByExpr, Query, SelectItem};

/// An edit that changes meaning.
#[derive(Clone, Debug, PartialEq)]
pub struct Mutation {
    /// The edit.
    pub change: Change,
    /// Where a comparison should find it.
    pub place: Place,
    /// Whether the model's text leaves no doubt that the edit can be seen in its result. Without
    /// it, the edit may be an equivalent one after all.
    pub certain: bool,
}

impl Mutation {
    /// Why it may be without effect, where it is not certain.
    #[allow(dead_code, reason = "only the tests of `checks` ask")]
    pub fn doubt(&self) -> &'static str {
        match self.change.kind {
            "COALESCE swapped" => "a full join on the two leaves no row in which they differ",
            "INNER and LEFT exchanged" => "a condition may drop the rows that a LEFT JOIN pads",
            "DISTINCT dropped or added" | "UNION ALL made UNION" => {
                "groups or keys may tell the rows apart already"
            }
            "filter dropped" | "filter added" => "another condition may drop these rows too",
            "GROUP BY key dropped" => "another key may determine it",
            _ => "the value may not reach the result, or a condition may rule the case out",
        }
    }
}

/// What an edit changes of a model.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The values of the column of this name, in lower case.
    Column(String),
    /// Which rows there are.
    Rows,
    /// Either of them, or both.
    Somewhere,
}

/// An edit of a block: what it becomes, what was done, whether that surely shows.
pub(crate) type Mutant<T> = (T, String, bool);

/// How a mutation is found.
enum Rule {
    /// In one expression, at one place.
    Expression(fn(&Expr, Dialect) -> Vec<Mutant<Expr>>),
    /// In one `SELECT`, so that other rows come out.
    Block(fn(&Block, &Site, &rows::Around) -> Vec<Mutant<Block>>),
    /// In a whole model, so that other rows come out.
    Query(fn(&Query, &Model) -> Vec<Mutant<Query>>),
}

/// Every mutation with its kind.
const RULES: &[(&str, Rule)] = &[
    ("comparison changed", Rule::Expression(values::comparison)),
    ("arithmetic changed", Rule::Expression(values::arithmetic)),
    ("literal changed", Rule::Expression(values::literal)),
    (
        "SUM and MAX exchanged",
        Rule::Expression(values::sum_and_max),
    ),
    (
        "COUNT made DISTINCT",
        Rule::Expression(values::count_distinct),
    ),
    ("cast made lossy", Rule::Expression(values::lossy_cast)),
    ("CASE value changed", Rule::Expression(values::case_value)),
    ("CASE branch dropped", Rule::Expression(values::case_branch)),
    (
        "COALESCE swapped",
        Rule::Expression(values::coalesce_swapped),
    ),
    (
        "COALESCE default changed",
        Rule::Expression(values::coalesce_default),
    ),
    (
        "window order turned",
        Rule::Expression(values::window_order),
    ),
    ("filter dropped", Rule::Block(rows::filter_dropped)),
    ("filter added", Rule::Block(rows::filter_added)),
    (
        "INNER and LEFT exchanged",
        Rule::Block(rows::inner_and_left),
    ),
    ("join key changed", Rule::Block(rows::join_key)),
    ("DISTINCT dropped or added", Rule::Block(rows::distinct)),
    ("GROUP BY key dropped", Rule::Block(rows::group_key)),
    ("UNION ALL made UNION", Rule::Query(tables::union)),
    ("table swapped", Rule::Query(tables::table_swapped)),
];

/// Every kind of mutation.
pub fn mutation_kinds() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|(kind, _)| *kind)
}

/// Mutations of the models in `files`, at most a few of each kind for a model.
pub fn mutations(files: &Files, dialect: Dialect, seed: u64) -> Vec<Mutation> {
    let project = Project::new(files, dialect);
    let mut all = Vec::new();
    for (index, model) in project.models.iter().enumerate() {
        let Some(query) = &model.query else { continue };
        let around = rows::Around::new(query, &project, index);
        for (kind, rule) in RULES {
            let mut found = match rule {
                Rule::Expression(rule) => in_expressions(model, query, *rule),
                Rule::Block(rule) => in_blocks(model, query, &around, *rule),
                Rule::Query(rule) => rule(query, model)
                    .into_iter()
                    .map(|mutant| (mutant, Place::Somewhere))
                    .collect(),
            };
            Random::new(seed, &format!("{kind} {}", model.path.display())).shuffle(&mut found);
            let mut made: Vec<Mutation> = Vec::new();
            for ((after, description, certain), place) in found {
                let Some(change) = query_changed(model, &after, description) else {
                    continue;
                };
                let change = Change { kind, ..change };
                if made.iter().all(|known| known.change != change) {
                    made.push(Mutation {
                        change,
                        place,
                        certain,
                    });
                }
                if made.len() == EACH {
                    break;
                }
            }
            all.extend(made);
        }
    }
    all
}

fn in_blocks(
    model: &Model,
    query: &Query,
    around: &rows::Around,
    rule: fn(&Block, &Site, &rows::Around) -> Vec<Mutant<Block>>,
) -> Vec<(Mutant<Query>, Place)> {
    let mut all = Vec::new();
    for place in tree::places(query) {
        for (block, description, certain) in rule(&place.block, &site(model, &place), around) {
            let shows = if place.query == 0 {
                Place::Rows
            } else {
                Place::Somewhere
            };
            // In a subquery of a condition, duplicates and NULLs may make no difference.
            let certain = certain && !place.in_expression && !place.limited;
            all.push((
                (tree::with_block(query, &place, block), description, certain),
                shows,
            ));
        }
    }
    all
}

/// Where in a block an expression stands.
enum Slot {
    Output(usize),
    Where,
    On(usize, usize),
    Having,
    Qualify,
}

fn slots(block: &Block) -> Vec<Slot> {
    let select = &block.select;
    let mut all: Vec<Slot> = (0..select.projection.len()).map(Slot::Output).collect();
    all.push(Slot::Where);
    for (from, tables) in select.from.iter().enumerate() {
        all.extend((0..tables.joins.len()).map(|join| Slot::On(from, join)));
    }
    all.extend([Slot::Having, Slot::Qualify]);
    all
}

fn slot_mut<'a>(block: &'a mut Block, slot: &Slot) -> Option<&'a mut Expr> {
    let select = &mut block.select;
    match slot {
        Slot::Output(index) => match &mut select.projection[*index] {
            SelectItem::ExprWithAlias { expr, .. } | SelectItem::UnnamedExpr(expr) => Some(expr),
            _ => None,
        },
        Slot::Where => select.selection.as_mut(),
        Slot::Having => select.having.as_mut(),
        Slot::Qualify => select.qualify.as_mut(),
        Slot::On(from, join) => {
            match super::scope::constraint_mut(&mut select.from[*from].joins[*join])? {
                sqlparser::ast::JoinConstraint::On(on) => Some(on),
                _ => None,
            }
        }
    }
}

fn in_expressions(
    model: &Model,
    query: &Query,
    rule: fn(&Expr, Dialect) -> Vec<Mutant<Expr>>,
) -> Vec<(Mutant<Query>, Place)> {
    let mut all = Vec::new();
    let names = first_names(query);
    for place in tree::places(query) {
        for slot in slots(&place.block) {
            let mut block = place.block.clone();
            let Some(whole) = slot_mut(&mut block, &slot) else {
                continue;
            };
            let whole = whole.clone();
            for (old, new, description, certain) in mutants(&whole, model.dialect, rule) {
                let mut changed = whole.clone();
                tree::replace_all(&mut changed, &old, &new);
                let mut block = place.block.clone();
                *slot_mut(&mut block, &slot).unwrap() = changed.clone();
                let is_key = rekey(&mut block, &whole, &changed);
                let shows = match slot {
                    _ if place.query != 0 => Place::Somewhere,
                    Slot::Output(_) if is_key || block.select.distinct.is_some() => {
                        Place::Somewhere
                    }
                    Slot::Output(index) => names
                        .get(index)
                        .cloned()
                        .flatten()
                        .map_or(Place::Somewhere, Place::Column),
                    _ => Place::Rows,
                };
                let alive = match slot {
                    Slot::Output(index) => {
                        place.query == 0 || is_read(model, &place.block.select.projection[index])
                    }
                    _ => true,
                };
                let certain = certain && alive && !place.in_expression;
                all.push((
                    (tree::with_block(query, &place, block), description, certain),
                    shows,
                ));
            }
        }
    }
    all
}

/// The names of the model's outputs, as its first branch gives them; none if a `*` hides some.
fn first_names(query: &Query) -> Vec<Option<String>> {
    let first = tree::places(query)
        .into_iter()
        .find(|place| place.query == 0);
    let items = first
        .map(|first| first.block.select.projection)
        .unwrap_or_default();
    if items.iter().any(is_wildcard) {
        return vec![None; items.len()];
    }
    items
        .iter()
        .map(|item| output_name(item).map(|name| key(&name)))
        .collect()
}

/// Whether a CTE's output is mentioned again, or may be by a `*`.
fn is_read(model: &Model, item: &SelectItem) -> bool {
    let Some(name) = output_name(item) else {
        return false;
    };
    let is_name = |piece: &&super::model::Piece| piece.text.eq_ignore_ascii_case(&name.value);
    model.tokens.iter().filter(is_name).count() > 1
}

/// Every edit that a rule makes inside an expression.
fn mutants(
    whole: &Expr,
    dialect: Dialect,
    rule: fn(&Expr, Dialect) -> Vec<Mutant<Expr>>,
) -> Vec<(Expr, Expr, String, bool)> {
    let mut own = Vec::new();
    tree::edit_own(&mut whole.clone(), &mut |inner| own.push(inner.clone()));
    let mut all = Vec::new();
    for old in own {
        for (new, description, certain) in rule(&old, dialect) {
            all.push((old.clone(), new, description, certain));
        }
    }
    all
}

/// Where an output's expression is a key of GROUP BY, the key is changed too.
fn rekey(block: &mut Block, old: &Expr, new: &Expr) -> bool {
    let position = block
        .select
        .projection
        .iter()
        .position(|item| output_expression(item) == Some(new))
        .map(|index| expression::number(&(index + 1).to_string()));
    let GroupByExpr::Expressions(keys, _) = &mut block.select.group_by else {
        return true;
    };
    let mut found = false;
    for group_key in keys {
        if group_key == old {
            *group_key = new.clone();
            found = true;
        }
        found |= Some(&*group_key) == position.as_ref();
    }
    found
}
